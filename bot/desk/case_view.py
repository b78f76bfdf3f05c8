"""A case as one counsellor may see it now.

Waiting: the summary the person approved. Taken by her: also the number (behind a button), notes and
what is written from now on. Taken by a colleague, or over: who has it, and no words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.channels.outbound import Danger, danger_to
from bot.desk.first_view import fold
from bot.desk.speech import say
from bot.desk.summary_view import (
    Group,
    contact_rules,
    groups,
    needs_tongue,
    spoken,
    unsaid,
)
from bot.desk.wording import why
from bot.handoff import changes, misuse, queue
from bot.handoff.call_plan import NOT_REACHED, Plan, plan_of
from bot.handoff.calls import Refusal, refusal
from bot.handoff.cases import Note
from bot.handoff.draft import HandoffDraft
from bot.handoff.queue import Case, QueueRow
from bot.store import (
    alarms,
    calls,
    case_events,
    conversations,
    counsellors,
    deliveries,
    messages,
)
from bot.store.alarms import AlarmRow
from bot.store.audit import Action, Entry, last_of
from bot.store.calls import CallRow
from bot.store.conversations import Conversation
from bot.store.database import Tx

Phase = Literal["waiting", "mine", "other", "ended"]
Word = Literal["strong", "weak"]


@dataclass(frozen=True)
class Line:
    """One message of the conversation, since the case was taken.

    `fate`: how an SMS fares (see wording.FATES), None on the web; `code` says why it was lost.
    """

    id: str
    author: str
    kind: str
    text: str
    at: datetime
    fate: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class CaseView:
    """What the page and its live parts are made from."""

    row: QueueRow
    phase: Phase
    names: dict[str, str]
    now: datetime
    contact: list[tuple[str, str]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    would_not_say: list[str] = field(default_factory=list)
    spoken: str | None = None
    has_number: bool = False
    erased: bool = False
    notes: tuple[Note, ...] = ()
    messages: list[Line] = field(default_factory=list)
    connected: bool = False
    danger: Danger | None = None
    doubt: str | None = None  # why it may be somebody else who writes
    word: Word | None = None  # whether there is a safe word; never which
    calls: tuple[CallRow, ...] = ()
    no_call: Refusal | None = None  # why the person may not be called now
    missed: str = ""  # "yes": what was not understood may be written down; "kept": it was
    more: list[Group] = field(default_factory=list)  # rows that fold behind "Vis mer"
    contact_changed: datetime | None = None  # the rules of contact are others than before
    since: tuple[AlarmRow, ...] = ()  # dangers found, or taken back, since the case was sent
    plan: Plan | None = None  # when to try to call next
    asked_there: datetime | None = None  # the person was asked whether they are still there
    held_back: misuse.Held | None = None  # limited or blocked for misuse
    voicemail: bool = False  # the person has said that a message may be left
    safe_known: bool = True  # on SMS: the person has said that it is safe to write
    override: Entry | None = None  # the shift lead stepped in, last of all who held it

    @property
    def age(self) -> float:
        """Seconds since the person said yes."""
        return (self.now - self.row.created_at).total_seconds()

    @property
    def quiet_for(self) -> float:
        """Seconds since anybody wrote, when the person is the one who would be next; else 0."""
        if not self.messages or self.messages[-1].author == "person":
            return 0.0
        heard = [line.at for line in self.messages if line.author == "person"]
        return (self.now - max([*heard, self.began])).total_seconds()

    @property
    def may_ask_there(self) -> bool:
        """Once in a silence, while the person is the one who would be next."""
        heard = [line.at for line in self.messages if line.author == "person"]
        asked = self.asked_there is not None and self.asked_there >= max([*heard, self.began])
        return self.quiet_for > 0 and self.connected and not asked

    @property
    def began(self) -> datetime:
        """When it was taken; else when the person said yes."""
        return self.row.taken_at or self.row.created_at

    @property
    def tried(self) -> int:
        """How often the person was rung without being reached."""
        return sum(row.outcome in NOT_REACHED for row in self.calls)

    @property
    def holder(self) -> str:
        """The name of the counsellor who has it."""
        return self.names.get(self.row.taken_by or "", say("en kollega"))


def case_view(tx: Tx, handoff_id: str, counsellor_id: str) -> CaseView | None:
    """The case for this counsellor; None when there is no such case."""
    case = queue.case(tx, handoff_id)
    if case is None:
        return None
    phase = phase_of(case, counsellor_id)
    view = CaseView(
        case.row, phase, counsellors.names(tx), tx.now, override=_override(tx, handoff_id)
    )
    if phase not in ("waiting", "mine"):
        return view
    return _with_words(tx, case, view)


def _override(tx: Tx, handoff_id: str) -> Entry | None:
    """How it came to where it is now, if the shift lead put it there."""
    steps: tuple[Action, ...] = (
        *("case_taken", "case_given_back", "case_closed"),
        *("case_taken_over", "case_put_back"),
    )
    last = last_of(tx, handoff_id, steps)
    return last if last and last.action in ("case_taken_over", "case_put_back") else None


def phase_of(case: Case, counsellor_id: str) -> Phase:
    """Where the case stands, seen from this counsellor."""
    if case.status == "waiting":
        return "waiting"
    if case.status == "taken":
        return "mine" if case.taken_by == counsellor_id else "other"
    return "ended"


def danger_of(conversation: Conversation | None) -> Danger | None:
    """Why it may not be safe to write; she can say that it is."""
    return None if conversation is None else danger_to(conversation)


def doubt_of(conversation: Conversation | None) -> str | None:
    """Why it may be somebody else who writes; "unproven" when a bare yes was all that came."""
    if conversation is None:
        return None
    state = conversation.state
    return state.doubt or ("unproven" if state.unproven else None)


def word_of(conversation: Conversation | None) -> Word | None:
    """Whether a safe word was chosen, and whether it proves anything."""
    if conversation is None or conversation.state.safe_word is None:
        return None
    return "strong" if conversation.state.safe_word_strong else "weak"


def _with_words(tx: Tx, case: Case, view: CaseView) -> CaseView:
    draft = case.draft or HandoffDraft("write_now", "soon", view.row.lang, view.row.channel)
    mine = view.phase == "mine"
    conversation = None
    if case.conversation_id is not None:
        conversation = conversations.get(tx, case.conversation_id)
    not_asked, would_not_say = unsaid(draft)
    changed = changes.of_case(tx, case.id)
    contact = contact_rules(draft)
    tongue = None if needs_tongue(draft) else spoken(draft)
    rows = groups(draft, changed)
    beside = [words for _kind, words in contact] + not_asked + would_not_say + [tongue or ""]
    beside += why(view.row)
    shown, more = fold(rows, beside)
    asked = case_events.of_handoff(tx, case.id, "asked_there")
    return CaseView(
        row=view.row,
        phase=view.phase,
        names=view.names,
        override=view.override,
        now=view.now,
        contact=contact,
        groups=shown,
        more=more,
        contact_changed=changed.get(changes.CONTACT),
        since=_since_sent(tx, case),
        not_asked=not_asked,
        would_not_say=would_not_say,
        spoken=tongue,
        has_number=draft.contact.number is not None,
        erased=case.draft is None,
        notes=case.notes if mine else (),
        messages=_since_taken(tx, conversation, view.row.taken_at) if mine else [],
        connected=conversation is not None,
        danger=danger_of(conversation),
        doubt=doubt_of(conversation),
        word=word_of(conversation),
        calls=tuple(calls.of_handoff(tx, case.id)),
        missed=conversation.state.missed_said if mine and conversation is not None else "",
        no_call=refusal(tx, case, case.taken_by or "", safe_now=False),
        plan=plan_of(tx, case),
        asked_there=asked[-1].at if asked else None,
        held_back=misuse.held(tx, conversation.id) if conversation is not None else None,
        voicemail=draft.contact.voicemail is True,
        safe_known=conversation is not None and conversation.state.safe == "yes",
    )


def _since_sent(tx: Tx, case: Case) -> tuple[AlarmRow, ...]:
    """What the person has told of danger since they said yes to this summary: new, or "not now"."""
    if case.conversation_id is None:
        return ()
    sent = case.row.created_at
    return tuple(
        row
        for row in alarms.of_conversation(tx, case.conversation_id)
        if row.at > sent or (row.not_now_at is not None and row.not_now_at > sent)
    )


def _since_taken(
    tx: Tx, conversation: Conversation | None, taken_at: datetime | None
) -> list[Line]:
    """Only what was written since: the earlier conversation is the person's own."""
    if conversation is None or taken_at is None:
        return []
    fates = deliveries.fates(tx, conversation.id)
    return [
        _line(stored, fates.get(stored.id))
        for stored in messages.since(tx, conversation.id, taken_at)
    ]


def _line(stored: messages.Stored, fate: deliveries.Delivery | None) -> Line:
    line = Line(stored.id, stored.author, stored.reply.kind, stored.reply.text, stored.at)
    return line if fate is None else replace(line, fate=fate.state, code=fate.error_code)

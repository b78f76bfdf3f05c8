"""The queue of handoffs: opening, taking, lapsing, giving back, closing.

All functions take the transaction first; what they do is done when it commits. A person is held by
the desk from the moment a counsellor takes the case until it is closed, given back or lapses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, get_args

from bot.day_service import wishes
from bot.handoff import changes
from bot.handoff.alarms import (
    AlarmRow,
    close_alarm,
    list_alarms,
    raise_alarm,
    raise_unreached,
    say_not_now,
    see_alarm,
    someone_waits,
)
from bot.handoff.cases import Case, Note, QueueRow, read_case, read_notes, write_notes
from bot.handoff.codes import hash_of, new_code
from bot.handoff.designations import designation_for
from bot.handoff.draft import THIS_NUMBER, URGENCIES, HandoffDraft
from bot.handoff.erase import ErasedHandoffs, expire_ended, has_open_callback, on_erase
from bot.store import Tx, conversations, handoffs
from bot.store.conversations import Conversation
from bot.store.duty import someone_seen_since

__all__ = [
    "OUTCOMES",
    "AlarmRow",
    "Case",
    "ErasedHandoffs",
    "Note",
    "Opened",
    "Outcome",
    "QueueRow",
    "by_code",
    "case",
    "close",
    "close_alarm",
    "expire_ended",
    "find_open",
    "give_back",
    "has_open_callback",
    "lapse",
    "list_alarms",
    "list_queue",
    "note",
    "on_erase",
    "open_handoff",
    "raise_alarm",
    "raise_unreached",
    "renew",
    "say_not_now",
    "see_alarm",
    "someone_on_duty",
    "someone_waits",
    "take",
]

LEASE = timedelta(seconds=120)
"""How long a taken case stays taken without a sign of life from the counsellor's page."""

ON_DUTY_WITHIN = timedelta(seconds=90)
"""A counsellor who is on duty counts while the desk page was heard from within this time."""

Outcome = Literal[
    "talked", "called", "appointment", "passed_on", "not_reached", "not_wanted", "other"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Opened:
    """A handoff that is stored. `code` is shown once and never stored in clear."""

    handoff_id: str
    designation: str
    code: str | None


def open_handoff(
    tx: Tx, conversation: Conversation, draft: HandoffDraft, give_code: bool
) -> Opened:
    """Put a case in the queue.

    A person has one open case: a case of the same conversation that still waits is replaced by
    this one and keeps its place in the line, so that two counsellors never take the same person.
    A short case sent in danger keeps what the person had approved before; a full summary is what
    it says and nothing else.
    """
    designation = designation_for(tx, conversation.id)
    changed = changes.of_waiting(tx, conversation.id)
    earlier = _withdraw_waiting(tx, conversation.id)
    since = earlier.row.created_at if earlier is not None else None
    if earlier is not None and earlier.draft is not None and draft.sent_in_danger:
        draft = draft.with_more_from(earlier.draft)
    code, code_hash = new_code(tx) if give_code else (None, None)
    draft = _with_number(tx, conversation, draft)
    handoff_id = handoffs.add(
        tx,
        draft.to_json(),
        conversation_id=conversation.id,
        designation=designation,
        channel=draft.channel,
        lang=draft.lang,
        how=draft.how,
        urgency=draft.urgency,
        reasons=draft.reasons,
        code_hash=code_hash,
        created_at=since or tx.now,
    )
    wishes.open_for(tx, handoff_id, conversation.id, draft, designation)
    changes.note(tx, handoff_id, earlier.draft if earlier else None, draft, changed)
    return Opened(handoff_id, designation, code)


def find_open(tx: Tx, conversation_id: str) -> Case | None:
    """The open case of a conversation."""
    rows = handoffs.of_conversation(tx, conversation_id)
    return read_case(tx, rows[0]) if rows else None


def list_queue(tx: Tx) -> list[QueueRow]:
    """Waiting and taken cases: the waiting first, by urgency, then by how long they have waited.

    Within an urgency those on top whom nobody has taken within the limits (`second_at`).
    """
    return sorted(
        handoffs.all_open(tx),
        key=lambda row: (
            row.status != "waiting",
            [*URGENCIES, row.urgency].index(row.urgency),
            row.second_at is None,
            row.created_at,
        ),
    )


def case(tx: Tx, handoff_id: str) -> Case | None:
    """One case with what is still there of its words."""
    row = handoffs.get(tx, handoff_id)
    return None if row is None else read_case(tx, row)


def take(tx: Tx, handoff_id: str, counsellor_id: str, lease: timedelta = LEASE) -> bool:
    """Take a waiting case. Of two counsellors who try at once exactly one gets True."""
    # The guarded UPDATE is the first statement: nothing is read before it that could be stale.
    taken = handoffs.change(
        tx,
        handoff_id,
        {"status": "waiting"},
        status="taken",
        taken_by=counsellor_id,
        taken_at=tx.now,
        lease_until=tx.now + lease,
        second_at=None,
    )
    if taken:
        handoffs.note_first_taken(tx, handoff_id)
        _hold(tx, handoff_id, "desk")
    return taken


def renew(tx: Tx, handoff_id: str, counsellor_id: str, lease: timedelta = LEASE) -> bool:
    """A sign of life from the counsellor's page. False when the case is no longer theirs."""
    return handoffs.change(tx, handoff_id, _taken_by(counsellor_id), lease_until=tx.now + lease)


def lapse(tx: Tx) -> list[Case]:
    """Put cases whose counsellor went silent back in the queue. Returns those cases."""
    back = []
    for row in handoffs.lapsed(tx):
        # lease_until in the condition: a renewal that came in between wins.
        if handoffs.change(
            tx,
            row.id,
            {"status": "taken", "lease_until": row.lease_until},
            **_waiting_again(tx),
            lapsed_at=tx.now,
        ):
            _hold(tx, row.id, "bot")
            back.append(row.id)
    return [found for found in (case(tx, handoff_id) for handoff_id in back) if found]


def give_back(tx: Tx, handoff_id: str, counsellor_id: str) -> bool:
    """Back in the queue for a colleague; the bot holds the person meanwhile."""
    done = handoffs.change(tx, handoff_id, _taken_by(counsellor_id), **_waiting_again(tx))
    if done:
        _hold(tx, handoff_id, "bot")
    return done


def close(tx: Tx, handoff_id: str, counsellor_id: str, outcome: Outcome) -> bool:
    """The case is done: the bot holds the person again, the code is void, and the return code
    too, unless times for a talk are on their way.

    Raises ValueError for an outcome that is not in OUTCOMES (free text would be words).
    """
    if outcome not in OUTCOMES:
        raise ValueError("unknown outcome")
    done = handoffs.change(
        tx,
        handoff_id,
        _taken_by(counsellor_id),
        status="closed",
        closed_at=tx.now,
        outcome=outcome,
        lease_until=None,
        code_hash=None,
    )
    if done:
        conversation_id = _hold(tx, handoff_id, "bot")
        wishes.end_with_case(tx, handoff_id, outcome)
        if conversation_id is not None and wishes.of_person(tx, conversation_id) is None:
            conversations.set_return_code(tx, conversation_id, None)
    return done


def note(tx: Tx, handoff_id: str, counsellor_id: str, text: str) -> bool:
    """Add a note. False when the case is not theirs now, or nothing was written."""
    row = handoffs.get(tx, handoff_id)
    mine = row is not None and row.status == "taken" and row.taken_by == counsellor_id
    if not mine or not text.strip():
        return False
    earlier = read_notes(handoffs.notes(tx, handoff_id))
    added = (*earlier, Note(tx.now, counsellor_id, text.strip()))
    handoffs.keep_notes(tx, handoff_id, write_notes(added))
    return True


def by_code(tx: Tx, code: str) -> str | None:
    """The open case that a six-digit code belongs to."""
    row = handoffs.by_code_hash(tx, hash_of(tx, code))
    return None if row is None else row.id


def someone_on_duty(tx: Tx, within: timedelta = ON_DUTY_WITHIN) -> bool:
    """True when a counsellor is on duty and the desk page was heard from lately."""
    return someone_seen_since(tx, tx.now - within)


def _waiting_again(tx: Tx) -> dict[str, Any]:
    return {
        "status": "waiting",
        "taken_by": None,
        "taken_at": None,
        "lease_until": None,
        "waiting_since": tx.now,
        # None: the desk is alerted again at once.
        "notified_at": None,
    }


def _taken_by(counsellor_id: str) -> dict[str, str]:
    return {"status": "taken", "taken_by": counsellor_id}


def _hold(tx: Tx, handoff_id: str, held_by: Literal["bot", "desk"]) -> str | None:
    row = handoffs.get(tx, handoff_id)
    if row is None or row.conversation_id is None:
        return None
    conversations.set_held_by(tx, row.conversation_id, held_by)
    return row.conversation_id


def _with_number(tx: Tx, conversation: Conversation, draft: HandoffDraft) -> HandoffDraft:
    if draft.contact.number != THIS_NUMBER:
        return draft
    number = conversations.number_of(tx, conversation.id)
    return replace(draft, contact=replace(draft.contact, number=number))


def _withdraw_waiting(tx: Tx, conversation_id: str) -> Case | None:
    """Take the waiting case of a conversation out of the queue; returns it as it was."""
    earlier = None
    for row in handoffs.of_conversation(tx, conversation_id):
        as_it_was = read_case(tx, row)
        if handoffs.change(
            tx,
            row.id,
            {"status": "waiting"},
            status="withdrawn",
            outcome="replaced",
            closed_at=tx.now,
            conversation_id=None,
        ):
            handoffs.forget_words(tx, row.id)
            wishes.end_with_case(tx, row.id, "replaced")
            earlier = as_it_was
    return earlier

"""What a counsellor does with a wish: propose times, confirm, call off, end it.

Each is one transaction, what the person is told in it. The gate decides whether it is said; what
was kept back is noted, so that she sees it and can call instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, Protocol

from bot.channels.messages import Reply
from bot.content import Content
from bot.day_service import saying, wishes
from bot.day_service.when import in_words, is_safe
from bot.day_service.wishes import Proposal, Wish
from bot.handoff.cases import Case, read_case
from bot.store import Tx, audit, conversations, day_wishes, handoffs
from bot.store.conversations import Conversation
from bot.store.day_wishes import WishRow

AHEAD = timedelta(days=90)
MOST = 3
WRITING = timedelta(minutes=30)
"""Whoever wrote so lately has the phone in hand."""

Refusal = Literal[
    "gone", "take_first", "not_yours", "changed", "ended", "none", "many", "past", "far", "same",
    "erased", "no_answer",
]  # fmt: skip


class Says(Protocol):
    """The part of channels/outbound.py that is needed here."""

    def put_made(
        self, tx: Tx, conversation_id: str, make: Callable[[Conversation], Sequence[Reply]]
    ) -> Conversation | None:
        """Through the gate, in this transaction; None when it was kept back."""
        ...


@dataclass(frozen=True)
class Desk:
    """Who acts, on which version of which wish, and how the person is told."""

    outbound: Says
    content: Content
    me: str
    handoff_id: str
    version: int


@dataclass(frozen=True)
class Done:
    """What came of it. `told`: the conversation to wake; None with `refused` None: kept back."""

    refused: Refusal | None = None
    told: Conversation | None = None


def propose(tx: Tx, desk: Desk, proposals: Sequence[Proposal], tongue: str) -> Done:
    """One to three times. An agreed time is given up by it, and the person is told so."""
    wish, refused = _mine(tx, desk, make=True)
    refused = refused or _wrong(tx, proposals)
    if wish is None or refused is not None:
        return Done(refused or "gone")
    if wish.row.conversation_id is None:
        return Done("erased")
    changed = day_wishes.change(
        tx,
        wish.row,
        status="proposed",
        answer=None,
        in_doubt=False,
        rounds=wish.row.rounds + 1,
        proposed_at=tx.now,
        proposed_by=desk.me,
        looked_back_at=None,
        answered_at=None,
        meets_at=None,
        reminder=None,
        remind_at=None,
    )
    if changed is None:
        return Done("changed")
    words = replace(wish.words, proposals=tuple(proposals), tongue=tongue)
    day_wishes.keep_words(tx, changed.id, words.to_json())
    now = Wish(changed, words)
    audit.write(tx, "day_proposed", desk.me, desk.handoff_id)
    before = wish.chosen if wish.row.status == "confirmed" else None

    def said(c: Conversation) -> list[Reply]:
        given_up = before.at if before else None
        return saying.proposed(desk.content, now, c, given_up)

    return Done(told=_tell(tx, desk, changed, said))


def confirm(tx: Tx, desk: Desk) -> Done:
    """The time the person chose is agreed."""
    wish, refused = _mine(tx, desk)
    if wish is None or refused is not None:
        return Done(refused or "gone")
    if wish.row.status != "answered" or wish.chosen is None:
        return Done("no_answer")
    return _agree(tx, desk, wish, wish.row.answer or "")


def agree(tx: Tx, desk: Desk, proposal: Proposal, tongue: str) -> Done:
    """A time that was agreed on the telephone or in writing: only the confirmation is sent."""
    wish, refused = _mine(tx, desk, make=True)
    refused = refused or _wrong(tx, [proposal])
    if wish is None or refused is not None:
        return Done(refused or "gone")
    words = replace(wish.words, proposals=(proposal,), tongue=tongue)
    return _agree(tx, desk, Wish(wish.row, words), "1")


def call_off(tx: Tx, desk: Desk) -> Done:
    """The centre cannot after all. The person is told, and may ask for another time."""
    wish, refused = _mine(tx, desk)
    if wish is None or refused is not None:
        return Done(refused or "gone")
    chosen = wish.chosen
    if wish.row.status != "confirmed" or chosen is None:
        return Done("no_answer")
    ended = wishes.end(tx, wish.row, "cancelled_centre")
    if ended is None:
        return Done("changed")
    audit.write(tx, "day_called_off", desk.me, desk.handoff_id)

    def said(c: Conversation) -> list[Reply]:
        when = in_words(chosen.at, c.lang)
        return [desk.content.reply("day_called_off", c.lang, c.channel, when=when)]

    return Done(told=_tell(tx, desk, ended, said))


def end(tx: Tx, desk: Desk, outcome: str) -> Done:
    """It is over. Raises ValueError for an outcome that is not in wishes.OUTCOMES."""
    if outcome not in wishes.OUTCOMES:
        raise ValueError("unknown outcome")
    wish, refused = _mine(tx, desk)
    if wish is None or refused is not None:
        return Done(refused or "gone")
    if wishes.end(tx, wish.row, outcome) is None:
        return Done("changed")
    audit.write(tx, "day_ended", desk.me, desk.handoff_id)
    return Done()


def number(tx: Tx, desk: Desk) -> str | None:
    """The person's number, where the case is closed and only the talk is left. Audited."""
    wish, refused = _mine(tx, desk)
    if wish is None or refused is not None or wish.words.contact.number is None:
        return None
    audit.write(tx, "number_shown", desk.me, desk.handoff_id)
    return wish.words.contact.number


def who_may(case: Case | None, me: str) -> Refusal | None:
    """Why this counsellor may not act on the wish of this case now; None when she may.

    While the case is open the one who has it does; when it is closed, whoever is on the shift.
    """
    if case is None:
        return "gone"
    if case.status == "waiting":
        return "take_first"
    return "not_yours" if case.status == "taken" and case.taken_by != me else None


def _mine(tx: Tx, desk: Desk, *, make: bool = False) -> tuple[Wish | None, Refusal | None]:
    row = handoffs.get(tx, desk.handoff_id)
    case = None if row is None else read_case(tx, row)
    refused = who_may(case, desk.me)
    wish = wishes.of_case(tx, desk.handoff_id)
    if refused is not None or case is None:
        return wish, refused
    if wish is None and make and case.status == "taken" and case.draft is not None:
        return wishes.make(
            *(tx, case.id, case.conversation_id, case.draft, case.designation, tx.now)
        ), None
    if wish is None:
        return None, "gone"
    if wish.row.version != desk.version:
        return wish, "changed"
    return wish, "ended" if wish.row.status == "ended" else None


def _wrong(tx: Tx, proposals: Sequence[Proposal]) -> Refusal | None:
    if not proposals:
        return "none"
    if len(proposals) > MOST:
        return "many"
    if any(one.at <= tx.now for one in proposals):
        return "past"
    if any(one.at > tx.now + AHEAD for one in proposals):
        return "far"
    return "same" if len({one.at for one in proposals}) < len(proposals) else None


def _agree(tx: Tx, desk: Desk, wish: Wish, answer: str) -> Done:
    chosen = wish.words.proposals[int(answer) - 1]
    if chosen.at <= tx.now:
        return Done("past")
    by_sms = wish.row.channel == "sms" and wish.row.conversation_id is not None
    changed = day_wishes.change(
        tx,
        wish.row,
        status="confirmed",
        answer=answer,
        answered_at=wish.row.answered_at or tx.now,
        confirmed_by=desk.me,
        meets_at=chosen.at,
        reminder="asked" if by_sms else None,
        remind_at=None,
    )
    if changed is None:
        return Done("changed")
    day_wishes.keep_words(tx, changed.id, wish.words.to_json())
    now = Wish(changed, wish.words)
    audit.write(tx, "day_confirmed", desk.me, desk.handoff_id)

    def said(c: Conversation) -> list[Reply]:
        return saying.confirmed(desk.content, now, c)

    return Done(told=_tell(tx, desk, changed, said))


def is_good_moment(tx: Tx, person: Conversation, wish: Wish) -> bool:
    """Whether a text may come to this phone now: within the person's own times, by day where they
    gave none, and at any time while they are writing themselves. A page waits for its reader."""
    if person.channel == "web":
        return True
    heard = person.state.heard_at
    if heard is not None and tx.now.timestamp() - heard < WRITING.total_seconds():
        return True
    return is_safe(tx.now, wish.words.contact.safe_times)


def _tell(
    tx: Tx,
    desk: Desk,
    row: WishRow,
    make: Callable[[Conversation], Sequence[Reply]],
) -> Conversation | None:
    told, conversation_id = None, row.conversation_id
    person = conversations.get(tx, conversation_id) if conversation_id is not None else None
    if person is not None and is_good_moment(tx, person, wishes.read(tx, row)):
        told = desk.outbound.put_made(tx, person.id, make)
    day_wishes.change(tx, row, kept_back=told is None)
    return told

"""Misuse: somebody posing as the person, pranks, threats to staff. Marked, limited, blocked.

Danger is checked and answered all the same: a mark is a guess about who writes, and a guess may be
wrong. A block longer than an hour counts only from a colleague's second look. A block is tied to
the conversation, never to a number or a device, so it ends when the person erases: we keep no list
of people. Everything here runs alone with the conversation (TurnRunner.alone) where it changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.handoff import queue
from bot.store import Tx, audit, conversations, misuse
from bot.store.conversations import Conversation
from bot.store.misuse import Mark

Kind = Literal["posing", "prank", "threat"]
Measure = Literal["mark", "slow", "block"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MEASURES: tuple[Measure, ...] = get_args(Measure)

ALONE = timedelta(hours=1)
"""How long one counsellor may block by herself."""
LENGTHS = {
    "15m": timedelta(minutes=15),
    "1h": ALONE,
    "4h": timedelta(hours=4),
    "12h": timedelta(hours=12),
}
"""How long a block may be asked for; longer than ALONE needs a second look."""

Refusal = Literal["not_yours", "gone", "unknown", "own", "done"]

Work = Callable[[Tx, str], Refusal | None]
"""What is done alone with a conversation (its id is given)."""


@dataclass(frozen=True)
class Held:
    """What holds a conversation back just now."""

    blocked_until: datetime | None
    slowed: bool


def mark(
    tx: Tx, handoff_id: str, counsellor_id: str, kind: str, measure: str, length: str
) -> Refusal | None:
    """Mark the conversation of a case that is hers now; None when it was done.

    A block begins at once, for at most an hour; more is asked of a colleague.
    """
    if (
        kind not in KINDS
        or measure not in MEASURES
        or (measure == "block" and length not in LENGTHS)
    ):
        return "unknown"
    case = queue.case(tx, handoff_id)
    if case is None or case.status != "taken" or case.taken_by != counsellor_id:
        return "not_yours"
    conversation = conversations.of_handoff(tx, handoff_id)
    if conversation is None:
        return "gone"
    wanted = LENGTHS[length] if measure == "block" else None
    until = tx.now + min(wanted, ALONE) if wanted else None
    asked = tx.now + wanted if wanted and wanted > ALONE else None
    misuse.add(
        *(tx, handoff_id, conversation.id, counsellor_id),
        kind=kind,
        measure=measure,
        until=until,
        asked_until=asked,
    )
    _apply(tx, conversation)
    audit.write(tx, "misuse_marked", counsellor_id, handoff_id)
    return None


def second_look(tx: Tx, mark_id: str, counsellor_id: str, agrees: bool) -> Refusal | None:
    """A colleague agrees to the longer block, or not: then it ends now. Never one's own."""
    found = misuse.get(tx, mark_id)
    if found is None:
        return "gone"
    if found.counsellor_id == counsellor_id:
        return "own"
    values = {
        "second_by": counsellor_id,
        "second_at": tx.now,
        "agreed": agrees,
        "until": found.asked_until if agrees else tx.now,
    }
    waits = found.asked_until is not None
    if not waits or not misuse.change(
        tx, mark_id, {"second_by": None, "undone_at": None}, **values
    ):
        return "done"
    _apply_to(tx, found)
    audit.write(
        tx, "misuse_agreed" if agrees else "misuse_refused", counsellor_id, found.handoff_id
    )
    return None


def undo(tx: Tx, mark_id: str, counsellor_id: str) -> Refusal | None:
    """Any counsellor may undo a mark: a wrong one must not wait for the one who made it."""
    found = misuse.get(tx, mark_id)
    if found is None:
        return "gone"
    if not misuse.change(
        tx, mark_id, {"undone_at": None}, undone_at=tx.now, undone_by=counsellor_id
    ):
        return "done"
    _apply_to(tx, found)
    audit.write(tx, "misuse_undone", counsellor_id, found.handoff_id)
    return None


def standing(tx: Tx) -> list[tuple[Mark, str]]:
    """Marks that stand, with the designation of the case, newest first; none of erased people."""
    found = []
    for row in misuse.standing(tx):
        case = queue.case(tx, row.handoff_id)
        if case is not None and conversations.get(tx, row.conversation_id) is not None:
            found.append((row, case.designation))
    return found


def waits_for_second(row: Mark, now: datetime) -> bool:
    """A longer block was asked for, and nobody has looked yet."""
    return (
        row.asked_until is not None
        and row.asked_until > now
        and row.second_by is None
        and row.undone_at is None
    )


def held(tx: Tx, conversation_id: str) -> Held:
    """What the marks that stand amount to."""
    rows = [row for row in misuse.of_conversation(tx, conversation_id) if row.undone_at is None]
    ends = [row.until for row in rows if row.until is not None and row.until > tx.now]
    return Held(max(ends, default=None), any(row.measure == "slow" for row in rows))


def _apply_to(tx: Tx, row: Mark) -> None:
    conversation = conversations.get(tx, row.conversation_id)
    if conversation is not None:
        _apply(tx, conversation)


def _apply(tx: Tx, conversation: Conversation) -> None:
    """Write what holds into the conversation, where a turn reads it without another question."""
    now = held(tx, conversation.id)
    state = conversation.state
    state.blocked_until = now.blocked_until.timestamp() if now.blocked_until else None
    state.slowed, state.held_off_at = now.slowed, None
    conversations.save(tx, conversation)

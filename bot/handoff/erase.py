"""What becomes of handoffs and alarms when a person erases, and when their time is up.

Words and number go at once. A wish to be called may stand if the person, asked once, says so: then
only what is needed to call stays. An alarm stays as a row without words, so that nobody who grabs
the phone can make it unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.day_service import wishes
from bot.handoff.draft import NO_CALL, HandoffDraft
from bot.store import Tx, alarms, day_wishes, handoffs
from bot.store.handoffs import HandoffRow

KEPT_AFTER_CLOSE = timedelta(days=7)
CALLBACKS = ("be_called", "first_talk")
CALLBACK_LINES = frozenset({"how", "contact", "wishes", "language", "interpreter", NO_CALL})
"""Summary lines that are needed to call someone; all others go when the person erases."""


@dataclass(frozen=True)
class ErasedHandoffs:
    """What erasing did, by id. `alarms` are open ones that stay as rows without words."""

    withdrawn: tuple[str, ...] = ()
    callbacks_kept: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


def has_open_callback(tx: Tx, conversation_id: str) -> bool:
    """True when somebody is to call this person, or a time for a talk is agreed: erasing then asks
    once whether that stands."""
    called = (_can_be_called(tx, row) for row in handoffs.of_conversation(tx, conversation_id))
    return any(called) or wishes.has_booking(tx, conversation_id)


def on_erase(tx: Tx, conversation_id: str, callback_stands: bool = False) -> ErasedHandoffs:
    """Erase the words of a conversation's handoffs and alarms.

    With `callback_stands` (the person was asked once and said so) a case of being called keeps
    its contact and wishes, no longer tied to the conversation. Everything else is withdrawn: a
    row with random id, times, urgency and outcome stays.
    """
    withdrawn: list[str] = []
    kept: list[str] = []
    for row in handoffs.of_conversation(tx, conversation_id):
        if callback_stands and _can_be_called(tx, row) and _keep_contact_only(tx, row):
            kept.append(row.id)
        else:
            _withdraw(tx, row)
            withdrawn.append(row.id)
    wishes.on_erase(tx, conversation_id, callback_stands, tuple(kept))
    for row in handoffs.closed_of_conversation(tx, conversation_id):
        handoffs.forget_words(tx, row.id)
        handoffs.change(tx, row.id, {}, conversation_id=None)
    return ErasedHandoffs(tuple(withdrawn), tuple(kept), _erase_alarms(tx, conversation_id))


def withdraw_waiting(tx: Tx, conversation_id: str) -> bool:
    """The person takes back what waits for a counsellor. False when nothing waits any more."""
    waiting = [
        row for row in handoffs.of_conversation(tx, conversation_id) if row.status == "waiting"
    ]
    for row in waiting:
        wish = day_wishes.of_handoff(tx, row.id)
        wishes.end_with_case(tx, row.id, "not_wanted")
        if wish is not None and wish.status == "open":
            day_wishes.forget_words(tx, wish.id)
        _withdraw(tx, row)
    return bool(waiting)


def expire_ended(tx: Tx, after: timedelta = KEPT_AFTER_CLOSE) -> int:
    """Forget words, contact and designation of cases and alarms closed that long ago.

    The row with its random id, times, urgency and outcome stays. Returns how many were emptied.
    """
    ended = handoffs.ended_before(tx, tx.now - after)
    for row in ended:
        handoffs.forget_words(tx, row.id)
        handoffs.change(tx, row.id, {}, designation="", conversation_id=None)
    closed = alarms.closed_before(tx, tx.now - after)
    for alarm in closed:
        alarms.forget_words(tx, alarm.id)
        alarms.change(tx, alarm.id, {}, designation="", conversation_id=None)
    return len(ended) + len(closed)


def _can_be_called(tx: Tx, row: HandoffRow) -> bool:
    raw = handoffs.body(tx, row.id) if row.how in CALLBACKS else None
    return raw is not None and HandoffDraft.from_json(raw).contact.number is not None


def _keep_contact_only(tx: Tx, row: HandoffRow) -> bool:
    raw = handoffs.body(tx, row.id)
    if raw is None:
        return False
    draft = HandoffDraft.from_json(raw)
    lines = tuple(line for line in draft.summary if line.field in CALLBACK_LINES)
    short = replace(draft, summary=lines, reasons=())
    handoffs.replace_words(tx, row.id, short.to_json())
    return handoffs.change(tx, row.id, {}, conversation_id=None)


def _withdraw(tx: Tx, row: HandoffRow) -> None:
    handoffs.forget_words(tx, row.id)
    handoffs.change(
        tx,
        row.id,
        {},
        status="withdrawn",
        outcome="erased",
        closed_at=tx.now,
        lease_until=None,
        conversation_id=None,
    )


def _erase_alarms(tx: Tx, conversation_id: str) -> tuple[str, ...]:
    still_open = []
    for alarm in alarms.of_conversation(tx, conversation_id):
        alarms.forget_words(tx, alarm.id)
        alarms.change(tx, alarm.id, {}, conversation_id=None, erased_at=tx.now)
        if alarm.status != "closed":
            still_open.append(alarm.id)
    return tuple(still_open)

"""Alarms: a finding of level now or soon reaches the desk at once, before anything else is known.

Only id, time, channel and the words that raised it. Contact and the rest follow with the handoff,
after the person's yes.
"""

from __future__ import annotations

from typing import Literal, Protocol, get_args

from bot.channels.messages import Channel, Level
from bot.handoff.designations import designation_for
from bot.store import Tx, alarms, conversations, handoffs
from bot.store.alarms import AlarmRow

__all__ = [
    "AlarmRow",
    "close_alarm",
    "list_alarms",
    "raise_alarm",
    "raise_unreached",
    "say_not_now",
    "see_alarm",
    "someone_waits",
]

Unreached = Literal["sms_blocked", "sms_lost"]
UNREACHED: tuple[str, ...] = get_args(Unreached)
"""Alarms about our own texts, not about a danger: blocked (21610), or lost on the way."""

MOST_WORDS = 10
"""An alarm keeps the last ten phrases: enough to understand, no transcript."""


class RaisingFinding(Protocol):
    """The part of a safety finding that an alarm takes over."""

    @property
    def danger(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def words(self) -> str: ...


def raise_alarm(
    tx: Tx, conversation_id: str | None, finding: RaisingFinding, channel: Channel
) -> str:
    """Store an alarm and return its id; the desk is notified after the commit.

    The same danger again, before anyone has seen the first alarm, joins that alarm: its words are
    added and its level can only rise.
    """
    held = _held_by_desk(tx, conversation_id)
    earlier = _unseen(tx, conversation_id, finding.danger, held)
    if earlier is not None:
        _join(tx, earlier, finding)
        return earlier.id
    return alarms.add(
        tx,
        conversation_id=conversation_id,
        designation=designation_for(tx, conversation_id),
        danger=finding.danger,
        level=finding.level,
        channel=channel,
        words=[finding.words],
        while_held=held,
    )


def raise_unreached(
    tx: Tx, conversation_id: str, what: Unreached, level: Level, words: str
) -> str | None:
    """Our texts do not reach somebody who waits. The id of the alarm; None when it is known.

    Nobody is in danger because of it: it never brings the emergency line.
    """
    if any(row.danger == what for row in alarms.live(tx, conversation_id)):
        return None
    return alarms.add(
        tx,
        conversation_id=conversation_id,
        designation=designation_for(tx, conversation_id),
        danger=what,
        level=level,
        channel="sms",
        words=[words],
        while_held=False,
    )


def someone_waits(tx: Tx, conversation_id: str) -> bool:
    """True when a case is open for this person, or an alarm about them."""
    live = [row for row in alarms.live(tx, conversation_id) if row.danger not in UNREACHED]
    return bool(live or handoffs.of_conversation(tx, conversation_id))


def say_not_now(tx: Tx, conversation_id: str) -> None:
    """The person says that it is not now. The mark stands on the alarm; it stays as it was."""
    for row in alarms.live(tx, conversation_id):
        # Whoever reads along may write this too; and what is lost is not found by it.
        if row.danger not in ("found_out", *UNREACHED):
            alarms.change(tx, row.id, {"not_now_at": None}, not_now_at=tx.now)


def list_alarms(tx: Tx) -> list[AlarmRow]:
    """Open and seen alarms: unseen first, then level now first, then the oldest first."""
    order = {"now": 0, "soon": 1}
    return sorted(
        alarms.live(tx),
        key=lambda row: (row.status != "open", order.get(row.level, 2), row.at),
    )


def see_alarm(tx: Tx, alarm_id: str, counsellor_id: str) -> bool:
    """A counsellor has seen it; it stops alerting. False when someone else was first."""
    return alarms.change(
        tx, alarm_id, {"status": "open"}, status="seen", seen_by=counsellor_id, seen_at=tx.now
    )


def close_alarm(tx: Tx, alarm_id: str, counsellor_id: str) -> bool:
    """Nothing more to do about it. False when it was closed before."""
    row = alarms.get(tx, alarm_id)
    if row is None or row.status == "closed":
        return False
    see_alarm(tx, alarm_id, counsellor_id)
    return alarms.change(tx, alarm_id, {"status": "seen"}, status="closed", closed_at=tx.now)


def _held_by_desk(tx: Tx, conversation_id: str | None) -> bool:
    if conversation_id is None:
        return False
    conversation = conversations.get(tx, conversation_id)
    return conversation is not None and conversation.held_by == "desk"


def _unseen(tx: Tx, conversation_id: str | None, danger: str, held: bool) -> AlarmRow | None:
    if conversation_id is None:
        return None
    for row in alarms.live(tx, conversation_id):
        # While the desk holds the person, the emergency line is owed anew once it has been said.
        same = row.danger == danger and row.while_held == held and row.line_said_at is None
        if same and row.status == "open":
            return row
    return None


def _join(tx: Tx, row: AlarmRow, finding: RaisingFinding) -> None:
    if row.not_now_at is not None:
        # It was said to be over, and here it is again: news, so the desk is alerted again.
        alarms.change(tx, row.id, {}, not_now_at=None, notified_at=None)
    if finding.words not in row.words:
        alarms.keep_words(tx, row.id, [*row.words, finding.words][-MOST_WORDS:])
    if finding.level == "now" and row.level != "now":
        # A rise is news: the desk is alerted again.
        alarms.change(tx, row.id, {}, level="now", notified_at=None)

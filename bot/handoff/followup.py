"""A handoff cannot fall silent: what is due now, for the scheduler to carry out.

`due` says what; the scheduler does it and then calls `done`. A crash in between means that it is
done twice, never that it is not done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.handoff import queue
from bot.store import Tx, alarms, conversations, handoffs
from bot.store.alarms import AlarmRow
from bot.store.conversations import Conversation
from bot.store.duty import desk_wrote_since
from bot.store.handoffs import HandoffRow

LONGER = 4
"""The person is told after one interval, then after 4 times, 16 times … as long a wait."""

NO_COUNSELLOR_YET = "no_counsellor_yet"
COUNSELLOR_AWAY = "counsellor_away"
EMERGENCY_LINE = "emergency_line"
CHECK_BACK = "check_back"
CHECK_BACK_YOUNG = "check_back_young"
SENTENCES = (NO_COUNSELLOR_YET, COUNSELLOR_AWAY, EMERGENCY_LINE, CHECK_BACK, CHECK_BACK_YOUNG)
"""Ids in content/system of what a person may be told unprompted (through the gate)."""

Why = Literal["waiting", "lapsed", "alarm", "held", "unanswered"]


@dataclass(frozen=True)
class Intervals:
    """How long until the desk is alerted again, by urgency, and how long a held person waits."""

    now: timedelta = timedelta(seconds=60)
    soon: timedelta = timedelta(seconds=300)
    when_possible: timedelta = timedelta(seconds=3600)
    held_answer: timedelta = timedelta(seconds=30)

    def of(self, urgency: str) -> timedelta:
        """The interval of an urgency or level."""
        return {"now": self.now, "soon": self.soon}.get(urgency, self.when_possible)


@dataclass(frozen=True)
class FollowUp:
    """One thing to do: alert the desk (`urgent` or not), or say a sentence to a person.

    Equal when it is about the same, also when the urgency has changed since.
    """

    do: Literal["notify_desk", "tell_person"]
    why: Why
    handoff_id: str | None = None
    alarm_id: str | None = None
    conversation_id: str | None = None
    sentence_id: str | None = None
    urgent: bool = field(default=False, compare=False)


DEFAULT = Intervals()


def due(tx: Tx, intervals: Intervals = DEFAULT) -> list[FollowUp]:
    """What is due now, alarms first. Cases whose counsellor went silent go back in the queue."""
    queue.lapse(tx)
    found: list[FollowUp] = []
    for alarm in queue.list_alarms(tx):
        found += _of_alarm(tx, alarm, intervals)
    for row in queue.list_queue(tx):
        if row.status == "waiting":
            found += _of_waiting(tx, row, intervals)
    return found + [_check_back(person) for person in conversations.to_check_back(tx)]


def done(tx: Tx, follow_up: FollowUp) -> None:
    """It was carried out (or the gate kept it back): not due again before its interval is over."""
    if follow_up.alarm_id is not None:
        column = "line_said_at" if follow_up.do == "tell_person" else "notified_at"
        alarms.change(tx, follow_up.alarm_id, {}, **{column: tx.now})
    elif follow_up.handoff_id is not None:
        column = "told_waiting_at" if follow_up.do == "tell_person" else "notified_at"
        handoffs.change(tx, follow_up.handoff_id, {}, **{column: tx.now})
    elif follow_up.conversation_id is not None:
        person = conversations.get(tx, follow_up.conversation_id)
        if person is not None:
            conversations.set_check_back(tx, person, None)


def _check_back(person: Conversation) -> FollowUp:
    """A direct question without an answer is looked back at once, never again."""
    sentence = CHECK_BACK_YOUNG if person.state.young else CHECK_BACK
    return FollowUp("tell_person", "unanswered", conversation_id=person.id, sentence_id=sentence)


def _of_alarm(tx: Tx, alarm: AlarmRow, intervals: Intervals) -> list[FollowUp]:
    found = []
    if alarm.status == "open" and _over(tx, alarm.notified_at, intervals.of(alarm.level)):
        found.append(FollowUp("notify_desk", "alarm", alarm_id=alarm.id, urgent=True))
    if _unanswered_while_held(tx, alarm, intervals.held_answer):
        found.append(
            FollowUp(
                "tell_person",
                "held",
                alarm_id=alarm.id,
                conversation_id=alarm.conversation_id,
                sentence_id=EMERGENCY_LINE,
            )
        )
    return found


def _unanswered_while_held(tx: Tx, alarm: AlarmRow, wait: timedelta) -> bool:
    """The desk held the person when it happened, and no counsellor has seen it or written since."""
    if not alarm.while_held or alarm.line_said_at or alarm.seen_at or alarm.erased_at:
        return False
    if alarm.conversation_id is None or tx.now - alarm.at < wait:
        return False
    return not desk_wrote_since(tx, alarm.conversation_id, alarm.at)


def _of_waiting(tx: Tx, row: HandoffRow, intervals: Intervals) -> list[FollowUp]:
    if row.how == "call_self":
        return []  # nobody is to do anything until the person rings
    interval = intervals.of(row.urgency)
    found = []
    if _over(tx, row.notified_at, interval):
        urgent = row.urgency != "when_possible"
        found.append(FollowUp("notify_desk", "waiting", handoff_id=row.id, urgent=urgent))
    sentence = _to_tell(tx, row, interval)
    if sentence is not None:
        why: Why = "lapsed" if sentence == COUNSELLOR_AWAY else "waiting"
        found.append(
            FollowUp(
                "tell_person",
                why,
                handoff_id=row.id,
                conversation_id=row.conversation_id,
                sentence_id=sentence,
            )
        )
    return found


def _to_tell(tx: Tx, row: HandoffRow, interval: timedelta) -> str | None:
    if row.conversation_id is None or conversations.get(tx, row.conversation_id) is None:
        return None
    told, lapsed = row.told_waiting_at, row.lapsed_at
    if lapsed is not None and (told is None or told < lapsed):
        return COUNSELLOR_AWAY
    since = max(row.created_at, lapsed) if lapsed is not None else row.created_at
    if told is None:
        return NO_COUNSELLOR_YET if tx.now - since >= interval else None
    if row.how != "write_now":
        return None  # someone who waits for a call is told once
    wait = max(interval, LONGER * (told - since))
    return NO_COUNSELLOR_YET if tx.now - since >= wait else None


def _over(tx: Tx, last: datetime | None, interval: timedelta) -> bool:
    return last is None or tx.now - last >= interval

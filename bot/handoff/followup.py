"""A handoff cannot fall silent: what is due now, for the scheduler to carry out.

`due` says what; the scheduler does it and then calls `done`. A crash in between means that it is
done twice, never that it is not done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.handoff import queue
from bot.handoff.alarms import UNREACHED
from bot.store import Tx, alarms, conversations, handoffs, shift_notes
from bot.store.alarms import AlarmRow
from bot.store.conversations import Conversation
from bot.store.duty import desk_wrote_since
from bot.store.handoffs import HandoffRow

PLANNED_WITHIN = timedelta(hours=24)
"""How far ahead the next shift is told of."""

LONGER = 4
"""The person is told after one interval, then after 4 times, 16 times … as long a wait."""

NO_COUNSELLOR_YET = "no_counsellor_yet"
STILL_NOBODY = "still_nobody"
NOBODY_ON_DUTY = "nobody_on_duty"
NOBODY_UNTIL = "nobody_until"
ALARM_NOT_SEEN = "alarm_not_seen"
COUNSELLOR_AWAY = "counsellor_away"
EMERGENCY_LINE = "emergency_line"
CHECK_BACK = "check_back"
CHECK_BACK_YOUNG = "check_back_young"
SENTENCES = (
    NO_COUNSELLOR_YET,
    STILL_NOBODY,
    NOBODY_ON_DUTY,
    NOBODY_UNTIL,
    ALARM_NOT_SEEN,
    COUNSELLOR_AWAY,
    EMERGENCY_LINE,
    CHECK_BACK,
    CHECK_BACK_YOUNG,
)
"""Ids in content/system of what a person may be told unprompted (through the gate)."""

Why = Literal["waiting", "lapsed", "alarm", "held", "unanswered", "second"]
Do = Literal["notify_desk", "notify_second", "tell_person"]


@dataclass(frozen=True)
class Intervals:
    """How long until the desk is alerted again, by urgency, and how long a held person waits.

    `second_…`: until everyone on duty and the second addresses are alarmed, and again each time.
    """

    now: timedelta = timedelta(seconds=60)
    soon: timedelta = timedelta(seconds=300)
    when_possible: timedelta = timedelta(seconds=3600)
    held_answer: timedelta = timedelta(seconds=30)
    second_now: timedelta = timedelta(seconds=180)
    second_soon: timedelta = timedelta(seconds=900)
    second_later: timedelta = timedelta(hours=4)
    on_duty_within: timedelta = queue.ON_DUTY_WITHIN

    def of(self, urgency: str) -> timedelta:
        """The interval of an urgency or level."""
        return {"now": self.now, "soon": self.soon}.get(urgency, self.when_possible)

    def second(self, urgency: str) -> timedelta:
        """The centre's limit: so long may nobody take it before everyone is alarmed."""
        limits = {"now": self.second_now, "soon": self.second_soon}
        return limits.get(urgency, self.second_later)


@dataclass(frozen=True)
class FollowUp:
    """One thing to do: alert the desk (`urgent` or not) or everyone, or say a sentence to a person.

    Equal when it is about the same, also when the urgency has changed since.
    """

    do: Do
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
    nobody = not queue.someone_on_duty(tx, intervals.on_duty_within)
    for alarm in queue.list_alarms(tx):
        found += _of_alarm(tx, alarm, intervals)
    for row in queue.list_queue(tx):
        if row.status == "waiting":
            found += _of_waiting(tx, row, intervals, nobody)
    return found + [_check_back(person) for person in conversations.to_check_back(tx)]


def done(tx: Tx, follow_up: FollowUp) -> None:
    """It was carried out (or the gate kept it back): not due again before its interval is over."""
    told = "told_at" if follow_up.sentence_id == ALARM_NOT_SEEN else "line_said_at"
    if follow_up.alarm_id is not None:
        for column in _columns(follow_up.do, told):
            alarms.change(tx, follow_up.alarm_id, {}, **{column: tx.now})
    elif follow_up.handoff_id is not None:
        for column in _columns(follow_up.do, "told_waiting_at"):
            handoffs.change(tx, follow_up.handoff_id, {}, **{column: tx.now})
    elif follow_up.conversation_id is not None:
        person = conversations.get(tx, follow_up.conversation_id)
        if person is not None:
            conversations.set_check_back(tx, person, None)


def _columns(do: Do, told: str) -> tuple[str, ...]:
    """What is noted. Whoever is alarmed at the second level is alerted at the first one too."""
    second = ("second_at", "notified_at")
    return {"tell_person": (told,), "notify_desk": ("notified_at",), "notify_second": second}[do]


def _check_back(person: Conversation) -> FollowUp:
    """A direct question without an answer is looked back at once, never again."""
    sentence = CHECK_BACK_YOUNG if person.state.young else CHECK_BACK
    return FollowUp("tell_person", "unanswered", conversation_id=person.id, sentence_id=sentence)


def _of_alarm(tx: Tx, alarm: AlarmRow, intervals: Intervals) -> list[FollowUp]:
    found = []
    limit = intervals.second(alarm.level)
    if alarm.status == "open" and _second_due(tx, alarm.at, alarm.second_at, limit):
        found.append(FollowUp("notify_second", "second", alarm_id=alarm.id, urgent=True))
    elif alarm.status == "open" and _over(tx, alarm.notified_at, intervals.of(alarm.level)):
        found.append(FollowUp("notify_desk", "alarm", alarm_id=alarm.id, urgent=True))
    if _owes_the_truth(tx, alarm):
        found.append(
            FollowUp(
                "tell_person",
                "second",
                alarm_id=alarm.id,
                conversation_id=alarm.conversation_id,
                sentence_id=ALARM_NOT_SEEN,
            )
        )
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


def _owes_the_truth(tx: Tx, alarm: AlarmRow) -> bool:
    """Everyone was alarmed and nobody has seen it: who was told "I have alerted them" hears that.

    Once. Where there is a case, the case says it; what is about our own texts is said to nobody.
    """
    if alarm.status != "open" or alarm.second_at is None or alarm.told_at or alarm.erased_at:
        return False
    about_us = alarm.danger in UNREACHED or alarm.while_held
    if about_us or alarm.conversation_id is None or alarm.not_now_at is not None:
        return False
    return not handoffs.of_conversation(tx, alarm.conversation_id)


def _unanswered_while_held(tx: Tx, alarm: AlarmRow, wait: timedelta) -> bool:
    """The desk held the person when it happened, and no counsellor has seen it or written since."""
    if not alarm.while_held or alarm.line_said_at or alarm.seen_at or alarm.erased_at:
        return False
    if alarm.conversation_id is None or tx.now - alarm.at < wait:
        return False
    return not desk_wrote_since(tx, alarm.conversation_id, alarm.at)


def _of_waiting(tx: Tx, row: HandoffRow, intervals: Intervals, nobody: bool) -> list[FollowUp]:
    if row.how == "call_self":
        return []  # nobody is to do anything until the person rings
    interval = intervals.of(row.urgency)
    found = []
    urgent = row.urgency != "when_possible"
    if _second_due(tx, row.waiting_since, row.second_at, intervals.second(row.urgency)):
        found.append(FollowUp("notify_second", "second", handoff_id=row.id, urgent=urgent))
    elif _over(tx, row.notified_at, interval):
        found.append(FollowUp("notify_desk", "waiting", handoff_id=row.id, urgent=urgent))
    sentence = _to_tell(tx, row, intervals, nobody)
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


def _to_tell(tx: Tx, row: HandoffRow, intervals: Intervals, nobody: bool) -> str | None:
    if row.conversation_id is None or conversations.get(tx, row.conversation_id) is None:
        return None
    told, lapsed, since = row.told_waiting_at, row.lapsed_at, row.waiting_since
    if lapsed is not None and (told is None or told < lapsed):
        return COUNSELLOR_AWAY
    interval = intervals.of(row.urgency)
    if told is None:
        return _truth(tx, nobody, NO_COUNSELLOR_YET) if tx.now - since >= interval else None
    if row.how != "write_now":
        return None  # someone who waits for a call is told once
    everyone_alarmed = row.second_at is not None
    otherwise = STILL_NOBODY if everyone_alarmed else NO_COUNSELLOR_YET
    before = told < since + intervals.second(row.urgency)
    wait = max(interval, LONGER * (told - since))
    if (everyone_alarmed and before) or tx.now - since >= wait:
        return _truth(tx, nobody, otherwise)
    return None


def _truth(tx: Tx, nobody: bool, otherwise: str) -> str:
    """Where nobody is on duty that is said, and when somebody will be, if the board knows."""
    if not nobody:
        return otherwise
    return NOBODY_ON_DUTY if shift_notes.next_start(tx, PLANNED_WITHIN) is None else NOBODY_UNTIL


def _second_due(tx: Tx, since: datetime, last: datetime | None, limit: timedelta) -> bool:
    """Nobody took it within the limit; and again each time that it has passed once more."""
    return tx.now - (since if last is None else last) >= limit


def _over(tx: Tx, last: datetime | None, interval: timedelta) -> bool:
    return last is None or tx.now - last >= interval

"""Taking a case, giving it back, closing it: what changes, and what the person is told of it.

Each is one transaction, the notice to the person in it: a kill in between leaves nobody untold. The
gate decides whether the notice is said. Whoever calls wakes page and sender with `outbound.sent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot import feedback
from bot.handoff import override, queue, shift, write_times
from bot.store import audit
from bot.store.conversations import Conversation
from bot.store.database import Tx

# What the person is told (ids in content/system), through the gate.
TAKEN = "counsellor_taken"
GIVEN_BACK = "counsellor_away"  # back in the queue, and the bot answers meanwhile
CLOSED = "given_back"  # the bot answers again


class Says(Protocol):
    """The part of channels/outbound.py that is needed here."""

    def put_unprompted(self, tx: Tx, conversation_id: str, sentence: str) -> Conversation | None:
        """Through the gate, in this transaction; None when it was kept back."""
        ...

    def sent(self, conversation: Conversation) -> None:
        """After the commit."""
        ...


@dataclass(frozen=True)
class Taken:
    """`holder`: who has it now, "" when nobody does (it is over), None: there is no such case."""

    holder: str | None
    told: Conversation | None = None


@dataclass(frozen=True)
class Left:
    """Cases that somebody let go of. `told` are those who were told."""

    cases: tuple[str, ...] = ()
    told: tuple[Conversation, ...] = ()


def take(tx: Tx, outbound: Says, handoff_id: str, me: str, lease: int) -> Taken:
    """Of two who try at once exactly one has it. `lease` in seconds."""
    if queue.take(tx, handoff_id, me, timedelta(seconds=lease)):
        audit.write(tx, "case_taken", me, handoff_id)
        _see_its_alarms(tx, handoff_id, me)
        return Taken(me, _tell(tx, outbound, handoff_id, TAKEN))
    case = queue.case(tx, handoff_id)
    return Taken(None if case is None else case.taken_by or "")


def give_back(tx: Tx, outbound: Says, handoff_id: str, me: str) -> Left:
    """To the queue, for a colleague."""
    if not queue.give_back(tx, handoff_id, me):
        return Left()
    audit.write(tx, "case_given_back", me, handoff_id)
    return _left(handoff_id, _tell(tx, outbound, handoff_id, GIVEN_BACK))


def give_back_all(tx: Tx, outbound: Says, me: str) -> Left:
    """She goes off duty or signs out: all her cases."""
    return together([give_back(tx, outbound, one, me) for one in shift.cases_of(tx, me)])


def together(left: list[Left]) -> Left:
    """Several as one."""
    return Left(
        tuple(case for one in left for case in one.cases),
        tuple(told for one in left for told in one.told),
    )


def take_over(tx: Tx, outbound: Says, handoff_id: str, me: str, reason: str, lease: int) -> Taken:
    """The shift lead, from a colleague. `holder` None: it was nobody else's. `lease` in seconds."""
    before = override.take_over(tx, handoff_id, me, timedelta(seconds=lease))
    if before is None:
        return Taken(None)
    audit.write(tx, "case_taken_over", me, handoff_id, reason)
    _see_its_alarms(tx, handoff_id, me)
    return Taken(me, _tell(tx, outbound, handoff_id, TAKEN))


def put_back(tx: Tx, outbound: Says, handoff_id: str, me: str, reason: str) -> Left:
    """The shift lead: a colleague's case to the queue."""
    if override.put_back(tx, handoff_id, me) is None:
        return Left()
    audit.write(tx, "case_put_back", me, handoff_id, reason)
    return _left(handoff_id, _tell(tx, outbound, handoff_id, GIVEN_BACK))


def close(tx: Tx, outbound: Says, handoff_id: str, me: str, outcome: queue.Outcome) -> Left:
    """It is done. Raises ValueError for an outcome that is not in queue.OUTCOMES."""
    if not queue.close(tx, handoff_id, me, outcome):
        return Left()
    audit.write(tx, "case_closed", me, handoff_id)
    _close_its_alarms(tx, handoff_id, me)
    told = _tell(tx, outbound, handoff_id, CLOSED)
    return _left(handoff_id, feedback.ask_after(tx, outbound, told, outcome))


def _left(handoff_id: str, told: Conversation | None) -> Left:
    return Left((handoff_id,), () if told is None else (told,))


def _tell(tx: Tx, outbound: Says, handoff_id: str, sentence: str) -> Conversation | None:
    """Whoever chose to be called gets no SMS about it: it could come hours later, to a phone that
    somebody else holds. Nor does one come outside the times the person gave for writing."""
    case = queue.case(tx, handoff_id)
    if case is None or case.conversation_id is None:
        return None
    if case.row.channel == "sms" and case.row.how != "write_now":
        return None
    if not write_times.heeds(case.draft, tx.now):
        return None  # also once the case is closed, and the gate does not see it any more
    return outbound.put_unprompted(tx, case.conversation_id, sentence)


def _see_its_alarms(tx: Tx, handoff_id: str, me: str) -> None:
    """Whoever takes the person has taken responsibility for their alarms too."""
    for alarm in _its_alarms(tx, handoff_id, "open"):
        if queue.see_alarm(tx, alarm.id, me):
            audit.write(tx, "alarm_seen", me, alarm.id)


def _close_its_alarms(tx: Tx, handoff_id: str, me: str) -> None:
    """What the case was about is done with it. One that came since, and nobody saw, stays."""
    for alarm in _its_alarms(tx, handoff_id, "seen"):
        if queue.close_alarm(tx, alarm.id, me):
            audit.write(tx, "alarm_closed", me, alarm.id)


def _its_alarms(tx: Tx, handoff_id: str, status: str) -> list[queue.AlarmRow]:
    case = queue.case(tx, handoff_id)
    if case is None or case.conversation_id is None:
        return []
    alarms = [row for row in queue.list_alarms(tx) if row.status == status]
    return [row for row in alarms if row.conversation_id == case.conversation_id]

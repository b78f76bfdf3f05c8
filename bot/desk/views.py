"""What the queue shows: read in one transaction, without a word of any summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.handoff import queue
from bot.handoff.queue import AlarmRow, QueueRow
from bot.store import counsellors, duty, handoffs
from bot.store.counsellors import Counsellor
from bot.store.database import Tx
from bot.store.duty import OnDuty


@dataclass(frozen=True)
class AlarmLine:
    """An alarm, and the case it led to, if the person has said yes to one."""

    row: AlarmRow
    case_id: str | None


@dataclass(frozen=True)
class Board:
    """Everything on the queue page. `names` are the counsellors' display names by id.

    `unread`: case → the person's last message, where no counsellor has answered it yet.
    """

    me: Counsellor
    alarms: list[AlarmLine]
    waiting: list[QueueRow]
    mine: list[QueueRow]
    others: list[QueueRow]
    duty: list[OnDuty]
    names: dict[str, str]
    now: datetime
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def unseen(self) -> list[str]:
        """Alarms nobody has seen: they sound until somebody does."""
        return [line.row.id for line in self.alarms if line.row.status == "open"]

    @property
    def second(self) -> list[str]:
        """What nobody has taken within the limits: it sounds differently, until somebody does."""
        alarms = [line.row for line in self.alarms if line.row.status == "open"]
        late = [row.id for row in alarms if row.second_at is not None]
        return late + [row.id for row in self.waiting if row.second_at is not None]

    @property
    def urgent(self) -> int:
        """What the title counts: unseen alarms and people who wait and cannot wait."""
        return len(self.unseen) + sum(row.urgency == "now" for row in self.waiting)

    @property
    def on_duty(self) -> OnDuty | None:
        """Her own line of the shift board; None when she is not on duty."""
        return next((one for one in self.duty if one.id == self.me.id), None)

    @property
    def overtime(self) -> bool:
        """She said that her shift would be over by now."""
        mine = self.on_duty
        return mine is not None and mine.until is not None and mine.until <= self.now

    def age(self, since: datetime) -> float:
        """Seconds since then."""
        return (self.now - since).total_seconds()


def board(tx: Tx, counsellor_id: str, duty_timeout: int) -> Board:
    """The queue as this counsellor sees it. Raises LookupError for an unknown counsellor."""
    me = counsellors.get(tx, counsellor_id)
    if me is None:
        raise LookupError("no such counsellor")
    rows = queue.list_queue(tx)
    mine = [row for row in rows if row.status == "taken" and row.taken_by == counsellor_id]
    return Board(
        me=me,
        alarms=[AlarmLine(row, _case_of(tx, row)) for row in queue.list_alarms(tx)],
        waiting=[row for row in rows if row.status == "waiting"],
        mine=mine,
        others=[row for row in rows if row.status == "taken" and row.taken_by != counsellor_id],
        duty=duty.board(tx, timedelta(seconds=duty_timeout)),
        names=counsellors.names(tx),
        now=tx.now,
        unread=_unread(tx, mine),
    )


def _unread(tx: Tx, mine: list[QueueRow]) -> dict[str, str]:
    found = {}
    for row in mine:
        if row.conversation_id is not None and row.taken_at is not None:
            message_id = duty.waits_for_answer(tx, row.conversation_id, row.taken_at)
            if message_id is not None:
                found[row.id] = message_id
    return found


def _case_of(tx: Tx, row: AlarmRow) -> str | None:
    if row.conversation_id is None:
        return None
    found = handoffs.of_conversation(tx, row.conversation_id)
    return found[0].id if found else None

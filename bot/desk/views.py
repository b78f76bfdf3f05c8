"""What the queue shows: read in one transaction, without a word of any summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.handoff import queue
from bot.handoff.queue import AlarmRow, QueueRow
from bot.store import counsellors, handoffs
from bot.store.counsellors import Counsellor
from bot.store.database import Tx


@dataclass(frozen=True)
class AlarmLine:
    """An alarm, and the case it led to, if the person has said yes to one."""

    row: AlarmRow
    case_id: str | None


@dataclass(frozen=True)
class Board:
    """Everything on the queue page. `names` are the counsellors' display names by id."""

    me: Counsellor
    alarms: list[AlarmLine]
    waiting: list[QueueRow]
    mine: list[QueueRow]
    others: list[QueueRow]
    duty: list[Counsellor]
    names: dict[str, str]
    now: datetime

    @property
    def unseen(self) -> list[str]:
        """Alarms nobody has seen: they sound until somebody does."""
        return [line.row.id for line in self.alarms if line.row.status == "open"]

    @property
    def urgent(self) -> int:
        """What the title counts: unseen alarms and people who wait and cannot wait."""
        return len(self.unseen) + sum(row.urgency == "now" for row in self.waiting)

    def age(self, since: datetime) -> float:
        """Seconds since then."""
        return (self.now - since).total_seconds()


def board(tx: Tx, counsellor_id: str, duty_timeout: int) -> Board:
    """The queue as this counsellor sees it. Raises LookupError for an unknown counsellor."""
    me = counsellors.get(tx, counsellor_id)
    if me is None:
        raise LookupError("no such counsellor")
    rows = queue.list_queue(tx)
    return Board(
        me=me,
        alarms=[AlarmLine(row, _case_of(tx, row)) for row in queue.list_alarms(tx)],
        waiting=[row for row in rows if row.status == "waiting"],
        mine=[row for row in rows if row.status == "taken" and row.taken_by == counsellor_id],
        others=[row for row in rows if row.status == "taken" and row.taken_by != counsellor_id],
        duty=counsellors.on_duty(tx, timedelta(seconds=duty_timeout)),
        names=counsellors.names(tx),
        now=tx.now,
    )


def _case_of(tx: Tx, row: AlarmRow) -> str | None:
    if row.conversation_id is None:
        return None
    found = handoffs.of_conversation(tx, row.conversation_id)
    return found[0].id if found else None

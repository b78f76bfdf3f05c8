"""How the texts of a person fare: read by the desk, and by what acts when one was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.store import models
from bot.store.database import Tx

_LEFT = ("sending", "sent", "delivered")
_WORST = ("failed", "dropped", "waiting", "sending", "sent", "delivered")


@dataclass(frozen=True)
class Delivery:
    """What became of a row, without its words: for the desk and for counting.

    `news`: it came to this just now; reports are repeated. `double`: the provider sent it twice.
    """

    id: str
    conversation_id: str
    kind: str
    state: str
    error_code: str | None
    news: bool = False
    double: bool = False


def delivery_of(row: models.OutboxRow, *, news: bool = False, double: bool = False) -> Delivery:
    """What became of a row."""
    return Delivery(row.id, row.conversation_id, row.kind, row.state, row.error_code, news, double)


def failures(tx: Tx, conversation_id: str) -> list[Delivery]:
    """What could not be delivered to a person, oldest first: the desk shows it."""
    table = models.OutboxRow
    rows = tx.session.scalars(
        select(table)
        .where(table.conversation_id == conversation_id, table.state == "failed")
        .order_by(table.seq)
    )
    return [delivery_of(row) for row in rows]


def fates(tx: Tx, conversation_id: str) -> dict[str, Delivery]:
    """Message id → how its text fares; of a text in several, the one that fares worst."""
    table = models.OutboxRow
    rows = tx.session.scalars(
        select(table).where(table.conversation_id == conversation_id, table.message_id.is_not(None))
    )
    worst: dict[str, Delivery] = {}
    for row in rows:
        known = worst.get(row.message_id or "")
        if known is None or _WORST.index(row.state) < _WORST.index(known.state):
            worst[row.message_id or ""] = delivery_of(row)
    return worst


def last_sent_at(tx: Tx, conversation_id: str) -> datetime | None:
    """When a text to this person last left; None when none has, or all are erased."""
    table = models.OutboxRow
    return tx.session.scalar(
        select(func.max(table.sending_at)).where(
            table.conversation_id == conversation_id, table.state.in_(_LEFT)
        )
    )

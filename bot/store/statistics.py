"""Monthly counts without people: a month, a kind, an id from a fixed list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import models
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.safety import Finding


def count(tx: Tx, kind: str, name: str) -> None:
    """One more of `name`, which must be an id of ours (a topic, a danger, an outcome)."""
    key = (tx.now.strftime("%Y-%m"), kind, name)
    row = tx.session.get(models.MonthlyCount, key)
    if row is None:
        tx.session.add(models.MonthlyCount(month=key[0], kind=kind, name=name, count=1))
        tx.session.flush()
    else:
        row.count += 1


def count_turn(tx: Tx, channel: str, topic: str | None, finding: Finding | None) -> None:
    """A turn: its channel, its topic, and the danger it found."""
    count(tx, "channel", channel)
    if topic is not None:
        count(tx, "topic", topic)
    if finding is not None:
        count(tx, "danger", finding.danger)

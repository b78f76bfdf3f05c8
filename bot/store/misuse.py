"""The rows of marks of misuse; the rules stand in bot/handoff/misuse.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.store import models
from bot.store.database import Tx, new_id

KEPT = timedelta(days=7)
"""How long a mark stands after it was made, and after its block was over."""


@dataclass(frozen=True)
class Mark:
    """One mark: ids, times and words from fixed lists."""

    id: str
    handoff_id: str
    conversation_id: str
    kind: str
    measure: str
    counsellor_id: str
    at: datetime
    until: datetime | None
    asked_until: datetime | None
    second_by: str | None
    second_at: datetime | None
    agreed: bool | None
    undone_by: str | None
    undone_at: datetime | None


def add(
    tx: Tx,
    handoff_id: str,
    conversation_id: str,
    counsellor_id: str,
    *,
    kind: str,
    measure: str,
    until: datetime | None,
    asked_until: datetime | None,
) -> str:
    """A new mark. Returns its id."""
    mark_id = new_id()
    tx.session.add(
        models.MisuseMark(
            id=mark_id,
            handoff_id=handoff_id,
            conversation_id=conversation_id,
            kind=kind,
            measure=measure,
            counsellor_id=counsellor_id,
            at=tx.now,
            until=until,
            asked_until=asked_until,
        )
    )
    tx.session.flush()
    return mark_id


def get(tx: Tx, mark_id: str) -> Mark | None:
    """One mark."""
    row = tx.session.get(models.MisuseMark, mark_id, populate_existing=True)
    return None if row is None else _read(row)


def standing(tx: Tx) -> list[Mark]:
    """All marks that nobody has undone, newest first."""
    table = models.MisuseMark
    return _select(tx, table.undone_at.is_(None))


def of_conversation(tx: Tx, conversation_id: str) -> list[Mark]:
    """The marks of a conversation, newest first, undone ones too."""
    return _select(tx, models.MisuseMark.conversation_id == conversation_id)


def change(tx: Tx, mark_id: str, when: dict[str, Any], **values: Any) -> bool:
    """Set columns, but only while the row is as `when` says. Of two who try, one gets True."""
    table = models.MisuseMark
    result = tx.session.execute(
        update(table)
        .where(table.id == mark_id, *(getattr(table, k).is_(v) for k, v in when.items()))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def sweep(tx: Tx) -> int:
    """Forget marks past their time, and those whose conversation is gone. Returns how many."""
    table = models.MisuseMark
    known = select(models.Conversation.id)
    gone = tx.session.execute(
        delete(table).where(
            table.conversation_id.not_in(known)
            | ((table.at < tx.now - KEPT) & (table.until.is_(None) | (table.until < tx.now - KEPT)))
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _select(tx: Tx, *conditions: Any) -> list[Mark]:
    table = models.MisuseMark
    query = select(table).where(*conditions).order_by(table.at.desc(), table.id)
    rows = tx.session.scalars(query.execution_options(populate_existing=True))
    return [_read(row) for row in rows]


def _read(row: models.MisuseMark) -> Mark:
    return Mark(**{name: getattr(row, name) for name in Mark.__dataclass_fields__})

"""What happened to a case beside its words and its state; see models_cases.CaseEvent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select

from bot.store import models
from bot.store.database import Tx, new_id

Kind = Literal["changed", "asked_there", "next_call"]
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Event:
    """One event. `fields` is empty but for "changed"; times are aware UTC."""

    id: str
    kind: str
    counsellor_id: str | None
    at: datetime
    planned_at: datetime | None
    fields: tuple[str, ...] = ()


def add(
    tx: Tx,
    handoff_id: str,
    kind: Kind,
    counsellor_id: str | None = None,
    *,
    at: datetime | None = None,
    planned_at: datetime | None = None,
    fields: Sequence[str] = (),
) -> None:
    """Note an event. Raises Unreadable when `fields` are given for an erased case."""
    event_id = new_id()
    sealed = None
    if fields:
        sealed = tx.keys.seal(handoff_id, json.dumps(list(fields)), _aad(event_id))
    tx.session.add(
        models.CaseEvent(
            id=event_id,
            handoff_id=handoff_id,
            kind=kind,
            counsellor_id=counsellor_id,
            at=at or tx.now,
            planned_at=planned_at,
            detail_sealed=sealed,
        )
    )
    tx.session.flush()


def of_handoff(tx: Tx, handoff_id: str, kind: Kind) -> list[Event]:
    """The events of one kind, oldest first; without their fields once the case was erased."""
    table = models.CaseEvent
    rows = tx.session.scalars(
        select(table)
        .where(table.handoff_id == handoff_id, table.kind == kind)
        .order_by(table.at, table.id)
    )
    return [_read(tx, row) for row in rows]


def forget(tx: Tx, handoff_id: str, kind: Kind) -> None:
    """Remove the events of one kind."""
    table = models.CaseEvent
    tx.session.execute(delete(table).where(table.handoff_id == handoff_id, table.kind == kind))


def sweep(tx: Tx) -> int:
    """Forget what is past its time. Returns how many."""
    gone = tx.session.execute(delete(models.CaseEvent).where(models.CaseEvent.at < tx.now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _read(tx: Tx, row: models.CaseEvent) -> Event:
    fields: tuple[str, ...] = ()
    if row.detail_sealed is not None and tx.keys.exists(row.handoff_id):
        raw = tx.keys.open_text(row.handoff_id, row.detail_sealed, _aad(row.id))
        fields = tuple(json.loads(raw))
    return Event(row.id, row.kind, row.counsellor_id, row.at, row.planned_at, fields)


def _aad(event_id: str) -> str:
    return f"case_events.detail:{event_id}"

"""Notes from shift to shift, sealed with keys of their own, and when the next shift begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.store import models
from bot.store.database import Tx, new_id

KEPT = timedelta(days=7)


@dataclass(frozen=True)
class ShiftNote:
    """What one shift left for the next: the house, the phone, the machines. Never a person."""

    id: str
    counsellor_id: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Planned:
    """A shift to come."""

    id: str
    starts_at: datetime
    until: datetime


def write(tx: Tx, counsellor_id: str, text: str) -> str:
    """Leave a note; returns its id."""
    note_id = new_id()
    tx.keys.create(note_id)
    tx.session.add(
        models.ShiftNote(
            id=note_id,
            counsellor_id=counsellor_id,
            at=tx.now,
            text_sealed=tx.keys.seal(note_id, text, _aad(note_id)),
        )
    )
    tx.session.flush()
    return note_id


def latest(tx: Tx, most: int = 10) -> list[ShiftNote]:
    """The newest first."""
    query = select(models.ShiftNote).order_by(models.ShiftNote.at.desc(), models.ShiftNote.id)
    found = []
    for row in tx.session.scalars(query.limit(most)):
        text = tx.keys.open_text(row.id, row.text_sealed, _aad(row.id))
        found.append(ShiftNote(row.id, row.counsellor_id, row.at, text))
    return found


def remove(tx: Tx, note_id: str) -> bool:
    """Take a note away, its key too. False when it was gone."""
    row = tx.session.get(models.ShiftNote, note_id)
    if row is None:
        return False
    tx.keys.destroy(note_id)
    tx.session.delete(row)
    tx.session.flush()
    return True


def plan(tx: Tx, counsellor_id: str, starts_at: datetime, until: datetime) -> str:
    """A shift to come; returns its id."""
    planned_id = new_id()
    tx.session.add(
        models.PlannedShift(id=planned_id, made_by=counsellor_id, starts_at=starts_at, until=until)
    )
    tx.session.flush()
    return planned_id


def to_come(tx: Tx) -> list[Planned]:
    """Shifts that are not over, the first first."""
    rows = tx.session.scalars(
        select(models.PlannedShift)
        .where(models.PlannedShift.until > tx.now)
        .order_by(models.PlannedShift.starts_at, models.PlannedShift.id)
    )
    return [Planned(row.id, row.starts_at, row.until) for row in rows]


def next_start(tx: Tx, within: timedelta) -> datetime | None:
    """When the next shift begins, if that is within this time. One that should be under way is
    no promise: nobody came."""
    coming = [one.starts_at for one in to_come(tx) if one.starts_at > tx.now]
    return coming[0] if coming and coming[0] - tx.now <= within else None


def unplan(tx: Tx, planned_id: str) -> bool:
    """Take a shift off the board. False when it was gone."""
    result = tx.session.execute(
        delete(models.PlannedShift).where(models.PlannedShift.id == planned_id)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def sweep(tx: Tx) -> int:
    """Remove what is past its time; returns how many things."""
    old = tx.session.scalars(
        select(models.ShiftNote.id).where(models.ShiftNote.at < tx.now - KEPT)
    ).all()
    for note_id in old:
        remove(tx, note_id)
    over = tx.session.execute(delete(models.PlannedShift).where(models.PlannedShift.until < tx.now))
    return len(old) + int(over.rowcount)  # type: ignore[attr-defined]


def _aad(note_id: str) -> str:
    return f"shift_notes.text:{note_id}"

"""Changes of the texts: drafts, proposals, what went live by whom, and what was undone.

The files stay the truth; this is who proposed what, who approved it, and both texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update

from bot.store import models
from bot.store.database import Tx, new_id

State = Literal["draft", "waiting", "sent_back", "withdrawn", "live"]
Kept = Literal["draft", "waiting"]
OPEN: tuple[State, ...] = ("draft", "waiting", "sent_back")  # can still be worked on

KEPT_LIVE = timedelta(days=730)
KEPT_OTHERS = timedelta(days=183)


@dataclass(frozen=True)
class Change:
    """One change; the fields are those of the table (models_content.py)."""

    id: str
    place: str
    lang: str | None
    state: str
    before: str
    after: str
    note: str
    words_only: bool
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str
    batch: str | None
    undoes: str | None
    alone: bool


@dataclass(frozen=True)
class Wanted:
    """What somebody wants changed."""

    place: str
    lang: str | None
    before: str
    after: str
    note: str = ""
    words_only: bool = False
    undoes: str | None = None


def save(tx: Tx, by: str, wanted: Wanted, state: Kept, change_id: str = "") -> str:
    """Keep a draft or a proposal; one's own draft or returned proposal goes on under its id.

    Returns the id: a new one when `change_id` is nobody's open change, or another's.
    """
    row = tx.session.get(models.TextChange, change_id) if change_id else None
    mine = row is not None and row.proposed_by == by and row.state in ("draft", "sent_back")
    if row is None or not mine or (row.place, row.lang) != (wanted.place, wanted.lang):
        row = models.TextChange(id=new_id(), place=wanted.place, lang=wanted.lang, alone=False)
        row.answer = ""
        tx.session.add(row)
    row.state, row.before, row.after = state, wanted.before, wanted.after
    row.note, row.words_only, row.undoes = wanted.note, wanted.words_only, wanted.undoes
    row.proposed_by, row.proposed_at = by, tx.now
    tx.session.flush()
    return row.id


def get(tx: Tx, change_id: str) -> Change | None:
    """One change, or None."""
    row = tx.session.get(models.TextChange, change_id)
    return None if row is None else _read(row)


def of_place(tx: Tx, place: str) -> list[Change]:
    """Everything about one topic or entry, the newest first."""
    table = models.TextChange
    rows = tx.session.scalars(
        select(table).where(table.place == place).order_by(table.proposed_at.desc(), table.id)
    )
    return [_read(row) for row in rows]


def opened(tx: Tx) -> list[Change]:
    """Everything that is not decided, the oldest first."""
    table = models.TextChange
    rows = tx.session.scalars(
        select(table).where(table.state.in_(OPEN)).order_by(table.proposed_at, table.id)
    )
    return [_read(row) for row in rows]


def lives(tx: Tx) -> list[Change]:
    """What went live, the newest first."""
    table = models.TextChange
    rows = tx.session.scalars(
        select(table).where(table.state == "live").order_by(table.decided_at.desc(), table.id)
    )
    return [_read(row) for row in rows]


def of_batch(tx: Tx, batch: str) -> list[Change]:
    """What went live together."""
    table = models.TextChange
    rows = tx.session.scalars(select(table).where(table.batch == batch).order_by(table.lang))
    return [_read(row) for row in rows]


def decide(
    tx: Tx,
    ids: Sequence[str],
    by: str,
    state: Literal["live", "sent_back", "withdrawn"],
    *,
    answer: str = "",
    batch: str | None = None,
) -> bool:
    """Move these on together. False when one of them was decided by somebody else before."""
    table = models.TextChange
    expected = ("waiting",) if state != "withdrawn" else OPEN
    result = tx.session.execute(
        update(table)
        .where(table.id.in_(ids), table.state.in_(expected))
        .values(state=state, decided_by=by, decided_at=tx.now, answer=answer, batch=batch)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount == len(ids))  # type: ignore[attr-defined]


def undone_alone(tx: Tx, by: str, undone: Sequence[Change], note: str) -> list[str]:
    """Keep that one person put these back at once; returns the new ids."""
    batch = new_id()
    made = []
    for change in undone:
        row = models.TextChange(
            id=new_id(),
            place=change.place,
            lang=change.lang,
            state="live",
            before=change.after,
            after=change.before,
            note=note,
            words_only=change.words_only,
            proposed_by=by,
            proposed_at=tx.now,
            decided_by=by,
            decided_at=tx.now,
            answer="",
            batch=batch,
            undoes=change.id,
            alone=True,
        )
        tx.session.add(row)
        made.append(row.id)
    tx.session.flush()
    return made


def sweep(tx: Tx) -> int:
    """Forget what went live two years ago, and what was left lying for half a year."""
    table = models.TextChange
    gone = tx.session.execute(
        delete(table).where(
            ((table.state == "live") & (table.decided_at < tx.now - KEPT_LIVE))
            | ((table.state != "live") & (table.proposed_at < tx.now - KEPT_OTHERS))
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _read(row: models.TextChange) -> Change:
    return Change(**{name: getattr(row, name) for name in Change.__dataclass_fields__})

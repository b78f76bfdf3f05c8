"""The rows of calls through the switchboard. The rules stand in bot/handoff/calls.py.

calling ──▶ connecting ──▶ talking ──▶ ended
   └────────────┴────────────────────────▲   (each step once: webhooks are repeated)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.store import models, provider_copies
from bot.store.database import Tx, new_id

RINGS_AT_MOST = timedelta(minutes=3)
TALKS_AT_MOST = timedelta(minutes=65)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class CallRow:
    """One try. `counsellor_sid` and `person_sid` are the provider's ids of its two halves."""

    id: str
    handoff_id: str
    counsellor_id: str
    state: str
    outcome: str | None
    counsellor_sid: str | None
    person_sid: str | None
    texted: bool
    started_at: datetime
    ended_at: datetime | None


def add(tx: Tx, handoff_id: str, counsellor_id: str) -> str:
    """A new call whose counsellor is about to be rung. Returns its id."""
    call_id = new_id()
    tx.session.add(
        models.Call(
            id=call_id,
            handoff_id=handoff_id,
            counsellor_id=counsellor_id,
            state="calling",
            texted=False,
            started_at=tx.now,
        )
    )
    tx.session.flush()
    return call_id


def get(tx: Tx, call_id: str) -> CallRow | None:
    """One call."""
    row = tx.session.get(models.Call, call_id, populate_existing=True)
    return None if row is None else _read(row)


def of_handoff(tx: Tx, handoff_id: str) -> list[CallRow]:
    """The tries of a case, oldest first."""
    return _select(tx, models.Call.handoff_id == handoff_id)


def under_way(tx: Tx, handoff_id: str, counsellor_id: str) -> bool:
    """True while this case or this counsellor has a call that has not ended."""
    mine = (models.Call.handoff_id == handoff_id) | (models.Call.counsellor_id == counsellor_id)
    return bool(_select(tx, models.Call.state != "ended", mine))


def change(tx: Tx, call_id: str, when: str, **values: Any) -> bool:
    """Set columns, but only while the call is in state `when`. Of two who try, one gets True."""
    result = tx.session.execute(
        update(models.Call)
        .where(models.Call.id == call_id, models.Call.state == when)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def note_sid(tx: Tx, call_id: str, half: str, sid: str) -> None:
    """The provider's id of one half ("counsellor" or "person"), whatever the state is by now."""
    tx.session.execute(
        update(models.Call)
        .where(models.Call.id == call_id)
        .values({f"{half}_sid": sid})
        .execution_options(synchronize_session=False)
    )


def sweep(tx: Tx) -> int:
    """End calls of which nothing was heard any more, and forget old ones. Returns how many."""
    table = models.Call
    for states, longest, outcome in (
        (("calling", "connecting"), RINGS_AT_MOST, "failed"),
        (("talking",), TALKS_AT_MOST, "talked"),
    ):
        for row in _select(tx, table.state.in_(states), table.started_at < tx.now - longest):
            change(tx, row.id, row.state, state="ended", outcome=outcome, ended_at=tx.now)
            sids = [sid for sid in (row.counsellor_sid, row.person_sid) if sid]
            provider_copies.note_nobodys(tx, sids)
    gone = tx.session.execute(delete(table).where(table.started_at < tx.now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _select(tx: Tx, *conditions: Any) -> list[CallRow]:
    query = select(models.Call).where(*conditions).order_by(models.Call.started_at, models.Call.id)
    rows = tx.session.scalars(query.execution_options(populate_existing=True))
    return [_read(row) for row in rows]


def _read(row: models.Call) -> CallRow:
    names = CallRow.__dataclass_fields__
    return CallRow(**{name: getattr(row, name) for name in names})

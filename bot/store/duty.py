"""Who is at the desk now, until when, and who has taken a pause.

On duty is what a counsellor says, present what her open page proves. Only who is both, and has no
pause, makes it true that a counsellor has been told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from bot.store import models
from bot.store.database import Tx

GONE_AFTER = timedelta(seconds=20)
"""After a connection that was seen to end: long enough for a reload or another page."""

OVERTIME = timedelta(minutes=30)
"""So long after the end she gave her shift she still counts: then an open page proves nothing."""


@dataclass(frozen=True)
class OnDuty:
    """A line of the shift board. `present`: her page is open, and she has no pause."""

    id: str
    name: str
    until: datetime | None
    paused_at: datetime | None
    present: bool


def someone_seen_since(tx: Tx, when: datetime) -> bool:
    """True when an active counsellor is on duty, without a pause, and heard from since `when`."""
    query = select(models.Counsellor.id).where(*_on_duty(tx), *_present(tx, when))
    return tx.session.scalar(query.limit(1)) is not None


def board(tx: Tx, within: timedelta) -> list[OnDuty]:
    """Everyone on duty, by name; also who has a pause, or whose page is not open."""
    people = models.Counsellor
    rows = tx.session.scalars(
        select(people).where(*_on_duty(tx)).order_by(people.display_name, people.id)
    ).all()
    present = set(tx.session.scalars(select(people.id).where(*_present(tx, tx.now - within))))
    return [
        OnDuty(row.id, row.display_name, row.on_duty_until, row.paused_at, row.id in present)
        for row in rows
    ]


def begin(tx: Tx, counsellor_id: str, until: datetime | None) -> None:
    """She is on duty, until then; a pause is over."""
    _set(tx, counsellor_id, on_duty=True, on_duty_until=until, paused_at=None, gone_at=None)


def end(tx: Tx, counsellor_id: str) -> None:
    """She is on duty no longer."""
    _set(tx, counsellor_id, on_duty=False, on_duty_until=None, paused_at=None)


def pause(tx: Tx, counsellor_id: str, paused: bool) -> None:
    """A pause begins, or is over. Whoever has one is seen on the board and not counted."""
    _set(tx, counsellor_id, paused_at=tx.now if paused else None)


def gone(tx: Tx, counsellor_id: str) -> None:
    """Her last connection was seen to end."""
    values: dict[str, Any] = {"gone_at": tx.now}
    tx.session.execute(
        update(models.Counsellor)
        .where(models.Counsellor.id == counsellor_id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def here(tx: Tx, counsellor_id: str) -> None:
    """Her page is open and connected now."""
    _set(tx, counsellor_id, gone_at=None)


def desk_wrote_since(tx: Tx, conversation_id: str, when: datetime) -> bool:
    """True when a counsellor wrote to the person at or after `when`."""
    query = select(models.StoredMessage.id).where(
        models.StoredMessage.conversation_id == conversation_id,
        models.StoredMessage.author == "desk",
        models.StoredMessage.at >= when,
    )
    return tx.session.scalar(query.limit(1)) is not None


def waits_for_answer(tx: Tx, conversation_id: str, since: datetime) -> str | None:
    """Id of the person's last message since then that no counsellor has answered yet."""
    query = (
        select(models.StoredMessage.id, models.StoredMessage.author)
        .where(
            models.StoredMessage.conversation_id == conversation_id,
            models.StoredMessage.author.in_(("person", "desk")),
            models.StoredMessage.at >= since,
        )
        .order_by(models.StoredMessage.seq.desc())
        .limit(1)
    )
    last = tx.session.execute(query).first()
    return last.id if last is not None and last.author == "person" else None


def _on_duty(tx: Tx) -> tuple[Any, ...]:
    people = models.Counsellor
    return (
        people.active.is_(True),
        people.on_duty.is_(True),
        or_(people.on_duty_until.is_(None), people.on_duty_until > tx.now - OVERTIME),
    )


def _present(tx: Tx, since: datetime) -> tuple[Any, ...]:
    people = models.Counsellor
    return (
        people.paused_at.is_(None),
        people.last_seen_at >= since,
        or_(people.gone_at.is_(None), people.gone_at > tx.now - GONE_AFTER),
    )


def _set(tx: Tx, counsellor_id: str, **values: Any) -> None:
    tx.session.execute(
        update(models.Counsellor)
        .where(models.Counsellor.id == counsellor_id)
        .values(last_seen_at=tx.now, **values)
        .execution_options(synchronize_session="fetch")
    )

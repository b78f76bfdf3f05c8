"""The rows of handoffs: adding, reading, guarded changes. The rules stand in bot/handoff/queue.py.

Each handoff has a key of its own (owner id = handoff id), because it outlives its conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select, update

from bot.channels.messages import Channel, Lang
from bot.store import case_events, models
from bot.store.database import Tx, new_id

Status = Literal["waiting", "taken", "closed", "withdrawn"]
OPEN: tuple[Status, ...] = ("waiting", "taken")


@dataclass(frozen=True)
class HandoffRow:
    """One handoff without its words. Times are aware UTC."""

    id: str
    conversation_id: str | None
    designation: str
    channel: Channel
    lang: Lang
    how: str
    urgency: str
    reasons: tuple[str, ...]
    status: Status
    has_code: bool
    created_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    lease_until: datetime | None
    waiting_since: datetime
    lapsed_at: datetime | None
    notified_at: datetime | None
    second_at: datetime | None
    told_waiting_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


def add(
    tx: Tx,
    body: str,
    *,
    conversation_id: str,
    designation: str,
    channel: Channel,
    lang: Lang,
    how: str,
    urgency: str,
    reasons: Sequence[str],
    code_hash: str | None,
    created_at: datetime,
) -> str:
    """A new waiting handoff with `body` sealed under a key of its own. Returns its id."""
    handoff_id = new_id()
    tx.keys.create(handoff_id)
    tx.session.add(
        models.Handoff(
            id=handoff_id,
            conversation_id=conversation_id,
            designation=designation,
            channel=channel,
            lang=lang,
            how=how,
            urgency=urgency,
            reasons=",".join(reasons)[:200],
            status="waiting",
            code_hash=code_hash,
            case_sealed=tx.keys.seal(handoff_id, body, _aad("case", handoff_id)),
            created_at=created_at,
            waiting_since=tx.now,
        )
    )
    tx.session.flush()
    return handoff_id


def get(tx: Tx, handoff_id: str) -> HandoffRow | None:
    """One handoff; None when there never was one."""
    row = tx.session.get(models.Handoff, handoff_id, populate_existing=True)
    return None if row is None else _read(row)


def of_conversation(tx: Tx, conversation_id: str) -> list[HandoffRow]:
    """The open handoffs of a conversation, newest first."""
    return _select(
        tx,
        models.Handoff.conversation_id == conversation_id,
        models.Handoff.status.in_(OPEN),
    )[::-1]


def closed_of_conversation(tx: Tx, conversation_id: str) -> list[HandoffRow]:
    """The closed handoffs of a conversation, oldest first."""
    return _select(
        tx,
        models.Handoff.conversation_id == conversation_id,
        models.Handoff.status == "closed",
    )


def all_open(tx: Tx) -> list[HandoffRow]:
    """Waiting and taken ones, oldest first."""
    return _select(tx, models.Handoff.status.in_(OPEN))


def lapsed(tx: Tx) -> list[HandoffRow]:
    """Taken ones whose lease has run out."""
    return _select(tx, models.Handoff.status == "taken", models.Handoff.lease_until <= tx.now)


def taken_by(tx: Tx, counsellor_id: str) -> list[HandoffRow]:
    """The cases a counsellor has now, oldest first."""
    return _select(tx, models.Handoff.status == "taken", models.Handoff.taken_by == counsellor_id)


def hold_until(tx: Tx, until: datetime, counsellor_id: str | None = None) -> int:
    """Taken cases (of one counsellor, if given) are held at least until then. How many changed."""
    return _lease(tx, until, counsellor_id, models.Handoff.lease_until < until)


def hold_no_longer_than(tx: Tx, until: datetime, counsellor_id: str) -> int:
    """The cases a counsellor has are held at most until then. How many changed."""
    return _lease(tx, until, counsellor_id, models.Handoff.lease_until > until)


def _lease(tx: Tx, until: datetime, counsellor_id: str | None, condition: Any) -> int:
    conditions = [models.Handoff.status == "taken", condition]
    if counsellor_id is not None:
        conditions.append(models.Handoff.taken_by == counsellor_id)
    result = tx.session.execute(
        update(models.Handoff)
        .where(*conditions)
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def ended_before(tx: Tx, when: datetime) -> list[HandoffRow]:
    """Closed or withdrawn before `when` and still holding words or a designation."""
    return _select(
        tx,
        models.Handoff.status.in_(("closed", "withdrawn")),
        models.Handoff.closed_at <= when,
        models.Handoff.designation != "",
    )


def note_first_taken(tx: Tx, handoff_id: str) -> None:
    """How long the person waited for the first counsellor; a later one changes nothing."""
    change(tx, handoff_id, {"first_taken_at": None}, first_taken_at=tx.now)


def by_code_hash(tx: Tx, code_hash: str) -> HandoffRow | None:
    """The open handoff with this code."""
    rows = _select(tx, models.Handoff.code_hash == code_hash, models.Handoff.status.in_(OPEN))
    return rows[0] if rows else None


def change(tx: Tx, handoff_id: str, when: dict[str, Any], **values: Any) -> bool:
    """Set columns of one row, but only while it still is as `when` says. True if it was.

    One UPDATE with the condition in it: of two who try at once, exactly one gets True.
    """
    conditions = [getattr(models.Handoff, name) == value for name, value in when.items()]
    result = tx.session.execute(
        update(models.Handoff)
        .where(models.Handoff.id == handoff_id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def body(tx: Tx, handoff_id: str) -> str | None:
    """The draft as JSON; None after it was erased."""
    return _open(tx, handoff_id, "case")


def notes(tx: Tx, handoff_id: str) -> str | None:
    """The counsellors' notes as JSON; None when there are none."""
    return _open(tx, handoff_id, "notes")


def keep_notes(tx: Tx, handoff_id: str, text: str) -> None:
    """Replace the notes. Raises Unreadable when the handoff was erased."""
    sealed = tx.keys.seal(handoff_id, text, _aad("notes", handoff_id))
    change(tx, handoff_id, {}, notes_sealed=sealed)


def forget_words(tx: Tx, handoff_id: str) -> None:
    """Destroy the key: draft, contact and notes are unreadable from now on, in backups too."""
    tx.keys.destroy(handoff_id)
    case_events.forget(tx, handoff_id, "changed")
    change(tx, handoff_id, {}, case_sealed=None, notes_sealed=None, code_hash=None, reasons="")


def replace_words(tx: Tx, handoff_id: str, body: str) -> None:
    """A shorter draft under a new key, so that the longer one is gone from backups as well."""
    forget_words(tx, handoff_id)
    tx.session.flush()
    tx.keys.create(handoff_id)
    sealed = tx.keys.seal(handoff_id, body, _aad("case", handoff_id))
    change(tx, handoff_id, {}, case_sealed=sealed)


def _aad(column: str, handoff_id: str) -> str:
    return f"handoffs.{column}:{handoff_id}"


def _open(tx: Tx, handoff_id: str, column: Literal["case", "notes"]) -> str | None:
    row = tx.session.get(models.Handoff, handoff_id, populate_existing=True)
    sealed = None if row is None else getattr(row, f"{column}_sealed")
    if sealed is None or not tx.keys.exists(handoff_id):
        return None
    return tx.keys.open_text(handoff_id, sealed, _aad(column, handoff_id))


def _select(tx: Tx, *conditions: Any) -> list[HandoffRow]:
    query = select(models.Handoff).where(*conditions)
    # The time first; ids only make the order of two in the same instant the same every time.
    query = query.order_by(models.Handoff.created_at, models.Handoff.id)
    rows = tx.session.scalars(query.execution_options(populate_existing=True))
    return [_read(row) for row in rows]


def _read(row: models.Handoff) -> HandoffRow:
    return HandoffRow(
        id=row.id,
        conversation_id=row.conversation_id,
        designation=row.designation,
        channel=cast(Channel, row.channel),
        lang=cast(Lang, row.lang),
        how=row.how,
        urgency=row.urgency,
        reasons=tuple(part for part in row.reasons.split(",") if part),
        status=cast(Status, row.status),
        has_code=row.code_hash is not None,
        created_at=row.created_at,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        lease_until=row.lease_until,
        waiting_since=row.waiting_since or row.created_at,
        lapsed_at=row.lapsed_at,
        notified_at=row.notified_at,
        second_at=row.second_at,
        told_waiting_at=row.told_waiting_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )

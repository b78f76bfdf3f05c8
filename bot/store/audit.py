"""The audit log: who did what to which random id, and when. Never words, numbers or names.

Written in the same transaction as the action, so that neither exists without the other, and
chained to the line before (audit_chain.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from bot.store import audit_chain, models
from bot.store.database import Tx, new_id

Action = Literal[
    "sign_in",
    "sign_in_failed",
    "sign_in_recovery",
    "sign_out",
    "signed_out_others",
    "signed_out_by",
    "code_guessed",
    "password_changed",
    "recovery_made",
    "factor_reset",
    "factor_set",
    "roles_changed",
    "account_created",
    "account_opened",
    "account_closed",
    "invitation_made",
    "duty_on",
    "duty_off",
    "pause_on",
    "pause_off",
    "shift_noted",
    "shift_note_removed",
    "shift_planned",
    "shift_unplanned",
    "duty_ended_by",
    "case_opened",
    "case_taken",
    "case_read",
    "case_taken_over",
    "case_put_back",
    "case_given_back",
    "case_closed",
    "case_lapsed",
    "case_written",
    "case_noted",
    "safe_word_set",
    "same_person",
    "number_shown",
    "call_begun",
    "call_connected",
    "call_ended",
    "quote_opened",
    "code_used",
    "code_wrong",
    "alarm_seen",
    "alarm_closed",
    "alarm_read",
    "audit_read",
    "missed_kept",
    "missed_done",
    "asked_there",
    "call_planned",
    "call_noted",
    "journal_made",
    "misuse_marked",
    "misuse_agreed",
    "misuse_refused",
    "misuse_undone",
    "misuse_looked",
    "reply_changed",
    "day_proposed",
    "day_confirmed",
    "day_called_off",
    "day_ended",
    "day_opened",
    "text_proposed",
    "text_approved",
    "text_sent_back",
    "text_withdrawn",
    "text_undone_alone",
]


@dataclass(frozen=True)
class Entry:
    """One line of the log. `counsellor_id` is None for what the service did by itself."""

    id: str
    seq: int
    at: datetime
    counsellor_id: str | None
    action: str
    object_id: str | None
    detail: str | None


@dataclass(frozen=True)
class Filter:
    """Which lines to show; None: all."""

    counsellor_id: str | None = None
    object_id: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None  # only lines with a lower number: the next page


def write(
    tx: Tx,
    action: Action,
    counsellor_id: str | None = None,
    object_id: str | None = None,
    detail: str | None = None,
) -> None:
    """Add one line. `object_id` is a random id of our own and `detail` ids of a fixed list, never
    a value from outside."""
    entry = models.AuditEntry(
        id=new_id(),
        at=tx.now,
        counsellor_id=counsellor_id,
        action=action,
        object_id=object_id,
        detail=detail,
    )
    audit_chain.append(tx, entry)


def latest(tx: Tx, limit: int = 100, only: Filter | None = None) -> list[Entry]:
    """The newest lines first, those that `only` lets through."""
    wanted = only or Filter()
    query = select(models.AuditEntry)
    for column, value in (
        (models.AuditEntry.counsellor_id, wanted.counsellor_id),
        (models.AuditEntry.object_id, wanted.object_id),
        (models.AuditEntry.action, wanted.action),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(models.AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(models.AuditEntry.at < wanted.until)
    if wanted.before is not None:
        query = query.where(models.AuditEntry.seq < wanted.before)
    rows = tx.session.scalars(query.order_by(models.AuditEntry.seq.desc()).limit(limit))
    return [_read(row) for row in rows]


def last_of(tx: Tx, object_id: str, actions: Collection[Action]) -> Entry | None:
    """The newest line about an object with one of these actions."""
    query = select(models.AuditEntry).where(
        models.AuditEntry.object_id == object_id, models.AuditEntry.action.in_(actions)
    )
    row = tx.session.scalar(query.order_by(models.AuditEntry.seq.desc()).limit(1))
    return None if row is None else _read(row)


def count_since(tx: Tx, action: Action, counsellor_id: str | None, since: datetime) -> int:
    """How often a counsellor (None: anybody) did this after `since`; slows down guessing codes."""
    query = (
        select(func.count())
        .select_from(models.AuditEntry)
        .where(models.AuditEntry.action == action, models.AuditEntry.at >= since)
    )
    if counsellor_id is not None:
        query = query.where(models.AuditEntry.counsellor_id == counsellor_id)
    return tx.session.scalar(query) or 0


def read_lately(
    tx: Tx,
    actions: Collection[Action],
    counsellor_id: str,
    object_ids: Collection[str],
    since: datetime,
) -> set[str]:
    """Which of these she has done one of these actions to, from `since` on."""
    if not object_ids:
        return set()
    query = select(models.AuditEntry.object_id).where(
        models.AuditEntry.object_id.in_(object_ids),
        models.AuditEntry.counsellor_id == counsellor_id,
        models.AuditEntry.action.in_(actions),
        models.AuditEntry.at >= since,
    )
    return {found for found in tx.session.scalars(query) if found is not None}


def nobody_since(tx: Tx, action: Action, since: datetime) -> bool:
    """Does a line with this action and nobody's name stand there already, from `since` or later?"""
    query = select(models.AuditEntry.id).where(
        models.AuditEntry.counsellor_id.is_(None),
        models.AuditEntry.action == action,
        models.AuditEntry.at >= since,
    )
    return tx.session.scalar(query.limit(1)) is not None


def _read(row: models.AuditEntry) -> Entry:
    return Entry(row.id, row.seq, row.at, row.counsellor_id, row.action, row.object_id, row.detail)

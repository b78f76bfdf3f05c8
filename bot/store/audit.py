"""The audit log: who did what to which random id, and when. Never words, numbers or names.

Written in the same transaction as the action, so that neither exists without the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from bot.store import models
from bot.store.database import Tx, new_id

Action = Literal[
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "account_created",
    "account_opened",
    "account_closed",
    "invitation_made",
    "duty_on",
    "duty_off",
    "case_opened",
    "case_taken",
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
    "audit_read",
    "missed_kept",
    "missed_done",
]


@dataclass(frozen=True)
class Entry:
    """One line of the log. `counsellor_id` is None for what the service did by itself."""

    id: str
    at: datetime
    counsellor_id: str | None
    action: str
    object_id: str | None


def write(
    tx: Tx, action: Action, counsellor_id: str | None = None, object_id: str | None = None
) -> None:
    """Add one line. `object_id` is a random id of our own, never a value from outside."""
    tx.session.add(
        models.AuditEntry(
            id=new_id(),
            at=tx.now,
            counsellor_id=counsellor_id,
            action=action,
            object_id=object_id,
        )
    )


def latest(tx: Tx, limit: int = 100, after: tuple[datetime, str] | None = None) -> list[Entry]:
    """The newest lines first; with `after` (time and id of a line) those that come after it."""
    query = select(models.AuditEntry)
    if after is not None:
        at, entry_id = after
        same_moment = (models.AuditEntry.at == at) & (models.AuditEntry.id > entry_id)
        query = query.where((models.AuditEntry.at < at) | same_moment)
    rows = tx.session.scalars(
        query.order_by(models.AuditEntry.at.desc(), models.AuditEntry.id).limit(limit)
    )
    return [Entry(row.id, row.at, row.counsellor_id, row.action, row.object_id) for row in rows]


def count_since(tx: Tx, action: Action, counsellor_id: str, since: datetime) -> int:
    """How often a counsellor did this after `since`; slows down the guessing of codes."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(models.AuditEntry)
            .where(
                models.AuditEntry.action == action,
                models.AuditEntry.counsellor_id == counsellor_id,
                models.AuditEntry.at >= since,
            )
        )
        or 0
    )

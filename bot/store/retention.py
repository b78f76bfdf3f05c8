"""How long things live (docs/privacy.md). A job runs `sweep` every minute; tests move the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from bot.store import (
    audit_chain,
    calls,
    case_events,
    conversations,
    day_wishes,
    missed,
    misuse,
    models,
    outbox,
    ready_replies,
    shift_notes,
    sign_ins,
    statistics,
    text_changes,
)
from bot.store.database import Tx


@dataclass(frozen=True)
class Limits:
    """The limits of docs/privacy.md; see bot/settings.py for their bounds."""

    conversation: timedelta
    audit: timedelta


def sweep(tx: Tx, limits: Limits) -> int:
    """Remove everything that is past its time; returns how many things.

    Ended cases and alarms are emptied by handoff/erase.py (`expire_ended`).
    """
    _expired_sessions(tx)
    removed = _conversations(tx, limits) + outbox.forget_old(tx) + _audit(tx, limits)
    statistics.count_cases(tx)  # once the conversation is gone, while calls are still here
    beside = case_events.sweep(tx) + misuse.sweep(tx) + ready_replies.sweep(tx)
    beside += shift_notes.sweep(tx) + text_changes.sweep(tx)
    return removed + beside + calls.sweep(tx) + missed.sweep(tx)


def _conversations(tx: Tx, limits: Limits) -> int:
    ids = tx.session.scalars(
        select(models.Conversation.id).where(
            models.Conversation.last_at < tx.now - limits.conversation
        )
    ).all()
    for conversation_id in ids:
        if _waits_for_the_desk(tx, conversation_id):
            _forget_words(tx, conversation_id)
        else:
            conversations.erase(tx, conversation_id)
    return len(ids)


def _waits_for_the_desk(tx: Tx, conversation_id: str) -> bool:
    """An open case, or a talk to come, keeps the way to reach the person (number, channel)."""
    if day_wishes.is_open(tx, conversation_id):
        return True
    query = select(models.Handoff.id).where(
        models.Handoff.conversation_id == conversation_id,
        models.Handoff.status.in_(("waiting", "taken")),
    )
    return tx.session.scalar(query.limit(1)) is not None


def _forget_words(tx: Tx, conversation_id: str) -> None:
    conversations.erase_words(tx, conversation_id)
    found = conversations.get(tx, conversation_id)
    if found is not None:
        statistics.contact_ended(tx, found)
        found.state = conversations.State(
            safe=found.state.safe,
            neutral=found.state.neutral,
            opened=True,
            handoff_id=found.state.handoff_id,
            doubt=found.state.doubt,
            unproven=found.state.unproven,
            heard_at=found.state.heard_at,
            blocked_until=found.state.blocked_until,
            slowed=found.state.slowed,
            tally=found.state.tally,
            counted=found.state.counted,
            feedback=found.state.feedback,
        )
        conversations.save(tx, found)


def _audit(tx: Tx, limits: Limits) -> int:
    return audit_chain.drop_before(tx, tx.now - limits.audit)


def _expired_sessions(tx: Tx) -> None:
    day = timedelta(days=1)
    tx.session.execute(
        delete(models.DeskSession).where(models.DeskSession.created_at < tx.now - day)
    )
    tx.session.execute(delete(models.Invitation).where(models.Invitation.expires_at < tx.now))
    sign_ins.forget_old(tx)

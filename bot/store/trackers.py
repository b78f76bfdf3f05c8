"""Rasa's memory of a conversation: bytes, sealed with the conversation's key."""

from __future__ import annotations

from sqlalchemy import delete

from bot.store import models
from bot.store.database import Tx


def load(tx: Tx, conversation_id: str) -> bytes | None:
    """What was saved last; None for a new or erased conversation."""
    row = tx.session.get(models.Tracker, conversation_id)
    if row is None or not tx.keys.exists(conversation_id):
        return None
    return tx.keys.open(conversation_id, row.body_sealed, f"trackers.body:{conversation_id}")


def save(tx: Tx, conversation_id: str, body: bytes) -> None:
    """Replace it. A conversation erased meanwhile gets nothing."""
    if not tx.keys.exists(conversation_id):
        return
    sealed = tx.keys.seal(conversation_id, body, f"trackers.body:{conversation_id}")
    tx.session.merge(models.Tracker(conversation_id=conversation_id, body_sealed=sealed, at=tx.now))


def forget(tx: Tx, conversation_id: str) -> None:
    """Rasa starts anew with this person."""
    tx.session.execute(
        delete(models.Tracker).where(models.Tracker.conversation_id == conversation_id)
    )

"""Who is at the desk now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.store import models
from bot.store.database import Tx


def someone_seen_since(tx: Tx, when: datetime) -> bool:
    """True when an active counsellor is on duty and was heard from at or after `when`."""
    query = select(models.Counsellor.id).where(
        models.Counsellor.active.is_(True),
        models.Counsellor.on_duty.is_(True),
        models.Counsellor.last_seen_at >= when,
    )
    return tx.session.scalar(query.limit(1)) is not None


def desk_wrote_since(tx: Tx, conversation_id: str, when: datetime) -> bool:
    """True when a counsellor wrote to the person at or after `when`."""
    query = select(models.StoredMessage.id).where(
        models.StoredMessage.conversation_id == conversation_id,
        models.StoredMessage.author == "desk",
        models.StoredMessage.at >= when,
    )
    return tx.session.scalar(query.limit(1)) is not None

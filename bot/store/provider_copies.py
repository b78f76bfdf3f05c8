"""What the provider still keeps a copy of: asked to delete it when the conversation is erased.

A row holds the provider's id of one text and nothing of the text. While the conversation lives it
waits; erasing (SLETT, Forlat siden, retention) makes it due, and a job deletes the copy there
(channels/sms/copies.py). The row goes when the copy is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from bot.store import models
from bot.store.database import Tx, new_id

# A webhook that is posted again within this time is still known as a repeat after erasing.
KNOWN_FOR = timedelta(minutes=2)
# Seconds until the next try, by how many tries there were; the last one repeats. The provider
# refuses to delete a text until the network has said how it fared, which takes up to some hours.
BACK_OFF = (60, 300, 900, 3600, 4 * 3600)
DAY = 24 * 3600
GIVE_UP_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Copy:
    """One copy that is to be deleted now."""

    id: str
    provider_sid: str


def note(tx: Tx, conversation_id: str, provider_sid: str) -> bool:
    """The provider has a text of this conversation; of one erased meanwhile it is due at once.

    False when that was known.
    """
    if _of_sid(tx, provider_sid) is not None:
        return False
    lives = tx.keys.exists(conversation_id)
    tx.session.add(
        models.ProviderCopy(
            id=new_id(),
            conversation_id=conversation_id if lives else None,
            provider_sid=provider_sid,
            erase_at=None if lives else tx.now + KNOWN_FOR,
            attempts=0,
            created_at=tx.now,
        )
    )
    tx.session.flush()
    return True


def note_nobodys(tx: Tx, provider_sids: list[str]) -> None:
    """Texts that belong to no conversation any more, such as the answer to SLETT."""
    for provider_sid in provider_sids:
        note(tx, "", provider_sid)


def release(tx: Tx, conversation_id: str) -> int:
    """The conversation's words are erased: its copies are due, tied to nobody. Returns how many."""
    table = models.ProviderCopy
    result = tx.session.execute(
        update(table)
        .where(table.conversation_id == conversation_id)
        .values(conversation_id=None, erase_at=tx.now + KNOWN_FOR)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def is_erased(tx: Tx, provider_sid: str) -> bool:
    """True for a text whose words were erased here: its webhook, posted again, is a repeat."""
    row = _of_sid(tx, provider_sid)
    return row is not None and row.erase_at is not None


def due(tx: Tx, limit: int = 50) -> list[Copy]:
    """Copies to delete now, oldest first."""
    table = models.ProviderCopy
    rows = tx.session.scalars(
        select(table).where(table.erase_at <= tx.now).order_by(table.erase_at).limit(limit)
    )
    return [Copy(row.id, row.provider_sid) for row in rows]


def gone(tx: Tx, copy_id: str) -> None:
    """The provider has deleted it."""
    row = tx.session.get(models.ProviderCopy, copy_id)
    if row is not None:
        tx.session.delete(row)


def again_later(tx: Tx, copy_id: str) -> bool:
    """It could not be deleted now. False when it has been tried for so long that we give up."""
    row = tx.session.get(models.ProviderCopy, copy_id)
    if row is None:
        return True
    if tx.now - row.created_at > GIVE_UP_AFTER:
        tx.session.delete(row)
        return False
    wait = BACK_OFF[row.attempts] if row.attempts < len(BACK_OFF) else DAY
    row.attempts += 1
    row.erase_at = tx.now + timedelta(seconds=wait)
    return True


def waiting(tx: Tx) -> int:
    """How many copies are still to be deleted at the provider."""
    table = models.ProviderCopy
    query = select(func.count()).where(table.erase_at.is_not(None))
    return tx.session.scalar(query) or 0


def _of_sid(tx: Tx, provider_sid: str) -> models.ProviderCopy | None:
    table = models.ProviderCopy
    return tx.session.scalar(select(table).where(table.provider_sid == provider_sid))

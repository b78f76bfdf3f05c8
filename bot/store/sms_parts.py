"""Parts of a long SMS that came by themselves: kept, sealed, until the rest is here.

They are in the store before the webhook is answered, so a crash loses none: `due` gives them to
whoever looks next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from bot.store import models
from bot.store.database import Tx, new_id

AGAIN_AFTER = timedelta(seconds=60)  # a crash between taking and answering


@dataclass(frozen=True)
class Parts:
    """What is kept of one conversation's long SMS, in the order it came. `id` is the first's."""

    id: str
    conversation_id: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]


def keep(tx: Tx, conversation_id: str, provider_id: str, text: str, wait: timedelta) -> None:
    """Keep one part; the whole is due when nothing more comes for `wait`. A repeat changes nothing.

    Raises keys.Unreadable when the conversation was erased.
    """
    if is_repeat(tx, provider_id):
        return
    part_id, table = new_id(), models.SmsPart
    last = tx.session.scalar(
        select(func.max(table.seq)).where(table.conversation_id == conversation_id)
    )
    tx.session.add(
        table(
            id=part_id,
            conversation_id=conversation_id,
            seq=(last or 0) + 1,
            body_sealed=tx.keys.seal(conversation_id, text, f"sms_parts.body:{part_id}"),
            provider_hash=tx.keys.keyed_hash("provider-id", provider_id),
            at=tx.now,
        )
    )
    tx.session.flush()
    _wait_until(tx, conversation_id, wait)


def is_repeat(tx: Tx, provider_id: str) -> bool:
    """True when this part was kept before, answered or not."""
    seen = tx.keys.keyed_hash("provider-id", provider_id)
    query = select(models.SmsPart.id).where(models.SmsPart.provider_hash == seen)
    return tx.session.scalar(query) is not None


def kept(tx: Tx, conversation_id: str) -> Parts | None:
    """The parts of this conversation that nobody has answered; None when there are none."""
    table = models.SmsPart
    rows = tx.session.scalars(
        select(table)
        .where(table.conversation_id == conversation_id, table.body_sealed.is_not(None))
        .order_by(table.seq)
    ).all()
    if not rows:
        return None
    texts = tuple(
        tx.keys.open_text(conversation_id, row.body_sealed or b"", f"sms_parts.body:{row.id}")
        for row in rows
    )
    return Parts(rows[0].id, conversation_id, tuple(row.id for row in rows), texts)


def take_due(tx: Tx) -> list[Parts]:
    """What has waited long enough, one for each conversation; nobody else gets it for a minute."""
    table = models.SmsPart
    owners = tx.session.scalars(
        select(table.conversation_id)
        .where(table.due_at <= tx.now, table.body_sealed.is_not(None))
        .distinct()
    ).all()
    for owner in owners:
        _wait_until(tx, owner, AGAIN_AFTER)
    return [found for owner in owners if (found := kept(tx, owner)) is not None]


def answered(tx: Tx, ids: tuple[str, ...]) -> None:
    """Their words stand in the stored message now, and go here."""
    table = models.SmsPart
    tx.session.execute(update(table).where(table.id.in_(ids)).values(body_sealed=None, due_at=None))


def _wait_until(tx: Tx, conversation_id: str, wait: timedelta) -> None:
    table = models.SmsPart
    tx.session.execute(
        update(table)
        .where(table.conversation_id == conversation_id, table.body_sealed.is_not(None))
        .values(due_at=tx.now + wait)
    )

"""The messages of a conversation, in order, sealed with the conversation's key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import select, update

from bot.channels.messages import Button, Message, Reply
from bot.store import models, provider_copies, sms_parts
from bot.store.database import Tx, new_id

Author = Literal["person", "bot", "desk"]


@dataclass(frozen=True)
class Stored:
    """One message as it was written, with its place in the conversation."""

    id: str
    seq: int
    author: Author
    reply: Reply
    payload: str | None
    at: datetime
    answered: bool


def add_inbound(tx: Tx, message: Message) -> str | None:
    """Keep what a person wrote, unanswered as yet; None when this provider id came before."""
    provider_hash = None
    if message.provider_id is not None:
        provider_hash = tx.keys.keyed_hash("provider-id", message.provider_id)
        if _seen(tx, provider_hash):
            return None
    body = json.dumps({"text": message.text, "payload": message.payload}, ensure_ascii=False)
    return _add(tx, message.conversation_id, "person", "text", body, provider_hash, answered=False)


def is_repeat(tx: Tx, provider_id: str) -> bool:
    """True when a message with this provider id was kept before, or erased a moment ago."""
    return (
        _seen(tx, tx.keys.keyed_hash("provider-id", provider_id))
        or sms_parts.is_repeat(tx, provider_id)
        or provider_copies.is_erased(tx, provider_id)
    )


def add_reply(tx: Tx, conversation_id: str, reply: Reply) -> str:
    """Keep what the bot or the desk says. The web page reads it from here."""
    author: Author = "desk" if reply.kind == "desk" else "bot"
    return _add(
        tx, conversation_id, author, reply.kind, json.dumps(asdict(reply), ensure_ascii=False)
    )


def mark_answered(tx: Tx, message_id: str) -> bool:
    """True for the one caller who answers it; a second caller gets False and stays silent."""
    result = tx.session.execute(
        update(models.StoredMessage)
        .where(models.StoredMessage.id == message_id, models.StoredMessage.answered.is_(False))
        .values(answered=True)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def get(tx: Tx, message_id: str) -> Stored | None:
    """One message; None after erasing."""
    row = tx.session.get(models.StoredMessage, message_id)
    return None if row is None else _read(tx, row)


def waiting(tx: Tx) -> list[tuple[str, str]]:
    """(conversation id, message id) of all that waits for a reply, oldest first; nothing opened."""
    table = models.StoredMessage
    rows = tx.session.execute(
        select(table.conversation_id, table.id)
        .where(table.author == "person", table.answered.is_(False))
        .order_by(table.at, table.seq)
    )
    return [(conversation_id, message_id) for conversation_id, message_id in rows]


def unanswered(tx: Tx, conversation_id: str | None = None) -> list[tuple[str, Stored]]:
    """(conversation id, message) of all that still waits for a reply, oldest first."""
    query = select(models.StoredMessage).where(
        models.StoredMessage.author == "person", models.StoredMessage.answered.is_(False)
    )
    if conversation_id is not None:
        query = query.where(models.StoredMessage.conversation_id == conversation_id)
    rows = tx.session.scalars(query.order_by(models.StoredMessage.at, models.StoredMessage.seq))
    return [(row.conversation_id, _read(tx, row)) for row in rows]


def after(tx: Tx, conversation_id: str, seq: int, limit: int = 200) -> list[Stored]:
    """Messages with a higher number than `seq`, in order."""
    rows = tx.session.scalars(
        select(models.StoredMessage)
        .where(
            models.StoredMessage.conversation_id == conversation_id,
            models.StoredMessage.seq > seq,
        )
        .order_by(models.StoredMessage.seq)
        .limit(limit)
    )
    return [_read(tx, row) for row in rows]


def since(tx: Tx, conversation_id: str, when: datetime) -> list[Stored]:
    """Messages written at or after `when`, in order."""
    rows = tx.session.scalars(
        select(models.StoredMessage)
        .where(
            models.StoredMessage.conversation_id == conversation_id,
            models.StoredMessage.at >= when,
        )
        .order_by(models.StoredMessage.seq)
    )
    return [_read(tx, row) for row in rows]


def _seen(tx: Tx, provider_hash: str) -> bool:
    query = select(models.StoredMessage.id).where(
        models.StoredMessage.provider_hash == provider_hash
    )
    return tx.session.scalar(query) is not None


def _add(
    tx: Tx,
    conversation_id: str,
    author: Author,
    kind: str,
    body: str,
    provider_hash: str | None = None,
    answered: bool = True,
) -> str:
    message_id = new_id()
    conversation = tx.session.get_one(models.Conversation, conversation_id)
    conversation.last_seq += 1
    tx.session.add(
        models.StoredMessage(
            id=message_id,
            conversation_id=conversation_id,
            seq=conversation.last_seq,
            author=author,
            kind=kind,
            body_sealed=tx.keys.seal(conversation_id, body, f"messages.body:{message_id}"),
            provider_hash=provider_hash,
            answered=answered,
            at=tx.now,
        )
    )
    tx.session.flush()
    return message_id


def _read(tx: Tx, row: models.StoredMessage) -> Stored:
    raw = tx.keys.open_text(row.conversation_id, row.body_sealed, f"messages.body:{row.id}")
    body = json.loads(raw)
    payload = body.pop("payload", None)
    if row.author != "person":
        body["buttons"] = tuple(Button(**button) for button in body["buttons"])
    reply = Reply(**body)
    return Stored(row.id, row.seq, cast(Author, row.author), reply, payload, row.at, row.answered)

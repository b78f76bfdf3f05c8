"""The versions of the desk's ready replies; what they mean stands in bot/desk/ready_replies.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bot.channels.messages import Lang
from bot.store import models
from bot.store.database import Tx, new_id

KEPT = timedelta(days=730)
"""How long a version that is no longer the newest can be seen and brought back."""


@dataclass(frozen=True)
class Version:
    """One version of a reply in one language, and who wrote it when."""

    id: str
    reply_key: str
    lang: str
    title: str
    web_text: str
    sms_text: str
    hidden: bool
    seq: int
    counsellor_id: str
    at: datetime


def add(
    tx: Tx,
    reply_key: str,
    lang: Lang,
    counsellor_id: str,
    *,
    title: str,
    web_text: str,
    sms_text: str,
    hidden: bool,
) -> None:
    """A new version, which counts from now on."""
    table = models.ReplyVersion
    last = tx.session.scalar(select(func.max(table.seq)).where(table.reply_key == reply_key)) or 0
    tx.session.add(
        table(
            id=new_id(),
            reply_key=reply_key,
            lang=lang,
            title=title,
            web_text=web_text,
            sms_text=sms_text,
            hidden=hidden,
            seq=last + 1,
            counsellor_id=counsellor_id,
            at=tx.now,
        )
    )
    tx.session.flush()


def newest(tx: Tx, lang: Lang) -> dict[str, Version]:
    """The version that counts of every reply that has one in this language, by key."""
    table = models.ReplyVersion
    rows = tx.session.scalars(select(table).where(table.lang == lang).order_by(table.seq))
    return {row.reply_key: _read(row) for row in rows}


def history(tx: Tx, reply_key: str, lang: Lang) -> list[Version]:
    """All versions of one reply, newest first."""
    table = models.ReplyVersion
    rows = tx.session.scalars(
        select(table)
        .where(table.reply_key == reply_key, table.lang == lang)
        .order_by(table.seq.desc())
    )
    return [_read(row) for row in rows]


def sweep(tx: Tx) -> int:
    """Forget versions that were replaced long ago; the newest stays. Returns how many."""
    table = models.ReplyVersion
    ids = []
    for row in tx.session.scalars(select(table).where(table.at < tx.now - KEPT)):
        newer = select(table.id).where(
            table.reply_key == row.reply_key, table.lang == row.lang, table.seq > row.seq
        )
        if tx.session.scalar(newer.limit(1)) is not None:
            ids.append(row.id)
    tx.session.execute(delete(table).where(table.id.in_(ids)))
    return len(ids)


def _read(row: models.ReplyVersion) -> Version:
    return Version(**{name: getattr(row, name) for name in Version.__dataclass_fields__})

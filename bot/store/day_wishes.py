"""The rows of wishes for the day service: adding, reading, guarded changes, forgetting.

The rules stand in bot/day_service/. Each wish has a key of its own (owner id = wish id).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select, update

from bot.channels.messages import Channel, Lang
from bot.store import models
from bot.store.database import Tx, new_id

OPEN = ("open", "proposed", "answered", "confirmed")
FOR_THE_PERSON = ("proposed", "confirmed", "answered", "open")  # what is spoken of first


@dataclass(frozen=True)
class WishRow:
    """One wish without its words. Times are aware UTC."""

    id: str
    handoff_id: str
    conversation_id: str | None
    designation: str
    channel: Channel
    lang: Lang
    status: str
    answer: str | None
    in_doubt: bool
    kept_back: bool
    rounds: int
    version: int
    created_at: datetime
    proposed_at: datetime | None
    proposed_by: str | None
    looked_back_at: datetime | None
    answered_at: datetime | None
    confirmed_by: str | None
    meets_at: datetime | None
    reminder: str | None
    remind_at: datetime | None
    ended_at: datetime | None
    outcome: str | None


def add(
    tx: Tx,
    words: str,
    *,
    handoff_id: str,
    conversation_id: str | None,
    designation: str,
    channel: Channel,
    lang: Lang,
    created_at: datetime,
) -> WishRow:
    """A new open wish with `words` sealed under a key of its own."""
    wish_id = new_id()
    tx.keys.create(wish_id)
    row = models.DayWish(
        id=wish_id,
        handoff_id=handoff_id,
        conversation_id=conversation_id,
        designation=designation,
        channel=channel,
        lang=lang,
        status="open",
        in_doubt=False,
        kept_back=False,
        rounds=0,
        version=0,
        words_sealed=tx.keys.seal(wish_id, words, _aad(wish_id)),
        created_at=created_at,
    )
    tx.session.add(row)
    tx.session.flush()
    return _read(row)


def of_handoff(tx: Tx, handoff_id: str) -> WishRow | None:
    """The wish of a case; None when it never had one."""
    found = _select(tx, models.DayWish.handoff_id == handoff_id)
    return found[0] if found else None


def of_conversation(tx: Tx, conversation_id: str) -> list[WishRow]:
    """The wishes of a conversation that have not ended, newest first."""
    table = models.DayWish
    mine = table.conversation_id == conversation_id
    return _select(tx, mine, table.status.in_(OPEN))[::-1]


def is_open(tx: Tx, conversation_id: str) -> bool:
    """True while the way to reach this person is still needed for a talk."""
    table = models.DayWish
    query = select(table.id).where(table.conversation_id == conversation_id, table.status.in_(OPEN))
    return tx.session.scalar(query.limit(1)) is not None


def all_open(tx: Tx) -> list[WishRow]:
    """All that have not ended, oldest first."""
    return _select(tx, models.DayWish.status.in_(OPEN))


def ended(tx: Tx) -> list[WishRow]:
    """Those that have ended and still have a name, oldest first."""
    return _select(tx, models.DayWish.status == "ended", models.DayWish.designation != "")


def to_remind(tx: Tx) -> list[WishRow]:
    """Those whose person asked to be reminded by now."""
    return _select(tx, models.DayWish.remind_at <= tx.now)


def change(tx: Tx, wish: WishRow, **values: Any) -> WishRow | None:
    """Set columns, but only while the wish is as `wish` was read; None when it is not any more.

    One UPDATE with the condition in it: of two who try at once, exactly one succeeds.
    """
    result = tx.session.execute(
        update(models.DayWish)
        .where(models.DayWish.id == wish.id, models.DayWish.version == wish.version)
        .values(version=wish.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        return None
    return _select(tx, models.DayWish.id == wish.id)[0]


def words(tx: Tx, wish_id: str) -> str | None:
    """The words as JSON; None after they were erased."""
    row = tx.session.get(models.DayWish, wish_id, populate_existing=True)
    if row is None or row.words_sealed is None or not tx.keys.exists(wish_id):
        return None
    return tx.keys.open_text(wish_id, row.words_sealed, _aad(wish_id))


def keep_words(tx: Tx, wish_id: str, text: str) -> None:
    """Replace the words. Raises Unreadable when the wish was erased."""
    _set(tx, wish_id, words_sealed=tx.keys.seal(wish_id, text, _aad(wish_id)))


def forget_words(tx: Tx, wish_id: str) -> None:
    """Destroy the key: what was said is unreadable from now on, in backups too."""
    tx.keys.destroy(wish_id)
    _set(tx, wish_id, words_sealed=None)


def replace_words(tx: Tx, wish_id: str, text: str) -> None:
    """Fewer words under a new key, so that the rest is gone from backups as well."""
    forget_words(tx, wish_id)
    tx.session.flush()
    tx.keys.create(wish_id)
    keep_words(tx, wish_id, text)


def drop_reminder(tx: Tx, conversation_id: str) -> None:
    """Somebody else may read along: nothing that was planned goes out, not even later."""
    table = models.DayWish
    tx.session.execute(
        update(table)
        .where(table.conversation_id == conversation_id, table.remind_at.is_not(None))
        .values(remind_at=None, reminder="dropped", version=table.version + 1)
        .execution_options(synchronize_session=False)
    )


def expire(tx: Tx, after: timedelta) -> int:
    """Forget words and name of what ended that long ago; the row stays. Returns how many."""
    old = [row for row in ended(tx) if row.ended_at is None or row.ended_at <= tx.now - after]
    for row in old:
        forget_words(tx, row.id)
        _set(tx, row.id, designation="", conversation_id=None)
    return len(old)


def _set(tx: Tx, wish_id: str, **values: Any) -> None:
    tx.session.execute(
        update(models.DayWish)
        .where(models.DayWish.id == wish_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _aad(wish_id: str) -> str:
    return f"day_wishes.words:{wish_id}"


def _select(tx: Tx, *conditions: Any) -> list[WishRow]:
    query = select(models.DayWish).where(*conditions)
    query = query.order_by(models.DayWish.created_at, models.DayWish.id)
    rows = tx.session.scalars(query.execution_options(populate_existing=True))
    return [_read(row) for row in rows]


def _read(row: models.DayWish) -> WishRow:
    values = {name: getattr(row, name) for name in WishRow.__dataclass_fields__}
    values["channel"] = cast(Channel, row.channel)
    return WishRow(**values)

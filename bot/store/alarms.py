"""The rows of alarms. An alarm holds an id, a time, a channel and the words that raised it.

Each alarm has a key of its own (owner id = alarm id): when the words are erased the row stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select, update

from bot.channels.messages import Channel, Level
from bot.store import models
from bot.store.database import Tx, new_id

AlarmStatus = Literal["open", "seen", "closed"]
LIVE: tuple[AlarmStatus, ...] = ("open", "seen")


@dataclass(frozen=True)
class AlarmRow:
    """One alarm. `words` are gone (empty) after erasing. Times are aware UTC."""

    id: str
    conversation_id: str | None
    designation: str
    danger: str
    level: Level
    channel: Channel
    words: tuple[str, ...]
    status: AlarmStatus
    at: datetime
    while_held: bool
    notified_at: datetime | None
    second_at: datetime | None
    told_at: datetime | None
    line_said_at: datetime | None
    not_now_at: datetime | None
    seen_by: str | None
    seen_at: datetime | None
    erased_at: datetime | None
    closed_at: datetime | None


def add(
    tx: Tx,
    *,
    conversation_id: str | None,
    designation: str,
    danger: str,
    level: Level,
    channel: Channel,
    words: list[str],
    while_held: bool,
) -> str:
    """A new open alarm. Returns its id."""
    alarm_id = new_id()
    tx.keys.create(alarm_id)
    tx.session.add(
        models.Alarm(
            id=alarm_id,
            conversation_id=conversation_id,
            designation=designation,
            danger=danger,
            level=level,
            channel=channel,
            words_sealed=_seal(tx, alarm_id, words),
            status="open",
            at=tx.now,
            while_held=while_held,
        )
    )
    tx.session.flush()
    return alarm_id


def get(tx: Tx, alarm_id: str) -> AlarmRow | None:
    """One alarm; None when there never was one."""
    row = tx.session.get(models.Alarm, alarm_id, populate_existing=True)
    return None if row is None else _read(tx, row)


def live(tx: Tx, conversation_id: str | None = None) -> list[AlarmRow]:
    """Open and seen alarms, oldest first; of one conversation if given."""
    conditions: list[Any] = [models.Alarm.status.in_(LIVE)]
    if conversation_id is not None:
        conditions.append(models.Alarm.conversation_id == conversation_id)
    return _select(tx, *conditions)


def of_conversation(tx: Tx, conversation_id: str) -> list[AlarmRow]:
    """All alarms of a conversation, closed ones too."""
    return _select(tx, models.Alarm.conversation_id == conversation_id)


def closed_before(tx: Tx, when: datetime) -> list[AlarmRow]:
    """Closed before `when` and not yet emptied."""
    return _select(
        tx,
        models.Alarm.status == "closed",
        models.Alarm.closed_at <= when,
        models.Alarm.designation != "",
    )


def change(tx: Tx, alarm_id: str, when: dict[str, Any], **values: Any) -> bool:
    """Set columns of one row while it still is as `when` says. True if it was."""
    conditions = [getattr(models.Alarm, name) == value for name, value in when.items()]
    result = tx.session.execute(
        update(models.Alarm)
        .where(models.Alarm.id == alarm_id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def keep_words(tx: Tx, alarm_id: str, words: list[str]) -> None:
    """Replace the words. Raises Unreadable when they were erased."""
    change(tx, alarm_id, {}, words_sealed=_seal(tx, alarm_id, words))


def forget_words(tx: Tx, alarm_id: str) -> None:
    """Destroy the key: the words are unreadable from now on."""
    tx.keys.destroy(alarm_id)
    change(tx, alarm_id, {}, words_sealed=None)


def _seal(tx: Tx, alarm_id: str, words: list[str]) -> bytes:
    return tx.keys.seal(alarm_id, json.dumps(words, ensure_ascii=False), _aad(alarm_id))


def _aad(alarm_id: str) -> str:
    return f"alarms.words:{alarm_id}"


def _select(tx: Tx, *conditions: Any) -> list[AlarmRow]:
    query = select(models.Alarm).where(*conditions).order_by(models.Alarm.at, models.Alarm.id)
    query = query.execution_options(populate_existing=True)
    return [_read(tx, row) for row in tx.session.scalars(query)]


def _read(tx: Tx, row: models.Alarm) -> AlarmRow:
    words: tuple[str, ...] = ()
    if row.words_sealed is not None and tx.keys.exists(row.id):
        words = tuple(json.loads(tx.keys.open_text(row.id, row.words_sealed, _aad(row.id))))
    return AlarmRow(
        id=row.id,
        conversation_id=row.conversation_id,
        designation=row.designation,
        danger=row.danger,
        level=cast(Level, row.level),
        channel=cast(Channel, row.channel),
        words=words,
        status=cast(AlarmStatus, row.status),
        at=row.at,
        while_held=row.while_held,
        notified_at=row.notified_at,
        second_at=row.second_at,
        told_at=row.told_at,
        line_said_at=row.line_said_at,
        not_now_at=row.not_now_at,
        seen_by=row.seen_by,
        seen_at=row.seen_at,
        erased_at=row.erased_at,
        closed_at=row.closed_at,
    )

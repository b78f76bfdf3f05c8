"""Statistics without people: a month, a kind, a name of a fixed list, and how many.

A conversation is counted once, when it ends, by the marks it carried in its own sealed state
(`State.tally`, written by bot/counted.py). Who asked not to be counted has no marks but that one.
A case is counted when it is over and its conversation is gone: until then the person may still
ask not to be. Why so: docs/decisions/0007-counting-at-the-end.md.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.store import models
from bot.store.database import Tx
from bot.store.keys import Unreadable

if TYPE_CHECKING:
    from bot.store.conversations import Conversation

OWNER = "monthly_counts"
HERE = ZoneInfo("Europe/Oslo")

Counts = dict[str, dict[str, int]]

HOURS = ("00-04", "04-08", "08-12", "12-16", "16-20", "20-24")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WAITS = (
    ("5_min", timedelta(minutes=5)),
    ("15_min", timedelta(minutes=15)),
    ("1_hour", timedelta(hours=1)),
    ("4_hours", timedelta(hours=4)),
)
OPTED_OUT = ("opted_out", "contact")


def count(tx: Tx, kind: str, name: str, by: int = 1) -> None:
    """`by` more of `name`, which must be an id of ours: never a word of a person."""
    month = _month(tx.now)
    row = tx.session.get(models.MonthlyCounts, month)
    counts = {} if row is None else _open(tx, row)
    names = counts.setdefault(kind, {})
    names[name] = names.get(name, 0) + by
    sealed = _seal(tx, month, counts)
    if row is None:
        tx.session.add(models.MonthlyCounts(month=month, counts_sealed=sealed))
    else:
        row.counts_sealed = sealed
    tx.session.flush()


def months(tx: Tx) -> list[str]:
    """The months ("2026-11") that are over and in which something was counted, oldest first.

    The month that runs is not among them: whoever looks twice would see what was counted between.
    """
    table = models.MonthlyCounts
    over = select(table.month).where(table.month < _month(tx.now)).order_by(table.month)
    return list(tx.session.scalars(over))


def read(tx: Tx, month: str) -> Counts:
    """What was counted in a month; nothing when there is no such month."""
    row = tx.session.get(models.MonthlyCounts, month)
    return {} if row is None else _open(tx, row)


def this_month(tx: Tx) -> str:
    """The month that runs, by the clock in Norway."""
    return _month(tx.now)


def contact_ended(tx: Tx, conversation: Conversation) -> None:
    """Count a conversation that ends, or whose words are gone; once.

    The caller saves the state, or deletes it. What cannot be read is not counted: a count is never
    a reason not to erase.
    """
    state = conversation.state
    if state.counted or not state.tally:
        return
    with suppress(Unreadable):
        for kind, name in _marks(conversation):
            count(tx, kind, name)
    left_out = ":".join(OPTED_OUT)
    state.counted, state.tally = True, [mark for mark in state.tally if mark == left_out]


def leave_out(tx: Tx, conversation_id: str) -> None:
    """The cases of this conversation are not counted: they look like those that have been."""
    tx.session.execute(
        update(models.Handoff)
        .where(models.Handoff.conversation_id == conversation_id)
        .values(to_count=False)
    )


def count_cases(tx: Tx) -> None:
    """Count the cases that are over and whose person can no longer ask not to be counted."""
    table, person = models.Handoff, models.Conversation
    rows = tx.session.scalars(
        select(table)
        .outerjoin(person, person.id == table.conversation_id)
        .where(
            table.to_count.is_(True),
            table.status.in_(("closed", "withdrawn")),
            person.id.is_(None),
        )
    ).all()
    for row in rows:
        if _wish_is_open(tx, row.id):
            continue
        row.to_count = False
        if row.outcome != "replaced":  # the case that came in its place is counted
            _count_case(tx, row)
    tx.session.flush()


def _marks(conversation: Conversation) -> list[tuple[str, str]]:
    marks = [_read_mark(mark) for mark in conversation.state.tally]
    if OPTED_OUT in marks:
        return [OPTED_OUT]
    begun = conversation.created_at.astimezone(HERE)
    return [
        ("contacts", "all"),
        ("channel", conversation.channel),
        ("hour", HOURS[begun.hour // 4]),
        ("weekday", WEEKDAYS[begun.weekday()]),
        *(mark for mark in marks if mark[0] != "contacts"),
        *([("feedback", given)] if (given := conversation.state.feedback) != "" else []),
    ]


def _read_mark(mark: str) -> tuple[str, str]:
    kind, _, name = mark.partition(":")
    return kind, name


def _count_case(tx: Tx, row: models.Handoff) -> None:
    for kind, name in (
        ("cases", "all"),
        ("how", row.how),
        ("urgency", row.urgency),
        ("wait", _wait(row)),
        ("outcome", row.outcome or "other"),
    ):
        count(tx, kind, name)
    calls = select(models.Call.outcome).where(models.Call.handoff_id == row.id)
    for outcome in tx.session.scalars(calls):
        if outcome is not None:
            count(tx, "call", outcome)
    wish = tx.session.scalar(_wish(row.id))
    if wish is not None:
        count(tx, "day_service", wish.outcome or "other")


def _wait(row: models.Handoff) -> str:
    """From the wish for a person to the first counsellor who took it."""
    if row.first_taken_at is None:
        return "rang" if row.how == "call_self" else "nobody"
    waited = row.first_taken_at - row.created_at
    return next((name for name, limit in WAITS if waited < limit), "longer")


def _wish_is_open(tx: Tx, handoff_id: str) -> bool:
    wish = tx.session.scalar(_wish(handoff_id))
    return wish is not None and wish.ended_at is None


def _wish(handoff_id: str):  # type: ignore[no-untyped-def]
    return select(models.DayWish).where(models.DayWish.handoff_id == handoff_id)


def _open(tx: Tx, row: models.MonthlyCounts) -> Counts:
    read: Counts = json.loads(tx.keys.open_text(OWNER, row.counts_sealed, _place(row.month)))
    return read


def _seal(tx: Tx, month: str, counts: Counts) -> bytes:
    if not tx.keys.exists(OWNER):
        first_day = tx.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        tx.keys.create(OWNER, at=first_day)
        tx.session.flush()
    # Sorted, and so always in the same order: not in that in which things happened.
    return tx.keys.seal(OWNER, json.dumps(counts, sort_keys=True), _place(month))


def _month(at: datetime) -> str:
    return at.astimezone(HERE).strftime("%Y-%m")


def _place(month: str) -> str:
    return f"monthly_counts.counts:{month}"

"""The outbox: every text by SMS is a row before it is sent, and is forgotten when it arrived.

    waiting ──mark_sending──▶ sending ──mark_sent──▶ sent ──mark_delivery──▶ delivered | failed
       ▲                        │
       └── put_back / mark_failed (later) ── mark_failed (final) ──▶ failed

A row in "sending" whose answer never came is in doubt: it is looked up at the provider before it
is sent again (see channels/sms/outbound.py). Texts of one person leave one at a time and in order;
only a danger reply may pass others that wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.store import models, provider_copies
from bot.store.database import Tx, new_id
from bot.store.deliveries import Delivery, delivery_of

# Seconds until the next try, by how many tries there were; the last one repeats.
BACK_OFF = (2, 5, 15, 60, 300, 900, 1800)
# A counsellor's words and danger replies are tried until the body goes. Anything else that is late
# would only reach a phone that somebody else may hold by then.
TRY_FOR = {"danger": timedelta(hours=24), "desk": timedelta(hours=24)}
TRY_OTHERS_FOR = timedelta(hours=1)
KEEP_BODY = timedelta(hours=24)

_OPEN = ("waiting", "sending")
_FINAL = ("delivered", "failed", "dropped")


@dataclass(frozen=True)
class Due:
    """One text to send, or to look up: opened, in memory only."""

    id: str
    conversation_id: str
    number: str
    text: str
    kind: str
    attempts: int
    sending_at: datetime | None


def put(
    tx: Tx,
    conversation_id: str,
    owner_id: str,
    number: str,
    text: str,
    kind: str,
    message_id: str | None = None,
) -> str:
    """Queue `text` for `number` (E.164), sealed with the owner's key. Returns the row's id.

    `message_id`: the stored message that this is, or is a part of.

    Raises keys.Unreadable when the owner was erased.
    """
    row_id = new_id()
    last = tx.session.scalar(
        select(func.max(models.OutboxRow.seq)).where(
            models.OutboxRow.conversation_id == conversation_id
        )
    )
    tx.session.add(
        models.OutboxRow(
            id=row_id,
            conversation_id=conversation_id,
            message_id=message_id,
            owner_id=owner_id,
            seq=(last or 0) + 1,
            kind=kind,
            body_sealed=tx.keys.seal(owner_id, text, f"outbox.body:{row_id}"),
            number_sealed=tx.keys.seal(owner_id, number, f"outbox.number:{row_id}"),
            state="waiting",
            attempts=0,
            next_at=tx.now,
            created_at=tx.now,
        )
    )
    tx.session.flush()
    return row_id


def next_due(tx: Tx) -> Due | None:
    """The text to send now: the first in line of a person nobody is sending to; None when none.

    Danger replies come first, then the oldest. A row whose words can no longer be read (its owner
    was erased) is dropped on the way.
    """
    table = models.OutboxRow
    while True:
        row = tx.session.scalar(
            select(table)
            .where(table.state == "waiting", table.next_at <= tx.now, ~_behind_another())
            .order_by(_danger_first(), table.next_at, table.seq)
            .limit(1)
        )
        if row is None:
            return None
        opened = _open(tx, row)
        if opened is not None:
            return opened
        _settle(row, "dropped")
        tx.session.flush()


def mark_sending(tx: Tx, row_id: str, look_up_after: int) -> bool:
    """Take a waiting row, to be committed before the provider is asked. False: someone else did.

    `look_up_after`: seconds until the row counts as in doubt when no answer was noted.
    """
    table = models.OutboxRow
    result = tx.session.execute(
        update(table)
        .where(table.id == row_id, table.state == "waiting")
        .values(
            state="sending",
            attempts=table.attempts + 1,
            sending_at=tx.now,
            next_at=tx.now + timedelta(seconds=look_up_after),
        )
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def mark_sent(tx: Tx, row_id: str, provider_sid: str) -> None:
    """The provider accepted it as `provider_sid`. A row dropped meanwhile stays gone.

    Of a row erased meanwhile only the provider's copy is left, which is to be deleted.
    """
    row = tx.session.get(models.OutboxRow, row_id)
    if row is None:
        provider_copies.note_nobodys(tx, [provider_sid])
    else:
        provider_copies.note(tx, row.conversation_id, provider_sid)
        row.provider_sid = provider_sid
        if row.state in _OPEN:
            row.state = "sent"


def mark_failed(tx: Tx, row_id: str, error_code: str | None, *, again: bool) -> Delivery | None:
    """The provider did not take it. With `again` it waits for its next try, else it is over.

    Returns what it came to; None when the row is gone or settled.
    """
    row = tx.session.get(models.OutboxRow, row_id)
    if row is None or row.state not in _OPEN:
        return None
    row.error_code = error_code
    next_try = tx.now + timedelta(seconds=back_off(row.attempts))
    if not again or next_try - row.created_at > TRY_FOR.get(row.kind, TRY_OTHERS_FOR):
        _settle(row, "failed")
    else:
        row.state = "waiting"
        row.next_at = next_try
    return delivery_of(row, news=True)


def put_back(tx: Tx, row_id: str) -> None:
    """The provider does not have it: it waits again, due now."""
    tx.session.execute(
        update(models.OutboxRow)
        .where(models.OutboxRow.id == row_id, models.OutboxRow.state == "sending")
        .values(state="waiting", next_at=tx.now)
    )


def still_in_doubt(tx: Tx, row_id: str, look_up_after: int) -> None:
    """The provider could not be asked: looked up again after so many seconds."""
    tx.session.execute(
        update(models.OutboxRow)
        .where(models.OutboxRow.id == row_id, models.OutboxRow.state == "sending")
        .values(next_at=tx.now + timedelta(seconds=look_up_after))
    )


def in_doubt(tx: Tx) -> list[Due]:
    """Rows being sent whose answer is overdue, oldest first: look them up before anything else."""
    table = models.OutboxRow
    rows = tx.session.scalars(
        select(table)
        .where(table.state == "sending", table.next_at <= tx.now)
        .order_by(table.sending_at, table.seq)
    )
    found = []
    for row in rows:
        opened = _open(tx, row)
        if opened is None:
            _settle(row, "dropped")
        else:
            found.append(opened)
    return found


def mark_all_in_doubt(tx: Tx, look_up_after: int) -> int:
    """At start: what an earlier process left in "sending" is looked up `look_up_after` s later.

    Returns how many. Only for the process that alone owns the database.
    """
    result = tx.session.execute(
        update(models.OutboxRow)
        .where(models.OutboxRow.state == "sending")
        .values(next_at=tx.now + timedelta(seconds=look_up_after))
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def known_sids(tx: Tx, provider_sids: Iterable[str]) -> set[str]:
    """Those of `provider_sids` that already belong to a row, so that no other row claims them."""
    table = models.OutboxRow
    return {
        sid
        for sid in tx.session.scalars(
            select(table.provider_sid).where(table.provider_sid.in_(list(provider_sids)))
        )
        if sid is not None
    }


def mark_delivery(
    tx: Tx, row_id: str, provider_sid: str, *, delivered: bool | None, error_code: str | None = None
) -> Delivery | None:
    """What the provider reports of a row: True arrived, False did not, None only on its way.

    Reports come late, twice and out of order: a final state stays. A row in doubt is settled by
    any report. None when the row is gone.
    """
    row = tx.session.get(models.OutboxRow, row_id)
    if row is None:
        return None
    before, other = row.state, row.provider_sid not in (None, provider_sid)
    new = provider_copies.note(tx, row.conversation_id, provider_sid)
    if row.provider_sid is None or row.state in _OPEN:
        row.provider_sid = provider_sid
    if row.state in _OPEN:
        row.state = "sent"
    if row.state == "sent" and delivered is not None and row.provider_sid == provider_sid:
        row.error_code = error_code
        _settle(row, "delivered" if delivered else "failed")
    # A second id for one row: it was sent again in doubt, and both times it was taken.
    return delivery_of(row, news=row.state != before, double=other and new)


def row_of(tx: Tx, provider_sid: str) -> str | None:
    """The row that the provider knows as `provider_sid`."""
    return tx.session.scalar(
        select(models.OutboxRow.id).where(models.OutboxRow.provider_sid == provider_sid)
    )


def drop(tx: Tx, conversation_id: str, keep: Iterable[str] = ()) -> int:
    """Take back what has not left yet, except the kinds in `keep`. Returns how many.

    For the moment somebody else may be reading: nothing old goes out after that.
    """
    table = models.OutboxRow
    rows = tx.session.scalars(
        select(table).where(
            table.conversation_id == conversation_id,
            table.state == "waiting",
            table.kind.not_in(list(keep)),
        )
    ).all()
    for row in rows:
        _settle(row, "dropped")
    return len(rows)


def erase(tx: Tx, owner_id: str) -> None:
    """Remove the rows of an erased owner (a conversation or a handoff) altogether."""
    tx.session.execute(delete(models.OutboxRow).where(models.OutboxRow.owner_id == owner_id))


def forget_old(tx: Tx) -> int:
    """After 24 hours words and number go, delivered or not. Returns how many rows lost theirs.

    What still waited then has failed.
    """
    table = models.OutboxRow
    rows = tx.session.scalars(
        select(table).where(
            table.created_at <= tx.now - KEEP_BODY,
            or_(table.body_sealed.is_not(None), table.number_sealed.is_not(None)),
        )
    ).all()
    for row in rows:
        _settle(row, "failed" if row.state in _OPEN else row.state)
    return len(rows)


def counts(tx: Tx) -> dict[str, int]:
    """Rows per state, for /metrics and tests."""
    table = models.OutboxRow
    pairs = tx.session.execute(select(table.state, func.count()).group_by(table.state))
    return {state: number for state, number in pairs}


def back_off(attempts: int) -> int:
    """Seconds to wait after so many tries."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def _danger_first() -> ColumnElement[int]:
    return case((models.OutboxRow.kind == "danger", 0), else_=1)


def _behind_another() -> ColumnElement[bool]:
    """True where the person is being sent to, or another text of theirs comes first."""
    table, other = models.OutboxRow, aliased(models.OutboxRow)
    earlier = (other.seq < table.seq) & or_(table.kind != "danger", other.kind == "danger")
    urgent = (other.kind == "danger") & (table.kind != "danger")
    return exists(
        select(other.id).where(
            other.conversation_id == table.conversation_id,
            other.id != table.id,
            or_(
                other.state == "sending",
                (other.state == "waiting") & or_(earlier, urgent),
            ),
        )
    )


def _open(tx: Tx, row: models.OutboxRow) -> Due | None:
    if row.body_sealed is None or row.number_sealed is None or not tx.keys.exists(row.owner_id):
        return None
    return Due(
        id=row.id,
        conversation_id=row.conversation_id,
        number=tx.keys.open_text(row.owner_id, row.number_sealed, f"outbox.number:{row.id}"),
        text=tx.keys.open_text(row.owner_id, row.body_sealed, f"outbox.body:{row.id}"),
        kind=row.kind,
        attempts=row.attempts,
        sending_at=row.sending_at,
    )


def _settle(row: models.OutboxRow, state: str) -> None:
    """A row that needs its words no more."""
    row.state = state
    if state in _FINAL or state == "sent":
        row.body_sealed = None
        row.number_sealed = None

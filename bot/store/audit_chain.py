"""The chain of the audit log: each entry carries a hash over itself and the entry before it.

The hash is keyed with what only this service has: whoever holds nothing but the database can not
write a line that fits, change one, or take one out of the middle. The head (`audit_chain`, one
row) says how long the log is and where it begins, sealed in the same way, so that the newest
lines cannot be cut off either; retention moves its anchor.

What it cannot show: that the whole database was put back to an earlier day. For that, note the
witness (`helpline audit verify` prints it) outside the machine and ask for it later.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from bot.store import models
from bot.store.database import Tx
from bot.store.keys import KeyRing

PAGE = 500  # entries checked in one transaction: some 10 ms

Why = Literal["no_head", "head", "before", "gap", "changed", "end", "witness"]


@dataclass(frozen=True)
class Head:
    """The ends of the log. Up to `plain_until` the hashes are older than the key."""

    seq: int
    mac: str
    anchor_seq: int
    anchor_mac: str
    plain_until: int
    begun_at: datetime


@dataclass(frozen=True)
class Place:
    """An entry that the check has come to: its number and its hash."""

    seq: int
    mac: str

    @property
    def witness(self) -> str:
        """Short enough for a notebook; see `check_page`."""
        return f"{self.seq}-{self.mac[:16]}"


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks, and how."""

    seq: int
    why: Why


@dataclass(frozen=True)
class Checked:
    """How far a page of the check came. `done`: the end was reached, or a fault found."""

    place: Place
    fault: Fault | None
    done: bool


def append(tx: Tx, entry: models.AuditEntry) -> None:
    """Give `entry` its number and hash and add it, in the transaction of what it is about.

    Taking the head locks it until the commit, so that several processes make one chain.
    """
    head = _take(tx) or _begin(tx)
    entry.seq = head.seq + 1
    entry.mac = _mac(tx.keys, head, head.mac, entry)
    tx.session.add(entry)
    _keep(tx, replace(head, seq=entry.seq, mac=entry.mac))


def begin(tx: Tx) -> None:
    """Begin the chain where there is none yet. When it began stands in its head: a later date than
    the oldest lines tells of a head that was lost."""
    if read_head(tx) is None:
        _keep(tx, _begin(tx))


def drop_before(tx: Tx, when: datetime) -> int:
    """Remove what is older than `when` and keep the anchor, so that the rest still verifies."""
    oldest = tx.session.scalar(select(func.min(models.AuditEntry.at)))
    if oldest is None or oldest >= when:
        return 0
    head = _take(tx)
    first_kept = tx.session.scalar(
        select(func.min(models.AuditEntry.seq)).where(models.AuditEntry.at >= when)
    )
    if head is None:
        return 0
    until = head.seq if first_kept is None else first_kept - 1
    mac = tx.session.scalar(select(models.AuditEntry.mac).where(models.AuditEntry.seq == until))
    if mac is None:  # tampered with: nothing goes until somebody has looked at it
        _keep(tx, head)
        return 0
    _keep(tx, replace(head, anchor_seq=until, anchor_mac=mac))
    result = tx.session.execute(delete(models.AuditEntry).where(models.AuditEntry.seq <= until))
    return int(result.rowcount)  # type: ignore[attr-defined]


def check_page(tx: Tx, after: Place | None = None, witness: str = "", page: int = PAGE) -> Checked:
    """Check the next `page` entries; begin with `after` None and go on with what is returned.

    `witness`: an entry noted earlier ("1234-0a1b2c3d4e5f6071") that must still stand there.
    """
    head = read_head(tx)
    start = Place(0, "")
    if head is None:
        empty = tx.session.scalar(select(models.AuditEntry.id).limit(1)) is None
        return Checked(start, None if empty else Fault(0, "no_head"), True)
    if not _sealed(tx):
        return Checked(start, Fault(head.seq, "head"), True)
    place = after
    if place is None or place.seq < head.anchor_seq:
        place = Place(head.anchor_seq, head.anchor_mac)
        if _any_before(tx, head.anchor_seq):
            return Checked(place, Fault(head.anchor_seq, "before"), True)
    rows = _rows(tx, place.seq, head.seq, page)
    for row in rows:
        if row.seq != place.seq + 1:
            return Checked(place, Fault(place.seq + 1, "gap"), True)
        if row.mac != _mac(tx.keys, head, place.mac, row):
            return Checked(place, Fault(row.seq, "changed"), True)
        place = Place(row.seq, row.mac)
        if witness and int(witness.partition("-")[0]) == row.seq and place.witness != witness:
            return Checked(place, Fault(row.seq, "witness"), True)
    if place.seq < head.seq and len(rows) == page:
        return Checked(place, None, False)
    return Checked(place, _end_fault(tx, head, place, witness), True)


def _end_fault(tx: Tx, head: Head, place: Place, witness: str) -> Fault | None:
    newer = tx.session.scalar(
        select(func.min(models.AuditEntry.seq)).where(models.AuditEntry.seq > place.seq)
    )
    if (place.seq, place.mac) != (head.seq, head.mac) or newer is not None:
        return Fault(place.seq + 1, "end")
    noted = int(witness.partition("-")[0]) if witness else 0
    return Fault(noted, "witness") if noted > head.seq else None


def _rows(tx: Tx, after: int, until: int, limit: int) -> list[models.AuditEntry]:
    query = select(models.AuditEntry).where(
        models.AuditEntry.seq > after, models.AuditEntry.seq <= until
    )
    return list(tx.session.scalars(query.order_by(models.AuditEntry.seq).limit(limit)))


def _any_before(tx: Tx, anchor: int) -> bool:
    query = select(models.AuditEntry.id).where(models.AuditEntry.seq <= anchor)
    return tx.session.scalar(query.limit(1)) is not None


def _begin(tx: Tx) -> Head:
    """The first head. Entries from before the chain keep the plain hashes of the migration."""
    last = tx.session.scalar(
        select(models.AuditEntry).order_by(models.AuditEntry.seq.desc()).limit(1)
    )
    seq, mac = (0, "") if last is None else (last.seq, last.mac)
    head = Head(seq, mac, 0, "", seq, tx.now)
    tx.session.add(models.AuditChain(id=1, seal="", **vars(head)))
    tx.session.flush()
    return head


def _take(tx: Tx) -> Head | None:
    """The head, locked. An UPDATE and not a SELECT: on SQLite only that takes the lock."""
    row = tx.session.execute(
        update(models.AuditChain)
        .where(models.AuditChain.id == 1)
        .values(plain_until=models.AuditChain.plain_until)
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else Head(*row)


def read_head(tx: Tx) -> Head | None:
    """The ends of the log; None before its first line."""
    row = tx.session.execute(select(*_COLUMNS).where(models.AuditChain.id == 1)).one_or_none()
    return None if row is None else Head(*row)


def _keep(tx: Tx, head: Head) -> None:
    tx.session.flush()
    tx.session.execute(
        update(models.AuditChain)
        .where(models.AuditChain.id == 1)
        .values(**vars(head), seal=_seal(tx.keys, head))
        .execution_options(synchronize_session=False)
    )


def _sealed(tx: Tx) -> bool:
    head = read_head(tx)
    seal = tx.session.scalar(select(models.AuditChain.seal).where(models.AuditChain.id == 1))
    return head is not None and seal == _seal(tx.keys, head)


def _seal(keys: KeyRing, head: Head) -> str:
    return keys.keyed_hash("audit-head", json.dumps(vars(head), default=_utc))


def _mac(keys: KeyRing, head: Head, before: str, row: Any) -> str:
    content = _content(before, row)
    if row.seq <= head.plain_until:
        return hashlib.sha256(content.encode()).hexdigest()
    return keys.keyed_hash("audit-entry", content)


def _content(before: str, row: Any) -> str:
    """What the hash is over. Never change this: the migration has the same, and old logs too."""
    parts = [
        row.seq,
        before,
        row.id,
        _utc(row.at),
        row.counsellor_id,
        row.action,
        row.object_id,
        row.detail,
    ]
    return json.dumps(parts)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


_COLUMNS = (
    models.AuditChain.seq,
    models.AuditChain.mac,
    models.AuditChain.anchor_seq,
    models.AuditChain.anchor_mac,
    models.AuditChain.plain_until,
    models.AuditChain.begun_at,
)

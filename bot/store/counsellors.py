"""Counsellors: their accounts, and who is on duty. Signing in: sign_ins.py.

The TOTP secret is sealed with a key of the counsellor's own. Passwords come here hashed; this
module never sees one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.store import models
from bot.store.database import Tx
from bot.store.roles import Role, read_roles, write_roles


class UsernameTaken(Exception):
    """Another counsellor has this username."""


@dataclass(frozen=True)
class Counsellor:
    """A counsellor as the desk sees her. `confirmed`: she has proved that her app makes codes."""

    id: str
    username: str
    display_name: str
    roles: frozenset[Role]
    active: bool
    confirmed: bool
    on_duty: bool
    last_seen_at: datetime | None
    lang: str


def create(
    tx: Tx,
    counsellor_id: str,
    username: str,
    display_name: str,
    roles: Iterable[Role],
    password_hash: str,
    totp_secret: str,
    unconfirmed_for: timedelta,
) -> Counsellor:
    """An account that waits for its first code. Raises UsernameTaken.

    An unconfirmed account with the same id is replaced; a username held by an account that was not
    confirmed within `unconfirmed_for` is free again.
    """
    _drop_unconfirmed(tx, counsellor_id, username, tx.now - unconfirmed_for)
    if by_username(tx, username) is not None or get(tx, counsellor_id) is not None:
        raise UsernameTaken
    tx.keys.create(counsellor_id)
    row = models.Counsellor(
        id=counsellor_id,
        username=_fold(username),
        display_name=display_name,
        roles=write_roles(roles),
        password_hash=password_hash,
        totp_sealed=tx.keys.seal(counsellor_id, totp_secret, _aad(counsellor_id)),
        last_totp_step=0,
        failed=0,
        active=False,
        on_duty=False,
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    return _read(row)


def get(tx: Tx, counsellor_id: str) -> Counsellor | None:
    """A counsellor by id."""
    row = tx.session.get(models.Counsellor, counsellor_id)
    return None if row is None else _read(row)


def by_username(tx: Tx, username: str) -> Counsellor | None:
    """A counsellor by the name she signs in with; capital letters make no difference."""
    row = _row(tx, username)
    return None if row is None else _read(row)


def all_of_them(tx: Tx) -> list[Counsellor]:
    """Every account, by name."""
    rows = tx.session.scalars(select(models.Counsellor).order_by(models.Counsellor.display_name))
    return [_read(row) for row in rows]


def names(tx: Tx) -> dict[str, str]:
    """Display names by id, for "tatt av Kari"."""
    rows = tx.session.execute(select(models.Counsellor.id, models.Counsellor.display_name))
    return {row.id: row.display_name for row in rows}


def set_active(tx: Tx, counsellor_id: str, active: bool) -> None:
    """Open or close an account. A closed one is off duty; end its sessions too."""
    values: dict[str, object] = {"active": active}
    if not active:
        values["on_duty"] = False
    _set(tx, counsellor_id, **values)


# --- signing in ---------------------------------------------------------------------------------


def set_password_hash(tx: Tx, counsellor_id: str, password_hash: str) -> None:
    """A new hash of the same password (stronger parameters), or of a new one."""
    _set(tx, counsellor_id, password_hash=password_hash)


def password_hash(tx: Tx, counsellor_id: str) -> str | None:
    """What a password is checked against."""
    row = tx.session.get(models.Counsellor, counsellor_id)
    return None if row is None else row.password_hash


def set_roles(tx: Tx, counsellor_id: str, roles: Iterable[Role]) -> None:
    """Other roles from now on. Raises UnknownRole for none."""
    _set(tx, counsellor_id, roles=write_roles(roles))


def set_lang(tx: Tx, counsellor_id: str, lang: str) -> None:
    """The language she reads the desk in: nb or nn."""
    _set(tx, counsellor_id, lang=lang)


def set_totp(tx: Tx, counsellor_id: str, secret: str) -> None:
    """A new code app: codes of the old one are void from now on."""
    _set(tx, counsellor_id, totp_sealed=tx.keys.seal(counsellor_id, secret, _aad(counsellor_id)))


def totp(tx: Tx, counsellor_id: str) -> tuple[str, int]:
    """(secret, the last step used). Raises LookupError for an unknown id."""
    row = tx.session.get(models.Counsellor, counsellor_id)
    if row is None:
        raise LookupError("no such counsellor")
    secret = tx.keys.open_text(counsellor_id, row.totp_sealed, _aad(counsellor_id))
    return secret, row.last_totp_step


def use_totp_step(tx: Tx, counsellor_id: str, step: int) -> bool:
    """True for the one who uses this step first; a code works once, and never an older one."""
    result = tx.session.execute(
        update(models.Counsellor)
        .where(models.Counsellor.id == counsellor_id, models.Counsellor.last_totp_step < step)
        .values(last_totp_step=step)
        .execution_options(synchronize_session="fetch")
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


# --- on duty ------------------------------------------------------------------------------------


def set_on_duty(tx: Tx, counsellor_id: str, on_duty: bool) -> None:
    """She says that she is on duty, or no longer is."""
    _set(tx, counsellor_id, on_duty=on_duty, last_seen_at=tx.now)


def seen(tx: Tx, counsellor_id: str) -> None:
    """Her desk is open and connected now."""
    _set(tx, counsellor_id, last_seen_at=tx.now)


def on_duty(tx: Tx, within: timedelta) -> list[Counsellor]:
    """Everyone on duty whose desk was connected within this time."""
    rows = tx.session.scalars(
        select(models.Counsellor)
        .where(
            models.Counsellor.active.is_(True),
            models.Counsellor.on_duty.is_(True),
            models.Counsellor.last_seen_at >= tx.now - within,
        )
        .order_by(models.Counsellor.display_name)
    )
    return [_read(row) for row in rows]


def _drop_unconfirmed(tx: Tx, counsellor_id: str, username: str, older_than: datetime) -> None:
    rows = tx.session.scalars(
        select(models.Counsellor).where(
            models.Counsellor.last_totp_step == 0,
            (models.Counsellor.id == counsellor_id)
            | (
                (models.Counsellor.username == _fold(username))
                & (models.Counsellor.created_at < older_than)
            ),
        )
    ).all()
    for row in rows:
        tx.keys.destroy(row.id)
        tx.session.execute(delete(models.Counsellor).where(models.Counsellor.id == row.id))
    tx.session.expire_all()


def _set(tx: Tx, counsellor_id: str, **values: object) -> None:
    tx.session.execute(
        update(models.Counsellor)
        .where(models.Counsellor.id == counsellor_id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def _row(tx: Tx, username: str) -> models.Counsellor | None:
    return tx.session.scalar(
        select(models.Counsellor).where(models.Counsellor.username == _fold(username))
    )


def _fold(username: str) -> str:
    return username.strip().casefold()


def _aad(counsellor_id: str) -> str:
    return f"counsellors.totp:{counsellor_id}"


def _read(row: models.Counsellor) -> Counsellor:
    return Counsellor(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=read_roles(row.roles),
        active=row.active,
        confirmed=row.last_totp_step > 0,
        on_duty=row.on_duty,
        last_seen_at=row.last_seen_at,
        lang=row.lang,
    )

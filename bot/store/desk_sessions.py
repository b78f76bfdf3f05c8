"""Sessions and invitations of the desk. Staff only; a person who seeks help never has a session.

What the browser holds is random; here is only its keyed hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.store import models
from bot.store.database import Tx
from bot.store.roles import Role, read_roles, write_roles


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `csrf` must come back with everything that changes something."""

    token_hash: str
    counsellor_id: str
    csrf: str
    created_at: datetime
    last_at: datetime


def start(tx: Tx, counsellor_id: str) -> str:
    """A new session; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    tx.session.add(
        models.DeskSession(
            token_hash=_session_hash(tx, token),
            counsellor_id=counsellor_id,
            csrf=secrets.token_urlsafe(24),
            created_at=tx.now,
            last_at=tx.now,
        )
    )
    return token


def find(tx: Tx, token: str, idle: timedelta, longest: timedelta) -> Session | None:
    """The session of a cookie; None (and gone) when it was idle or open too long."""
    row = tx.session.get(models.DeskSession, _session_hash(tx, token))
    if row is None:
        return None
    if tx.now - row.last_at > idle or tx.now - row.created_at > longest:
        tx.session.delete(row)
        return None
    return Session(row.token_hash, row.counsellor_id, row.csrf, row.created_at, row.last_at)


def touch(tx: Tx, token_hash: str) -> None:
    """The counsellor did something: the idle time starts anew."""
    tx.session.execute(
        update(models.DeskSession)
        .where(models.DeskSession.token_hash == token_hash)
        .values(last_at=tx.now)
    )


def end(tx: Tx, token_hash: str) -> None:
    """Signed out."""
    tx.session.execute(
        delete(models.DeskSession).where(models.DeskSession.token_hash == token_hash)
    )


def end_all(tx: Tx, counsellor_id: str) -> None:
    """Every browser of this counsellor is signed out."""
    tx.session.execute(
        delete(models.DeskSession).where(models.DeskSession.counsellor_id == counsellor_id)
    )


def end_others(tx: Tx, counsellor_id: str, keep: str) -> int:
    """Every browser of hers but the one with this hash; returns how many."""
    result = tx.session.execute(
        delete(models.DeskSession).where(
            models.DeskSession.counsellor_id == counsellor_id, models.DeskSession.token_hash != keep
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def of_counsellor(tx: Tx, counsellor_id: str, idle: timedelta, longest: timedelta) -> list[Session]:
    """Her sessions that still work, the one used last first."""
    rows = tx.session.scalars(
        select(models.DeskSession)
        .where(
            models.DeskSession.counsellor_id == counsellor_id,
            models.DeskSession.last_at >= tx.now - idle,
            models.DeskSession.created_at >= tx.now - longest,
        )
        .order_by(models.DeskSession.last_at.desc())
    )
    return [
        Session(row.token_hash, row.counsellor_id, row.csrf, row.created_at, row.last_at)
        for row in rows
    ]


def handle(tx: Tx, session: Session) -> str:
    """A name for a session that a page may show: it opens nothing."""
    return tx.keys.keyed_hash("desk-session-handle", session.token_hash)[:24]


def invite(
    tx: Tx, roles: Iterable[Role], valid: timedelta, counsellor_id: str | None = None
) -> str:
    """A one-time link's token that creates one account with these roles; with `counsellor_id`, one
    that gives this account a new code app."""
    token = secrets.token_urlsafe(24)
    tx.session.add(
        models.Invitation(
            token_hash=_invitation_hash(tx, token),
            roles=write_roles(roles),
            counsellor_id=counsellor_id,
            expires_at=tx.now + valid,
        )
    )
    return token


def invited_roles(tx: Tx, token: str) -> frozenset[Role] | None:
    """The roles an unused, unexpired invitation gives; None otherwise."""
    row = tx.session.get(models.Invitation, _invitation_hash(tx, token))
    if row is None or row.used_at is not None or row.expires_at <= tx.now:
        return None
    return read_roles(row.roles)


def invited_again(tx: Tx, token: str) -> str | None:
    """The account a link gives a new code app; None for a link to a new account."""
    row = tx.session.get(models.Invitation, _invitation_hash(tx, token))
    return None if row is None else row.counsellor_id


def withdraw_links(tx: Tx, counsellor_id: str) -> None:
    """Earlier links to a new code app of this account are void."""
    tx.session.execute(
        delete(models.Invitation).where(models.Invitation.counsellor_id == counsellor_id)
    )


def use_invitation(tx: Tx, token: str) -> bool:
    """True for the one who uses it; it never works again."""
    result = tx.session.execute(
        update(models.Invitation)
        .where(
            models.Invitation.token_hash == _invitation_hash(tx, token),
            models.Invitation.used_at.is_(None),
            models.Invitation.expires_at > tx.now,
        )
        .values(used_at=tx.now)
        .execution_options(synchronize_session="fetch")
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def open_invitations(tx: Tx) -> int:
    """How many unused links are still valid."""
    rows = tx.session.scalars(
        select(models.Invitation).where(
            models.Invitation.used_at.is_(None), models.Invitation.expires_at > tx.now
        )
    )
    return len(rows.all())


def _session_hash(tx: Tx, token: str) -> str:
    return tx.keys.keyed_hash("desk-session", token)


def _invitation_hash(tx: Tx, token: str) -> str:
    return tx.keys.keyed_hash("desk-invitation", token)

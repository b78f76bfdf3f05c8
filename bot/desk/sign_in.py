"""Signing in: username, password and a code together, one answer for everything that is wrong.

The try is counted before it is judged; an unknown username costs the same as a wrong password; and
the hash is computed outside the database's thread, so that guessing delays nobody's message.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk import totp
from bot.desk.passwords import LONGEST, Passwords
from bot.store import audit, counsellors, desk_sessions
from bot.store.counsellors import Attempt
from bot.store.database import Database, Tx
from bot.store.roles import Role


@dataclass(frozen=True)
class SignedIn:
    """The token of a new session, and the roles that say where she lands."""

    token: str
    roles: frozenset[Role]


class Refused(Exception):
    """Not signed in. Deliberately says no more."""


async def sign_in(
    db: Database, passwords: Passwords, username: str, password: str, code: str
) -> SignedIn:
    """A new session. Raises Refused; Busy from the password queue."""
    attempt = await db.run(counsellors.begin_attempt, username)
    verified = await passwords.verify(
        attempt.password_hash if attempt else None, password[: LONGEST + 1]
    )
    signed_in = await db.run(_judge, attempt, verified.ok, code, verified.rehash)
    if signed_in is None:
        raise Refused
    return signed_in


def _judge(
    tx: Tx, attempt: Attempt | None, password_ok: bool, code: str, rehash: str | None
) -> SignedIn | None:
    # A refused try is kept in the log, so it must commit: None and not an exception.
    if attempt is None:
        audit.write(tx, "sign_in_failed")
        return None
    who = attempt.counsellor.id
    if attempt.waiting or not password_ok or not totp.use_code(tx, who, code):
        audit.write(tx, "sign_in_failed", who)
        return None
    counsellors.succeeded(tx, who)
    if rehash is not None:
        counsellors.set_password_hash(tx, who, rehash)
    audit.write(tx, "sign_in", who)
    return SignedIn(desk_sessions.start(tx, who), attempt.counsellor.roles)

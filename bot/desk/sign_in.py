"""Signing in: username, password and a code together, one answer for everything that is wrong.

The try is counted before it is judged (bot/store/sign_ins.py says for whom); an unknown username
costs the same as a wrong password; and the hash is computed outside the database's thread, so
that guessing delays nobody's message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.desk import totp
from bot.desk.passwords import LONGEST, Passwords, Verified
from bot.desk.sign_in_place import From
from bot.store import audit, counsellors, desk_sessions, recovery_codes, sign_ins
from bot.store.counsellors import Counsellor
from bot.store.database import Database, Tx
from bot.store.roles import Role
from bot.store.sign_ins import Attempt

NOBODY_EVERY = timedelta(minutes=1)  # tries at names nobody has: one line in the log is enough


@dataclass(frozen=True)
class SignedIn:
    """The token of a new session, the roles that say where she lands, and the browser's mark."""

    token: str
    roles: frozenset[Role]
    mark: str


class Refused(Exception):
    """Not signed in. Deliberately says no more."""


async def sign_in(
    db: Database, passwords: Passwords, username: str, password: str, code: str, place: From
) -> SignedIn:
    """A new session. Raises Refused; Busy from the password queue."""
    attempt = await db.run(sign_ins.begin, username, place.address, place.browser)
    verified = await _verify(passwords, attempt, password, place)
    signed_in = await db.run(_judge, attempt, verified, code, place.mark)
    if signed_in is None:
        raise Refused
    return signed_in


async def is_her_password(
    db: Database, passwords: Passwords, who: Counsellor, password: str, place: From
) -> bool:
    """Asked again before something that matters, with the same guard. Raises Busy."""
    attempt = await db.run(sign_ins.begin, who.username, place.address, place.browser)
    verified = await _verify(passwords, attempt, password, place)
    return await db.run(_proved, attempt, verified)


async def _verify(
    passwords: Passwords, attempt: Attempt | None, password: str, place: From
) -> Verified:
    return await passwords.verify(
        attempt.password_hash if attempt else None,
        password[: LONGEST + 1],
        address=place.address,
        known=attempt is not None and attempt.known,
    )


def _judge(
    tx: Tx, attempt: Attempt | None, verified: Verified, code: str, mark: str
) -> SignedIn | None:
    # A refused try is kept in the log, so it must commit: None and not an exception.
    if attempt is None:
        _nobody(tx)
        return None
    who = attempt.counsellor.id
    if not verified.ok or not _right_code(tx, attempt, code):
        if not attempt.waiting:
            audit.write(tx, "sign_in_failed", who)
        return None
    sign_ins.succeeded(tx, attempt, mark)
    if verified.rehash is not None:
        counsellors.set_password_hash(tx, who, verified.rehash)
    audit.write(tx, "sign_in", who)
    return SignedIn(desk_sessions.start(tx, who), attempt.counsellor.roles, mark)


def _right_code(tx: Tx, attempt: Attempt, code: str) -> bool:
    """A recovery code is right whatever waits; a code of the app only when nothing does."""
    who = attempt.counsellor.id
    if recovery_codes.use(tx, who, code):
        audit.write(tx, "sign_in_recovery", who)
        return True
    if attempt.waiting or (not attempt.known and sign_ins.codes_must_wait(tx, who)):
        return False
    if totp.use_code(tx, who, code):
        return True
    if not attempt.known and sign_ins.wrong_code(tx, who):
        audit.write(tx, "code_guessed", who)
    return False


def _proved(tx: Tx, attempt: Attempt | None, verified: Verified) -> bool:
    if attempt is None:
        return False
    if attempt.waiting or not verified.ok:
        audit.write(tx, "sign_in_failed", attempt.counsellor.id)
        return False
    sign_ins.proved(tx, attempt)
    return True


def _nobody(tx: Tx) -> None:
    if not audit.nobody_since(tx, "sign_in_failed", tx.now - NOBODY_EVERY):
        audit.write(tx, "sign_in_failed")

"""The guard against guessing: it slows down whoever guesses, and nobody else.

Wrong tries are counted for an account and a place together. A place is a browser she has signed in
with before, or else the address the try came from. So a stranger who guesses at her name makes
only his own address wait, and she signs in from anywhere else as always.

One thing is counted for the account, whatever the place: a right password with a wrong code. Only
somebody who knows the password gets there, and without this he could try all codes from many
addresses. Her known browsers and her recovery codes pass that wait too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.store import models
from bot.store.counsellors import Counsellor, by_username
from bot.store.database import Tx

FREE_TRIES = 5
FIRST_WAIT = 30  # seconds after the fifth wrong try; doubles with each one more
LONGEST_WAIT = 15 * 60
KNOWN_FOR = timedelta(days=90)  # since she last signed in with that browser
STRANGE_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """What judging a try needs to know. `waiting`: too many wrong ones from this place."""

    counsellor: Counsellor
    password_hash: str
    place_hash: str
    known: bool
    waiting: bool


def begin(tx: Tx, username: str, address: str, browser: str) -> Attempt | None:
    """Count a try before it is judged, so that many at once cannot slip past the limit.

    `browser` is the token of its cookie, "" without one. None for an unknown, unconfirmed or
    closed account. While a place waits, further tries are refused and do not lengthen the wait.
    """
    found = by_username(tx, username)
    if found is None or not found.active:
        return None
    row = _place(tx, found.id, address, browser)
    waiting = row.wait_until is not None and row.wait_until > tx.now
    if not waiting:
        row.failed += 1
        row.wait_until = _wait_until(tx.now, row.failed)
        row.last_at = tx.now
        tx.session.flush()
    account = tx.session.get_one(models.Counsellor, found.id)
    return Attempt(found, account.password_hash, row.place_hash, row.known, waiting)


def succeeded(tx: Tx, attempt: Attempt, browser: str) -> None:
    """She is in: the wrong tries are forgotten, and this browser is known from now on."""
    who = attempt.counsellor.id
    proved(tx, attempt)
    tx.session.execute(
        update(models.Counsellor)
        .where(models.Counsellor.id == who)
        .values(failed=0, locked_until=None)
        .execution_options(synchronize_session="fetch")
    )
    know(tx, who, browser)


def proved(tx: Tx, attempt: Attempt) -> None:
    """The password was right (and nothing else was asked): the place need not wait."""
    row = tx.session.get(models.SignInPlace, (attempt.counsellor.id, attempt.place_hash))
    if row is not None:
        row.failed, row.wait_until = 0, None


def know(tx: Tx, counsellor_id: str, browser: str) -> None:
    """She has signed in with this browser."""
    key = (counsellor_id, _browser_hash(tx, browser))
    row = tx.session.get(models.SignInPlace, key)
    if row is None:
        row = _new(tx, *key)
    row.known, row.last_at = True, tx.now
    tx.session.flush()


def forget_places(tx: Tx, counsellor_id: str) -> None:
    """No browser of hers is known any more."""
    tx.session.execute(
        delete(models.SignInPlace).where(models.SignInPlace.counsellor_id == counsellor_id)
    )


def codes_must_wait(tx: Tx, counsellor_id: str) -> bool:
    """Too many wrong codes came with the right password from places that are not known."""
    row = tx.session.get_one(models.Counsellor, counsellor_id)
    return row.locked_until is not None and row.locked_until > tx.now


def wrong_code(tx: Tx, counsellor_id: str) -> bool:
    """The password was right, the code was not. True when from now on such tries must wait."""
    row = tx.session.get_one(models.Counsellor, counsellor_id)
    row.failed += 1
    row.locked_until = _wait_until(tx.now, row.failed)
    tx.session.flush()
    return row.locked_until is not None


def forget_old(tx: Tx) -> None:
    """Addresses after a day, browsers after ninety."""
    place = models.SignInPlace
    for known, kept in ((True, KNOWN_FOR), (False, STRANGE_FOR)):
        tx.session.execute(
            delete(place).where(place.known.is_(known), place.last_at < tx.now - kept)
        )


def _place(tx: Tx, counsellor_id: str, address: str, browser: str) -> models.SignInPlace:
    if browser:
        known = _get(tx, counsellor_id, _browser_hash(tx, browser))
        if known is not None and known.known and known.last_at >= tx.now - KNOWN_FOR:
            return known
    place_hash = tx.keys.keyed_hash("desk-address", address)
    return _get(tx, counsellor_id, place_hash) or _new(tx, counsellor_id, place_hash)


def _get(tx: Tx, counsellor_id: str, place_hash: str) -> models.SignInPlace | None:
    # Locked: of two tries at the same time the second sees the first (PostgreSQL).
    return tx.session.scalar(
        select(models.SignInPlace)
        .where(
            models.SignInPlace.counsellor_id == counsellor_id,
            models.SignInPlace.place_hash == place_hash,
        )
        .with_for_update()
    )


def _new(tx: Tx, counsellor_id: str, place_hash: str) -> models.SignInPlace:
    row = models.SignInPlace(
        counsellor_id=counsellor_id, place_hash=place_hash, known=False, failed=0, last_at=tx.now
    )
    tx.session.add(row)
    return row


def _browser_hash(tx: Tx, browser: str) -> str:
    return tx.keys.keyed_hash("desk-browser", browser)


def _wait_until(now: datetime, failed: int) -> datetime | None:
    if failed < FREE_TRIES:
        return None
    seconds = min(FIRST_WAIT * 2 ** min(failed - FREE_TRIES, 10), LONGEST_WAIT)
    return now + timedelta(seconds=seconds)

"""Passwords: argon2id, off the event loop, and no more than two at a time.

The parameters are argon2-cffi's defaults (RFC 9106, low memory): 64 MiB and some 50 ms a try. Two
at once bounds what a flood of guesses can take from people who are writing. Browsers somebody has
signed in with before stand in a line of their own, and no address fills the other line alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.desk import speech

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
AT_ONCE_KNOWN = 1
IN_LINE = 30
FROM_ONE_ADDRESS = 4

_WEAK = ("passord", "password", "krisesenter", "qwerty", "123456")


class Busy(Exception):
    """Too many tries wait already; the caller says "try again in a moment"."""


@dataclass(frozen=True)
class Verified:
    """`rehash` is a new hash when the stored one has weaker parameters than today's."""

    ok: bool
    rehash: str | None = None


class Passwords:
    """Hashes and verifies; one for the whole desk."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._strangers, self._known = _Line(AT_ONCE), _Line(AT_ONCE_KNOWN)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store, for somebody who is signed in or invited. Raises Busy."""
        return await self._known.run("", self._hasher.hash, password)

    async def verify(
        self, stored: str | None, password: str, *, address: str = "", known: bool = False
    ) -> Verified:
        """Does it fit? `stored` None costs the same and never fits. Raises Busy."""
        line = self._known if known else self._strangers
        return await line.run(address, self._verify, stored, password)

    def _verify(self, stored: str | None, password: str) -> Verified:
        if self._nobody is None:  # paid by whoever comes first, known or not
            self._nobody = self._hasher.hash("nobody has this password")
        try:
            # An unknown username is verified too, so that it takes the same time.
            self._hasher.verify(stored or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return Verified(False)
        if stored is None:
            return Verified(False)
        if self._hasher.check_needs_rehash(stored):
            return Verified(True, self._hasher.hash(password))
        return Verified(True)


class _Line:
    """Tries that wait for their turn, and from where."""

    def __init__(self, at_once: int) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._from: Counter[str] = Counter()

    async def run(self, address: str, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._from.total() >= IN_LINE or (address and self._from[address] >= FROM_ONE_ADDRESS):
            raise Busy
        self._from[address] += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(fn, *args, **kwargs)
        finally:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]


def why_weak(password: str, username: str) -> str | None:
    """What is wrong with a new password, in words; None when it will do."""
    if len(password) < SHORTEST:
        return speech.say(
            "Passordet må ha minst {n} tegn. Tre–fire tilfeldige ord er fint.", n=SHORTEST
        )
    if len(password) > LONGEST:
        return speech.say("Passordet kan ha høyst {n} tegn.", n=LONGEST)
    folded = password.casefold()
    if username and username.casefold() in folded:
        return speech.say("Passordet kan ikke inneholde brukernavnet.")
    if len(set(folded)) < 5 or any(folded.startswith(word) for word in _WEAK):
        return speech.say("Passordet er for lett å gjette. Velg noe annet.")
    return None

"""Sealing: one AES-256-GCM key per owner, wrapped by the master key, destroyed on erase.

`aad` binds a sealed value to its place ("messages.body:<id>"), so that a row cannot be moved.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store.models import SealKey

NONCE = 12


class Unreadable(Exception):
    """The key is gone (erased) or the sealed value was changed. Carries no content."""


class KeyRing:
    """Seals and opens within one transaction.

    `master` is 32 random bytes from the secrets file. Keys are remembered for this transaction
    only, so that an erased key lives nowhere in memory.
    """

    def __init__(self, master: bytes, session: Session, now: datetime) -> None:
        self._master = master
        self._session = session
        self._now = now
        self._opened: dict[str, bytes] = {}

    def create(self, owner_id: str, at: datetime | None = None) -> None:
        """Make the key of a new owner. `at`: what stands as its time, where now would tell."""
        key = AESGCM.generate_key(256)
        nonce = os.urandom(NONCE)
        wrapped = nonce + AESGCM(self._master).encrypt(nonce, key, owner_id.encode())
        self._session.add(SealKey(owner_id=owner_id, wrapped=wrapped, created_at=at or self._now))
        self._opened[owner_id] = key

    def destroy(self, owner_id: str) -> None:
        """Forget the key: everything the owner sealed is unreadable from now on."""
        self._session.execute(delete(SealKey).where(SealKey.owner_id == owner_id))
        self._opened.pop(owner_id, None)

    def exists(self, owner_id: str) -> bool:
        """True while the owner has not been erased."""
        return owner_id in self._opened or self._session.get(SealKey, owner_id) is not None

    def seal(self, owner_id: str, plain: str | bytes, aad: str) -> bytes:
        """Encrypt for `owner_id`, bound to `aad`. Raises Unreadable when the owner is erased."""
        data = plain.encode("utf-8", "surrogatepass") if isinstance(plain, str) else plain
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self._key(owner_id)).encrypt(nonce, data, aad.encode())

    def open(self, owner_id: str, sealed: bytes, aad: str) -> bytes:
        """Decrypt. Raises Unreadable when the key is gone or the value does not belong here."""
        key = self._key(owner_id)
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], aad.encode())
        except InvalidTag:
            raise Unreadable(aad.split(":")[0]) from None

    def open_text(self, owner_id: str, sealed: bytes, aad: str) -> str:
        """Decrypt to text; see open()."""
        return self.open(owner_id, sealed, aad).decode("utf-8", "surrogatepass")

    def keyed_hash(self, purpose: str, value: str) -> str:
        """A hash that only this service can make: for looking up numbers, tokens and codes."""
        return hmac.new(self._master, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def _key(self, owner_id: str) -> bytes:
        cached = self._opened.get(owner_id)
        if cached is not None:
            return cached
        row = self._session.get(SealKey, owner_id)
        if row is None:
            raise Unreadable("no key")
        try:
            key = AESGCM(self._master).decrypt(
                row.wrapped[:NONCE], row.wrapped[NONCE:], owner_id.encode()
            )
        except InvalidTag:
            raise Unreadable("master key does not fit") from None
        self._opened[owner_id] = key
        return key

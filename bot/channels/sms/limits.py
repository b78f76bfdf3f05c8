"""How much one sender may write. What holds a danger is never left out (see inbound.py)."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from bot.channels.allowance import Allowance

if TYPE_CHECKING:
    from bot.settings import Settings


class SenderLimits:
    """So many messages a minute for each number, and for all together. In memory only."""

    def __init__(self, per_sender: float, in_all: float) -> None:
        self._one = Allowance(per_sender)
        self._all = Allowance(in_all)
        self._key = secrets.token_bytes(32)  # numbers are not kept, not even in memory

    def allow(self, number: str) -> bool:
        """True when one more from `number` may come in now."""
        name = hashlib.blake2b(number.encode(), key=self._key, digest_size=16).hexdigest()
        return self._one.take(name) and self._all.take("all")


def of(settings: Settings) -> SenderLimits:
    """The limits of the settings, the same as on the web."""
    return SenderLimits(settings.web_per_minute, settings.all_per_minute)

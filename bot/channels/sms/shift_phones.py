"""The phones of the shift: staff are texted when nobody takes a person within the limits.

One fixed sentence without content. Not through the outbox: it is about nobody, and the follow-up
sends it again for as long as nobody has taken the case.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from bot.channels.sms.outbound import in_thread
from bot.channels.sms.provider import SmsError

if TYPE_CHECKING:
    from bot.channels.sms.provider import SmsProvider

log = logging.getLogger(__name__)

VALID_SECONDS = 600  # an old alarm is no news: the next one comes by itself


class ShiftPhones:
    """Texts all of them; a number never reaches the log."""

    def __init__(self, provider: SmsProvider, numbers: list[str]) -> None:
        self._provider = provider
        self._numbers = numbers

    async def __call__(self, text: str) -> bool:
        """True when the provider took a text for each phone."""
        return all(await asyncio.gather(*(self._send(number, text) for number in self._numbers)))

    async def _send(self, number: str, text: str) -> bool:
        try:
            await in_thread(partial(self._provider.send, number, text, None, VALID_SECONDS))
        except SmsError as error:
            log.warning("a phone of the shift was not texted: %s", error.code)
            return False
        return True

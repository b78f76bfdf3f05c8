"""Telling staff outside the desk page (mail, pager, chat) that somebody waits.

The text is one of three fixed sentences: no words, no number, no designation leaves the machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

log = logging.getLogger(__name__)

URGENT = "Ny hastesak i skranken"
WAITING = "Noen venter i skranken"
TOO_LONG = "Noen har ventet for lenge i skranken"  # the second level, to everyone
TIMEOUT_SECONDS = 10.0
MOST_AT_ONCE = 2

Send = Callable[[str], bool]
Text = Callable[[str], Awaitable[bool]]


class Notifier(Protocol):
    """Tells staff. Never raises: a dead mail server must not stop a handoff."""

    @property
    def failures(self) -> Counter[str]:
        """How often it failed, by class."""
        ...

    async def notify(self, urgent: bool = True) -> bool:
        """True when every address took it."""
        ...

    async def notify_all(self) -> bool:
        """The second level: nobody has taken it. True when every address and phone took it."""
        ...


class NullNotifier:
    """For a centre (or a test) with no address to tell: the desk page alone sounds."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()

    async def notify(self, urgent: bool = True) -> bool:
        """There is nobody to tell, so nothing fails."""
        return True

    async def notify_all(self) -> bool:
        """The same at the second level."""
        return True


class AppriseNotifier:
    """Tells every Apprise address of the settings, in a thread of its own, within a time limit.

    `failures` counts by class name only ("TimeoutError", "NotDelivered"), for the metrics.
    """

    def __init__(self, send: Send, timeout: float = TIMEOUT_SECONDS) -> None:
        self.failures: Counter[str] = Counter()
        self._send = send
        self._timeout = timeout
        # Threads of its own: an address that hangs takes no thread from the store.
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="notify")
        self._running = 0

    async def notify(self, urgent: bool = True) -> bool:
        """True when every address took it within the time limit."""
        return await self.tell(URGENT if urgent else WAITING)

    async def notify_all(self) -> bool:
        """The second level."""
        return await self.tell(TOO_LONG)

    async def tell(self, text: str) -> bool:
        """One of the fixed sentences to every address. True when all took it in time."""
        if self._running >= MOST_AT_ONCE:
            return self._failed("Busy")
        self._running += 1
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._pool, self._send, text)
        work.add_done_callback(self._ended)
        try:
            delivered = await asyncio.wait_for(asyncio.shield(work), self._timeout)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the documented boundary: Apprise plugins raise what they like
            return self._failed(type(error).__name__)
        return delivered or self._failed("NotDelivered")

    def _ended(self, work: asyncio.Future[bool]) -> None:
        self._running -= 1
        if not work.cancelled():
            work.exception()  # looked at, so that asyncio does not log its text

    def _failed(self, name: str) -> bool:
        self.failures[name] += 1
        log.warning("staff were not told: %s", name)
        return False


class TwoLevels:
    """First some addresses; when nobody takes it, others too, and the phones of the shift.

    `text` sends the sentence to the phones; None where there are none.
    """

    def __init__(self, first: Notifier, second: Notifier, text: Text | None = None) -> None:
        self._first, self._second, self._text = first, second, text

    @property
    def failures(self) -> Counter[str]:
        """Of both levels."""
        return self._first.failures + self._second.failures

    async def notify(self, urgent: bool = True) -> bool:
        """Only the first level."""
        return await self._first.notify(urgent)

    async def notify_all(self) -> bool:
        """Everybody. One that fails keeps nothing from the others."""
        tells = [self._first.notify_all(), self._second.notify_all()]
        if self._text is not None:
            tells.append(self._texted(self._text))
        return all(await asyncio.gather(*tells))

    async def _texted(self, text: Text) -> bool:
        try:
            taken = await asyncio.wait_for(text(TOO_LONG), TIMEOUT_SECONDS)
        except TimeoutError:
            self._second.failures["TimeoutError"] += 1
            return False
        if not taken:
            self._second.failures["NotDelivered"] += 1
        return taken


def notifier_for(
    urls: str, timeout: float = TIMEOUT_SECONDS, setting: str = "HELPLINE_NOTIFY_URLS"
) -> Notifier:
    """The notifier for the addresses of a setting, parted by spaces; none: NullNotifier.

    Raises ValueError, without the address, when one of them is not an Apprise address.
    """
    addresses = urls.split()
    if not addresses:
        return NullNotifier()
    import apprise  # takes half a second, which a centre without addresses need not wait for

    # Its own lines carry the addresses, which hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    targets = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        if not targets.add(address):
            raise ValueError(
                f"{setting}: number {number} is no Apprise address; see docs/settings.md"
            )

    def send(text: str) -> bool:
        return bool(targets.notify(body=text, title=text))

    return AppriseNotifier(send, timeout)

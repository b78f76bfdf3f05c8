"""Telling staff outside the desk page (mail, pager, chat) that somebody waits.

The text is one of two fixed sentences: no words, no number, no designation leaves the machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

log = logging.getLogger(__name__)

URGENT = "Ny hastesak i skranken"
WAITING = "Noen venter i skranken"
TIMEOUT_SECONDS = 10.0
MOST_AT_ONCE = 2

Send = Callable[[str], bool]


class Notifier(Protocol):
    """Tells staff. Never raises: a dead mail server must not stop a handoff."""

    failures: Counter[str]

    async def notify(self, urgent: bool = True) -> bool:
        """True when every address took it."""
        ...


class NullNotifier:
    """For a centre (or a test) with no address to tell: the desk page alone sounds."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()

    async def notify(self, urgent: bool = True) -> bool:
        """There is nobody to tell, so nothing fails."""
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
        if self._running >= MOST_AT_ONCE:
            return self._failed("Busy")
        self._running += 1
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._pool, self._send, URGENT if urgent else WAITING)
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


def notifier_for(urls: str, timeout: float = TIMEOUT_SECONDS) -> Notifier:
    """The notifier for the addresses of the settings, parted by spaces; none: NullNotifier.

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
                f"HELPLINE_NOTIFY_URLS: number {number} is no Apprise address; see docs/settings.md"
            )

    def send(text: str) -> bool:
        return bool(targets.notify(body=text, title=text))

    return AppriseNotifier(send, timeout)

"""Wake-ups inside the process: "something new for this conversation", "something new at the desk".

Carries no content: whoever wakes up reads the store. Several processes will need a shared one
behind the same two calls.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

DESK = "desk"


def conversation_topic(conversation_id: str) -> str:
    """The topic of one conversation."""
    return f"conversation:{conversation_id}"


class Events:
    """Fan-out to everyone who waits; nobody waiting is fine."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def publish(self, topic: str) -> None:
        """Wake all who wait for `topic`. Call from the event loop."""
        for event in self._waiting.get(topic, ()):
            event.set()

    @contextmanager
    def listening(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set by what comes from now on: nothing is missed while one looks."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        try:
            yield event
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                self._waiting.pop(topic, None)

    async def wait(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 (it says "nothing came")
        """True when something came within `timeout` seconds."""
        with self.listening(topic) as event, suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await event.wait()
                return True
        return False

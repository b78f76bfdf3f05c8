"""Who is writing just now, in memory only: not one letter, and nothing that is kept.

The counsellor's page says so every few seconds while she types; the person's page is woken and
shows "skriver …" until the words are there, or some seconds after the last sign.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LASTS = 7.0
"""Seconds that one sign lasts; the desk's page sends the next one before (static/write.js)."""


class Typing:
    """Remembers for a few seconds in which conversations a counsellor is writing."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def begin(self, conversation_id: str) -> None:
        """A sign that she is writing."""
        now = self._clock()
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[conversation_id] = now + LASTS

    def end(self, conversation_id: str) -> None:
        """The words are on their way, or she has changed her mind."""
        self._until.pop(conversation_id, None)

    def now(self, conversation_id: str) -> bool:
        """True while somebody writes."""
        return self._until.get(conversation_id, 0.0) > self._clock()

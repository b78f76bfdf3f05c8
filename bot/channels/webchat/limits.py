"""Flooding: how much one conversation and everyone together may send. No addresses are looked at.

A limit never silences danger: the caller checks the words before it says that it is too much.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bot.channels.allowance import Allowance

CODE_TRIES_PER_MINUTE = 30
STREAMS_PER_CONVERSATION = 4


class Limits:
    """All limits of the web room."""

    def __init__(
        self,
        per_conversation: int,
        in_all: int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._one = Allowance(per_conversation, clock=clock)
        self._all = Allowance(in_all, clock=clock)
        self._codes = Allowance(CODE_TRIES_PER_MINUTE, clock=clock)
        self._streams: dict[str, int] = {}

    def message(self, conversation_id: str | None) -> str | None:
        """None when the message may come in; else which notice says why not."""
        if conversation_id is not None and not self._one.take(conversation_id):
            return "busy"
        return None if self._all.take("all") else "all_busy"

    def code(self) -> bool:
        """True when one more return code may be tried."""
        return self._codes.take("codes")

    def open_stream(self, conversation_id: str) -> bool:
        """True when one more open line is allowed; give it back with close_stream."""
        count = self._streams.get(conversation_id, 0)
        if count >= STREAMS_PER_CONVERSATION:
            return False
        self._streams[conversation_id] = count + 1
        return True

    def close_stream(self, conversation_id: str) -> None:
        """A line was closed."""
        count = self._streams.pop(conversation_id, 1) - 1
        if count > 0:
            self._streams[conversation_id] = count

"""A provider for the demonstration: texts stay in memory and show up in the phone simulator.

No text leaves the machine. It keeps both directions of a few invented numbers and forgets them
with the process.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from bot.channels.sms.provider import LOOK_BACK, Found

MOST_NUMBERS = 20
MOST_TEXTS = 200


@dataclass(frozen=True)
class DemoText:
    """One text on the simulated phone; `way` is seen from the person."""

    sid: str
    way: Literal["sent", "received"]
    text: str
    at: datetime


class DemoProvider:
    """Implements SmsProvider for the simulator; see the module."""

    def __init__(self) -> None:
        self._phones: OrderedDict[str, list[DemoText]] = OrderedDict()
        self._lock = Lock()  # the sender calls from threads

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        """The simulated phone receives it at once."""
        return self._add(number, "received", text)

    def find(self, number: str, text: str, since: datetime) -> list[Found]:
        """What the simulated phone received."""
        return [
            Found(one.sid, "delivered")
            for one in self.thread(number)
            if one.way == "received" and one.text == text and one.at >= since - LOOK_BACK
        ]

    def erase(self, sid: str) -> None:
        """The provider's copy is the phone's here, and a phone keeps what it received."""

    def person_wrote(self, number: str, text: str) -> str:
        """The person's own text, shown on the phone. Returns an invented MessageSid."""
        return self._add(number, "sent", text)

    def thread(self, number: str) -> list[DemoText]:
        """All texts of one phone, oldest first."""
        with self._lock:
            return list(self._phones.get(number, ()))

    def empty(self, number: str) -> None:
        """The person deletes the thread on the phone."""
        with self._lock:
            self._phones.pop(number, None)

    def _add(self, number: str, way: Literal["sent", "received"], text: str) -> str:
        one = DemoText(f"SM{secrets.token_hex(16)}", way, text, datetime.now(UTC))
        with self._lock:
            texts = self._phones.setdefault(number, [])
            texts.append(one)
            del texts[:-MOST_TEXTS]
            while len(self._phones) > MOST_NUMBERS:
                self._phones.popitem(last=False)
        return one.sid

"""What travels between a channel and the turn: plain values, the same for web and SMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Lang = Literal["nb", "nn", "en"]
Channel = Literal["web", "sms"]
Level = Literal["now", "soon", "gentle"]
ReplyKind = Literal["bot", "danger", "desk", "system"]
WishKind = Literal["handoff", "checklist", "safety_plan", "erase", "language"]

LANGS: tuple[Lang, ...] = ("nb", "nn", "en")
TICKS = ("tick", "group")  # payloads such as "tick:hits": boxes on the web


@dataclass(frozen=True)
class Button:
    """A choice the person can press (web) or answer by number (SMS).

    Some can be ticked together with others on the web, before another button sends them.
    """

    title: str
    payload: str

    @property
    def ticked(self) -> str | None:
        """The id that a tick sends; None for a plain button."""
        kind, _, id = self.payload.partition(":")
        return id if kind in TICKS else None


@dataclass(frozen=True)
class Reply:
    """One bubble to the person: plain text, paragraphs parted by an empty line.

    `source` is the line that names the law or page; SMS leaves it out until asked (KILDE).
    """

    text: str
    buttons: tuple[Button, ...] = ()
    source: str | None = None
    kind: ReplyKind = "bot"


@dataclass(frozen=True)
class Message:
    """What came in, after the channel has authenticated it and recognised repeats."""

    conversation_id: str
    channel: Channel
    text: str
    at: datetime
    payload: str | None = None
    provider_id: str | None = None


@dataclass(frozen=True)
class Wish:
    """What an action or a flow wants done; only `bot/turn.py` does it."""

    kind: WishKind
    reason: str = ""
    value: str = ""

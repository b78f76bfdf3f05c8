"""What understanding gives the turn. Knows nothing of Rasa, so the safe path can import it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from bot.channels.messages import Lang, Wish


class UnderstandingAway(Exception):
    """Understanding is not loaded, or something inside it failed.

    Carries a class name at most, never a word of what the person wrote.
    """


@dataclass(frozen=True)
class Understood:
    """What one message is about. All ids are topic ids of the content.

    `topic` is what to answer, None when it is not sure enough; `topics` are all that were found,
    the surest first; `alternatives` are up to three to offer when `topic` is None.
    `also` are other things the same message asked, to be named beside the answer; `perhaps` what
    was meant if it was not `topic`, to be offered beside an answer that is not quite sure.
    `confidence` (0–1) is the calibrated probability of the first topic, answered or not.
    """

    topic: str | None
    topics: tuple[str, ...]
    alternatives: tuple[str, ...]
    confidence: float
    wish: Wish | None
    also: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


class Understanding(Protocol):
    """The one question the turn asks about a message."""

    @property
    def ready(self) -> bool: ...

    @property
    def failed_reason(self) -> str | None:
        """The class name of what made loading fail, None before that or when it worked."""
        ...

    async def understand(
        self,
        conversation_id: str,
        text: str,
        lang: Lang,
        last_topic: str | None = None,
        near: Collection[str] = (),
    ) -> Understood:
        """`near`: topics next to `last_topic`, likelier in a question that leans on it.

        Raises UnderstandingAway when it cannot tell.
        """
        ...

    async def forget(self, conversation_id: str) -> None:
        """Nothing about this conversation is left in understanding afterwards."""
        ...

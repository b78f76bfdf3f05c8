"""The second signal of the danger check: a trained guess, which may raise what the lists found.

It never lowers anything and is never waited for: while it is not loaded, or when it fails, the
lists alone decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.channels.messages import Level
from bot.safety.finding import LEVELS, PRECEDENCE, Finding

# Words shown to the desk with the alarm.
SHOWN = 160


@dataclass(frozen=True)
class Guess:
    """What a message is taken for: how near, and which danger of PRECEDENCE."""

    level: Level
    danger: str


class SecondSignal(Protocol):
    """A judge of whole messages, independent of the lists."""

    @property
    def ready(self) -> bool:
        """Whether `guess` can answer."""
        ...

    def load(self) -> None:
        """Blocks for some seconds; call it in a thread. Raises OSError, KeyError or ValueError."""
        ...

    def guess(self, text: str) -> Guess | None:
        """None: nothing live, or not loaded. Some 10 ms, most of it the shared embedding."""
        ...


def raised(finding: Finding | None, guess: Guess | None, read: str, young: bool) -> Finding | None:
    """The finding of the lists, or a nearer one when the guess is nearer.

    `read` is the message as the lists read it; `young`: the words are those of a child.
    """
    if guess is None or (finding is not None and not _nearer(guess.level, finding.level)):
        return finding
    # topics.md: a child that writes itself is child_in_danger, whatever is done to it.
    danger = "child_in_danger" if young and guess.danger == "danger_now" else guess.danger
    if finding is None:
        words = read.strip()[:SHOWN]
        neutral = danger == "found_out"
        return Finding(danger, guess.level, words, (danger,), neutral, young=young)
    if danger == "found_out":
        danger = finding.danger  # somebody reading along shapes the form; the danger stays the same
    others = sorted({danger, *finding.all} - {danger}, key=PRECEDENCE.index)
    neutral = finding.neutral or guess.danger == "found_out"
    return replace(
        finding, danger=danger, level=guess.level, all=(danger, *others), neutral=neutral
    )


def _nearer(one: Level, other: Level) -> bool:
    return LEVELS.index(one) < LEVELS.index(other)

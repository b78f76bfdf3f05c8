"""The second signal of the danger check: a trained guess beside the lists.

Either can raise. What only the lists take for this minute, while the model is sure that it is not,
is soon: it alarms the desk and offers a person all the same, but does not open with 112. Where the
model is sure that nothing is live at all, a word of the lists alone is not believed. A short cry is
always believed, and while the model is not loaded, or when it fails, the lists alone decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.channels.messages import Level
from bot.safety.finding import LEVELS, PRECEDENCE, Finding

# A message of fewer words is a cry for help: what the lists make of it stands.
A_CRY = 6
# Words shown to the desk with the alarm.
SHOWN = 160


@dataclass(frozen=True)
class Guess:
    """How near (None: nothing live), and which danger of PRECEDENCE it would be.

    `sure`: quite certain that nothing is of this minute; `quiet`: that nothing is live at all.
    `doubtful`: it is raised because a miss weighs more, but is likelier not of this minute.
    """

    level: Level | None
    danger: str
    sure: bool = False
    quiet: bool = False
    doubtful: bool = False


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
        """None: not loaded. Some 10 ms, most of it the shared embedding."""
        ...


def weighed(finding: Finding | None, guess: Guess | None, read: str, young: bool) -> Finding | None:
    """The finding of the lists and the guess in one.

    `read` is the message as the lists read it; `young`: the words are those of a child.
    """
    if guess is None:
        return finding
    if guess.level is None or (finding is not None and not _nearer(guess.level, finding.level)):
        return lowered(finding, guess, read)
    # topics.md: a child that writes itself is child_in_danger, whatever is done to it.
    danger = "child_in_danger" if young and guess.danger == "danger_now" else guess.danger
    if finding is None:
        words = read.strip()[:SHOWN]
        neutral = danger == "found_out"
        return Finding(
            danger, guess.level, words, (danger,), neutral, young=young, doubtful=guess.doubtful
        )
    if danger == "found_out":
        danger = finding.danger  # somebody reading along shapes the form; the danger stays the same
    others = sorted({danger, *finding.all} - {danger}, key=PRECEDENCE.index)
    neutral = finding.neutral or guess.danger == "found_out"
    return replace(
        finding,
        danger=danger,
        level=guess.level,
        all=(danger, *others),
        neutral=neutral,
        doubtful=guess.doubtful,
    )


def lowered(finding: Finding | None, guess: Guess | None, read: str) -> Finding | None:
    """What the lists found, where the guess speaks against it; nothing is raised."""
    if finding is None or guess is None or finding.level == "gentle" or len(read.split()) < A_CRY:
        return finding
    if guess.quiet:
        return None
    if finding.level != "now" or guess.level == "now":
        return finding
    return replace(finding, level="soon") if guess.sure else replace(finding, doubtful=True)


def _nearer(one: Level, other: Level) -> bool:
    return LEVELS.index(one) < LEVELS.index(other)

"""What the danger check answers with: plain frozen values that every other part may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.channels.messages import Lang, Level

Answer = Literal["yes", "no", "dont_know", "over", "misunderstood"]

# design.md, "Danger: what the words mean": who comes first when several are found at one level.
# found_out is not in the order: it shapes the form (Finding.neutral) and is named alone only when
# nothing else was found.
PRECEDENCE: tuple[str, ...] = (
    "danger_now",
    "weapon_or_kill_threat",
    "injured",
    "strangled",
    "suicide",
    "child_in_danger",
    "sexual_assault_recent",
    "sent_abroad_forced_marriage",
    "found_address",
    "ban_broken",
    "panic_now",
    "found_out",
)
LEVELS: tuple[Level, ...] = ("now", "soon", "gentle")


class SafetyDataError(Exception):
    """The lists of the danger check cannot be used. One line: where, what, how to mend it."""


@dataclass(frozen=True)
class Finding:
    """A danger in one message.

    `words` are the person's own words that raised it (for the alarm; never for a log). `all` holds
    every id found, the first being `danger`. `neutral`: somebody may be reading, so the reply must
    be able to be about anything. `other`: it is about somebody else than the one who writes.
    `young`: the words are those of a child. `answer`: it came as the answer to the direct question,
    which is then not asked again. `tongue`: the language it was told in, when it is none of ours.
    `doubtful`: one of the two signals alone took it for now, and the trained one doubts it.
    """

    danger: str
    level: Level
    words: str
    all: tuple[str, ...]
    neutral: bool
    other: bool = False
    young: bool = False
    answer: Answer | None = None
    tongue: str | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class SafetyResult:
    """`past_or_other`: words of violence without a live finding, such as the past, a film, someone
    else. `answer`: what the message says to the question asked before it, if one was asked.
    `asked_for`: it answers what a form asked, and nothing that was said of danger before."""

    finding: Finding | None
    past_or_other: bool
    answer: Answer | None = None
    asked_for: bool = False


@dataclass(frozen=True)
class SafetyContext:
    """What the conversation knows when the message comes.

    `chosen`: the words are those of a choice that was offered, and so ours, not a story.
    `asked_for`: a plain answer to what a form just asked ("etter kl 20"). Only what the lists find
    in it is danger; that somebody may see the phone at other times is what such an answer tells.
    """

    lang: Lang = "nb"
    asked_suicide: bool = False
    last_danger: str | None = None
    last_level: Level | None = None
    chosen: bool = False
    asked_for: bool = False

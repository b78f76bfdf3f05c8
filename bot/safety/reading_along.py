"""Does somebody else read now? And what is said to "is it a good time to write?"

The cover line ("Takk, det er i orden") is for other eyes that are there at this minute. Her own
words about a phone that is checked every night, a message he must not see or a wish not to be
called are no such eyes: they are answered. The lists stand in reading_along.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from bot.safety.finding import Finding
from bot.safety.lines import Line, Lines, read_lines
from bot.safety.normalise import COMMA, STOP, readable, split

FILE = Path(__file__).parent / "reading_along.yml"

Kind = Literal[
    "reads",
    "here",
    "not_now",
    "never",
    "contact",
    "comes",
    "safe",
    "declines",
    "unsafe",
    "greets",
    "stranger",
    "who_abroad",
    "person_abroad",
    "fading",
    "only_fading",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FOUND_OUT = "found_out"
LONGEST_ANSWER = 12
"""Words; a longer message tells something, and is no answer to a question of two words."""
SHORT = 6
"""Words; a longer greeting tells something too."""
BESIDE = 2
"""Words that say nothing of their own beside a yes: "nå", "igjen", "da"."""

# "Nå" outweighs a habit and a fear. "No" is "nå" in Nynorsk.
_NOW = re.compile(r"(?<!\S)(?:nå|no|now|nu|nettopp|akkurat) ")


def shaped(finding: Finding | None, text: str, *, now: bool = False) -> Finding | None:
    """The finding in its form: neutral only when somebody else reads now.

    That a phone is read, told as a habit or a fear, stays a finding, but of no minute; where the
    message is about how she wants to be reached, it is a wish and no danger.
    """
    if finding is None:
        return None
    if FOUND_OUT not in finding.all:
        return replace(finding, neutral=False) if finding.neutral else finding
    if reads_now(text):
        return replace(finding, neutral=True)
    if finding.danger != FOUND_OUT:
        return replace(finding, neutral=False)
    if says("contact", text):
        return None
    told_as_past = finding.level == "now" and not now and says("not_now", text)
    return replace(finding, neutral=False, level="soon" if told_as_past else finding.level)


def reads_now(text: str) -> bool:
    """Whether a sentence says that somebody else reads, holds the phone or asks who writes, now."""
    sentences = list(_sentences(text))
    if any(_found("never", sentence) for sentence in sentences):
        return False
    return any(
        _found("here", sentence)
        or (_found("reads", sentence) and (_now(sentence) or not _found("not_now", sentence)))
        for sentence in sentences
    )


def comes(text: str) -> bool:
    """ "Han kommer": the whole message, written in haste."""
    return _found("comes", _line(_words(text)))


def asks_about_us(text: str) -> bool:
    """What somebody asks who found the number: what it is, who writes, what she has said."""
    return says("stranger", text) or asks_who_abroad(text)


def asks_who_abroad(text: str) -> bool:
    """ "Who is this?" in a language that the helpline does not write itself."""
    return says("who_abroad", text)


def only_greets(text: str) -> bool:
    """ "Hei", "ok", "er det noen der": its answer would only tell what this is."""
    words = _words(text)
    return not words or (len(words) <= SHORT and _found("greets", _line(words)))


def answers_safe(text: str) -> Literal["yes", "no"] | None:
    """Yes or no to "is it a good time to write?", in whatever words; None: it is no answer."""
    words = _words(text)
    if not words or len(words) > LONGEST_ANSWER:
        return None
    line = _line(words)
    if _found("unsafe", line):
        return "no"
    if _found("safe", line):  # "nei, jeg er alene nå" too
        return "yes"
    return "no" if _found("declines", line) else None


def is_only_an_answer(text: str) -> bool:
    """Whether nothing is left to answer once the yes is heard."""
    rest = _lists().patterns["safe"].sub("", _line(_words(text)))
    return "?" not in text and len(rest.strip("< >").split()) <= BESIDE


def says(kind: Kind, text: str) -> bool:
    """Whether one of its sentences says this."""
    return any(_found(kind, sentence) for sentence in _sentences(text))


def load_reading_along() -> tuple[Line[Kind], ...]:
    """The lines of the list. Raises SafetyDataError when one cannot be used."""
    return _lists().all


# --- inside ----------------------------------------------------------------------------------


def _sentences(text: str) -> Iterator[str]:
    words: list[str] = []
    for word in [*split(readable(text[:4000])), None]:
        if word is None or word.text == STOP:
            if words:
                yield _line(words)
            words = []
        elif word.text != COMMA:
            words.append(word.text)


def _words(text: str) -> list[str]:
    return [word.text for word in split(readable(text[:4000])) if not word.is_break]


def _line(words: list[str]) -> str:
    return "< " + "".join(f"{word} " for word in words) + "> "


def _found(kind: Kind, line: str) -> bool:
    return _lists().patterns[kind].search(line) is not None


def _now(sentence: str) -> bool:
    return _NOW.search(sentence) is not None


@cache
def _lists() -> Lines[Kind]:
    return read_lines(FILE, KINDS, _pattern, classes=("who", "neg"))


def _pattern(match: str) -> str:
    """A line of the list as a regular expression over words with one space after each."""
    parts = []
    for place in match.split():
        if place[0] == "~":
            parts.append(rf"(?:[^\s<>]+ ){{0,{int(place[1:])}}}")
            continue
        optional, choices = "", []
        for choice in place.split("|"):
            optional = "?" if choice.endswith("?") else optional
            choices.append(_choice(choice.removesuffix("?")))
        parts.append(f"(?:(?:{'|'.join(choices)}) ){optional}")
    return r"(?<!\S)" + "".join(parts)


def _choice(choice: str) -> str:
    if choice == "$number":
        return r"\d+"
    stem = choice.removesuffix("*")
    return re.escape(stem) + (r"[^\s<>]*" if stem != choice else "")

"""How easy a Norwegian text is to read: LIX, and how many sentences stand before the step.

LIX (Björnsson 1968) = words per sentence + percentage of words with more than six letters.
A colon ends a unit, as in
Björnsson's count. Under 30 is very easy, 30 to 40 easy, above 45 is the language of offices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONG_WORD = 7
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A digit or a letter after the stop means an ordinal, a time or an abbreviation such as "bl.a.".
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"»)*]|$)|\n+")
_LIX_END = re.compile(r"[.!?:…]+(?=[\s\"»)*]|$)|\n+")
_LEFT_OUT = re.compile(r"\{[^}]*\}|https?://\S+|\*\*")


@dataclass(frozen=True)
class Readability:
    """LIX of a text and the number of words it was counted over."""

    lix: float
    words: int


def readability(text: str) -> Readability:
    """LIX of a text; numbers, placeholders and markup are left out. Empty text gives 0."""
    parts = _split(text, _LIX_END)
    words = [word for part in parts for word in _WORD.findall(part)]
    if not words:
        return Readability(0.0, 0)
    long_words = sum(len(word) >= LONG_WORD for word in words)
    return Readability(len(words) / len(parts) + 100 * long_words / len(words), len(words))


def sentences(text: str) -> list[str]:
    """Sentences with at least one word; a line of a list counts as one."""
    return _split(text, _SENTENCE_END)


def _split(text: str, end: re.Pattern[str]) -> list[str]:
    clean = _LEFT_OUT.sub("", text)
    return [part.strip() for part in end.split(clean) if _WORD.search(part)]


def sentences_before_step(text: str) -> list[str]:
    """Sentences before the step: the last of several paragraphs is the step, as are lists."""
    paragraphs = text.split("\n\n")
    told = paragraphs[:-1] if len(paragraphs) > 1 else paragraphs
    lines = [line for p in told for line in p.split("\n") if not line.startswith("- ")]
    return [found for line in lines for found in sentences(line)]


def word_count(text: str) -> int:
    """Words of a text, numbers left out."""
    return len(_WORD.findall(text))

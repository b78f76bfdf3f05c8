"""Phrases whose words stand in order: spaCy's Matcher, asked only about what can be there.

A Matcher tries every pattern at every word. With some six hundred patterns of word classes that is
most of the time of a check, so each pattern has a Matcher of its own, kept under its rarest word:
a message is tried against the few phrases whose words it holds (measured: 5 to 10 times faster).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety.scope import Span

# A long message is worked through in pieces of this many words, overlapping so that no phrase is
# cut: the time grows in step with the length and never more.
PIECE, OVERLAP = 400, 40


class OrderedMatcher:
    """Finds phrases in a row of symbols. Not changed after it was filled; safe for threads."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._phrases: list[_Phrase] = []
        # A Matcher keeps a cache while it runs.
        self._lock = threading.Lock()

    def add(self, name: str, pattern: list[dict[str, Any]]) -> None:
        """`pattern` as from compile_phrase: at least one word is needed and not optional."""
        matcher = Matcher(self._vocab, validate=False)
        matcher.add(name, [pattern])
        needed = sorted((_words(token) for token in pattern if _is_needed(token)), key=len)
        for symbol in needed[0]:
            self._by_word[symbol].append(len(self._phrases))
        self._phrases.append(_Phrase(name, matcher, tuple(needed), _width(pattern)))

    def spans(self, symbols: Sequence[str]) -> list[Span]:
        """Every place of every phrase, each once."""
        found: dict[Span, None] = {}
        for first in range(0, len(symbols), PIECE - OVERLAP):
            piece = list(symbols[first : first + PIECE])
            for start, end, name in self._piece(piece):
                found[Span(name, first + start, first + end)] = None
            if first + PIECE >= len(symbols):
                break
        return list(found)

    def _piece(self, symbols: list[str]) -> list[tuple[int, int, str]]:
        here: dict[str, list[int]] = defaultdict(list)
        for at, symbol in enumerate(symbols):
            here[symbol].append(at)
        numbers = sorted({n for symbol in here for n in self._by_word.get(symbol, ())})
        wanted = [
            phrase
            for phrase in (self._phrases[n] for n in numbers)
            if not any(part.isdisjoint(here) for part in phrase.needed)
        ]
        if not wanted:
            return []
        doc = Doc(self._vocab, words=symbols)
        found = []
        with self._lock:
            for phrase in wanted:
                for first, last in phrase.windows(here, len(symbols)):
                    for _, start, end in phrase.matcher(doc[first:last]):
                        found.append((first + start, first + end, phrase.name))
        return found


@dataclass(frozen=True)
class _Phrase:
    name: str
    matcher: Matcher
    needed: tuple[frozenset[str], ...]  # the rarest first
    width: int  # words from its first to its last, gaps full

    def windows(self, here: Mapping[str, list[int]], end: int) -> list[tuple[int, int]]:
        """Where the phrase can be: around its rarest word, overlapping windows joined."""
        rarest = self.needed[0]
        places = sorted(at for symbol in rarest & here.keys() for at in here[symbol])
        joined: list[tuple[int, int]] = []
        for at in places:
            first, last = max(0, at - self.width), min(end, at + self.width + 1)
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], last)
            else:
                joined.append((first, last))
        return joined


def _width(pattern: list[dict[str, Any]]) -> int:
    gaps = (str(token.get("OP", "")).strip("{}").rpartition(",")[2] for token in pattern)
    return sum(int(gap) if gap.isdigit() else 1 for gap in gaps)


def _is_needed(token: dict[str, Any]) -> bool:
    wanted = token["ORTH"]
    return "OP" not in token and (isinstance(wanted, str) or "IN" in wanted)


def _words(token: dict[str, Any]) -> frozenset[str]:
    wanted = token["ORTH"]
    return frozenset([wanted] if isinstance(wanted, str) else wanted["IN"])

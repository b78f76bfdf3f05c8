"""Phrases whose words may stand in any order: all of them in one sentence, near each other.

People in fear do not write in the order of a grammar. "nå" + "han" + "hamrer" is the same danger
whatever stands first, so the widest rules ask for company instead of sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.safety.scope import Span

# Words from the first to the last of the company: about one breath.
REACH = 14
LONG = 60

Part = frozenset[str]

# What a negation can take away: acts and states. "nå", "han" and "døra" cannot be denied.
DENIABLE = frozenset(
    {
        "aggression",
        "hurting",
        "hit",
        "choke",
        "kill",
        "threaten",
        "stab",
        "rage",
        "rage_verb",
        "violent",
        "cry",
        "fear",
        "hide",
        "weapon",
        "bang",
        "break_in",
        "die",
        "grip",
        "ta",
        "blood",
    }
)


class NearMatcher:
    """Finds the tightest place where every part of a phrase has a word of its own."""

    def __init__(self) -> None:
        self._phrases: list[tuple[str, tuple[tuple[Part, bool], ...]]] = []

    def add(self, name: str, phrase: str, pattern: Sequence[dict[str, Any]]) -> None:
        """`pattern` as from compile_phrase(`phrase`); each token is one part."""
        parts = []
        for word, token in zip(phrase.split(), pattern, strict=True):
            wanted = token["ORTH"]
            part = frozenset([wanted] if isinstance(wanted, str) else wanted["IN"])
            names = {atom.strip("$").split(".")[0] for atom in word.split("|")}
            parts.append((part, not names.isdisjoint(DENIABLE)))
        # The rarest part first: most messages lack it, and the search ends there.
        self._phrases.append((name, tuple(sorted(parts, key=lambda part: len(part[0])))))

    def spans(self, symbols: Sequence[str], stop: frozenset[str]) -> list[Span]:
        """All places, sentence by sentence. `stop`: the symbols that end a sentence."""
        found: list[Span] = []
        first = 0
        for at, symbol in enumerate(symbols):
            if symbol in stop:
                found += self._parts(symbols, first, at)
                first = at + 1
        return list(dict.fromkeys(found))

    def _parts(self, symbols: Sequence[str], first: int, end: int) -> list[Span]:
        """A sentence without end is read in overlapping parts, so that time grows with length."""
        found = []
        while end - first > LONG:
            found += self._sentence(symbols, first, first + LONG)
            first += LONG - REACH
        return found + (self._sentence(symbols, first, end) if end - first > 1 else [])

    def _sentence(self, symbols: Sequence[str], first: int, end: int) -> list[Span]:
        here = set(symbols[first:end])
        found = []
        for name, parts in self._phrases:
            if all(not here.isdisjoint(part) for part, _ in parts):
                places = [
                    ([k for k in range(first, end) if symbols[k] in part], deniable)
                    for part, deniable in parts
                ]
                found += _tight(name, places)
        return found


def _tight(name: str, places: Sequence[tuple[list[int], bool]]) -> list[Span]:
    """For each place of the rarest part the nearest of every other part, each word used once."""
    found: dict[Span, None] = {}
    for anchor in places[0][0]:
        taken = [anchor]
        for other, _ in places[1:]:
            free = [k for k in other if k not in taken and abs(k - anchor) < REACH]
            if not free:
                break
            taken.append(min(free, key=lambda k: abs(k - anchor)))
        else:
            if max(taken) - min(taken) < REACH:
                pairs = zip(taken, places, strict=True)
                heads = tuple(sorted(k for k, (_, deniable) in pairs if deniable))
                found[Span(name, min(taken), max(taken) + 1, heads)] = None
    return list(found)

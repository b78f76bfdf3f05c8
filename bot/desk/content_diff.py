"""Old and new beside each other, word by word, so that it can be read without colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

CONTEXT = 1  # unchanged lines around a change
_WORDS = re.compile(r"\S+\s*|\s+")

Kind = Literal["same", "before", "after", "skipped"]


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they are in this version alone."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """A line as it stands in both, was before, or is after; or `count` lines left out."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    count: int = 0


def diff(before: str, after: str) -> list[Line]:
    """The changed lines with a little around them. Empty when nothing differs."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", (Piece(line),)) for line in old[a:b]]
        else:
            found += _pairs(old[a:b], new[c:d])
    told = [line for line in found if _says_something(line)]
    return list(_folded(told)) if any(line.kind != "same" for line in told) else []


def _says_something(line: Line) -> bool:
    """An empty line, more or less, is no news beside what was written."""
    return any(piece.text.strip() for piece in line.pieces)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for was, now in zip_longest(old, new):
        if was is None:
            yield Line("after", (Piece(now, True),))
        elif now is None:
            yield Line("before", (Piece(was, True),))
        else:
            yield from _words(was, now)


def _words(was: str, now: str) -> Iterator[Line]:
    old, new = _WORDS.findall(was), _WORDS.findall(now)
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            before.append(Piece("".join(old[a:b]), tag != "equal"))
        if d > c:
            after.append(Piece("".join(new[c:d]), tag != "equal"))
    yield Line("before", tuple(before))
    yield Line("after", tuple(after))


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    changed = [at for at, line in enumerate(lines) if line.kind != "same"]
    near = {near for at in changed for near in range(at - CONTEXT, at + CONTEXT + 1)}
    skipped = 0
    for at, line in enumerate(lines):
        if at in near:
            if skipped:
                yield Line("skipped", count=skipped)
            skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield Line("skipped", count=skipped)

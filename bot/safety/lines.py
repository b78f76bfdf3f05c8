"""Lists of lines by kind, as answers.yml and reading_along.yml hold them.

Each line is what is looked for (`match`), with a message it must be found in (`say`) and one that
it must leave alone (`not`), so that every line is tried by the tests. How a `match` is written is
each list's own; it is told at the top of its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.safety.finding import SafetyDataError
from bot.safety.reading import read_yaml

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True)
class Line(Generic[Kind]):
    """One line of a list."""

    kind: Kind
    match: str
    say: str
    not_: str


@dataclass(frozen=True)
class Lines(Generic[Kind]):
    """A whole file: its lines, in its order, and one pattern for each kind."""

    all: tuple[Line[Kind], ...]
    patterns: Mapping[Kind, re.Pattern[str]]


def read_lines(
    path: Path,
    kinds: Sequence[Kind],
    pattern: Callable[[str], str],
    classes: Sequence[str] = (),
) -> Lines[Kind]:
    """The lines of the file, each `match` made a regular expression by `pattern`.

    `classes` are the lists of plain words that stand in the file beside the kinds: `$name` in a
    match is any of them. Raises SafetyDataError when a list is missing, unknown or empty, or when
    a line cannot be used.
    """
    raw = read_yaml(path)
    known = {*map(str, kinds), *classes}
    wrong = sorted({*map(str, raw)} ^ known)
    if wrong:
        named = ", ".join(wrong)
        raise SafetyDataError(f"{path.name}: {named} is missing or unknown; name the lists as was")
    words = {name: "|".join(str(raw[name]).split()) for name in classes}
    lines: list[Line[Kind]] = []
    patterns: dict[Kind, re.Pattern[str]] = {}
    for kind in kinds:
        found = [_line(path, kind, one) for one in raw[kind] or ()]
        if not found:  # a pattern of no lines would be found everywhere
            raise SafetyDataError(f"{path.name}: {kind} has no lines; put them back")
        lines += found
        patterns[kind] = re.compile("|".join(pattern(_spelt(one.match, words)) for one in found))
    return Lines(tuple(lines), patterns)


def _spelt(match: str, classes: Mapping[str, str]) -> str:
    for name, words in classes.items():
        match = re.sub(rf"\${name}\b", words, match)
    return match


def _line(path: Path, kind: Kind, raw: Any) -> Line[Kind]:
    if not isinstance(raw, dict) or set(raw) != {"match", "say", "not"}:
        raise SafetyDataError(f"{path.name}: {kind} has a line that is not match, say and not")
    line = Line(kind, str(raw["match"]), str(raw["say"]), str(raw["not"]))
    if not line.match.strip():
        raise SafetyDataError(f"{path.name}: {kind} has an empty match; write it or remove it")
    return line

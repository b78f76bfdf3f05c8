"""Which municipality somebody names, and whether it is one of the centre's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("municipalities.yml")
_COUNT = 355
_KOMMUNE = re.compile(r"[ -]?kommun(?:e|en|a)\b|(?: municipality)\b", re.IGNORECASE)
_ENDS_A_SENTENCE = frozenset(".!?:\n")


@dataclass(frozen=True)
class Place:
    """A municipality that was named. `own`: it is one of the centre's."""

    name: str
    own: bool


@dataclass(frozen=True)
class National:
    """The municipalities of Norway: by any of their names in small letters, and which of these are
    ordinary words too."""

    names: dict[str, str]
    ordinary: frozenset[str]


class Municipalities:
    """Finds municipalities in what people write. Built once for a centre."""

    def __init__(self, own: Sequence[str]) -> None:
        country = national()
        self._own = {name.lower() for name in own}
        self._names = {**country.names, **{name.lower(): name for name in own}}
        self._ordinary = country.ordinary
        longest_first = sorted(self._names, key=lambda name: (-len(name), name))
        words = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)

    def named(self, text: str) -> Place | None:
        """The municipality that `text` names, the centre's own first; None when it names none."""
        found = [
            self._names[match[0].lower()]
            for match in self._pattern.finditer(text)
            if match[0].lower() not in self._ordinary or _is_a_name(text, match)
        ]
        own = [name for name in found if name.lower() in self._own]
        return Place((own or found)[0], bool(own)) if found else None


def municipality(text: str, own: Sequence[str]) -> Place | None:
    """As `Municipalities.named`; the finder of these municipalities is built once."""
    return _finder(tuple(own)).named(text)


@lru_cache(maxsize=1)
def national() -> National:
    """The list beside this file."""
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    names = {name.lower(): name for name in _listed(raw["names"])}
    if len(names) != _COUNT:
        raise ValueError(f"{_FILE.name} has {len(names)} names, not {_COUNT}")
    sami = {str(said).lower(): names[str(name).lower()] for said, name in raw["sami"].items()}
    ordinary = frozenset(name.lower() for name in _listed(raw["ordinary_words"]))
    return National(names | sami, ordinary)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _is_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word like "time" or "stad" is meant as a municipality."""
    if _KOMMUNE.match(text, match.end()):
        return True
    before = text[: match.start()].rstrip(" ")
    return match[0][0].isupper() and bool(before) and before[-1] not in _ENDS_A_SENTENCE


@lru_cache(maxsize=4)
def _finder(own: tuple[str, ...]) -> Municipalities:
    return Municipalities(own)

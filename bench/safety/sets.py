"""Labelled messages, and what a danger check made of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluate import wilson
from bot.safety import Finding

HERE = Path(__file__).parent
SETS: dict[str, tuple[str, ...]] = {
    "dev": ("dev.jsonl",),
    "blind": ("blind_6.jsonl",),
    "thresholds": ("thresholds.jsonl", "thresholds_2.jsonl"),
}
# Replies of these dangers do not open with 112 or 113 at any level (topics.md, section 1).
OPENS_OTHERWISE = frozenset({"suicide", "found_out", "panic_now"})

Find = Callable[[str], Finding | None]


@dataclass(frozen=True)
class Labelled:
    """One message with what a person who knows the work says it holds."""

    text: str
    danger: str
    level: str
    lang: str
    kind: str = ""


@dataclass(frozen=True)
class Seen:
    """A labelled message and the finding it raised."""

    message: Labelled
    finding: Finding | None

    @property
    def level(self) -> str:
        """The level that was found."""
        return self.finding.level if self.finding else "none"

    @property
    def missed(self) -> bool:
        """Danger of this minute that was not taken as such, or live danger not found at all."""
        live = self.level in ("now", "soon")
        return self.message.level == "now" != self.level or (
            self.message.level == "soon" and not live
        )

    @property
    def false_alarm(self) -> bool:
        """A first reply that opens with 112 or 113 where none is due."""
        if self.message.level in ("now", "soon") or self.finding is None:
            return False
        return self.level == "now" and self.finding.danger not in OPENS_OTHERWISE


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % Wilson interval."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """0 when nothing was counted."""
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        low, high = wilson(self.hits, self.of)
        return f"{self.hits}/{self.of} = {self.share:.3f} [{low:.3f}, {high:.3f}]"


def read(file: Path) -> list[Labelled]:
    """The messages of a file. Raises OSError, ValueError or TypeError when it is not one."""
    rows = file.read_text(encoding="utf-8").splitlines()
    return [Labelled(**json.loads(row)) for row in rows if row.strip()]


def named(name: str) -> list[Labelled]:
    """The messages of a set of SETS."""
    return [message for file in SETS[name] for message in read(HERE / file)]


def look(find: Find, messages: Iterable[Labelled]) -> list[Seen]:
    """What `find` makes of each message."""
    return [Seen(message, find(message.text)) for message in messages]


def rates(seen: Sequence[Seen]) -> dict[str, Rate]:
    """Recall at now, of suicide, at now and soon; false alarms; the right danger first."""
    now = [s for s in seen if s.message.level == "now"]
    suicide = [s for s in now if s.message.danger == "suicide"]
    live = [s for s in seen if s.message.level in ("now", "soon")]
    calm = [s for s in seen if s.message.level in ("gentle", "none")]
    named = [s for s in live if s.finding is not None]
    return {
        "now": Rate(sum(s.level == "now" for s in now), len(now)),
        "now found at all": Rate(sum(s.level in ("now", "soon") for s in now), len(now)),
        "suicide found": Rate(sum(s.level in ("now", "soon") for s in suicide), len(suicide)),
        "now+soon": Rate(sum(s.level in ("now", "soon") for s in live), len(live)),
        "false alarms": Rate(sum(s.false_alarm for s in calm), len(calm)),
        "right danger": Rate(sum(_right(s) for s in named), len(named)),
    }


def by_slice(seen: Sequence[Seen]) -> Iterator[tuple[str, Rate]]:
    """Recall at now for each language, kind and danger."""
    slices: dict[str, list[Seen]] = defaultdict(list)
    for s in seen:
        if s.message.level == "now":
            for name in (s.message.lang, s.message.kind, s.message.danger):
                slices[name].append(s)
    for name, items in sorted(slices.items()):
        if name:
            yield name, Rate(sum(s.level == "now" for s in items), len(items))


def _right(seen: Seen) -> bool:
    return seen.finding is not None and seen.message.danger in seen.finding.all

"""What the tests of the danger check share: the loaded check, labelled messages, intervals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

from bot.safety import SafetyCheck, load_check
from bot.safety.load import HERE
from bot.safety.phrases import Lists, read_lists

DATA = Path(__file__).parent
# Replies of these dangers do not open with 112 or 113 at any level (topics.md, section 1).
OPENS_OTHERWISE = frozenset({"suicide", "found_out", "panic_now"})


@dataclass(frozen=True)
class Labelled:
    """One message with what a person who knows the work says it holds."""

    text: str
    danger: str
    level: str
    lang: str


@cache
def check() -> SafetyCheck:
    return load_check()


@cache
def lists() -> Lists:
    return read_lists(HERE / "phrases")


def labelled(name: str) -> list[Labelled]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [Labelled(**json.loads(line)) for line in lines]


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % Wilson interval."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return middle - half, middle + half

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits}/{self.of} = {self.share:.3f} [{low:.3f}, {high:.3f}]"


def level_of(text: str) -> str:
    finding = check().check(text).finding
    return finding.level if finding else "none"


def is_false_alarm(message: Labelled) -> bool:
    """A first reply that opens with 112 or 113 where none is due."""
    finding = check().check(message.text).finding
    if message.level in ("now", "soon") or finding is None:
        return False
    return finding.level == "now" and finding.danger not in OPENS_OTHERWISE


def rates(messages: Iterable[Labelled]) -> dict[str, Rate]:
    """Recall at now, at now and soon together, and false alarms."""
    rows = list(messages)
    now = [m for m in rows if m.level == "now"]
    live = [m for m in rows if m.level in ("now", "soon")]
    calm = [m for m in rows if m.level in ("gentle", "none")]
    return {
        "now": Rate(sum(level_of(m.text) == "now" for m in now), len(now)),
        "now+soon": Rate(sum(level_of(m.text) in ("now", "soon") for m in live), len(live)),
        "false alarms": Rate(sum(is_false_alarm(m) for m in calm), len(calm)),
    }


def missed(messages: Iterable[Labelled]) -> list[str]:
    """One line per message that was judged too low or alarmed for nothing."""
    lines = []
    order = {"none": 0, "gentle": 1, "soon": 2, "now": 3}
    for message in messages:
        level = level_of(message.text)
        if order[level] < order[message.level] or is_false_alarm(message):
            lines.append(f"{message.danger}/{message.level} got {level}: {message.text}")
    return lines

"""`helpline evaluate FILE.jsonl`: how well topics and danger are recognised, with intervals.

Each line is a new conversation:
`{"text", "topics": [accepted ids], "danger": id|"none", "alarm": level|"none", "lang"}`.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.ask import Asker, running
from bot.settings import ConfigError, Secrets, Settings

EMERGENCY = ("112", "113")
OUTSIDE = frozenset({"out_of_scope", "nonsense"})
Z95 = 1.959964


@dataclass(frozen=True)
class Judged:
    """One labelled message and what the service made of it."""

    line: dict[str, Any]
    answer: dict[str, Any]

    @property
    def alarm(self) -> str:
        """The labelled level, or "none"."""
        return str(self.line.get("alarm") or "none")

    @property
    def accepted(self) -> list[str]:
        """Topics that count as right."""
        return list(self.line.get("topics") or [])

    @property
    def answered(self) -> bool:
        """The right topic was answered."""
        return self.answer["topic"] in self.accepted

    @property
    def first(self) -> bool:
        """The right topic was answered, or stood first among those offered."""
        offered = self.answer["alternatives"][:1] if self.answer["topic"] is None else []
        return self.answered or any(topic in self.accepted for topic in offered)

    @property
    def among_three(self) -> bool:
        """The right topic was answered, found beside it, or offered."""
        found = [*self.answer["topics"], *self.answer["alternatives"]]
        return self.answered or any(topic in self.accepted for topic in found[:3])

    @property
    def wrong(self) -> bool:
        """An answer was given, and it was another one's."""
        return self.answer["topic"] is not None and not self.answered

    @property
    def out_of_scope(self) -> bool:
        """A message that nothing here answers."""
        return bool(self.accepted) and set(self.accepted) <= OUTSIDE

    @property
    def caught(self) -> bool:
        """Nothing was answered that the message did not ask."""
        return self.answer["topic"] is None or self.answer["topic"] in OUTSIDE

    @property
    def opens_with_emergency(self) -> bool:
        """The first sentence of the first reply names 112 or 113."""
        replies = self.answer["replies"]
        opening = replies[0]["text"].split("\n")[0].split(". ")[0] if replies else ""
        return any(number in opening for number in EMERGENCY)


Measure = tuple[str, Callable[[Judged], bool], Callable[[Judged], bool]]

# name, which messages count, what is counted
MEASURES: tuple[Measure, ...] = (
    ("top1", lambda j: bool(j.accepted), lambda j: j.first),
    ("answered_right", lambda j: bool(j.accepted), lambda j: j.answered),
    ("top3", lambda j: bool(j.accepted), lambda j: j.among_three),
    ("wrong_answers", lambda j: bool(j.accepted), lambda j: j.wrong),
    ("out_of_scope_caught", lambda j: j.out_of_scope, lambda j: j.caught),
    ("recall_now", lambda j: j.alarm == "now", lambda j: j.answer["level"] == "now"),
    (
        "recall_now_or_soon",
        lambda j: j.alarm in ("now", "soon"),
        lambda j: j.answer["level"] in ("now", "soon"),
    ),
    (
        "false_alarms",
        lambda j: j.alarm in ("gentle", "none"),
        lambda j: j.opens_with_emergency,
    ),
    (
        "danger_id",
        lambda j: j.alarm in ("now", "soon", "gentle"),
        lambda j: j.answer["danger"] == j.line.get("danger"),
    ),
)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share; (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    middle = share + Z95**2 / (2 * total)
    spread = Z95 * math.sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2))
    scale = 1 + Z95**2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def summarise(judged: Iterable[Judged]) -> dict[str, Any]:
    """Figures for all messages and per language, and what was taken for what."""
    everything = list(judged)
    by_language: dict[str, list[Judged]] = defaultdict(list)
    for item in everything:
        by_language[str(item.line.get("lang") or "nb")].append(item)
    confusions = Counter(
        f"{item.accepted[0]} → {item.answer['topic']}" for item in everything if item.wrong
    )
    misses = [
        {"text": item.line["text"], "alarm": item.alarm, "level": item.answer["level"]}
        for item in everything
        if item.alarm == "now" and item.answer["level"] != "now"
    ]
    return {
        "messages": len(everything),
        "all": _figures(everything),
        "languages": {lang: _figures(items) for lang, items in sorted(by_language.items())},
        "confusions": dict(confusions.most_common(20)),
        "missed_now": misses,
    }


async def evaluate_file(settings: Settings, secrets: Secrets, file: Path, as_json: bool) -> str:
    """Ask every line in a new conversation in memory. Raises ConfigError for a bad file."""
    lines = _read(file)
    async with running(settings, secrets, ephemeral=True) as services:
        asker = Asker(services)
        judged = [
            Judged(line, await asker.ask({"text": line["text"], "lang": line.get("lang", "nb")}))
            for line in lines
        ]
    summary = summarise(judged)
    return json.dumps(summary, ensure_ascii=False) if as_json else _as_text(summary)


def _figures(items: list[Judged]) -> dict[str, dict[str, Any]]:
    figures = {}
    for name, counts, hit in MEASURES:
        counted = [item for item in items if counts(item)]
        hits = sum(hit(item) for item in counted)
        low, high = wilson(hits, len(counted))
        figures[name] = {
            "share": round(hits / len(counted), 4) if counted else None,
            "interval": [round(low, 4), round(high, 4)],
            "hits": hits,
            "of": len(counted),
        }
    return figures


def _as_text(summary: dict[str, Any]) -> str:
    rows = [f"{summary['messages']} messages"]
    for name, figures in {"all": summary["all"], **summary["languages"]}.items():
        rows.append(f"\n{name}")
        for measure, value in figures.items():
            if value["of"]:
                low, high = value["interval"]
                rows.append(
                    f"  {measure:<20} {value['share']:.3f}  [{low:.3f}, {high:.3f}]  "
                    f"{value['hits']}/{value['of']}"
                )
    rows += ["\nwrong answers given"] + [f"  {n}  {c}" for c, n in summary["confusions"].items()]
    rows += ["\nmissed at level now"] + [f"  {miss['text']}" for miss in summary["missed_now"]]
    return "\n".join(rows)


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        raw = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ConfigError(f"cannot read {file}: give a file of JSON lines") from None
    lines = []
    for number, row in enumerate(raw, 1):
        if not row.strip():
            continue
        try:
            line = json.loads(row)
            line["text"]
        except (ValueError, KeyError, TypeError):
            raise ConfigError(f'{file} line {number}: not JSON with "text": mend it') from None
        lines.append(line)
    return lines

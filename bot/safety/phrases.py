"""Reads the phrases of the danger check: rules per danger, words of time and frame, idioms.

A phrase that is empty, stands twice or has no sentence that tries it stops the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.safety.finding import PRECEDENCE, SafetyDataError
from bot.safety.levels import KINDS, Time
from bot.safety.reading import read_yaml

TIMES: tuple[Time, ...] = ("just", "now", "today", "recent", "long", "habit", "future")
# What takes a sentence out of the writer's own here and now.
FRAMES = ("film", "rules", "what_if", "asks", "young", "adult", "presence")


_RULE_LINES = frozenset(
    {"id", "danger", "kind", "neg", "frames", "other", "young", "act", "phrases"}
)


@dataclass(frozen=True)
class Phrase:
    """One pattern with the sentence it must be found in and, where given, one it must not."""

    where: str
    match: str
    say: str
    not_: str | None = None
    near: bool = False  # the words may stand in any order, near each other


@dataclass(frozen=True)
class Rule:
    """Phrases of one danger that are judged alike.

    `act`: somebody does it to the writer, so the writer as the one who does it is something else.
    `neg`: whether a negation in front of the act takes it away. `frames`: whether films, rules and
    hypothetical questions do. `other`: somebody else is in danger than the one who writes.
    """

    id: str
    danger: str
    kind: str
    neg: bool
    frames: bool
    other: bool
    young: bool
    act: bool
    phrases: tuple[Phrase, ...]


@dataclass
class Lists:
    """Everything the phrase files hold."""

    rules: list[Rule] = field(default_factory=list)
    cues: dict[str, list[Phrase]] = field(default_factory=dict)
    idioms: list[Phrase] = field(default_factory=list)

    def all_phrases(self) -> Iterator[Phrase]:
        for rule in self.rules:
            yield from rule.phrases
        for cue in self.cues.values():
            yield from cue
        yield from self.idioms


def read_lists(folder: Path) -> Lists:
    """All phrase files. Raises SafetyDataError on the first that is wrong."""
    lists = Lists()
    ids: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        raw = read_yaml(path)
        for name, entries in (raw.get("cues") or {}).items():
            if name not in (*TIMES, *FRAMES):
                raise SafetyDataError(f"{path.name}: unknown cue {name}; use one of phrases.py")
            lists.cues.setdefault(name, []).extend(_phrases(f"{path.name}: {name}", entries))
        if "idioms" in raw:
            lists.idioms.extend(_phrases(f"{path.name}: idioms", raw["idioms"]))
        for entry in raw.get("rules") or ():
            rule = _rule(path.name, raw.get("danger"), entry)
            if rule.id in ids:
                raise SafetyDataError(f"{path.name}: rule {rule.id} stands twice; rename one")
            ids.add(rule.id)
            lists.rules.append(rule)
    _demand_whole(folder, lists)
    return lists


def _demand_whole(folder: Path, lists: Lists) -> None:
    missing = set(PRECEDENCE) - {rule.danger for rule in lists.rules}
    if missing:
        raise SafetyDataError(
            f"{folder.name}: no rules for {sorted(missing)[0]}; put its file back"
        )
    seen: dict[str, str] = {}
    for rule in lists.rules:
        for phrase in rule.phrases:
            key = f"{rule.danger} {rule.kind} {' '.join(phrase.match.split())}"
            if key in seen:
                raise SafetyDataError(f"{phrase.where} also stands in {seen[key]}; remove one")
            seen[key] = phrase.where


def _rule(file: str, danger: object, raw: Any) -> Rule:
    if not isinstance(raw, dict) or not raw.get("id"):
        raise SafetyDataError(f"{file}: a rule has no id; give it one")
    where = f"{file}: {raw['id']}"
    danger = raw.get("danger", danger)
    if danger not in PRECEDENCE:
        raise SafetyDataError(f"{where} names no danger of topics.md; mend `danger`")
    unknown = raw.keys() - {
        "id",
        "danger",
        "kind",
        "neg",
        "frames",
        "other",
        "young",
        "act",
        "phrases",
    }
    if unknown:
        raise SafetyDataError(f"{where} has the unknown line {sorted(unknown)[0]}; remove it")
    if raw.get("kind") not in KINDS:
        raise SafetyDataError(f"{where} has no known kind; use one of bot/safety/levels.py")
    return Rule(
        id=str(raw["id"]),
        danger=str(danger),
        kind=str(raw["kind"]),
        neg=bool(raw.get("neg", True)),
        frames=bool(raw.get("frames", True)),
        other=bool(raw.get("other", False)),
        young=bool(raw.get("young", False)),
        act=bool(raw.get("act", False)),
        phrases=tuple(_phrases(where, raw.get("phrases"))),
    )


def _phrases(where: str, raw: object) -> list[Phrase]:
    if not isinstance(raw, list) or not raw:
        raise SafetyDataError(f"{where} has no phrases; add one or remove it")
    found = []
    for number, entry in enumerate(raw, start=1):
        place = f"{where} phrase {number}"
        near = isinstance(entry, dict) and "near" in entry
        match = entry.get("near" if near else "match") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not str(match or "").strip():
            raise SafetyDataError(f"{place} is empty; write `match` or `near` and `say`")
        if not str(entry.get("say") or "").strip():
            raise SafetyDataError(f"{place} is untested; add the sentence it must find as `say`")
        other = entry.get("not")
        not_ = str(other) if other else None
        found.append(Phrase(place, str(match), str(entry["say"]), not_, near))
    return found

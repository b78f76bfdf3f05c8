"""The plan itself: the lines a person took, in their own words where they gave some.

Street addresses, phone and identity numbers are taken out before a line is kept: somebody else may
pick up the phone, and a plan must not say where its owner can be found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.messages import Channel, Lang
from bot.handoff.phone import without_others
from bot.safety_plan.parts import Part, Parts, Step

Data = dict[str, Any]
Fill = Callable[[str, Lang], str]
"""Fills {line} and {n.<id>} of a text."""


def take(data: Data, step: Step, words: str, lang: Lang) -> str:
    """Put a step into the plan; returns the own words as they are kept."""
    kept = without_others(" ".join(words.split()), lang)
    data["answers"][step.id] = {"words": kept} if kept else {"in": True}
    return kept


def leave_out(data: Data, step: Step) -> None:
    """Passed over; also how a line is taken out again."""
    data["answers"].pop(step.id, None)


def lines(data: Data, parts: Parts, lang: Lang, fill: Fill) -> list[str]:
    """One line for each step that was taken, part by part."""
    return [line for _, part_lines in _by_part(data, parts, lang, fill) for line in part_lines]


def as_text(data: Data, parts: Parts, lang: Lang, channel: Channel, fill: Fill) -> str:
    """As the person reads it: a heading for each part, a line for each step."""
    bold, gap = ("**", "\n\n") if channel == "web" else ("", "\n")
    blocks = [
        "\n".join([f"{bold}{part.title[lang]}{bold}", *(f"- {line}" for line in part_lines)])
        for part, part_lines in _by_part(data, parts, lang, fill)
    ]
    return gap.join(blocks)


def _by_part(data: Data, parts: Parts, lang: Lang, fill: Fill) -> list[tuple[Part, list[str]]]:
    shown = parts.shown(data["voice"], data["living"] or "together")
    shown += [part for part in parts.by_id.values() if part not in shown]
    found = []
    for part in shown:
        part_lines = [
            _line(fill(step.plan[lang], lang), data["answers"][step.id])
            for step in part.steps
            if step.id in data["answers"]
        ]
        if part_lines:
            found.append((part, part_lines))
    return found


def _line(line: str, answer: dict[str, Any]) -> str:
    words = answer.get("words")
    return f"{line}: «{words}»" if words else line

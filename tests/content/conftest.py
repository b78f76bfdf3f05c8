"""A small content folder that a test can spoil in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CENTRE: dict[str, Any] = {
    "name": "Fjellbygd krisesenter",
    "short_name": "krisesenteret",
    "phone_line": {
        "number": "00 00 00 01",
        "hours": {"nb": "hele døgnet", "nn": "heile døgnet", "en": "day and night"},
        "under_18": "116 111",
    },
    "municipalities": [],
    "facts": {},
}

NUMBERS = """\
police_emergency:
  name: {nb: "Politiet", nn: "Politiet", en: "Police"}
  number: "112"
  hours: {nb: "hele døgnet", nn: "heile døgnet", en: "day and night"}
  source: "politiet.no"
  date: 2026-11-21
  confidence: B
  confirmed_by: "Kari Nordmann"
old_line:
  name: {nb: "Gammel linje", nn: "Gammal linje", en: "Old line"}
  number: "00 00 00 02"
  hours: {nb: "ukjent", nn: "ukjent", en: "unknown"}
  source: "en gammel brosjyre"
  date: 2016-01-01
  confidence: C
"""

TOPIC = """\
---
topic: {topic}
for: [exposed]
title: "{title}"
sources: ["krisesenterlova § 2"]
text_date: 2026-07-28
review: 2099-05-01
next: {{title: "{step}", to: human}}
sms: "{sms}"
---
{text}
"""

TEXTS = {
    "nb": ("Pris", "Snakk med noen", "Det er gratis.", "Det er gratis å komme hit."),
    "nn": ("Pris", "Snakk med nokon", "Det er gratis.", "Det er gratis å kome hit."),
    "en": ("Price", "Talk to someone", "It is free.", "It is free to come here."),
}


def topic_file(lang: str, topic: str = "cost", **lines: str | None) -> str:
    """A right file; `lines` replaces front matter lines (None removes one) or the `body`."""
    title, step, sms, text = TEXTS[lang]
    made = TOPIC.format(topic=topic, title=title, step=step, sms=sms, text=text)
    _, front, body = made.split("---\n", 2)
    body = lines.pop("body", None) or body
    kept = [line for line in front.splitlines() if line.split(":")[0] not in lines]
    kept += [f"{name}: {value}" for name, value in lines.items() if value is not None]
    return "\n".join(["---", *kept, "---", body])


class ContentFolder:
    """content/ with the one topic `cost` in three languages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("numbers.yml", NUMBERS)
        for lang in TEXTS:
            self.write(f"centre/cost.{lang}.md", topic_file(lang))

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def remove(self, name: str) -> None:
        (self.root / name).unlink()

    def cost(self, lang: str = "nb", **lines: str | None) -> None:
        self.write(f"centre/cost.{lang}.md", topic_file(lang, **lines))

    def cost_everywhere(self, **lines: str | None) -> None:
        for lang in TEXTS:
            self.cost(lang, **lines)


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder(tmp_path / "content")


@pytest.fixture
def centre() -> dict[str, Any]:
    return {**CENTRE}


@pytest.fixture
def centre_with() -> Callable[..., dict[str, Any]]:
    def made(**changes: Any) -> dict[str, Any]:
        return {**CENTRE, **changes}

    return made

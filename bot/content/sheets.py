"""The texts of YAML files beside the topics (handing over, checklists), found for the checks.

A text belongs to a language by the name of its file (nb.yml) or by a key above it (nb: …). Other
strings, such as ids and sources, are no texts and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.channels.messages import Lang
from bot.content.files import SAFE_LOADER, ContentError, content_error, language, where


@dataclass(frozen=True)
class SheetText:
    """One text: its file, its place in it such as texts.how.sms, its language, its words."""

    file: str
    place: str
    lang: Lang
    text: str


def sheet_texts(root: Path) -> Iterator[SheetText | ContentError]:
    """Every text of every YAML file in a folder of content/; an error for one that is not YAML."""
    for path in sorted(root.glob("*/**/*.yml")):
        file = where(root, path)
        try:
            raw = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506
        except (yaml.YAMLError, UnicodeDecodeError):
            yield content_error(file, "cannot be read as YAML", "look for a missing quote")
            continue
        for place, lang, text in _walk(raw, (), language(path.stem)):
            yield SheetText(file, ".".join(place), lang, text)


def _walk(
    value: object, place: tuple[str, ...], lang: Lang | None
) -> Iterator[tuple[tuple[str, ...], Lang, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _walk(entry, (*place, str(key)), language(str(key)) or lang)
    elif isinstance(value, list):
        for number, entry in enumerate(value, 1):
            yield from _walk(entry, (*place, str(number)), lang)
    elif isinstance(value, str) and lang is not None:
        yield place, lang, "\n\n".join(" ".join(p.split("\n")) for p in value.strip().split("\n\n"))

"""Every shown text holds for any centre: none names a municipality, a county or a centre."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.centre import load_centre
from bot.settings import ROOT
from bot.understanding.municipalities import national

CONTENT = ROOT / "content"
COUNTIES = (
    *("Agder", "Akershus", "Buskerud", "Finnmark", "Innlandet", "Møre og Romsdal", "Nordland"),
    *("Rogaland", "Telemark", "Troms", "Trøndelag", "Vestfold", "Vestland", "Østfold"),
    *("Sørlandet", "Østlandet", "Vestlandet", "Nord-Norge"),
)
CENTRES = tuple(load_centre(file).name for file in (ROOT / "examples").glob("centre.*.yml"))
#: Municipalities whose name is also how an ordinary word may begin a sentence or a label.
WORDS = {"Halden", "Stad", "Time"}
#: The court for the whole country, for somebody whose address is secret.
EVERYWHERE = re.compile("Oslo tingrett|the court in Oslo")
NAMES = re.compile(
    r"\b(?:"
    + "|".join(
        sorted({*national().names.values(), *COUNTIES, *CENTRES} - WORDS, key=len, reverse=True)
    )
    + r")s?\b"
)
#: What only those who edit the texts read.
UNSEEN = {"sources", "source", "missing", "review", "rule", "native_reader", "heard"}


def strings(value: Any) -> Iterator[str]:
    """Every text in `value` that a person may be shown."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in UNSEEN:
                yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def shown(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".yml":
        return "\n".join(strings(yaml.safe_load(text)))
    _, front, body = text.split("---\n", 2)
    return "\n".join([*strings(yaml.safe_load(front)), body])


def places(text: str) -> list[str]:
    return NAMES.findall(EVERYWHERE.sub("", text))


FILES = sorted([*CONTENT.glob("*/*.md"), *CONTENT.rglob("*.yml")])


def test_no_shown_text_names_a_place_or_a_centre() -> None:
    named = {str(file.relative_to(CONTENT)): places(shown(file)) for file in FILES}
    assert {file: found for file, found in named.items() if found} == {}


@pytest.mark.parametrize(
    "text",
    ["Overgrepsmottaket i Agder", "Det finnes et i Kristiansand.", "Sørlandet Krisesenter", "Oslo"],
)
def test_a_place_in_a_text_is_found(text: str) -> None:
    assert places(text)


def test_sources_and_what_is_missing_may_name_a_place(tmp_path: Path) -> None:
    file = tmp_path / "cost.nb.md"
    file.write_text(
        '---\nsources: ["NRK Sørlandet"]\nmissing: "Agder"\nsms: "Ring."\n---\nRing.\n', "utf-8"
    )
    assert places(shown(file)) == []

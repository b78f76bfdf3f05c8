"""Facts mentioned in passing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.flows import Facts
from bot.understanding.facts import FactPicker, pick_up_facts

PLACES = ("Kristiansand", "Lyngdal", "Åseral")
PICKER = FactPicker(PLACES)


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("jeg har to barn på 4 og 7", {"children": "2 (4, 7)", "ages": [4, 7]}),
        ("eg har tre ungar", {"children": "3"}),
        ("I have two kids aged 4 and 7", {"children": "2 (4, 7)", "ages": [4, 7]}),
        ("har en sønn på 3 år", {"children": "1 (3)", "ages": [3]}),
        ("jeg er 34 år og har 3 unger", {"children": "3"}),
        ("jeg har ingen barn", {"children": "0"}),
        ("vi bor i lyngdal", {"municipality": "Lyngdal"}),
        ("åseral", {"municipality": "Åseral"}),
        ("eksen min, jeg har flyttet ut", {"relation": "former_partner", "living_together": False}),
        ("mannen min og jeg bor sammen", {"relation": "husband", "living_together": True}),
        ("vi bor ikke sammen", {"living_together": False}),
        ("jeg trenger tolk, arabisk", {"interpreter": "yes", "language": "ar"}),
        ("jeg er 15 år", {}),
        ("hva koster det", {}),
    ],
)
def test_what_is_said_outright_is_picked_up(text: str, picked: dict[str, Any]) -> None:
    assert PICKER.pick_up(text) == picked


def test_what_is_picked_up_fits_the_conversations_facts() -> None:
    picked = pick_up_facts("mannen min, to barn på 4 og 7, vi bor i Lyngdal, tolk", PLACES)
    facts = Facts().updated(picked)
    assert (facts.children, facts.municipality, facts.interpreter) == ("2 (4, 7)", "Lyngdal", "yes")


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert isinstance(PICKER.pick_up(text), dict)

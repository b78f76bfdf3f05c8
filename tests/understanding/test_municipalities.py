"""Which municipality a message names: the centre's own, another of the country, or none."""

from __future__ import annotations

import pytest

from bot.centre import load_centre
from bot.settings import ROOT
from bot.understanding.municipalities import Place, municipality, national

SORLANDET = load_centre(ROOT / "examples" / "centre.sorlandet.yml").municipalities


def test_the_list_has_every_name_once_and_all_of_the_example_centres() -> None:
    names = national().names
    assert len(set(names.values())) == 355  # 357 municipalities; Herøy and Våler are two each
    assert set(SORLANDET) <= set(names.values())
    assert national().ordinary <= set(names)


@pytest.mark.parametrize("name", SORLANDET)
def test_each_of_the_example_centres_is_its_own(name: str) -> None:
    for text in (f"jeg bor i {name.lower()}", f"{name} kommune", f"Hva med {name}?"):
        assert municipality(text, SORLANDET) == Place(name, own=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("eg bur i bergen", "Bergen"),
        ("vi bor i nord-aurdal nå", "Nord-Aurdal"),
        ("Jeg er fra Kautokeino", "Kautokeino"),
        ("mun orun Guovdageaidnu suohkanis", "Kautokeino"),
        ("vi bor i Stad", "Stad"),
        ("eg bur i time kommune", "Time"),
        ("i live in Ål municipality", "Ål"),
    ],
)
def test_another_municipality_is_known_and_not_our_own(text: str, name: str) -> None:
    assert municipality(text, SORLANDET) == Place(name, own=False)


@pytest.mark.parametrize(
    "text",
    [
        "kan jeg få en time i morgen",
        "Time har jeg allerede bestilt",
        "finst det ein trygg stad",
        "eg vil ikkje heim",
        "han slo meg på kinn og nes",
        "hvilket krisesenter hører jeg til",
        "bergenseren i oslofjorden",
        "Strand. Stranda. Vik.",
    ],
)
def test_ordinary_words_are_no_municipality(text: str) -> None:
    assert municipality(text, SORLANDET) is None


def test_the_centres_own_comes_first_and_may_be_one_that_the_list_lacks() -> None:
    text = "flyttet fra Oslo til fjellbygd"
    assert municipality(text, ["Fjellbygd"]) == Place("Fjellbygd", own=True)
    assert municipality(text, ["Lom"]) == Place("Oslo", own=False)

"""No number reaches a person unless it stands in the register, checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content import ContentError, load_numbers
from bot.content.numbers import tel
from tests.content.conftest import NUMBERS, ContentFolder

OURS = Path(__file__).parents[2] / "content" / "numbers.yml"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("112", "tel:112"),
        ("02800", "tel:02800"),
        ("116 006", "tel:116006"),
        ("00 00 00 01", "tel:+4700000001"),
        ("+47 00 00 00 01", "tel:+4700000001"),
    ],
)
def test_a_number_becomes_an_address_that_a_phone_can_dial(written, address):
    assert tel(written) == address


def test_links_hold_what_may_be_shown_longest_first(folder: ContentFolder):
    assert load_numbers(folder.root / "numbers.yml").links() == {"112": "tel:112"}
    lengths = [len(number) for number in load_numbers(OURS).links()]
    assert lengths == sorted(lengths, reverse=True)


def test_numbers_that_nobody_confirmed_are_listed(folder: ContentFolder):
    assert load_numbers(folder.root / "numbers.yml").unconfirmed() == ["old_line"]


SPOILT = {
    "a number without quotes": ('number: "112"', "number: 112"),
    "letters in a number": ('number: "112"', 'number: "ring 112"'),
    "digits that cannot be dialled": ('number: "112"', 'number: "1123456"'),
    "a missing language": ('en: "Police"', 'de: "Polizei"'),
    "no hours in Nynorsk": ('nn: "heile døgnet", ', ""),
    "an unknown confidence": ("confidence: B", "confidence: sure"),
    "no source": ('  source: "politiet.no"\n', ""),
    "a line that is not YAML": ('number: "112"', 'number: "112'),
}


@pytest.mark.parametrize(("right", "wrong"), SPOILT.values(), ids=SPOILT.keys())
def test_a_wrong_entry_is_refused_with_one_line(folder: ContentFolder, right, wrong):
    assert right in NUMBERS
    path = folder.write("numbers.yml", NUMBERS.replace(right, wrong, 1))
    with pytest.raises(ContentError) as error:
        load_numbers(path)
    assert re.fullmatch(r"content/numbers\.yml: .+; .+", str(error.value))


def test_a_missing_register_is_refused(tmp_path: Path):
    with pytest.raises(ContentError, match="missing"):
        load_numbers(tmp_path / "content" / "numbers.yml")


def test_our_register_holds_what_the_danger_texts_need():
    register = load_numbers(OURS)
    needed = {
        "police_emergency": "112",
        "ambulance": "113",
        "fire": "110",
        "police": "02800",
        "legevakt": "116 117",
        "vo_line": "116 006",
        "child_line": "116 111",
        "mental_health": "116 123",
        "kirkens_sos": "22 40 00 40",
        "assault_centre": "116 117",
        "nav": "55 55 33 33",
        "nav_debt": "55 55 33 39",
    }
    assert {key: register[key].number for key in needed} == needed
    assert all(entry.may_be_shown for entry in register.values())
    assert all(entry.number != "22 34 09 60" for entry in register.values()), "not Kirkens SOS"

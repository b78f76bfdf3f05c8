"""What comes in is made clean once, and nothing that a person meant is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.clean import LONGEST, clean


@pytest.mark.parametrize(
    "text",
    [
        "han slår meg. Hva kan jeg gjøre?",
        "første linje\nandre linje\n\nny del",
        "😭 👩‍👧‍👦 🇳🇴",
        "زوجي يضربني",
        "ኣይፋልን",
        "Mun in dieđe maid galggan dahkat",
        "<b>ikke html</b> & sånt",
        "1) en\t2) to",
    ],
)
def test_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_control_characters_and_half_pairs_go() -> None:
    assert clean("a\0b\x07c\x1b[31md\ud83d") == "abc[31md"


def test_marks_that_turn_the_line_around_go() -> None:
    assert clean("\u202ehei\u202c \u2067du\u2069\u200f") == "hei du"


def test_invisible_marks_do_not_hide_a_word() -> None:
    assert clean("k\u200bn\u00adi\u2060v\ufeff") == "kniv"


def test_letters_in_two_parts_become_one() -> None:
    assert clean("sla\u030ar") == "slår"


def test_a_very_long_text_is_cut() -> None:
    assert len(clean("x" * 50_000)) == LONGEST
    assert len(clean("ﷺ" * 50_000)) <= LONGEST


def test_space_around_the_text_goes() -> None:
    assert clean(" \n\t hei \u200b\n") == "hei"


@given(st.text(st.characters(), max_size=400))
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
    assert "\0" not in once

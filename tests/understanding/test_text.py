"""What is done to a message before a model sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.text import KEEP_END, KEEP_START, for_models, shorten


def test_a_leading_slash_never_reaches_rasa() -> None:
    for written in ("/restart", "//restart", " / restart", '/cost{"a": 1}'):
        assert not for_models(written).startswith("/")


def test_the_question_at_the_end_of_a_long_story_is_kept() -> None:
    story = "han bestemmer alt " * 400 + "hva koster det?"
    assert shorten(story).endswith("hva koster det?")
    assert len(shorten(story)) <= KEEP_START + KEEP_END + 3


@given(st.text(max_size=3000))
def test_any_text_can_be_read_and_reading_it_again_changes_nothing(text: str) -> None:
    once = for_models(text)
    assert once
    assert "\n" not in once
    once.encode()
    assert for_models(once) == once or len(text) > KEEP_START


def test_a_broken_phones_half_character_does_not_stop_anything() -> None:
    for_models("hjelp \ud83d meg\x00").encode()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Må eg melde han for å få hjelp hos dykk?", "må jeg melde han for å få hjelp hos dere ?"),
        ("ka koste det", "hva koster det"),
        ("me treng hjelp no", "vi trenger hjelp nå"),
        ("help me", "help me"),
        ("no", "no"),
        ("I don't know what to do", "i don't know what to do"),
        ("slår", "slår"),
    ],
)
def test_nynorsk_and_dialect_read_as_bokmal_and_english_stays(written: str, read: str) -> None:
    assert for_models(written) == read

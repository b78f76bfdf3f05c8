"""What one message asks: its parts, corrections, and questions that lean on the last answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.questions import (
    MOST_PARTS,
    asking,
    corrected,
    is_question,
    leans_on_last,
    parts,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hva koster det", []),
        ("hei! hva koster det?", []),
        (
            "Hva koster det å bo der? Og kan jeg ha med hunden min?",
            ["Hva koster det å bo der?", "Og kan jeg ha med hunden min?"],
        ),
        (
            "hva koster det å bo hos dere og kan jeg ta med hunden",
            ["hva koster det å bo hos dere", "kan jeg ta med hunden"],
        ),
        (
            "kva kostar det å bu der og må eg ha tilvising",
            ["kva kostar det å bu der", "må eg ha tilvising"],
        ),
        (
            "what does it cost to stay there and can my children come",
            ["what does it cost to stay there", "can my children come"],
        ),
        ("han tok mobilen min og kastet den i veggen i går", []),
    ],
)
def test_a_message_falls_into_its_parts(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_a_long_story_keeps_its_questions() -> None:
    story = "Jeg har bodd med ham lenge. " * 10 + "Kan jeg få hjelp uten å anmelde? Takk for svar."
    found = parts(story)
    assert len(found) == MOST_PARTS
    assert "Kan jeg få hjelp uten å anmelde?" in found


def test_a_question_mark_says_which_part_asks() -> None:
    told = ["hvem jeg fikk treffe", "Hva skjer med lånet?"]
    assert asking(told) == [False, True]
    assert asking(["hva koster det", "kan jeg ta med hunden"]) == [True, True]
    assert asking([]) == []


@given(st.text(max_size=300))
def test_any_text_can_be_taken_apart(text: str) -> None:
    found = parts(text)
    assert len(found) <= MOST_PARTS
    assert all(part in text for part in found)
    corrected(text), leans_on_last(text), is_question(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nei, jeg mente hva det koster", "hva det koster"),
        ("Nei jeg mener dagtilbudet", "dagtilbudet"),
        ("eg meinte besøksforbod", "besøksforbod"),
        ("no, I meant the police", "the police"),
        ("ikke det, men hva skjer med barna", "men hva skjer med barna"),
        ("nei", None),
        ("nei det går ikke", None),
        ("jeg mener", None),
        ("jeg vet ikke hva han mente", None),
    ],
)
def test_a_correction_is_taken_at_its_word(text: str, meant: str | None) -> None:
    assert corrected(text) == meant


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("og hva med barna?", True),
        ("hva med hunden", True),
        ("what about my children", True),
        ("og jeg vil ikke mer nå", False),
        ("hva med at vi har bodd sammen i ti år og har to barn og hus", False),
        ("krisesenter", False),
    ],
)
def test_a_short_question_may_lean_on_the_last_answer(text: str, leans: bool) -> None:
    assert leans_on_last(text) is leans

"""The words of return codes are checked when loaded, and codes forgive how they are typed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.webchat.codes import (
    LEAST_BITS,
    CodeWordsError,
    load_words,
    make_code,
    read_code,
)

WORDS = load_words()


def test_five_words_cannot_be_guessed() -> None:
    assert len(WORDS) >= 512
    assert 5 * math.log2(len(WORDS)) >= LEAST_BITS
    assert len({make_code(WORDS) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("added", "why"),
    [
        ("blåbær", "not three to nine letters"),
        ("Agurk", "not three to nine letters"),
        ("ku", "not three to nine letters"),
        ("agurk", "differ in one letter"),
        ("agurkk", "differ in one letter"),
        ("agurt", "differ in one letter"),
    ],
)
def test_a_word_that_could_be_mistaken_stops_the_start(
    tmp_path: Path, added: str, why: str
) -> None:
    file = tmp_path / "words.txt"
    file.write_text(" ".join((*WORDS, added)))
    with pytest.raises(CodeWordsError, match=why):
        load_words(file)


def test_a_list_that_is_too_short_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text(" ".join(WORDS[:100]))
    with pytest.raises(CodeWordsError, match="bits"):
        load_words(file)


@pytest.mark.parametrize("between", [" ", "-", ", ", "\n", " . ", "  "])
def test_a_code_is_read_however_its_words_are_parted(between: str) -> None:
    code = make_code(WORDS)
    assert read_code(f"  {code.title()}. ".replace(" ", between)) == code


@given(st.text(max_size=300))
def test_anything_else_is_no_code_and_no_error(typed: str) -> None:
    code = read_code(typed)
    assert code is None or len(code.split(" ")) == 5

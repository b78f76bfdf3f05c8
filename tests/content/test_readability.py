"""LIX as Björnsson counted it, and the sentences before the step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.readability import readability, sentences, sentences_before_step

KNOWN = {
    "no text": ("", 0.0, 0),
    "a number alone": ("112!", 0.0, 0),
    "one short sentence": ("Du kan ringe.", 3.0, 3),
    "eleven short words in two sentences": (
        "Du kan spørre om alt her. Det er helt gratis nå.",
        11 / 2,
        11,
    ),
    "six letters are short": ("Samtal nå.", 2.0, 2),
    "seven letters are long": ("Samtale nå.", 2.0 + 50, 2),
    "placeholders and bold are left out": ("**Ring** {n.police_emergency} nå.", 2.0, 2),
    "a colon and a line of a list end a unit": ("Ta med: pass\n- penger\n- klær", 5 / 4, 5),
}


@pytest.mark.parametrize(("text", "lix", "words"), KNOWN.values(), ids=KNOWN.keys())
def test_lix_of_known_texts(text, lix, words):
    measured = readability(text)
    assert measured.words == words
    assert measured.lix == pytest.approx(lix)


def test_a_decimal_or_a_web_address_does_not_end_a_sentence():
    assert sentences("Se dinutvei.no for mer. Det er åpent kl. 9.") == [
        "Se dinutvei.no for mer",
        "Det er åpent kl",
    ]


def test_the_last_paragraph_is_the_step_and_lists_are_not_counted():
    text = "Det er bra. Du kan:\n- spørre. Og svare.\n- vente\n\nVil du mer? Ja?"
    assert sentences_before_step(text) == ["Det er bra", "Du kan:"]


def test_a_text_of_one_paragraph_is_counted_whole():
    assert len(sentences_before_step("En. To. Tre.")) == 3


@given(st.text())
def test_no_text_breaks_the_measure(text):
    measured = readability(text)
    assert measured.lix >= 0
    assert len(sentences(text)) <= measured.words

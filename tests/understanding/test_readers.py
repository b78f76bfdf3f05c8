"""Who writes, as far as they say so."""

from __future__ import annotations

import pytest

from bot.understanding.readers import reader_said


@pytest.mark.parametrize(
    "text",
    [
        "jeg er lærer og lurer på en elev",
        "Jeg jobber som helsesykepleier på en skole",
        "som fastlege har jeg en pasient som blir slått",
        "eg arbeider i barnehage",
        "pasienten min sier at hun blir slått",
        "I'm a nurse, can my patient come to you?",
    ],
)
def test_a_professional_says_so(text: str) -> None:
    assert reader_said(text) == "professional"


@pytest.mark.parametrize(
    "text",
    [
        "søstera mi blir slått men hun vil ikke høre på meg",
        "venninna mi trenger et sted å bo",
        "hvordan kan jeg hjelpe en venninne",
        "broren min er redd kona si",
        "my sister lives with a man who hits her",
        "jeg spør på vegne av ei jeg kjenner",
        "dotter mi tør ikkje gå frå han",
    ],
)
def test_a_relative_says_so(text: str) -> None:
    assert reader_said(text) == "relative"


@pytest.mark.parametrize(
    "text",
    [
        "han slår meg",
        "jeg er redd",
        "mannen min er lege",
        "jeg har vært hos legen",
        "kan jeg bo hos søstera mi",
        "jeg er student og har ikke penger",
        "",
        "han leser meldingene mine til venninna mi",
    ],
)
def test_others_are_taken_for_the_person_exposed(text: str) -> None:
    assert reader_said(text) is None

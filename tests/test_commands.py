"""A command is a command only when it is the whole message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import _WORDS, normal, orders_erasing, read_command, read_payload

COMMANDS = {
    "menneske": "human",
    "MENNESKE!!": "human",
    " Et menneske. ": "human",
    "rådgiver": "human",
    "talk to someone": "human",
    "slett": "erase",
    "Slett alt.": "erase",
    "delete": "erase",
    "tilbake": "back",
    "stopp": "stop",
    "Avslutt": "stop",
    "kilde": "source",
    "KJELDE?": "source",
    "meny": "help",
}
NONE = (
    "stopp han har kniv",
    "stopp! han slår meg",
    "kan du slette det jeg skrev om barna",
    "slett ikke",
    "jeg er et menneske",
    "et menneske jeg kjenner blir slått",
    "er du et menneske",
    "han vil at jeg skal komme tilbake",
    "jeg går tilbake til ham",
    "hva er kilden til det",
    "help he has a knife",
    "hjelp",
    "stop him",
    "han slutter aldri",
    "",
    "   ",
    "?!",
)


GOES_ON = {
    "kan vi fortsette?": "",
    "jeg vil fortsette": "",
    "kan vi halde fram": "",
    "can we continue please": "",
    "jeg er klar til å gå videre": "",
    "jeg vil fortsette med spørsmålene": "checklist",
    "eg vil halde fram med testen": "checklist",
    "let's continue with the questions": "checklist",
    "jeg vil gå videre med planen": "safety_plan",
    "i want to continue my plan": "safety_plan",
}
PAUSES = (
    "jeg orker ikke svare på flere spørsmål",
    "eg orkar ikkje så mange spørsmål",
    "jeg vil ikke si noe mer",
    "eg vil ikkje snakke meir",
    "kan vi ta en pause?",
    "i need a break",
)
# A tired person is no paused one, and neither wants what another goes on with.
NEITHER = (
    "jeg orker ikke mer",
    "jeg vil ikke mer",
    "eg klarar ikkje meir",
    "jeg vil ikke fortsette",
    "jeg vil fortsette å bo med ham",
    "han vil fortsette",
    "kan han fortsette med det",
    "jeg vil slutte med det",
    "jeg vil slutte å slå",
    "jeg orker ikke mer vold",
    "i can't continue",
)
ERASES = (
    "slett alt jeg har skrevet",
    "jeg vil slette alt",
    "please delete it all",
    "må slette dette nå",
)
ASKS_ABOUT_ERASING = (
    "kan jeg slette dette?",
    "kan jeg slette dette",
    "hvordan sletter jeg dette?",
    "blir dette slettet",
    "korleis slettar eg dette",
    "how do i delete this",
    "kan dere slette det",
    "er det slettet?",
    "han sletter meldingene mine",
    "ikke slett det jeg skrev",
)


@pytest.mark.parametrize(("text", "flow"), GOES_ON.items())
def test_a_wish_to_go_on_is_heard_and_with_what(text: str, flow: str) -> None:
    assert read_command(text) == ("resume", flow)


@pytest.mark.parametrize("text", PAUSES)
def test_who_is_tired_of_questions_gets_a_pause(text: str) -> None:
    assert read_command(text) == ("stop", "")


@pytest.mark.parametrize("text", NEITHER)
def test_who_is_tired_of_living_so_is_not_taken_for_one_who_pauses(text: str) -> None:
    assert read_command(text) is None


@pytest.mark.parametrize("text", ERASES)
def test_an_order_to_erase_is_one(text: str) -> None:
    assert orders_erasing(text)


@pytest.mark.parametrize("text", ASKS_ABOUT_ERASING)
def test_a_question_about_erasing_erases_nothing(text: str) -> None:
    assert not orders_erasing(text)


@pytest.mark.parametrize(("text", "name"), COMMANDS.items())
def test_a_command_word_alone_is_a_command(text: str, name: str) -> None:
    assert read_command(text) == (name, "")


@pytest.mark.parametrize("text", NONE)
def test_a_sentence_with_a_command_word_in_it_is_none(text: str) -> None:
    assert read_command(text) is None


@pytest.mark.parametrize(
    ("text", "lang"),
    [("English", "en"), ("norsk", "nb"), ("Bokmål", "nb"), ("nynorsk!", "nn"), ("engelsk", "en")],
)
def test_the_name_of_a_language_switches_to_it(text: str, lang: str) -> None:
    assert read_command(text) == ("language", lang)


@pytest.mark.parametrize("payload", ["human", "erase", "back", "stop", "help"])
def test_a_button_is_the_same_as_its_word(payload: str) -> None:
    assert read_payload(payload) == (payload, "")


def test_other_payloads_are_no_commands() -> None:
    assert read_payload("lang:nn") == ("language", "nn")
    assert read_payload("topic:cost") is None
    assert read_payload("/restart") is None
    assert read_payload(None) is None


def test_every_command_word_is_found_as_it_is_written() -> None:
    for name, words in _WORDS.items():
        for word in filter(str.strip, words.split("|")):
            assert read_command(" ".join(word.split())) == (name, "")


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_the_same_with_more_space(text: str) -> None:
    assert read_command(text) == read_command(f"  {text}\n")
    assert normal(normal(text)) == normal(text)

"""A command is a command only when it is the whole message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import _WORDS, normal, read_command, read_payload

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

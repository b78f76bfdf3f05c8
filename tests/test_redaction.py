"""Identity and card numbers never reach the store; a hidden address neither. Near misses stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import redact

IDENTITY = ("01017012345", "010170 12345", "010170-12345", "010170.12345")
CARDS = (
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5555 5555 5555 4444",
    "378282246310005",  # fifteen digits
    "6011000990139424",
)
STAYS = (
    "han slo meg 12.03.2025 klokka 23.15",
    "det skjedde 2025-03-12",
    "nummeret mitt er 00 00 00 01",
    "ring meg på +47 000 00 001",
    "ring 116 006 eller 22 40 00 40",
    "jeg skylder 1 250 000 kroner",
    "husleia er 12500 kr og strømmen 3 400",
    "vi har vært gift i 11 år og har barn på 4 og 7",
    "kontonummer 1234.56.789",  # ten digits
    "sak 24-123456TVI",
    "4111 1111 1111 1112",  # a wrong check digit: not a card
    "1234567890123456",
)
STREETS = (
    "Storgata 12",
    "storgata 12b",
    "Karl Johans gate 5",
    "Elveveien 101 A",
    "Gamle Mandalsvei 7",
    "Kirkebakken 3",
    "Nedre Slottsgate 14",
    "12-gata 4",
)


@pytest.mark.parametrize("number", IDENTITY)
def test_an_identity_number_is_taken_out(number: str) -> None:
    assert redact(f"jeg er {number}, hjelp", "nb", address=False) == (
        "jeg er [nummer fjernet], hjelp"
    )


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_taken_out_when_its_check_digit_fits(number: str) -> None:
    said = redact(f"han tok kortet {number} fra meg", "nb", address=False)
    assert said == "han tok kortet [nummer fjernet] fra meg"


@pytest.mark.parametrize("text", STAYS)
def test_dates_phone_numbers_and_amounts_stay(text: str) -> None:
    assert redact(text, "nb", address=False) == text


@pytest.mark.parametrize("street", STREETS)
def test_a_found_address_is_taken_out(street: str) -> None:
    said = redact(f"han vet at jeg bor i {street} nå", "nb", address=True)
    assert "[adresse fjernet]" in said
    assert not any(word in said for word in street.split() if word[0].isupper() or word.isdigit())


def test_the_words_around_an_address_stay() -> None:
    said = redact("han fant meg i storgata 12 og står utenfor", "nb", address=True)
    assert said == "han fant meg i [adresse fjernet] og står utenfor"


def test_a_postcode_with_its_place_is_taken_out_with_the_address() -> None:
    said = redact("han fant Storgata 12, 4611 Kristiansand", "nb", address=True)
    assert said == "han fant [adresse fjernet], [adresse fjernet]"


@pytest.mark.parametrize("street", [*STREETS, "4611 Kristiansand"])
def test_an_address_stays_when_nobody_has_found_it_out(street: str) -> None:
    text = f"jeg var hos legen i {street}"
    assert redact(text, "nb", address=False) == text


@pytest.mark.parametrize(
    "text",
    [
        "han har funnet ut hvor jeg bor",
        "jeg gikk 3 gater bort",
        "barna er 4 og 7",
        "han kom klokka 22",
        "vi møttes på torget i går",
        "datteren Emilia 4 år og Julia 7 er redde",
        "vi er alle 3 redde",
        "den 12.03.2025 Kom han",
        "gata 4 ganger om dagen",
    ],
)
def test_words_that_are_no_address_stay(text: str) -> None:
    assert redact(text, "nb", address=True) == text


def test_what_was_taken_out_is_said_in_the_language_of_the_conversation() -> None:
    text = "01017012345 Storgata 12"
    assert redact(text, "nb", address=True) == "[nummer fjernet] [adresse fjernet]"
    assert redact(text, "nn", address=True) == "[nummer fjerna] [adresse fjerna]"
    assert redact(text, "en", address=True) == "[number removed] [address removed]"


@given(st.text(max_size=300), st.booleans())
def test_any_text_can_be_redacted_twice_with_the_same_result(text: str, address: bool) -> None:
    once = redact(text, "nb", address=address)
    assert redact(once, "nb", address=address) == once


@given(st.integers(0, 999999), st.integers(0, 99999), st.sampled_from(["", " ", "-", "."]))
def test_no_eleven_digits_of_an_identity_number_pass(first: int, last: int, gap: str) -> None:
    number = f"{first:06}{gap}{last:05}"
    assert number not in redact(f"fnr {number}!", "nb", address=False)

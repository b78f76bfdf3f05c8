"""An SMS knows its own size, and long answers are cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.segments import GSM_BASIC, GSM_EXTENSION, Segments, count, fit, to_gsm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0)),
        ("a", Segments("GSM-7", 1, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("a" * 459, Segments("GSM-7", 459, 3)),
        ("a" * 460, Segments("GSM-7", 460, 4)),
        ("ø" * 160, Segments("GSM-7", 160, 1)),
        ("æøåÆØÅéèòÉ", Segments("GSM-7", 10, 1)),
        ("đ" * 70, Segments("UCS-2", 70, 1)),
        ("đ" * 71, Segments("UCS-2", 71, 2)),
        ("đ" * 134, Segments("UCS-2", 134, 2)),
        ("đ" * 135, Segments("UCS-2", 135, 3)),
        ("đŋŧ", Segments("UCS-2", 3, 1)),
        ("ô", Segments("UCS-2", 1, 1)),
        ("«hei»", Segments("UCS-2", 5, 1)),
        ("a" * 69 + "…", Segments("UCS-2", 70, 1)),
        ("a" * 70 + "…", Segments("UCS-2", 71, 2)),
        ("€", Segments("GSM-7", 2, 1)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("[]{}\\^~|€\f", Segments("GSM-7", 20, 1)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        ("😀" * 36, Segments("UCS-2", 72, 2)),
    ],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, expected: Segments) -> None:
    assert count(text) == expected


def test_an_escape_pair_is_never_split_between_two_parts() -> None:
    # 152 letters, then €: the pair does not fit into the last unit of the first part.
    assert count("a" * 152 + "€" + "a" * 152).segments == 3
    assert count("a" * 151 + "€" + "a" * 153).segments == 2


def test_a_surrogate_pair_is_never_split_between_two_parts() -> None:
    assert count("đ" * 66 + "😀" + "đ" * 66).segments == 3
    assert count("đ" * 65 + "😀" + "đ" * 67).segments == 2


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("«Nei» “ja” „so“", '"Nei" "ja" "so"'),
        ("it’s ‘so’", "it's 'so'"),
        ("9–14 — og…", "9-14 - og..."),
        ("22\u00a040\u202f00", "22 40 00"),
        ("bla\u030a", "blå"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
    ],
)
def test_typographic_characters_become_plain_ones(typed: str, sent: str) -> None:
    assert to_gsm(typed) == sent
    assert count(to_gsm(typed)).encoding == "GSM-7"


@pytest.mark.parametrize("word", ["Čáhppesduottar", "Kárášjohka", "đŋŧ", "здравствуй", "ሰላም", "ê"])
def test_letters_of_other_languages_are_kept_and_switch_the_alphabet(word: str) -> None:
    assert to_gsm(word) == word
    assert "?" not in to_gsm(word)
    assert count(to_gsm(word)).encoding == "UCS-2"


@given(st.text(max_size=400))
def test_no_letter_ever_turns_into_a_question_mark(text: str) -> None:
    assert to_gsm(text).count("?") == text.count("?")


@given(st.text(st.sampled_from(sorted(GSM_BASIC | GSM_EXTENSION)), max_size=700))
def test_counting_agrees_with_packing_part_by_part(text: str) -> None:
    sizes = [2 if char in GSM_EXTENSION else 1 for char in text]
    assert count(text).units == sum(sizes)
    if sum(sizes) <= 160:
        assert count(text).segments == (1 if text else 0)
        return
    parts = [0]
    for size in sizes:
        if parts[-1] + size > 153:
            parts.append(0)
        parts[-1] += size
    assert count(text).segments == len(parts)


@given(st.text(max_size=1500), st.integers(1, 4))
def test_fitting_loses_only_white_space_and_every_message_is_short_enough(
    text: str, most: int
) -> None:
    pieces = fit(text, most)
    assert all(1 <= count(piece).segments <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_answer_is_cut_at_the_end_of_a_sentence() -> None:
    first = "Du kan få hjelp uten å anmelde. " * 4
    second = "Ring 116 006 hele døgnet. " * 8
    pieces = fit(first + second, 1)
    assert len(pieces) > 1
    assert all(piece.endswith(".") for piece in pieces)


def test_a_paragraph_is_a_good_place_to_cut_too() -> None:
    pieces = fit("Dette er en overskrift\n" + "ord " * 38, 1)
    assert pieces[0] == "Dette er en overskrift"


def test_a_telephone_number_is_never_parted() -> None:
    for lead in range(130, 160):
        pieces = fit("x" * lead + " 22 40 00 40 og mer tekst som gjør meldingen lang nok til to", 1)
        assert any("22 40 00 40" in piece for piece in pieces)


def test_an_abbreviation_before_a_small_letter_is_no_sentence_end() -> None:
    text = "a" * 100 + " ta med f.eks. bankkort og medisiner og det du ellers trenger mest. Slutt."
    pieces = fit(text, 1)
    assert not pieces[0].endswith("f.eks.")


def test_a_message_of_no_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fit("hei", 0)

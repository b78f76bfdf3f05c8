"""Which language a message is in."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Lang
from bot.understanding.language import detect_language, load

SPENT = Path(__file__).with_name("thresholds.jsonl")


@pytest.fixture(scope="module", autouse=True)
def models_loaded() -> None:
    load()


@pytest.mark.parametrize(
    ("text", "prior", "lang"),
    [
        ("må jeg anmelde", "nn", "nb"),
        ("må eg melde han", "nb", "nn"),
        ("kva kostar det", "nb", "nn"),
        ("han slår meg", "en", "nb"),
        ("he is outside my door", "nb", "en"),
        ("I dont know", "nb", "en"),
        ("help", "nb", "en"),
        ("what is the price", "nb", "en"),
    ],
)
def test_clear_words_change_the_language(text: str, prior: Lang, lang: Lang) -> None:
    assert detect_language(text, prior).lang == lang


@pytest.mark.parametrize("text", ["hei", "ok", "3", "gratis?", "👍", "", "Mona", "adresse"])
@pytest.mark.parametrize("prior", ["nb", "nn"])
def test_a_word_that_says_little_keeps_the_language(text: str, prior: Lang) -> None:
    found = detect_language(text, prior)
    assert (found.lang, found.other) == (prior, None)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("czy mogę dostać pomoc", "pl"),
        ("waan baqayaa i caawi fadlan", "so"),
        ("ayúdame por favor mi marido me pega", "es"),
        ("kocam beni dövüyor yardım edin", "tr"),
        ("жінка потребує допомоги, чоловік б'є її", "uk"),
        ("мне нужна помощь, муж бьёт меня", "ru"),
        ("أحتاج مساعدة", "ar"),
        ("من کمک لازم دارم", "fa"),
        ("ሓገዝ የድልየኒ", "ti"),
        ("mun dárbbašan veahki", "se"),
    ],
)
def test_another_language_is_named_and_the_answer_keeps_ours(text: str, other: str) -> None:
    found = detect_language(text, "nn")
    assert (found.lang, found.other) == ("nn", other)


def test_norwegian_and_english_are_hardly_ever_taken_for_something_else() -> None:
    rows = [json.loads(line) for line in SPENT.read_text().splitlines()]
    strange = [row["text"] for row in rows if detect_language(row["text"], "nb").other]
    assert len(strange) <= len(rows) // 100


@given(st.text(max_size=600))
def test_any_text_gets_one_of_our_languages(text: str) -> None:
    assert detect_language(text, "nb").lang in ("nb", "nn", "en")


def test_it_is_quick() -> None:
    rows = [json.loads(line)["text"] for line in SPENT.read_text().splitlines()]
    started = time.process_time()
    for text in rows:
        detect_language(text, "nb")
    assert (time.process_time() - started) / len(rows) < 0.002


@pytest.mark.parametrize(
    "text",
    [
        "ka tid går båten te hirtshals i mårra",
        "å mæir da? va det alt?",
        "dåkker e no nå tullinga, fårbainna dass-robot",
        "æ står bære dær å ser på'n",
    ],
)
def test_broad_dialect_is_norwegian(text: str) -> None:
    assert detect_language(text, "nb").other is None


def test_the_name_of_a_place_makes_no_polish_sentence_norwegian() -> None:
    text = "mieszkam w Tromsø od trzech lat i potrzebuję porady prawnej dla siebie i syna"
    assert detect_language(text, "nb").other == "pl"

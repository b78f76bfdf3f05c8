"""What an answer to the danger question is taken for: every line, and its neighbours."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.messages import Lang
from bot.safety import SafetyContext
from bot.safety.answers import Kind, load_answers, read_answer, says, words_of
from bot.safety.lines import Line
from tests.safety.support import check

DIRECT = {"means": "yes", "yes": "yes", "no": "no", "dont_know": "dont_know"}
ASKED = SafetyContext(asked_suicide=True, last_danger="suicide", last_level="soon")
ALARMED = SafetyContext(last_danger="danger_now", last_level="now")


def is_read(entry: Line[Kind], text: str) -> bool:
    if entry.kind in DIRECT:
        return read_answer(words_of(text)) == DIRECT[entry.kind]
    return says(entry.kind, text)


@pytest.mark.parametrize("entry", load_answers(), ids=lambda e: f"{e.kind}: {e.say}")
def test_every_line_is_found_in_its_sentence_and_not_in_its_neighbour(entry: Line[Kind]) -> None:
    assert is_read(entry, entry.say)
    assert is_read(entry, entry.say.upper() + "!!")
    assert not is_read(entry, entry.not_)


# The edges: what a person may write to "are you thinking of taking your life?".
BOUNDARY = [
    ("yes", "ja|Ja.|jaa|japp|ja noen ganger|jeg har tenkt på det|har en plan|piller klare"),
    ("yes", "har tenkt på det|eg har tenkt på det ja|hver dag|av og til|jeg tar dem i kveld"),
    ("yes", "yes|yeah|i do|i have thought about it|yes sometimes|i have a plan|sometimes|1"),
    (
        "yes",
        "nei men jeg vil ikke leve|nei, men jeg har bestemt meg|no but i don't want to wake up",
    ),
    ("no", "nei|Nei!|neida|nei ikke sånn|nei det gjør jeg ikke|aldri|jeg har aldri tenkt på det"),
    ("no", "nei ikke nå|nei jeg vil leve for ungene|jeg vil ikke dø|ikke i det hele tatt nei"),
    ("no", "nei|nei takk|eg tenkjer ikkje det|no|nope|no i would never|i dont want to die|2"),
    ("dont_know", "vet ikke|eg veit ikkje heilt|æ veit itj|kanskje|usikker|litt|tja|3|både og"),
    ("dont_know", "ikke på ordentlig|vil bare sove|ikke akkurat nå|jeg har ikke noen plan"),
    ("dont_know", "kind of|not really|i don't know|maybe|i just want to sleep|not right now"),
    ("dont_know", "nei jeg vet ikke|tør ikke svare|på en måte|ja nei|vet ikke om jeg orker"),
    (None, "ok|...|😢|hva mener du|hvorfor spør du|hva koster det|\x00| |<b>|12 barn"),
]


@pytest.mark.parametrize(("answer", "texts"), BOUNDARY)
def test_the_answer_may_come_in_other_words(answer: str | None, texts: str) -> None:
    read = {text: read_answer(words_of(text)) for text in texts.split("|")}
    assert read == dict.fromkeys(read, answer)


@pytest.mark.parametrize(("lang", "answer"), [("nb", "no"), ("en", "no"), ("nn", "dont_know")])
def test_no_is_now_in_nynorsk(lang: Lang, answer: str) -> None:
    assert read_answer(["no"], lang) == answer


@pytest.mark.parametrize("text", ["har piller klare", "jeg har en plan", "har tenkt på det"])
def test_a_yes_in_other_words_is_danger_now(text: str) -> None:
    result = check().check(text, ASKED)
    assert result.finding is not None
    assert (result.finding.danger, result.finding.level) == ("suicide", "now")


def test_a_no_with_a_wish_to_die_beside_it_is_never_taken_for_a_no() -> None:
    result = check().check("nei, men jeg vil ikke være her mer", ASKED)
    assert result.finding is not None
    assert result.finding.level == "soon"
    assert result.answer == "dont_know"


def test_danger_told_together_with_a_no_is_danger_and_no_answer() -> None:
    result = check().check("nei men han slår meg nå", ASKED)
    assert result.finding is not None
    assert (result.finding.danger, result.answer) == ("danger_now", None)


ENDED = [
    ("over", "nei det er ikke nå|det var i går|nei det var i går, nå er han på jobb|han har dratt"),
    ("over", "det er over nå|politiet er her|nei det er ikkje no|det var i går kveld|i'm safe now"),
    ("over", "that was yesterday|it's not happening now|he left an hour ago|eg er trygg no"),
    ("misunderstood", "du misforstod|jeg mente ikke det|falsk alarm|tulla bare|bare tulla"),
    ("misunderstood", "that's not what I meant|eg meinte ikkje det|i was just kidding|feil nummer"),
    ("misunderstood", "det var bare en test|du mistyda meg|sorry, false alarm|jeg skrev feil"),
    (None, "ja|ok|hjelp|jeg er redd|han er her ennå|jeg er ikke trygg|it's happening now|no"),
    (None, "han har ikke gått|det går ikke bra|hva koster det|politiet svarer ikke"),
]


@pytest.mark.parametrize(("answer", "texts"), ENDED)
def test_that_it_is_not_now_is_believed_in_every_language(answer: str | None, texts: str) -> None:
    read = {text: check().check(text, ALARMED).answer for text in texts.split("|")}
    assert read == dict.fromkeys(read, answer)


def test_it_was_yesterday_says_nothing_when_nothing_was_asked() -> None:
    assert check().check("det var i går").answer is None


@pytest.mark.parametrize(
    ("kind", "said", "not_said"),
    [
        ("cannot_speak", "han hører meg hvis jeg ringer", "kan jeg snakke med noen"),
        ("cannot_speak", "i can't speak he will hear me", "i can speak english"),
        ("cannot_speak", "eg torer ikkje ringje", "eg kan ringje no"),
        ("about_112", "hva skjer når jeg ringer 112", "jeg har ringt 112"),
        ("about_112", "what happens if i call 112", "call me"),
        ("stay", "hva skal jeg gjøre", "hva skjer i en første samtale"),
        ("stay", "kva skal eg gjere no", "kva kostar det"),
        ("stay", "i'm hiding in the bathroom", "what is a crisis centre"),
        ("short", "ok", "ok hva koster det"),
        ("own_violence", "jeg slo nettopp kona", "han slo nettopp kona"),
    ],
)
def test_what_is_said_while_danger_is_near(kind: str, said: str, not_said: str) -> None:
    assert says(kind, said)  # type: ignore[arg-type]
    assert not says(kind, not_said)  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert read_answer(words_of(text)) in ("yes", "no", "dont_know", None)
    assert says("stay", text) in (True, False)


@pytest.mark.parametrize(
    "text", ["", "\x00", "😢" * 300, "ja " * 3_000, "nei<" * 2_500, "a" * 10_000]
)
def test_odd_texts_are_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    read_answer(words_of(text))
    says("stay", text)
    assert time.process_time() - start < 0.5

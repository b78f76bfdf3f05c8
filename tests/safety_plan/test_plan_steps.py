"""One step of the plan: taken, put in own words, passed over; long, empty and odd words too."""

from __future__ import annotations

import json

import pytest

from bot.channels.flows import Facts, FlowInput
from bot.safety_plan.answers import MOST_WORDS
from tests.handoff.walking import CHANNELS, LANGS
from tests.safety_plan.walking import FLOW, HOME, at_home, taken


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("[yes]", {"in": True}),
        ("ja", {"in": True}),
        ("ja, ringe før det smeller", {"words": "ringe før det smeller"}),
        ("[skip]", None),
        ("hopp over", None),
        ("nei takk", None),
        ("fortsett", None),
    ],
)
def test_a_step_is_taken_put_in_own_words_or_passed_over(said, kept):
    person = at_home().answers(said)
    assert taken(person).get(HOME[0].id) == kept
    assert person.step.data["at"] == 1


@pytest.mark.parametrize("said", ["må jeg anmelde?", "hva koster det å bo der", "moren min er syk"])
def test_what_is_no_answer_goes_on_to_understanding_and_the_step_is_said_again(said):
    person = at_home().writes(said, understood=False)
    assert FLOW.resume(person.step.data, "nb", "web") == person.replies


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_own_words_are_asked_for_with_a_warning_and_shown_back(lang, channel):
    person = at_home(lang, channel).answers("[plan:write]")
    warning = {"nb": "Ikke skriv navn", "nn": "Ikkje skriv namn", "en": "Don't write names"}[lang]
    assert warning in person.text
    person.writes("over gjerdet")
    assert "over gjerdet" in person.text
    person.writes("vis planen")
    assert f"{HOME[0].plan[lang]}: «over gjerdet»" in person.text


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("bort til Storgata 12", "Storgata"),
        ("ringe 00 00 00 01 hos naboen", "00 00 00 01"),
        ("ringe +47 00 00 00 01", "00 00 00 01"),
        ("nummeret er 010100 00001", "00001"),
    ],
)
@pytest.mark.parametrize("way", ["[plan:write]", "ja, "])
def test_nothing_in_a_plan_points_to_a_place_or_a_number(written, gone, way):
    person = at_home()
    if way.startswith("["):
        person.answers(way, written)
    else:
        person.writes(way + written)
    assert gone not in json.dumps(person.step.data, ensure_ascii=False)
    assert gone not in person.text
    assert "fjernet]" in person.text


@pytest.mark.parametrize(
    ("length", "fits"), [(MOST_WORDS - 1, True), (MOST_WORDS, True), (MOST_WORDS + 1, False)]
)
def test_own_words_may_be_so_long_and_no_longer(length, fits):
    words = ("gå ut " * length)[: length - 1] + "x"
    person = at_home().answers("[plan:write]").writes(words)
    assert bool(taken(person)) is fits
    assert person.step.data["step"] == ("item" if fits else "write")
    assert ("for langt" in person.text) is not fits


@pytest.mark.parametrize("written", ["", "   ", "?", "må jeg anmelde?", "hva skal jeg skrive?"])
def test_nothing_and_questions_are_no_own_words(written):
    person = at_home().answers("[plan:write]").writes(written, understood=False)
    assert taken(person) == {}


@pytest.mark.parametrize("written", ["😀😀", "...", "!!", "¤¤¤", "*" * 50, "x" * 10_000])
def test_what_cannot_be_a_line_is_asked_for_again_and_nothing_is_lost(written):
    person = at_home().answers("[yes]", "[plan:write]").writes(written)
    assert taken(person) == {HOME[0].id: {"in": True}}
    assert person.step.data["step"] == "write"
    person.answers("naboen")
    assert taken(person)[HOME[1].id] == {"words": "naboen"}


def test_markup_is_a_word_like_others():
    written = "<b>ut</b> {line} [x](y)"
    data = at_home().answers("[plan:write]").step.data
    step = FLOW.handle(data, FlowInput(written, None, "nb", "web"), Facts())
    assert step is not None
    assert step.data["answers"] == {HOME[0].id: {"words": written}}
    assert step.replies[0].text == f"Det er med: «{written}»"  # no placeholder is filled in it


@pytest.mark.parametrize("number", ["7", "99", "0"])
def test_a_number_that_is_not_on_the_list_asks_again(number):
    person = at_home(channel="sms").writes(number)
    assert "ikke på lista" in person.sms[0]
    assert person.step.data["at"] == 0
    assert taken(person) == {}

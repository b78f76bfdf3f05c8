"""How to be reached, said in free words: read as what it is, and never as something else."""

from __future__ import annotations

import pytest

from bot.channels.flows import FlowInput
from bot.handoff.between import asks_about_form, is_plain_answer, takes_back
from bot.handoff.contact_wish import (
    is_only_a_time,
    is_only_a_wish,
    read_wish,
    says_no_call,
    without_why,
)


@pytest.mark.parametrize(
    "text",
    [
        "ikke ring",
        "ikke ring meg!! pappa hører det",
        "forresten, ikke ring, jeg vil heller skrive",
        "bare skriv her",
        "bare sms",
        "jeg vil heller skrive",
        "det er feil, jeg vil ikke bli ringt, jeg vil skrive",
        "etter kl 20 men bare sms ikke ring",
        "nei ikke ring bare sms etter kl 20",
        "jeg kan ikke snakke i telefon",
        "ikkje ring, berre skriv",
        "eg vil ikkje bli ringd",
        "ikkje på telefon",
        "only text me",
        "don't call me, text me instead",
        "only text me after 8pm, never call",
        "I don't want to be called",
    ],
)
def test_a_wish_not_to_be_called_is_heard(text):
    assert says_no_call(text)


@pytest.mark.parametrize(
    "text",
    [
        "ring meg",
        "ring meg etter kl 9",
        "ikke ring før kl 20",
        "ikke ring meg når han er hjemme",
        "ikkje ring etter kl 16",
        "don't call when he is home",
        "don't call before 8",
        "ikke ring politiet",
        "jeg vil ikke ringe",
        "jeg tør ikke ringe",
        "han ringer aldri",
        "han bare skriver stygge meldinger",
        "han sier jeg ikke får ringe mamma",
        "skriv at det er tannlegen",
        "legg på",
        "legg på og send bare en sms",
    ],
)
def test_what_is_another_wish_is_not_taken_for_one(text):
    assert not says_no_call(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("etter kl 20", "etter kl 20"),
        ("bare sms etter kl 20, ikke ring", "etter kl 20"),
        ("only text me after 8pm, never call", "after 8pm"),
        ("når han er på jobb", "når han er på jobb"),
        ("ikke når mannen er hjemme, han tar telefonen", "ikke når mannen er hjemme"),
        ("hverdager 9-14", "hverdager 9-14"),
        ("ring meg etter kl 9 på 412 34 567", "etter kl 9"),
        ("ikke ring før kl 20", "ikke ring før kl 20"),  # what is denied stays denied
        ("ikke ring. han sjekker telefonen på dagtid så bare etter kl 20", "bare etter kl 20"),
        ("etter 9, ikke på søndag", "etter 9, ikke på søndag"),
        ("nei vent, 90012346", None),
        ("legg på", None),
        ("han slår meg når han er full", None),
        ("han ringer hele dagen", None),
    ],
)
def test_a_time_is_read_with_its_denial_and_never_from_what_somebody_does(text, times):
    assert read_wish(text).times == times


def test_a_number_is_no_time_and_a_time_no_number():
    assert read_wish("nei vent, 90012346").number == "+4790012346"
    assert not is_only_a_time("nei vent, 90012346")
    assert read_wish("mellom 9 og 11").number is None
    assert is_only_a_time("mellom 9 og 11")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ikke ring meg!! pappa hører det", "ikke ring meg!!"),
        ("ikke ring til meg, mannen tar telefonen", "ikke ring til meg,"),
        ("pappa hører meg", "pappa hører meg"),
        ("mannen tok telefonen min", "mannen tok telefonen min"),
        ("ikke ring, han leser dette nå", "ikke ring, han leser dette nå"),
        ("ikke ring, han slår meg", "ikke ring, han slår meg"),
    ],
)
def test_the_reason_beside_a_wish_is_left_out_of_the_danger_check_and_nothing_else(text, left):
    assert without_why(text).strip() == left


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("safe_times", "etter kl 20"),
        ("safe_times", "når han er på jobb"),
        ("safe_times", "etter kl 20, ikke før for da er han hjemme"),
        ("number", "etter kl 20"),
        ("number", "412 34 567"),
        ("someone_else", "legg på"),
        ("someone_else", "si feil nummer"),
        ("voicemail", "nei"),
        ("gate", "ja"),
        ("how", "ring meg"),
        ("municipality", "Lyngdal"),
        ("summary", "ja send, men ikke ring. bare sms etter kl 20"),
        ("own_words", "ikke ring, bare skriv"),
        ("summary", "ikke send"),
    ],
)
def test_a_plain_answer_is_what_the_form_asked_for(step, text):
    assert is_plain_answer({"step": step}, text)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("own_words", "han slo meg etter kl 20"),
        ("own_words", "etter kl 20"),
        ("wants", "jeg vil dø"),
        ("afraid_now", "ja"),
        ("children", "han slår barna"),
        ("safe_times", "han står utenfor døra"),
        ("safe_times", "jeg vil ikke leve lenger"),
        ("someone_else", "han dreper meg"),
        ("municipality", "han er her"),
        ("voicemail", "hjelp"),
        ("summary", "han kommer"),
        ("gate", "nei jeg orker ikke leve mer"),
    ],
)
def test_what_is_told_is_heard_as_any_message(step, text):
    assert not is_plain_answer({"step": step}, text)


@pytest.mark.parametrize(
    "text",
    [
        "ikke send",
        "ikke send det",
        "jeg har ombestemt meg, ikke send det",
        "jeg vil ikke likevel",
        "nei jeg vil ikke likevel",
        "trekk tilbake",
        "kan du trekke det tilbake",
        "angrer",
        "angrer, kan dere slette det?",
        "eg angrar",
        "glem det",
        "don't send it",
        "I changed my mind",
        "take it back",
    ],
)
def test_taking_it_back_is_heard(text):
    assert takes_back(FlowInput(text, None, "nb", "web"))


@pytest.mark.parametrize(
    "text",
    [
        "vil ikke svare",
        "tilbake",
        "jeg vil ikke at mamma skal få vite det",
        "han angrer alltid etterpå",
        "jeg vil ikke tilbake til ham",
        "jeg angrer på at jeg giftet meg med ham og flyttet hit alene",
    ],
)
def test_what_only_sounds_like_it_is_not(text):
    assert not takes_back(FlowInput(text, None, "nb", "web"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("hvem leser dette?", "who_reads"),
        ("kven les dette?", "who_reads"),
        ("who reads this?", "who_reads"),
        ("hva skjer når jeg trykker send?", "what_happens"),
        ("how will you contact me?", "what_happens"),
        ("hva koster det?", None),
        ("han leser alt jeg skriver", None),
    ],
)
def test_questions_about_the_form_are_answered_in_it(text, key):
    assert asks_about_form(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "ikke ring meg etter kl 20",
        "dere kan ringe meg mellom 9 og 11",
        "ikkje ring etter klokka 21",
        "ring meg ikke på kvelden",
        "don't call after 8 pm",
    ],
)
def test_when_to_call_is_a_wish_and_no_danger(text):
    assert is_only_a_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "ikke ring meg når han slår meg",
        "ring meg etter kl 20 er jeg død",
        "jeg skal ha det, i natt skriver jeg ikke mer",
        "ring meg før jeg dør",
        "jeg skriver avskjedsbrev i kveld",
        "etter kl 20",
    ],
)
def test_what_tells_more_than_when_to_call_is_heard_whole(text):
    assert not is_only_a_wish(text)

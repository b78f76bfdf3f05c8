"""What the check says of single messages: time, denial, frames, several dangers, answers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import PRECEDENCE, SafetyContext, SafetyResult
from tests.safety.support import check


def look(text: str) -> str:
    finding = check().check(text).finding
    return f"{finding.danger} {finding.level}" if finding else "none"


PAIRS = [
    ("han slår meg", "danger_now now", "han slår meg ikke", "none"),
    ("han slår meg nå", "danger_now now", "han slo meg for ti år siden", "none"),
    ("han slår meg", "danger_now now", "han slår av en prat", "none"),
    ("han kveler meg", "strangled now", "jeg blir kvalt av gjeld", "none"),
    ("han har kniv", "weapon_or_kill_threat now", "han har ikke kniv", "none"),
    ("jeg vil dø", "suicide soon", "jeg dør av latter", "none"),
    ("han slår henne nå", "danger_now now", "i filmen slår han henne", "none"),
    ("hjelp han slår meg", "danger_now now", "hva gjør jeg hvis han slår meg", "none"),
    ("han bryter besøksforbudet", "ban_broken soon", "hvordan søker jeg om besøksforbud", "none"),
    ("han tok kvelertak på meg i dag", "strangled now", "er det straffbart å kvele noen", "none"),
]


@pytest.mark.parametrize(("danger", "found", "calm", "nothing"), PAIRS)
def test_a_small_change_of_words_is_heard(danger: str, found: str, calm: str, nothing: str) -> None:
    assert look(danger) == found
    assert look(calm) == nothing


@pytest.mark.parametrize(
    "text",
    [
        "han slår meg",
        "hann slaar mei",
        "HAN SLÅR MEG!!!",
        "han slåååår meeeg",
        "ha\u200bn slår\u202e meg",
        "hain slær mæ",
        "ho slår meg",
        "dei slår oss",
        "«han slår meg»",
        "<b>han slår meg</b>",
        "han\nslår\nmeg",
    ],
)
def test_the_same_danger_is_found_however_it_is_spelt(text: str) -> None:
    assert look(text) == "danger_now now"


def test_a_denial_in_one_clause_does_not_hide_danger_in_another() -> None:
    assert look("han har aldri slått barna, men nå slår han meg") == "danger_now now"
    finding = check().check("han slår meg ikke, han kveler meg").finding
    assert finding and finding.level == "now" and "strangled" in finding.all


def test_one_clause_of_danger_is_found_in_a_long_story() -> None:
    story = "vi møttes på jobb og flyttet sammen og alt var fint de første årene. " * 8
    told = f"{story} nå hamrer han på døra. {story}"
    assert look(told) == "danger_now now"


def test_time_moves_strangling_from_now_to_gentle() -> None:
    assert look("han tok kvelertak på meg nettopp") == "strangled now"
    assert look("han tok kvelertak på meg i går") == "strangled soon"
    assert look("han tok kvelertak på meg for fire år siden") == "strangled gentle"


def test_habit_is_live_danger_but_not_this_minute() -> None:
    assert look("han slår meg hver helg") == "danger_now soon"


def test_the_first_in_precedence_leads_when_several_are_as_near() -> None:
    finding = check().check("han slår meg nå og han har kniv og jeg blør").finding
    assert finding is not None
    assert finding.danger == "danger_now"
    assert set(finding.all) >= {"danger_now", "weapon_or_kill_threat", "injured"}
    assert list(finding.all) == sorted(finding.all, key=PRECEDENCE.index)


def test_found_out_makes_the_finding_neutral_whatever_else_is_found() -> None:
    finding = check().check("han leser mobilen min nå og han slår meg").finding
    assert finding is not None
    assert finding.danger == "danger_now"
    assert finding.neutral
    alone = check().check("han leser dette").finding
    assert alone is not None
    assert alone.danger == "found_out"
    assert alone.neutral


# Her own words about a phone that is read, and somebody who reads at this minute.
EYES = [
    ("han sjekker telefonen min hver kveld", "han sjekker telefonen min nå"),
    ("mannen min leser meldingene mine", "mannen min leser meldingene mine nå"),
    ("jeg er redd han leser meldingene mine", "jeg er redd. han leser dette"),
    ("han tok telefonen min i går", "han tok telefonen min"),
    ("de sover ved siden av meg", "han sitter ved siden av meg"),
    ("ikke ring, mannen tar telefonen", "ikke svar, han har tatt telefonen"),
    ("jeg har ikke pass, han har tatt det", "han har tatt mobilen min nå"),
    ("he checks my phone every night", "he is looking at my screen"),
    ("han har funnet meldingene våre", "han står bak meg og leser"),
    ("han fant ut at jeg skrev til dere i fjor", "hvem er dere som skriver til kona mi"),
]


@pytest.mark.parametrize(("hers", "eyes"), EYES)
def test_the_cover_line_is_for_eyes_that_are_there_now(hers: str, eyes: str) -> None:
    own = check().check(hers).finding
    assert own is None or not own.neutral
    read = check().check(eyes).finding
    assert read is not None
    assert read.neutral


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("my brother found out where i live and they will send me to somalia to marry",
         "sent_abroad_forced_marriage"),
        ("jeg vil dø. han sjekker telefonen min hver kveld", "suicide"),
        ("jeg er 12 år og pappa slår meg, han leser mobilen min hver dag", "child_in_danger"),
    ],
)  # fmt: skip
def test_a_danger_is_never_hidden_by_a_habit_of_reading(text: str, danger: str) -> None:
    finding = check().check(text).finding
    assert finding is not None
    assert (finding.danger, finding.neutral) == (danger, False)


def test_a_child_that_writes_itself_is_child_in_danger() -> None:
    finding = check().check("jeg er 11 år og stefaren min slår meg").finding
    assert finding is not None
    assert finding.danger == "child_in_danger"
    assert finding.young


def test_an_adult_with_children_is_not_taken_for_a_child() -> None:
    finding = check().check("mannen min slår meg nå, barna er 7 og 9").finding
    assert finding is not None
    assert not finding.young


def test_someone_else_in_danger_is_told_apart() -> None:
    finding = check().check("naboen slår kona si nå").finding
    assert finding is not None
    assert finding.other


def test_violence_of_the_past_is_marked_and_plain_questions_are_not() -> None:
    past = check().check("han slo meg for ti år siden")
    assert past == SafetyResult(None, True)
    assert check().check("hva koster det å bo hos dere") == SafetyResult(None, False)


def test_the_words_of_a_finding_are_the_persons_own() -> None:
    finding = check().check("Hei. Jeg bor i blokk. Han Hamrer på DØRA nå! Takk").finding
    assert finding is not None
    assert finding.words == "Han Hamrer på DØRA nå"


ASKED = SafetyContext(asked_suicide=True, last_danger="suicide", last_level="soon")


@pytest.mark.parametrize("text", ["ja", "Ja.", "jaa", "ja det gjør jeg", "yes", "jo", "1"])
def test_yes_to_the_direct_question_is_danger_now(text: str) -> None:
    result = check().check(text, ASKED)
    assert result.answer == "yes"
    assert result.finding is not None
    assert (result.finding.danger, result.finding.level) == ("suicide", "now")
    assert result.finding.answer == "yes"


@pytest.mark.parametrize("text", ["nei", "Nei!", "nei det gjør jeg ikke", "no", "nope", "2"])
def test_no_to_the_direct_question_is_no_finding(text: str) -> None:
    result = check().check(text, ASKED)
    assert (result.finding, result.answer) == (None, "no")


@pytest.mark.parametrize("text", ["vet ikke", "veit ikkje", "kanskje", "jeg er usikker", "3"])
def test_not_knowing_wants_a_person_soon(text: str) -> None:
    result = check().check(text, ASKED)
    assert result.answer == "dont_know"
    assert result.finding is not None
    assert result.finding.level == "soon"


def test_new_danger_counts_more_than_the_answer() -> None:
    result = check().check("nei men han slår meg nå", ASKED)
    assert result.finding is not None
    assert result.finding.danger == "danger_now"


def test_it_was_yesterday_ends_the_emergency() -> None:
    context = SafetyContext(last_danger="danger_now", last_level="now")
    result = check().check("nei det var i går, nå er han på jobb", context)
    assert (result.finding, result.answer) == (None, "over")


def test_danger_after_an_emergency_reply_is_still_danger() -> None:
    context = SafetyContext(last_danger="danger_now", last_level="now")
    result = check().check("han slår på døra igjen nå", context)
    assert result.finding is not None
    assert result.finding.level == "now"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400),
    st.booleans(),
    st.sampled_from([None, "danger_now", "suicide"]),
)
def test_the_check_never_raises(text: str, asked: bool, last: str | None) -> None:
    context = SafetyContext(asked_suicide=asked, last_danger=last, last_level="now")
    result = check().check(text, context)
    assert result.finding is None or result.finding.danger in PRECEDENCE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "\u202e\u200f",
        "🔪" * 500,
        "a" * 10_000,
        "han slår meg " * 800,
        "'n 'n 'n",
        "<" * 999,
        "\ud800 han slår meg",
        "é" * 5_000,
        "...",
        "0" * 3_000,
    ],
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    check().check(text)


def test_danger_at_either_end_of_a_very_long_message_is_found() -> None:
    filler = "alt er bra her i dag. " * 500
    assert look("han kveler meg. " + filler) == "strangled now"
    assert look(filler + "han kveler meg.") == "strangled now"


def test_a_message_is_checked_in_milliseconds_and_a_long_one_in_bounded_time() -> None:
    message = "jeg skriver fra bilen og vet ikke hva jeg skal gjøre med alt dette som skjer. " * 4
    check().check(message)
    taken = []
    for _ in range(30):
        start = time.process_time()
        check().check(message[:300])
        taken.append(time.process_time() - start)
    assert sorted(taken)[int(0.9 * len(taken))] < 0.010
    start = time.process_time()
    check().check(message * 33)
    assert time.process_time() - start < 1.5


def test_the_memory_of_the_check_keeps_no_word_a_person_wrote() -> None:
    secret = "hemmeligordsomingenhar"
    check().check(f"han slår meg {secret}")
    assert secret not in check()._phrases._vocab.strings

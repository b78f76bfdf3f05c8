"""Until it is safe, the first words by SMS could be about anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Lang, Level, Reply
from bot.channels.sms.menu import read_choice, sms_texts
from bot.channels.sms.opening import (
    answers_at_once,
    asks_who,
    built_in,
    open_sms,
    question,
)
from bot.channels.sms.reserved import asked_for
from bot.channels.sms.segments import count
from bot.safety.finding import Finding
from bot.store.conversations import State

LANGS: tuple[Lang, ...] = ("nb", "nn", "en")


def finding(danger: str, level: Level = "now", *, neutral: bool = False) -> Finding:
    return Finding(danger, level, "", (danger,), neutral)


def test_the_first_message_is_met_by_a_neutral_question_and_waits() -> None:
    opening = open_sms(State(), "hei hva koster det å bo hos dere", None, None, "nb")
    assert opening.kind == "ask"
    assert opening.ends_turn
    assert sms_texts(opening.say[0], "nb") == ["Passer det å skrive nå? 1 ja 2 nei"]
    assert opening.state.waiting_text == "hei hva koster det å bo hos dere"


def test_yes_opens_the_conversation_and_the_message_that_waited_is_answered() -> None:
    asked = open_sms(State(), "hva koster det", None, None, "nb").state
    payload = read_choice("1", asked.menu)
    opening = open_sms(asked, "1", payload, None, "nb", hours=6)
    assert opening.kind == "welcome"
    assert not opening.ends_turn
    assert "chatbot" in opening.say[0].text
    assert "6 timer" in opening.say[0].text
    assert opening.text == "hva koster det"
    assert opening.state.safe == "yes"
    assert opening.state.waiting_text is None
    assert open_sms(opening.state, "og barna?", None, None, "nb").kind == "go_on"


def test_no_is_answered_neutrally_and_what_waited_is_forgotten() -> None:
    asked = open_sms(State(), "han slår meg", None, None, "nb").state
    opening = open_sms(asked, "2", read_choice("2", asked.menu), None, "nb")
    assert opening.kind == "not_now"
    assert opening.ends_turn
    assert opening.state.safe == "no"
    assert opening.state.waiting_text is None
    assert open_sms(opening.state, "hei igjen", None, None, "nb").kind == "ask"


def test_who_writes_on_without_answering_is_asked_again() -> None:
    asked = open_sms(State(), "hei", None, None, "nb").state
    again = open_sms(asked, "er det noen der", None, None, "nb")
    assert again.kind == "ask"
    assert again.state.waiting_text == "er det noen der"


@pytest.mark.parametrize("danger", ["danger_now", "injured", "suicide"])
def test_danger_injury_and_suicide_do_not_wait(danger: str) -> None:
    assert open_sms(State(), "…", None, finding(danger), "nb").kind == "danger"


def test_any_danger_of_this_minute_does_not_wait() -> None:
    assert open_sms(State(), "…", None, finding("strangled", "now"), "nb").kind == "danger"


@pytest.mark.parametrize("level", ["soon", "gentle"])
def test_other_findings_wait_for_the_neutral_question(level: Level) -> None:
    opening = open_sms(State(), "han tok kvelertak i fjor", None, finding("strangled", level), "nb")
    assert opening.kind == "ask"


def test_somebody_reading_along_gets_the_neutral_words_of_that_finding() -> None:
    found_out = finding("found_out", "soon", neutral=True)
    assert not answers_at_once(found_out)
    assert open_sms(State(safe="yes"), "han leser", None, found_out, "nb").kind == "danger"


@pytest.mark.parametrize(
    "text",
    [
        "hvem er dette",
        "Hvem er dette?",
        "Hei, hvem er dette??",
        "hvem er det",
        "hvem er du",
        "hvem er dere",
        "kven er dette",
        "Kven er du?",
        "hvem er dette og hvorfor skriver du til kona mi",
        "hvem eier dette nummeret",
        "hvem snakker jeg med",
        "hva er dette for noe",
        "hva er dette for et nummer",
        "kva er dette",
        "hvem faen er dette",
        "who is this",
        "who's this?",
        "Whos this",
        "who dis",
        "hello who are you",
        "what number is this",
        "what is this number",
        "hallo? hvem er det her",
    ],
)
def test_somebody_who_asks_who_this_is_gets_one_line_about_nothing(text: str) -> None:
    state = State(safe="yes", opened=True, waiting_text="hemmelig", menu=[["human", "Snakk"]])
    opening = open_sms(state, text, None, None, "nb")
    assert opening.kind == "neutral_line"
    assert opening.ends_turn
    assert opening.say[0].text == (
        "Hei! Dette nummeret svarer på vanlige spørsmål. Hva gjelder det?"
    )
    assert opening.state.neutral
    assert opening.state.safe is None
    assert opening.state.waiting_text is None
    assert opening.state.menu == []


@pytest.mark.parametrize(
    "text",
    [
        "hvem er dette for?",
        "hvem er det for",
        "hva er psykisk vold",
        "hvor er dere",
        "where are you",
        "hvem kan komme til dere",
        "hva er et krisesenter",
        "who is this for?",
        "what is violence",
        "who can come",
        "hvem kan jeg snakke med",
        "hvem er det som bestemmer om jeg får plass",
        "er dette vold",
        "han spør hvem jeg skriver med",
    ],
)
def test_questions_about_the_service_are_not_taken_for_a_stranger(text: str) -> None:
    assert not asks_who(text)


def test_after_a_stranger_nothing_old_is_said_without_a_new_yes() -> None:
    stranger = open_sms(State(safe="yes"), "hvem er dette", None, None, "nb").state
    opening = open_sms(stranger, "hva koster det", None, None, "nb")
    assert opening.kind == "ask"
    back = open_sms(opening.state, "ja", read_choice("ja", opening.state.menu), None, "nb")
    assert back.state.safe == "yes"
    assert not back.state.neutral
    assert back.text == "hva koster det"


def test_a_number_from_the_old_menu_chooses_nothing_after_a_stranger() -> None:
    state = State(safe="yes", menu=[["safe:yes", "Ja"]])
    stranger = open_sms(state, "hvem er dette", None, None, "nb").state
    assert read_choice("1", stranger.menu) is None


def test_a_counsellor_answers_who_she_is_herself() -> None:
    opening = open_sms(State(safe="yes"), "hvem er du?", None, None, "nb", held=True)
    assert opening.kind == "go_on"


def test_the_centre_may_word_the_sentences_itself() -> None:
    opening = open_sms(
        State(), "hei", None, None, "nb", sentence=lambda name, lang: f"{name} {lang}"
    )
    assert opening.say[0].text == "sms_ask nb"


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_words_are_one_gsm_segment_and_name_nothing(lang: Lang) -> None:
    revealing = ("krise", "vold", "crisis", "violence", "112", "116", "hjelp", "help", "råd")
    asked = ("sms_ask", "sms_still_you", "sms_way_on")
    for sentence_id in (*asked, "sms_neutral_line", "sms_not_now", "sms_welcome", "sms_go_on"):
        buttons = question(lang).buttons if sentence_id in asked else ()
        text = built_in(sentence_id, lang).replace("{hours}", "24")
        (sent,) = sms_texts(Reply(text, buttons), lang)
        assert count(sent).segments == 1
        assert count(sent).encoding == "GSM-7"
        assert not asked_for(sent)
        assert not any(word in sent.lower() for word in revealing), sent


@given(
    st.text(max_size=500),
    st.sampled_from([None, "safe:yes", "safe:no", "human", "nonsense"]),
    st.sampled_from(LANGS),
    st.booleans(),
    st.sampled_from([None, "yes", "no"]),
)
def test_whatever_is_written_nothing_but_neutral_words_leaves_before_yes(
    text: str, payload: str | None, lang: Lang, neutral: bool, safe: str | None
) -> None:
    state = State(safe=safe, neutral=neutral)
    opening = open_sms(state, text, payload, None, lang)
    neutral_words = {
        built_in(name, lang) for name in ("sms_ask", "sms_neutral_line", "sms_not_now")
    }
    if opening.kind not in ("go_on", "welcome"):
        assert {reply.text for reply in opening.say} <= neutral_words
    if opening.kind == "welcome":
        assert payload == "safe:yes"
    if opening.kind == "go_on":
        assert safe == "yes"
        assert not neutral


def test_after_112_no_question_stands_before_the_next_words() -> None:
    near = State(staying=1, last_level="now", last_danger="suicide")
    for words in ("ja, for en time siden", "20 stykker", "ja"):
        assert open_sms(near, words, None, None, "nb").kind == "go_on"


@pytest.mark.parametrize(
    "state",
    [State(staying=0, last_level="now"), State(staying=1, last_level="soon")],
    ids=["something else was talked about", "not of this minute"],
)
def test_once_the_danger_is_not_near_it_is_asked_again(state: State) -> None:
    assert open_sms(state, "hva koster det", None, None, "nb").kind == "ask"


def test_who_asks_who_this_is_gets_the_neutral_line_also_after_112() -> None:
    near = State(staying=1, last_level="now", last_danger="injured")
    assert open_sms(near, "hvem er dette", None, None, "nb").kind == "neutral_line"
    assert open_sms(State(staying=1, last_level="now", neutral=True), "ok", None, None, "nb").say

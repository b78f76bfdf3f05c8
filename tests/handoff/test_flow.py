"""Whole walks through handing over, by button and by words, on the web and by SMS."""

from __future__ import annotations

import pytest

from bot.channels.flows import Facts
from bot.handoff.draft import THIS_NUMBER, HandoffDraft
from tests.handoff.walking import (
    CHANNELS,
    DUTY,
    LANGS,
    LINE,
    PHONE,
    WORDS,
    Walker,
    draft_of,
)

QUESTIONS_BY_BUTTON = ("[no]", "[choose:none]", "[choose:norwegian]", "[skip]", "[wont_say]")
QUESTIONS_BY_WORDS = {
    "nb": ("nei", "ingen barn", "norsk", "hopp over", "vil ikke svare"),
    "nn": ("nei", "ingen born", "norsk", "hopp over", "vil ikkje svare"),
    "en": ("no", "no children", "norwegian", "skip", "rather not say"),
}
BY_WORDS = {
    "be_called": {
        "nb": ("ring meg", "meg selv", PHONE, "mellom 9 og 14", "si feil nummer", "nei", "ja"),
        "nn": ("ring meg", "meg sjølv", PHONE, "mellom 9 og 14", "si feil nummer", "nei", "ja"),
        "en": ("call me", "myself", PHONE, "between 9 and 14", "say wrong number", "no", "yes"),
    },
    "write_now": {
        "nb": ("jeg vil skrive med noen", "meg selv", "ja"),
        "nn": ("eg vil skrive med nokon", "meg sjølv", "ja"),
        "en": ("I want to write with someone", "myself", "yes"),
    },
    "first_talk": {
        "nb": (
            "avtale en samtale",
            "meg",
            "formiddag",
            "Lyngdal",
            "norsk",
            PHONE,
            "etter 9",
            "legg på",
            "ja",
            "ja",
        ),
        "nn": (
            "avtale ein samtale",
            "meg",
            "formiddag",
            "Lyngdal",
            "norsk",
            PHONE,
            "etter 9",
            "legg på",
            "ja",
            "ja",
        ),
        "en": (
            "arrange a talk",
            "me",
            "mornings",
            "Lyngdal",
            "norwegian",
            PHONE,
            "after 9",
            "hang up",
            "yes",
            "yes",
        ),
    },
}
BY_BUTTON = {
    "be_called": (
        "[how:be_called]",
        "[choose:self]",
        PHONE,
        "{times}",
        "[choose:wrong_number]",
        "[no]",
        "[yes]",
    ),
    "write_now": ("[how:write_now]", "[choose:self]", "[yes]"),
    "first_talk": (
        "[how:first_talk]",
        "[choose:self]",
        "{time}",
        "Lyngdal",
        "[choose:norwegian]",
        PHONE,
        "{times}",
        "[choose:hang_up]",
        "[yes]",
        "[yes]",
    ),
}


def walk(flow, way: str, lang, channel, by_button: bool) -> HandoffDraft:
    words = BY_WORDS[way][lang]
    person = Walker(flow, lang, channel)
    said = words
    if by_button:
        said = tuple(
            words[i] if each.startswith("{") else each for i, each in enumerate(BY_BUTTON[way])
        )
    person.answers(*said)
    questions = QUESTIONS_BY_BUTTON if by_button else QUESTIONS_BY_WORDS[lang]
    if way == "first_talk":  # the language was asked for the talk
        questions = questions[:2] + questions[3:]
    person.answers(WORDS[lang], *questions)
    assert person.step.data["step"] == "summary"
    assert WORDS[lang] in person.text
    person.answers("[send]" if by_button else {"en": "yes"}.get(lang, "ja"))
    return draft_of(person)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("way", list(BY_WORDS))
def test_a_whole_walk_by_words_gives_the_same_draft_as_by_buttons(flow, way, lang, channel):
    by_words = walk(flow, way, lang, channel, by_button=False)
    by_button = walk(flow, way, lang, channel, by_button=True)
    assert by_words == by_button
    assert by_words.how == way
    assert by_words.own_words == (WORDS[lang],)
    assert by_words.lang == lang
    assert by_words.channel == channel
    statuses = {line.field: line.status for line in by_words.summary}
    assert statuses["municipality"] == "not_asked"
    assert statuses["wants"] == "would_not_say"
    assert statuses["strangled"] == "not_asked"


def test_a_person_who_wants_a_call_says_how_it_is_safe(flow):
    draft = walk(flow, "be_called", "nb", "web", by_button=True)
    assert draft.contact.number == PHONE
    assert draft.contact.safe_times == "mellom 9 og 14"
    assert draft.contact.if_someone_else_answers == "si feil nummer"
    assert draft.contact.voicemail is False
    assert draft.urgency == "when_possible"


def test_a_first_talk_has_its_wishes_and_a_safe_contact(flow):
    draft = walk(flow, "first_talk", "nb", "web", by_button=True)
    assert (draft.wishes.time, draft.wishes.place, draft.wishes.language) == (
        "formiddag",
        "Lyngdal",
        "norsk",
    )
    assert draft.contact.number == PHONE
    assert draft.contact.voicemail is True


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_to_call_oneself_needs_no_summary_where_the_line_reads_no_codes(flow, lang, channel):
    person = Walker(flow, lang, channel).presses("how:call_self")
    assert person.step.done
    assert person.step.draft is None
    assert LINE in person.text
    assert "how:write_now" in [button.payload for button in person.buttons]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_where_the_line_reads_codes_a_summary_is_offered_and_may_be_declined(
    flow_with_codes, lang, channel
):
    person = Walker(flow_with_codes, lang, channel).presses("how:call_self")
    assert LINE in person.text
    assert Walker(flow_with_codes, lang, channel, "how:call_self").presses("no").step.draft is None
    person.answers("[yes]", "[choose:self]", "[no]", "[send]")
    assert draft_of(person).how == "call_self"


def test_an_sms_person_can_be_called_on_the_number_they_write_from_by_number_or_word(flow):
    for said in ("[yes]", "ja"):
        person = Walker(flow, "nb", "sms").answers("[how:be_called]", "[choose:self]", said)
        person.answers("[skip]", "[skip]", "[skip]", "[no]", "[send]")
        assert draft_of(person).contact.number == THIS_NUMBER
        assert draft_of(person).contact.voicemail is None


def test_the_number_a_person_writes_among_other_words_is_read_back_in_the_summary(flow):
    person = Walker(flow).answers("[how:be_called]", "[choose:self]")
    person.writes("du kan ringe meg på 412 34 567, takk")
    person.answers("[skip]", "[skip]", "[skip]", "[no]")
    assert "41 23 45 67" in person.text


@pytest.mark.parametrize("lang", LANGS)
def test_half_a_number_is_asked_for_again_and_an_emergency_number_is_nobodys_own(flow, lang):
    for wrong in ("4123", "112", "412 34 567 eller 412 34 568", "116 006"):
        person = Walker(flow, lang).answers("[how:be_called]", "[choose:self]")
        person.writes(wrong)
        assert person.step.data["step"] == "number"
        assert "+" in person.text
        person.writes(PHONE)
        assert person.step.data["step"] == "safe_times"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_without_a_number_nobody_can_call_so_other_ways_are_offered(flow, lang, channel):
    person = Walker(flow, lang, channel).answers("[how:be_called]", "[choose:self]", "[skip]")
    assert {button.payload for button in person.buttons} == {
        "how:write_now",
        "how:call_self",
        "stop",
    }
    written = Walker(flow, lang, channel).answers("[how:be_called]", "[choose:self]", "[skip]")
    assert written.writes(PHONE).step.data["step"] == "safe_times"
    person.answers("[how:write_now]", "[no]", "[send]")
    assert draft_of(person).how == "write_now"
    assert draft_of(person).contact.number is None


def test_a_first_talk_can_be_wished_for_without_a_number(flow):
    person = Walker(flow).answers("[how:first_talk]", "[choose:self]", "[skip]", "[skip]")
    person.answers("[skip]", "[skip]", "[no]", "[send]")
    assert draft_of(person).contact.number is None
    assert "safe_times" not in person.asked


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("said", ["[send]", "ja", "yes"])
def test_in_danger_one_press_sends_the_least_that_is_needed(flow, lang, channel, said):
    facts = Facts(own_words=["han hamrer på døra"], risks=["danger_now"], wants="hjelp")
    person = Walker(flow, lang, channel, "danger:danger_now:now", facts)
    assert "han hamrer på døra" in person.text  # by SMS too: nothing goes that was not seen
    assert person.step.replies[-1].buttons[0].payload == "send"
    assert channel == "sms" or DUTY[lang] in person.text
    draft = draft_of(person.answers(said))
    assert draft.how == "write_now"
    assert draft.urgency == "now"
    assert draft.reasons == ("danger:danger_now",)
    assert [line.field for line in draft.summary] == ["own_words", "risks"]


def test_a_finding_of_level_soon_is_soon(flow):
    person = Walker(flow, reason="danger:strangled:soon").presses("send")
    assert draft_of(person).urgency == "soon"


@pytest.mark.parametrize(("said", "number"), [("[dont_send]", True), ("nei", True)])
def test_no_in_danger_leaves_the_number(flow, said, number):
    person = Walker(flow, reason="danger:danger_now:now").answers(said)
    assert person.step.done
    assert person.step.draft is None
    assert (LINE in person.text) is number


def test_in_danger_a_call_needs_the_number_and_nothing_more(flow):
    person = Walker(flow, reason="danger:weapon_or_kill_threat:now").writes("ring meg")
    person.answers(PHONE, "[send]")
    assert person.asked == ["danger", "number", "summary", "summary"]
    assert draft_of(person).urgency == "now"


def test_any_time_can_be_pressed_on_the_web(flow):
    person = Walker(flow, "nb", "web", reason="how:be_called")
    person.answers("[choose:self]", PHONE, "[choose:any]")
    assert person.step.data["step"] == "someone_else"

"""The summary is in the hands of the person; a relative's points to nobody else."""

from __future__ import annotations

import pytest

from bot.channels.flows import Facts
from tests.handoff.walking import (
    CHANNELS,
    LANGS,
    LINE,
    PHONE,
    WORDS,
    Walker,
    draft_of,
    line_of,
)


def full_summary(flow, lang="nb", channel="web") -> Walker:
    facts = Facts(
        about="self",
        own_words=[WORDS[lang]],
        violence=["psychological"],
        risks=["strangled"],
        children="to, 4 og 7 år",
        language="norsk",
        municipality="Lyngdal",
        answered=["day_service"],
        wants="en samtale",
        afraid_now="no",
    )
    person = Walker(flow, lang, channel, "how:be_called", facts)
    times = "mellom 9 og 14"
    return person.answers(PHONE, times, "[choose:hang_up]", "[no]", "[yes]")


def test_nothing_that_was_told_before_is_asked_again(flow):
    person = full_summary(flow)
    assert set(person.asked) == {
        "number", "safe_times", "someone_else", "voicemail", "gate", "summary",
    }  # fmt: skip
    for told in ("Lyngdal", "kvelertak", "psykisk vold", "to, 4 og 7 år", "Dagtilbud"):
        assert told in person.text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_line_can_be_removed_and_then_the_desk_does_not_get_it(flow, lang, channel):
    fields = [
        button.payload.removeprefix("edit:")
        for button in full_summary(flow, lang, channel).presses("edit:pick").buttons
        if button.payload.startswith("edit:") and button.payload not in ("edit:how", "edit:number")
    ]
    assert len(fields) == 13
    for field in fields:
        person = full_summary(flow, lang, channel).answers("[edit:pick]", f"[edit:{field}]")
        person.answers(f"[remove:{field}]", "[send]")
        draft = draft_of(person)
        assert field not in [line.field for line in draft.summary]
        contact = {
            "safe_times": draft.contact.safe_times,
            "someone_else": draft.contact.if_someone_else_answers,
            "voicemail": draft.contact.voicemail,
        }
        assert contact.get(field) is None


CORRECTIONS = {
    "own_words": "han tar bilnøklene",
    "about": "[choose:other]",
    "violence": "bare psykisk",
    "risks": "det var en gang i fjor",
    "afraid_now": "[yes]",
    "children": "ett barn, 3 år",
    "safe_times": "etter 18",
    "someone_else": "[choose:wrong_number]",
    "voicemail": "[yes]",
    "wants": "hjelp til å flytte",
    "answered": "ingenting",
    "language": "[choose:english]",
    "municipality": "Farsund",
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("field", list(CORRECTIONS))
def test_every_line_can_be_corrected(flow, field, channel):
    person = full_summary(flow, "nb", channel)
    before = dict(person.step.data["answers"])
    person.answers("[edit:pick]", f"[edit:{field}]", CORRECTIONS[field])
    assert person.step.data["step"] == "summary"
    assert person.step.data["answers"][field] != before[field]
    if not CORRECTIONS[field].startswith("["):
        assert CORRECTIONS[field] in person.text
    assert draft_of(person.presses("send")).urgency in ("soon", "when_possible")


def test_the_number_can_be_corrected_and_not_removed_while_a_call_is_wanted(flow):
    person = full_summary(flow).answers("[edit:pick]", "[edit:number]")
    assert "remove:number" not in [button.payload for button in person.buttons]
    person.writes("00000002")
    assert draft_of(person.presses("send")).contact.number == "+4700000002"
    person = full_summary(flow).writes("fjern nummer")
    assert person.step.data["step"] == "number_needed"


def test_the_way_can_be_changed_from_the_summary_without_losing_what_was_told(flow):
    person = full_summary(flow).answers("[edit:pick]", "[edit:how]", "[how:write_now]")
    draft = draft_of(person.presses("send"))
    assert draft.how == "write_now"
    assert draft.own_words == (WORDS["nb"],)


@pytest.mark.parametrize(
    ("lang", "remove", "edit", "keep"),
    [
        ("nb", "fjern barn", "rett på kommune", "la det stå"),
        ("nn", "ta bort barn", "endre kommune", "la det vere"),
        ("en", "remove children", "change municipality", "keep it"),
    ],
)
def test_lines_are_corrected_and_removed_by_words_too(flow, lang, remove, edit, keep):
    person = full_summary(flow, lang).answers(remove, edit, keep, edit, "Farsund", "send")
    draft = draft_of(person)
    assert line_of(draft, "children") is None
    assert line_of(draft, "municipality") == "Farsund"


@pytest.mark.parametrize("said", ["[dont_send]", "nei", "ikke send", "nei, ikke send"])
def test_no_sends_nothing_and_leaves_the_number(flow, said):
    person = full_summary(flow).answers(said)
    assert person.step.done
    assert person.step.draft is None
    assert LINE in person.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_duty_to_notify_stands_above_the_question_about_children_and_above_send(
    flow, lang, channel
):
    duty = {"nb": "barnevernet", "nn": "barnevernet", "en": "child welfare"}[lang]
    person = Walker(flow, lang, channel).answers("[how:write_now]", "[choose:self]", "[yes]")
    person.answers("[skip]", "[no]")
    assert person.step.data["step"] == "children"
    [ask] = person.replies
    assert ask.text.index(duty) < ask.text.rindex("?")
    if channel == "sms":
        assert len(person.sms) == 1
    person.answers("[skip]", "[skip]", "[skip]", "[skip]")
    assert person.step.data["step"] == "summary"
    last = person.replies[-1]
    assert duty in last.text
    assert last.buttons[0].payload == "send"
    if channel == "sms":
        assert duty in person.sms[-1]


def test_what_was_not_said_is_shown_as_such(flow):
    person = Walker(flow).answers("[how:write_now]", "[wont_say]", "[no]")
    assert "Ikke spurt eller hoppet over:" in person.text
    assert "Ville ikke svare: hvem det gjelder." in person.text


def test_enough_is_enough_at_any_question(flow):
    person = Walker(flow).answers("[how:write_now]", "[choose:self]", "[yes]", WORDS["nb"])
    assert person.writes("ferdig").step.data["step"] == "summary"


def test_fear_of_today_is_answered_with_the_number_and_makes_the_case_soon(flow):
    person = Walker(flow).answers("[how:first_talk]", "[choose:self]", *["[skip]"] * 4, "[yes]")
    person.answers("[skip]", "ja, han kommer hjem full")
    assert "112" in person.text
    assert person.facts.afraid_now == "yes"
    person.answers("ferdig", "[send]")
    draft = draft_of(person)
    assert (draft.urgency, draft.reasons) == ("soon", ("asked", "afraid_now"))
    assert "han kommer hjem full" in (line_of(draft, "afraid_now") or "")


def test_a_risk_told_is_a_reason_only_while_its_line_stands(flow):
    told = full_summary(flow)
    assert "risks" in draft_of(told.presses("send")).reasons
    removed = full_summary(flow).answers("[edit:pick]", "[edit:risks]", "[remove:risks]")
    assert "risks" not in draft_of(removed.presses("send")).reasons


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_relatives_handoff_holds_nothing_that_points_to_the_person_exposed(flow, channel):
    facts = Facts(own_words=["søstera mi har nummer 412 34 567 og bor i Storgata 5"])
    person = Walker(flow, "nb", channel, "how:be_called", facts)
    person.presses("choose:other")
    assert "ikke nummeret til den det gjelder" in person.text
    person.answers("00000001", "[skip]", "[skip]", "[skip]", "[yes]", "[yes]", "[skip]")
    person.answers("[skip]", "Lyngdal", "hun kan nås på 00 00 00 02", "[send]")
    draft = draft_of(person)
    raw = draft.to_json()
    for hidden in ("412", "34 567", "Storgata", "00 00 00 02", "00000002"):
        assert hidden not in raw
    assert draft.contact.number == PHONE
    assert line_of(draft, "about") == "en annen"


def test_a_relative_is_asked_not_to_write_the_name_number_or_address(flow):
    for lang, words in (
        ("nb", "Ikke skriv navn, nummer eller adresse"),
        ("nn", "Ikkje skriv namn, nummer eller adresse"),
        ("en", "Don't write the name, number or address"),
    ):
        person = Walker(flow, lang).answers("[how:write_now]", "[choose:other]", "[yes]")
        assert words in person.text


@pytest.mark.parametrize("said", ["søstera mi", "en venninne", "it's my sister", "ein nabo"])
def test_a_relative_may_say_it_in_words(flow, said):
    person = Walker(flow).answers("[how:write_now]", said)
    assert person.facts.about == "other"

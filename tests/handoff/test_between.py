"""Whole walks where the way of contact is said, put right or taken back in the middle."""

from __future__ import annotations

import pytest

from bot.channels.flows import Facts
from bot.desk.summary_view import contact_rules
from bot.handoff.draft import HandoffDraft
from tests.handoff.walking import CHANNELS, DUTY, LANGS, LINE, PHONE, WORDS, Walker, draft_of

NO_CALL = {
    "nb": "ikke ring, jeg vil heller skrive",
    "nn": "ikkje ring, eg vil heller skrive",
    "en": "don't call, I would rather write",
}
_TELLING = ("[how:be_called]", "[choose:self]", PHONE, "etter 9", "[skip]", "[no]", "[yes]")
STEPS_BEFORE: dict[str, tuple[str, ...]] = {
    "how": (),
    "about": ("[how:be_called]",),
    "number": ("[how:be_called]", "[choose:self]"),
    "safe_times": ("[how:be_called]", "[choose:self]", PHONE),
    "someone_else": ("[how:be_called]", "[choose:self]", PHONE, "etter 9"),
    "voicemail": ("[how:be_called]", "[choose:self]", PHONE, "etter 9", "[skip]"),
    "gate": ("[how:be_called]", "[choose:self]", PHONE, "etter 9", "[skip]", "[no]"),
    "own_words": _TELLING,
    "afraid_now": (*_TELLING, "[skip]"),
    "children": (*_TELLING, "[skip]", "[no]"),
    "municipality": (*_TELLING, "[skip]", "[no]", "[skip]", "[skip]"),
    "wants": (*_TELLING, "[skip]", "[no]", "[skip]", "[skip]", "[skip]"),
    "summary": ("[how:be_called]", "[choose:self]", PHONE, "etter 9", *["[skip]"] * 2, "[no]"),
}


def to_the_end(person: Walker) -> HandoffDraft:
    """On with the least, and send."""
    ways_on = {"about": "[choose:self]", "gate": "[no]", "afraid_now": "[no]", "summary": "[send]"}
    for _ in range(12):
        if person.step.done:
            break
        person.answers(ways_on.get(str(person.step.data["step"]), "[skip]"))
    return draft_of(person)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", list(STEPS_BEFORE))
def test_at_every_step_no_call_changes_the_way_and_is_no_answer(flow, step, lang, channel):
    person = Walker(flow, lang, channel).answers(*STEPS_BEFORE[step])
    assert person.step.data["step"] == step
    person.writes(NO_CALL[lang])
    draft = to_the_end(person)
    assert draft.how == "write_now"
    assert draft.no_call
    assert draft.contact.number is None
    assert NO_CALL[lang] not in draft.to_json()


@pytest.mark.parametrize("step", ["number", "safe_times", "someone_else", "voicemail", "gate"])
def test_the_time_said_with_it_is_kept_for_writing_and_reaches_the_draft(flow, step):
    person = Walker(flow).answers(*STEPS_BEFORE[step]).writes("bare sms etter kl 20, ikke ring")
    draft = to_the_end(person)
    assert (draft.how, draft.contact.number) == ("write_now", None)
    assert draft.contact.safe_times == "etter kl 20"
    assert HandoffDraft.from_json(draft.to_json()) == draft


def test_the_desk_reads_first_that_nobody_is_to_call_and_when_to_write(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["gate"]).writes("ikke ring, bare sms etter kl 20")
    assert contact_rules(to_the_end(person)) == [
        ("never", "IKKE ring"),
        ("times", "Trygt å skrive etter kl 20"),
    ]


def test_the_summary_never_says_a_call_after_no_call(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["summary"])
    assert "ringer deg" in person.text
    person.writes("det er feil, jeg vil ikke bli ringt, jeg vil skrive")
    lines = person.text.split("Dette sier jeg videre")[1]
    assert "en rådgiver skriver med deg her" in lines
    assert "ringer deg" not in lines
    assert "Nummer" not in lines


def test_by_sms_it_is_asked_when_it_is_safe_to_write(flow):
    person = Walker(flow, "nb", "sms").answers(*STEPS_BEFORE["number"], "bare sms")
    assert person.step.data["step"] == "write_times"
    assert to_the_end(person.writes("når han er på jobb")).contact.safe_times == (
        "når han er på jobb"
    )


def test_a_call_can_be_asked_for_after_all(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["summary"], "bare skriv", "ring meg")
    assert person.step.data["step"] == "number"
    draft = to_the_end(person.answers(PHONE))
    assert (draft.how, draft.contact.number, draft.no_call) == ("be_called", PHONE, False)


def test_a_first_talk_is_still_wished_for_without_a_call(flow):
    person = Walker(flow, reason="how:first_talk").answers("[choose:self]", "formiddag", "Lyngdal")
    draft = to_the_end(person.answers("norsk", "ikke ring, bare skriv"))
    assert (draft.how, draft.no_call, draft.wishes.time) == ("first_talk", True, "formiddag")


def test_a_number_puts_the_number_right_and_is_no_time(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["safe_times"]).writes("nei vent, 412 34 568")
    assert person.step.data["step"] == "safe_times"
    person.answers("mellom 9 og 11", "legg på")
    draft = to_the_end(person)
    assert draft.contact.number == "+4741234568"
    assert draft.contact.safe_times == "mellom 9 og 11"
    assert draft.contact.if_someone_else_answers == "legg på"


def test_a_time_is_no_instruction_to_whoever_picks_up(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["someone_else"]).writes("ikke når han er hjemme")
    assert person.step.data["step"] == "someone_else"
    draft = to_the_end(person)
    assert draft.contact.safe_times == "etter 9; ikke når han er hjemme"
    assert draft.contact.if_someone_else_answers is None


def test_hang_up_is_heard_one_question_late(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["voicemail"]).writes("legg på")
    assert person.step.data["step"] == "voicemail"
    assert to_the_end(person).contact.if_someone_else_answers == "legg på"


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("nummeret er feil, det er 41234568", "number", "+4741234568"),
        ("mellom 10 og 12", "safe_times", "mellom 10 og 12"),
        ("feil tid, mellom 10 og 12", "safe_times", "mellom 10 og 12"),
        ("ring meg heller på kvelden", "safe_times", "på kvelden"),
        ("bare legg på", "someone_else", "legg på"),
    ],
)
def test_the_summary_is_put_right_in_free_words(flow, said, field, value):
    person = Walker(flow).answers(*STEPS_BEFORE["summary"]).writes(said)
    assert person.step.data["step"] == "summary"
    contact = draft_of(person.presses("send")).contact
    names = {"number": "number", "safe_times": "safe_times"}
    assert getattr(contact, names.get(field, "if_someone_else_answers")) == value


def test_what_is_only_said_to_be_wrong_is_asked_for(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["summary"], "nummeret er feil")
    assert person.step.data["step"] == "edit"
    assert draft_of(person.answers("41234568", "[send]")).contact.number == "+4741234568"


def test_back_in_the_list_of_lines_goes_to_the_summary(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["summary"], "[edit:pick]", "[back]")
    assert person.step.data["step"] == "summary"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", list(STEPS_BEFORE))
def test_taking_it_back_before_it_is_sent_ends_kindly(flow, step, lang, channel):
    said = {"nb": "jeg vil ikke likevel", "nn": "eg angrar", "en": "I changed my mind"}[lang]
    person = Walker(flow, lang, channel).answers(*STEPS_BEFORE[step], said)
    assert person.step.done
    assert person.step.draft is None
    assert LINE in person.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", ["how", "danger", "summary"])
def test_a_block_is_said_once_and_then_a_short_line_with_a_button(flow, step, lang, channel):
    reason = "danger:danger_now:now" if step == "danger" else "asked"
    person = Walker(flow, lang, channel, reason, Facts(own_words=[WORDS[lang]]))
    person.answers(*(STEPS_BEFORE[step] if step == "summary" else ()))
    whole = person.text
    [short] = flow.resume(person.step.data, lang, channel)
    assert len(short.text.split()) < 12
    assert DUTY[lang] not in short.text
    assert [button.payload for button in short.buttons] == ["handoff:resume"]
    person.answers({"nb": "ja", "nn": "ja", "en": "yes"}[lang])
    assert person.step.data["step"] == step
    assert not person.step.done
    assert person.text.endswith(whole.split("\n")[-1])


def test_a_no_to_the_short_line_sends_nothing(flow):
    person = Walker(flow, reason="danger:danger_now:now", facts=Facts(own_words=["x y z"]))
    flow.resume(person.step.data, "nb", "web")
    person.answers("nei")
    assert person.step.done
    assert person.step.draft is None


def test_a_wish_said_before_the_form_is_known_in_it(flow):
    facts = Facts(own_words=["ikke ring meg, han slår meg"])
    person = Walker(flow, "nb", "web", "danger:danger_now:now", facts)
    assert draft_of(person.presses("send")).no_call


def test_what_the_person_tells_is_never_taken_for_a_wish(flow):
    person = Walker(flow).answers(*STEPS_BEFORE["own_words"])
    told = "han slår meg når han er full og sier at ingen skal ringe meg om kvelden lenger"
    assert draft_of(person.answers(told, "ferdig", "[send]")).own_words == (told,)


def test_a_danger_case_keeps_no_call_said_before_and_takes_no_old_number():
    said = HandoffDraft.from_json
    old = said(
        '{"how":"be_called","urgency":"soon","lang":"nb","channel":"web",'
        '"contact":{"number":"+4700000001"},"summary":[]}'
    )
    line = '{"field":"no_call","label_key":"no_call","text":"nei","status":"said"}'
    new = said(
        '{"how":"write_now","urgency":"now","lang":"nb","channel":"web",'
        f'"reasons":["danger:danger_now"],"summary":[{line}]}}'
    )
    assert new.with_more_from(old).contact.number is None
    assert old.with_more_from(new).contact.number == "+4700000001"
    assert not old.with_more_from(new).no_call

"""What comes between question and answer: stopping, going back, questions to us, junk."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.flows import Facts, FlowInput
from bot.handoff.draft import HandoffDraft
from bot.handoff.flow import HandoffFlow
from bot.handoff.questions import QUESTIONS
from tests.handoff.walking import (
    CHANNELS,
    CONTENT,
    LANGS,
    LINE,
    PHONE,
    WORDS,
    FakeWords,
    Walker,
    draft_of,
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("said", ["[stop]", "stopp", "avslutt", "stop"])
def test_stopping_ends_kindly_and_leaves_the_number(flow, lang, channel, said):
    person = Walker(flow, lang, channel).answers(said)
    assert person.step.done
    assert person.step.draft is None
    assert LINE in person.text
    later = Walker(flow, lang, channel).answers("[how:be_called]", "[choose:self]", "stopp")
    assert later.step.done
    assert later.step.draft is None


@pytest.mark.parametrize(
    "question", ["hva koster det å bo der?", "må jeg anmelde?", "kor lenge kan eg bli?"]
)
def test_a_question_in_between_is_no_answer_and_the_flow_asks_again_afterwards(flow, question):
    person = Walker(flow).answers("[how:be_called]", "[choose:self]")
    for said in (PHONE, "etter 9", "[skip]", "[skip]", "[yes]", WORDS["nb"], "[no]", "[skip]"):
        person.writes(question, understood=False)
        again = flow.resume(person.step.data, "nb", "web")
        assert again[-1].buttons == person.replies[-1].buttons
        assert person.replies[-1].text.endswith(again[-1].text)
        person.answers(said)


def test_a_number_that_no_choice_has_is_not_taken_for_words(flow):
    person = Walker(flow, channel="sms").answers("[how:write_now]", "[choose:self]", "[yes]")
    person.writes("9", understood=False)


def test_back_asks_the_question_before_again(flow):
    person = Walker(flow).answers("[how:be_called]", "[choose:self]", PHONE)
    person.writes("tilbake")
    assert person.step.data["step"] == "number"
    person.answers("tilbake", "tilbake")
    assert person.step.data["step"] == "how"
    person.answers("[how:write_now]", "[no]", "[send]")  # who it is about is known by now
    assert draft_of(person).how == "write_now"


def test_the_flow_follows_a_person_who_changes_language(flow):
    person = Walker(flow).answers("[how:write_now]", "[choose:self]")
    person.lang = "en"
    person.answers("[no]")
    assert "This is what I pass on" in person.text
    assert "myself" in person.text


payloads = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "yes",
            "no",
            "skip",
            "wont_say",
            "dont_know",
            "back",
            "stop",
            "send",
            "dont_send",
            "more",
            "edit:pick",
            "edit:how",
            "edit:number",
            "edit:own_words",
            "remove:own_words",
            "edit:",
            "remove:number",
            "how:be_called",
            "how:call_self",
            "how:fax",
            "choose:other",
            "choose:",
            "human",
            "topic:cost",
            "checklist:start",
            "erase",
            "edit:children",
            "remove:children",
        ]
    ),
    st.text(max_size=12),
)
texts = st.one_of(
    st.text(max_size=400),
    st.sampled_from(["ja", "nei", "1", "ferdig", "ring meg", PHONE, "søstera mi", "fjern barn"]),
)
inputs = st.tuples(texts, payloads, st.sampled_from(LANGS), st.sampled_from(CHANNELS))


@settings(max_examples=150, deadline=None)
@given(
    reason=st.sampled_from(["asked", "danger:suicide:now", "how:first_talk", "", "how:", "danger:"])
    | st.text(max_size=20),
    said=st.lists(inputs, max_size=12),
    codes=st.booleans(),
)
def test_junk_never_raises_and_the_state_stays_json(reason, said, codes):
    flow = JUNK_FLOWS[codes]
    facts = Facts()
    step = flow.start(facts, "nb", "web", reason)
    for text, payload, lang, channel in said:
        taken = flow.handle(step.data, FlowInput(text, payload, lang, channel), facts)
        if taken is not None:
            step = taken
            facts = facts.updated(step.facts)
        assert json.loads(json.dumps(step.data)) == step.data
        if step.done:
            if step.draft is not None:
                assert HandoffDraft.from_json(step.draft.to_json()) == step.draft
            break
        assert flow.resume(step.data, lang, channel)


JUNK_FLOWS = {
    codes: HandoffFlow(CONTENT, FakeWords(), reads_codes=codes) for codes in (False, True)
}


def test_a_state_that_is_no_state_is_no_question(flow):
    assert flow.handle({}, FlowInput("ja", None, "nb", "web"), Facts()) is None
    assert flow.resume({}, "nb", "web") == []


def test_every_question_fits_one_sms_with_its_menu(flow):
    for lang in LANGS:
        for field in QUESTIONS:
            person = Walker(flow, lang, "sms")
            for way in ("be_called", "first_talk", "write_now"):
                data = dict(person.step.data, step=field, how=way)
                for answers in ({}, {"about": {"choice": "other"}}):
                    person.replies = flow.resume(dict(data, answers=answers), lang, "sms")
                    assert len(person.sms) == 1, (lang, field, way)


def test_in_nynorsk_no_means_now_and_declines_nothing(flow):
    person = Walker(flow, "nn").answers("[how:write_now]", "[choose:self]")
    person.writes("no", understood=False)
    assert Walker(flow, "en").answers("[how:write_now]", "[choose:self]", "no").asked[-1] == (
        "summary"
    )

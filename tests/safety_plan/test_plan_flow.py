"""The safety plan walked through: parts in order, stopped, gone back, shared or not, by whom."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.flows import Facts, FlowInput
from bot.channels.sms.menu import offered, read_choice
from tests.handoff.walking import CHANNELS, DUTY, LANGS
from tests.safety_plan.walking import (
    FLOW,
    HOME,
    ORDERS,
    PARTS,
    at_home,
    begin,
    parts_of,
    taken,
    walk_all,
)

# --- the parts and their order -------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("answer", ORDERS)
def test_where_the_person_lives_orders_the_parts(channel, answer):
    assert parts_of(begin(f"[{answer}]", channel=channel)) == ORDERS[answer]


@pytest.mark.parametrize(
    ("said", "living"),
    [
        ("ja", "together"),
        ("ja, men jeg blir foreløpig", "staying"),
        ("nei, flyttet i fjor", "moved"),
        ("hopp over", "together"),
        ("vet ikke", "together"),
        ("I am staying for now", "staying"),
        ("hva mener du?", None),
        ("søstera mi", "other"),
        ("moren min ringer meg hver kveld for å høre", None),
    ],
)
def test_where_one_lives_can_be_said_in_words(said, living):
    person = begin().writes(said, understood=living is not None)
    if living == "other":
        assert person.step.data["voice"] == "other"
        assert person.facts.about == "other"
    elif living is not None:
        assert person.step.data["living"] == living
        passed_over = said in ("hopp over", "vet ikke")
        assert person.facts.about == (None if passed_over else "self")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", ORDERS)
def test_by_sms_the_parts_have_one_to_nine_and_zero_is_one_step_back(lang, answer):
    person = begin(f"[{answer}]", "[part:home]", "[yes]", "[plan:back]", lang=lang, channel="sms")
    person.answers("[plan:back]")
    assert person.step.data["step"] == "menu"
    [menu] = person.sms
    choices = person.buttons
    assert len(choices) - 1 <= 9
    for number, button in enumerate(choices[:-1], 1):
        assert f"{number} " in menu
        assert read_choice(str(number), offered(choices), lang) == button.payload
    assert read_choice(str(len(choices)), offered(choices), lang) is None
    assert menu.rstrip().endswith({"en": "0 back"}.get(lang, "0 tilbake"))
    assert read_choice("0", offered(choices), lang) == "plan:back"
    assert person.presses("plan:back").step.data["step"] == "first"


def test_a_part_that_was_seen_comes_last_and_can_be_chosen_again():
    person = at_home()
    for _ in HOME:
        person.presses("skip")
    assert parts_of(person)[-1] == "home"
    assert person.presses("part:home").step.data["at"] == 0


def test_a_part_further_up_on_the_page_can_still_be_pressed():
    data = at_home().step.data
    step = FLOW.handle(data, FlowInput("Når du går", "part:leaving", "nb", "web"), Facts())
    assert step is not None
    assert (step.data["part"], step.data["at"]) == ("leaving", 0)


# --- whole walks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("start", [*ORDERS, "young", "other", "uses_violence"])
def test_every_step_taken_is_a_line_of_the_plan(lang, channel, start):
    asked = f"[{start}]" if start in ORDERS else ""
    reason = "asked" if asked else start
    person = walk_all(begin(*([asked] if asked else []), lang=lang, channel=channel, reason=reason))
    steps = [
        step
        for part in PARTS.shown(person.step.data["voice"], person.step.data["living"])
        for step in part.steps
    ]
    assert list(taken(person)) == [step.id for step in steps]
    for step in steps:
        assert f"- {step.plan[lang].split('{')[0].rstrip()}" in person.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("start", ["yes", "young", "other", "uses_violence"])
def test_everything_can_be_passed_over(channel, start):
    asked = ["[yes]"] if start == "yes" else []
    person = begin(*asked, channel=channel, reason="asked" if asked else start)
    for _ in range(60):
        if person.step.done or person.step.data["step"] == "after":
            break
        if person.step.data["step"] == "menu":
            todo = [part for part in parts_of(person) if part not in person.step.data["done"]]
            if not todo:
                break
            person.presses(f"part:{todo[0]}")
        else:
            person.writes("hopp over")
    assert taken(person) == {}
    assert person.facts.plan == []


# --- stopping and going back ---------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("again", ["[safety_plan:resume]", "fortsett", "continue"])
def test_stopping_keeps_the_place_and_is_silent_until_one_goes_on(lang, channel, again):
    person = at_home(lang, channel).answers("[yes]")
    asked = person.text
    person.answers("[stop]")
    assert [b.payload for b in person.buttons] == ["safety_plan:resume", "human"]
    assert FLOW.resume(person.step.data, lang, channel) == []
    person.writes("hva koster det", understood=False)
    person.answers(again)
    assert person.text == asked
    assert taken(person) == {HOME[0].id: {"in": True}}


@pytest.mark.parametrize("where", ["first", "menu", "item", "write", "show", "after"])
def test_stopping_and_going_back_work_everywhere(where):
    way = {
        "first": (),
        "menu": ("[yes]",),
        "item": ("[yes]", "[part:home]"),
        "write": ("[yes]", "[part:home]", "[plan:write]"),
        "show": ("[yes]", "[part:home]", "[yes]", "vis planen"),
        "after": ("[yes]", "[part:home]", "[yes]", "vis planen", "[no]"),
    }[where]
    before = {"first": "first", "menu": "first", "item": "menu", "write": "item", "show": "menu"}
    assert begin(*way, "tilbake").step.data["step"] == before.get(where, "show")
    stopped = begin(*way, "stopp")
    assert stopped.step.data["stopped"]
    assert stopped.step.data["step"] == where


def test_back_asks_the_step_before_again_and_passing_over_takes_it_out():
    person = at_home().answers("[yes]", "[plan:back]")
    assert HOME[0].text["nb"] in person.text
    assert taken(person) == {HOME[0].id: {"in": True}}
    assert taken(person.answers("[skip]")) == {}


# --- the plan, shown and passed on ---------------------------------------------------------------


def test_an_empty_plan_is_no_failure():
    person = begin("[yes]", "vis planen")
    assert "ikke noe i planen" in person.text
    assert person.step.data["step"] == "menu"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_only_a_yes_makes_the_plan_a_fact(lang, channel):
    for answer, expected in (("yes", [HOME[0].plan[lang]]), ("no", []), ("stop", [])):
        person = at_home(lang, channel).answers("[yes]", "vis planen")
        assert person.facts.plan == []
        person.presses(answer)
        assert person.facts.plan == expected


def test_what_was_agreed_follows_as_it_stands_now_and_can_be_taken_back():
    person = at_home().answers("[yes]", "vis planen", "[yes]", "[plan:more]", "[part:home]")
    person.answers("[skip]", "[yes]")
    assert person.facts.plan == [HOME[1].plan["nb"]]
    person.answers("vis planen", "[no]")
    assert person.facts.plan == []
    person.answers("[plan:more]", "[part:home]", "[yes]")
    assert person.facts.plan == []


def test_an_emptied_plan_is_gone_also_from_what_may_be_passed_on():
    person = at_home().answers("[yes]", "vis planen", "[yes]", "tilbake", "[plan:clear]")
    assert taken(person) == {}
    assert person.facts.plan == []
    assert person.step.data["share"] is None


def test_when_it_is_done_nothing_is_left_of_it():
    person = at_home().answers("[yes]", "vis planen", "[no]", "[plan:finish]")
    assert person.step.done
    assert person.facts == Facts(about="self")


# --- who reads it --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_young_person_reads_of_an_adult_they_trust_and_116_111(lang):
    person = begin(lang=lang, reason="young")
    assert "116 111" in person.text
    assert parts_of(person) == ["young_home", "young_adult", "young_phone"]
    person.answers("[part:young_adult]")
    told = {"nb": "si fra til barnevernet", "nn": "seie frå til barnevernet"}
    assert told.get(lang, "must tell the child welfare service") in person.text


def test_who_asks_for_another_gets_steps_of_their_own_and_may_say_it_was_a_mistake():
    assert begin("[choose:other]").facts.about == "other"
    person = begin(facts=Facts(about="other"))
    assert person.step.data["part"] == "for_someone"
    assert person.answers("tilbake").step.data["step"] == "first"


def test_who_uses_violence_reads_nothing_of_how_others_hide_or_leave():
    person = walk_all(begin(reason="uses_violence"))
    assert [b.payload for b in person.buttons] == ["plan:clear", "plan:finish", "plan:back"]
    person.writes("ja", understood=False)
    assert person.facts.plan == []
    words = " ".join(
        text for step in PARTS.by_id["no_harm"].steps for text in (step.text["nb"], step.plan["nb"])
    )
    assert not any(word in words for word in ("kodeord", "gjem", "adresse", "posisjon", "alarm"))


# --- the words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["home", "leaving", "children"])
def test_the_duty_to_notify_stands_above_the_first_step_about_children(lang, channel, part):
    person = begin("[yes]", f"[part:{part}]", lang=lang, channel=channel)
    word = DUTY[lang] if channel == "web" else {"en": "child welfare"}.get(lang, "barnevernet")
    seen = 0
    for step in PARTS.by_id[part].steps:
        assert (word in person.text) is (step.about_children and not seen)
        if word in person.text:
            assert person.text.index(word) < person.text.index(step.text[lang][:20])
        seen += step.about_children
        person.presses("skip")
    assert seen


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_bring_is_one_sms_of_its_own(lang):
    person = begin("[yes]", "[part:leaving]", lang=lang, channel="sms")
    assert len(person.sms[0]) <= 160
    assert "1/5" in person.sms[1]


def test_the_other_device_comes_before_every_change_on_the_phone():
    steps = PARTS.by_id["phone"].steps
    assert steps[0].id == "other_device"
    assert "kan den andre merke" in steps[0].text["nb"]
    assert steps[1].text["nb"].startswith("Slå ikke av noe ennå")


# --- junk ----------------------------------------------------------------------------------------

PRESSED = """yes no skip stop back plan:back plan:show plan:write plan:clear plan:more plan:finish
    part:home part:nowhere choose:staying choose:other safety_plan:resume human dont_know"""
payloads = st.none() | st.text(max_size=12) | st.sampled_from(PRESSED.split())
texts = st.text(max_size=200) | st.sampled_from(["ja", "nei", "stopp", "fortsett", "vis planen"])
inputs = st.tuples(texts, payloads, st.sampled_from(LANGS), st.sampled_from(CHANNELS))


@settings(max_examples=80, deadline=None)
@given(
    reason=st.sampled_from(["asked", "young", "other", "uses_violence"]),
    said=st.lists(inputs, max_size=25),
)
def test_junk_never_raises_and_the_state_stays_json(reason, said):
    facts = Facts()
    step = FLOW.start(facts, "nb", "web", reason)
    for text, payload, lang, channel in said:
        answered = FLOW.handle(step.data, FlowInput(text, payload, lang, channel), facts)
        if answered is not None:
            assert answered.replies
            step, facts = answered, facts.updated(answered.facts)
        assert json.loads(json.dumps(step.data)) == step.data
        if step.done:
            break
        FLOW.resume(step.data, lang, channel)


def test_a_state_that_is_no_state_is_no_question():
    assert FLOW.handle({}, FlowInput("ja", None, "nb", "web"), Facts()) is None
    assert FLOW.resume({}, "nb", "web") == []

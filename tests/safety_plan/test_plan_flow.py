"""The safety plan walked through: chosen, put in own words, passed over, stopped, shared or not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.flows import Facts, FlowInput
from bot.channels.sms.menu import offered, read_choice
from bot.safety_plan.answers import MOST_WORDS
from bot.safety_plan.flow import SafetyPlanFlow
from tests.handoff.walking import CHANNELS, CONTENT, DUTY, LANGS, FakeWords, Walker

FLOW = SafetyPlanFlow(CONTENT, FakeWords())
PARTS = FLOW.parts
HOME = PARTS.by_id["home"].steps
ORDERS = {
    "yes": ["home", "leaving", "phone", "children", "work", "protection", "after"],
    "no": ["after", "phone", "children", "work", "protection", "home"],
    "choose:staying": [
        *("staying", "home", "phone", "children", "work", "leaving", "protection"),
    ],
}


def begin(*said: str, lang="nb", channel="web", reason="asked", facts=None) -> Walker:
    return Walker(FLOW, lang, channel, reason, facts).answers(*said)


def at_home(lang="nb", channel="web") -> Walker:
    return begin("[yes]", "[part:home]", lang=lang, channel=channel)


def parts_of(person: Walker) -> list[str]:
    chosen = [b.payload for b in person.buttons if b.payload.startswith("part:")]
    return [payload.removeprefix("part:") for payload in chosen]


def taken(person: Walker) -> dict[str, dict[str, object]]:
    return person.step.data["answers"]


def walk_all(person: Walker, answer: str = "yes") -> Walker:
    """Every part, every step with the same answer, until the plan is shown."""
    for _ in range(60):
        step = person.step.data["step"]
        if person.step.done or step in ("show", "after"):
            return person
        if step == "menu":
            todo = [part for part in parts_of(person) if part not in person.step.data["done"]]
            person.presses(f"part:{todo[0]}" if todo else "plan:show")
        else:
            person.presses(answer)
    raise AssertionError("the plan never ends")


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


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("start", [*ORDERS, "young", "other", "uses_violence"])
def test_by_sms_each_question_is_one_message_with_its_menu(lang, start):
    asked = [f"[{start}]"] if start in ORDERS else []
    person = begin(*asked, lang=lang, channel="sms", reason="asked" if asked else start)
    for _ in range(60):
        if person.step.data["step"] in ("show", "after"):
            break
        assert len(person.sms) == len(person.replies)  # nothing had to be parted
        step = person.step.data["step"]
        todo = [part for part in parts_of(person) if part not in person.step.data["done"]]
        if step == "menu":
            person.presses(f"part:{todo[0]}" if todo else "plan:show")
        else:
            person.presses("yes")
    assert person.step.data["step"] == "show"


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


# --- one step ------------------------------------------------------------------------------------


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
    assert person.facts == Facts()


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


@settings(max_examples=150, deadline=None)
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

"""“Er dette vold?” walked through: stopped, taken up, chosen from, said back, passed on."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.flows import Facts, FlowInput
from bot.checklists.choosing import MOST_BY_SMS
from bot.checklists.flow import ChecklistFlow
from tests.checklists.walking import (
    CHANNELS,
    FIRST,
    FLOW,
    ITEMS,
    LANGS,
    LIST,
    PLAIN,
    begin,
    goes_to,
    sends,
    ticks,
    to_the_end,
)
from tests.handoff.walking import CONTENT, FakeWords, Walker

# --- stopping, going back, choosing, seeing ------------------------------------------------------


@pytest.mark.parametrize("said", ["[stop]", "stopp", "avslutt"])
@pytest.mark.parametrize("go_on", ["[checklist:resume]", "fortsett"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_it_can_be_stopped_and_taken_up_where_it_was(channel, said, go_on):
    person = begin("nb", channel).answers("nei", "nei")
    asked = person.replies
    person.answers(said)
    assert not person.step.done
    assert FLOW.resume(person.step.data, "nb", channel) == []
    person.writes("hva koster det", understood=False)
    person.answers(go_on)
    assert person.replies == asked


@pytest.mark.parametrize("channel", CHANNELS)
def test_back_asks_the_page_before_again(channel):
    person = begin(channel=channel)
    asked = person.replies
    person.answers("[skip]", "tilbake")
    assert person.replies == asked
    assert person.step.data["answers"] == {}
    assert person.writes("tilbake").replies == asked


def test_the_groups_can_be_chosen_and_nothing_else_is_asked():
    person = begin().presses("pick")
    names = [button.title for button in person.buttons if button.ticked]
    assert names == [group.name["nb"] for group in LIST.groups]
    sends(person, "next:sexual,digital")
    shown = []
    while not person.step.done:
        shown += ticks(person)
        person.presses("none")
    wanted = [item.id for item in ITEMS if LIST.group_of[item.id].id in ("sexual", "digital")]
    assert shown == wanted


@pytest.mark.parametrize("said", ["velg selv", "velg", "choose", "vel sjølv"])
def test_groups_are_chosen_by_number_or_name_too(said):
    person = begin().writes(said)
    assert person.writes("2").step.data["pages"][0][0] == LIST.groups[1].id
    by_name = begin("nb", "sms").writes(said).writes("kroppen")
    assert {group for group, _ in by_name.step.data["pages"]} == {"physical"}
    assert begin().writes(said).writes("99", understood=False)
    back = begin().writes(said).writes("tilbake")
    assert ticks(back) == [item.id for item in FIRST.items]


@pytest.mark.parametrize("said", ["vis det jeg har svart", "vis", "[show]"])
def test_what_is_answered_can_be_seen_early_and_gone_on_from(said):
    person = sends(begin(), f"next:{FIRST.items[1].id}")
    person.answers(said)
    assert FIRST.items[1].short["nb"] in person.text
    assert person.step.data["step"] == "share"
    person.writes("fortsett")
    assert ticks(person) == [item.id for item in LIST.groups[1].items]


def test_with_nothing_recognised_yet_the_question_stands():
    person = begin().writes("vis det jeg har svart")
    assert "ikke kjent igjen noe så langt" in person.text
    assert ticks(person) == [item.id for item in FIRST.items]


# --- what is told already ------------------------------------------------------------------------


def test_what_is_told_comes_first_is_said_back_and_not_asked():
    words = "han leser meldingene mine hver kveld"
    person = begin(facts=Facts(own_words=[words], violence=["economic"]))
    assert f"«{words}»" in person.replies[0].text
    assert "spør ikke om det igjen" in person.replies[0].text
    groups = [group for group, _ in person.step.data["pages"]]
    assert groups[:2] == ["economic_material", "digital"]
    asked = [id for _, ids in person.step.data["pages"] for id in ids]
    assert "phone_and_pictures" not in asked
    assert len(asked) == len(ITEMS) - 1
    person.writes("vis det jeg har svart")
    assert words in person.text


@pytest.mark.parametrize(
    "words",
    [
        "han har aldri lest meldingene mine, leser meldingene mine gjør han ikke",
        "hun leser ikke meldingene mine",
    ],
)
def test_a_denial_tells_of_nothing(words):
    person = begin(facts=Facts(own_words=[words]))
    assert person.step.data["answers"] == {}


def test_what_is_told_in_between_is_not_asked_afterwards():
    person = begin()
    person.facts = person.facts.updated({"own_words": ["hun leser meldingene mine"]})
    person.presses("skip")
    assert "«hun leser meldingene mine»" in person.text
    while not person.step.done and person.step.data["step"] != "share":
        assert "phone_and_pictures" not in ticks(person)
        person.presses("skip")


def test_a_danger_that_was_told_is_not_asked_for():
    person = begin(facts=Facts(risks=["strangled"]))
    assert person.step.data["pages"][0][0] == "physical"
    assert "strangled" not in ticks(person)


TOUCHED = [
    Facts(),
    Facts(violence=["sexual"]),
    Facts(violence=["children", "digital"]),
    Facts(own_words=["han leser meldingene mine", "redd for å si nei"], risks=["strangled"]),
]


@pytest.mark.parametrize("facts", TOUCHED, ids=["nothing", "one", "two", "words"])
def test_by_sms_at_most_twelve_chosen_by_what_was_said(facts):
    pages = begin(channel="sms", facts=facts).step.data["pages"]
    asked = [id for _, ids in pages for id in ids]
    assert len(asked) == len(set(asked)) == MOST_BY_SMS == len(pages)
    assert all(LIST.items[id].sms in (1, 2) for id in asked)
    groups = list(dict.fromkeys(group for group, _ in pages))
    touched = set(facts.violence) or ({"digital", "latent", "physical"} if facts.risks else set())
    assert set(groups[: len(touched)]) == touched
    second = [LIST.group_of[id].id for id in asked if LIST.items[id].sms == 2]
    assert set(second) <= touched
    if len(touched) == 1:
        assert second
    if "strangled" not in facts.risks:
        assert {"strangled", "threats_to_kill"} <= set(asked)


# --- three voices --------------------------------------------------------------------------------


def test_who_it_is_about_is_not_asked_twice():
    person = Walker(FLOW, facts=Facts(about="other"))
    assert [button.payload for button in person.buttons] == ["yes", "pick", "stop"]
    person.presses("yes")
    assert person.buttons[0].title == FIRST.items[0].other["nb"]
    started = FLOW.start(Facts(), "nb", "web", "other")
    assert started.data["voice"] == "other"


@pytest.mark.parametrize(
    ("said", "voice"),
    [
        ("jeg er 15", "young"),
        ("jeg er under 18", "young"),
        ("eg er 12 år", "young"),
        ("i am 16", "young"),
        ("meg", "self"),
        ("meg selv", "self"),
        ("en venninne", "other"),
        ("søstera mi", "other"),
        ("jeg er 35", None),
        ("hva er dette?", None),
    ],
)
def test_whom_it_is_about_can_be_written(said, voice):
    person = Walker(FLOW).writes(said, understood=voice is not None)
    assert person.step.data["voice"] == voice
    assert person.facts.young is (voice == "young")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_somebody_under_18_hears_first_what_adults_must_pass_on_and_whom_to_call(lang, channel):
    person = begin(lang, channel, "young")
    first = person.replies[0].text.replace("**", "")
    assert {"nb": "barnevernet", "nn": "barnevernet"}.get(lang, "child welfare") in first
    assert "116 111" in first
    duty = {"nb": "Rådgiverne har", "nn": "Rådgjevarane har"}.get(lang, "The counsellors")
    while not person.step.done:
        assert duty not in person.text
        person.presses("skip")
    assert "116 111" in person.text
    known = Walker(FLOW, lang, channel, facts=Facts(young=True))
    assert "116 111" in known.replies[0].text
    assert known.step.data["voice"] == "young"


@pytest.mark.parametrize("voice", ["self", "other"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_duty_to_notify_stands_above_the_first_question_about_children(lang, channel, voice):
    person = begin(lang, channel, voice)
    duty = {"nb": "Rådgiverne har taushetsplikt", "nn": "Rådgjevarane har teieplikt"}
    said, children = [], []
    while not person.step.done:
        at = person.step.data["pages"][person.step.data["at"]][1]
        said.append(duty.get(lang, "The counsellors") in person.text)
        children.append(any(LIST.items[id].about_children for id in at))
        if said[-1]:
            assert [r.text for r in FLOW.resume(person.step.data, lang, channel)] == [person.text]
        person.presses("skip")
    assert said.count(True) == 1
    assert said.index(True) == children.index(True)


def test_about_someone_else_no_number_of_theirs_is_kept():
    person = begin(channel="sms", voice="other").writes("ja hun har nummer 412 34 567 og er redd")
    assert person.step.data["words"]
    assert "412" not in str(person.step.data)


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_it_ends_with_what_was_recognised_what_it_is_called_the_law_and_no_count(lang, channel):
    person = begin(lang, channel)
    group = next(group for group in LIST.groups if group.id == "economic_material")
    yes = next(item for item in group.items if item.sms == 1)
    while person.step.data["step"] != "share":
        asked = person.step.data["pages"][person.step.data["at"]][1]
        sends(
            person, ("yes" if channel == "sms" else f"next:{yes.id}") if yes.id in asked else "skip"
        )
    said, law, effects = [reply.text for reply in person.replies][:3]
    assert group.called[lang].lower() in said.lower()
    assert yes.short[lang].rstrip(".") in said
    enough = {"nb": "nok til å snakke", "nn": "nok til å snakke"}.get(lang, "enough to talk")
    assert enough in said
    assert not any(char.isdigit() for char in said)
    assert group.punishable.text[lang] in law
    others = [g.punishable.text[lang] for g in LIST.groups if g is not group]
    assert not any(text in law for text in others)
    happened = {"nb": "har skjedd med deg", "nn": "har skjedd med deg"}
    assert happened.get(lang, "has happened to you") in effects
    if channel == "web":
        assert group.plain[lang] in said
        assert "§" in person.replies[1].source


def test_the_law_is_told_of_at_most_two_forms_by_sms():
    person = to_the_end(begin(channel="sms"), "yes")
    law = person.replies[2].text
    assert 1 <= sum(group.punishable.text["nb"] in law for group in LIST.groups) <= 2


def test_nothing_from_the_checklist_is_passed_on_until_the_person_says_so():
    risk = next(item for item in FIRST.items if item.risk)
    denied = next(group for group in LIST.groups if group.id == "physical")
    words = "han kaller meg stygge ting"
    person = sends(begin(), f"tick:{risk.id}").presses("no").writes(words)
    goes_to(person, denied.items[0]).presses("none").writes("vis det jeg har svart")
    before = Facts(about="self")
    assert person.facts == before
    for no in ("[share:no]", "stopp"):
        refuses = Walker.__new__(Walker)
        refuses.__dict__ = {**person.__dict__}
        refuses.answers(no)
        assert refuses.step.done and refuses.facts == before
    person.presses("share:yes")
    assert person.step.done
    assert person.facts.violence == [FIRST.id]
    assert person.facts.risks == [risk.risk]
    assert person.facts.own_words == [words]
    assert set(person.facts.said_no) == {item.risk for item in denied.items if item.risk}


@pytest.mark.parametrize("said", ["ja", "jada", "ja takk", "yes", "1"])
def test_a_yes_to_something_else_is_no_yes_to_passing_it_on(said):
    person = sends(begin(), f"next:{PLAIN.id}") if LIST.group_of[PLAIN.id] is FIRST else begin()
    person.writes("vis det jeg har svart")
    assert person.step.data["step"] == "share"
    person.writes(said, understood=False)


def test_no_sentence_of_the_frame_asks_what_is_wrong_with_the_person():
    for lang in LANGS:
        text = (CONTENT / "checklists" / f"{lang}.yml").read_text(encoding="utf-8").lower()
        assert not re.search(r"galt med deg|gale med deg|wrong with you", text)


# --- whatever comes ------------------------------------------------------------------------------

payloads = (
    st.none()
    | st.text(max_size=12)
    | st.sampled_from(["yes", "no", "skip", "stop", "back", "checklist:resume", "human", "pick"])
    | st.sampled_from(["choose:self", "choose:young", "show", "next", "none", "share:yes", "tick:"])
    | st.sampled_from([f"tick:{item.id}" for item in ITEMS[:9]])
    | st.sampled_from([f"next:{FIRST.items[0].id},{FIRST.items[5].id}", "group:sexual"])
)
texts = st.text(max_size=200) | st.sampled_from(["ja", "nei", "stopp", "fortsett", "1 og 3", "vis"])
inputs = st.tuples(texts, payloads, st.sampled_from(LANGS), st.sampled_from(CHANNELS))


@settings(max_examples=100, deadline=None)
@given(said=st.lists(inputs, max_size=20))
def test_junk_never_raises_and_the_state_stays_json(said):
    facts = Facts()
    step = FLOW.start(facts, "nb", "web", "asked")
    for text, payload, lang, channel in said:
        taken = FLOW.handle(step.data, FlowInput(text, payload, lang, channel), facts)
        if taken is not None:
            step = taken
            facts = facts.updated(step.facts)
        assert json.loads(json.dumps(step.data)) == step.data
        if step.done:
            break
        FLOW.resume(step.data, lang, channel)


@pytest.mark.parametrize(
    "data", [{}, {"step": "item", "at": 3}, {"step": "page", "pages": [["gone", ["hits"]]]}]
)
def test_a_state_that_is_not_of_this_list_is_let_go_of(data):
    assert FLOW.handle(data, FlowInput("ja", None, "nb", "web"), Facts()) is None
    assert FLOW.resume(data, "nb", "web") == []


class EffectsToo(FakeWords):
    """Content that has an answer on common reactions."""

    def has(self, topic: str, lang="nb") -> bool:
        return topic in ("effects", "psychological")


def test_common_reactions_and_the_form_itself_can_be_read_about():
    person = Walker(ChecklistFlow(CONTENT, EffectsToo())).presses("choose:self")
    sends(person, f"next:{FIRST.items[0].id}").writes("vis det jeg har svart")
    assert [b.payload for b in person.replies[2].buttons] == ["topic:effects"]
    person.presses("share:no")
    assert [b.payload for b in person.buttons] == [
        "human", "topic:psychological", "topic:effects", "checklist:pick",
    ]  # fmt: skip

"""“Er dette vold?” walked through: skipped, stopped, taken up again, and what comes out of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.flows import Facts, FlowInput
from bot.checklists.flow import ChecklistFlow
from bot.checklists.items import load_checklist
from bot.content.files import ContentError
from bot.content.numbers import load_numbers
from tests.handoff.walking import CONTENT, FakeWords, Walker

LANGS = ["nb", "nn", "en"]
CHANNELS = ["web", "sms"]
NUMBERS = load_numbers(CONTENT / "numbers.yml")
ITEMS = load_checklist(CONTENT / "checklists" / "violence.yml", NUMBERS).items
FLOW = ChecklistFlow(CONTENT, FakeWords())
RISKS = [item.id for item in ITEMS if item.risk]
FORMS = {
    "physical", "psychological", "isolation", "sexual", "economic", "latent", "digital",
    "social_control_honour", "post_separation", "using_children",
}  # fmt: skip


def begin(lang="nb", channel="web", voice="self", facts: Facts | None = None) -> Walker:
    person = Walker(FLOW, lang, channel, facts=facts)
    return person.presses(f"choose:{voice}")


def say_to_all(person: Walker, answer: str, instead: dict[str, str] | None = None) -> Walker:
    """The same answer to every sign, other ones by id; a person offered is declined."""
    for item in ITEMS:
        person.answers((instead or {}).get(item.id, answer))
        if person.step.data["step"] == "offer":
            person.presses("no")
    return person


def test_twelve_signs_cover_every_form_and_each_has_its_source_and_no_points():
    assert len(ITEMS) == 12
    assert {item.form for item in ITEMS} >= FORMS
    assert all(item.source for item in ITEMS)
    raw = (CONTENT / "checklists" / "violence.yml").read_text(encoding="utf-8")
    assert not any(word in raw for word in ("score:", "points:", "weight:"))


@pytest.mark.parametrize("voice", ["self", "other"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", ["[yes]", "[no]", "[dont_know]", "[skip]", "[wont_say]"])
def test_a_whole_walk_in_every_language_channel_and_voice(lang, channel, voice, answer):
    person = say_to_all(begin(lang, channel, voice), answer)
    assert person.step.done
    assert next(button.payload for button in person.buttons) == "human"
    assert person.facts.about == voice
    if answer == "[yes]":
        assert set(person.facts.violence) == {item.form for item in ITEMS}
        assert person.facts.risks == [item.risk for item in ITEMS if item.risk]
    else:
        assert person.facts.violence == []
    if answer == "[no]":
        assert person.facts.said_no == [item.risk for item in ITEMS if item.risk]


WORDS = {
    "nb": {"yes": "ja", "no": "nei", "dont_know": "vet ikke", "skip": "hopp over"}
    | {"wont_say": "vil ikke svare"},
    "nn": {"yes": "ja", "no": "nei", "dont_know": "veit ikkje", "skip": "hopp over"}
    | {"wont_say": "vil ikkje svare"},
    "en": {"yes": "yes", "no": "no", "dont_know": "don't know", "skip": "skip"}
    | {"wont_say": "rather not say"},
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", list(WORDS["nb"]))
def test_words_do_what_the_buttons_do(lang, answer):
    by_button = begin(lang).presses(answer)
    by_words = begin(lang).writes(WORDS[lang][answer])
    assert by_words.step.data == by_button.step.data
    assert by_words.text == by_button.text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ja han tok skoa mine", "yes"),
        ("av og til", "yes"),
        ("ja, men bare når han drikker", "yes"),
        ("nei, men han roper", None),
        ("nei, aldri", "no"),
        ("sometimes", "yes"),
        ("hva mener du med det?", None),
        ("moren min er syk", None),
    ],
)
def test_what_people_write_instead_of_yes_and_no(said, meant):
    person = begin()
    person.writes(said, understood=meant is not None)
    if meant is not None:
        assert person.step.data["answers"] == {ITEMS[0].id: meant}
    if meant == "yes" and said.startswith("ja"):
        assert person.facts.own_words == [said]


def test_a_yes_is_met_with_its_own_sentence_that_takes_away_the_guilt():
    for lang, fault in (("nb", "skyld"), ("nn", "skuld"), ("en", "fault")):
        replies = [item.reply[lang] for item in ITEMS]
        assert len(set(replies)) == len(ITEMS)
        spoken = [r for r in replies if fault in r or "fortjent" in r or "fortent" in r]
        assert len(spoken) >= 9
        assert not any("stakkar" in r.lower() or "sorry" in r.lower() for r in replies)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("risk", RISKS)
def test_a_high_risk_is_answered_with_its_own_words_and_a_person_at_once(lang, channel, risk):
    person = begin(lang, channel)
    for item in ITEMS:
        if item.id == risk:
            break
        person.presses("skip")
    person.presses("yes")
    said = item.reply[lang].split("{")[0].replace("**", "").strip()
    assert said in person.text.replace("**", "")
    assert [button.payload for button in person.buttons] == ["human", "no", "stop"]
    assert person.facts.risks == [item.risk]
    asked = Walker.writes(person, WORDS[lang]["yes"])
    assert asked.step.wish is not None
    assert asked.step.wish.kind == "handoff"
    assert asked.step.wish.reason == f"checklist:{item.risk}"


def test_after_a_person_was_wanted_the_checklist_goes_on_where_it_was():
    person = begin()
    for item in ITEMS:
        if item.id == "strangled":
            break
        person.presses("skip")
    person.answers("[yes]", "ja")
    assert not person.step.done
    [again] = FLOW.resume(person.step.data, "nb", "web")
    assert again.text.startswith("9 av 12")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_it_ends_with_what_was_recognised_in_plain_words_and_no_count(lang, channel):
    yes = {"keys_and_money": "[yes]", "walking_carefully": "[yes]"}
    person = say_to_all(begin(lang, channel), "[no]", yes)
    name = {"nb": "økonomisk og materiell vold", "nn": "økonomisk og materiell vald"}
    assert name.get(lang, "economic and material violence") in person.text
    enough = {"nb": "nok til å snakke", "nn": "nok til å snakke", "en": "enough to talk"}[lang]
    assert enough in person.text
    assert not any(char.isdigit() for char in person.text)


def test_nothing_recognised_is_no_all_clear():
    for lang, honest in (
        ("nb", "ikke at alt er greit"),
        ("nn", "ikkje at alt er greitt"),
        ("en", "not mean that everything is all right"),
    ):
        assert honest in say_to_all(begin(lang), "[no]").text


def test_what_one_was_unsure_of_may_be_talked_about():
    person = say_to_all(begin(), "[no]", {"who_you_meet": "[dont_know]"})
    assert "usikker" in person.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_duty_to_notify_stands_above_the_first_question_about_children(lang, channel):
    person = begin(lang, channel)
    for item in ITEMS:
        if item.about_children:
            break
        person.presses("skip")
    word = {"nb": "barnevernet", "nn": "barnevernet", "en": "child welfare"}[lang]
    assert person.text.index(word) < person.text.index(item.text[lang])
    for each in ITEMS[: ITEMS.index(item)]:
        asked = f"{each.text[lang]} {each.other[lang]}".lower()
        assert not any(child in asked for child in ("barn", "child", "kids"))


@pytest.mark.parametrize("said", ["[stop]", "stopp", "avslutt"])
@pytest.mark.parametrize("go_on", ["[checklist:resume]", "fortsett"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_it_can_be_stopped_and_taken_up_where_it_was(channel, said, go_on):
    person = begin("nb", channel).answers("[no]", "[no]", said)
    assert not person.step.done
    assert FLOW.resume(person.step.data, "nb", channel) == []
    person.writes("hva koster det", understood=False)
    person.answers(go_on)
    assert ITEMS[2].text["nb"] in person.text


def test_back_asks_the_sign_before_again():
    person = begin().answers("[yes]", "tilbake")
    assert ITEMS[0].text["nb"] in person.text
    assert person.step.data["answers"] == {}


def test_who_it_is_about_is_not_asked_twice():
    person = Walker(FLOW, facts=Facts(about="other"))
    assert [button.payload for button in person.buttons] == ["yes", "no"]
    person.presses("yes")
    assert ITEMS[0].other["nb"] in person.text


def test_about_someone_else_no_number_of_theirs_is_kept():
    person = begin(voice="other").writes("ja hun har nummer 412 34 567 og er redd")
    assert "412" not in str(person.facts)


@pytest.mark.parametrize("lang", LANGS)
def test_by_sms_there_is_one_sign_in_a_message_with_its_menu(lang):
    for voice in ("self", "other"):
        person = begin(lang, "sms", voice)
        for _ in ITEMS:
            assert len(person.sms) == 1
            person.presses("skip")


def test_read_more_leads_to_what_was_recognised():
    person = say_to_all(begin(), "[no]", {"silence_and_insults": "[yes]"})
    assert "topic:psychological" in [button.payload for button in person.buttons]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("form: digital", "form: digitalt", "unknown form digitalt"),
        ("- id: strangled", "- id: hurt_or_held", "hurt_or_held: stands twice"),
        ("    risk: strangled\n", "    risk: STRANGLED\n", "items.7.risk is wrong"),
        ("    form: digital\n", "", "items.4.form is missing"),
        ("    group: after\n", "    group: after\n    score: 3\n", "unknown line items.10.score"),
        ("{n.legevakt}", "{n.lege}", "unknown placeholder {n.lege}"),
        ("Er det noen som følger etter deg,", "Er det noen som følger etter deg, " * 9, "too long"),
        ('      nn: "Passar du', '      se: "Passar du', "items.0.text"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, old, new, line):
    folder = tmp_path / "content" / "checklists"
    shutil.copytree(CONTENT / "checklists", folder)
    path = folder / "violence.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_checklist(path, NUMBERS)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


payloads = (
    st.none()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "yes",
            "no",
            "skip",
            "stop",
            "back",
            "checklist:resume",
            "choose:self",
            "human",
            "dont_know",
        ]
    )
)
texts = st.text(max_size=200) | st.sampled_from(["ja", "nei", "stopp", "fortsett", "av og til"])
inputs = st.tuples(texts, payloads, st.sampled_from(LANGS), st.sampled_from(CHANNELS))


@settings(max_examples=150, deadline=None)
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


def test_a_state_that_is_no_state_is_no_question():
    assert FLOW.handle({}, FlowInput("ja", None, "nb", "web"), Facts()) is None
    assert FLOW.resume({}, "nb", "web") == []

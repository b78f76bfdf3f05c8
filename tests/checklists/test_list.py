"""The list: all forms, every sign reachable in every language and voice, faults named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.channels.flows import Facts
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.checklists.items import RISKS, VOICES, load_checklist
from bot.content.files import ContentError
from bot.content.numbers import load_numbers
from tests.checklists.walking import (
    CHANNELS,
    FLOW,
    ITEMS,
    LANGS,
    LIST,
    RISKY,
    TWELVE_OF_OLD,
    begin,
    to_the_end,
)
from tests.handoff.walking import CONTENT


def test_the_list_is_grouped_covers_every_form_and_knows_no_points():
    assert len(LIST.groups) == 10
    assert all(5 <= len(group.items) <= 8 for group in LIST.groups)
    assert {item.id for item in ITEMS} >= TWELVE_OF_OLD
    assert {item.risk for item in RISKY} <= set(RISKS)
    for path in (CONTENT / "checklists" / "groups").glob("*.yml"):
        raw = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(score|points|weight):", raw), path.name


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("lang", LANGS)
def test_every_sign_can_be_reached_on_the_web_and_is_seen_once(lang, voice):
    person = begin(lang, voice=voice)
    seen: list[str] = []
    while not person.step.done:
        seen += [button.title for button in person.buttons if button.ticked]
        person.presses("next")
    assert sorted(seen) == sorted(item.asked(voice, lang) for item in ITEMS)
    assert len(seen) == len(ITEMS) >= 60


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("lang", LANGS)
def test_every_sign_may_also_be_asked_by_sms_in_two_segments_with_its_menu(lang, voice):
    person = begin(lang, "sms", voice)
    keys = [button for button in person.buttons]
    for item in ITEMS:
        if item.sms == 3:
            continue
        data = {**person.step.data, "pages": [[LIST.group_of[item.id].id, [item.id]]], "at": 0}
        [reply] = FLOW.resume(data, lang, "sms")
        [text] = sms_texts(reply, lang)
        assert item.asked(voice, lang) in text
        assert count(text).segments <= 2
        assert list(reply.buttons) == keys


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", ["no", "dont_know", "skip", "wont_say"])
def test_nothing_recognised_is_no_all_clear(lang, channel, voice, answer):
    if answer == "no" and channel == "web":
        answer = "none"
    person = to_the_end(begin(lang, channel, voice), answer)
    assert person.step.done
    assert person.buttons[0].payload == "human"
    honest = {"nb": "ikke at alt er greit", "nn": "ikkje at alt er greitt"}
    assert honest.get(lang, "not mean that everything is all right") in person.text
    assert person.facts == Facts(
        about="other" if voice == "other" else "self", young=voice == "young"
    )
    unsure = {"nb": "usikker på", "nn": "usikker på"}.get(lang, "not sure")
    assert (unsure in person.text) is (answer == "dont_know")


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("lang", LANGS)
def test_somebody_who_recognises_everything_by_sms_gets_short_texts_to_the_end(lang, voice):
    person = to_the_end(begin(lang, "sms", voice), "yes")
    assert person.step.data["step"] == "share"
    assert len(person.sms) <= 4, person.sms


NUMBERS = load_numbers(CONTENT / "numbers.yml")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("risk: fear_for_life", "risk: fear", "fear_for_life: unknown risk fear"),
        ("risk: fear_for_life", "risk: FEAR", "fear_for_life: unknown risk FEAR"),
        ("- id: reads_the_mood", "- id: walking_carefully", "walking_carefully: stands twice"),
        ("- id: reads_the_mood", "- id: strangled", "strangled stands in 01_physical.yml too"),
        ("id: latent", "id: digital", "digital stands in 06_latent.yml too"),
        ("    sms: 2", "    sms: 7", "items.1.sms is wrong"),
        ("    sms: 2", "    sms: 2\n    score: 3", "unknown line items.1.score"),
        ("{n.police_emergency}", "{n.politi}", "unknown placeholder {n.politi}"),
        ('nb: "Passer du på', 'nb: "' + "Passer du på " * 25, "walking_carefully.self.nb"),
        ('nb: "Passer du på', 'nb: "Ć', "the letter Ć"),
        ('      nn: "Passar du', '      se: "Passar du', "items.0.self"),
        ("items:", "things:", "items is missing"),
        ("items:", "items: [", "cannot be read near line"),
    ],
)
def test_a_group_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, old, new, line):
    folder = tmp_path / "content" / "checklists" / "groups"
    shutil.copytree(CONTENT / "checklists" / "groups", folder)
    path = folder / "06_latent.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_checklist(folder, NUMBERS)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ";" in str(caught.value)


def test_a_folder_without_groups_is_no_checklist(tmp_path: Path):
    with pytest.raises(ContentError, match="no groups in it"):
        load_checklist(tmp_path, NUMBERS)

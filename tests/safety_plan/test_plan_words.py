"""The words of the plan: complete, sourced, within their SMS, and never dangerous to follow."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.channels.messages import Button, Reply
from bot.channels.sms.menu import offered, read_choice, sms_texts
from bot.content.files import ContentError
from bot.content.numbers import load_numbers
from bot.content.style import style_faults
from bot.safety_plan.flow import SafetyPlanFlow
from bot.safety_plan.parts import check_one_sms, load_parts, overdue
from tests.handoff.walking import CONTENT, LANGS, FakeWords, Walker

FOLDER = CONTENT / "safety_plan"
NUMBERS = load_numbers(CONTENT / "numbers.yml")
PARTS = load_parts(FOLDER, NUMBERS)
STEPS = [step for part in PARTS.by_id.values() for step in part.steps]

# What could bring somebody in danger, or out of tune with the service, if it were advised.
FORBIDDEN = (
    r"\b(konfronter|confront)\w*|\b(si|sei) det til den andre|\btell the other person\b",
    r"\b(familieterapi|parterapi|mekle sammen|snakk sammen|snakk saman|talk it over)\b",
    r"\b(send|skriv|text) (sms |melding )?(til|to) (112|\{n\.police_emergency)",
    r"\b(hold|ta) barna (unna|borte|vekk)\b|\bkeep the children from\b",
)


@pytest.mark.parametrize(
    ("units", "fits"), [(1, True), (159, True), (160, True), (161, False), (306, False)]
)
def test_the_list_of_what_to_bring_fits_one_sms_or_is_refused(units, fits):
    if fits:
        check_one_sms("take", "a" * units)
        return
    with pytest.raises(ContentError, match=f"{units} characters"):
        check_one_sms("take", "a" * units)


@pytest.mark.parametrize("text", ["ta med š", "ta med " + "€" * 77, "😀"])
def test_letters_outside_the_gsm_alphabet_and_those_that_count_twice_are_seen(text):
    with pytest.raises(ContentError):
        check_one_sms("take", text)


def test_a_list_that_no_longer_fits_stops_the_start_with_one_line(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "content" / "safety_plan")
    path = tmp_path / "content" / "safety_plan" / "nb.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("noe kjært.", "noe kjært, og litt mat."), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        SafetyPlanFlow(tmp_path / "content", FakeWords())
    assert "texts.take.sms" in str(caught.value)


@pytest.mark.parametrize("lang", LANGS)
def test_no_step_advises_what_is_dangerous(lang):
    for step in STEPS:
        for text in (step.text[lang], step.plan[lang], (step.hint or {}).get(lang, "")):
            assert not any(re.search(pattern, text, re.IGNORECASE) for pattern in FORBIDDEN), text
            assert style_faults(text, lang) == []
    assert re.search(FORBIDDEN[0], "Konfronter den andre", re.IGNORECASE)


def test_the_parts_that_were_asked_for_are_there():
    assert {part.id for part in PARTS.by_id.values() if part.reader == "self"} == {
        *("home", "leaving", "after", "children", "phone", "work", "protection", "staying")
    }
    ids = {step.id for step in STEPS}
    assert {"code_word", "pack", "animals", "ban", "alarm", "reverse_alarm", "address"} <= ids


def test_a_review_that_was_due_and_a_date_to_come_are_problems_for_helpline_check():
    first = PARTS.by_id["home"]
    assert list(overdue(PARTS, max(part.text_date for part in PARTS.by_id.values()))) == []
    late = [line for line in overdue(PARTS, first.review + timedelta(days=1)) if "/home" in line]
    assert len(late) == 1
    assert any("future" in line for line in overdue(PARTS, date(2026, 1, 1)))


@pytest.mark.parametrize("lang", LANGS)
def test_by_sms_the_step_that_is_open_names_its_own_source(lang):
    flow = SafetyPlanFlow(CONTENT, FakeWords())
    person = Walker(flow, lang, "sms").presses("yes")
    assert flow.source(person.step.data, lang) is None
    person.presses("part:protection")
    assert "straffeprosessloven § 222 a" in (flow.source(person.step.data, lang) or "")


def test_a_source_stands_with_the_day_it_was_read_and_a_law_with_its_state():
    part = PARTS.by_id["phone"]
    days = {"§" in step.source: part.read_on(step) for step in part.steps}
    assert days == {True: part.law_date, False: part.text_date}
    assert part.law_date != part.text_date


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("home.yml", "    hint:", "    hnt:", "unknown line steps.1.hnt"),
        ("home.yml", '    source: "voldsveileder.nkvts.no"\n', "", "source is missing"),
        ("home.yml", 'nn: "Når det blir farleg", ', "", "title: nn is missing"),
        ("home.yml", '      en: "Do you know', '      se: "Do you know', "steps.0.text"),
        ("home.yml", "Kjenner du tegnene", "Kjenner du tegnene " * 9, "too long"),
        ("home.yml", "Gå ut tidlig når", "Gå ut tidlig, men bare når du helst vil, når", "plan.nb"),
        ("home.yml", "{n.police_emergency}", "{n.politi}", "unknown placeholder {n.politi}"),
        ("home.yml", '{nb: "Når det blir', '{nb: "Når det en gang blir', "title.nb: is too long"),
        ("home.yml", "Hold deg unna", "Hold deg unna š", "not in the SMS alphabet"),
        ("home.yml", "- id: signs", "- id: ban", "ban: also in"),
        ("home.yml", "together: 1", "together: 2", "two parts with one order"),
        ("young_home.yml", "{any: 1}", "{together: 1}", "is for those exposed"),
        ("no_harm.yml", "for: uses_violence", "for: everyone", "for is wrong"),
        ("staying.yml", "order: {staying: 1}", "order: {staying: 1, together: 8}", "8 parts"),
        ("phone.yml", "law_date: 2026-07-28\n", "", "law_date: is missing"),
        ("work.yml", "text_date: 2026-11-22", "text_date: i går", "text_date is wrong"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, file, old, new, line):
    folder = tmp_path / "content" / "safety_plan"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_parts(folder, NUMBERS)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


# --- 0 in a menu ---------------------------------------------------------------------------------

BACK = Button("Tilbake", "plan:back")
THREE = (Button("Ta med", "yes"), Button("Hopp over", "skip"), BACK)


def test_one_step_back_is_zero_wherever_it_stands_in_the_list():
    for buttons in (THREE, (BACK, *THREE[:2])):
        assert sms_texts(Reply("Hva nå?", buttons), "nb") == [
            "Hva nå? 1 ta med, 2 hopp over, 0 tilbake"
        ]


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("0", "plan:back"),
        ("0 tilbake", "plan:back"),
        ("tilbake", "plan:back"),
        ("null", "plan:back"),
        ("0 kroner", None),
        ("1", "yes"),
        ("2", "skip"),
        ("3", None),
        ("ja", "yes"),
    ],
)
def test_what_a_number_chooses_beside_a_zero(said, chosen):
    assert read_choice(said, offered(THREE), "nb") == chosen

"""The invented people: each comes, is met, reacts and goes; and what stands in their files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.handoff import queue
from bot.practice.people import PEOPLE, Person, load_people, load_person
from bot.safety import SafetyContext
from bot.settings import ConfigError
from tests.practice.conftest import Practice

EVERYBODY = load_people()
UNSURE = re.compile(r"\bstakkars\b|\bå nei\b", re.IGNORECASE)


def test_there_is_somebody_of_every_kind() -> None:
    assert len(EVERYBODY) >= 10
    assert {person.channel for person in EVERYBODY.values()} == {"web", "sms"}
    assert {person.lang for person in EVERYBODY.values()} == {"nb", "nn", "en"}
    assert any(person.draft.how == "first_talk" for person in EVERYBODY.values())
    assert any("child" in person.draft.reasons for person in EVERYBODY.values())
    assert any("relative" in person.draft.reasons for person in EVERYBODY.values())


@pytest.mark.parametrize("name", EVERYBODY)
async def test_plays_to_the_end(practice: Practice, name: str) -> None:
    person = EVERYBODY[name]
    visit = await practice.meets(person)
    assert visit.ending in ("left", "closed", "erased")
    first = person.script[0].says
    assert set(first) <= set(practice.counsellor.heard), "the first words were not written"
    assert len(practice.counsellor.heard) > len(first), "nobody reacted to the counsellor"
    assert visit.designation


@pytest.mark.parametrize("name", EVERYBODY)
async def test_goes_when_nobody_takes_the_case(practice: Practice, name: str) -> None:
    practice.counsellor.takes, practice.pace.step = False, 100
    visit = await practice.meets(EVERYBODY[name])
    assert visit.ending == "nobody"
    assert practice.written(visit) == []


@pytest.mark.parametrize("name", EVERYBODY)
async def test_asks_and_at_last_goes_when_the_counsellor_is_silent(
    practice: Practice, name: str
) -> None:
    practice.counsellor.writes, practice.pace.step = False, 20
    person = EVERYBODY[name]
    visit = await practice.meets(person)
    seen = practice.written(visit)
    assert visit.ending == "left"
    if person.channel == "sms":  # on the web whoever leaves erases
        assert set(person.when_quiet.says) <= set(seen)


@pytest.mark.parametrize("name", EVERYBODY)
def test_quotes_only_what_was_written(name: str) -> None:
    person = EVERYBODY[name]
    for quote in person.draft.own_words:
        assert any(quote in text for text in person.begins), quote
    assert person.draft.lang == person.lang
    assert person.draft.channel == person.channel


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_puts_the_thread_aside_by_chance(practice: Practice, name: str) -> None:
    """A line that sounds as if somebody reads along would stop what the counsellor writes."""
    person = EVERYBODY[name]
    lines = [*person.begins, *person.when_quiet.says, person.again]
    for step in person.script:
        lines += [*step.says, *(text for one in step.hears for text in one.says)]
    check = practice.services.safety.check
    found = {text: check(text, SafetyContext(lang=person.lang)).finding for text in lines if text}
    assert [text for text, one in found.items() if one is not None and one.neutral] == []


@pytest.mark.parametrize("path", sorted(PEOPLE.glob("*.yml")), ids=lambda path: path.stem)
def test_is_worded_with_respect(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not UNSURE.search(text)
    assert not re.search(r"\+47 ?[1-9]|\b\d{8}\b", text), "no number of somebody's"
    assert not re.search(r"\bpoeng\b|\bscore\b|\briktig svar\b|\bkarakter\b", text, re.IGNORECASE)


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_questions_are_questions(name: str) -> None:
    for question in EVERYBODY[name].notice:
        for lang in ("nb", "nn"):
            assert question.at(lang).endswith(("?", ".")) and "?" in question.at(lang)


async def test_a_direct_question_is_answered_and_a_veiled_one_is_not(practice: Practice) -> None:
    person = EVERYBODY["tired_of_it_all"]
    practice.counsellor.answers = ["Hva tenker du på?", "Tenker du på å ta livet ditt?"]
    await practice.meets(person)
    heard = practice.counsellor.heard
    assert heard.index("jeg har ryddet i leiligheten i dag. det ble fint") < heard.index(
        "ja. jeg tenker på det"
    )


async def test_somebody_in_danger_alarms_the_desk_at_once(practice: Practice) -> None:
    with practice.services.db.begin() as tx:
        before = {alarm.id for alarm in queue.list_alarms(tx)}
    practice.counsellor.takes = False  # whoever takes the case has seen the alarm
    dangers: set[str] = set()

    async def look() -> None:
        rows = await practice.services.db.run(queue.list_alarms)
        dangers.update(row.danger for row in rows if row.id not in before)

    await practice.meets(EVERYBODY["at_the_door"], also=look)
    assert dangers == {"danger_now"}


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    good = (PEOPLE / "prank.yml").read_text(encoding="utf-8")
    path = tmp_path / "somebody.yml"
    path.write_text(good.replace("patience", "x") + "\nmood: bad\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mood.*somebody\.yml"):
        load_person(path)
    path.write_text(good.replace("field: wants", "field: wishes"), encoding="utf-8")
    with pytest.raises(ConfigError, match="no line of a summary: wishes"):
        load_person(path)
    path.write_text(good.replace("- after: taken", "- after: answer"), encoding="utf-8")
    with pytest.raises(ConfigError, match="first step"):
        load_person(path)


def test_the_name_of_a_file_is_the_person(tmp_path: Path) -> None:
    assert all(isinstance(one, Person) and one.id == name for name, one in EVERYBODY.items())

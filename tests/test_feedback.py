"""The one question at the end: voluntary, once, and never where there was danger."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk import holding
from bot.handoff import queue
from bot.services import Services
from bot.store import conversations, statistics
from bot.store.database import Tx
from bot.store.presence import begin_doubt
from tests.handoff.conftest import add_counsellor
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.test_counting import begin, case_of, counts, said, write

TOPICS = {
    "hva koster det": "cost",
    "takk": "thanks",
    "ha det": "goodbye",
    "thank you so much": "thanks",
    "han slår meg av og til": "physical",
}
QUESTION = "Fikk du hjelp med det du kom for?"


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(tmp_path, clock, understanding=ScriptedUnderstanding(TOPICS))


async def asked(services: Services, person: str) -> int:
    return sum(QUESTION in text for text in await said(services, person))


@pytest.mark.parametrize("words", ["takk", "ha det"])
async def test_it_stands_under_the_farewell_once(services: Services, words: str) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    assert await asked(services, person) == 0
    await write(services, person, words)
    await write(services, person, "takk")
    assert await asked(services, person) == 1


@pytest.mark.parametrize(
    ("payload", "name", "then"),
    [
        ("feedback:yes", "yes", "Takk for svaret"),
        ("feedback:bit", "bit", "Takk for svaret"),
        ("feedback:no", "no", "En rådgiver kan ofte hjelpe"),
    ],
)
async def test_an_answer_is_counted_when_the_conversation_ends(
    services: Services, payload: str, name: str, then: str
) -> None:
    person = await begin(services)
    await write(services, person, "takk")
    await write(services, person, "", payload)
    assert then in (await said(services, person))[-1]
    await services.turn.erase(person)
    assert (await counts(services))["feedback"] == {name: 1}


async def test_silence_is_counted_as_silence(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "takk")
    await services.turn.erase(person)
    assert (await counts(services))["feedback"] == {"asked": 1}


async def test_what_is_written_instead_is_a_message_like_any_other(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "takk")
    await write(services, person, "hva koster det")
    assert "gratis" in (await said(services, person))[-1]
    await services.turn.erase(person)
    assert (await counts(services))["feedback"] == {"asked": 1}


async def test_by_sms_it_has_the_only_numbers(services: Services) -> None:
    """1 must not mean "erase" in one text and "yes" in the next."""
    person = await begin(services, "sms")
    await write(services, person, "hva koster det")
    await write(services, person, "1")
    await write(services, person, "takk")
    found = await services.db.run(conversations.get, person)
    assert found
    assert [payload for payload, _title in found.state.menu] == [
        "feedback:yes",
        "feedback:bit",
        "feedback:no",
    ]
    await write(services, person, "2")
    await services.turn.erase(person)
    assert (await counts(services))["feedback"] == {"bit": 1}


@pytest.mark.parametrize(
    "danger", ["han har kniv og står her nå", "jeg er 13 år og pappa slår meg", "jeg vil dø"]
)
async def test_it_is_never_asked_after_danger(services: Services, danger: str) -> None:
    person = await begin(services)
    await write(services, person, danger)
    await write(services, person, "takk")
    await write(services, person, "ha det")
    assert await asked(services, person) == 0


async def test_nor_who_is_not_counted_nor_where_it_is_not_safe(services: Services) -> None:
    for change in ("uncount", "safe:no"):
        person = await begin(services)
        await write(services, person, "", change)
        await write(services, person, "takk")
        assert await asked(services, person) == 0, change


async def test_nor_while_somebody_else_may_be_writing(services: Services) -> None:
    person = await begin(services)

    def doubt(tx: Tx) -> None:
        found = conversations.get(tx, person)
        assert found
        begin_doubt(found.state, "pause")
        conversations.save(tx, found)

    await services.db.run(doubt)
    await write(services, person, "", "safe:yes")
    await write(services, person, "takk")
    assert await asked(services, person) == 0


@pytest.mark.parametrize(("outcome", "times"), [("talked", 1), ("not_reached", 0)])
async def test_after_the_talk_with_a_counsellor(
    services: Services, outcome: queue.Outcome, times: int
) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    case = await case_of(services, person)

    def talk(tx: Tx) -> None:
        kari = add_counsellor(tx)
        assert queue.take(tx, case, kari)
        left = holding.close(tx, services.outbound, case, kari, outcome)
        assert len(left.told) == 1

    await services.db.run(talk)
    assert await asked(services, person) == times
    await write(services, person, "takk")
    assert await asked(services, person) == 1  # not twice; and not too late for who was not asked


async def test_a_danger_told_to_the_counsellor_is_known_here_too(services: Services) -> None:
    person = await begin(services)
    case = await case_of(services, person)
    kari = await services.db.run(add_counsellor)
    await services.db.run(queue.take, case, kari)
    await write(services, person, "han står her med kniv nå")
    await services.db.run(holding.close, services.outbound, case, kari, "talked")
    assert await asked(services, person) == 0


async def test_the_answer_is_nowhere_but_in_the_count(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "takk")
    await write(services, person, "", "feedback:no")
    await services.turn.erase(person)
    month = await services.db.run(statistics.this_month)
    found = await services.db.run(statistics.read, month)
    assert person not in repr(found)
    assert await services.db.run(conversations.get, person) is None

"""Counted once, at the end, by ids of ours; or not at all, when the person says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.channels.messages import Message
from bot.handoff import queue
from bot.jobs import sweep_all
from bot.services import Services
from bot.store import conversations, handoffs, messages, models, statistics
from bot.store.statistics import Counts
from tests.handoff.conftest import a_draft, add_counsellor
from tests.support import PHONE, MovingClock, ScriptedUnderstanding, make_services

TOPICS = {"hva koster det": "cost", "har dere taushetsplikt": "confidentiality", "takk": "thanks"}


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(tmp_path, clock, understanding=ScriptedUnderstanding(TOPICS))


async def begin(services: Services, channel: str = "web") -> str:
    if channel == "sms":
        found = await services.db.run(conversations.by_number, PHONE, "nb")
    else:
        found, _token = await services.db.run(conversations.open_web, "nb")
    return found.id


async def write(
    services: Services, conversation_id: str, words: str, payload: str | None = None
) -> None:
    found = await services.db.run(conversations.get, conversation_id)
    assert found
    now = services.db.clock()
    await services.turn.handle(Message(conversation_id, found.channel, words, now, payload))


async def said(services: Services, conversation_id: str) -> list[str]:
    stored = await services.db.run(messages.after, conversation_id, 0)
    return [one.reply.text for one in stored if one.author != "person"]


async def counts(services: Services) -> Counts:
    month = await services.db.run(statistics.this_month)
    return await services.db.run(statistics.read, month)


async def case_of(services: Services, conversation_id: str) -> str:
    def work(tx):  # type: ignore[no-untyped-def]
        person = conversations.get(tx, conversation_id)
        assert person
        return queue.open_handoff(tx, person, a_draft(channel=person.channel), False).handoff_id

    return await services.db.run(work)


async def close(services: Services, handoff_id: str, clock: MovingClock) -> None:
    def work(tx):  # type: ignore[no-untyped-def]
        kari = add_counsellor(tx)
        assert queue.take(tx, handoff_id, kari)
        assert queue.close(tx, handoff_id, kari, "talked")

    clock.passes(minutes=7)
    await services.db.run(work)


async def swept(services: Services) -> None:
    await services.db.run(sweep_all, services.settings)


async def test_a_contact_is_counted_when_it_ends_and_only_once(services: Services) -> None:
    person = await begin(services)
    for words in ("hva koster det", "har dere taushetsplikt", "hva koster det"):
        await write(services, person, words)
    assert await counts(services) == {}
    await services.turn.erase(person)
    assert await counts(services) == {
        "contacts": {"all": 1},
        "channel": {"web": 1},
        "hour": {"20-24": 1},  # 22:14 in Norway
        "weekday": {"sun": 1},
        "lang": {"nb": 1},
        "role": {"unknown": 1},
        "topic": {"cost": 1, "confidentiality": 1},
    }


async def test_one_that_just_grew_old_is_counted_the_same(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    clock.passes(hours=12, seconds=1)
    await swept(services)
    assert (await counts(services))["contacts"] == {"all": 1}


async def test_a_page_that_was_opened_and_left_is_no_contact(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "", "safe:yes")
    await services.turn.erase(person)
    assert await counts(services) == {}


async def test_a_contact_that_ends_after_midnight_belongs_to_the_new_month(
    services: Services, clock: MovingClock
) -> None:
    clock.now = clock.now.replace(day=30, hour=23, minute=30)  # half past midnight in Norway
    person = await begin(services)
    await write(services, person, "hva koster det")
    await services.turn.erase(person)
    assert await services.db.run(statistics.this_month) == "2026-12"
    assert (await counts(services))["contacts"] == {"all": 1}


async def test_the_month_that_runs_is_not_among_those_that_are_shown(
    services: Services, clock: MovingClock
) -> None:
    await services.db.run(statistics.count, "topic", "cost")
    assert await services.db.run(statistics.months) == []
    clock.now = clock.now.replace(month=12, day=1)
    assert await services.db.run(statistics.months) == ["2026-11"]


async def test_danger_and_a_child_are_counted_by_id(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "jeg er 14 og pappa slår meg nå")
    await services.turn.erase(person)
    found = await counts(services)
    assert found["role"] == {"young": 1}
    assert "child_in_danger" in found["danger"]


async def test_a_case_is_counted_when_the_conversation_is_gone_too(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    case = await case_of(services, person)
    await close(services, case, clock)
    await swept(services)
    assert await counts(services) == {}
    clock.passes(hours=13)
    await swept(services)
    await swept(services)
    found = await counts(services)
    assert (found["cases"], found["urgency"]) == ({"all": 1}, {"soon": 1})
    assert (found["wait"], found["outcome"]) == ({"15_min": 1}, {"talked": 1})


async def test_how_long_until_the_first_counsellor_however_often_it_changed_hands(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    case = await case_of(services, person)

    def hand_over(tx):  # type: ignore[no-untyped-def]
        ola = add_counsellor(tx, "ola")
        assert queue.take(tx, case, ola)
        assert queue.give_back(tx, case, ola)

    clock.passes(minutes=2)
    await services.db.run(hand_over)
    clock.passes(hours=2)
    await close(services, case, clock)
    await services.turn.erase(person)
    await swept(services)
    assert (await counts(services))["wait"] == {"5_min": 1}


async def test_a_case_that_a_newer_one_replaced_is_not_counted(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    await case_of(services, person)
    await close(services, await case_of(services, person), clock)
    await services.turn.erase(person)
    await swept(services)
    assert (await counts(services))["cases"] == {"all": 1}


@pytest.mark.parametrize("words", ["IKKE TELL", "Ikkje tel!", "do not count", "don't count me"])
async def test_the_word_leaves_out_what_came_before_and_after(
    services: Services, words: str
) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    await write(services, person, words)
    await write(services, person, "har dere taushetsplikt")
    await services.turn.erase(person)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_the_word_in_the_middle_of_a_sentence_is_no_word(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "du kan ikke tell penger for meg")
    await services.turn.erase(person)
    assert "contacts" in await counts(services)


async def test_the_button_does_the_same_and_says_so(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "", "uncount")
    assert "blir ikke telt" in (await said(services, person))[-1]
    await services.turn.erase(person)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_it_works_while_a_counsellor_holds_the_person(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    case = await case_of(services, person)
    await services.db.run(conversations.set_held_by, person, "desk")
    await write(services, person, "IKKE TELL")
    assert "blir ikke telt" in (await said(services, person))[-1]
    await close(services, case, clock)
    await services.turn.erase(person)
    await swept(services)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_it_works_by_sms_before_the_person_has_said_that_it_is_safe(
    services: Services,
) -> None:
    person = await begin(services, "sms")
    await write(services, person, "IKKE TELL")
    first = (await said(services, person))[-1]
    assert "telt" not in first  # neutral until it is safe
    await services.turn.erase(person)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_it_works_in_the_middle_of_a_flow_which_goes_on(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "menneske")
    await write(services, person, "IKKE TELL")
    assert (await said(services, person))[-1] == "Vil du fortsatt ha kontakt med en rådgiver?"
    state = (await services.db.run(conversations.get, person)).state  # type: ignore[union-attr]
    assert state.flow == "handoff"


async def test_it_stands_when_the_turn_breaks(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> bool:
        raise RuntimeError

    person = await begin(services)
    monkeypatch.setattr("bot.presence.check", broken)
    await write(services, person, "IKKE TELL")
    await services.turn.erase(person)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_it_holds_for_a_call_that_outlives_the_conversation(
    services: Services, clock: MovingClock
) -> None:
    person = await begin(services)
    case = await case_of(services, person)
    await write(services, person, "IKKE TELL")

    def cut(tx):  # type: ignore[no-untyped-def]
        handoffs.change(tx, case, {}, conversation_id=None)

    await services.db.run(cut)
    await services.turn.erase(person)
    await close(services, case, clock)
    await swept(services)
    assert await counts(services) == {"opted_out": {"contact": 1}}


async def test_who_says_it_too_late_hears_the_truth(services: Services, clock: MovingClock) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    await case_of(services, person)
    clock.passes(hours=13)
    await swept(services)  # the words are gone, the case is open: this much is counted
    await write(services, person, "", "safe:yes")  # after so long a pause it was asked
    await write(services, person, "IKKE TELL")
    assert "telt før" in " ".join(await said(services, person))


def test_nothing_of_a_person_stands_in_the_table() -> None:
    columns = {column.name for column in inspect(models.MonthlyCounts).columns}
    assert columns == {"month", "counts_sealed"}


async def test_the_table_has_no_order_and_no_time_finer_than_a_band(services: Services) -> None:
    person = await begin(services)
    await write(services, person, "hva koster det")
    await services.turn.erase(person)

    def stored(tx):  # type: ignore[no-untyped-def]
        made = tx.session.execute(
            text("select sql from sqlite_master where name = 'monthly_counts'")
        ).scalar_one()
        rows = tx.session.execute(text("select * from monthly_counts")).all()
        key = tx.session.get(models.SealKey, statistics.OWNER)
        return made, rows, key.created_at

    made, rows, key_made = await services.db.run(stored)
    assert "WITHOUT ROWID" in made
    assert len(rows) == 1
    assert (key_made.day, key_made.hour, key_made.minute) == (1, 0, 0)
    assert b"cost" not in rows[0].counts_sealed  # sealed: two backups tell nothing
    found = await counts(services)
    assert all(
        name.replace("_", "").replace("-", "").isalnum() and len(name) <= 40
        for names in found.values()
        for name in names
    )
    assert person not in repr(found)

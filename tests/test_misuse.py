"""A conversation that is limited or blocked: danger is answered, SLETT works, the rest waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.handoff import misuse
from bot.services import Services
from bot.store import conversations, retention
from bot.store import misuse as rows
from bot.store.audit import latest
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import COUNSELLOR, Talk, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
COLLEAGUE = "beef"
CHANNELS: tuple[Channel, ...] = ("web", "sms")
LIMITS = retention.Limits(conversation=timedelta(hours=12), audit=timedelta(days=700))


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report"})
    return make_services(tmp_path, clock, understanding=scripted)


async def blocked(talk: Talk, length: str = "1h") -> str:
    """A counsellor has the case and blocks; returns the mark's id."""
    case_id = await talk.is_held()
    why = await talk.run(misuse.mark, case_id, COUNSELLOR, "threat", "block", length)
    assert why is None
    ((mark, _designation),) = await talk.run(misuse.standing)
    return str(mark.id)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_blocked_person_hears_until_when_and_whom_to_ring(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await blocked(talk)
    said = words(await talk.writes(QUESTION))
    for part in ("svarer ikke her før", "23:1", "112", "116 006"):
        assert part in said
    assert talk.answer("must_i_report") not in said
    assert "112" in words(await talk.writes("menneske")) or channel == "sms"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_in_a_blocked_conversation_is_answered_and_alarms(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await blocked(talk)
    said = words(await talk.writes(DANGER))
    assert said.startswith("Ring politiet nå")
    assert [alarm.danger for alarm in await talk.alarms()] == ["danger_now"]


async def test_by_sms_a_block_is_said_once_in_a_while_and_not_to_every_text(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await blocked(talk)
    assert await talk.writes(QUESTION)
    assert await talk.writes(QUESTION) == []
    clock.passes(minutes=11)
    assert await talk.writes(QUESTION)


async def test_slett_works_in_a_block_and_leaves_no_mark(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await blocked(talk)
    assert "slettet" in words(await talk.writes("SLETT")).casefold()
    assert await talk.run(misuse.standing) == []
    await talk.run(retention.sweep, LIMITS)
    assert await talk.run(rows.of_conversation, talk.id) == []


async def test_after_the_block_the_bot_answers_again(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    mark_id = await blocked(talk, "15m")
    from bot.handoff import queue

    case = await talk.run(queue.find_open, talk.id)
    assert case
    assert await talk.run(queue.close, case.id, COUNSELLOR, "other")
    assert "svarer ikke her" in words(await talk.writes(QUESTION))
    assert await talk.run(misuse.undo, mark_id, COLLEAGUE) is None
    assert talk.answer("must_i_report") in words(await talk.writes(QUESTION))


async def test_a_long_block_counts_for_an_hour_until_a_colleague_agrees(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    mark_id = await blocked(talk, "12h")
    clock.passes(minutes=61)
    held = await talk.run(misuse.held, talk.id)
    assert held.blocked_until is None, "one counsellor alone blocks for an hour"
    assert await talk.run(misuse.second_look, mark_id, COUNSELLOR, True) == "own"
    assert await talk.run(misuse.second_look, mark_id, COLLEAGUE, True) is None
    clock.passes(hours=5)
    assert "svarer ikke her" in words(await talk.writes(QUESTION))
    assert await talk.run(misuse.second_look, mark_id, "third", False) == "done"
    actions = {entry.action for entry in await talk.run(latest)}
    assert {"misuse_marked", "misuse_agreed"} <= actions


async def test_a_colleague_who_does_not_agree_opens_at_once(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    mark_id = await blocked(talk, "4h")
    assert await talk.run(misuse.second_look, mark_id, COLLEAGUE, False) is None
    assert (await talk.run(misuse.held, talk.id)).blocked_until is None
    conversation = await talk.run(conversations.get, talk.id)
    assert conversation
    assert conversation.state.blocked_until is None


async def test_a_limited_conversation_gets_one_answer_in_two_minutes_and_help_in_danger(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    case_id = await talk.is_held()
    assert await talk.run(misuse.mark, case_id, COUNSELLOR, "prank", "slow", "") is None
    from bot.handoff import queue

    assert await talk.run(queue.close, case_id, COUNSELLOR, "other")
    assert talk.answer("must_i_report") in words(await talk.writes(QUESTION))
    said = words(await talk.writes(QUESTION))
    assert "svarer saktere" in said
    assert "112" in said
    assert words(await talk.writes(DANGER)).startswith("Ring politiet nå")
    clock.passes(minutes=3)
    assert "svarer saktere" not in words(await talk.writes("hei"))


async def test_nobody_marks_a_case_that_is_not_hers_or_with_words_of_her_own(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    case_id = await talk.is_held()
    assert await talk.run(misuse.mark, case_id, COLLEAGUE, "threat", "block", "1h") == "not_yours"
    assert await talk.run(misuse.mark, case_id, COUNSELLOR, "slem", "block", "1h") == "unknown"
    assert await talk.run(misuse.mark, case_id, COUNSELLOR, "threat", "block", "1y") == "unknown"
    assert await talk.run(misuse.standing) == []

"""Whatever is written, something sensible comes back, and nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.clean import LONGEST
from bot.channels.messages import Channel
from bot.services import Services
from bot.store import messages
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
CHANNELS: tuple[Channel, ...] = ("web", "sms")
ODD = {
    "nothing": "",
    "spaces": " \n\t ",
    "NUL": "\0",
    "ten thousand letters": "x" * LONGEST,
    "far too long": "hei " * 30_000,
    "emoji": "😭😭👩‍👧‍👦" * 50,
    "Arabic": "زوجي يضربني ولا أعرف ماذا أفعل",
    "right to left marks": "‮hei‬ ⁧du⁩",
    "markup": "<script>alert(1)</script><b>hei</b>",
    "format strings": "%s %d {0} {line} {n.police_emergency} $x ${y}",
    "half a pair": "hei \ud83d du",
    "one letter": "j",
    "only digits": "4" * 500,
    "commands of Rasa": '/greet{"a": "b"}',
}


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(
        tmp_path, clock, understanding=ScriptedUnderstanding({QUESTION: "must_i_report"})
    )


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_odd_message_gets_an_answer_and_the_next_one_its_own(
    channel: Channel, kind: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    assert words(await talk.writes(ODD[kind]), channel).strip()
    assert talk.last is not None
    assert talk.last.stored
    assert services.troubles == {}
    answer = services.content.answer("must_i_report", "nb", channel)[0].text
    replies = await talk.writes(QUESTION)
    assert answer in [reply.text for reply in replies]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_is_found_behind_marks_that_hide_it(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    hidden = "​".join("han står utenfor og ham\u00adrer på døra ‮nå‬")
    assert "112" in words(await talk.writes(hidden))
    assert [alarm.danger for alarm in await talk.alarms()] == ["danger_now"]


async def test_danger_at_the_end_of_a_very_long_message_is_found(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert "112" in words(await talk.writes("hei. " * 1900 + DANGER))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_message_that_comes_twice_is_answered_once(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    assert await talk.writes(DANGER, provider_id="SM1")
    assert await talk.writes(DANGER, provider_id="SM1") == []
    assert len(await talk.said_by_person()) == 1
    assert len(await talk.alarms()) == 1


async def test_a_message_that_comes_twice_at_the_same_time_is_answered_once(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = await asyncio.gather(*(talk.writes(QUESTION, provider_id="SM1") for _ in range(5)))
    assert [bool(replies) for replies in said].count(True) == 1


async def test_two_different_messages_with_the_same_words_are_both_answered(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert await talk.writes(QUESTION, provider_id="SM1")
    assert await talk.writes(QUESTION, provider_id="SM2")


async def test_messages_at_the_same_time_are_answered_one_after_the_other(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await asyncio.gather(*(talk.writes(f"{QUESTION}") for _ in range(10)))
    stored = await talk.run(messages.after, talk.id, 0)
    assert [one.author for one in stored] == ["person", "bot"] * 10
    assert services.turn._locks == {}


async def test_a_message_to_a_conversation_that_was_just_erased_is_not_kept(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await services.turn.erase(talk.id)
    assert await talk.writes(QUESTION) == []
    assert "112" in words(await talk.writes(DANGER))
    assert talk.last is not None
    assert not talk.last.stored
    assert await talk.run(messages.after, talk.id, 0) == []


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(max_size=200),
    payload=st.one_of(
        st.none(),
        st.sampled_from(["human", "erase", "topic:nosuch", "edit:x", "callback:", "resume"]),
        st.text(max_size=20),
    ),
    channel=st.sampled_from(CHANNELS),
    safe=st.booleans(),
)
def test_any_text_and_any_payload_get_a_reply(
    text: str, payload: str | None, channel: Channel, safe: bool, services: Services
) -> None:
    async def write() -> None:
        talk = await Talk(services, MovingClock(), channel).begins(safe=safe)
        replies = await talk.writes(text, payload)
        assert words(replies, channel).strip()
        assert services.troubles == {}
        await services.turn.erase(talk.id)

    asyncio.run(write())

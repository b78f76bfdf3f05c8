"""SLETT and Forlat siden: words and number go at once, a wish to be called is asked about."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.handoff import queue
from bot.health import what_is_degraded
from bot.services import Services
from bot.store import conversations, messages
from bot.understanding.types import Understood
from tests.support import PHONE, MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report", "hvem kan komme": "is_it_for_me"})
    return make_services(tmp_path, clock, understanding=scripted)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("word", ["slett", "SLETT!", "slett alt", "delete"])
async def test_slett_removes_words_and_number_at_once(
    word: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes(QUESTION)
    said = await talk.writes(word)
    assert said
    assert talk.last is not None
    assert talk.last.erased
    assert await talk.run(conversations.get, talk.id) is None
    assert await talk.run(messages.after, talk.id, 0) == []
    if channel == "sms":
        assert (await talk.run(conversations.by_number, PHONE, "nb")).id != talk.id


async def test_slett_with_an_agreed_call_asks_once_and_the_words_go_first(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    await talk.presses("how:be_called", "choose:self")
    for text in ("00000001", "etter ni", "si feil nummer", "nei", "nei"):
        await talk.writes(text)
    await talk.presses("send")
    said = await talk.writes("slett")
    assert texts(said) == [talk.sentence("ask_callback_stands")]
    assert await talk.said_by_person() == []
    assert "etter ni" not in words(await talk.heard())
    await talk.writes("slett")
    assert talk.last is not None
    assert talk.last.erased, "asked once only"
    rows = await talk.run(queue.list_queue)
    assert [row.how for row in rows] == ["be_called"], "without a no the call stands"


@pytest.mark.parametrize(("payload", "left"), [("callback:stands", 1), ("callback:drop", 0)])
async def test_the_answer_decides_whether_the_call_stands(
    payload: str, left: int, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    await talk.presses("how:be_called", "choose:self")
    for text in ("00000001", "etter ni", "si feil nummer", "nei", "nei"):
        await talk.writes(text)
    await talk.presses("send")
    await talk.writes("slett")
    await talk.presses(payload)
    assert len(await talk.run(queue.list_queue)) == left
    assert await talk.run(conversations.get, talk.id) is None


async def test_erasing_keeps_an_open_alarm_as_a_row_without_words(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes(DANGER)
    await talk.writes("slett")
    (alarm,) = await talk.alarms()
    assert (alarm.words, alarm.conversation_id) == ((), None)
    assert alarm.erased_at is not None


async def test_a_conversation_erased_while_its_message_is_answered_stays_erased(
    services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await Talk(services, clock).begins()
    understand = services.understanding.understand

    async def erased_meanwhile(*args: object) -> Understood:
        await talk.run(conversations.erase, talk.id)  # as the sweep does at its hour
        return await understand(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(services.understanding, "understand", erased_meanwhile)
    await talk.writes(QUESTION)
    assert await talk.run(conversations.get, talk.id) is None
    assert await talk.run(messages.after, talk.id, 0) == []
    assert await what_is_degraded(services) == {}


async def test_erasing_waits_for_the_message_that_is_being_answered(
    services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await Talk(services, clock).begins()
    going = asyncio.Event()
    understand = services.understanding.understand

    async def slowly(*args: object) -> Understood:
        going.set()
        await asyncio.sleep(0.05)
        return await understand(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(services.understanding, "understand", slowly)
    writing = asyncio.create_task(talk.writes(QUESTION))
    await going.wait()
    await services.turn.erase(talk.id)
    assert await writing
    assert await talk.run(conversations.get, talk.id) is None

"""Every part fails, under every kind of message: the person is answered, once, and it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import danger
from bot.channels.messages import Channel
from bot.content import ContentError
from bot.handoff import queue
from bot.health import what_is_degraded
from bot.services import Services
from bot.store.database import Database, StoreAway
from bot.store.models import Base
from bot.understanding.types import UnderstandingAway
from tests.support import MASTER, MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
NEXT = "hvem kan komme til dere"
DANGER = "han står utenfor og hamrer på døra"
CHANNELS: tuple[Channel, ...] = ("web", "sms")
KINDS = ("harmless", "danger", "in a handoff")


class BreakableDatabase(Database):
    """A store whose calls can fail: the ones numbered in `fails`, or all while `away`."""

    def __init__(self, clock: MovingClock) -> None:
        super().__init__("sqlite://", MASTER, clock)
        Base.metadata.create_all(self.engine)
        self.away = False
        self.fails: set[int] = set()
        self.calls = 0

    async def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.calls += 1
        if self.away or self.calls in self.fails:
            raise StoreAway("OperationalError")
        return await super().run(fn, *args, **kwargs)

    def counts_anew(self, *fails: int) -> None:
        self.calls, self.fails = 0, set(fails)


def service(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report", NEXT: "is_it_for_me"})
    return make_services(tmp_path, clock, db=BreakableDatabase(clock), understanding=scripted)


async def begun(services: Services, clock: MovingClock, channel: Channel, kind: str) -> Talk:
    talk = await Talk(services, clock, channel).begins()
    if kind == "in a handoff":
        await talk.writes("menneske")
    return talk


def message_of(kind: str) -> str:
    return {"harmless": QUESTION, "danger": DANGER, "in a handoff": "ring meg"}[kind]


async def check_answered(talk: Talk, kind: str) -> None:
    """What must hold for the message just sent, whatever broke."""
    assert talk.last is not None
    said = words(talk.last.replies, talk.channel)
    assert said.strip(), "the person got nothing"
    if kind == "danger":
        assert "112" in said
    before = len(await talk.heard())
    await talk.services.turn.answer_pending()
    await talk.services.turn.answer_pending()
    assert len(await talk.heard()) == before, "the message was answered twice"


async def check_goes_on(talk: Talk) -> None:
    """The next message gets its ordinary answer."""
    expected = talk.services.content.answer("is_it_for_me", "nb", talk.channel)[0].text
    assert expected in [reply.text for reply in await talk.writes(NEXT)]
    assert talk.last is not None
    assert talk.last.stored


async def calls_of(tmp_path: Path, channel: Channel, kind: str) -> int:
    clock = MovingClock()
    services = service(tmp_path, clock)
    talk = await begun(services, clock, channel, kind)
    services.db.counts_anew()  # type: ignore[attr-defined]
    await talk.writes(message_of(kind))
    return int(services.db.calls)  # type: ignore[attr-defined]


# --- the store -----------------------------------------------------------------------------------


@pytest.mark.parametrize("until_mended", [False, True], ids=["one call", "until mended"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_store_fails_at_each_of_its_calls(
    channel: Channel, kind: str, until_mended: bool, tmp_path: Path
) -> None:
    calls = await calls_of(tmp_path, channel, kind)
    assert calls >= 2
    for number in range(1, calls + 1):
        clock = MovingClock()
        services = service(tmp_path, clock)
        db: Any = services.db
        talk = await begun(services, clock, channel, kind)
        db.counts_anew(*range(number, number + 50 if until_mended else number + 1))
        await talk.writes(message_of(kind))
        if until_mended:
            assert (await what_is_degraded(services))["store"] == "OperationalError"
        db.counts_anew()
        await check_answered(talk, kind)
        assert len(await talk.alarms()) == (1 if kind == "danger" else 0)
        await check_goes_on(talk)
        assert await what_is_degraded(services) == {}


@pytest.mark.parametrize("channel", CHANNELS)
async def test_sent_is_said_only_when_it_is_stored_and_can_be_pressed_again(
    channel: Channel, tmp_path: Path
) -> None:
    for number in range(1, 5):
        clock = MovingClock()
        services = service(tmp_path, clock)
        talk = await Talk(services, clock, channel).begins()
        await talk.hands_over()
        services.db.counts_anew(number)  # type: ignore[attr-defined]
        await talk.presses("send")
        services.db.counts_anew()  # type: ignore[attr-defined]
        assert talk.last is not None
        told = "lagret hos oss" in words(talk.last.replies)
        cases = await talk.run(queue.list_queue)
        assert not told or len(cases) == 1
        if not told:
            await talk.presses("send")
            assert "lagret hos oss" in words(talk.last.replies)
        assert len(await talk.run(queue.list_queue)) == 1


async def test_while_the_store_is_away_health_says_so_and_danger_is_answered(
    tmp_path: Path, clock: MovingClock
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock).begins()
    services.db.away = True  # type: ignore[attr-defined]
    assert (await what_is_degraded(services))["store"] == "OperationalError"
    assert "112" in words(await talk.writes(DANGER))
    assert "112" in words(await talk.writes(QUESTION))
    await asyncio.sleep(0)
    assert services.notifier.told == [True]  # type: ignore[attr-defined]
    services.db.away = False  # type: ignore[attr-defined]
    await services.turn.answer_pending()
    assert [alarm.danger for alarm in await talk.alarms()] == ["danger_now"]


async def test_an_alarm_from_a_conversation_that_was_erased_meanwhile_is_let_be(
    tmp_path: Path, clock: MovingClock
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock).begins()
    services.db.away = True  # type: ignore[attr-defined]
    await talk.writes(DANGER)
    services.db.away = False  # type: ignore[attr-defined]
    await services.turn.erase(talk.id)
    await services.turn.answer_pending()
    assert await talk.alarms() == []


async def test_an_english_message_is_answered_in_english_without_the_store(
    tmp_path: Path, clock: MovingClock
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock, "sms").begins()
    services.db.away = True  # type: ignore[attr-defined]
    assert "Call the police now" in words(await talk.writes("he is breaking down the door"))


# --- the other parts -----------------------------------------------------------------------------


def _raise(error: Exception) -> Callable[..., Any]:
    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return fails


def understanding_throws(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services.understanding, "understand", _raise(RuntimeError(QUESTION)))


def understanding_is_away(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services.understanding, "understand", _raise(UnderstandingAway("ValueError")))


def understanding_does_not_load(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services.understanding, "ready", False)
    patch.setattr(services.understanding, "failed_reason", "FileNotFoundError")


def content_cannot_be_read(services: Services, patch: pytest.MonkeyPatch) -> None:
    class NoContent:
        def __getattr__(self, name: str) -> Any:
            return _raise(ContentError("damaged"))

    patch.setattr(services, "content", NoContent())
    patch.setattr(services.words, "_content", NoContent())


def a_flow_breaks(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services.flows["handoff"], "handle", _raise(KeyError("step")))


def the_alarm_breaks(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue, "raise_alarm", _raise(TypeError("words")))


def replies_cannot_be_put(services: Services, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services.outbound, "put", _raise(ValueError("number")))


def staff_cannot_be_told(services: Services, patch: pytest.MonkeyPatch) -> None:
    async def fails(urgent: bool = True) -> bool:
        raise ConnectionError("mail server")

    patch.setattr(services.notifier, "notify", fails)


FAULTS = {
    fault.__name__: fault
    for fault in (
        understanding_throws,
        understanding_is_away,
        understanding_does_not_load,
        content_cannot_be_read,
        a_flow_breaks,
        the_alarm_breaks,
        replies_cannot_be_put,
        staff_cannot_be_told,
    )
}
NAMED_AS = {
    ("understanding_throws", "harmless"): "steps",
    ("understanding_is_away", "harmless"): "understanding",
    ("understanding_does_not_load", "harmless"): "understanding",
    ("content_cannot_be_read", "harmless"): "steps",
    ("a_flow_breaks", "in a handoff"): "steps",
    ("the_alarm_breaks", "danger"): "keep",
    ("replies_cannot_be_put", "harmless"): "keep",
    ("staff_cannot_be_told", "danger"): "notifier",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_part_fails_and_the_person_is_answered(
    channel: Channel,
    kind: str,
    fault: str,
    tmp_path: Path,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = service(tmp_path, clock)
    talk = await begun(services, clock, channel, kind)
    with monkeypatch.context() as patch:
        FAULTS[fault](services, patch)
        await talk.writes(message_of(kind))
        assert words(talk.last.replies, channel).strip()  # type: ignore[union-attr]
        named = NAMED_AS.get((fault, kind))
        assert named is None or named in await what_is_degraded(services)
    await check_answered(talk, kind)
    assert len(await talk.alarms()) == (1 if kind == "danger" else 0)
    await check_goes_on(talk)


@pytest.mark.parametrize("text", [DANGER, "det er blod overalt, hun puster ikke"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_without_any_content_a_person_in_danger_reads_112(
    channel: Channel,
    text: str,
    tmp_path: Path,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock, channel).begins(safe=False)
    content_cannot_be_read(services, monkeypatch)
    assert "112" in words(await talk.writes(text))


async def test_a_phone_that_may_be_read_by_others_gets_the_neutral_question_when_a_step_breaks(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock, "sms").begins(safe=False)
    content_cannot_be_read(services, monkeypatch)
    said = words(await talk.writes(QUESTION))
    assert said == "Passer det å skrive nå?"


async def test_a_broken_danger_step_is_remembered_so_that_what_follows_is_understood(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock).begins()
    with monkeypatch.context() as patch:
        patch.setattr(danger, "alarm", _raise(RuntimeError("x")))
        await talk.writes("jeg orker ikke mer, jeg vil dø")
    state = await talk.state()
    assert (state.last_danger, state.asked_suicide) == ("suicide", True)

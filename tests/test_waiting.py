"""What waits is not lost: messages while the model loads, texts nobody takes, jobs that fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import jobs as jobs_module
from bot.channels.messages import Channel
from bot.channels.sms.outbound import deliver_due
from bot.channels.sms.provider import SmsLater
from bot.handoff import followup
from bot.health import what_is_degraded
from bot.jobs import Jobs
from bot.services import Services
from bot.store import messages, outbox
from bot.store.database import Database, StoreAway
from bot.store.models import Base
from bot.understanding.types import UnderstandingAway
from tests.support import MASTER, PHONE, MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

TOPICS = {"må jeg anmelde": "must_i_report", "hvem kan komme": "is_it_for_me"}
DANGER = "han står utenfor og hamrer på døra"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


class Crash(BaseException):
    """The process ends here."""


class LoadsSlowly(ScriptedUnderstanding):
    """Not ready until `load` was let go."""

    def __init__(self) -> None:
        super().__init__(TOPICS)
        self.ready = False
        self.may_load = asyncio.Event()
        self.loads_fail = 0

    async def load(self) -> None:
        await self.may_load.wait()
        if self.loads_fail:
            self.loads_fail -= 1
            self.failed_reason = "FileNotFoundError"
            raise UnderstandingAway("FileNotFoundError")
        self.failed_reason = None
        self.ready = True


def service(tmp_path: Path, clock: MovingClock, understanding: Any = None, **more: Any) -> Services:
    db = Database(f"sqlite:///{tmp_path}/store.sqlite3", MASTER, clock)
    Base.metadata.create_all(db.engine)
    parts = {"db": db, "understanding": understanding or ScriptedUnderstanding(TOPICS), **more}
    return make_services(tmp_path, clock, **parts)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.01)


def answers_in(talk: Talk, heard: list[str]) -> list[str]:
    """Which of the two answers were given, in order."""
    text = {
        topic: talk.services.content.answer(topic, "nb", talk.channel)[0].text
        for topic in TOPICS.values()
    }
    return [topic for said in heard for topic, answer in text.items() if said == answer]


# --- while the model loads ---------------------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True], ids=["same process", "after a restart"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_messages_while_loading_are_answered_once_each_and_in_order(
    channel: Channel, restart: bool, tmp_path: Path, clock: MovingClock
) -> None:
    services = service(tmp_path, clock, LoadsSlowly())
    talk = await Talk(services, clock, channel).begins()
    for text in TOPICS:
        assert "starter opp" in words(await talk.writes(text))
    if restart:
        services.db.close()
        services = talk.services = service(tmp_path, clock, LoadsSlowly())
    running = Jobs(services)
    running.start()
    await asyncio.sleep(0.05)
    assert answers_in(talk, [reply.text for reply in await talk.heard()]) == []
    services.understanding.may_load.set()  # type: ignore[attr-defined]
    await until(lambda: services.understanding.ready)
    await asyncio.sleep(0.1)
    await services.turn.answer_pending()
    await running.stop()
    heard = [reply.text for reply in await talk.heard()]
    assert answers_in(talk, heard) == list(TOPICS.values())
    assert sum("starter opp" in said for said in heard) == 2
    assert await talk.run(messages.waiting) == []
    services.db.close()


async def test_danger_that_a_crash_left_unanswered_does_not_wait_for_the_model(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = service(tmp_path, clock, LoadsSlowly())
    talk = await Talk(services, clock).begins()

    async def crash(*_: Any) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(services.turn, "_walk", crash)
        with pytest.raises(Crash):
            await talk.writes(DANGER)
    assert await talk.alarms() == []
    running = Jobs(services)
    running.start()
    async with asyncio.timeout(20):
        while await talk.run(messages.waiting):
            await asyncio.sleep(0.01)
    await running.stop()
    assert [alarm.danger for alarm in await talk.alarms()] == ["danger_now"]
    assert "112" in words(await talk.heard())
    assert not services.understanding.ready
    services.db.close()


async def test_a_ja_to_the_direct_question_is_understood_after_a_crash_too(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = service(tmp_path, clock)
    talk = await Talk(services, clock).begins()
    await talk.writes("jeg orker ikke mer, jeg vil dø")
    assert (await talk.state()).asked_suicide

    async def crash(*_: Any) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(services.turn, "_walk", crash)
        with pytest.raises(Crash):
            await talk.writes("", "yes")
    before = len(await talk.heard())
    await services.turn.answer_pending()
    said = words((await talk.heard())[before:])
    assert "113" in said
    services.db.close()


async def test_a_model_that_does_not_load_is_said_and_tried_again(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "LOAD_AGAIN_AFTER", 0.05)
    understanding = LoadsSlowly()
    understanding.loads_fail = 1
    services = service(tmp_path, clock, understanding)
    talk = await Talk(services, clock).begins()
    await talk.writes("må jeg anmelde")
    assert (await what_is_degraded(services))["understanding"] == "loading"
    running = Jobs(services)
    understanding.may_load.set()
    running.start()
    await until(lambda: understanding.ready)
    heard = [reply.text for reply in await talk.heard()]
    assert any("116 006" in said and "galt hos meg" in said for said in heard)
    await talk.writes("hvem kan komme")
    assert answers_in(talk, [reply.text for reply in await talk.heard()]) == ["is_it_for_me"]
    assert await what_is_degraded(services) == {}
    await running.stop()
    services.db.close()


async def test_menneske_works_while_the_model_loads(tmp_path: Path, clock: MovingClock) -> None:
    services = service(tmp_path, clock, LoadsSlowly())
    talk = await Talk(services, clock).begins()
    await talk.hands_over()
    await talk.presses("send")
    assert talk.last is not None
    assert talk.last.opened is not None
    services.db.close()


# --- jobs --------------------------------------------------------------------------------------


@pytest.fixture
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOLLOW_UP_EVERY", "PENDING_EVERY", "SWEEP_EVERY", "OUTBOX_EVERY", "AGAIN_AFTER"):
        monkeypatch.setattr(jobs_module, name, 0.01)


@pytest.mark.usefixtures("quick_jobs")
@pytest.mark.parametrize("error", [StoreAway("OperationalError"), RuntimeError("x"), KeyError("y")])
@pytest.mark.parametrize("job", ["_pending", "_follow_up", "_sweep"])
async def test_a_job_that_fails_goes_on_and_is_named(
    job: str,
    error: Exception,
    tmp_path: Path,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = service(tmp_path, clock)
    tries: list[int] = []
    named: list[str] = []

    async def fails_twice(_self: Jobs) -> None:
        tries.append(1)
        named.extend(services.troubles)
        if len(tries) < 3:
            raise error

    monkeypatch.setattr(Jobs, job, fails_twice)
    running = Jobs(services)
    running.start()
    await until(lambda: len(tries) >= 4)
    await running.stop()
    assert isinstance(error, StoreAway) or job.removeprefix("_") in named
    assert services.troubles == {}
    services.db.close()


async def test_one_alarm_that_cannot_be_followed_up_does_not_hold_up_the_next(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = service(tmp_path, clock)
    first, second = Talk(services, clock), Talk(services, clock)
    for talk in (first, second):
        await talk.begins()
        await talk.writes(DANGER)
    await services.told()
    clock.passes(minutes=5)
    due = [item.alarm_id for item in await first.run(followup.due)]
    assert len(due) == 2
    told: list[str | None] = []
    original = Jobs._carry_out

    async def breaks_on_the_first(self: Jobs, item: followup.FollowUp) -> None:
        if item.alarm_id == due[0]:
            raise RuntimeError("damaged row")
        told.append(item.alarm_id)
        await original(self, item)

    monkeypatch.setattr(Jobs, "_carry_out", breaks_on_the_first)
    with pytest.raises(RuntimeError):
        await Jobs(services)._follow_up()
    await services.told()
    assert told == [due[1]]
    still_due = await first.run(followup.due)
    assert [item.alarm_id for item in still_due if item.do == "notify_second"] == [due[0]]
    services.db.close()


# --- SMS ---------------------------------------------------------------------------------------


class BrokenProvider:
    """Raises what it is told to, then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.sent: list[str] = []

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        if self.errors:
            raise self.errors.pop(0)
        assert number == PHONE
        self.sent.append(text)
        return f"SM{len(self.sent)}"

    def find(self, number: str, text: str, since: object) -> list[object]:
        return []

    def erase(self, sid: str) -> None:
        return None


@pytest.mark.usefixtures("quick_jobs")
@pytest.mark.parametrize("error", [SmsLater("429"), RuntimeError("a mistake of ours")])
async def test_a_text_that_the_provider_does_not_take_arrives_later_and_once(
    error: Exception, tmp_path: Path, clock: MovingClock
) -> None:
    provider = BrokenProvider(error)
    services = service(tmp_path, clock, sms=provider)
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(DANGER)
    running = Jobs(services)
    running.start()
    await until(lambda: not provider.errors)
    more = 0
    for _ in range(1000):  # a busy machine takes longer; some rounds more show that it is once
        clock.passes(seconds=5)
        await asyncio.sleep(0.02)
        more += set(await talk.run(outbox.counts)) == {"sent"}
        if more > 20:
            break
    await running.stop()
    assert len([text for text in provider.sent if text.startswith("Ring politiet nå: 112")]) == 1
    assert set(await talk.run(outbox.counts)) == {"sent"}
    services.db.close()


async def test_sending_goes_on_by_itself_after_a_mistake_of_ours(
    tmp_path: Path, clock: MovingClock
) -> None:
    provider = BrokenProvider(RuntimeError("a mistake of ours"))
    services = service(tmp_path, clock, sms=provider)
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(DANGER)
    with pytest.raises(RuntimeError):
        await deliver_due(services)
    clock.passes(seconds=60)
    await deliver_due(services)
    assert "112" in "".join(provider.sent)
    services.db.close()

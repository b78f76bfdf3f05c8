"""A practice with time that a test moves, and a counsellor who is there as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bot.desk import holding
from bot.handoff import queue, shift
from bot.practice.accounts import open_account
from bot.practice.people import Person
from bot.practice.place import practice_services, practice_settings
from bot.practice.visit import Visit
from bot.services import Services
from bot.settings import Settings
from bot.store import conversations, counsellors, duty, messages
from bot.store.database import Tx
from tests.support import MovingClock

MOST_MOMENTS = 400


class MovedPace:
    """Time passes at once; at every moment the others in the play have their turn."""

    def __init__(self, clock: MovingClock) -> None:
        self.clock = clock
        self.at_every_moment: list[Callable[[], object]] = []
        self.moments = 0
        self.step = 10.0  # seconds of a moment

    async def rest(self, seconds: float) -> None:
        self.clock.passes(seconds=seconds)
        await asyncio.sleep(0)

    async def moment(self) -> None:
        self.moments += 1
        assert self.moments < MOST_MOMENTS, "it never ends"
        self.clock.passes(seconds=self.step)
        for look in self.at_every_moment:
            done = look()
            if asyncio.iscoroutine(done):
                await done
        await asyncio.sleep(0)


@dataclass
class Counsellor:
    """Takes what waits, answers what is written, and closes when nothing more comes."""

    services: Services
    me: str
    answers: list[str] = field(default_factory=list)
    takes: bool = True
    writes: bool = True
    heard: list[str] = field(default_factory=list)
    _seq: dict[str, int] = field(default_factory=dict)
    _quiet: dict[str, int] = field(default_factory=dict)

    async def at_work(self) -> None:
        """One moment of hers."""
        db = self.services.db
        for row in await db.run(queue.list_queue):
            if row.status == "waiting" and self.takes:
                await db.run(holding.take, self.services.outbound, row.id, self.me, 120)
                before = await db.run(messages.after, row.conversation_id or "", 0)
                self._seq[row.conversation_id or ""] = before[-1].seq  # said to the bot
            elif row.taken_by == self.me:
                await db.run(shift.connected, self.me)
                await self._case(row.id, row.conversation_id or "")

    async def _case(self, case_id: str, conversation_id: str) -> None:
        if not self.writes:
            return
        new = await self.services.db.run(
            messages.after, conversation_id, self._seq.get(conversation_id, 0)
        )
        if new:
            self._seq[conversation_id] = new[-1].seq
        said = [one.reply.text for one in new if one.author == "person"]
        self.heard += said
        if said:
            self._quiet[case_id] = 0
            answer = self.answers.pop(0) if self.answers else "Jeg er her. Fortell gjerne mer."
            await self.services.outbound.from_desk(case_id, answer, safe_now=True)
            return
        self._quiet[case_id] = self._quiet.get(case_id, 0) + 1
        if self._quiet[case_id] > 20:
            await self.services.db.run(
                holding.close, self.services.outbound, case_id, self.me, "talked"
            )


@dataclass
class Practice:
    """The service of a practice, its clock, and who plays."""

    services: Services
    clock: MovingClock
    pace: MovedPace
    counsellor: Counsellor

    async def meets(self, person: Person, also: Callable[[], object] | None = None) -> Visit:
        """A whole visit, to its end."""
        self.pace.moments = 0
        self.pace.at_every_moment = [self.counsellor.at_work, *([also] if also else [])]
        self.counsellor.heard.clear()
        visit = Visit(self.services, person, "+4700000010", self.pace)
        await visit.play()
        await self.services.told()
        return visit

    def written(self, visit: Visit) -> list[str]:
        """What stands in the conversation of a visit now."""
        with self.services.db.begin() as tx:
            found = conversations.of_handoff(tx, visit.case_id)
            if found is None:
                return []
            return [one.reply.text for one in messages.after(tx, found.id, 0)]


def _begin(tx: Tx) -> str:
    me = open_account(tx, "kari")
    duty.begin(tx, me, None)
    shift.connected(tx, me)
    return me


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, MovingClock]]:
    """Built once: what is read from files is the same for all."""
    clock = MovingClock()
    real = Settings(model_dir=tmp_path_factory.mktemp("no-model"))  # type: ignore[call-arg]
    services = practice_services(practice_settings(real, 8010), clock)
    yield services, clock
    services.db.close()


def _end(tx: Tx, me: str) -> None:
    """Nobody of the last test is left."""
    for row in queue.list_queue(tx):
        queue.take(tx, row.id, me)
        queue.close(tx, row.id, row.taken_by or me, "other")
        if row.conversation_id is not None:
            queue.on_erase(tx, row.conversation_id, False)
            conversations.erase(tx, row.conversation_id)
    for alarm in queue.list_alarms(tx):
        queue.close_alarm(tx, alarm.id, me)


@pytest.fixture
def practice(built: tuple[Services, MovingClock]) -> Iterator[Practice]:
    services, clock = built
    with services.db.begin() as tx:
        known = counsellors.by_username(tx, "kari")
        me = known.id if known else _begin(tx)
        duty.begin(tx, me, None)
        shift.connected(tx, me)
    pace = MovedPace(clock)
    yield Practice(services, clock, pace, Counsellor(services, me))
    with services.db.begin() as tx:
        _end(tx, me)

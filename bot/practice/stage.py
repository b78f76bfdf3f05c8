"""Who is here in this practice: invented people come one by one, or as a shift brings them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bot.practice.colleague import Colleague
from bot.practice.people import Person
from bot.practice.shifts import Scene, Shift
from bot.practice.visit import Pace, Visit
from bot.services import Services
from bot.store import counsellors
from bot.store.database import Tx

FIRST_NUMBER = 10  # +47 00 00 00 10 and on: not in use in Norway; the demo's phones come before
MOST_NUMBERS = 80


class Stage:
    """The people of one practice, and the shift that brings them, if any."""

    def __init__(
        self,
        services: Services,
        people: Mapping[str, Person],
        pace: Pace,
        say: Callable[[Visit], None] = lambda visit: None,
    ) -> None:
        """`say` is told of every visit that is over."""
        self.people = people
        self.visits: dict[str, Visit] = {}  # the latest of each person
        self.shift: Shift | None = None
        self.shift_is_over = False
        self._services = services
        self._pace = pace
        self._say = say
        self._colleague = Colleague(services)
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def comes(self, person_id: str) -> bool:
        """Let somebody come. False for nobody of that name, or one who is here already."""
        visit = self.visits.get(person_id)
        if person_id not in self.people or (visit is not None and visit.where != "over"):
            return False
        number = f"+470000{FIRST_NUMBER + self._number % MOST_NUMBERS:04d}"
        self._number += 1
        visit = Visit(self._services, self.people[person_id], number, self._pace)
        self.visits[person_id] = visit
        self._begin(self._play(visit))
        return True

    def begin_shift(self, shift: Shift, me: str) -> None:
        """Play a shift; its clock begins when she (`me`, her account) says that she is on duty."""
        self.shift, self.shift_is_over = shift, False
        self._begin(self._play_shift(shift, me))

    async def stop(self) -> None:
        """Everybody goes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._colleague.goes()

    async def _play(self, visit: Visit) -> None:
        await visit.play()
        self._say(visit)

    async def _play_shift(self, shift: Shift, me: str) -> None:
        while not await self._services.db.run(_is_on_duty, me):
            await self._pace.moment()
        before = 0.0
        for scene in shift.scenes:
            await self._pace.rest(60 * (scene.at - before))
            before = scene.at
            await self._happens(scene)
        self.shift_is_over = True

    async def _happens(self, scene: Scene) -> None:
        if scene.comes:
            self.comes(scene.comes)
        elif scene.colleague_takes:
            visit = self.visits.get(scene.colleague_takes)
            await self._colleague.takes(visit.case_id if visit else "")
        else:
            await self._colleague.loses_her_line()

    def _begin(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)  # asyncio itself keeps no hold of a task
        task.add_done_callback(self._tasks.discard)


def _is_on_duty(tx: Tx, account: str) -> bool:
    found = counsellors.get(tx, account)
    return found is not None and found.on_duty

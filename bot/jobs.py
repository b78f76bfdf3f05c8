"""What happens without anyone writing: understanding is loaded, alarms repeat, old words go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import audit_check, hearing
from bot.appointments import carry_out_all
from bot.channels.sms import copies, parts
from bot.channels.sms.outbound import deliver_due, recover
from bot.day_service import wishes
from bot.handoff import followup, next_shift, queue, shift
from bot.handoff.followup import FollowUp, Intervals
from bot.settings import Settings
from bot.store import retention
from bot.store.database import StoreAway, Tx
from bot.texts import LiveTexts
from bot.understanding.types import UnderstandingAway

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

FOLLOW_UP_EVERY = 5.0
PENDING_EVERY = 5.0
SWEEP_EVERY = 60.0
DAY_SERVICE_EVERY = 60.0
LOAD_AGAIN_AFTER = 60.0
OUTBOX_EVERY = 2.0
PARTS_EVERY = 1.0
COPIES_EVERY = 30.0
TEXTS_EVERY = 3.0
AUDIT_EVERY = 6 * 3600.0
AGAIN_AFTER = 3.0

Job = Callable[[], Awaitable[object]]


class Jobs:
    """The background tasks of one process; `start` and `stop` are called by the app."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: list[asyncio.Task[None]] = []
        self._new_sms = asyncio.Event()
        self._texts = LiveTexts(services)
        services.outbound.wake_sms = self._new_sms.set

    def start(self) -> None:
        """Begin all jobs on the running loop."""
        self._begin(self._second_signal())
        self._begin(self._understanding())
        self._begin(self._desk_follow_up())
        self._begin(self._every(SWEEP_EVERY, "sweep", self._sweep))
        self._begin(self._every(DAY_SERVICE_EVERY, "day_service", self._day_service))
        self._begin(self._every(AUDIT_EVERY, "check the log", self._audit))
        self._begin(self._every(TEXTS_EVERY, "look for texts", self._texts.look))
        if self._services.sms is not None:
            self._begin(self._outbox())
            self._begin(self._every(COPIES_EVERY, "copies", self._copies))
        if self._services.settings.sms == "on":
            self._begin(self._every(PARTS_EVERY, "parts", self._parts))

    async def stop(self) -> None:
        """End them; what was half done is picked up from the store at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, job: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(job))

    async def _understanding(self) -> None:
        """Load; a model that does not load is tried again. Then answer what came meanwhile."""
        await self._until_done("pending", self._pending)  # danger does not wait for a model
        load = getattr(self._services.understanding, "load", None)
        while load is not None:
            try:
                await load()
                log.info("understanding is ready")
                break
            except UnderstandingAway as error:
                log.error("understanding does not load: %s", error)
                await self._until_done("pending", self._pending)
                await asyncio.sleep(LOAD_AGAIN_AFTER)
        await self._every(PENDING_EVERY, "pending", self._pending)

    async def _second_signal(self) -> None:
        """The trained half of the danger check; the lists work from the first moment."""
        troubles = self._services.troubles
        while True:
            try:
                await hearing.load_second_signal(self._services)
                troubles.pop(hearing.SECOND, None)
                return
            except (OSError, KeyError, ValueError, ImportError) as error:
                log.error("the second signal does not load: %s", type(error).__name__)
                troubles[hearing.SECOND] = type(error).__name__
                await asyncio.sleep(LOAD_AGAIN_AFTER)

    async def _pending(self) -> None:
        answered = await self._services.turn.answer_pending()
        if answered:
            log.info("answered %d messages that had waited", answered)

    async def _desk_follow_up(self) -> None:
        """First the desk's pages get time to come back: a restart takes nobody's counsellor."""
        await self._until_done("follow_up", lambda: self._services.db.run(shift.after_restart))
        await self._every(FOLLOW_UP_EVERY, "follow_up", self._follow_up)

    async def _follow_up(self) -> None:
        """Carry out what is due. One that fails stays due and does not hold up the others."""
        db = self._services.db
        failed = None
        for item in await db.run(followup.due, intervals(self._services.settings)):
            try:
                await self._carry_out(item)
            except Exception as error:  # raised again below, when all had their turn
                failed = error
        if failed is not None:
            raise failed

    async def _carry_out(self, item: FollowUp) -> None:
        if item.do != "tell_person":
            self._services.alert(item.urgent, about=item)
            return
        if item.conversation_id and item.sentence_id:
            values = {}
            if item.sentence_id == followup.NOBODY_UNTIL:
                values = await self._services.db.run(next_shift.values_for, item.conversation_id)
            await self._services.outbound.unprompted(
                item.conversation_id, item.sentence_id, lambda tx: followup.done(tx, item), **values
            )

    async def _outbox(self) -> None:
        """Send what is queued, at once when woken and else every few seconds."""
        await self._until_done("outbox", lambda: recover(self._services))
        while True:
            self._new_sms.clear()
            await self._until_done("outbox", lambda: deliver_due(self._services))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._new_sms.wait(), OUTBOX_EVERY)

    async def _parts(self) -> None:
        """Long texts whose last part did not come: what is there is answered."""
        await parts.answer_due(self._services)

    async def _copies(self) -> None:
        """What was erased here is deleted at the provider."""
        gone = await copies.erase_due(self._services)
        if gone:
            log.info("the provider deleted %d copies", gone)

    async def _day_service(self) -> None:
        await carry_out_all(self._services)

    async def _audit(self) -> None:
        await audit_check.watch(self._services)

    async def _sweep(self) -> None:
        swept = await self._services.db.run(sweep_all, self._services.settings)
        if swept:
            self._services.db.checkpoint()
            log.info("removed %d things past their time", swept)

    async def _every(self, seconds: float, name: str, job: Job) -> None:
        while True:
            await self._until_done(name, job)
            await asyncio.sleep(seconds)

    async def _until_done(self, name: str, job: Job) -> None:
        """Run `job`; when it fails, again until it does not.

        The one boundary of a job: one that ended would be a handoff that nobody hears of.
        """
        troubles = self._services.troubles
        while True:
            try:
                await job()
                troubles.pop(name, None)
                return
            except StoreAway as error:
                log.error("store away in %s: %s", name, error)
            except Exception as error:
                log.exception("%s failed", name)
                troubles[name] = type(error).__name__
            await asyncio.sleep(AGAIN_AFTER)


def intervals(settings: Settings) -> Intervals:
    """How often an alarm repeats, from the settings."""
    return Intervals(
        now=timedelta(seconds=settings.again_now),
        soon=timedelta(seconds=settings.again_soon),
        when_possible=timedelta(seconds=settings.again_later),
        held_answer=timedelta(seconds=settings.held_answer),
        second_now=timedelta(seconds=settings.second_now),
        second_soon=timedelta(seconds=settings.second_soon),
        second_later=timedelta(seconds=settings.second_later),
        on_duty_within=timedelta(seconds=settings.duty_timeout),
    )


def sweep_all(tx: Tx, settings: Settings) -> int:
    """Everything past its time, in all rooms; returns how many things."""
    case = timedelta(days=settings.keep_case_days)
    limits = retention.Limits(
        conversation=timedelta(hours=settings.keep_hours),
        audit=timedelta(days=30 * settings.keep_audit_months),
    )
    ended = queue.expire_ended(tx, case) + wishes.sweep(tx, case)
    return retention.sweep(tx, limits) + ended

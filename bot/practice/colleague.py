"""An invented colleague, who takes a case and loses her line: the person is back in the queue."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.desk import holding
from bot.handoff import shift
from bot.practice.accounts import open_account
from bot.services import Services
from bot.store import duty
from bot.store.database import StoreAway, Tx

log = logging.getLogger(__name__)

NAME = "kollega"
LINE_EVERY = 10.0  # seconds between two signs of her page


class Colleague:
    """She has an account of her own, and a page that is open until it is not."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._account = ""
        self._line: asyncio.Task[None] | None = None

    async def takes(self, case_id: str) -> bool:
        """On duty, and the case is hers. False when somebody else was faster."""
        db = self._services.db
        if not self._account:
            self._account = await db.run(open_account, NAME)
        taken = await db.run(self._take, case_id)
        if taken.told is not None:
            self._services.outbound.sent(taken.told)
        self._services.events.publish("desk")
        if taken.holder == self._account and self._line is None:
            self._line = asyncio.create_task(self._keep_line())
        return bool(taken.holder == self._account)

    async def loses_her_line(self) -> None:
        """Her page is gone; the follow-up of the service does the rest."""
        if self._line is None:
            return
        await self.goes()
        await self._services.db.run(shift.line_ended, self._account)
        self._services.events.publish("desk")

    async def goes(self) -> None:
        """Her page gives no more signs."""
        if self._line is not None:
            self._line.cancel()
            await asyncio.gather(self._line, return_exceptions=True)
            self._line = None

    def _take(self, tx: Tx, case_id: str) -> holding.Taken:
        duty.begin(tx, self._account, None)
        shift.connected(tx, self._account)
        lease = self._services.settings.lease
        return holding.take(tx, self._services.outbound, case_id, self._account, lease)

    async def _keep_line(self) -> None:
        while True:
            with suppress(StoreAway):
                await self._services.db.run(shift.connected, self._account)
            await asyncio.sleep(LINE_EVERY)

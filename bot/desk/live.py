"""The open page's connection: it asks, and the answer waits until there is something new.

Each answer carries whole pieces of page, made by the same templates as the first load. While a
connection is there the counsellor counts as present, and her cases stay hers, whichever page of the
desk it is. A connection that is seen to end shortens both to a moment (handoff/shift.py); a browser
that sleeps asks no more, and both lapse.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, json

from bot.channels.events import DESK
from bot.desk import reading
from bot.desk.case_view import CaseView, case_view
from bot.desk.views import Board, board
from bot.desk.web import Desk, fresh, signed
from bot.handoff import shift
from bot.store.database import StoreAway, Tx

if TYPE_CHECKING:
    from bot.services import Services

HOLD = 10.0  # seconds an answer waits; an unseen alarm sounds again at this pace
LOOK_EVERY = 2.0  # seconds between looks, should a wake-up be missed

Payload = dict[str, Any]


class Lines:
    """The connections that wait here now, by counsellor. Of this process: a restart ends all."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._open: Counter[str] = Counter()
        self._notes: set[asyncio.Task[None]] = set()
        self.boot = secrets.token_hex(4)  # tells a page that the service has started anew

    @asynccontextmanager
    async def line(self, counsellor_id: str) -> AsyncIterator[None]:
        """One connection. Sanic cancels the answer of a connection that was closed."""
        await self._services.db.run(
            shift.connected, counsellor_id, timedelta(seconds=self._services.settings.lease)
        )
        self._open[counsellor_id] += 1
        try:
            yield
        except asyncio.CancelledError:
            if self._open[counsellor_id] == 1:
                note = asyncio.get_running_loop().create_task(self._ended(counsellor_id))
                self._notes.add(note)
                note.add_done_callback(self._notes.discard)
            raise
        finally:
            self._open[counsellor_id] -= 1

    async def _ended(self, counsellor_id: str) -> None:
        with suppress(StoreAway, RuntimeError):  # the lease ends by itself; the process may end too
            await self._services.db.run(shift.line_ended, counsellor_id)


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services
    lines = Lines(services)

    @bp.get("/live", name="live_queue")
    async def live_queue(request: Request) -> HTTPResponse:
        me = signed(request).counsellor.id

        async def look() -> Payload:
            seen = await services.db.run(reading.queue, me, services.settings.duty_timeout)
            return _queue_payload(desk, request, seen, at_queue=True) | {"boot": lines.boot}

        async with lines.line(me):
            return await _hold(desk, request, look)

    @bp.get("/live/case/<handoff_id:str>", name="live_case")
    async def live_case(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id

        async def look() -> Payload:
            seen, view = await services.db.run(
                _case, me, handoff_id, services.settings.duty_timeout
            )
            if view is None:
                raise NotFound("no such case")
            return _case_payload(desk, request, seen, view) | {"boot": lines.boot}

        async with lines.line(me):
            return await _hold(desk, request, look)


async def _hold(
    desk: Desk, request: Request, look: Callable[[], Awaitable[Payload]]
) -> HTTPResponse:
    """Answer at once when something differs from what the page has, else wait for it."""
    known = request.headers.get("x-mark", "")
    loop = asyncio.get_running_loop()
    until = loop.time() + HOLD
    with desk.services.events.listening(DESK) as rung:
        while True:
            rung.clear()
            payload = await look()
            mark = fresh(repr(payload))
            left = until - loop.time()
            if mark != known or left <= 0:
                return json(payload | {"mark": mark})
            with suppress(TimeoutError):
                await asyncio.wait_for(rung.wait(), min(LOOK_EVERY, left))


def _case(tx: Tx, me: str, handoff_id: str, duty_timeout: int) -> tuple[Board, CaseView | None]:
    view = case_view(tx, handoff_id, me)
    reading.case(tx, me, view)
    return board(tx, me, duty_timeout), view


def _queue_payload(desk: Desk, request: Request, seen: Board, *, at_queue: bool = False) -> Payload:
    csrf = signed(request).session.csrf
    return {
        "parts": {
            "board": desk.part("part_board.html", board=seen, csrf=csrf),
            "duty": desk.part("part_duty.html", board=seen, csrf=csrf),
            "bar": desk.part("part_bar.html", board=seen, at_queue=at_queue),
        },
        "unseen": seen.unseen,
        "second": seen.second,
        "mine": [row.id for row in seen.mine],
        "heard": sorted(seen.unread.values()),
        "on_duty": seen.on_duty is not None and seen.on_duty.paused_at is None,
        "waiting": [row.id for row in seen.waiting],
        "urgent": seen.urgent,
    }


def _case_payload(desk: Desk, request: Request, seen: Board, view: CaseView) -> Payload:
    payload = _queue_payload(desk, request, seen)
    payload["parts"].pop("board")
    payload["parts"]["state"] = desk.part("part_state.html", view=view)
    payload["parts"]["messages"] = desk.part("part_messages.html", view=view)
    csrf = signed(request).session.csrf
    payload["parts"]["quiet"] = desk.part("part_quiet.html", view=view, csrf=csrf)
    payload["parts"]["calls"] = desk.part("part_calls.html", view=view)
    payload["parts"]["missed"] = desk.part("part_missed.html", view=view, csrf=csrf, missed="")
    payload["phase"] = view.phase
    payload["danger"] = view.danger
    payload["doubt"] = view.doubt
    said = {line.id for line in view.messages if line.author == "person"}
    payload["heard"] = sorted(said | set(payload["heard"]))
    return payload

"""The open page's connection: it asks, and the answer waits until there is something new.

Each answer carries whole pieces of page, made by the same templates as the first load. While the
connection is there the counsellor counts as present, and a case that is open on her screen stays
hers. A browser that sleeps asks no more, and both lapse.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, json

from bot.channels.events import DESK
from bot.desk.case_view import CaseView, case_view
from bot.desk.views import Board, board
from bot.desk.web import Desk, fresh, signed
from bot.handoff import queue
from bot.store import counsellors
from bot.store.database import Tx

HOLD = 10.0  # seconds an answer waits; an unseen alarm sounds again at this pace
LOOK_EVERY = 2.0  # seconds between looks, should a wake-up be missed

Payload = dict[str, Any]


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    @bp.get("/live", name="live_queue")
    async def live_queue(request: Request) -> HTTPResponse:
        me = signed(request).counsellor.id

        async def look() -> Payload:
            seen = await services.db.run(board, me, services.settings.duty_timeout)
            return _queue_payload(desk, request, seen)

        await services.db.run(_present, me, None, services.settings.lease)
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
            return _case_payload(desk, request, seen, view)

        await services.db.run(_present, me, handoff_id, services.settings.lease)
        return await _hold(desk, request, look)


async def _hold(
    desk: Desk, request: Request, look: Callable[[], Awaitable[Payload]]
) -> HTTPResponse:
    """Answer at once when something differs from what the page has, else wait for it."""
    known = request.headers.get("x-mark", "")
    loop = asyncio.get_running_loop()
    until = loop.time() + HOLD
    while True:
        payload = await look()
        mark = fresh(repr(payload))
        left = until - loop.time()
        if mark != known or left <= 0:
            return json(payload | {"mark": mark})
        await desk.services.events.wait(DESK, min(LOOK_EVERY, left))


def _present(tx: Tx, me: str, handoff_id: str | None, lease: int) -> None:
    counsellors.seen(tx, me)
    if handoff_id is not None:
        queue.renew(tx, handoff_id, me, timedelta(seconds=lease))


def _case(tx: Tx, me: str, handoff_id: str, duty_timeout: int) -> tuple[Board, CaseView | None]:
    return board(tx, me, duty_timeout), case_view(tx, handoff_id, me)


def _queue_payload(desk: Desk, request: Request, seen: Board) -> Payload:
    csrf = signed(request).session.csrf
    return {
        "parts": {
            "board": desk.part("part_board.html", board=seen, csrf=csrf),
            "duty": desk.part("part_duty.html", board=seen, csrf=csrf),
            "bar": desk.part("part_bar.html", board=seen),
        },
        "unseen": seen.unseen,
        "waiting": [row.id for row in seen.waiting],
        "urgent": seen.urgent,
    }


def _case_payload(desk: Desk, request: Request, seen: Board, view: CaseView) -> Payload:
    payload = _queue_payload(desk, request, seen)
    payload["parts"].pop("board")
    payload["parts"]["state"] = desk.part("part_state.html", view=view)
    payload["parts"]["messages"] = desk.part("part_messages.html", view=view)
    payload["parts"]["calls"] = desk.part("part_calls.html", view=view)
    csrf = signed(request).session.csrf
    payload["parts"]["missed"] = desk.part("part_missed.html", view=view, csrf=csrf, missed="")
    payload["phase"] = view.phase
    payload["danger"] = view.danger
    payload["doubt"] = view.doubt
    payload["heard"] = [line.id for line in view.messages if line.author == "person"]
    return payload

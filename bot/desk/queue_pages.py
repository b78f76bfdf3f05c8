"""The queue, alarms, and the help page."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from bot.desk import reading
from bot.desk.web import PATH, Desk, go, signed
from bot.handoff import queue
from bot.store import audit
from bot.store.database import Tx


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _queue(bp, desk)
    _alarms(bp, desk)


def _queue(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/", name="queue")
    async def queue_page(request: Request) -> HTTPResponse:
        who = signed(request)
        seen = await services.db.run(
            reading.queue, who.counsellor.id, services.settings.duty_timeout
        )
        return desk.page(request, "queue.html", board=seen, at_queue=True)

    @bp.get("/help", name="help")
    async def help_page(request: Request) -> HTTPResponse:
        return desk.page(request, "help.html")


def _alarms(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/alarm/<alarm_id:str>/see", name="alarm_see")
    async def see(request: Request, alarm_id: str) -> HTTPResponse:
        await services.db.run(_see, alarm_id, signed(request).counsellor.id)
        services.events.publish("desk")
        return done(request)

    @bp.post("/alarm/<alarm_id:str>/close", name="alarm_close")
    async def close(request: Request, alarm_id: str) -> HTTPResponse:
        await services.db.run(_close, alarm_id, signed(request).counsellor.id)
        services.events.publish("desk")
        return done(request)


def done(request: Request) -> HTTPResponse:
    """The answer to a button of the queue: to its script, or to a browser without one."""
    if "application/json" in request.headers.get("accept", ""):
        return json({"ok": True})
    return go(f"{PATH}/")


def _see(tx: Tx, alarm_id: str, counsellor_id: str) -> None:
    if queue.see_alarm(tx, alarm_id, counsellor_id):
        audit.write(tx, "alarm_seen", counsellor_id, alarm_id)


def _close(tx: Tx, alarm_id: str, counsellor_id: str) -> None:
    if queue.close_alarm(tx, alarm_id, counsellor_id):
        audit.write(tx, "alarm_closed", counsellor_id, alarm_id)

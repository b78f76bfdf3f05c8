"""The queue, alarms, being on duty, looking up a code, and the help page."""

from __future__ import annotations

from datetime import timedelta

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from bot.desk import sessions
from bot.desk.views import board
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.store import audit
from bot.store.database import Tx

WRONG_CODES = 8  # in TEN_MINUTES; a million codes and a handful of open ones leave no chance
TEN_MINUTES = timedelta(minutes=10)


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _queue(bp, desk)
    _alarms(bp, desk)
    _code(bp, desk)


def _queue(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/", name="queue")
    async def queue_page(request: Request) -> HTTPResponse:
        who = signed(request)
        seen = await services.db.run(board, who.counsellor.id, services.settings.duty_timeout)
        return desk.page(request, "queue.html", board=seen)

    @bp.get("/help", name="help")
    async def help_page(request: Request) -> HTTPResponse:
        return desk.page(request, "help.html")

    @bp.post("/duty", name="duty")
    async def duty(request: Request) -> HTTPResponse:
        await services.db.run(sessions.set_duty, signed(request), field(request, "on") == "yes")
        services.events.publish("desk")
        return done(request)


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


def _code(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/code", name="code_form")
    async def code_form(request: Request) -> HTTPResponse:
        return desk.page(request, "code.html", reads_codes=services.centre.phone_line.reads_codes)

    @bp.post("/code", name="code")
    async def code(request: Request) -> HTTPResponse:
        found, error = await services.db.run(
            _look_up, field(request, "code", 20), signed(request).counsellor.id
        )
        if found is not None:
            return go(f"{PATH}/case/{found}")
        return desk.page(
            request,
            "code.html",
            status=422,
            error=error,
            reads_codes=services.centre.phone_line.reads_codes,
        )


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


def _look_up(tx: Tx, code: str, counsellor_id: str) -> tuple[str | None, str | None]:
    """(handoff id, None) or (None, what to say)."""
    wrong = audit.count_since(tx, "code_wrong", counsellor_id, tx.now - TEN_MINUTES)
    if wrong >= WRONG_CODES:
        return None, "Det er prøvd mange feil koder. Vent ti minutter, og be om koden på nytt."
    found = queue.by_code(tx, code)
    if found is None:
        audit.write(tx, "code_wrong", counsellor_id)
        return None, "Fant ingen åpen sak med denne koden. Sjekk de seks tallene."
    audit.write(tx, "code_used", counsellor_id, found)
    return found, None

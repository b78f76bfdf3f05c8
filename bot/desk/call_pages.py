"""Calling a person back from a case: through the switchboard (bot/handoff/calls.py), noted from her
own phone, or planned for later (bot/handoff/call_plan.py)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.case_pages import show
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.desk.wording import HERE, NO_CALL, NOT_PLANNED
from bot.handoff import call_plan, calls
from bot.handoff.phone import read_number

NOT_NOTED = "Velg hvordan det gikk. Ingenting ble notert."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _ring(bp, desk)
    _plan(bp, desk)


def _ring(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/call", name="call")
    async def call(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        # Typed for each call and handed on: her number is in no table, no page and no log.
        number = read_number(field(request, "phone", 40)) or ""
        safe_now = field(request, "safe_now") == "yes"
        if services.telephone is None:
            return await refused(request, handoff_id, "away")
        call_id, why_not = await services.db.run(
            calls.begin, handoff_id, me, number, safe_now=safe_now
        )
        if call_id is None:
            return await refused(request, handoff_id, str(why_not))
        placed = await services.telephone.ring(call_id, number)
        services.events.publish("desk")
        if not placed:
            return await refused(request, handoff_id, "away")
        return go(f"{PATH}/case/{handoff_id}")

    async def refused(request: Request, handoff_id: str, why: str) -> HTTPResponse:
        return await show(desk, request, handoff_id, error=say(NO_CALL[why]), status=409)


def _plan(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/call-plan", name="call_plan")
    async def plan(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        at = read_time(field(request, "at", 20))
        safe = field(request, "safe") == "yes"
        why: str | None = "past"
        if at is not None:
            why = await services.db.run(call_plan.plan, handoff_id, me, at, safe=safe)
        if why is not None:
            error = say(NOT_PLANNED[why])
            return await show(desk, request, handoff_id, error=error, status=422)
        services.events.publish("desk")
        return go(f"{PATH}/case/{handoff_id}#ringe")

    @bp.post("/case/<handoff_id:str>/call-noted", name="call_noted")
    async def noted(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        outcome = field(request, "outcome", 20)
        for known in call_plan.NOTED:
            if outcome == known and await services.db.run(
                call_plan.note_call, handoff_id, me, known
            ):
                services.events.publish("desk")
                return go(f"{PATH}/case/{handoff_id}#ringe")
        return await show(desk, request, handoff_id, error=say(NOT_NOTED), status=409)


def read_time(text: str) -> datetime | None:
    """What a browser sends of a field for date and time, in Norwegian time; None: unreadable."""
    with suppress(ValueError):
        return datetime.fromisoformat(text).replace(tzinfo=HERE)
    return None

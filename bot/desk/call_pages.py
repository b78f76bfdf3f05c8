"""Calling a person back from a case, through the switchboard (bot/handoff/calls.py)."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.case_pages import show
from bot.desk.web import PATH, Desk, field, go, signed
from bot.desk.wording import NO_CALL
from bot.handoff import calls
from bot.handoff.phone import read_number


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the route."""
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
        return await show(desk, request, handoff_id, error=NO_CALL[why], status=409)

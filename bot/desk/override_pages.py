"""The shift lead steps in, with a reason from a fixed list: a case, or a colleague's duty."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import holding
from bot.desk.case_pages import show, woken
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.desk.wording import OVERRIDES
from bot.handoff import shift
from bot.store import audit, counsellors, duty
from bot.store.database import Tx

NO_REASON = "Velg hvorfor. Ingenting ble gjort."
NOT_THEIRS = "Saken er ikke hos en kollega nå. Ingenting ble gjort."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    @bp.post("/case/<handoff_id:str>/take-over", name="take_over")
    async def take_over(request: Request, handoff_id: str) -> HTTPResponse:
        reason = chosen(request)
        if reason is None:
            return await show(desk, request, handoff_id, error=say(NO_REASON), status=422)
        taken = await services.db.run(
            holding.take_over,
            services.outbound,
            handoff_id,
            signed(request).counsellor.id,
            reason,
            services.settings.lease,
        )
        if taken.holder is None:
            return await show(desk, request, handoff_id, error=say(NOT_THEIRS), status=409)
        woken(services, taken.told)
        return go(f"{PATH}/case/{handoff_id}")

    @bp.post("/case/<handoff_id:str>/put-back", name="put_back")
    async def put_back(request: Request, handoff_id: str) -> HTTPResponse:
        reason = chosen(request)
        if reason is None:
            return await show(desk, request, handoff_id, error=say(NO_REASON), status=422)
        me = signed(request).counsellor.id
        left = await services.db.run(holding.put_back, services.outbound, handoff_id, me, reason)
        if not left.cases:
            return await show(desk, request, handoff_id, error=say(NOT_THEIRS), status=409)
        woken(services, *left.told)
        return go(f"{PATH}/")

    @bp.post("/staff/<counsellor_id:str>/end-duty", name="end_duty")
    async def end_duty(request: Request, counsellor_id: str) -> HTTPResponse:
        reason, me = chosen(request), signed(request).counsellor.id
        if reason is not None:
            left = await services.db.run(_end_duty, services.outbound, counsellor_id, me, reason)
            woken(services, *left.told)
        return go(f"{PATH}/staff")


def chosen(request: Request) -> str | None:
    """The reason she chose; None for none of ours."""
    reason = field(request, "reason", 20)
    return reason if reason in OVERRIDES else None


def _end_duty(
    tx: Tx, outbound: holding.Says, counsellor_id: str, me: str, reason: str
) -> holding.Left:
    """A colleague is on duty no longer, and her cases are in the queue."""
    who = counsellors.get(tx, counsellor_id)
    if who is None or who.id == me:
        raise NotFound("no such colleague")
    left = [holding.put_back(tx, outbound, one, me, reason) for one in shift.cases_of(tx, who.id)]
    if who.on_duty:
        duty.end(tx, who.id)
        audit.write(tx, "duty_ended_by", me, who.id, reason)
    return holding.together(left)

"""One case: read, take, give back, close. Writing stands in write_pages.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, json

from bot.desk import holding, reading
from bot.desk.case_view import CaseView, case_view, phase_of
from bot.desk.ready_replies import offered, revealing_words
from bot.desk.speech import say
from bot.desk.views import Board, board
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import misuse, queue
from bot.handoff.call_plan import NOTED
from bot.store import audit, counsellors
from bot.store.conversations import Conversation
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.services import Services

LONGEST_REPLY = 1500  # characters; ten SMS segments

NOT_YOURS = "Saken er ikke hos deg nå. Ingenting ble gjort."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _read(bp, desk)
    _hold(bp, desk)


def _read(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/case/<handoff_id:str>", name="case")
    async def case(request: Request, handoff_id: str) -> HTTPResponse:
        return await show(desk, request, handoff_id)

    @bp.post("/case/<handoff_id:str>/number", name="number")
    async def number(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        shown = await services.db.run(_number, handoff_id, me)
        if shown is None:
            raise NotFound("no number for you")
        if wants_json(request):
            return json({"number": shown})
        return await show(desk, request, handoff_id, number=shown)

    @bp.get("/case/<handoff_id:str>/quote/<which:int>", name="quote")
    async def quote(request: Request, handoff_id: str, which: int) -> HTTPResponse:
        me = signed(request).counsellor.id
        words = await services.db.run(_quote, handoff_id, me, which)
        if words is None:
            raise NotFound("no such quote")
        if wants_json(request):
            return json({"quote": words})
        return desk.page(request, "quote.html", words=words, case_id=handoff_id)


def _hold(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/take", name="take")
    async def take(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        lease = services.settings.lease
        taken = await services.db.run(holding.take, services.outbound, handoff_id, me, lease)
        if taken.holder is None:
            raise NotFound("no such case")
        woken(services, taken.told)
        if taken.holder == me:
            return go(f"{PATH}/case/{handoff_id}")
        name = (await services.db.run(counsellors.names)).get(taken.holder)
        error = (
            say("{name} har allerede tatt saken.", name=name)
            if name
            else say("Saken er ikke ledig lenger.")
        )
        return await show(desk, request, handoff_id, error=error, status=409)

    @bp.post("/case/<handoff_id:str>/give-back", name="give_back")
    async def give_back(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        left = await services.db.run(holding.give_back, services.outbound, handoff_id, me)
        if not left.cases:
            return await show(desk, request, handoff_id, error=say(NOT_YOURS), status=409)
        woken(services, *left.told)
        return go(f"{PATH}/")

    @bp.post("/case/<handoff_id:str>/close", name="close")
    async def close(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        outcome = field(request, "outcome", 40)
        if outcome not in queue.OUTCOMES:
            error = say("Velg hva det ble til, før du avslutter.")
            return await show(desk, request, handoff_id, error=error, status=422)
        left = await services.db.run(holding.close, services.outbound, handoff_id, me, outcome)
        if not left.cases:
            return await show(desk, request, handoff_id, error=say(NOT_YOURS), status=409)
        woken(services, *left.told)
        return go(f"{PATH}/")


async def show(
    desk: Desk,
    request: Request,
    handoff_id: str,
    *,
    error: str | None = None,
    status: int = 200,
    number: str | None = None,
    text: str = "",
    missed: str = "",
) -> HTTPResponse:
    """The page of a case. `number` only in the answer to "Vis nummer"; `text` was not sent, nor
    was `missed` kept."""
    me = signed(request).counsellor.id
    seen, view = await desk.services.db.run(
        _open, handoff_id, me, desk.services.settings.duty_timeout
    )
    if view is None:
        raise NotFound("no such case")
    ready = []
    if view.phase == "mine":
        content, row = desk.services.content, view.row
        ready = await desk.services.db.run(offered, content, row.lang, row.channel)
    return desk.page(
        request,
        "case.html",
        status=status,
        board=seen,
        view=view,
        error=error,
        number=number,
        text=text,
        missed=missed,
        ready=ready,
        reveals=revealing_words(view.row.lang),
        outcomes=queue.OUTCOMES,
        noted=NOTED,
        misuse_kinds=misuse.KINDS,
        longest=LONGEST_REPLY,
        can_call=desk.services.telephone is not None,
    )


def woken(services: Services, *told: Conversation | None) -> None:
    """After the commit: the desk's pages, and those of the persons who were told something."""
    services.events.publish("desk")
    for conversation in told:
        if conversation is not None:
            services.outbound.sent(conversation)


def _open(tx: Tx, handoff_id: str, me: str, duty_timeout: int) -> tuple[Board, CaseView | None]:
    view = case_view(tx, handoff_id, me)
    if view is not None and view.phase == "waiting":
        audit.write(tx, "case_opened", me, handoff_id)
    reading.case(tx, me, view)
    return board(tx, me, duty_timeout), view


def _number(tx: Tx, handoff_id: str, me: str) -> str | None:
    case = queue.case(tx, handoff_id)
    if case is None or phase_of(case, me) != "mine" or case.draft is None:
        return None
    if case.draft.contact.number is not None:
        audit.write(tx, "number_shown", me, handoff_id)
    return case.draft.contact.number


def _quote(tx: Tx, handoff_id: str, me: str, which: int) -> str | None:
    case = queue.case(tx, handoff_id)
    if case is None or phase_of(case, me) not in ("waiting", "mine") or case.draft is None:
        return None
    words = case.draft.own_words
    if not 0 <= which < len(words):
        return None
    audit.write(tx, "quote_opened", me, handoff_id)
    return words[which]


def wants_json(request: Request) -> bool:
    """Asked for by the page's script."""
    return "application/json" in request.headers.get("accept", "")

"""Misuse at the desk: a mark in one's case, a colleague's second look, undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk.case_pages import show
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.desk.wording import NO_MISUSE
from bot.handoff import misuse
from bot.store import audit, counsellors, handoffs, messages
from bot.store import misuse as marks
from bot.store.database import Tx
from bot.store.misuse import Mark

MOST_LINES = 20
"""Messages that a second look shows: enough to judge by, no more."""


@dataclass(frozen=True)
class Row:
    """One mark on the page."""

    mark: Mark
    designation: str
    waits: bool  # for a second look
    mine: bool
    blocked: bool


@dataclass(frozen=True)
class Line:
    """One message that the second look is about."""

    author: str
    text: str
    at: datetime


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _list(bp, desk)
    _mark(bp, desk)
    _second(bp, desk)


def _list(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/misuse", name="misuse_list")
    async def misuse_list(request: Request) -> HTTPResponse:
        return await listed(desk, request)

    @bp.get("/misuse/<mark_id:str>", name="misuse_look")
    async def misuse_look(request: Request, mark_id: str) -> HTTPResponse:
        """The messages since the case was taken, for the colleague who decides; audited."""
        me = signed(request).counsellor.id
        lines = await services.db.run(_lines, mark_id, me)
        if lines is None:
            raise NotFound("nothing to look at")
        return desk.page(request, "misuse_look.html", mark_id=mark_id, lines=lines)


def _mark(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/misuse", name="misuse_mark")
    async def mark(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        asked = [field(request, name, 20) for name in ("kind", "measure", "length")]
        conversation_id = await services.db.run(_conversation, handoff_id)

        def work(tx: Tx, _conversation_id: str) -> misuse.Refusal | None:
            return misuse.mark(tx, handoff_id, me, *asked)

        why = await services.turn.alone(conversation_id, work)
        if why is not None:
            error = say(NO_MISUSE[why])
            return await show(desk, request, handoff_id, error=error, status=422)
        services.events.publish("desk")
        return go(f"{PATH}/case/{handoff_id}")


def _second(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/misuse/<mark_id:str>/second", name="misuse_second")
    async def second(request: Request, mark_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        agrees = field(request, "agrees") == "yes"

        def work(tx: Tx, _conversation_id: str) -> misuse.Refusal | None:
            return misuse.second_look(tx, mark_id, me, agrees)

        return await done(request, mark_id, work)

    @bp.post("/misuse/<mark_id:str>/undo", name="misuse_undo")
    async def undo(request: Request, mark_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id

        def work(tx: Tx, _conversation_id: str) -> misuse.Refusal | None:
            return misuse.undo(tx, mark_id, me)

        return await done(request, mark_id, work)

    async def done(request: Request, mark_id: str, work: misuse.Work) -> HTTPResponse:
        row = await services.db.run(marks.get, mark_id)
        if row is None:
            raise NotFound("no such mark")
        why = await services.turn.alone(row.conversation_id, work)
        services.events.publish("desk")
        if why is not None:
            return await listed(desk, request, say(NO_MISUSE[why]), 409)
        return go(f"{PATH}/misuse")


async def listed(
    desk: Desk, request: Request, error: str | None = None, status: int = 200
) -> HTTPResponse:
    """All marks that stand, and who made them."""
    me = signed(request).counsellor.id
    rows, names = await desk.services.db.run(_rows, me)
    return desk.page(request, "misuse.html", status, rows=rows, names=names, error=error)


def _rows(tx: Tx, me: str) -> tuple[list[Row], dict[str, str]]:
    rows = [
        Row(
            mark,
            designation,
            waits=misuse.waits_for_second(mark, tx.now),
            mine=mark.counsellor_id == me,
            blocked=mark.until is not None and mark.until > tx.now,
        )
        for mark, designation in misuse.standing(tx)
    ]
    return rows, counsellors.names(tx)


def _conversation(tx: Tx, handoff_id: str) -> str:
    row = handoffs.get(tx, handoff_id)
    if row is None or row.conversation_id is None:
        return ""
    return row.conversation_id


def _lines(tx: Tx, mark_id: str, me: str) -> list[Line] | None:
    """What was written since the marked case was taken, while it waits for a second look."""
    mark = marks.get(tx, mark_id)
    if mark is None or mark.counsellor_id == me or not misuse.waits_for_second(mark, tx.now):
        return None
    row = handoffs.get(tx, mark.handoff_id)
    if row is None:
        return None
    audit.write(tx, "misuse_looked", me, mark.handoff_id)
    found = messages.since(tx, mark.conversation_id, row.taken_at or mark.at)
    return [Line(one.author, one.reply.text, one.at) for one in found[-MOST_LINES:]]

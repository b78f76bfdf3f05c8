"""The shift: beginning and ending it, pause, sound test, notes to the next one, shifts to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk import holding, sessions
from bot.desk.case_pages import woken
from bot.desk.speech import say
from bot.desk.views import Board, board
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import shift
from bot.store import audit, handoffs, shift_notes
from bot.store.database import Tx
from bot.store.handoffs import HandoffRow
from bot.store.shift_notes import Planned, ShiftNote

HERE = ZoneInfo("Europe/Oslo")
USUAL = timedelta(hours=8)  # a shift whose end was not given
LONGEST_NOTE = 600
PLANNED_AHEAD = timedelta(days=7)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")
_SHIFT = f"{PATH}/shift"


@dataclass(frozen=True)
class ShiftView:
    """The page: who is on duty, what the last shift left, and when the next one begins."""

    board: Board
    notes: list[ShiftNote]
    planned: list[Planned]
    usual_end: datetime


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _duty(bp, desk)
    _notes(bp, desk)
    _plans(bp, desk)


def _duty(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/shift", name="shift")
    async def shift_page(request: Request) -> HTTPResponse:
        return await show(desk, request)

    @bp.post("/duty", name="duty")
    async def duty(request: Request) -> HTTPResponse:
        who, wanted = signed(request), field(request, "on", 10)
        if wanted == "no":
            asked = await leave_cases(desk, request, "duty")
            if asked is not None:
                return asked
            await services.db.run(sessions.end_duty, who)
        elif wanted in ("pause", "resume"):
            await services.db.run(sessions.pause, who, wanted == "pause")
        else:
            until = until_of(field(request, "until", 10), services.db.clock())
            if until is None:
                return await show(desk, request, error=say("Skriv klokkeslettet slik: 07:00."))
            await services.db.run(sessions.begin_duty, who, until)
        services.events.publish("desk")
        return go(f"{PATH}/" if wanted == "yes" else _SHIFT)


def _notes(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/shift/note", name="shift_note")
    async def note(request: Request) -> HTTPResponse:
        text = field(request, "note", LONGEST_NOTE).replace("\r\n", "\n").strip()
        if not text:
            return await show(desk, request, error=say("Notatet var tomt."))
        await services.db.run(_write, signed(request).counsellor.id, text)
        return go(f"{_SHIFT}#notater")

    @bp.post("/shift/note/<note_id:str>/remove", name="shift_note_remove")
    async def remove(request: Request, note_id: str) -> HTTPResponse:
        await services.db.run(_remove, signed(request).counsellor.id, note_id)
        return go(f"{_SHIFT}#notater")


def _plans(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/shift/plan", name="shift_plan")
    async def plan(request: Request) -> HTTPResponse:
        now = services.db.clock()
        starts = on_day(field(request, "day", 10), field(request, "starts", 10), now)
        until = None if starts is None else until_of(field(request, "until", 10), starts)
        if starts is None or until is None or until <= now:
            error = say("Velg dag, og skriv når vakten begynner og slutter, slik: 07:00.")
            return await show(desk, request, error=error)
        await services.db.run(_plan, signed(request).counsellor.id, starts, until)
        return go(f"{_SHIFT}#neste")

    @bp.post("/shift/plan/<planned_id:str>/remove", name="shift_unplan")
    async def unplan(request: Request, planned_id: str) -> HTTPResponse:
        await services.db.run(_unplan, signed(request).counsellor.id, planned_id)
        return go(f"{_SHIFT}#neste")


async def show(desk: Desk, request: Request, error: str | None = None) -> HTTPResponse:
    """The page of the shift."""
    who, services = signed(request), desk.services
    view = await services.db.run(_look, who.counsellor.id, services.settings.duty_timeout)
    days = [view.board.now + timedelta(days=day) for day in range(PLANNED_AHEAD.days)]
    return desk.page(
        request,
        "shift.html",
        status=200 if error is None else 422,
        error=error,
        board=view.board,
        view=view,
        at_queue=False,
        days=days,
        longest=LONGEST_NOTE,
        reads_codes=services.centre.phone_line.reads_codes,
    )


async def leave_cases(desk: Desk, request: Request, action: str) -> HTTPResponse | None:
    """Whoever goes with cases in hand is asked first; with a yes they go back to the queue.

    None when nothing stands in the way (any more). `action`: the route that is asked again.
    """
    services, me = desk.services, signed(request).counsellor.id
    if field(request, "cases", 20) == "give_back":
        left = await services.db.run(holding.give_back_all, services.outbound, me)
        woken(services, *left.told)
        return None
    mine = await services.db.run(_mine, me)
    if not mine:
        return None
    address = f"{PATH}/sign-out" if action == "sign_out" else f"{PATH}/duty"
    return desk.page(request, "leaving.html", status=409, mine=mine, address=address)


def until_of(text: str, now: datetime) -> datetime | None:
    """The next time the clock in Norway shows this; without a text the usual length of a shift."""
    if not text.strip():
        return now + USUAL
    at = _clock(text)
    if at is None:
        return None
    local = now.astimezone(HERE)
    found = datetime.combine(local.date(), at, HERE)
    if found <= local:
        found = datetime.combine(local.date() + timedelta(days=1), at, HERE)
    return found.astimezone(now.tzinfo)


def on_day(day: str, text: str, now: datetime) -> datetime | None:
    """A clock on a day ("2026-11-23") within the days that can be planned; None else."""
    at = _clock(text)
    try:
        date = datetime.strptime(day, "%Y-%m-%d").date()
    except ValueError:
        return None
    if at is None:
        return None
    found = datetime.combine(date, at, HERE).astimezone(now.tzinfo)
    return found if timedelta(days=-1) < found - now < PLANNED_AHEAD else None


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text.strip())
    return None if found is None else time(int(found[1]), int(found[2]))


def _look(tx: Tx, me: str, duty_timeout: int) -> ShiftView:
    end = (tx.now + USUAL).astimezone(HERE).replace(minute=0)
    return ShiftView(
        board=board(tx, me, duty_timeout),
        notes=shift_notes.latest(tx),
        planned=shift_notes.to_come(tx),
        usual_end=end,
    )


def _mine(tx: Tx, me: str) -> list[HandoffRow]:
    rows = [handoffs.get(tx, one) for one in shift.cases_of(tx, me)]
    return [row for row in rows if row is not None]


def _write(tx: Tx, me: str, text: str) -> None:
    audit.write(tx, "shift_noted", me, shift_notes.write(tx, me, text))


def _remove(tx: Tx, me: str, note_id: str) -> None:
    if shift_notes.remove(tx, note_id):
        audit.write(tx, "shift_note_removed", me, note_id)


def _plan(tx: Tx, me: str, starts_at: datetime, until: datetime) -> None:
    audit.write(tx, "shift_planned", me, shift_notes.plan(tx, me, starts_at, until))


def _unplan(tx: Tx, me: str, planned_id: str) -> None:
    if shift_notes.unplan(tx, planned_id):
        audit.write(tx, "shift_unplanned", me, planned_id)

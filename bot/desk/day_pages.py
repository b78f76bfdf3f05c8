"""Dagtilbud: the list of wishes for a talk, and one wish with what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.channels.messages import Lang
from bot.day_service import proposing, when, wishes
from bot.day_service.proposing import Done
from bot.day_service.wishes import Proposal
from bot.desk.day_view import WishLine, board, line
from bot.desk.ready_replies import reveals
from bot.desk.speech import say, spoken
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.handoff.cases import Case
from bot.store import audit, counsellors, day_wishes
from bot.store.database import Tx

HERE = f"{PATH}/day-service"
LONGEST_PLACE = 60
REFUSED = {
    "gone": "Ønsket finnes ikke lenger. Ingenting ble gjort.",
    "take_first": "Ta saken først. Ingenting ble sendt.",
    "not_yours": "En kollega har saken. Ingenting ble sendt.",
    "changed": "Noe er endret siden du åpnet siden: en kollega eller personen var raskere. "
    "Les på nytt. Ingenting ble gjort.",
    "ended": "Ønsket er avsluttet. Ingenting ble sendt.",
    "none": "Velg minst én dato med klokkeslett. Ingenting ble sendt.",
    "many": "Foreslå høyst tre tider. Ingenting ble sendt.",
    "past": "Velg en tid som ikke er over. Ingenting ble sendt.",
    "far": "Velg en tid innen tre måneder. Ingenting ble sendt.",
    "same": "To av tidene er like. Ingenting ble sendt.",
    "erased": "Samtalen er slettet, så personen kan ikke få dette her. Ring hvis det er trygt.",
    "no_answer": "Det er ingen valgt tid å bekrefte. Ingenting ble sendt.",
    "half": "En av tidene mangler dato eller klokkeslett. Ingenting ble sendt.",
    "place": "Stedet sier hva dette gjelder. Skriv bare det som kan stå på telefonen, eller kryss "
    "av for at stedet ikke skal sendes. Ingenting ble sendt.",
    "one": "Skriv bare den ene tiden dere er enige om. Ingenting ble sendt.",
    "outcome": "Velg hva det ble til. Ingenting ble gjort.",
}


@dataclass(frozen=True)
class Sheet:
    """The proposal form as it was sent; kept to be shown again when something was wrong with it."""

    days: tuple[str, ...] = ("", "", "")
    clocks: tuple[str, ...] = ("", "", "")
    place: str = ""
    own_place: str = ""
    hide_place: bool = False
    tongue: str | None = None


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _read(bp, desk)
    _act(bp, desk)


def _read(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/day-service", name="day_service")
    async def day_service(request: Request) -> HTTPResponse:
        seen = await services.db.run(board, signed(request).counsellor.id)
        return desk.page(request, "day_service.html", board=seen)

    @bp.get("/day-service/<handoff_id:str>", name="day_wish")
    async def day_wish(request: Request, handoff_id: str) -> HTTPResponse:
        return await _show(desk, request, handoff_id)

    @bp.post("/day-service/<handoff_id:str>/number", name="day_number")
    async def day_number(request: Request, handoff_id: str) -> HTTPResponse:
        number = await services.db.run(proposing.number, _who(desk, request, handoff_id))
        error = None if number else say("Det er ikke noe nummer å vise.")
        status = 200 if number else 409
        return await _show(desk, request, handoff_id, number=number, error=error, status=status)


def _act(bp: Blueprint, desk: Desk) -> None:
    @bp.post("/day-service/<handoff_id:str>/propose", name="day_propose")
    async def propose(request: Request, handoff_id: str) -> HTTPResponse:
        sheet = _sheet(request)
        found = await _proposals(desk, handoff_id, sheet)
        if isinstance(found, str):
            return await _refused(desk, request, handoff_id, found, sheet)
        who = _who(desk, request, handoff_id)
        tongue = sheet.tongue or ""
        if field(request, "do", 20) != "agree":
            work = lambda tx, _id: proposing.propose(tx, who, found, tongue)  # noqa: E731
        elif len(found) != 1:
            return await _refused(desk, request, handoff_id, "one", sheet)
        else:
            work = lambda tx, _id: proposing.agree(tx, who, found[0], tongue)  # noqa: E731
        return await _done(desk, request, handoff_id, work, sheet)

    @bp.post("/day-service/<handoff_id:str>/confirm", name="day_confirm")
    async def confirm(request: Request, handoff_id: str) -> HTTPResponse:
        who = _who(desk, request, handoff_id)
        return await _done(
            desk, request, handoff_id, lambda tx, _id: proposing.confirm(tx, who), Sheet()
        )

    @bp.post("/day-service/<handoff_id:str>/call-off", name="day_call_off")
    async def call_off(request: Request, handoff_id: str) -> HTTPResponse:
        who = _who(desk, request, handoff_id)
        return await _done(
            desk, request, handoff_id, lambda tx, _id: proposing.call_off(tx, who), Sheet()
        )

    @bp.post("/day-service/<handoff_id:str>/end", name="day_end")
    async def end(request: Request, handoff_id: str) -> HTTPResponse:
        outcome = field(request, "outcome", 20)
        if outcome not in wishes.OUTCOMES:
            return await _refused(desk, request, handoff_id, "outcome", Sheet())
        who = _who(desk, request, handoff_id)
        return await _done(
            desk, request, handoff_id, lambda tx, _id: proposing.end(tx, who, outcome), Sheet()
        )


async def _done(
    desk: Desk,
    request: Request,
    handoff_id: str,
    work: Callable[[Tx, str], Done],
    sheet: Sheet,
) -> HTTPResponse:
    """Carry it out beside no turn of the person, wake the pages, and show what came of it."""
    services = desk.services
    conversation_id = await services.db.run(_conversation, handoff_id)
    done = await services.turn.alone(conversation_id, work)
    if done.refused is not None:
        return await _refused(desk, request, handoff_id, done.refused, sheet)
    services.events.publish("desk")
    if done.told is not None:
        services.outbound.sent(done.told)
    return go(f"{HERE}/{handoff_id}")


async def _refused(
    desk: Desk, request: Request, handoff_id: str, why: str, sheet: Sheet
) -> HTTPResponse:
    status = 409 if why in ("gone", "take_first", "not_yours", "changed", "ended") else 422
    return await _show(
        desk, request, handoff_id, error=say(REFUSED[why]), status=status, sheet=sheet
    )


async def _show(
    desk: Desk,
    request: Request,
    handoff_id: str,
    *,
    error: str | None = None,
    status: int = 200,
    number: str | None = None,
    sheet: Sheet | None = None,
) -> HTTPResponse:
    me = signed(request).counsellor.id
    case, seen, names = await desk.services.db.run(_open, handoff_id, me)
    if case is None:
        raise NotFound("no such case")
    day = desk.services.centre.day_service
    return desk.page(
        request,
        "day_wish.html",
        status=status,
        case=case,
        wish=seen,
        names=names,
        error=error,
        number=number,
        sheet=sheet or Sheet(),
        places=[(one.id, one.called(spoken()), one.told("nb") is not None) for one in day.places],
        hours=day.hours.get(spoken()) or day.hours.get("nb", ""),
        outcomes=wishes.OUTCOMES,
        longest=LONGEST_PLACE,
        here="day_service",
    )


def _open(tx: Tx, handoff_id: str, me: str) -> tuple[Case | None, WishLine | None, dict[str, str]]:
    case = queue.case(tx, handoff_id)
    row = day_wishes.of_handoff(tx, handoff_id)
    if row is None:
        mine = case is not None and case.status == "taken" and case.taken_by == me
        return (case if mine else None), None, {}
    if not audit.read_lately(tx, ["day_opened"], me, [handoff_id], tx.now - when.STEP):
        audit.write(tx, "day_opened", me, handoff_id)
    return case, line(tx, wishes.read(tx, row), me), counsellors.names(tx)


def _conversation(tx: Tx, handoff_id: str) -> str:
    row = day_wishes.of_handoff(tx, handoff_id)
    if row is not None:
        return row.conversation_id or ""
    case = queue.case(tx, handoff_id)
    return (case.conversation_id if case is not None else None) or ""


def _who(desk: Desk, request: Request, handoff_id: str) -> proposing.Desk:
    version = field(request, "version", 9)
    return proposing.Desk(
        desk.services.outbound,
        desk.services.content,
        signed(request).counsellor.id,
        handoff_id,
        int(version) if version.isdecimal() else -1,
    )


def _sheet(request: Request) -> Sheet:
    return Sheet(
        tuple(field(request, f"day{n}", 10) for n in (1, 2, 3)),
        tuple(field(request, f"clock{n}", 5) for n in (1, 2, 3)),
        field(request, "place", 40),
        " ".join(field(request, "own_place", LONGEST_PLACE).split()),
        field(request, "hide_place") == "yes",
        " ".join(field(request, "tongue", LONGEST_PLACE).split()),
    )


async def _proposals(desk: Desk, handoff_id: str, sheet: Sheet) -> list[Proposal] | str:
    """The times of the form, or why they are none."""
    lang = await desk.services.db.run(_lang, handoff_id)
    place, told = _place(desk, sheet, lang)
    if told and reveals(desk.services.content, place, lang):
        return "place"
    found = []
    for day, clock in zip(sheet.days, sheet.clocks, strict=True):
        if not day and not clock:
            continue
        at = when.from_form(day, clock)
        if at is None:
            return "half"
        found.append(Proposal(at, place, told))
    return found


def _place(desk: Desk, sheet: Sheet, lang: Lang) -> tuple[str, bool]:
    """What the place is called, and whether it may be written to the person."""
    known = desk.services.centre.day_service.place(sheet.place)
    if known is not None:
        return known.called(lang), known.told(lang) is not None and not sheet.hide_place
    return sheet.own_place, bool(sheet.own_place) and not sheet.hide_place


def _lang(tx: Tx, handoff_id: str) -> Lang:
    case = queue.case(tx, handoff_id)
    return "nb" if case is None else case.row.lang

"""One case: read, take, write, note, give back, close."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, json

from bot.desk.case_view import CaseView, case_view, phase_of
from bot.desk.views import Board, board
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.store import audit, counsellors
from bot.store.database import Tx

LONGEST_REPLY = 1500  # characters; ten SMS segments
LONGEST_NOTE = 2000
REMEMBERED = 500

# What the person is told (ids in content/system), through the gate.
TAKEN_SENTENCE = "counsellor_taken"
GIVEN_BACK_SENTENCE = "counsellor_away"  # back in the queue, and the bot answers meanwhile
CLOSED_SENTENCE = "given_back"  # the bot answers again

NOT_YOURS = "Saken er ikke hos deg nå. Ingenting ble gjort."
ERASED = "Meldingen ble ikke sendt: samtalen er slettet."
UNSAFE = "Meldingen ble ikke sendt. Les advarselen, og kryss av hvis du likevel vil skrive."
NOT_SENT = {"erased": ERASED, "unsafe": UNSAFE}


class Once:
    """Remembers which forms were sent, so that pressing twice does not write twice."""

    def __init__(self) -> None:
        self._seen: deque[str] = deque(maxlen=REMEMBERED)

    def first(self, mark: str) -> bool:
        """True the first time; a form without a mark is always new."""
        if mark and mark in self._seen:
            return False
        self._seen.append(mark)
        return True

    def forget(self, mark: str) -> None:
        """It did not go out after all."""
        if mark in self._seen:
            self._seen.remove(mark)


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _read(bp, desk)
    _hold(bp, desk)
    _write(bp, desk)


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
        if _wants_json(request):
            return json({"number": shown})
        return await show(desk, request, handoff_id, number=shown)

    @bp.get("/case/<handoff_id:str>/quote/<which:int>", name="quote")
    async def quote(request: Request, handoff_id: str, which: int) -> HTTPResponse:
        me = signed(request).counsellor.id
        words = await services.db.run(_quote, handoff_id, me, which)
        if words is None:
            raise NotFound("no such quote")
        if _wants_json(request):
            return json({"quote": words})
        return desk.page(request, "quote.html", words=words, case_id=handoff_id)


def _hold(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/take", name="take")
    async def take(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        holder = await services.db.run(_take, handoff_id, me, services.settings.lease)
        if holder is None:
            raise NotFound("no such case")
        services.events.publish("desk")
        if holder == me:
            await _tell(desk, handoff_id, TAKEN_SENTENCE)
            return go(f"{PATH}/case/{handoff_id}")
        name = (await services.db.run(counsellors.names)).get(holder)
        error = f"{name} har allerede tatt saken." if name else "Saken er ikke ledig lenger."
        return await show(desk, request, handoff_id, error=error, status=409)

    @bp.post("/case/<handoff_id:str>/give-back", name="give_back")
    async def give_back(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        if not await services.db.run(_give_back, handoff_id, me):
            return await show(desk, request, handoff_id, error=NOT_YOURS, status=409)
        services.events.publish("desk")
        await _tell(desk, handoff_id, GIVEN_BACK_SENTENCE)
        return go(f"{PATH}/")

    @bp.post("/case/<handoff_id:str>/close", name="close")
    async def close(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        outcome = field(request, "outcome", 40)
        if outcome not in queue.OUTCOMES:
            error = "Velg hva det ble til, før du avslutter."
            return await show(desk, request, handoff_id, error=error, status=422)
        if not await services.db.run(_close, handoff_id, me, outcome):
            return await show(desk, request, handoff_id, error=NOT_YOURS, status=409)
        services.events.publish("desk")
        await _tell(desk, handoff_id, CLOSED_SENTENCE)
        return go(f"{PATH}/")


def _write(bp: Blueprint, desk: Desk) -> None:
    services = desk.services
    once = Once()

    @bp.post("/case/<handoff_id:str>/reply", name="reply")
    async def reply(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        text = field(request, "text", LONGEST_REPLY + 1).replace("\r\n", "\n").strip()
        mark = field(request, "once", 60)
        error = _length(text)
        if error is None and once.first(mark):
            error = await services.db.run(_may_reply, handoff_id, me)
            if error is None:
                sent = await services.outbound.from_desk(
                    handoff_id,
                    text,
                    safe_now=field(request, "warned") == "yes",
                    note=lambda tx: audit.write(tx, "case_written", me, handoff_id),
                )
                error = NOT_SENT.get(sent)
            if error is not None:
                once.forget(mark)
        services.events.publish("desk")
        return await _answer(desk, request, handoff_id, error, text)

    @bp.post("/case/<handoff_id:str>/note", name="note")
    async def note(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        text = field(request, "note", LONGEST_NOTE).replace("\r\n", "\n").strip()
        if not await services.db.run(_note, handoff_id, me, text):
            error = NOT_YOURS if text else "Notatet var tomt."
            return await show(desk, request, handoff_id, error=error, status=422)
        return go(f"{PATH}/case/{handoff_id}#notater")


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
        outcomes=queue.OUTCOMES,
        longest=LONGEST_REPLY,
        can_call=desk.services.telephone is not None,
    )


async def _answer(
    desk: Desk, request: Request, handoff_id: str, error: str | None, text: str
) -> HTTPResponse:
    status = 200 if error is None else 422
    if _wants_json(request):
        return json({"error": error}, status=status)
    if error is None:
        return go(f"{PATH}/case/{handoff_id}#samtale")
    return await show(desk, request, handoff_id, error=error, status=status, text=text)


async def _tell(desk: Desk, handoff_id: str, sentence: str) -> None:
    """The person is told who answers now, if the gate lets it through."""
    conversation_id = await desk.services.db.run(_told, handoff_id)
    if conversation_id is not None:
        await desk.services.outbound.unprompted(conversation_id, sentence)


def _told(tx: Tx, handoff_id: str) -> str | None:
    """The conversation to tell. Whoever chose to be called gets no SMS about it: it could come
    hours later, to a phone that somebody else holds."""
    case = queue.case(tx, handoff_id)
    if case is None or (case.row.channel == "sms" and case.row.how != "write_now"):
        return None
    return case.conversation_id


def _open(tx: Tx, handoff_id: str, me: str, duty_timeout: int) -> tuple[Board, CaseView | None]:
    view = case_view(tx, handoff_id, me)
    if view is not None and view.phase == "waiting":
        audit.write(tx, "case_opened", me, handoff_id)
    return board(tx, me, duty_timeout), view


def _take(tx: Tx, handoff_id: str, me: str, lease: int) -> str | None:
    """Who has it now; "" when nobody does (it is over); None when there is no such case."""
    if queue.take(tx, handoff_id, me, timedelta(seconds=lease)):
        audit.write(tx, "case_taken", me, handoff_id)
        _see_its_alarms(tx, handoff_id, me)
        return me
    case = queue.case(tx, handoff_id)
    return None if case is None else case.taken_by or ""


def _see_its_alarms(tx: Tx, handoff_id: str, me: str) -> None:
    """Whoever takes the person has taken responsibility for their alarms too."""
    for alarm in _its_alarms(tx, handoff_id, "open"):
        if queue.see_alarm(tx, alarm.id, me):
            audit.write(tx, "alarm_seen", me, alarm.id)


def _close_its_alarms(tx: Tx, handoff_id: str, me: str) -> None:
    """What the case was about is done with it. One that came since, and nobody saw, stays."""
    for alarm in _its_alarms(tx, handoff_id, "seen"):
        if queue.close_alarm(tx, alarm.id, me):
            audit.write(tx, "alarm_closed", me, alarm.id)


def _its_alarms(tx: Tx, handoff_id: str, status: str) -> list[queue.AlarmRow]:
    case = queue.case(tx, handoff_id)
    if case is None or case.conversation_id is None:
        return []
    alarms = [row for row in queue.list_alarms(tx) if row.status == status]
    return [row for row in alarms if row.conversation_id == case.conversation_id]


def _give_back(tx: Tx, handoff_id: str, me: str) -> bool:
    done = queue.give_back(tx, handoff_id, me)
    if done:
        audit.write(tx, "case_given_back", me, handoff_id)
    return done


def _close(tx: Tx, handoff_id: str, me: str, outcome: queue.Outcome) -> bool:
    done = queue.close(tx, handoff_id, me, outcome)
    if done:
        audit.write(tx, "case_closed", me, handoff_id)
        _close_its_alarms(tx, handoff_id, me)
    return done


def _note(tx: Tx, handoff_id: str, me: str, text: str) -> bool:
    done = queue.note(tx, handoff_id, me, text)
    if done:
        audit.write(tx, "case_noted", me, handoff_id)
    return done


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


def _may_reply(tx: Tx, handoff_id: str, me: str) -> str | None:
    """What stands in the way; None when it is hers. Then it is hers for a while longer."""
    return None if queue.renew(tx, handoff_id, me) else NOT_YOURS


def _length(text: str) -> str | None:
    if not text:
        return "Meldingen var tom."
    if len(text) > LONGEST_REPLY:
        return f"Meldingen er for lang: høyst {LONGEST_REPLY} tegn. Del den i to."
    return None


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")

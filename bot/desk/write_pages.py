"""Writing to a person, "skriver …", asking whether they are there, and notes to colleagues."""

from __future__ import annotations

from collections import deque

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, json

from bot.channels.events import conversation_topic
from bot.channels.outbound import danger_to
from bot.desk.case_pages import LONGEST_REPLY, NOT_YOURS, show, wants_json
from bot.desk.case_view import case_view, doubt_of
from bot.desk.ready_replies import Offer, offered
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.store import audit, case_events, conversations
from bot.store.database import Tx

LONGEST_NOTE = 2000
REMEMBERED = 500

STILL_THERE = "still_there"  # content/system: asked once in a silence, through the gate

NOT_SENT = {
    "erased": "Meldingen ble ikke sendt: samtalen er slettet.",
    "unsafe": "Meldingen ble ikke sendt. Les advarselen, og kryss av hvis du likevel vil skrive.",
}


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
    _reply(bp, desk)
    _beside(bp, desk)
    _note_page(bp, desk)


def _reply(bp: Blueprint, desk: Desk) -> None:
    services = desk.services
    once = Once()

    @bp.post("/case/<handoff_id:str>/reply", name="reply")
    async def reply(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        text = field(request, "text", LONGEST_REPLY + 1).replace("\r\n", "\n").strip()
        chosen = field(request, "ready", 40)
        if chosen:  # without script: the ready reply is put into the field, never sent at once
            return await _put_in(desk, request, handoff_id, text, chosen)
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
                error = say(NOT_SENT[sent]) if sent in NOT_SENT else None
            if error is not None:
                once.forget(mark)
        await _stops_typing(desk, handoff_id)
        services.events.publish("desk")
        return await _answer(desk, request, handoff_id, error, text)


def _beside(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/typing", name="typing")
    async def typing(request: Request, handoff_id: str) -> HTTPResponse:
        """Only that she writes, never what: no letter leaves the page before Send."""
        me = signed(request).counsellor.id
        conversation_id = await services.db.run(_may_show_typing, handoff_id, me)
        if conversation_id is not None:
            services.typing.begin(conversation_id)
            services.events.publish(conversation_topic(conversation_id))
        return empty()

    @bp.post("/case/<handoff_id:str>/still-there", name="still_there")
    async def still_there(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        conversation_id = await services.db.run(_may_ask_there, handoff_id, me)
        if conversation_id is None:
            error = say("Det er spurt allerede, eller saken er ikke hos deg nå.")
            return await show(desk, request, handoff_id, error=error, status=409)
        sent = await services.outbound.unprompted(
            conversation_id, STILL_THERE, lambda tx: _asked_there(tx, handoff_id, me)
        )
        services.events.publish("desk")
        if sent:
            return go(f"{PATH}/case/{handoff_id}#samtale")
        error = say("Ingenting ble sendt: det kan være utrygt å skrive nå.")
        return await show(desk, request, handoff_id, error=error, status=409)


def _note_page(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/case/<handoff_id:str>/note", name="note")
    async def note(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        text = field(request, "note", LONGEST_NOTE).replace("\r\n", "\n").strip()
        if not await services.db.run(_note, handoff_id, me, text):
            error = say(NOT_YOURS) if text else say("Notatet var tomt.")
            return await show(desk, request, handoff_id, error=error, status=422)
        return go(f"{PATH}/case/{handoff_id}#notater")


async def _put_in(
    desk: Desk, request: Request, handoff_id: str, text: str, chosen: str
) -> HTTPResponse:
    replies = await desk.services.db.run(_offers, desk, handoff_id)
    more = next((offer.text for offer in replies if offer.key == chosen), "")
    together = f"{text}\n{more}".strip()
    return await show(desk, request, handoff_id, text=together)


async def _answer(
    desk: Desk, request: Request, handoff_id: str, error: str | None, text: str
) -> HTTPResponse:
    status = 200 if error is None else 422
    if wants_json(request):
        return json({"error": error}, status=status)
    if error is None:
        return go(f"{PATH}/case/{handoff_id}#samtale")
    return await show(desk, request, handoff_id, error=error, status=status, text=text)


async def _stops_typing(desk: Desk, handoff_id: str) -> None:
    case = await desk.services.db.run(queue.case, handoff_id)
    if case is not None and case.conversation_id is not None:
        desk.services.typing.end(case.conversation_id)


def _offers(tx: Tx, desk: Desk, handoff_id: str) -> list[Offer]:
    case = queue.case(tx, handoff_id)
    if case is None:
        return []
    return offered(tx, desk.services.content, case.row.lang, case.row.channel)


def _may_show_typing(tx: Tx, handoff_id: str, me: str) -> str | None:
    """The web conversation of her case, while nothing speaks for somebody else at the screen."""
    case = queue.case(tx, handoff_id)
    if case is None or case.taken_by != me or case.row.channel != "web":
        return None
    conversation = conversations.of_handoff(tx, handoff_id)
    if conversation is None or danger_to(conversation) or doubt_of(conversation):
        return None
    return conversation.id


def _may_ask_there(tx: Tx, handoff_id: str, me: str) -> str | None:
    """The conversation to ask in: hers, and not asked since the person last wrote."""
    view = case_view(tx, handoff_id, me)
    if view is None or view.phase != "mine" or not view.may_ask_there:
        return None
    conversation = conversations.of_handoff(tx, handoff_id)
    return None if conversation is None else conversation.id


def _asked_there(tx: Tx, handoff_id: str, me: str) -> None:
    case_events.add(tx, handoff_id, "asked_there", me)
    audit.write(tx, "asked_there", me, handoff_id)


def _note(tx: Tx, handoff_id: str, me: str, text: str) -> bool:
    done = queue.note(tx, handoff_id, me, text)
    if done:
        audit.write(tx, "case_noted", me, handoff_id)
    return done


def _may_reply(tx: Tx, handoff_id: str, me: str) -> str | None:
    """What stands in the way; None when it is hers. Then it is hers for a while longer."""
    return None if queue.renew(tx, handoff_id, me) else say(NOT_YOURS)


def _length(text: str) -> str | None:
    if not text:
        return say("Meldingen var tom.")
    if len(text) > LONGEST_REPLY:
        return say(
            "Meldingen er for lang: høyst {longest} tegn. Del den i to.", longest=LONGEST_REPLY
        )
    return None

"""Who writes? A counsellor lays in the safe word the person said, or says that it is the person."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.case_pages import NOT_YOURS, show
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.safe_word import MOST_LETTERS, fault_of, normal_word
from bot.store import audit, conversations, presence
from bot.store.database import Tx

FAULTS = {
    "short": "Ordet er for kort: minst fire bokstaver. Ingenting ble lagret.",
    "long": "Det er for langt: høyst tre ord. Ingenting ble lagret.",
}
EASY = "Ordet er lett å gjette, eller betyr noe annet her. Velg et annet. Ingenting ble lagret."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    @bp.post("/case/<handoff_id:str>/safe-word", name="safe_word")
    async def safe_word(request: Request, handoff_id: str) -> HTTPResponse:
        said = field(request, "word", 4 * MOST_LETTERS)
        fault = fault_of(said, services.safety)
        if fault is not None:
            error = say(FAULTS.get(fault, EASY))
            return await show(desk, request, handoff_id, error=error, status=422)
        return await change(request, handoff_id, said)

    @bp.post("/case/<handoff_id:str>/same-person", name="same_person")
    async def same_person(request: Request, handoff_id: str) -> HTTPResponse:
        return await change(request, handoff_id, None)

    async def change(request: Request, handoff_id: str, word: str | None) -> HTTPResponse:
        me = signed(request).counsellor.id
        conversation_id = await services.db.run(_mine, handoff_id, me)
        if conversation_id is None:
            return await show(desk, request, handoff_id, error=say(NOT_YOURS), status=409)

        def work(tx: Tx, id: str) -> None:
            keep(tx, id, word)
            audit.write(tx, "same_person" if word is None else "safe_word_set", me, handoff_id)

        await services.turn.alone(conversation_id, work)
        services.events.publish("desk")
        return go(f"{PATH}/case/{handoff_id}")


def _mine(tx: Tx, handoff_id: str, me: str) -> str | None:
    """The conversation of a case that is hers now, and was not erased."""
    case = queue.case(tx, handoff_id)
    mine = case is not None and case.status == "taken" and case.taken_by == me
    return case.conversation_id if case is not None and mine else None


def keep(tx: Tx, conversation_id: str, word: str | None) -> None:
    """Lay in a safe word; None: it is the person, and it is safe now."""
    conversation = conversations.get(tx, conversation_id)
    if conversation is None:
        return
    state = conversation.state
    if word is not None:
        word_hash = presence.hash_word(tx, conversation_id, normal_word(word))
        presence.set_word(state, word_hash, strong=True)
    else:
        presence.bring_back(state)
        state.unproven, state.safe = False, "yes"
    conversations.save(tx, conversation)

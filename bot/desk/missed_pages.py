"""Writing down, after the person's yes, what the helpline did not understand."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.case_pages import NOT_YOURS, show
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import missed, queue
from bot.store import audit
from bot.store.database import Tx

REFUSED: dict[missed.Refusal, str] = {
    "not_yours": NOT_YOURS,
    "no_yes": "Personen har ikke sagt ja til dette. Ingenting ble lagret.",
    "empty": "Feltet var tomt. Ingenting ble lagret.",
    "long": "Det er for langt: høyst {longest} tegn. Ingenting ble lagret.",
    "copied": "Det står ord for ord i det personen skrev. Skriv det med dine ord. "
    "Ingenting ble lagret.",
    "redacted": "Et nummer eller en adresse er tatt ut. Les gjennom, og lagre en gang til. "
    "Ingenting er lagret ennå.",
}


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the route."""
    services = desk.services

    @bp.post("/case/<handoff_id:str>/missed", name="missed")
    async def keep(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        words = field(request, "missed", 2 * missed.LONGEST)
        conversation_id = await services.db.run(_conversation, handoff_id)

        def work(tx: Tx, _conversation_id: str) -> tuple[missed.Refusal | None, str]:
            return _keep(tx, handoff_id, me, words)

        # Beside no turn: one that runs would write its own state over what is noted here.
        why_not, left = await services.turn.alone(conversation_id, work)
        services.events.publish("desk")
        if why_not is None:
            return go(f"{PATH}/case/{handoff_id}#forsto-ikke")
        error = say(REFUSED[why_not], longest=missed.LONGEST)
        return await show(desk, request, handoff_id, error=error, status=422, missed=left)


def _conversation(tx: Tx, handoff_id: str) -> str:
    case = queue.case(tx, handoff_id)
    return (case.conversation_id if case is not None else None) or ""


def _keep(tx: Tx, handoff_id: str, me: str, words: str) -> tuple[missed.Refusal | None, str]:
    why_not, left = missed.keep(tx, handoff_id, me, words)
    if why_not is None:
        # Not which case: the log must not lead from what was kept to whose question it was.
        audit.write(tx, "missed_kept", me)
    return why_not, left

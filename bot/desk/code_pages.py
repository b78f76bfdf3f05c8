"""Six digits that a person reads out on the phone open the case, where the line reads codes.

A code has a million forms and a handful of open ones: wrong ones are counted for each counsellor
and for the whole desk, and every one is in the log.
"""

from __future__ import annotations

from datetime import timedelta

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.handoff import queue
from bot.handoff.codes import DIGITS
from bot.store import audit
from bot.store.database import Tx

WRONG_CODES = 8  # of one counsellor in TEN_MINUTES
WRONG_IN_ALL = 40  # of the whole desk in TEN_MINUTES
TEN_MINUTES = timedelta(minutes=10)

NO_CODES = "Telefonlinjen leser ikke koder her. Ingenting ble slått opp."
NOT_SIX = "En kode er seks tall. Se om alle er med."
TOO_MANY = "Det er prøvd mange feil koder. Vent ti minutter, og be om koden på nytt."
NOT_FOUND = "Fant ingen åpen sak med denne koden. Sjekk de seks tallene."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    @bp.get("/code", name="code_form")
    async def code_form(request: Request) -> HTTPResponse:
        return desk.page(request, "code.html", reads_codes=reads_codes())

    @bp.post("/code", name="code")
    async def code(request: Request) -> HTTPResponse:
        found, error = None, NO_CODES
        if reads_codes():
            me = signed(request).counsellor.id
            found, error = await services.db.run(look_up, field(request, "code", 20), me)
        if found is not None:
            return go(f"{PATH}/case/{found}")
        return desk.page(
            request, "code.html", status=422, error=say(error), reads_codes=reads_codes()
        )

    def reads_codes() -> bool:
        return bool(services.centre.phone_line.reads_codes)


def look_up(tx: Tx, code: str, counsellor_id: str) -> tuple[str | None, str]:
    """(handoff id, "") or (None, what to say)."""
    since = tx.now - TEN_MINUTES
    mine = audit.count_since(tx, "code_wrong", counsellor_id, since)
    if mine >= WRONG_CODES or audit.count_since(tx, "code_wrong", None, since) >= WRONG_IN_ALL:
        return None, TOO_MANY
    if sum(char.isdigit() for char in code) != DIGITS:
        return None, NOT_SIX
    found = queue.by_code(tx, code)
    if found is None:
        audit.write(tx, "code_wrong", counsellor_id)
        return None, NOT_FOUND
    audit.write(tx, "code_used", counsellor_id, found)
    return found, ""

"""The pages of a practice: the one-time link that signs in, and who may come.

They stand beside the desk and are made for a practice only, so no real desk has them.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import sessions, speech
from bot.desk.web import COOKIE, HEADERS, PATH, Desk, Signed, csrf_fits, field, first_page, go
from bot.practice.people import Person
from bot.practice.stage import Stage
from bot.practice.visit import Visit
from bot.services import Services
from bot.store import audit, desk_sessions
from bot.store.database import Tx

HERE = f"{PATH}/practice"
WHERE = {"coming": "skriver med boten", "waiting": "venter i køen", "talking": "skriver med deg"}
ENDINGS = {
    "closed": "Du avsluttet saken.",
    "left": "Personen gikk.",
    "erased": "Personen slettet alt.",
    "nobody": "Ingen tok saken i tide, og personen gikk.",
    "broken": "Øvingen stoppet. Det var ikke din feil.",
}


class Door:
    """Who may come in: whoever has the link, once."""

    def __init__(self, services: Services, account: str) -> None:
        self.services = services
        self._account = account
        self.token = secrets.token_urlsafe(24)

    async def session(self, token: str) -> str | None:
        """A session's token for the link's, once; None for every other."""
        if not self.token or not secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        self.token = ""
        return await self.services.db.run(_begin_session, self._account)

    async def who(self, request: Request) -> Signed | None:
        """Who is signed in at the desk."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        return await self.services.db.run(sessions.current, token, self.services.settings, False)


class PracticeDesk(Desk):
    """The desk's look, with the page of the practice."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        own = FileSystemLoader(Path(__file__).parent / "templates")
        loaders = [loader for loader in (self._templates.loader, own) if loader is not None]
        self._templates.loader = ChoiceLoader(loaders)


def blueprint(services: Services, stage: Stage, door: Door) -> Blueprint:
    """Everything under /desk/practice."""
    bp = Blueprint("practice", url_prefix=HERE)
    desk = PracticeDesk(services)

    @bp.on_request
    async def guard(request: Request) -> HTTPResponse | None:
        if str(request.endpoint).endswith(".link"):
            return None
        who = await door.who(request)
        if who is None:
            return go(f"{PATH}/sign-in")
        request.ctx.signed = who
        speech.speak(who.counsellor.lang)
        if request.method == "POST" and not csrf_fits(request, who.session.csrf):
            return go(HERE)
        return None

    async def headers(_request: Request, response: HTTPResponse) -> None:
        response.headers.update(HEADERS)

    bp.on_response(headers)  # type: ignore[no-untyped-call]

    @bp.get("/in/<token:str>", name="link")
    async def link(_request: Request, token: str) -> HTTPResponse:
        session = await door.session(token)
        if session is None:
            raise NotFound("used")
        return desk.set_session(go(HERE), session)

    @bp.get("", name="look")
    async def look(request: Request) -> HTTPResponse:
        return desk.page(request, "practice.html", **_shown(stage))

    @bp.post("/comes", name="comes")
    async def comes(request: Request) -> HTTPResponse:
        who: Signed = request.ctx.signed
        if not stage.comes(field(request, "person", 60)):
            return go(HERE)
        return go(first_page(who.counsellor.roles))

    return bp


def _begin_session(tx: Tx, account: str) -> str:
    audit.write(tx, "sign_in", account)
    return desk_sessions.start(tx, account)


def _shown(stage: Stage) -> dict[str, Any]:
    lang = speech.spoken()
    return {
        "people": [_row(person, stage.visits.get(person.id), lang) for person in _sorted(stage)],
        "shift": stage.shift.title.at(lang) if stage.shift else "",
        "shift_is_over": stage.shift_is_over,
    }


def _sorted(stage: Stage) -> list[Person]:
    """Whoever is over first: what was noticed is fresh."""
    over = {name for name, visit in stage.visits.items() if visit.where == "over"}
    return sorted(stage.people.values(), key=lambda person: person.id not in over)


def _row(person: Person, visit: Visit | None, lang: str) -> dict[str, object]:
    over = visit is not None and visit.where == "over"
    return {
        "id": person.id,
        "title": person.title.at(lang),
        "channel": person.channel,
        "lang": person.lang,
        "designation": visit.designation if visit else "",
        "where": WHERE.get(visit.where, "") if visit else "",
        "ending": ENDINGS.get(visit.ending, "") if visit else "",
        "here": visit is not None and not over,
        "notice": [question.at(lang) for question in person.notice] if over else [],
    }

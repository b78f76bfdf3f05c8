"""The desk's door: one blueprint, one guard in front of every route.

The guard knows the route by its name and asks the table in access.py; a route that is not in the
table answers 404, so a new page is closed until somebody decides who may use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic import Blueprint, Request
from sanic.exceptions import NotFound, PayloadTooLarge
from sanic.response import HTTPResponse, empty, json, raw

from bot.desk import (
    access,
    account_pages,
    call_pages,
    case_pages,
    code_pages,
    content_room,
    day_pages,
    journal_pages,
    live,
    log_pages,
    missed_pages,
    misuse_pages,
    override_pages,
    presence_pages,
    queue_pages,
    reply_pages,
    sessions,
    shift_pages,
    sign_in_pages,
    speech,
    staff_pages,
    statistics_pages,
    write_pages,
)
from bot.desk.web import (
    COOKIE,
    HEADERS,
    HERE,
    LARGEST_BODY,
    PATH,
    Desk,
    action_of,
    before_fits,
    csrf_fits,
    go,
)
from bot.store.database import StoreAway

if TYPE_CHECKING:
    from bot.services import Services

SAFE_METHODS = frozenset({"GET", "HEAD"})
ASSETS = {
    "desk.css": "text/css; charset=utf-8",
    "content.css": "text/css; charset=utf-8",
    "statistics.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "write.js": "text/javascript; charset=utf-8",
    "sound.js": "text/javascript; charset=utf-8",
    "shift.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def blueprint(services: Services) -> Blueprint:
    """Everything under /desk."""
    bp = Blueprint("desk", url_prefix=PATH)
    desk = Desk(services)
    _guard(bp, desk)
    _assets(bp)
    sign_in_pages.register(bp, desk)
    queue_pages.register(bp, desk)
    case_pages.register(bp, desk)
    code_pages.register(bp, desk)
    write_pages.register(bp, desk)
    reply_pages.register(bp, desk)
    misuse_pages.register(bp, desk)
    journal_pages.register(bp, desk)
    call_pages.register(bp, desk)
    presence_pages.register(bp, desk)
    missed_pages.register(bp, desk)
    day_pages.register(bp, desk)
    override_pages.register(bp, desk)
    staff_pages.register(bp, desk)
    account_pages.register(bp, desk)
    statistics_pages.register(bp, desk)
    log_pages.register(bp, desk)
    content_room.register(bp, desk)
    shift_pages.register(bp, desk)
    live.register(bp, desk)
    _errors(bp, desk)
    return bp


def _guard(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.on_request
    async def guard(request: Request) -> HTTPResponse | None:
        action = action_of(request)
        speech.speak(_asked_for(request))  # always: one connection may carry several people
        if len(request.body) > LARGEST_BODY:
            raise PayloadTooLarge("too large for the desk")
        if action in access.PUBLIC:
            if request.method not in SAFE_METHODS and not before_fits(request):
                return _stale_form(desk, request)
            return None
        if action not in access.RULES:
            raise NotFound("not here")
        token = request.cookies.get(COOKIE)
        live_request = action in access.LIVE
        who = None
        if token:
            who = await services.db.run(sessions.current, token, services.settings, live_request)
        if who is None:
            return _sign_in_first(desk, request, live_request)
        if not access.may(who.counsellor.roles, action):
            raise NotFound("not here")
        request.ctx.signed = who
        speech.speak(who.counsellor.lang)
        if request.method not in SAFE_METHODS and not csrf_fits(request, who.session.csrf):
            return _stale_form(desk, request)
        return None

    async def headers(_request: Request, response: HTTPResponse) -> None:
        response.headers.update(HEADERS)

    bp.on_response(headers)  # type: ignore[no-untyped-call]


def _asked_for(request: Request) -> str:
    """Before signing in: what was chosen on the page, else what the browser prefers."""
    return request.args.get("lang") or request.headers.get("accept-language", "")[:2].casefold()


def _sign_in_first(desk: Desk, request: Request, live_request: bool) -> HTTPResponse:
    if live_request or _asks_for_json(request):
        return json({"error": "signed_out"}, status=401)
    return desk.drop(go(f"{PATH}/sign-in"))


def _stale_form(desk: Desk, request: Request) -> HTTPResponse:
    if _asks_for_json(request):
        return json({"error": "stale"}, status=403)
    return desk.page(
        request,
        "message.html",
        status=403,
        heading=speech.say("Siden var for gammel"),
        text=speech.say("Ingenting ble gjort. Gå tilbake, last siden på nytt og prøv en gang til."),
    )


def _asks_for_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _assets(bp: Blueprint) -> None:
    files = {name: (HERE / "static" / name).read_bytes() for name in ASSETS}

    @bp.get("/static/<name:str>", name="asset")
    async def asset(_request: Request, name: str) -> HTTPResponse:
        if name not in files:
            return empty(status=404)
        return raw(files[name], content_type=ASSETS[name])


def _errors(bp: Blueprint, desk: Desk) -> None:
    async def not_found(request: Request, _error: NotFound) -> HTTPResponse:
        response = desk.page(
            request,
            "message.html",
            status=404,
            heading=speech.say("Finnes ikke"),
            text=speech.say("Denne siden finnes ikke, eller saken er slettet."),
        )
        response.headers.update(HEADERS)
        return response

    async def store_away(request: Request, _error: StoreAway) -> HTTPResponse:
        if _asks_for_json(request):
            return json({"error": "away"}, status=503, headers=HEADERS)
        response = desk.page(
            request,
            "message.html",
            status=503,
            heading=speech.say("Databasen svarer ikke"),
            text=speech.say(
                "Skjermen virker ikke akkurat nå. Ring-linjen gjelder. Prøv igjen om litt."
            ),
        )
        response.headers.update(HEADERS)
        return response

    bp.exception(NotFound)(not_found)
    bp.exception(StoreAway)(store_away)

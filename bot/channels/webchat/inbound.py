"""The page's routes. The whole service without script is POST / ; the script uses /chat/….

The token is in a hidden field or in the header X-Conversation, never in an address or a cookie.
"""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, empty, json

from bot.channels.messages import Lang
from bot.channels.webchat import form
from bot.channels.webchat.drawn import Drawer
from bot.channels.webchat.errors import pages_for
from bot.channels.webchat.form import Incoming
from bot.channels.webchat.outbound import Drawing
from bot.channels.webchat.pages import HERE, Sheet
from bot.channels.webchat.stream import OpenLine
from bot.channels.webchat.visits import Outcome, View, Visits
from bot.services import Services
from bot.store.database import StoreAway

STATIC = {
    "n.css": "text/css; charset=utf-8",
    "n.js": "text/javascript; charset=utf-8",
    "n.svg": "image/svg+xml",
}


def blueprint(services: Services) -> Blueprint:
    """Everything that a person's browser asks for.

    Raises ContentError or CodeWordsError when a word of the page or of the codes is missing.
    """
    room = Blueprint("page")
    door = Reception(services)
    room.add_route(door.first_screen, "/", methods=["GET"])
    room.add_route(door.posted, "/", methods=["POST"])
    room.add_route(door.message, "/chat/message", methods=["POST"])
    room.add_route(door.stream, "/chat/stream", methods=["POST"])
    room.add_route(door.erase, "/chat/erase", methods=["POST"])
    room.add_route(door.icon, "/favicon.ico", methods=["GET"])
    room.add_route(door.static, "/static/<name:str>", methods=["GET"])
    return room


class Reception:
    """Takes requests, lets `Visits` do the work, and answers with a page or with JSON."""

    def __init__(self, services: Services) -> None:
        self._visits = Visits(services)
        self._pages = pages_for(services)
        draw = Drawing(services.content.numbers, services.centre.phone_line)
        self._drawer = Drawer(self._pages, draw)
        self._static = {name: (HERE / "static" / name).read_bytes() for name in STATIC}
        self._line = OpenLine(services.events, services.typing, self._visits, self._drawer)

    async def first_screen(self, request: Request) -> HTTPResponse:
        """GET / stores nothing and always starts anew."""
        return self._pages.page(Sheet(form.guess_lang(request)))

    async def posted(self, request: Request) -> HTTPResponse:
        """A form sent without script, or one that the script sent for the whole page."""
        if form.from_elsewhere(request):
            return await self.first_screen(request)
        if len(request.body) > form.LARGEST_BODY:
            return self._pages.error("too_large", form.guess_lang(request), 413)
        incoming = form.read(request)
        if incoming.do == "leave":
            await self._visits.leave(incoming)
            return self._pages.leave()
        try:
            outcome, lang = await self._do(incoming)
            view = await self._look(outcome)
        except StoreAway:
            return self._store_away(incoming)
        return self._drawer.page(
            outcome, view, lang, code_open=incoming.do == "return", ticked=incoming.ticks
        )

    async def message(self, request: Request) -> HTTPResponse:
        """A message from the script: the new bubbles, drawn, and the token."""
        refused = self._refuse(request)
        if refused:
            return refused
        incoming = form.read(request)
        outcome = await self._visits.say(incoming)
        # A conversation that was erased meanwhile was begun anew: all of it is new to the page.
        after = incoming.seq if outcome.token == incoming.token else 0
        try:
            view = await self._look(outcome, after)
        except StoreAway:
            return HTTPResponse(status=503, headers=self._pages.headers)
        answer = self._drawer.answer(outcome, view, incoming.lang)
        return json(answer, headers=self._pages.headers)

    async def stream(self, request: Request) -> HTTPResponse | None:
        """What is new in the conversation, line by line, while the page is open."""
        return self._refuse(request) or await self._line.answer(request, form.read(request))

    async def erase(self, request: Request) -> HTTPResponse:
        """Sent by the script on the way out; nobody waits for the answer."""
        refused = self._refuse(request)
        if refused:
            return refused
        await self._visits.leave(form.read(request))
        return empty(headers=self._pages.headers)

    async def icon(self, request: Request) -> HTTPResponse:
        """The neutral icon, where browsers look for one."""
        return await self.static(request, "n.svg")

    async def static(self, request: Request, name: str) -> HTTPResponse:
        """Style, script and icon."""
        if name not in STATIC:
            return self._pages.error("not_found", form.guess_lang(request), 404)
        return HTTPResponse(
            self._static[name], content_type=STATIC[name], headers=self._pages.headers
        )

    async def _do(self, incoming: Incoming) -> tuple[Outcome, Lang]:
        lang = form.chosen_lang(incoming.do)
        if lang is not None:
            return await self._visits.switch(incoming, lang), lang
        if incoming.do == "erase":
            return await self._visits.erase(incoming), incoming.lang
        if incoming.do == "code":
            return await self._visits.give_code(incoming), incoming.lang
        if incoming.do == "return":
            return await self._visits.come_back(incoming), incoming.lang
        if incoming.do == "new":
            return Outcome(incoming.token, draft=incoming.text), incoming.lang
        return await self._visits.say(incoming), incoming.lang

    async def _look(self, outcome: Outcome, after: int = 0) -> View | None:
        """The conversation to show. Without a store, replies that could not be kept are enough."""
        try:
            return None if outcome.erased else await self._visits.look(outcome.token, after)
        except StoreAway:
            if not outcome.replies:
                raise
            return None

    def _refuse(self, request: Request) -> HTTPResponse | None:
        lang = form.guess_lang(request)
        if form.from_elsewhere(request):
            return self._pages.error("wrong", lang, 403)
        if len(request.body) > form.LARGEST_BODY:
            return self._pages.error("too_large", lang, 413)
        return None

    def _store_away(self, incoming: Incoming) -> HTTPResponse:
        """The store is away and no message was to be answered: say so, and whom to ring."""
        if incoming.do == "erase":
            return self._pages.page(
                Sheet(incoming.lang, incoming.token, notice="not_erased", draft=incoming.text)
            )
        return self._pages.error("wrong", incoming.lang, 503, incoming.token)

"""The open line to the page: one JSON object a line, as long as the page is open.

It carries what is new in the conversation. An empty object now and then shows that the line lives.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sanic import HTTPResponse, Request

from bot.channels.events import Events, conversation_topic
from bot.channels.typing import Typing
from bot.channels.webchat.drawn import Drawer
from bot.channels.webchat.form import Incoming
from bot.channels.webchat.visits import Visits
from bot.store.conversations import Conversation
from bot.store.database import StoreAway

BEAT = 20.0
"""Seconds between signs of life; below what proxies and phones take for a dead line."""
LONGEST = 600.0
"""Seconds until a line is closed; the page opens a new one from where it was."""


class OpenLine:
    """Answers POST /chat/stream."""

    def __init__(self, events: Events, typing: Typing, visits: Visits, drawer: Drawer) -> None:
        self._events = events
        self._typing = typing
        self._visits = visits
        self._drawer = drawer

    async def answer(self, request: Request, incoming: Incoming) -> HTTPResponse | None:
        """Lines until the conversation is gone, the page leaves, or LONGEST is over."""
        headers = self._drawer.pages.headers
        try:
            conversation = await self._visits.find(incoming.token)
        except StoreAway:
            return HTTPResponse(status=503, headers=headers)
        if conversation is None:
            line = _line(self._drawer.gone(incoming.lang))
            return HTTPResponse(line, headers=headers, content_type="application/x-ndjson")
        if not self._visits.limits.open_stream(conversation.id):
            return HTTPResponse(status=429, headers=headers)
        try:
            response = await request.respond(
                content_type="application/x-ndjson",
                # A proxy in between passes every line on at once.
                headers={**headers, "X-Accel-Buffering": "no"},
            )
            async with aclosing(self._lines(incoming, conversation)) as lines:
                async for values in lines:
                    await response.send(_line(values))
            await response.eof()
        finally:
            self._visits.limits.close_stream(conversation.id)
        return None

    async def _lines(
        self, incoming: Incoming, conversation: Conversation
    ) -> AsyncGenerator[dict[str, object], None]:
        yield {}
        after = incoming.seq
        clock = asyncio.get_running_loop().time
        until = clock() + LONGEST
        while clock() < until:
            # Listen before looking: what is stored in between must not be missed.
            woken = asyncio.ensure_future(
                self._events.wait(conversation_topic(conversation.id), BEAT)
            )
            try:
                await asyncio.sleep(0)
                view = await self._visits.look(incoming.token, after)
                if view is None:
                    yield self._drawer.gone(conversation.lang)
                    return
                new = self._drawer.new(view)
                after = max([after, *(message.seq for message in view.messages)])
                said = new if view.messages else self._drawer.state(view)
                yield said | self._drawer.typing(view, self._typing.now(conversation.id))
                await woken
            except StoreAway:
                return
            finally:
                woken.cancel()


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"

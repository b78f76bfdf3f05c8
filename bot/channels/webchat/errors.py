"""When something is not found or breaks, in any room: a page with 112 and the phone line.

It is drawn from memory, holds nothing of what was sent, and is the same for everyone.
"""

from __future__ import annotations

import logging
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import MethodNotAllowed, NotFound, PayloadTooLarge, SanicException

from bot.channels.webchat.form import guess_lang, read
from bot.channels.webchat.outbound import Drawing
from bot.channels.webchat.pages import Pages
from bot.channels.webchat.words import PageWords
from bot.services import Services

log = logging.getLogger(__name__)

_NAMES: dict[type[SanicException], str] = {
    NotFound: "not_found",
    MethodNotAllowed: "not_found",
    PayloadTooLarge: "too_large",
}


def pages_for(services: Services) -> Pages:
    """The pages of this centre. Raises ContentError when a word of the page is missing."""
    words = PageWords(
        services.content, services.centre.phone_line.number, services.settings.keep_hours
    )
    words.check()
    draw = Drawing(services.content.numbers, services.centre.phone_line)
    return Pages(services.settings, services.centre, words, draw)


def install(app: Sanic[Any, Any], services: Services) -> None:
    """Answer every error of the application that no room answers itself."""
    pages = pages_for(services)

    async def on_error(request: Request, error: Exception) -> HTTPResponse:
        lang = guess_lang(request) if request is not None else "nb"
        if isinstance(error, SanicException):
            what = _NAMES.get(type(error), "wrong")
            response = pages.error(what, lang, error.status_code)
            response.headers.update(error.headers)
            return response
        # The class alone: the text of an exception may hold what a person wrote.
        log.error("unexpected error: %s", type(error).__name__)
        return pages.error("wrong", lang, 500, _token(request))

    app.exception(Exception)(on_error)


def _token(request: Request | None) -> str:
    """The token of a posted page, so that it can still be left and erased."""
    posted = request is not None and request.method == "POST" and request.path == "/"
    return read(request).token if request is not None and posted else ""

"""Draws the pages and says how a browser must treat them: nothing kept, nothing from elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sanic import HTTPResponse, html

from bot.centre import Centre
from bot.channels.messages import Lang
from bot.channels.webchat.outbound import Bubble, Drawing
from bot.channels.webchat.words import LANGUAGE_NAMES, TITLE, PageWords
from bot.content.numbers import tel
from bot.settings import Settings

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sheet:
    """What a page holds at this moment. `token` empty: nothing is open, the first screen."""

    lang: Lang
    token: str = ""
    bubbles: Sequence[Bubble] = ()
    seq: int = 0
    held_by_desk: bool = False
    waits: bool = False
    notice: str | None = None
    code: str = ""
    draft: str = ""
    ticked: Sequence[str] = ()
    code_open: bool = False


class Pages:
    """All pages of the web room."""

    def __init__(self, settings: Settings, centre: Centre, words: PageWords, draw: Drawing) -> None:
        self._settings = settings
        self._centre = centre
        self.words = words
        self._draw = draw
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def headers(self) -> dict[str, str]:
        """For every response of the room.

        `form-action` names the exit: browsers also hold it against the redirect of Forlat siden.
        """
        exit_at = urlsplit(self._settings.exit_url)
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self'; form-action 'self' {exit_at.scheme}://{exit_at.netloc}; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        return {
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        }

    def page(self, sheet: Sheet) -> HTTPResponse:
        """The page itself, with a fresh nonce for its form."""
        lang = sheet.lang
        last_mine = max((b.seq for b in sheet.bubbles if b.who == "you"), default=0)
        return self._html(
            "page.html",
            lang,
            token=sheet.token,
            nonce=secrets.token_urlsafe(16),
            items=sheet.bubbles,
            first_new=next((b.seq for b in sheet.bubbles if b.seq > last_mine), 0),
            seq=sheet.seq,
            held_by_desk=sheet.held_by_desk,
            waits=sheet.waits,
            notice=self.notice(sheet.notice, lang, sheet.code),
            offline=self.notice("offline", lang),
            unsent=self.notice("unsent", lang),
            draft=sheet.draft,
            ticked=sheet.ticked,
            code_open=sheet.code_open,
            languages=LANGUAGE_NAMES,
        )

    def quiet(self, lang: Lang) -> HTTPResponse:
        """An almost empty page about nothing in particular: it is deleted."""
        said, more = (self.words.notice(name, lang) for name in ("erased", "erased_more"))
        return self._html("quiet.html", lang, said=said, more=more)

    def error(self, what: str, lang: Lang, status: int, token: str = "") -> HTTPResponse:
        """112 and the phone line, whatever went wrong. Holds no word of what the person sent.

        With `token`, *Forlat siden* on this page erases too.
        """
        return self._html("error.html", lang, status, what=what, token=token)

    def leave(self) -> HTTPResponse:
        """Off to somewhere harmless."""
        headers = {**self.headers, "Location": self._settings.exit_url}
        return HTTPResponse(status=303, headers=headers)

    def bubble_html(self, bubbles: Sequence[Bubble], lang: Lang) -> str:
        """Bubbles alone, for the script to put in."""
        macro = self._templates.get_template("bubbles.html").module.bubbles  # type: ignore[attr-defined]
        return str(macro(bubbles, self.words, lang)).strip()

    def notice(self, name: str | None, lang: Lang, code: str = "") -> Markup | None:
        """A notice with its numbers as links."""
        return self._draw.numbers(self.words.notice(name, lang, code)) if name else None

    def _html(self, template: str, lang: Lang, status: int = 200, **values: object) -> HTTPResponse:
        body = self._templates.get_template(template).render(
            lang=lang,
            title=TITLE,
            words=self.words,
            mark=self._settings.mark or ("demo" if self._centre.demo else ""),
            line_tel=tel(self._centre.phone_line.number),
            danger=self._draw.numbers(self.words.label("danger", lang)),
            exit_url=self._settings.exit_url,
            **values,
        )
        return html(body, status=status, headers=self.headers)

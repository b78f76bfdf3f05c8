"""What every desk page shares: templates, headers, cookies, the signed-in counsellor."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sanic import Request
from sanic.response import HTTPResponse, html, redirect

from bot.desk import access, speech, wording
from bot.desk.passwords import Passwords
from bot.settings import Mark
from bot.store.counsellors import Counsellor
from bot.store.desk_sessions import Session

if TYPE_CHECKING:
    from bot.services import Services

HERE = Path(__file__).parent
COOKIE = "desk_session"
BEFORE_COOKIE = "desk_before"  # ties the sign-in form to the browser that asked for it
PATH = "/desk"
LARGEST_BODY = 32_000  # bytes; a counsellor's message is far shorter

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}

# (action, address, words). Whoever signs in lands on the first that her roles let her see.
NAV = (
    ("queue", f"{PATH}/", "Kø"),
    ("day_service", f"{PATH}/day-service", "Dagtilbud"),
    ("code_form", f"{PATH}/code", "Kode"),
    ("misuse_list", f"{PATH}/misuse", "Misbruk"),
    ("staff", f"{PATH}/staff", "Ansatte"),
    ("content", f"{PATH}/content", "Tekster"),
    ("replies", f"{PATH}/replies", "Ferdige svar"),
    ("log", f"{PATH}/log", "Logg"),
    ("statistics", f"{PATH}/statistics", "Statistikk"),
    ("help", f"{PATH}/help", "Hjelp"),
    ("my_account", f"{PATH}/account", "Min konto"),
)


@dataclass(frozen=True)
class Signed:
    """The counsellor behind a request, and her session."""

    counsellor: Counsellor
    session: Session


class Desk:
    """What the page modules are given: the services and the templates."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.passwords = Passwords()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(wording.FILTERS)
        self._templates.globals["_"] = speech.say
        self._templates.globals["spoken"] = speech.spoken
        self._templates.globals["quiet_after"] = services.settings.quiet_after
        self._templates.globals["overrides"] = wording.OVERRIDES
        self._templates.globals["new_mark"] = lambda: secrets.token_urlsafe(12)

    def add_filters(self, filters: dict[str, Any]) -> None:
        """The words of one area, for its own templates."""
        self._templates.filters.update(filters)

    @property
    def demo(self) -> bool:
        """True where every page must say that nothing here is real."""
        return bool(self.services.settings.env == "demo" or self.services.centre.demo)

    @property
    def mark(self) -> Mark:
        """The words on top of every page: none, demonstration, or practice."""
        return self.services.settings.mark or ("demo" if self.services.centre.demo else "")

    @property
    def secure(self) -> bool:
        """Cookies only over https; a demonstration may run on plain http on one's own machine."""
        settings = self.services.settings
        return settings.env != "demo" or settings.public_url.startswith("https://")

    def part(self, template: str, **values: Any) -> str:
        """A piece of a page."""
        return self._templates.get_template(template).render(**values)

    def page(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTTPResponse:
        """A whole page. `error` is shown on top and announced."""
        who = signed_or_none(request)
        roles = who.counsellor.roles if who else frozenset()
        nav = [item for item in NAV if access.may(roles, item[0])]
        values = {"error": None, "notice": None, "here": action_of(request)} | values
        body = self.part(
            template,
            me=who.counsellor if who else None,
            csrf=who.session.csrf if who else "",
            ends_at=self._ends_at(who),
            nav=nav,
            home=nav[0][1] if nav else f"{PATH}/sign-in",
            live=access.may(roles, "live_queue"),
            can=partial(access.may, roles),
            demo=self.demo,
            mark=self.mark,
            line=self.services.centre.phone_line.number,
            **values,
        )
        return html(body, status=status)

    def _ends_at(self, who: Signed | None) -> str:
        if who is None:
            return ""
        return wording.clock_after(who.session.created_at, self.services.settings.desk_longest)

    def set_session(self, response: HTTPResponse, token: str) -> HTTPResponse:
        """The staff cookie: a session cookie, gone when the browser closes."""
        _cookie(response, COOKIE, token, self.secure)
        self.drop(response, BEFORE_COOKIE)
        return response

    def before(self, response: HTTPResponse, token: str) -> HTTPResponse:
        """The cookie a sign-in form must come back with."""
        _cookie(response, BEFORE_COOKIE, token, self.secure)
        return response

    def drop(self, response: HTTPResponse, name: str = COOKIE) -> HTTPResponse:
        """Forget a cookie."""
        response.add_cookie(
            name, "", path=PATH, httponly=True, samesite="Strict", secure=self.secure, max_age=0
        )
        return response


def go(path: str) -> HTTPResponse:
    """See other: after a POST, or to the sign-in page. `path` is ours, never from the request."""
    return redirect(path, status=303)


def first_page(roles: access.Roles) -> str:
    """Where somebody with these roles lands: the first of the menu that she may see."""
    return next(address for name, address, _title in NAV if access.may(roles, name))


def action_of(request: Request) -> str:
    """The name of the request's route: the key of the table in access.py."""
    return str(request.endpoint or "").rsplit(".", 1)[-1]


def signed(request: Request) -> Signed:
    """The counsellor of a guarded route."""
    who = signed_or_none(request)
    if who is None:
        raise RuntimeError("a guarded page was reached without a session")
    return who


def signed_or_none(request: Request) -> Signed | None:
    """The counsellor, if somebody is signed in."""
    return getattr(request.ctx, "signed", None)


def field(request: Request, name: str, longest: int = 400) -> str:
    """A form field, without control characters, cut at `longest` characters."""
    form = request.form
    value = (form.get(name) if form else None) or ""
    clean = "".join(char for char in value if char >= " " or char in "\n\t")
    return clean[:longest]


def same_site(request: Request) -> bool:
    """False when the browser says that another site sent this form."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def csrf_fits(request: Request, expected: str) -> bool:
    """The token of the page, in a field or a header, and the browser says it is our own page."""
    given = request.headers.get("x-csrf") or field(request, "csrf")
    return same_site(request) and secrets.compare_digest(given.encode(), expected.encode())


def before_fits(request: Request) -> bool:
    """The same for pages before signing in: the field must be what the cookie says."""
    expected = request.cookies.get(BEFORE_COOKIE) or ""
    return len(expected) >= 32 and csrf_fits(request, expected)


def fresh(html_text: str) -> str:
    """A short mark of a piece of page; the script asks again with it."""
    return hashlib.sha256(html_text.encode()).hexdigest()[:16]


def svg(text: str) -> Markup:
    """An SVG that our own code made, and nobody's words."""
    return Markup(text)  # noqa: S704


def _cookie(response: HTTPResponse, name: str, value: str, secure: bool) -> None:
    response.add_cookie(name, value, path=PATH, httponly=True, samesite="Strict", secure=secure)

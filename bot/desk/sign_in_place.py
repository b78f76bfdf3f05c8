"""Where a try to sign in comes from: the browser's own mark, and the address.

The mark is a cookie of its own for 90 days. It opens nothing; it says that somebody has signed in
from this browser before, so that a stranger's guessing does not slow her down.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sanic import Request
from sanic.response import HTTPResponse

from bot.desk.web import PATH, Desk
from bot.store.sign_ins import KNOWN_FOR

BROWSER_COOKIE = "desk_browser"
SHORTEST_MARK = 30


@dataclass(frozen=True)
class From:
    """`browser` is "" when the browser has no mark yet."""

    address: str
    browser: str

    @property
    def mark(self) -> str:
        """The browser's mark, a new one when it has none."""
        return self.browser or secrets.token_urlsafe(24)


def place_of(request: Request, proxies: int) -> From:
    """`proxies`: how many stand in front, each adding whom it heard from to X-Forwarded-For."""
    mark = request.cookies.get(BROWSER_COOKIE) or ""
    return From(address_of(request, proxies), mark if len(mark) >= SHORTEST_MARK else "")


def address_of(request: Request, proxies: int) -> str:
    """The caller's address; of IPv6 the network, since one household has a whole one."""
    given = str(request.ip)
    if proxies:
        heard = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
        given = heard[-proxies].strip() if len(heard) >= proxies else given
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def remember(desk: Desk, response: HTTPResponse, mark: str) -> HTTPResponse:
    """Give the browser its mark for another ninety days."""
    response.add_cookie(
        BROWSER_COOKIE,
        mark,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=desk.secure,
        max_age=int(KNOWN_FOR / timedelta(seconds=1)),
    )
    return response

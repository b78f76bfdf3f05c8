"""A phone on a page (demo only): a newcomer writes as the person and sees what would reach a phone.

What is typed goes the whole way: it is signed as Twilio signs it and posted over loopback HTTP to
our own webhook, and the replies come through the outbox to the demo's provider, which keeps them
in memory. No SMS leaves the machine. No cookie, no script needed.
"""

from __future__ import annotations

import asyncio
import http.client
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file, html, text
from twilio.request_validator import RequestValidator

from bot.channels.sms.demo_provider import DemoProvider, DemoText
from bot.channels.sms.provider import SmsAccount, account_for
from bot.channels.sms.segments import count
from bot.channels.sms.signature import Form, read_form

if TYPE_CHECKING:
    from bot.services import Services

HERE = Path(__file__).parent
WEBHOOK = "/sms/twilio"
NUMBERS = tuple(f"+47000000{last:02d}" for last in (1, 2, 3, 4))  # invented: not in use in Norway
LONGEST = 1600  # letters; ten segments, what a phone lets one write
ANSWER_WITHIN = 20.0  # seconds
LOCAL = ZoneInfo("Europe/Oslo")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Shown:
    """One text as the page draws it."""

    way: str
    text: str
    time: str
    size: str


def blueprint(services: Services) -> Blueprint:
    """The routes of the simulator. Outside the demo every one of them is 404."""
    phone = Phone(services)
    room = Blueprint("phone")
    room.add_route(phone.look, "/demo/phone", methods=["GET"], name="look")
    room.add_route(phone.act, "/demo/phone", methods=["POST"], name="act")
    room.add_route(phone.static, "/demo/phone/<name:str>", methods=["GET"], name="static")
    return room


class Phone:
    """Draws the phone and carries what is typed to the webhook."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings
        self._account = account_for(services.settings, services.secrets)
        self._provider = services.sms
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def look(self, request: Request) -> HTTPResponse:
        """The phone with the first number."""
        provider = self._demo()
        return _nothing() if provider is None else self._page(provider, NUMBERS[0])

    async def act(self, request: Request) -> HTTPResponse:
        """A text is sent, the thread deleted, another phone picked up, or just looked again.

        With the header X-Part only the thread is drawn anew (the script asks for that).
        """
        provider = self._demo()
        if provider is None or self._account is None:
            return _nothing()
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return text("", status=403, headers=HEADERS)
        form = read_form(request.body) or Form()
        number = form.get("number") if form.get("number") in NUMBERS else NUMBERS[0]
        note = ""
        if form.get("do") == "empty":
            provider.empty(number)
        elif form.get("do") == "send" and form.get("text").strip():
            written = form.get("text")[:LONGEST]
            note = await self._send(request, provider, self._account, number, written)
        if request.headers.get("x-part"):
            return html(self._draw("thread.html", provider, number, note), headers=HEADERS)
        return self._page(provider, number, note)

    async def static(self, request: Request, name: str) -> HTTPResponse:
        """The page's style and script."""
        if self._demo() is None or name not in ("phone.css", "phone.js", "phone.svg"):
            return _nothing()
        return await file(HERE / "static" / name, headers=HEADERS)

    def _demo(self) -> DemoProvider | None:
        """The provider in memory; None where the simulator has no business."""
        if not self._settings.demo or not isinstance(self._provider, DemoProvider):
            return None
        return self._provider

    async def _send(
        self,
        request: Request,
        provider: DemoProvider,
        account: SmsAccount,
        number: str,
        written: str,
    ) -> str:
        """The SMS leaves the simulated phone. Returns a note when the helpline did not take it."""
        sid = provider.person_wrote(number, written)
        fields = {
            "MessageSid": sid,
            "From": number,
            "To": account.number,
            "Body": written,
            "NumMedia": "0",
        }
        address = self._settings.base_url + WEBHOOK
        signature = RequestValidator(account.token).compute_signature(address, fields)
        host, port = _own_address(request)
        try:
            status, body = await asyncio.to_thread(_post, host, port, fields, signature)
        except OSError:
            return "Meldingen kom ikke fram: tjenesten svarer ikke."
        if status != 200:
            return f"Meldingen ble ikke tatt imot (status {status})."
        for answer in ElementTree.fromstring(body).iter("Message"):  # noqa: S314 (our own answer)
            provider.send(number, answer.text or "", None, 0)
        return ""

    def _page(self, provider: DemoProvider, number: str, note: str = "") -> HTTPResponse:
        return html(self._draw("phone.html", provider, number, note), headers=HEADERS)

    def _draw(self, template: str, provider: DemoProvider, number: str, note: str) -> str:
        return self._templates.get_template(template).render(
            number=number,
            numbers=NUMBERS,
            note=note,
            longest=LONGEST,
            mark=self._settings.mark,
            thread=[_shown(one) for one in provider.thread(number)],
        )


def _shown(one: DemoText) -> Shown:
    size = count(one.text)
    segments = "1 segment" if size.segments == 1 else f"{size.segments} segmenter"
    return Shown(
        one.way,
        one.text,
        f"{one.at.astimezone(LOCAL):%H:%M}",
        f"{segments} · {size.encoding} · {size.units} tegn",
    )


def _own_address(request: Request) -> tuple[str, int]:
    """Where this very connection came in; that is where the webhook listens too."""
    info = request.conn_info
    if info is not None and isinstance(info.sockname, tuple):
        return str(info.sockname[0]), int(info.sockname[1])
    return request.server_name, request.server_port


def _post(host: str, port: int, fields: dict[str, str], signature: str) -> tuple[int, str]:
    """POST as Twilio does. Raises OSError."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN)
    try:
        connection.request(
            "POST",
            WEBHOOK,
            urlencode(fields),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signature,
            },
        )
        response = connection.getresponse()
        return response.status, response.read().decode()
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from None
    finally:
        connection.close()


def _nothing() -> HTTPResponse:
    return text("", status=404, headers=HEADERS)

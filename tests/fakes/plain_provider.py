"""A second SMS provider, as unlike Twilio as may be: JSON over plain HTTP, a shared key, no SDK.

`PlainProvider` and `PlainWebhooks` are all that a centre would write to use it. `PlainGateway` is
the provider itself, on loopback.
"""

from __future__ import annotations

import hmac
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from sanic import HTTPResponse, Request
from sanic import json as json_answer
from sanic.response import empty

from bot.channels.sms.provider import LOOK_BACK, Found, SmsInDoubt, SmsLater, SmsRefused
from bot.channels.sms.senders import Arrived, can_be_answered
from bot.channels.sms.webhooks import Report

KEY = "a-shared-key"


class PlainProvider:
    """Hands texts over to the gateway; implements SmsProvider."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"X-Key": KEY}, timeout=2)

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        asked = {"to": number, "text": text, "tell": callback, "seconds": valid_for}
        return str(self._ask("POST", "/texts", asked)["id"])

    def find(self, number: str, text: str, since: datetime) -> list[Found]:
        listed = self._ask("GET", "/texts", None)["texts"]
        return [
            Found(one["id"], one["state"])
            for one in listed
            if (one["to"], one["text"]) == (number, text)
            and datetime.fromisoformat(one["at"]) >= since - LOOK_BACK
        ]

    def erase(self, sid: str) -> None:
        self._ask("DELETE", f"/texts/{sid}", None)

    def _ask(self, method: str, path: str, body: Any) -> Any:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.ConnectError:
            raise SmsLater("ConnectError") from None
        except httpx.HTTPError as error:
            raise SmsInDoubt(type(error).__name__) from None
        if answer.status_code >= 500:
            raise SmsInDoubt(str(answer.status_code))
        if answer.status_code >= 400:
            raise SmsRefused(str(answer.status_code))
        return answer.json()


class PlainWebhooks:
    """Reads what the gateway posts; implements Webhooks."""

    def authentic(self, request: Request) -> Any | HTTPResponse:
        given = request.headers.get("x-key") or ""
        if not hmac.compare_digest(given.encode(), KEY.encode()):
            return empty(403)
        return request.json

    def arrived(self, posted: Any) -> Arrived | None:
        number = posted["from"]
        known = number if can_be_answered(number) else None
        return Arrived(posted["id"], known, posted["text"], bool(posted.get("pictures")))

    def report(self, posted: Any) -> Report:
        return Report(posted["id"], {"arrived": True, "lost": False}.get(posted["state"]), None)

    def answer(self, texts: list[str]) -> HTTPResponse:
        return json_answer({"texts": texts})


class PlainGateway:
    """The provider: takes texts, lists and deletes them, and posts what people write."""

    def __init__(self) -> None:
        self.texts: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.cut_after = 0  # so many texts are taken without an answer
        self._server: ThreadingHTTPServer | None = None
        self._posted = 0

    def start(self) -> str:
        """Listen; returns the address."""
        handler = type("Handler", (_Handler,), {"gateway": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def person_writes(self, app_url: str, number: str, text: str, key: str = KEY) -> httpx.Response:
        """What a person wrote is posted to the helpline."""
        self._posted += 1
        posted = {"id": f"in{self._posted}", "from": number, "text": text}
        return httpx.post(f"{app_url}/sms/twilio", json=posted, headers={"X-Key": key}, timeout=30)

    def arrived(self, app_url: str, one: dict[str, Any]) -> int:
        """It tells that a text arrived."""
        path = "/" + str(one["tell"]).split("/", 3)[3]
        news = {"id": one["id"], "state": "arrived"}
        return httpx.post(app_url + path, json=news, headers={"X-Key": KEY}).status_code

    def to(self, number: str) -> list[str]:
        """What that phone got."""
        return [one["text"] for one in self.texts if one["to"] == number]


class _Handler(BaseHTTPRequestHandler):
    gateway: PlainGateway

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        one = asked | {
            "id": f"out{len(self.gateway.texts)}",
            "state": "taken",
            "at": datetime.now(UTC).isoformat(),
        }
        self.gateway.texts.append(one)
        if self.gateway.cut_after:
            self.gateway.cut_after -= 1
            self.connection.close()
            return
        self._json({"id": one["id"]})

    def do_GET(self) -> None:
        self._json({"texts": self.gateway.texts})

    def do_DELETE(self) -> None:
        self.gateway.deleted.append(self.path.rsplit("/", 1)[-1])
        self._json({})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the texts are in it."""

    def _json(self, body: Any) -> None:
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

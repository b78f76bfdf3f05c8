"""A local stand-in for the part of Twilio's API that the helpline uses, with its faults.

    with FakeTwilio() as twilio:
        twilio.start()                           → base URL for HELPLINE_TWILIO_BASE_URL
        twilio.person_sends(app_url, "+4700000001", "hei")
        twilio.wait_for(1)                       → the texts that reached the phone network
        twilio.faults.append("cut_after")        → the next send is accepted, then the line breaks

It answers over real HTTP on loopback, checks the account's password as Twilio does, and signs
webhooks with Twilio's own RequestValidator. Shapes come from tests/fixtures/twilio.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "twilio"
ACCOUNT_SID = "AC00000000000000000000000000000000"
AUTH_TOKEN = "fake-auth-token"
NUMBER = "+4700000099"

Fault = Literal[
    "hang_before",  # no answer and not taken; the caller's time-out decides
    "hang_after",  # taken, then no answer
    "cut_before",  # the line breaks before it is taken
    "cut_after",  # taken, then the line breaks
    "429",
    "500_before",
    "500_after",
    "21610",  # the person's phone blocks us
    "30003",  # taken; delivery fails later
    "slow",  # taken after a second
    "twice",  # the network sends it twice
]


@dataclass
class Sent:
    """One text that Twilio took."""

    sid: str
    to: str
    body: str
    status_callback: str | None
    validity: int | None
    at: datetime
    status: str = "queued"
    error_code: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the helpline answered to a webhook; `messages` are the texts in its TwiML."""

    status: int
    body: str
    messages: list[str] = field(default_factory=list)


def fixture(name: str) -> dict[str, Any]:
    """One of tests/fixtures/twilio, by situation."""
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def post_signed(
    app_url: str,
    path: str,
    params: dict[str, str],
    *,
    auth_token: str = AUTH_TOKEN,
    public_url: str | None = None,
    signature: str | None = None,
) -> Answer:
    """Post a webhook as Twilio does: signed over the public address, sent to `app_url`.

    `signature` replaces the right one; an empty string leaves the header out.
    """
    validator = RequestValidator(auth_token)
    right = validator.compute_signature((public_url or app_url).rstrip("/") + path, params)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    used = right if signature is None else signature
    if used:
        headers["X-Twilio-Signature"] = used
    return post(app_url, path, urlencode(params).encode(), headers)


def post(app_url: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """A plain POST."""
    parts = urlsplit(app_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    messages = []
    if response.status == 200 and text.lstrip().startswith("<"):
        messages = [found.text or "" for found in ElementTree.fromstring(text).iter("Message")]
    return Answer(response.status, text, messages)


class FakeTwilio:
    """The server and what it remembers; see the module."""

    def __init__(
        self,
        *,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        number: str = NUMBER,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.number = number
        self.clock = clock
        self.sent: list[Sent] = []
        self.deleted: list[str] = []
        self.received: list[str] = []  # sids of what persons sent: Twilio keeps a copy of these too
        self.delete_faults: list[Fault | Literal["20009"]] = []
        self.faults: list[Fault] = []
        self.list_faults: list[Fault] = []
        self.shows_list = True  # False: the list does not show what was taken
        self.requests = 0
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    # --- for tests, the demo and the kill tests ----------------------------------------------

    def start(self) -> str:
        """Listen on a free loopback port. Returns the base URL."""
        handler = type("Handler", (_Handler,), {"twilio": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self.base_url

    @property
    def base_url(self) -> str:
        """Where it listens; raises RuntimeError before start()."""
        if self._server is None:
            raise RuntimeError("FakeTwilio is not started")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close the port; hanging requests end."""
        self._released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> FakeTwilio:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def person_sends(
        self,
        app_url: str,
        number: str,
        text: str,
        sid: str | None = None,
        *,
        auth_token: str | None = None,
        public_url: str | None = None,
        **more: str,
    ) -> Answer:
        """The person's SMS arrives: the webhook is posted, correctly signed.

        `public_url`: the address Twilio knows, when it differs from `app_url`. `more`: other
        fields of the webhook, such as NumMedia.
        """
        sid = sid or f"SM{secrets.token_hex(16)}"
        params = fixture("inbound_sms") | {
            "From": number,
            "To": self.number,
            "Body": text,
            "AccountSid": self.account_sid,
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
        }
        token = auth_token or self.auth_token
        if sid not in self.received:
            self.received.append(sid)
        return post_signed(
            app_url, "/sms/twilio", params | more, auth_token=token, public_url=public_url
        )

    def reports(
        self,
        app_url: str,
        sent: Sent,
        status: str,
        error_code: int | None = None,
        *,
        public_url: str | None = None,
    ) -> Answer:
        """Twilio tells how a text fares (sent, delivered, undelivered …)."""
        params = fixture("status_delivered") | {
            "MessageSid": sent.sid,
            "SmsSid": sent.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": sent.to,
            "AccountSid": self.account_sid,
        }
        if error_code is not None:
            params["ErrorCode"] = str(error_code)
        sent.status, sent.error_code = status, error_code
        path = urlsplit(sent.status_callback or "/sms/status").path
        return post_signed(app_url, path, params, auth_token=self.auth_token, public_url=public_url)

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Sent]:
        """The texts taken, once there are at least `count`. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.sent) >= count, timeout):
                raise TimeoutError(f"{len(self.sent)} texts instead of {count}")
            return list(self.sent)

    def copies(self) -> list[str]:
        """Sids of what Twilio still keeps, in and out."""
        kept = [*self.received, *(sent.sid for sent in self.sent)]
        return [sid for sid in kept if sid not in self.deleted]

    def texts(self, number: str) -> list[str]:
        """What the phone `number` received, in order."""
        return [sent.body for sent in self.sent if sent.to == number]

    # --- for the handler ---------------------------------------------------------------------

    def take(self, params: dict[str, str]) -> Sent:
        """Twilio takes a text for sending."""
        validity = params.get("ValidityPeriod")
        sent = Sent(
            sid=f"SM{secrets.token_hex(16)}",
            to=params["To"],
            body=params["Body"],
            status_callback=params.get("StatusCallback"),
            validity=int(validity) if validity else None,
            at=self.clock(),
        )
        with self._changed:
            self.sent.append(sent)
            self._changed.notify_all()
        return sent

    def hang(self) -> None:
        """Say nothing until stop()."""
        self._released.wait(60)

    def as_json(self, sent: Sent) -> dict[str, Any]:
        """A message resource as Twilio words it."""
        at = format_datetime(sent.at.astimezone(UTC))
        return fixture("message_created") | {
            "sid": sent.sid,
            "to": sent.to,
            "from": self.number,
            "body": sent.body,
            "status": sent.status,
            "error_code": sent.error_code,
            "account_sid": self.account_sid,
            "date_created": at,
            "date_updated": at,
        }


class _Handler(BaseHTTPRequestHandler):
    twilio: FakeTwilio
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        params = self._form()
        if not self._enter(f"/2010-04-01/Accounts/{self.twilio.account_sid}/Messages.json"):
            return
        fault = self.twilio.faults.pop(0) if self.twilio.faults else None
        if fault in ("hang_before", "cut_before"):
            self._break(fault)
        elif fault == "429":
            self._error("error_20429")
        elif fault == "500_before":
            self._error("error_20500")
        elif fault == "21610":
            self._error("error_21610")
        else:
            self._take(params, fault)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not self._enter(f"/2010-04-01/Accounts/{self.twilio.account_sid}/Messages"):
            return
        fault = self.twilio.list_faults.pop(0) if self.twilio.list_faults else None
        if fault in ("hang_before", "cut_before"):
            self._break(fault)
            return
        if fault is not None:
            self._error("error_20429" if fault == "429" else "error_20500")
            return
        wanted = {name: values[0] for name, values in parse_qs(parts.query).items()}
        listed = [
            self.twilio.as_json(sent)
            for sent in reversed(self.twilio.sent)
            if self.twilio.shows_list
            and sent.sid not in self.twilio.deleted
            and wanted.get("To", sent.to) == sent.to
        ]
        self._json(200, {"messages": listed, "page": 0, "page_size": 50, "next_page_uri": None})

    def do_DELETE(self) -> None:
        if not self._enter(f"/2010-04-01/Accounts/{self.twilio.account_sid}/Messages/"):
            return
        sid = urlsplit(self.path).path.rsplit("/", 1)[-1].removesuffix(".json")
        fault = self.twilio.delete_faults.pop(0) if self.twilio.delete_faults else None
        if fault is not None:
            self._error(f"error_{fault}" if fault == "20009" else "error_20500")
            return
        known = [sent.sid for sent in self.twilio.sent] + self.twilio.received
        if sid in self.twilio.deleted or sid not in known:
            self._error("error_20404")
            return
        self.twilio.deleted.append(sid)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: addresses hold numbers."""

    def _take(self, params: dict[str, str], fault: Fault | None) -> None:
        if fault == "slow":
            time.sleep(1)
        sent = self.twilio.take(params)
        if fault == "twice":
            self.twilio.take(params)
        if fault in ("hang_after", "cut_after"):
            self._break(fault)
        elif fault == "500_after":
            self._error("error_20500")
        else:
            if fault == "30003":
                sent.status, sent.error_code = "undelivered", 30003
            self._json(201, self.twilio.as_json(sent) | {"status": "queued"})

    def _enter(self, path: str) -> bool:
        """Password and address, as Twilio checks them."""
        self.twilio.requests += 1
        right = f"{self.twilio.account_sid}:{self.twilio.auth_token}".encode()
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(right).decode()}":
            self._error("error_20003")
            return False
        if not urlsplit(self.path).path.startswith(path):
            self._error("error_20404")
            return False
        return True

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        return {name: values[0] for name, values in parse_qs(body, True).items()}

    def _break(self, fault: Fault) -> None:
        if fault.startswith("hang"):
            self.twilio.hang()
        self.close_connection = True
        self.connection.close()

    def _error(self, name: str) -> None:
        body = fixture(name)
        self._json(body["status"], body)

    def _json(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

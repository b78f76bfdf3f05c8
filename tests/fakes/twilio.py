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

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

from tests.fakes.telephone import Phones
from tests.fakes.webhooks import AUTH_TOKEN, FIXTURES, Answer, fixture, post, post_signed

__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "FIXTURES",
    "NUMBER",
    "Answer",
    "FakeTwilio",
    "Fault",
    "Sent",
    "fixture",
    "post",
    "post_signed",
]

ACCOUNT_SID = "AC00000000000000000000000000000000"
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
    "late",  # taken when the caller has long given up
    "twice",  # the network sends it twice
    "unlisted",  # taken, then the line breaks, and the list does not show it yet
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
    listed: bool = True


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who has given up is part of the play."""


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
        self.phones = Phones(self)
        self.app_url = ""  # where the service listens, for the telephone
        self.public_url: str | None = None  # and where Twilio believes it to be
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    # --- for tests, the demo and the kill tests ----------------------------------------------

    def start(self) -> str:
        """Listen on a free loopback port. Returns the base URL."""
        from tests.fakes.handler import Handler

        handler = type("Handler", (Handler,), {"twilio": self})
        self._server = _Server(("127.0.0.1", 0), handler)
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

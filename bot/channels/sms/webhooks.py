"""What the door must know of a provider's webhooks, and Twilio's.

Another provider is two classes: one like `TwilioProvider` (provider.py) that hands texts over, and
one like `TwilioWebhooks` that reads what the provider posts. Nothing else knows whose SMS it is;
tests/sms/test_other_provider.py plays a whole conversation over a second one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Protocol

from sanic import HTTPResponse, Request
from sanic.response import empty, text
from twilio.twiml.messaging_response import MessagingResponse

from bot.channels.sms.provider import LOST, SmsAccount
from bot.channels.sms.senders import Arrived, read_arrived
from bot.channels.sms.signature import Form, read_form, signed_by

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """How a text fares. `delivered` is None while it is still on its way."""

    sid: str
    delivered: bool | None
    error_code: str | None


class Webhooks(Protocol):
    """A provider's webhooks. `posted` is whatever `authentic` returned."""

    def authentic(self, request: Request) -> Any | HTTPResponse:
        """What was posted, or the refusal. Nothing of it may be read before this."""
        ...

    def arrived(self, posted: Any) -> Arrived | None:
        """The SMS that came in; None for one without an id, or from our own number."""
        ...

    def report(self, posted: Any) -> Report:
        """How a text that we handed over fares."""
        ...

    def answer(self, texts: list[str]) -> HTTPResponse:
        """The answer to the webhook: texts that no outbox row holds, mostly none."""
        ...


class TwilioWebhooks:
    """Forms signed over the public address; the answer is TwiML."""

    def __init__(self, account: SmsAccount | None, base_url: str) -> None:
        self._account = account
        self._base_url = base_url

    def authentic(self, request: Request) -> Form | HTTPResponse:
        """The signed form, or the refusal: 503 when SMS is not set up, 403 without a reason."""
        if self._account is None:
            log.error("a webhook was called, but SMS is not set up (docs/settings.md)")
            return empty(503)
        form = read_form(request.body)
        address = self._base_url + request.path
        if request.query_string:
            address += f"?{request.query_string}"
        signature = request.headers.get("X-Twilio-Signature")
        if form is None or not signed_by(self._account.token, address, form, signature):
            return empty(403)
        return form

    def arrived(self, posted: Form) -> Arrived | None:
        return read_arrived(posted, self._account.number if self._account else "")

    def report(self, posted: Form) -> Report:
        status = posted.get("MessageStatus")
        delivered = True if status == "delivered" else False if status in LOST else None
        return Report(posted.get("MessageSid"), delivered, posted.get("ErrorCode") or None)

    def answer(self, texts: list[str]) -> HTTPResponse:
        answer = MessagingResponse()
        for one in texts:
            answer.message(one)
        return text(str(answer), content_type="text/xml; charset=utf-8")

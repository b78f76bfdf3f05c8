"""Somebody calls the SMS number: they are put through to the centre's 24-hour line.

`POST /sms/voice` needs no store, no model and no queue: the words and the line are in memory. The
caller's number is read by nobody here, and the provider is asked to delete its record of the call
when it is over (`POST /sms/voice/over`).
While the whole service is away the provider answers by itself (examples/twiml/).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, text

from bot.channels.sms.provider import account_for
from bot.channels.sms.senders import is_sid
from bot.channels.sms.twiml import to_line
from bot.channels.sms.webhooks import TwilioWebhooks
from bot.store import provider_copies
from bot.store.database import StoreAway

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """The routes of calls that come in."""
    room = Blueprint("voice_in")
    account = account_for(services.settings, services.secrets)
    webhooks = TwilioWebhooks(account, services.settings.base_url)

    @room.post("/sms/voice", name="called")
    async def called(request: Request) -> HTTPResponse:
        form = webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        own = account.number if account else None
        return twiml(to_line(services.content, services.centre.phone_line, own))

    @room.post("/sms/voice/over", name="over")
    async def over(request: Request) -> HTTPResponse:
        form = webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        sid = form.get("CallSid")
        if is_sid(sid):
            try:
                await services.db.run(provider_copies.note_nobodys, [sid])
            except StoreAway as error:
                log.error("the record of a call stays at the provider until its own end: %s", error)
        return empty(204)

    return room


def twiml(body: str) -> HTTPResponse:
    """TwiML as the provider expects it."""
    return text(body, content_type="application/xml; charset=utf-8")

"""The SMS door: Twilio's signed webhooks.

`POST /sms/twilio` brings what a person wrote. The signature is checked before anything is read.
The webhook is answered as soon as the message is in the store; the turn goes on behind it and its
replies leave through the outbox. Only where there is no store to queue in (it is away, or the
conversation was just erased) the reply is the answer to the webhook itself.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.response import empty, text
from twilio.twiml.messaging_response import MessagingResponse

from bot.channels.messages import Message, Reply
from bot.channels.sms import limits, opening
from bot.channels.sms.menu import offered, sms_texts
from bot.channels.sms.outbound import send_now
from bot.channels.sms.provider import LOST, account_for
from bot.channels.sms.signature import Form, read_form, signed_by
from bot.store import conversations, messages, outbox, presence
from bot.store.conversations import Conversation
from bot.store.database import StoreAway, Tx
from bot.store.deliveries import Delivery

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import TurnResult

log = logging.getLogger(__name__)

ANSWER_WITHIN = 8.0  # seconds; Twilio gives up after fifteen
LOOK_EVERY = 0.5  # seconds between looks whether the message is stored; most turns end sooner
FINISH_WITHIN = 5.0  # seconds that running turns get when the service stops

# Only a subscriber's number can be answered: no names ("Posten"), no short codes.
_ANSWERABLE = re.compile(r"\+[1-9]\d{7,14}")
# Numbers that stand for "hidden". Source: Twilio, "Why am I getting calls from these strange
# numbers?" (ANONYMOUS, BLOCKED, RESTRICTED, UNKNOWN, UNAVAILABLE on a telephone keypad).
_HIDDEN = frozenset({"+266696687", "+2562533", "+7378742833", "+8656696", "+86282452253"})
_SID = re.compile(r"[A-Za-z0-9]{1,64}")

Answered = asyncio.Future[list[str]]


@dataclass(frozen=True)
class Arrived:
    """One webhook, authenticated: an SMS from a person."""

    sid: str
    number: str
    text: str
    media: bool

    @property
    def only_media(self) -> bool:
        """A picture or file without a word; it is never fetched."""
        return self.media and not self.text.strip()


def blueprint(services: Services) -> Blueprint:
    """The routes of the SMS room."""
    door = Door(services)
    room = Blueprint("sms")
    room.add_route(door.arrives, "/sms/twilio", methods=["POST"], name="arrives")
    room.add_route(door.fares, "/sms/status", methods=["POST"], name="fares")
    room.add_route(door.fares, "/sms/status/<row_id:str>", methods=["POST"], name="row_fares")

    @room.before_server_stop
    async def finish(_app: Sanic[Any, Any]) -> None:
        await door.finish()

    return room


class Door:
    """Answers the webhooks of one process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._account = account_for(services.settings, services.secrets)
        self._under_way: set[str] = set()  # message ids; the store knows those it has
        self._limits = limits.of(services.settings)
        self._running: set[asyncio.Task[None]] = set()

    async def arrives(self, request: Request) -> HTTPResponse:
        """An SMS came in."""
        form = self._authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        arrived = self._read(form)
        if arrived is None:
            return _twiml([])
        if arrived.sid in self._under_way:
            return _twiml([])  # Twilio posts again while the first is still being answered
        answered: Answered = asyncio.get_running_loop().create_future()
        self._under_way.add(arrived.sid)
        task = asyncio.create_task(self._handle(arrived, answered))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await self._stored_or_done(arrived.sid, answered)
        if answered.done():
            return _twiml(answered.result())
        answered.cancel()  # from now on the task sends for itself
        return _twiml([])

    async def fares(self, request: Request, row_id: str | None = None) -> HTTPResponse:
        """The provider tells how a text fares."""
        form = self._authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        status, code = form.get("MessageStatus"), form.get("ErrorCode") or None
        delivered = True if status == "delivered" else False if status in LOST else None
        try:
            report = await self._services.db.run(
                _note_report, row_id, form.get("MessageSid"), delivered, code
            )
        except StoreAway as error:
            log.error("a delivery report could not be noted: %s", error)
            return empty(503)
        if report is not None and report.state == "failed":
            log.warning("outbox %s: not delivered, code %s", report.id, report.error_code)
        return empty(204)

    async def finish(self) -> None:
        """Let running turns end before the service stops; what does not end is in the store."""
        if self._running:
            await asyncio.wait(self._running, timeout=FINISH_WITHIN)

    # --- one message -------------------------------------------------------------------------

    def _authentic(self, request: Request) -> Form | HTTPResponse:
        """The signed form, or the refusal: 503 when SMS is not set up, 403 without a reason."""
        if self._account is None:
            log.error("the SMS webhook was called, but SMS is not set up (docs/settings.md)")
            return empty(503)
        form = read_form(request.body)
        address = self._services.settings.base_url + request.path
        if request.query_string:
            address += f"?{request.query_string}"
        signature = request.headers.get("X-Twilio-Signature")
        if form is None or not signed_by(self._account.token, address, form, signature):
            return empty(403)
        return form

    def _read(self, form: Form) -> Arrived | None:
        """What came, or None when nobody can be answered."""
        number, sid = form.get("From"), form.get("MessageSid")
        own = self._account.number if self._account else ""
        if not _ANSWERABLE.fullmatch(number) or number in _HIDDEN or number == own:
            log.info("an SMS from a sender that cannot be answered")
            return None
        if not _SID.fullmatch(sid):
            log.warning("an SMS without an id")
            return None
        return Arrived(sid, number, form.get("Body"), form.get("NumMedia") not in ("", "0"))

    async def _stored_or_done(self, sid: str, answered: Answered) -> None:
        """Wait until the turn is done, the store has the message, or Twilio would give up."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + ANSWER_WITHIN
        while loop.time() < give_up:
            await asyncio.wait({answered}, timeout=min(LOOK_EVERY, give_up - loop.time()))
            if answered.done() or await self._is_stored(sid):
                return

    async def _is_stored(self, sid: str) -> bool:
        try:
            return await self._services.db.run(messages.is_repeat, sid)
        except StoreAway:
            return False

    async def _handle(self, arrived: Arrived, answered: Answered) -> None:
        """One message from beginning to end, and what must be said without the outbox.

        The one place in this room that catches everything: whatever breaks inside, a person who
        wrote by SMS must hear the danger words or the static safe reply.
        """
        try:
            texts = await self._answer(arrived)
        except Exception as error:
            log.error("an SMS could not be handled: %s", type(error).__name__)
            texts = self._without_store(arrived)
        finally:
            self._under_way.discard(arrived.sid)
        if not answered.done():
            answered.set_result(texts)
        elif texts:
            await send_now(self._services, arrived.number, texts)

    async def _answer(self, arrived: Arrived) -> list[str]:
        """The turn. Returns the texts that no outbox row holds. Raises StoreAway."""
        services = self._services
        if not self._limits.allow(arrived.number) and not self._danger(arrived.text):
            log.warning("a sender writes too much; a message without danger was left out")
            return []
        if await services.db.run(messages.is_repeat, arrived.sid):
            return []
        if arrived.only_media:
            await self._refuse_media(arrived)
            return []
        message = Message(
            await services.db.run(_conversation_id, arrived.number),
            "sms",
            arrived.text,
            services.db.clock(),
            provider_id=arrived.sid,
        )
        return _unqueued(await services.turn.handle(message))

    async def _refuse_media(self, arrived: Arrived) -> None:
        """A picture without words: we say kindly that we cannot see it (neutral until safe)."""
        conversation = await self._services.db.run(self._put_refusal, arrived)
        if conversation is not None:
            self._services.outbound.sent(conversation)

    def _put_refusal(self, tx: Tx, arrived: Arrived) -> Conversation | None:
        conversation = conversations.by_number(tx, arrived.number, "nb")
        message = Message(conversation.id, "sms", "", tx.now, provider_id=arrived.sid)
        message_id = messages.add_inbound(tx, message)
        if message_id is None:
            return None
        messages.mark_answered(tx, message_id)
        conversations.touch(tx, conversation.id)
        self._note_pause(conversation, tx.now.timestamp())
        reply = self._refusal(conversation)
        if reply.buttons:
            conversation.state.menu = offered(reply.buttons)
        self._services.outbound.put(tx, conversation, [reply])
        conversations.save(tx, conversation)
        return conversation

    def _note_pause(self, conversation: Conversation, at: float) -> None:
        """A picture after a pause may come from somebody else, as a message may."""
        settings, state = self._services.settings, conversation.state
        if presence.lapsed(state, settings.pause_sms, at):
            presence.begin_doubt(state, "pause")
        state.heard_at = at

    def _refusal(self, conversation: Conversation) -> Reply:
        state = conversation.state
        if state.safe != "yes" or state.neutral:
            return opening.question(conversation.lang)
        return self._services.content.reply("attachment_refused", conversation.lang, "sms")

    def _danger(self, words: str) -> bool:
        return self._services.safety.check(words).finding is not None

    def _without_store(self, arrived: Arrived) -> list[str]:
        replies = self._services.turn.answer_without_store(arrived.text, "sms", "nb")
        return [sent for reply in replies for sent in sms_texts(reply, "nb")]


def _unqueued(result: TurnResult) -> list[str]:
    """Replies that no outbox row holds: the store is away, or the conversation is erased."""
    if result.stored and not result.erased:
        return []
    return [sent for reply in result.replies for sent in sms_texts(reply, result.lang)]


def _conversation_id(tx: Tx, number: str) -> str:
    return conversations.by_number(tx, number, "nb").id


def _note_report(
    tx: Tx, row_id: str | None, sid: str, delivered: bool | None, code: str | None
) -> Delivery | None:
    found = row_id or outbox.row_of(tx, sid)
    if found is None or not _SID.fullmatch(sid):
        return None
    return outbox.mark_delivery(tx, found, sid, delivered=delivered, error_code=_digits(code))


def _digits(code: str | None) -> str | None:
    """An error code as the store keeps it; anything that is no number is left out."""
    return code if code is not None and code.isdigit() and len(code) <= 10 else None


def _twiml(texts: list[str]) -> HTTPResponse:
    """Twilio's answer format; empty means "say nothing now"."""
    answer = MessagingResponse()
    for one in texts:
        answer.message(one)
    return text(str(answer), content_type="text/xml; charset=utf-8")

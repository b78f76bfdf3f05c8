"""The SMS door: Twilio's signed webhooks.

`POST /sms/twilio` brings what a person wrote. The signature is checked before anything is read.
The webhook is answered as soon as the message is in the store; the turn goes on behind it and its
replies leave through the outbox. Only where there is no store to queue in (it is away, or the
conversation was just erased) the reply is the answer to the webhook itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.response import empty

from bot.channels.messages import Message, Reply
from bot.channels.sms import heard, limits, opening, parts, undelivered
from bot.channels.sms.machines import Loops, answers_ours
from bot.channels.sms.menu import offered, sms_texts
from bot.channels.sms.outbound import erased_reply, send_now, unqueued
from bot.channels.sms.provider import account_for
from bot.channels.sms.senders import Arrived, is_sid
from bot.channels.sms.webhooks import TwilioWebhooks, Webhooks
from bot.redaction import redact
from bot.store import (
    conversations,
    deliveries,
    messages,
    outbox,
    presence,
    provider_copies,
    statistics,
)
from bot.store.conversations import Conversation
from bot.store.database import StoreAway, Tx
from bot.store.deliveries import Delivery

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

ANSWER_WITHIN = 8.0  # seconds; Twilio gives up after fifteen
LOOK_EVERY = 0.5  # seconds between looks whether the message is stored; most turns end sooner
FINISH_WITHIN = 5.0  # seconds that running turns get when the service stops

Answered = asyncio.Future[list[str]]


def blueprint(services: Services, webhooks: Webhooks | None = None) -> Blueprint:
    """The routes of the SMS room. `webhooks`: another provider's; None is Twilio's."""
    account = account_for(services.settings, services.secrets)
    door = Door(services, webhooks or TwilioWebhooks(account, services.settings.base_url))
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

    def __init__(self, services: Services, webhooks: Webhooks) -> None:
        self._services = services
        self._webhooks = webhooks
        self._under_way: set[str] = set()  # message ids; the store knows those it has
        self._limits = limits.of(services.settings)
        self._loops = Loops()
        self._unanswerable = heard.Recent()
        self._orders: dict[str, tuple[asyncio.Lock, int]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def arrives(self, request: Request) -> HTTPResponse:
        """An SMS came in."""
        posted = self._webhooks.authentic(request)
        if isinstance(posted, HTTPResponse):
            return posted
        arrived = self._webhooks.arrived(posted)
        if arrived is None:
            log.info("an SMS without an id, or from our own number")
            return self._webhooks.answer([])
        if arrived.sid in self._under_way:
            return self._webhooks.answer(
                []
            )  # Twilio posts again while the first is still being answered
        answered: Answered = asyncio.get_running_loop().create_future()
        self._under_way.add(arrived.sid)
        task = asyncio.create_task(self._handle(arrived, answered))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await self._stored_or_done(arrived.sid, answered)
        if answered.done():
            return self._webhooks.answer(answered.result())
        answered.cancel()  # from now on the task sends for itself
        return self._webhooks.answer([])

    async def fares(self, request: Request, row_id: str | None = None) -> HTTPResponse:
        """The provider tells how a text fares."""
        posted = self._webhooks.authentic(request)
        if isinstance(posted, HTTPResponse):
            return posted
        news = self._webhooks.report(posted)
        try:
            report, alarm_id = await self._services.db.run(
                _note_report, row_id, news.sid, news.delivered, news.error_code
            )
        except StoreAway as error:
            log.error("a delivery report could not be noted: %s", error)
            return empty(503)
        undelivered.tell(self._services, report, alarm_id)
        return empty(204)

    async def finish(self) -> None:
        """Let running turns end before the service stops; what does not end is in the store."""
        if self._running:
            await asyncio.wait(self._running, timeout=FINISH_WITHIN)

    # --- one message -------------------------------------------------------------------------

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
        elif texts and arrived.number is not None:
            await send_now(self._services, arrived.number, texts)

    async def _answer(self, arrived: Arrived) -> list[str]:
        """The turn. Returns the texts that no outbox row holds. Raises StoreAway."""
        if arrived.number is None:
            await self._nobody_to_answer(arrived)
            return []
        async with self._in_order(arrived.number):
            return await self._answer_person(arrived, arrived.number)

    async def _answer_person(self, arrived: Arrived, number: str) -> list[str]:
        services = self._services
        if not self._limits.allow(number) and not await heard.danger(services, number, arrived):
            log.warning("a sender writes too much; a message without danger was left out")
            return []
        if await services.db.run(messages.is_repeat, arrived.sid):
            return []
        if arrived.only_media:
            await self._refuse_media(arrived, number)
            return []
        conversation_id = await services.db.run(_conversation_id, number, arrived.sid)
        if await self._is_a_machine(arrived, number, conversation_id):
            return []
        whole = await parts.arrives(services, conversation_id, arrived.text, arrived.sid)
        if whole is None:
            return []
        result = await parts.answer(services, conversation_id, whole)
        if arrived.media and result.finding is None:
            await services.db.run(self._put_refusal_beside, conversation_id)
        if result.erased and await erased_reply(services, number, result):
            return []
        return unqueued(result)

    @asynccontextmanager
    async def _in_order(self, number: str) -> AsyncIterator[None]:
        """One message of a person after the other, as they came."""
        lock, users = self._orders.get(number) or (asyncio.Lock(), 0)
        self._orders[number] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._orders[number]
            if users == 1:
                del self._orders[number]
            else:
                self._orders[number] = (lock, users - 1)

    async def _is_a_machine(self, arrived: Arrived, number: str, conversation_id: str) -> bool:
        """An auto-reply, or a machine in a loop with us: kept, and not answered. Danger always is,
        and what a counsellor is to read goes its usual way."""
        services = self._services
        last, held = await services.db.run(_lately, conversation_id)
        loops = self._loops.is_looping(number, arrived.text)
        if held or not (loops or answers_ours(arrived.text, last, services.db.clock())):
            return False
        if await heard.danger(services, number, arrived):
            return False
        log.warning("a machine seems to answer us; its message was kept and not answered")
        await services.db.run(_keep_unanswered, conversation_id, arrived)
        return True

    async def _nobody_to_answer(self, arrived: Arrived) -> None:
        """A name, a short code, a hidden number: no reply can reach it, but danger alarms."""
        log.info("an SMS from a sender that cannot be answered")
        if not self._unanswerable.is_new(arrived.sid):
            return
        await heard.alarm_of_nobody(self._services, arrived)

    async def _refuse_media(self, arrived: Arrived, number: str) -> None:
        """A picture without words: we say kindly that we cannot see it (neutral until safe)."""
        conversation = await self._services.db.run(self._put_refusal, arrived, number)
        if conversation is not None:
            self._services.outbound.sent(conversation)

    def _put_refusal(self, tx: Tx, arrived: Arrived, number: str) -> Conversation | None:
        conversation = conversations.by_number(tx, number, "nb")
        provider_copies.note(tx, conversation.id, arrived.sid)
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

    def _put_refusal_beside(self, tx: Tx, conversation_id: str) -> None:
        """The words beside a picture are answered; that the picture was not seen is said too."""
        conversation = conversations.get(tx, conversation_id)
        if conversation is None or conversation.held_by == "desk":
            return
        if conversation.state.safe == "yes" and not conversation.state.neutral:
            self._services.outbound.put(tx, conversation, [self._refusal(conversation)])

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

    def _without_store(self, arrived: Arrived) -> list[str]:
        replies = self._services.turn.answer_without_store(arrived.text, "sms", "nb")
        return [sent for reply in replies for sent in sms_texts(reply, "nb")]


def _conversation_id(tx: Tx, number: str, sid: str) -> str:
    conversation = conversations.by_number(tx, number, "nb")
    provider_copies.note(tx, conversation.id, sid)
    return conversation.id


def _lately(tx: Tx, conversation_id: str) -> tuple[datetime | None, bool]:
    """When a text of ours last left, and whether the desk holds the person."""
    found = conversations.get(tx, conversation_id)
    held = found is not None and found.held_by == "desk"
    return deliveries.last_sent_at(tx, conversation_id), held


def _keep_unanswered(tx: Tx, conversation_id: str, arrived: Arrived) -> None:
    """Without a mark that the person wrote: it was none."""
    if conversations.get(tx, conversation_id) is None:
        return
    words = redact(arrived.text, "nb", address=False)
    message = Message(conversation_id, "sms", words, tx.now, provider_id=arrived.sid)
    message_id = messages.add_inbound(tx, message)
    if message_id is not None:
        messages.mark_answered(tx, message_id)


def _note_report(
    tx: Tx, row_id: str | None, sid: str, delivered: bool | None, code: str | None
) -> tuple[Delivery | None, str | None]:
    """How the row fares now, and the alarm that was raised about it."""
    found = row_id or outbox.row_of(tx, sid)
    if found is None or not is_sid(sid):
        return None, None
    report = outbox.mark_delivery(tx, found, sid, delivered=delivered, error_code=_digits(code))
    if report is not None and report.double:
        statistics.count(tx, "sms", "double")
    return report, undelivered.act(tx, report)


def _digits(code: str | None) -> str | None:
    """An error code as the store keeps it; anything that is no number is left out."""
    return code if code is not None and code.isdigit() and len(code) <= 10 else None

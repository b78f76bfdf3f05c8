"""The switchboard: a counsellor calls a person back, and neither sees the other's number.

    desk: "Ring via sentralen" ─▶ ring()        the counsellor's own phone rings
    picked up ─▶ …/counsellor                   "Trykk 1": a voicemail presses nothing
    1 ─▶ …/connect                              the person's phone rings; she waits in a room
    picked up ─▶ …/person                       only a human joins; a machine hears nothing at all
    over ─▶ …/ended/<half>                      noted; the other half is told and put down

Both phones show the helpline's number. What may be done when stands in bot/handoff/calls.py. Every
answer to a signed webhook is TwiML with status 200: on an error the provider would speak to whoever
holds the phone.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from sanic import Blueprint, HTTPResponse, Request

from bot.channels.sms import twiml
from bot.channels.sms.outbound import in_thread
from bot.channels.sms.provider import SmsError, SmsInDoubt, VoiceProvider, account_for
from bot.channels.sms.senders import is_sid
from bot.channels.sms.signature import Form
from bot.channels.sms.voice_in import twiml as answer
from bot.channels.sms.webhooks import TwilioWebhooks
from bot.content.load import Content
from bot.handoff import calls as rules
from bot.handoff.calls import Ended
from bot.store import calls, provider_copies
from bot.store.database import StoreAway, Tx

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

COUNSELLOR_RINGS = 30  # seconds
PERSON_RINGS = 20  # seconds; most voicemails take over later than that


class Switchboard:
    """Places the calls of one process and answers what the provider asks about them."""

    def __init__(self, services: Services, provider: VoiceProvider) -> None:
        self._services = services
        self._provider = provider
        account = account_for(services.settings, services.secrets)
        self._webhooks = TwilioWebhooks(account, services.settings.base_url)

    async def ring(self, call_id: str, number: str) -> bool:
        """Ring the counsellor's own phone; see bot/handoff/calls.py."""
        placed = await self._place(call_id, "counsellor", number, COUNSELLOR_RINGS)
        if not placed:
            await self._services.db.run(rules.not_placed, call_id)
        return placed

    # --- what the provider asks --------------------------------------------------------------

    async def counsellor(self, request: Request, call_id: str) -> HTTPResponse:
        """The counsellor's phone was picked up, by her or by a voicemail."""
        form = self._webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        return answer(twiml.press_a_key(self._content, self._url(call_id, "connect")))

    async def connect(self, request: Request, call_id: str) -> HTTPResponse:
        """A key was pressed."""
        form = self._webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        if form.get("Digits") != "1":
            return answer(twiml.hang_up())
        try:
            return answer(await self._connected(call_id))
        except StoreAway as error:
            log.error("call %s: %s", call_id, error)
            return answer(twiml.not_reached(self._content))

    async def person(self, request: Request, call_id: str) -> HTTPResponse:
        """The person's phone was picked up, by a human or a machine."""
        form = self._webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        try:
            by = form.get("AnsweredBy")
            joins, ended = await self._services.db.run(rules.answered, call_id, by)
        except StoreAway as error:
            log.error("call %s: %s", call_id, error)
            return answer(twiml.hang_up())
        await self._after(ended)
        if joins:
            self._services.events.publish("desk")
        return answer(twiml.join(self._content, call_id, wait=False) if joins else twiml.hang_up())

    async def ended(self, request: Request, call_id: str, half: str) -> HTTPResponse:
        """One of the two phones was put down, or never picked up."""
        form = self._webhooks.authentic(request)
        if isinstance(form, HTTPResponse):
            return form
        try:
            ended = await self._services.db.run(_note_end, call_id, half, form)
        except StoreAway as error:
            log.error("call %s: its end could not be noted: %s", call_id, error)
            return answer(twiml.hang_up())
        await self._after(ended)
        return answer(twiml.hang_up())

    # --- placing and ending ------------------------------------------------------------------

    @property
    def _content(self) -> Content:
        return self._services.content

    async def _connected(self, call_id: str) -> str:
        """TwiML for the counsellor who pressed the key; the person's phone rings meanwhile."""
        to_ring = await self._services.db.run(rules.connect, call_id)
        self._services.events.publish("desk")
        if to_ring is None:
            row = await self._services.db.run(calls.get, call_id)
            if row is not None and row.state in ("connecting", "talking"):
                return twiml.join(self._content, call_id, wait=True)  # asked a second time
            return twiml.not_reached(self._content)
        if await self._place(call_id, "person", to_ring.number, PERSON_RINGS):
            return twiml.join(self._content, call_id, wait=True)
        await self._services.db.run(rules.not_placed, call_id)
        self._services.events.publish("desk")
        return twiml.not_reached(self._content)

    async def _place(self, call_id: str, half: str, number: str, ring_for: int) -> bool:
        """True when the phone rings, or perhaps does: a call is never placed twice in doubt."""
        place = partial(
            self._provider.call,
            number,
            self._url(call_id, half),
            self._url(call_id, f"ended/{half}"),
            ring_for,
            only_humans=half == "person",
        )
        try:
            sid = await in_thread(place)
        except SmsError as error:
            log.warning("call %s, %s: %s %s", call_id, half, type(error).__name__, error.code)
            return isinstance(error, SmsInDoubt)
        try:
            await self._services.db.run(calls.note_sid, call_id, half, sid)
        except StoreAway as error:
            log.error("call %s: an id could not be noted: %s", call_id, error)
        return True

    async def _after(self, ended: Ended | None) -> None:
        """The other half is put down, and the person may get a text instead."""
        if ended is None:
            return
        self._services.events.publish("desk")
        sid = {"counsellor": ended.row.counsellor_sid, "person": ended.row.person_sid}.get(
            ended.left or ""
        )
        if sid is not None:
            # A person's phone stops ringing, and never hears a word of ours.
            words = twiml.not_reached(self._content) if ended.left == "counsellor" else None
            try:
                await in_thread(lambda: self._provider.hang_up(sid, words))
            except SmsError as error:
                log.warning("call %s: could not be put down: %s", ended.row.id, error.code)
        try:
            await self._services.outbound.missed_call(ended)
        except StoreAway as error:
            log.error("call %s: no text instead: %s", ended.row.id, error)

    def _url(self, call_id: str, what: str) -> str:
        return f"{self._services.settings.base_url}/sms/call/{call_id}/{what}"


def blueprint(services: Services) -> Blueprint:
    """The routes of calls that go out; with them the desk can call."""
    room = Blueprint("voice_out")
    provider = services.sms
    if not hasattr(provider, "call"):
        return room  # no telephone: the phone simulator has none
    board = Switchboard(services, provider)  # type: ignore[arg-type]
    services.telephone = board
    for handler, path in (
        (board.counsellor, "counsellor"),
        (board.connect, "connect"),
        (board.person, "person"),
        (board.ended, "ended/<half:counsellor|person>"),
    ):
        room.add_route(
            handler, f"/sms/call/<call_id:str>/{path}", methods=["POST"], name=path.split("/")[0]
        )
    return room


def _note_end(tx: Tx, call_id: str, half: str, form: Form) -> Ended | None:
    """The provider's record of it holds a number: a job deletes it there."""
    sid = form.get("CallSid")
    if is_sid(sid):
        provider_copies.note_nobodys(tx, [sid])
    return rules.half_ended(tx, call_id, half, form.get("CallStatus"))

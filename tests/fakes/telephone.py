"""The telephone part of the local Twilio: calls that are placed, picked up, pressed on, put down.

    call = twilio.phones.rung("+4700000001")           the newest call to that number
    verbs = twilio.phones.picks_up(call, by="human")   asks the service what to do, correctly signed
    twilio.phones.presses(call, "1")
    twilio.phones.puts_down(call, "no-answer")         the status callback

A test or a demonstration plays the people; nothing happens by itself. `heard` is what was said into
a phone, which for a voicemail must be nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tests.fakes.webhooks import Answer, fixture, post_signed

if TYPE_CHECKING:
    from tests.fakes.twilio import FakeTwilio

DONE = ("completed", "busy", "no-answer", "failed", "canceled")


@dataclass
class PhoneCall:
    """One call that Twilio took. `asks` is where it asks what to do next."""

    sid: str
    to: str
    shown: str  # the number that the phone shows
    asks: str
    status_callback: str
    timeout: int
    only_humans: bool
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    room: str | None = None


class Phones:
    """All calls of one fake, newest last."""

    def __init__(self, twilio: FakeTwilio) -> None:
        self._twilio = twilio
        self.calls: list[PhoneCall] = []
        self.faults: list[str] = []  # for placing: "429", "500_before", "cut_after", "21211" …

    # --- for tests and the demo --------------------------------------------------------------

    def rung(self, number: str) -> PhoneCall:
        """The newest call to that number. Raises LookupError when it was never rung."""
        for call in reversed(self.calls):
            if call.to == number:
                return call
        raise LookupError("nobody rang that phone")

    def picks_up(self, call: PhoneCall, by: str = "human", **posted: str) -> list[str]:
        """Somebody or something picks up. Returns the verbs that the service answered with."""
        call.status = "in-progress"
        more = {"AnsweredBy": by} if call.only_humans else {}
        return self._asks(call, call.asks, **more, **posted)

    def presses(self, call: PhoneCall, digit: str) -> list[str]:
        """A key is pressed on that phone."""
        return self._asks(call, call.asks, Digits=digit)

    def puts_down(self, call: PhoneCall, status: str = "completed") -> Answer:
        """The call is over; the service is told."""
        call.status, call.room = status, None
        return self._posts(call, call.status_callback, CallStatus=status)

    def calls_in(self, number: str, path: str = "/sms/voice") -> tuple[str, Answer]:
        """Somebody calls the SMS number. Returns the sid and the service's answer."""
        sid = f"CA{secrets.token_hex(16)}"
        self._twilio.received.append(sid)
        answer = post_signed(
            self._twilio.app_url,
            path,
            self._fields(sid, number, self._twilio.number, "inbound"),
            auth_token=self._twilio.auth_token,
            public_url=self._twilio.public_url,
        )
        return sid, answer

    def together(self) -> bool:
        """True while two phones are in the same room: these two hear each other."""
        rooms = [call.room for call in self.calls if call.room]
        return len(rooms) == 2 and len(set(rooms)) == 1

    # --- for the handler ---------------------------------------------------------------------

    def take(self, params: dict[str, str]) -> PhoneCall:
        """Twilio takes a call."""
        call = PhoneCall(
            sid=f"CA{secrets.token_hex(16)}",
            to=params["To"],
            shown=params["From"],
            asks=params["Url"],
            status_callback=params["StatusCallback"],
            timeout=int(params["Timeout"]),
            only_humans=params.get("MachineDetection") == "Enable",
        )
        self.calls.append(call)
        return call

    def update(self, sid: str, params: dict[str, str]) -> bool:
        """New TwiML for a call in progress, or its end; False when that cannot be, as at Twilio."""
        call = next((one for one in self.calls if one.sid == sid), None)
        if call is None or call.status in DONE:
            return False
        if "Status" in params:
            call.status, call.room = params["Status"], None
            return True
        if call.status != "in-progress":
            return False
        self._follow(call, params["Twiml"])
        return True

    def as_json(self, call: PhoneCall) -> dict[str, Any]:
        """A call resource, as far as the SDK needs it."""
        return {
            "sid": call.sid,
            "to": call.to,
            "from": call.shown,
            "status": call.status,
            "account_sid": self._twilio.account_sid,
        }

    def _asks(self, call: PhoneCall, url: str, **more: str) -> list[str]:
        answer = self._posts(call, url, CallStatus="in-progress", **more)
        if answer.status != 200:
            call.heard.append("(Twilio says in English that an application error has occurred)")
            return []
        return self._follow(call, answer.body)

    def _follow(self, call: PhoneCall, body: str) -> list[str]:
        """Do what the TwiML says, as far as it can be done without waiting."""
        document = ElementTree.fromstring(body)
        for verb in document:
            call.heard += [said.text or "" for said in verb.iter("Say")]
            if verb.tag == "Gather":
                call.asks = verb.get("action") or call.asks
                break
            if verb.tag == "Dial":
                rooms = [room.text for room in verb.iter("Conference")]
                call.room = rooms[0] if rooms else None
            if verb.tag == "Hangup":
                call.status, call.room = "completed", None
        return [verb.tag for verb in document]

    def _posts(self, call: PhoneCall, url: str, **more: str) -> Answer:
        return post_signed(
            self._twilio.app_url,
            urlsplit(url).path,
            self._fields(call.sid, self._twilio.number, call.to, "outbound-api") | more,
            auth_token=self._twilio.auth_token,
            public_url=self._twilio.public_url,
        )

    def _fields(self, sid: str, caller: str, called: str, direction: str) -> dict[str, str]:
        return fixture("voice_webhook") | {
            "CallSid": sid,
            "From": caller,
            "Caller": caller,
            "To": called,
            "Called": called,
            "Direction": direction,
            "AccountSid": self._twilio.account_sid,
        }

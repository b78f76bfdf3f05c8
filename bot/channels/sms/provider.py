"""The telephone side: one small interface, and Twilio behind it.

What can go wrong when a text is handed over is one of three things, and the sender treats each
differently: refused for good, certainly not taken (try later), or unknown (look it up first).
The exceptions carry a code only: the SDK's own carry the number and the address with it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

if TYPE_CHECKING:
    from bot.settings import Secrets, Settings

REQUEST_TIMEOUT = 8.0  # seconds for connecting, and again for each wait for an answer
LOOK_BACK = timedelta(seconds=60)  # how far the provider's clock may differ from ours
MOST_LISTED = 50
DETECT_WITHIN = 10  # seconds until a silent phone counts as neither human nor machine
LONGEST_CALL = 3600

# Codes that another try cannot mend: no such number, a country the account may not write to, the
# person's phone blocks us, cannot be reached from our number, not a mobile, too long, empty.
# Source: twilio.com/docs/api/errors.
FINAL_CODES = frozenset({21211, 21408, 21602, 21610, 21612, 21614, 21617, 21635})
# What Twilio calls a message that will never arrive.
LOST = frozenset({"failed", "undelivered", "canceled"})


class SmsError(Exception):
    """A text was not handed over. `code` is the provider's number or the error's class name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsRefused(SmsError):
    """Refused for good; the same text to the same number will be refused again."""


class SmsLater(SmsError):
    """Certainly not taken; another try may be."""


class SmsInDoubt(SmsError):
    """Perhaps taken: the answer never came, or made no sense. Look it up before sending again."""


@dataclass(frozen=True)
class Found:
    """A text that the provider's list shows: its id there, and how it fares."""

    sid: str
    status: str
    error_code: str | None = None


class SmsProvider(Protocol):
    """What the helpline needs of a provider. All calls block; all raise SmsError."""

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        """Hand over `text` for `number` (E.164). Returns the provider's id of the message.

        `callback`: signed address told of delivery. `valid_for`: seconds after which the provider
        need not deliver it any more.
        """
        ...

    def find(self, number: str, text: str, since: datetime) -> list[Found]:
        """Texts with these words to this number, taken since then (and a minute before), oldest
        first."""
        ...

    def erase(self, sid: str) -> None:
        """Delete the provider's copy. One that is gone already is fine."""
        ...


class VoiceProvider(Protocol):
    """What calling a person back needs beside SMS. All calls block; all raise SmsError."""

    def call(
        self, number: str, answer_url: str, status_url: str, ring_for: int, *, only_humans: bool
    ) -> str:
        """Ring `number` (E.164) from our own. Returns the provider's id of the call.

        `answer_url`: signed address that is asked what to do when it is picked up; with
        `only_humans` not before it is known whether a human or a machine picked up.
        `status_url`: told when it is over. `ring_for`: seconds.
        """
        ...

    def hang_up(self, sid: str, last_words: str | None) -> None:
        """End a call, also one that rings, without a word; or one that was picked up with
        `last_words` (TwiML). One that is over already is fine."""
        ...

    def erase(self, sid: str) -> None:
        """Delete the provider's record of the call, which holds numbers."""
        ...


class TwilioProvider:
    """Twilio's REST API through its own SDK.

    `base_url`: another address of the API, for tests against a local fake; empty is Twilio's own.
    `timeout`: seconds, see REQUEST_TIMEOUT.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        base_url: str = "",
        timeout: float = REQUEST_TIMEOUT,
    ) -> None:
        http = TwilioHttpClient(timeout=timeout, logger=_silent_logger())
        self._client = Client(account_sid, auth_token, http_client=http)
        self._number = number
        if base_url:
            self._client.api.base_url = base_url.rstrip("/")
            if urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1"):
                http.session.trust_env = False  # a proxy of the environment has no say on loopback
        # These log addresses that hold the person's number.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        options: dict[str, Any] = {"validity_period": valid_for}
        if callback is not None:
            options["status_callback"] = callback
        with _translated():
            message = self._client.messages.create(
                to=number, from_=self._number, body=text, **options
            )
        if not message.sid:
            raise SmsInDoubt("no sid")
        return str(message.sid)

    def find(self, number: str, text: str, since: datetime) -> list[Found]:
        with _translated():
            # Not filtered by date: texts that are still queued there have no sending date yet.
            listed = self._client.messages.list(to=number, from_=self._number, limit=MOST_LISTED)
        earliest = since - LOOK_BACK
        matching = [
            message
            for message in listed
            if (message.body or "").strip() == text.strip()
            and message.date_created is not None
            and _utc(message.date_created) >= earliest.replace(microsecond=0)
        ]
        return [
            Found(str(m.sid), str(m.status), str(m.error_code) if m.error_code else None)
            for m in reversed(matching)
        ]

    def erase(self, sid: str) -> None:
        known = self._client.calls(sid) if sid.startswith("CA") else self._client.messages(sid)
        try:
            with _translated():
                known.delete()
        except SmsError as error:
            if error.code not in ("20404", "404"):
                raise

    def call(
        self, number: str, answer_url: str, status_url: str, ring_for: int, *, only_humans: bool
    ) -> str:
        options: dict[str, Any] = {}
        if only_humans:
            options = {"machine_detection": "Enable", "machine_detection_timeout": DETECT_WITHIN}
        with _translated():
            placed = self._client.calls.create(
                to=number,
                from_=self._number,
                url=answer_url,
                status_callback=status_url,
                timeout=ring_for,
                time_limit=LONGEST_CALL,
                **options,
            )
        if not placed.sid:
            raise SmsInDoubt("no sid")
        return str(placed.sid)

    def hang_up(self, sid: str, last_words: str | None) -> None:
        # New TwiML is for a call in progress only; the status ends one that rings too.
        change: dict[str, Any] = {"twiml": last_words} if last_words else {"status": "completed"}
        try:
            with _translated():
                self._client.calls(sid).update(**change)
        except SmsError as error:
            if error.code not in ("20404", "404", "21220"):  # 21220: it is over already
                raise


class _translated:  # noqa: N801 (used as a verb: with _translated())
    """Turns what the SDK raises into SmsError with a code and nothing else."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TwilioRestException):
            raise _of_rest_error(error) from None
        if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
            raise SmsLater(type(error).__name__) from None
        if isinstance(error, (requests.RequestException, TwilioException, ValueError)):
            raise SmsInDoubt(type(error).__name__) from None


def _of_rest_error(error: TwilioRestException) -> SmsError:
    code = str(error.code or error.status)
    if error.status == 429:
        return SmsLater(code)
    if error.status >= 500:
        return SmsInDoubt(code)
    return SmsRefused(code) if error.code in FINAL_CODES else SmsLater(code)


def _never_connected(error: BaseException | None) -> bool:
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    return isinstance(getattr(error.args[0], "reason", None), NewConnectionError)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _silent_logger() -> logging.Logger:
    """The SDK logs addresses and parameters, numbers among them: not here."""
    logger = logging.Logger("helpline.sms.sdk")
    logger.disabled = True
    return logger


@dataclass(frozen=True)
class SmsAccount:
    """What the webhook needs: the token that signs it and our own number."""

    token: str
    number: str


DEMO_NUMBER = "+4700000099"


def account_for(settings: Settings, secrets: Secrets) -> SmsAccount | None:
    """The account in use; the demo signs with a token of its own; None when SMS is not set up."""
    if settings.sms == "off":
        return None
    if settings.twilio_auth_token and settings.twilio_number:
        return SmsAccount(settings.twilio_auth_token, settings.twilio_number)
    if settings.demo:
        return SmsAccount(secrets.demo_token, DEMO_NUMBER)
    return None


def provider_for(settings: Settings, secrets: Secrets) -> SmsProvider | None:
    """Twilio when it is set up; in the demo the phone simulator; None when there is no SMS."""
    from bot.channels.sms.demo_provider import DemoProvider

    account = account_for(settings, secrets)
    if account is None:
        return None
    if settings.twilio_account_sid and settings.twilio_auth_token:
        return TwilioProvider(
            settings.twilio_account_sid, account.token, account.number, settings.twilio_base_url
        )
    return DemoProvider() if settings.demo else None

"""Whoever calls the SMS number reaches the 24-hour line, whatever else is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from sanic import Sanic

from bot.centre import load_centre
from bot.channels.sms import copies, voice_in
from bot.channels.sms.twiml import line_to_dial
from bot.settings import ROOT
from bot.store import provider_copies
from tests.fakes.twilio import NUMBER, FakeTwilio
from tests.fakes.webhooks import Answer, fixture, post_signed
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock, app_of
from tests.support import loaded

# Said before anyone has answered, to whoever holds the phone.
REVEALING = ("vold", "krise", "chatbot", "violence", "crisis", "hjelpe", "help")


@pytest.fixture
def called(services: Any, served: Callable[[Sanic], str], twilio: FakeTwilio) -> FakeTwilio:
    """The telephone network, with a service that answers its calls."""
    services.content = loaded()["content"]
    services.centre = load_centre(ROOT / "centre.yml")
    twilio.app_url = served(app_of(voice_in.blueprint(services)))
    twilio.public_url = PUBLIC
    return twilio


def verbs(answer: Answer) -> list[ElementTree.Element]:
    assert answer.status == 200
    return list(ElementTree.fromstring(answer.body))


def test_a_caller_hears_one_neutral_sentence_twice_and_is_put_through(called: FakeTwilio) -> None:
    _sid, answer = called.phones.calls_in(PERSON)
    wait, wait_en, dial, after, after_en = verbs(answer)
    assert [wait.get("language"), wait_en.get("language")] == ["nb-NO", "en-GB"]
    assert wait.text == "Vent litt, så blir du satt over."
    assert not any(word in f"{wait.text} {wait_en.text}".casefold() for word in REVEALING)
    assert [number.text for number in dial.iter("Number")] == ["+47116006"]
    assert "116 006" in str(after.text)
    assert "112" in str(after_en.text)


def test_the_line_sees_our_number_and_nothing_is_recorded(called: FakeTwilio) -> None:
    _sid, answer = called.phones.calls_in(PERSON)
    dial = verbs(answer)[2]
    assert dial.get("callerId") == NUMBER
    assert dial.get("record") == "do-not-record"
    assert "Record" not in answer.body
    assert PERSON not in answer.body


def test_it_works_while_the_store_is_away(called: FakeTwilio, db: BreakableDatabase) -> None:
    db.away = True
    _sid, answer = called.phones.calls_in(PERSON)
    assert "<Number>" in answer.body
    _sid, over = called.phones.calls_in(PERSON, "/sms/voice/over")
    assert over.status == 204


async def test_the_record_of_the_call_is_deleted_at_the_provider_when_it_is_over(
    called: FakeTwilio, services: Any, clock: Clock
) -> None:
    sid, _answer = called.phones.calls_in(PERSON, "/sms/voice/over")
    clock.forward(seconds=provider_copies.KNOWN_FOR.total_seconds() + 1)
    assert await copies.erase_due(services) == 1
    assert called.deleted == [sid]


@pytest.mark.parametrize("path", ["/sms/voice", "/sms/voice/over"])
def test_a_wrong_signature_is_refused(called: FakeTwilio, path: str) -> None:
    refused = post_signed(
        called.app_url, path, fixture("voice_webhook"), auth_token="somebody-elses"
    )
    assert refused.status == 403
    assert refused.body == ""


def test_a_caller_stands_in_no_log(called: FakeTwilio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    called.phones.calls_in(PERSON)
    called.phones.calls_in(PERSON, "/sms/voice/over")
    assert PERSON[3:] not in caplog.text


def test_a_centre_may_name_what_a_provider_dials() -> None:
    line = load_centre(ROOT / "centre.yml").phone_line
    assert line_to_dial(line) == "+47116006"
    named = line.model_copy(update={"dial": "+4722000000"})
    assert line_to_dial(named) == "+4722000000"

"""Who writes: a number of any country is answered; a name or a hidden number is still heard."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.sms.outbound import deliver_due
from bot.channels.sms.senders import can_be_answered
from bot.handoff import queue
from bot.store import conversations, models
from tests.fakes.twilio import FakeTwilio, fixture, post_signed
from tests.sms.room import PUBLIC, BreakableDatabase

NAMELESS = ["inbound_alphanumeric_sender", "inbound_short_code", "inbound_hidden_sender"]


@pytest.mark.parametrize(
    ("number", "answered"),
    [
        ("+4700000001", True),
        ("+46700000001", True),
        ("+4917000000001", True),
        ("+15005550006", True),
        ("+252610000001", True),
        ("+00000000", False),
        ("+266696687", False),
        ("26114", False),
        ("+4726114", False),
        ("Posten", False),
        ("anonymous", False),
        ("", False),
        ("whatsapp:+4700000001", False),
        ("+47 00 00 00 01", False),
        ("+4700000001\n", False),
        ("+" + "1" * 16, False),
        ("+47000٠0001", False),
    ],
)
def test_who_can_be_answered(number: str, answered: bool) -> None:
    assert can_be_answered(number) is answered


@pytest.mark.parametrize("number", ["+46700000001", "+4917000000001", "+252610000001"])
async def test_a_foreign_number_is_answered_there(
    services: Any, twilio: FakeTwilio, app_url: str, number: str
) -> None:
    twilio.person_sends(app_url, number, "hei", public_url=PUBLIC)
    twilio.person_sends(app_url, number, "han har kniv", public_url=PUBLIC)
    await deliver_due(services)
    assert sorted(twilio.texts(number)) == ["Ring politiet nå: 112.", "svar: hei"]


@pytest.mark.parametrize("name", NAMELESS)
async def test_danger_from_a_sender_that_cannot_be_answered_alarms_the_desk_once(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, name: str
) -> None:
    params = fixture(name) | {"Body": "han har kniv"}
    for _ in range(3):
        answer = post_signed(app_url, "/sms/twilio", params, public_url=PUBLIC)
        assert (answer.status, answer.messages) == (200, [])
    with db.begin() as tx:
        (alarm,) = queue.list_alarms(tx)
        assert (alarm.danger, alarm.level, alarm.channel) == ("danger_now", "now", "sms")
        assert alarm.words == ("kniv",)
        assert tx.session.query(models.Conversation).count() == 0
        assert tx.session.query(models.ProviderCopy).count() == 0
    assert len(services.alerted) == 1
    await deliver_due(services)
    assert twilio.sent == []


@pytest.mark.parametrize("name", NAMELESS)
def test_the_desk_is_alerted_even_when_that_alarm_cannot_be_stored(
    services: Any, db: BreakableDatabase, app_url: str, name: str
) -> None:
    db.away = True
    params = fixture(name) | {"Body": "han har kniv"}
    assert post_signed(app_url, "/sms/twilio", params, public_url=PUBLIC).status == 200
    assert services.alerted == [None]


def test_what_they_say_without_danger_leaves_nothing(
    services: Any, db: BreakableDatabase, app_url: str
) -> None:
    post_signed(app_url, "/sms/twilio", fixture(NAMELESS[0]), public_url=PUBLIC)
    with db.begin() as tx:
        assert queue.list_alarms(tx) == []
    assert services.alerted == []


def test_over_the_limit_the_answer_to_the_direct_question_is_still_heard(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    """A bare "ja" is danger only to who knows what was asked."""
    from bot.safety import Finding, SafetyResult

    class Asks:
        second = None

        def check(self, text: str, context: Any = None) -> SafetyResult:
            said = context is not None and context.asked_suicide and text == "ja"
            finding = Finding("suicide", "now", "ja", ("suicide",), neutral=False)
            return SafetyResult(finding if said else None, past_or_other=False)

    services.safety = Asks()
    number = "+4700000077"
    for _ in range(services.settings.web_per_minute + 5):
        twilio.person_sends(app_url, number, "hei", public_url=PUBLIC)
    count = len(services.turn.handled)
    twilio.person_sends(app_url, number, "ja", public_url=PUBLIC)
    assert len(services.turn.handled) == count
    with db.begin() as tx:
        person = conversations.by_number(tx, number, "nb")
        person.state.asked_suicide = True
        conversations.save(tx, person)
    twilio.person_sends(app_url, number, "ja", public_url=PUBLIC)
    assert len(services.turn.handled) == count + 1

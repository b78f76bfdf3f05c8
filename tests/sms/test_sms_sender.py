"""The sender loses nothing, and doubles only what nobody could know."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.channels.sms import outbound
from bot.channels.sms.outbound import deliver_due, recover, send_now
from bot.channels.sms.provider import (
    SmsInDoubt,
    SmsLater,
    SmsRefused,
    TwilioProvider,
)
from bot.store import conversations, models, outbox
from bot.store.database import Database
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, FakeTwilio, Fault
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock

OTHER = "+4700000002"


def queue(db: Database, text: str, kind: str = "bot", number: str = PERSON) -> str:
    with db.begin() as tx:
        owner = conversations.by_number(tx, number, "nb").id
        return outbox.put(tx, owner, owner, number, text, kind)


def row(db: Database, row_id: str) -> models.OutboxRow:
    with db.begin() as tx:
        found = tx.session.get(models.OutboxRow, row_id)
        assert found is not None
        return found


def crash_while_sending(db: Database, row_id: str) -> None:
    """The process dies after the row was committed as "sending" and before the answer was noted."""
    with db.begin() as tx:
        assert outbox.mark_sending(tx, row_id, outbound.LOOK_UP_AFTER)


async def test_texts_arrive_in_order_with_their_status_address(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    rows = [queue(db, text) for text in ("en", "to", "tre «æøå»")]
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["en", "to", "tre «æøå»"]
    assert [sent.status_callback for sent in twilio.sent] == [
        f"{PUBLIC}/sms/status/{row_id}" for row_id in rows
    ]
    assert {row(db, row_id).state for row_id in rows} == {"sent"}


async def test_a_text_that_is_late_for_a_phone_in_other_hands_is_given_up_by_the_network(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    queue(db, "svar")
    queue(db, "rådgiver", "desk", OTHER)
    await deliver_due(services)
    validity = {sent.body: sent.validity for sent in twilio.sent}
    assert validity == {"svar": 3600, "rådgiver": 36000}


@pytest.mark.parametrize("fault", ["hang_after", "cut_after", "500_after"])
async def test_a_text_taken_without_an_answer_is_found_in_the_list_and_not_sent_again(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock, fault: Fault
) -> None:
    twilio.faults.append(fault)
    row_id = queue(db, "rådgiveren skriver", "desk")
    await deliver_due(services)
    assert row(db, row_id).state == "sending"
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["rådgiveren skriver"]
    assert row(db, row_id).state == "sent"
    assert row(db, row_id).provider_sid == twilio.sent[0].sid


@pytest.mark.parametrize("fault", ["hang_before", "cut_before", "500_before"])
async def test_a_text_that_was_not_taken_is_sent_again(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock, fault: Fault
) -> None:
    twilio.faults.append(fault)
    row_id = queue(db, "hei", "danger")
    await deliver_due(services)
    assert twilio.texts(PERSON) == []
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei"]
    assert row(db, row_id).state == "sent"


async def test_after_a_crash_a_text_that_the_list_shows_is_not_sent_again(
    services: Any, twilio: FakeTwilio, provider: TwilioProvider, db: Database, clock: Clock
) -> None:
    row_id = queue(db, "hei", "desk")
    crash_while_sending(db, row_id)
    provider.send(PERSON, "hei", None, 3600)  # it had left before the crash
    assert await recover(services) == 1
    clock.forward(seconds=outbound.LOOK_UP_AT_START)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei"]
    assert row(db, row_id).state == "sent"


async def test_after_a_crash_a_text_that_the_list_does_not_show_is_sent(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    first, second = queue(db, "hei", "desk"), queue(db, "og mer", "desk")
    crash_while_sending(db, first)
    await deliver_due(services)
    assert twilio.texts(PERSON) == [], "nothing passes a text in doubt"
    clock.forward(seconds=outbound.LOOK_UP_AFTER)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei", "og mer"]
    assert {row(db, first).state, row(db, second).state} == {"sent"}


async def test_only_where_the_list_hides_what_was_taken_a_text_comes_twice(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    twilio.shows_list = False
    twilio.faults.append("cut_after")
    queue(db, "Ring politiet nå: 112.", "danger")
    await deliver_due(services)
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["Ring politiet nå: 112."] * 2


async def test_the_same_words_sent_earlier_are_not_taken_for_the_one_in_doubt(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    queue(db, "Passer det å skrive nå? 1 ja 2 nei")
    await deliver_due(services)
    again = queue(db, "Passer det å skrive nå? 1 ja 2 nei")
    twilio.faults.append("cut_before")
    await deliver_due(services)
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert len(twilio.texts(PERSON)) == 2
    assert row(db, again).provider_sid == twilio.sent[1].sid


async def test_a_list_that_cannot_be_read_leaves_the_text_in_doubt(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    twilio.faults.append("cut_after")
    row_id = queue(db, "hei")
    await deliver_due(services)
    twilio.list_faults.append("500_before")
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert row(db, row_id).state == "sending"
    clock.forward(seconds=outbound.LOOK_UP_AGAIN)
    await deliver_due(services)
    assert row(db, row_id).state == "sent"
    assert twilio.texts(PERSON) == ["hei"]


async def test_a_provider_that_is_too_busy_is_asked_again_later(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    twilio.faults += ["429", "429"]
    row_id = queue(db, "hei")
    for seconds in (0, outbox.back_off(1), outbox.back_off(2)):
        clock.forward(seconds=seconds)
        await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei"]
    assert row(db, row_id).attempts == 3


async def test_a_phone_that_blocks_us_is_not_tried_again_and_the_next_text_goes_on(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    twilio.faults.append("21610")
    blocked, following = queue(db, "en"), queue(db, "to")
    await deliver_due(services)
    assert (row(db, blocked).state, row(db, blocked).error_code) == ("failed", "21610")
    assert row(db, following).state == "sent"


async def test_a_provider_that_is_down_loses_nothing(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    row_id = queue(db, "hei", "desk")
    services.sms = TwilioProvider(ACCOUNT_SID, AUTH_TOKEN, NUMBER, "http://127.0.0.1:9", 0.5)
    await deliver_due(services)
    assert row(db, row_id).state == "waiting"
    services.sms = TwilioProvider(ACCOUNT_SID, AUTH_TOKEN, NUMBER, twilio.base_url, 0.5)
    clock.forward(seconds=outbox.back_off(1))
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei"]


async def test_a_wrong_password_loses_nothing_either(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    row_id = queue(db, "hei")
    services.sms = TwilioProvider(ACCOUNT_SID, "wrong", NUMBER, twilio.base_url, 0.5)
    await deliver_due(services)
    assert (row(db, row_id).state, row(db, row_id).error_code) == ("waiting", "20003")


async def test_one_slow_person_does_not_hold_up_another(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    services.sms = TwilioProvider(ACCOUNT_SID, AUTH_TOKEN, NUMBER, twilio.base_url, 5)
    twilio.faults.append("slow")
    queue(db, "treg")
    sending = asyncio.create_task(deliver_due(services))
    await asyncio.sleep(0.3)
    queue(db, "rask", number=OTHER)
    await sending
    assert [sent.body for sent in twilio.sent] == ["rask", "treg"]


async def test_when_the_store_goes_away_after_sending_the_text_is_looked_up_not_repeated(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, clock: Clock
) -> None:
    row_id = queue(db, "hei", "desk")
    real_send = services.sms.send

    def send_and_lose_the_store(*args: Any) -> str:
        sid: str = real_send(*args)
        db.away = True
        return sid

    services.sms.send = send_and_lose_the_store
    with pytest.raises(Exception, match="OperationalError"):
        await deliver_due(services)
    db.away = False
    services.sms.send = real_send
    assert row(db, row_id).state == "sending"
    clock.forward(seconds=outbound.LOOK_UP_AFTER)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["hei"]
    assert row(db, row_id).state == "sent"


async def test_erased_between_queueing_and_sending_nothing_leaves(
    services: Any, twilio: FakeTwilio, db: Database
) -> None:
    queue(db, "hei")
    with db.begin() as tx:
        conversations.erase(tx, conversations.by_number(tx, PERSON, "nb").id)
    await deliver_due(services)
    assert twilio.sent == []


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("hang_after", SmsInDoubt, "ReadTimeout"),
        ("cut_after", SmsInDoubt, "ConnectionError"),
        ("500_before", SmsInDoubt, "20500"),
        ("429", SmsLater, "20429"),
        ("21610", SmsRefused, "21610"),
    ],
)
def test_what_goes_wrong_has_a_code_and_nothing_else(
    provider: TwilioProvider, twilio: FakeTwilio, fault: Fault, kind: type, code: str
) -> None:
    twilio.faults.append(fault)
    with pytest.raises(kind) as raised:
        provider.send(PERSON, "hemmelige ord", None, 3600)
    assert str(raised.value) == code
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_the_providers_copy_can_be_deleted_and_twice_is_fine(
    provider: TwilioProvider, twilio: FakeTwilio
) -> None:
    sid = provider.send(PERSON, "hei", None, 3600)
    provider.erase(sid)
    provider.erase(sid)
    assert twilio.deleted == [sid]


async def test_no_log_line_holds_a_word_or_a_number(
    services: Any,
    twilio: FakeTwilio,
    db: Database,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.faults += ["cut_after", "429", "21610", "500_before"]
    for text in ("hemmelig en", "hemmelig to", "hemmelig tre"):
        queue(db, text, "desk")
    for _ in range(12):
        await deliver_due(services)
        clock.forward(seconds=40)
    assert await send_now(services, PERSON, ["hemmelig fire"])
    assert "hemmelig" not in caplog.text
    assert PERSON[1:] not in caplog.text
    assert "21610" in caplog.text

"""Twilio's reports of how a text fares settle its row; they come late, twice and out of order."""

from __future__ import annotations

from typing import Any

from bot.channels.sms.outbound import deliver_due
from bot.store import conversations, deliveries, outbox
from tests.fakes.twilio import FakeTwilio, fixture, post_signed
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase


async def test_a_delivery_report_settles_its_row(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    twilio.person_sends(app_url, PERSON, "hei", public_url=PUBLIC)
    await deliver_due(services)
    (sent,) = twilio.sent
    for status in ("sent", "delivered", "sent"):
        assert twilio.reports(app_url, sent, status, public_url=PUBLIC).status == 204
    assert rows(db) == {"delivered": 1}


async def test_a_report_that_a_text_was_lost_is_kept_with_its_code(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    twilio.person_sends(app_url, PERSON, "hei", public_url=PUBLIC)
    await deliver_due(services)
    twilio.reports(app_url, twilio.sent[0], "undelivered", 30003, public_url=PUBLIC)
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        assert [failed.error_code for failed in deliveries.failures(tx, person)] == ["30003"]


def test_a_report_without_a_row_is_found_by_the_providers_id_or_let_be(
    db: BreakableDatabase, app_url: str
) -> None:
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        row = outbox.put(tx, person, person, PERSON, "hei", "bot")
        outbox.mark_sending(tx, row, 30)
        outbox.mark_sent(tx, row, "SM00000000000000000000000000000006")
    report = fixture("status_delivered")
    assert post_signed(app_url, "/sms/status", report, public_url=PUBLIC).status == 204
    assert rows(db) == {"delivered": 1}
    unknown = report | {"MessageSid": "SM9"}
    assert post_signed(app_url, "/sms/status", unknown, public_url=PUBLIC).status == 204
    assert post_signed(app_url, "/sms/status/nosuchrow", unknown, public_url=PUBLIC).status == 204


def test_an_unsigned_report_changes_nothing(db: BreakableDatabase, app_url: str) -> None:
    report = fixture("status_delivered")
    answer = post_signed(app_url, "/sms/status", report, public_url=PUBLIC, signature="")
    assert answer.status == 403


def test_a_report_that_cannot_be_noted_is_asked_for_again(
    db: BreakableDatabase, app_url: str
) -> None:
    db.away = True
    report = fixture("status_delivered")
    assert post_signed(app_url, "/sms/status", report, public_url=PUBLIC).status == 503


def rows(db: BreakableDatabase) -> dict[str, int]:
    """Rows per state."""
    with db.begin() as tx:
        return outbox.counts(tx)

"""Erasing reaches the provider: its copies of both directions go, however long it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.sms.copies import erase_due
from bot.channels.sms.outbound import deliver_due
from bot.store import conversations, models, provider_copies
from bot.store.retention import Limits, sweep
from tests.fakes.twilio import FakeTwilio
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock

WAIT = provider_copies.KNOWN_FOR.total_seconds()


async def talks(services: Any, twilio: FakeTwilio, url: str) -> str:
    """A short conversation. Returns its id."""
    for text in ("hei", "kan jeg komme"):
        twilio.person_sends(url, PERSON, text, public_url=PUBLIC)
    await deliver_due(services)
    with services.db.begin() as tx:
        return conversations.by_number(tx, PERSON, "nb").id


def rows(db: BreakableDatabase) -> int:
    with db.begin() as tx:
        return tx.session.query(models.ProviderCopy).count()


async def test_while_the_conversation_lives_its_copies_stay(
    services: Any, twilio: FakeTwilio, app_url: str, clock: Clock
) -> None:
    await talks(services, twilio, app_url)
    clock.forward(hours=11)
    assert await erase_due(services) == 0
    assert len(twilio.copies()) == 4


async def test_slett_deletes_every_copy_and_its_one_answer_too(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, clock: Clock
) -> None:
    await talks(services, twilio, app_url)
    services.turn.erases = True
    answer = twilio.person_sends(app_url, PERSON, "slett", "SM5", public_url=PUBLIC)
    assert answer.messages == [], "what the webhook says has no id to delete it by"
    assert twilio.texts(PERSON)[-1] == "Slettet."
    assert len(twilio.copies()) == 6
    clock.forward(seconds=WAIT)
    assert await erase_due(services) == 6
    assert twilio.copies() == []
    assert rows(db) == 0
    assert twilio.texts(PERSON).count("Slettet.") == 1


async def test_slett_posted_again_is_a_repeat_although_nothing_is_left(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    services.turn.erases = True
    for _ in range(3):
        twilio.person_sends(app_url, PERSON, "slett", "SM5", public_url=PUBLIC)
    assert twilio.texts(PERSON) == ["Slettet."]
    with db.begin() as tx:
        assert tx.session.query(models.Conversation).count() == 0


@pytest.mark.parametrize("fault", ["429", "21610", "500_before"])
async def test_when_it_cannot_be_sent_so_the_webhook_still_says_it_once(
    services: Any, twilio: FakeTwilio, app_url: str, fault: Any
) -> None:
    services.turn.erases = True
    twilio.faults.append(fault)
    answer = twilio.person_sends(app_url, PERSON, "slett", public_url=PUBLIC)
    assert len(answer.messages + twilio.texts(PERSON)) <= 1
    if fault != "500_before":  # there nobody knows whether it was said: not twice
        assert answer.messages == ["Slettet."]


async def test_retention_does_the_same_by_itself(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, clock: Clock
) -> None:
    await talks(services, twilio, app_url)
    clock.forward(hours=12, seconds=1)
    with db.begin() as tx:
        sweep(tx, Limits(timedelta(hours=12), timedelta(days=700)))
    clock.forward(seconds=WAIT)
    assert await erase_due(services) == 4
    assert twilio.copies() == []


async def test_a_copy_the_provider_will_not_delete_yet_is_tried_again_ever_more_rarely(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, clock: Clock
) -> None:
    person = await talks(services, twilio, app_url)
    with db.begin() as tx:
        conversations.erase(tx, person)
    clock.forward(seconds=WAIT)
    twilio.delete_faults += ["20009", "500_before", "20009", "20009"]
    assert await erase_due(services) == 0
    for wait in (59, 1):
        assert rows(db) == 4
        clock.forward(seconds=wait)
        await erase_due(services)
    assert (rows(db), twilio.copies()) == (0, [])


async def test_it_gives_up_after_two_months_and_says_so(
    services: Any,
    twilio: FakeTwilio,
    db: BreakableDatabase,
    app_url: str,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    person = await talks(services, twilio, app_url)
    with db.begin() as tx:
        conversations.erase(tx, person)
    tries = 0
    while rows(db):
        clock.forward(hours=12)
        twilio.delete_faults = ["20009"] * 4
        await erase_due(services)
        tries += 1
    assert 100 < tries < 130
    assert "never deleted it" in caplog.text
    assert PERSON[1:] not in caplog.text
    assert not any(sid in caplog.text for sid in twilio.copies())


async def test_what_is_deleted_there_already_is_fine(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, clock: Clock
) -> None:
    person = await talks(services, twilio, app_url)
    with db.begin() as tx:
        conversations.erase(tx, person)
    clock.forward(seconds=WAIT)
    twilio.deleted += twilio.copies()
    await erase_due(services)
    assert rows(db) == 0


async def test_a_text_that_is_on_its_way_while_all_is_erased_is_deleted_too(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str, clock: Clock
) -> None:
    """The provider's answer comes when the row is gone."""
    from bot.store import outbox

    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        row = outbox.put(tx, person, person, PERSON, "hei", "bot")
        outbox.mark_sending(tx, row, 30)
    sid = services.sms.send(PERSON, "hei", None, 60)
    with db.begin() as tx:
        conversations.erase(tx, person)
        outbox.mark_sent(tx, row, sid)
    clock.forward(seconds=WAIT)
    assert await erase_due(services) == 1
    assert twilio.copies() == []


async def test_a_copys_row_holds_no_number_no_words_and_after_erasing_no_conversation(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    person = await talks(services, twilio, app_url)
    with db.begin() as tx:
        conversations.erase(tx, person)
        for row in tx.session.query(models.ProviderCopy).all():
            assert row.conversation_id is None
            assert PERSON[1:] not in repr(vars(row))

"""A text that does not arrive is never lost quietly where somebody waits; doubles are counted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.sms import outbound
from bot.channels.sms.outbound import deliver_due
from bot.handoff import followup, queue
from bot.store import alarms, conversations, deliveries, messages, models, outbox, statistics
from bot.store.database import Database, Tx
from tests.fakes.twilio import FakeTwilio
from tests.sms.room import PERSON, PUBLIC, Clock


class Found:
    """A danger, as an alarm takes it over."""

    danger, level, words = "strangled", "soon", "han kvalte meg"


def put(db: Database, kind: str, *, waits: bool = False) -> str:
    """A text of that kind to a person, who waits for the desk or not. Returns the row's id."""
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        if waits:
            queue.raise_alarm(tx, person, Found(), "sms")  # type: ignore[arg-type]
        return outbox.put(tx, person, person, PERSON, "et svar", kind)


def unreached(db: Database) -> list[tuple[str, str, tuple[str, ...]]]:
    with db.begin() as tx:
        return [(a.danger, a.level, a.words) for a in queue.list_alarms(tx) if "sms_" in a.danger]


def metric(services: Any, outcome: str) -> float:
    return float(services.metrics.sms.labels(outcome)._value.get())


def month(db: Database, name: str) -> int:
    with db.begin() as tx:
        return statistics.read(tx, tx.now.strftime("%Y-%m")).get("sms", {}).get(name, 0)


BLOCKED, LOST = ("sms_blocked", "feilkode 21610"), ("sms_lost", "feilkode 30003")


@pytest.mark.parametrize(
    ("kind", "waits", "level"),
    [
        ("bot", False, None),
        ("system", False, None),
        ("bot", True, "soon"),
        ("system", True, "soon"),
        ("desk", False, "soon"),
        ("danger", False, "now"),
        ("danger", True, "now"),
    ],
)
@pytest.mark.parametrize("fault", ["21610", "30003"])
async def test_who_is_told_when_a_text_does_not_arrive(
    services: Any,
    twilio: FakeTwilio,
    db: Database,
    app_url: str,
    kind: str,
    waits: bool,
    level: str | None,
    fault: Any,
) -> None:
    put(db, kind, waits=waits)
    twilio.faults.append(fault)
    await deliver_due(services)
    for sent in twilio.sent:
        twilio.reports(app_url, sent, "undelivered", 30003, public_url=PUBLIC)
    what, words = BLOCKED if fault == "21610" else LOST
    assert unreached(db) == ([(what, level, (words,))] if level else [])
    assert len(services.alerted) == (level is not None)
    assert metric(services, "failed") == month(db, "failed") == 1


async def test_the_same_report_again_alarms_once_also_after_it_was_closed(
    services: Any, twilio: FakeTwilio, db: Database, app_url: str
) -> None:
    put(db, "desk")
    await deliver_due(services)
    twilio.reports(app_url, twilio.sent[0], "undelivered", 30003, public_url=PUBLIC)
    with db.begin() as tx:
        (alarm,) = queue.list_alarms(tx)
        assert queue.close_alarm(tx, alarm.id, "c0ffee")
    twilio.reports(app_url, twilio.sent[0], "undelivered", 30003, public_url=PUBLIC)
    twilio.reports(app_url, twilio.sent[0], "failed", 30003, public_url=PUBLIC)
    assert unreached(db) == []
    assert len(services.alerted) == 1


async def test_a_lost_text_alarms_the_desk_again_until_seen_but_is_no_danger_of_its_own(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    """While the desk holds the person, no emergency line goes out because of it."""
    put(db, "desk")
    with db.begin() as tx:
        conversations.set_held_by(tx, conversations.by_number(tx, PERSON, "nb").id, "desk")
    twilio.faults.append("21610")
    await deliver_due(services)
    clock.forward(minutes=10)
    with db.begin() as tx:
        due = followup.due(tx)
        assert [(item.do, item.why) for item in due] == [("notify_desk", "alarm")]
        queue.say_not_now(tx, conversations.by_number(tx, PERSON, "nb").id)
        (alarm,) = alarms.live(tx)
        assert alarm.not_now_at is None, "the person cannot say that their phone is not blocked"


async def test_a_failure_and_its_alarm_are_one_transaction(
    services: Any, twilio: FakeTwilio, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash in between would be a failure that nobody hears of."""
    row_id = put(db, "danger")
    twilio.faults.append("21610")

    def dies(*args: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "raise_unreached", dies)
        with pytest.raises(RuntimeError):
            await deliver_due(services)
    with db.begin() as tx:
        row = tx.session.get(models.OutboxRow, row_id)
        assert row is not None
        assert row.state == "sending", "looked up again, not forgotten"


async def test_the_desk_sees_under_each_of_its_words_how_they_fared(
    services: Any, twilio: FakeTwilio, db: Database, app_url: str
) -> None:
    from bot.channels.messages import Reply

    def say(tx: Tx, text: str) -> str:
        person = conversations.by_number(tx, PERSON, "nb")
        services.outbound.put(tx, person, [Reply(text, kind="desk")])
        return messages.after(tx, person.id, 0)[-1].id

    with db.begin() as tx:
        first, second, third = (say(tx, text) for text in ("en", "to " * 200, "tre"))
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        assert {one.state for one in deliveries.fates(tx, person).values()} == {"waiting"}
    await deliver_due(services)
    twilio.reports(app_url, twilio.sent[0], "delivered", public_url=PUBLIC)
    twilio.reports(app_url, twilio.sent[1], "delivered", public_url=PUBLIC)
    twilio.reports(app_url, twilio.sent[2], "undelivered", 30003, public_url=PUBLIC)
    with db.begin() as tx:
        fates = deliveries.fates(tx, person)
    assert fates[first].state == "delivered"
    assert (fates[second].state, fates[second].error_code) == ("failed", "30003"), "one part lost"
    assert fates[third].state == "sent"


async def test_a_double_is_counted_when_the_provider_reports_both(
    services: Any, twilio: FakeTwilio, db: Database, app_url: str, clock: Clock
) -> None:
    """Taken, no answer, and the list does not show it yet: nobody could know, so it is doubled."""
    put(db, "desk")
    twilio.faults.append("cut_after")
    twilio.shows_list = False
    await deliver_due(services)
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert len(twilio.texts(PERSON)) == 2
    assert (metric(services, "in_doubt"), metric(services, "sent_again")) == (1, 1)
    assert metric(services, "double") == 0, "not known yet"
    for sent in [*twilio.sent, *twilio.sent]:
        twilio.reports(app_url, sent, "delivered", public_url=PUBLIC)
    assert metric(services, "double") == month(db, "double") == 1
    assert month(db, "sent_again") == 1


async def test_a_text_found_in_the_list_as_lost_alarms_too(
    services: Any, twilio: FakeTwilio, db: Database, clock: Clock
) -> None:
    put(db, "danger")
    twilio.faults.append("cut_after")
    await deliver_due(services)
    twilio.sent[0].status, twilio.sent[0].error_code = "undelivered", 30003
    clock.forward(seconds=outbound.LOOK_UP_SOON)
    await deliver_due(services)
    assert unreached(db) == [("sms_lost", "now", ("feilkode 30003",))]
    assert len(twilio.texts(PERSON)) == 1

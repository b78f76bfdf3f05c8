"""How long things live: the clock moves, and what is past its time is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.messages import Message
from bot.handoff import queue
from bot.jobs import sweep_all
from bot.settings import Settings
from bot.store import audit, conversations, messages, missed, models, outbox, statistics
from bot.store.database import Database
from tests.handoff.conftest import Seen, a_draft, add_counsellor, web_person
from tests.support import PHONE, MovingClock, memory_db

SETTINGS = Settings()


@pytest.fixture
def db(clock: MovingClock) -> Database:
    return memory_db(clock)


def sweep(db: Database) -> int:
    with db.begin() as tx:
        return sweep_all(tx, SETTINGS)


def test_a_conversation_lives_twelve_hours_after_the_last_message(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        found = web_person(tx)
    clock.passes(hours=11)
    with db.begin() as tx:
        messages.add_inbound(tx, Message(found.id, "web", "hei", tx.now))
        conversations.touch(tx, found.id)
    clock.passes(hours=12)
    sweep(db)
    with db.begin() as tx:
        assert conversations.get(tx, found.id) is not None
    clock.passes(seconds=1)
    assert sweep(db) >= 1
    with db.begin() as tx:
        assert conversations.get(tx, found.id) is None


def test_the_words_of_a_case_go_seven_days_after_it_closed_and_the_row_stays(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        person = web_person(tx)
        kari = add_counsellor(tx)
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, kari)
        queue.note(tx, opened.handoff_id, kari, "ringt, avtalt ny samtale")
        queue.close(tx, opened.handoff_id, kari, "talked")
    clock.passes(days=6, hours=23)
    sweep(db)
    with db.begin() as tx:
        case = queue.case(tx, opened.handoff_id)
        assert case is not None
        assert case.draft is not None
    clock.passes(hours=1)
    sweep(db)
    with db.begin() as tx:
        case = queue.case(tx, opened.handoff_id)
        assert case is not None
        assert case.draft is None
        assert case.notes == ()
        row = tx.session.get(models.Handoff, opened.handoff_id)
        assert row is not None
        assert (row.urgency, row.outcome) == ("soon", "talked")
        assert not tx.keys.exists(opened.handoff_id)


def test_an_open_case_outlives_the_conversation(db: Database, clock: MovingClock) -> None:
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft("be_called"), give_code=False)
    clock.passes(days=3)
    sweep(db)
    with db.begin() as tx:
        case = queue.case(tx, opened.handoff_id)
        assert case is not None
        assert case.draft is not None
        assert case.status == "waiting"


def test_a_person_whose_case_is_open_can_still_be_reached_but_the_words_are_gone(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        found = conversations.by_number(tx, PHONE, "nb")
        messages.add_inbound(tx, Message(found.id, "sms", "han tar bilnøklene", tx.now))
        found.state.facts.own_words.append("han tar bilnøklene")
        conversations.save(tx, found)
        opened = queue.open_handoff(tx, found, a_draft(channel="sms"), give_code=False)
        kari = add_counsellor(tx)
    clock.passes(hours=13)
    sweep(db)
    with db.begin() as tx:
        assert conversations.number_of(tx, found.id) == PHONE
        assert messages.after(tx, found.id, 0) == []
        left = conversations.get(tx, found.id)
        assert left is not None
        assert left.state.facts.own_words == []
        queue.take(tx, opened.handoff_id, kari)
        queue.close(tx, opened.handoff_id, kari, "talked")
    sweep(db)
    with db.begin() as tx:
        assert conversations.get(tx, found.id) is None


def test_an_open_alarm_is_never_swept(db: Database, clock: MovingClock) -> None:
    with db.begin() as tx:
        queue.raise_alarm(tx, web_person(tx).id, Seen(), "web")
    clock.passes(days=90)
    sweep(db)
    with db.begin() as tx:
        assert len(queue.list_alarms(tx)) == 1


def test_the_body_of_an_sms_lives_at_most_a_day(db: Database, clock: MovingClock) -> None:
    with db.begin() as tx:
        found = conversations.by_number(tx, PHONE, "nb")
        row_id = outbox.put(tx, found.id, found.id, PHONE, "hei", "bot")
    clock.passes(hours=24, seconds=1)
    sweep(db)
    with db.begin() as tx:
        row = tx.session.get(models.OutboxRow, row_id)
        assert row is None or (row.body_sealed is None and row.number_sealed is None)


def test_the_audit_log_is_kept_two_years(db: Database, clock: MovingClock) -> None:
    with db.begin() as tx:
        kari = add_counsellor(tx)
        audit.write(tx, "case_taken", kari, "abc")
    clock.passes(days=700)
    sweep(db)
    with db.begin() as tx:
        assert tx.session.query(models.AuditEntry).count() == 1
    clock.passes(days=40)
    sweep(db)
    with db.begin() as tx:
        assert tx.session.query(models.AuditEntry).count() == 0


def test_statistics_survive_without_people(db: Database, clock: MovingClock) -> None:
    with db.begin() as tx:
        statistics.count(tx, "topic", "cost")
        statistics.count(tx, "topic", "cost")
    clock.now += timedelta(days=400)
    sweep(db)
    with db.begin() as tx:
        assert statistics.read(tx, "2026-11") == {"topic": {"cost": 2}}


def test_what_was_not_understood_is_kept_twelve_months_at_most(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        missed.add(tx, "nb", ["economic"], "Kan man kreve tilbake en gave?")
    clock.now = clock.now.replace(year=2027, month=10, day=31)
    sweep(db)
    with db.begin() as tx:
        assert [one.month for one in missed.listed(tx)] == ["2026-11"]
    clock.now = clock.now.replace(month=11, day=1)
    sweep(db)
    with db.begin() as tx:
        assert missed.listed(tx) == []

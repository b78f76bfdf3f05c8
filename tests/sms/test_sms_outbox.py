"""Every text is a row before it is sent. Rows leave in order and are forgotten on arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import conversations, deliveries, models, outbox
from bot.store.database import Database
from bot.store.keys import Unreadable
from tests.sms.room import PERSON, Clock


def conversation(db: Database, number: str = PERSON) -> str:
    with db.begin() as tx:
        return conversations.by_number(tx, number, "nb").id


def put(db: Database, owner: str, text: str, kind: str = "bot", number: str = PERSON) -> str:
    with db.begin() as tx:
        return outbox.put(tx, owner, owner, number, text, kind)


def take(db: Database) -> outbox.Due | None:
    with db.begin() as tx:
        due = outbox.next_due(tx)
        if due is not None:
            assert outbox.mark_sending(tx, due.id, 30)
        return due


def state(db: Database, row_id: str) -> str | None:
    with db.begin() as tx:
        row = tx.session.get(models.OutboxRow, row_id)
        return row.state if row else None


def test_the_texts_of_one_person_leave_one_at_a_time_and_in_order(db: Database) -> None:
    person = conversation(db)
    first, second = put(db, person, "en"), put(db, person, "to")
    due = take(db)
    assert due is not None
    assert (due.id, due.text, due.number) == (first, "en", PERSON)
    assert take(db) is None, "the second waits until the first is settled"
    with db.begin() as tx:
        outbox.mark_sent(tx, first, "SM1")
    assert take(db).id == second  # type: ignore[union-attr]


def test_somebody_else_does_not_wait(db: Database) -> None:
    one, other = conversation(db), conversation(db, "+4700000002")
    put(db, one, "en")
    row = put(db, other, "to", number="+4700000002")
    take(db)
    assert take(db).id == row  # type: ignore[union-attr]


def test_a_text_that_is_tried_again_later_keeps_its_place(db: Database, clock: Clock) -> None:
    person = conversation(db)
    first, second = put(db, person, "en"), put(db, person, "to")
    take(db)
    with db.begin() as tx:
        outbox.mark_failed(tx, first, "20429", again=True)
    assert take(db) is None
    clock.forward(seconds=2)
    assert take(db).id == first  # type: ignore[union-attr]
    assert state(db, second) == "waiting"


def test_a_danger_reply_passes_what_waits(db: Database) -> None:
    person = conversation(db)
    first = put(db, person, "en")
    take(db)
    with db.begin() as tx:
        outbox.mark_failed(tx, first, "20429", again=True)
    danger = put(db, person, "Ring politiet nå: 112.", "danger")
    assert take(db).id == danger  # type: ignore[union-attr]


def test_danger_replies_keep_their_own_order(db: Database) -> None:
    person = conversation(db)
    put(db, person, "vanlig")
    rows = [put(db, person, text, "danger") for text in ("en", "to")]
    for row in rows:
        assert take(db).id == row  # type: ignore[union-attr]
        with db.begin() as tx:
            outbox.mark_sent(tx, row, f"SM{row}")


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (0, 2),
        (1, 2),
        (2, 5),
        (3, 15),
        (4, 60),
        (5, 300),
        (6, 900),
        (7, 1800),
        (8, 1800),
        (50, 1800),
    ],
)
def test_the_wait_between_tries_grows(attempts: int, seconds: int) -> None:
    assert outbox.back_off(attempts) == seconds


@pytest.mark.parametrize(
    ("kind", "hours"), [("bot", 1), ("system", 1), ("danger", 24), ("desk", 24)]
)
def test_how_long_a_text_is_tried(db: Database, clock: Clock, kind: str, hours: int) -> None:
    person = conversation(db)
    row = put(db, person, "hei", kind)
    begun = clock.now
    while state(db, row) == "waiting":
        due = take(db)
        if due is None:
            clock.forward(seconds=300)
            continue
        with db.begin() as tx:
            outbox.mark_failed(tx, row, "20429", again=True)
    assert state(db, row) == "failed"
    assert timedelta(hours=hours * 0.5) <= clock.now - begun <= timedelta(hours=hours)
    with db.begin() as tx:
        (failure,) = deliveries.failures(tx, person)
        assert failure.error_code == "20429"


def test_words_and_number_go_when_it_is_delivered(db: Database) -> None:
    person = conversation(db)
    row = put(db, person, "hei")
    take(db)
    with db.begin() as tx:
        outbox.mark_sent(tx, row, "SM1")
        outbox.mark_delivery(tx, row, "SM1", delivered=True)
        kept = tx.session.get(models.OutboxRow, row)
        assert kept is not None
        assert kept.body_sealed is None
        assert kept.number_sealed is None
        assert kept.state == "delivered"


def test_reports_may_come_twice_and_out_of_order(db: Database) -> None:
    person = conversation(db)
    row = put(db, person, "hei")
    take(db)
    with db.begin() as tx:
        outbox.mark_sent(tx, row, "SM1")
        outbox.mark_delivery(tx, row, "SM1", delivered=True)
        outbox.mark_delivery(tx, row, "SM1", delivered=None)
        outbox.mark_delivery(tx, row, "SM1", delivered=False, error_code="30003")
    assert state(db, row) == "delivered"


def test_a_report_settles_a_row_in_doubt(db: Database) -> None:
    person = conversation(db)
    row = put(db, person, "hei")
    take(db)
    with db.begin() as tx:
        outbox.mark_delivery(tx, row, "SM1", delivered=None)
    assert state(db, row) == "sent"
    with db.begin() as tx:
        assert outbox.row_of(tx, "SM1") == row
        assert outbox.known_sids(tx, ["SM1", "SM2"]) == {"SM1"}


def test_a_row_being_sent_is_in_doubt_when_its_answer_is_overdue(
    db: Database, clock: Clock
) -> None:
    person = conversation(db)
    row = put(db, person, "hei")
    take(db)
    with db.begin() as tx:
        assert outbox.in_doubt(tx) == []
    clock.forward(seconds=31)
    with db.begin() as tx:
        assert [due.id for due in outbox.in_doubt(tx)] == [row]
        outbox.still_in_doubt(tx, row, 15)
        assert outbox.in_doubt(tx) == []
        assert outbox.mark_all_in_doubt(tx, 0) == 1
        assert [due.text for due in outbox.in_doubt(tx)] == ["hei"]
        outbox.put_back(tx, row)
    assert take(db).attempts == 1  # type: ignore[union-attr]


def test_two_senders_never_take_the_same_row(db: Database) -> None:
    row = put(db, conversation(db), "hei")
    with db.begin() as tx:
        assert outbox.mark_sending(tx, row, 30)
        assert not outbox.mark_sending(tx, row, 30)


def test_an_erased_conversation_takes_its_rows_along(db: Database) -> None:
    person = conversation(db)
    row = put(db, person, "hei")
    with db.begin() as tx:
        conversations.erase(tx, person)
    assert state(db, row) is None
    assert take(db) is None
    with db.begin() as tx:  # the sender comes back with its answer: nothing happens
        outbox.mark_sent(tx, row, "SM1")
        outbox.mark_failed(tx, row, "1", again=True)
        assert outbox.mark_delivery(tx, row, "SM1", delivered=True) is None


def test_a_row_whose_owner_was_erased_is_never_sent(db: Database) -> None:
    person, other = conversation(db), conversation(db, "+4700000002")
    row, next_row = put(db, person, "hei"), put(db, other, "hallo", number="+4700000002")
    with db.begin() as tx:
        tx.keys.destroy(person)
    assert take(db).id == next_row  # type: ignore[union-attr]
    assert state(db, row) == "dropped"


def test_nothing_is_queued_for_an_erased_owner(db: Database) -> None:
    person = conversation(db)
    with db.begin() as tx:
        conversations.erase(tx, person)
    with pytest.raises(Unreadable), db.begin() as tx:
        outbox.put(tx, person, person, PERSON, "hei", "bot")


def test_what_waits_can_be_taken_back_when_somebody_else_may_be_reading(db: Database) -> None:
    person = conversation(db)
    rows = [put(db, person, "svar"), put(db, person, "rådgiver", "desk")]
    with db.begin() as tx:
        assert outbox.drop(tx, person, keep=("desk",)) == 1
    assert [state(db, row) for row in rows] == ["dropped", "waiting"]


def test_after_a_day_nothing_of_it_is_left(db: Database, clock: Clock) -> None:
    person = conversation(db)
    waiting, sent = put(db, person, "en", "desk"), put(db, person, "to")
    with db.begin() as tx:
        outbox.mark_sending(tx, sent, 30)
        outbox.mark_sent(tx, sent, "SM1")
    clock.forward(hours=24)
    with db.begin() as tx:
        assert outbox.forget_old(tx) >= 1
        rows = tx.session.query(models.OutboxRow).all()
        assert all(row.body_sealed is None and row.number_sealed is None for row in rows)
        assert outbox.counts(tx) == {"failed": 1, "sent": 1}
    assert state(db, waiting) == "failed"


def test_the_database_file_holds_neither_words_nor_number(db: Database, tmp_path) -> None:  # type: ignore[no-untyped-def]
    put(db, conversation(db), "et helt særegent ord")
    db.checkpoint()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert "særegent".encode() not in raw
    assert PERSON.encode() not in raw
    assert PERSON[1:].encode() not in raw

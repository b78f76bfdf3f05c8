"""What is stored is sealed; what is erased is gone, also from the file on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.channels.messages import Button, Message, Reply
from bot.store import conversations, messages, outbox, trackers
from bot.store.database import Database, StoreAway, Tx
from bot.store.keys import Unreadable
from bot.store.migrate import migrate
from tests.support import MASTER, PHONE, MovingClock, memory_db

WORDS = "han teller ned til jeg svarer"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "helpline.sqlite3"


@pytest.fixture
def db(file: Path, clock: MovingClock) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}", MASTER, clock)
    migrate(database)
    yield database
    database.close()


def write(db: Database, words: str = WORDS) -> str:
    with db.begin() as tx:
        conversation = conversations.by_number(tx, PHONE, "nb")
        said = Message(conversation.id, "sms", words, tx.now, provider_id="SM1")
        assert messages.add_inbound(tx, said)
        messages.add_reply(tx, conversation.id, Reply(words, (Button("Ja", "yes"),)))
        outbox.put(tx, conversation.id, conversation.id, PHONE, words, "bot")
        trackers.save(tx, conversation.id, words.encode())
        conversation.state.waiting_text = words
        conversations.save(tx, conversation)
        return conversation.id


def everything_on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def test_no_word_and_no_number_stands_in_the_file(db: Database, file: Path) -> None:
    write(db)
    found = everything_on_disk(file)
    assert len(found) > 10_000
    assert WORDS.encode() not in found
    assert PHONE.encode() not in found
    assert PHONE.removeprefix("+47").encode() not in found


def test_what_was_written_comes_back_as_it_was(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        stored = messages.after(tx, conversation_id, 0)
        assert [(m.author, m.reply.text) for m in stored] == [("person", WORDS), ("bot", WORDS)]
        assert stored[1].reply.buttons == (Button("Ja", "yes"),)
        assert conversations.number_of(tx, conversation_id) == PHONE
        assert trackers.load(tx, conversation_id) == WORDS.encode()


@settings(deadline=None)
@given(st.text())
def test_any_text_survives_the_store(words: str) -> None:
    database = memory_db(MovingClock())
    conversation_id = write(database, words)
    with database.begin() as tx:
        assert messages.after(tx, conversation_id, 0)[0].reply.text == words
    database.close()


def test_erasing_takes_the_rows_and_the_key(db: Database, file: Path) -> None:
    conversation_id = write(db)
    with sqlite3.connect(file) as raw:
        sealed = raw.execute("select body_sealed, id from messages").fetchone()
    with db.begin() as tx:
        conversations.erase(tx, conversation_id)
    db.checkpoint()
    with sqlite3.connect(file) as raw:
        for table in ("conversations", "messages", "trackers", "outbox", "seal_keys"):
            assert raw.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert sealed[0] not in everything_on_disk(file), "the page must be overwritten, not unlinked"
    with db.begin() as tx, pytest.raises(Unreadable):
        tx.keys.open(conversation_id, sealed[0], f"messages.body:{sealed[1]}")


def test_a_conversation_erased_while_a_turn_runs_stays_erased(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        held = conversations.get(tx, conversation_id)
        assert held is not None
        conversations.erase(tx, conversation_id)
    with db.begin() as tx:
        conversations.save(tx, held)
        trackers.save(tx, conversation_id, b"late")
    with db.begin() as tx:
        assert conversations.get(tx, conversation_id) is None
        assert trackers.load(tx, conversation_id) is None


def test_the_same_number_after_erasing_is_a_stranger(db: Database) -> None:
    before = write(db)
    with db.begin() as tx:
        conversations.erase(tx, before)
        assert conversations.by_number(tx, PHONE, "nb").id != before


def test_a_sealed_value_cannot_be_moved_to_another_row(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        sealed = tx.keys.seal(conversation_id, WORDS, "messages.body:one")
        with pytest.raises(Unreadable):
            tx.keys.open(conversation_id, sealed, "messages.body:two")


def test_another_master_key_opens_nothing(db: Database, file: Path) -> None:
    write(db)
    other = Database(f"sqlite:///{file}", bytes(32))
    with other.begin() as tx:
        found = tx.session.execute(text("select id, state_sealed from conversations")).one()
        with pytest.raises(Unreadable):
            tx.keys.open(found[0], found[1], f"conversations.state:{found[0]}")
    other.close()


def test_a_repeated_provider_id_is_kept_once(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        again = Message(conversation_id, "sms", WORDS, tx.now, provider_id="SM1")
        assert messages.add_inbound(tx, again) is None
        assert messages.is_repeat(tx, "SM1")


def test_a_message_is_answered_by_one_caller_only(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        message_id = messages.unanswered(tx, conversation_id)[0][1].id
        assert messages.mark_answered(tx, message_id)
    with db.begin() as tx:
        assert not messages.mark_answered(tx, message_id)
        assert messages.unanswered(tx) == []


def test_an_error_of_the_database_carries_no_values(db: Database) -> None:
    def fails(tx: Tx) -> None:
        tx.session.execute(text("insert into nowhere values (:words)"), {"words": WORDS})

    with pytest.raises(StoreAway) as caught, db.begin() as tx:
        fails(tx)
    assert str(caught.value) == "OperationalError"
    assert caught.value.__cause__ is None


def test_times_are_aware_utc(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        found = conversations.get(tx, conversation_id)
        assert found is not None
        assert found.created_at == datetime(2026, 11, 22, 21, 14, tzinfo=UTC)


def test_numbers_of_messages_only_grow_also_when_the_words_are_erased(db: Database) -> None:
    conversation_id = write(db)
    with db.begin() as tx:
        before = messages.after(tx, conversation_id, 0)[-1].seq
        conversations.erase_words(tx, conversation_id)
        messages.add_reply(tx, conversation_id, Reply("Skal det fortsatt gjelde?"))
    with db.begin() as tx:
        found = messages.after(tx, conversation_id, before)
        assert [m.reply.text for m in found] == ["Skal det fortsatt gjelde?"]

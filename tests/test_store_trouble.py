"""The disk is full, the file is gone, another file lies in its place: said, not hidden."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.handoff import queue
from bot.health import what_is_degraded
from bot.services import Services
from bot.store import conversations
from bot.store.database import Database, StoreAway
from bot.store.models import Base
from tests.support import MASTER, MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def services(tmp_path: Path, file: Path, clock: MovingClock) -> Iterator[Services]:
    db = Database(f"sqlite:///{file}", MASTER, clock)
    Base.metadata.create_all(db.engine)
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report"})
    yield make_services(tmp_path, clock, db=db, understanding=scripted)
    db.close()


def disk_is_full(db: Database) -> None:
    """Every write fails as SQLite fails then; reading still works."""

    def fail(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            full = sqlite3.OperationalError("database or disk is full")
            raise OperationalError(statement, {}, full)

    event.listen(db.engine, "before_cursor_execute", fail)


async def test_a_full_disk_takes_neither_the_emergency_words_nor_the_phone_number(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    disk_is_full(services.db)
    assert "Ring politiet nå: **112**" in words(await talk.writes(DANGER))
    assert "116 006" in words(await talk.writes(QUESTION))
    assert (await what_is_degraded(services))["store"] == "OperationalError"


async def test_a_handoff_on_a_full_disk_is_not_said_to_be_sent(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.hands_over()
    disk_is_full(services.db)
    said = words(await talk.presses("send"))
    assert "sendt" not in said
    assert "lagret" not in said
    assert await talk.run(queue.list_queue) == []


async def test_sqlite_itself_says_that_a_database_is_full(
    services: Services, clock: MovingClock
) -> None:
    """The real error, from a limit on the number of pages."""
    talk = await Talk(services, clock).begins()

    def no_more_pages(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    with services.db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    services.db.engine.dispose()
    event.listen(services.db.engine, "connect", no_more_pages)
    said = ""
    for _ in range(30):
        said = words(await talk.writes(QUESTION + " " + "x" * 9000))
        assert said
        if not talk.last.stored:  # type: ignore[union-attr]
            break
    assert not talk.last.stored  # type: ignore[union-attr]
    assert "116 006" in said


async def test_when_the_file_is_gone_nothing_is_said_to_be_kept(
    services: Services, clock: MovingClock, file: Path
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.hands_over()
    file.unlink()
    said = words(await talk.presses("send"))
    assert "116 006" in said
    assert "lagret" not in said
    assert (await what_is_degraded(services))["store"] == "FileNotFoundError"
    assert not file.exists(), "an empty database was put in its place"


async def test_a_file_put_back_from_a_backup_is_used_at_once(
    services: Services, clock: MovingClock, file: Path, tmp_path: Path
) -> None:
    talk = await Talk(services, clock).begins()
    services.db.checkpoint()
    services.db.engine.dispose()
    shutil.copy(file, tmp_path / "backup")
    file.unlink()
    await talk.writes(QUESTION)
    shutil.copy(tmp_path / "backup", file)
    await talk.writes(QUESTION)
    assert talk.last is not None
    assert talk.last.stored
    with sqlite3.connect(file) as lying_there:
        assert lying_there.execute("select count(*) from messages").fetchone()[0] >= 2


def test_the_words_of_a_database_error_are_not_passed_on(file: Path, clock: MovingClock) -> None:
    db = Database(f"sqlite:///{file}", MASTER, clock)
    with pytest.raises(StoreAway) as caught, db.begin() as tx:
        conversations.open_web(tx, "nb")
    assert str(caught.value) == "OperationalError"
    assert caught.value.__cause__ is None
    db.close()


def test_emptying_the_log_never_raises(file: Path, clock: MovingClock) -> None:
    db = Database(f"sqlite:///{file}", MASTER, clock)
    Base.metadata.create_all(db.engine)
    assert db.checkpoint()
    db.engine.dispose()
    file.unlink()
    file.mkdir()
    assert not db.checkpoint()
    db.close()

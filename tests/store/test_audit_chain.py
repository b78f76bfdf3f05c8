"""The audit log as a chain: what was written stays, and what somebody did to it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.store import audit, audit_chain, retention
from bot.store.audit_chain import Checked, Place
from bot.store.database import Database, StoreAway, Tx
from bot.store.migrate import migrate
from bot.store.models import Base
from tests.support import MASTER, MovingClock

LIMITS = retention.Limits(conversation=timedelta(hours=12), audit=timedelta(days=720))
TRIGGERS = ("audit_no_update", "audit_no_delete", "audit_chain_no_delete", "audit_chain_forward")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/log.sqlite3", MASTER, MovingClock())
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def happens(db: Database, times: int = 5) -> None:
    for number in range(times):
        with db.begin() as tx:
            audit.write(tx, "case_opened", "kari", f"case{number}")


def fails_after_writing(db: Database) -> None:
    with db.begin() as tx:
        audit.write(tx, "case_opened", "kari", "never")
        _ = 1 / 0


def whole(tx: Tx, witness: str = "", page: int = 2) -> Checked:
    """Check to the end, a few entries at a time."""
    checked = audit_chain.check_page(tx, None, witness, page)
    while not checked.done:
        checked = audit_chain.check_page(tx, checked.place, witness, page)
    return checked


def fault(db: Database, witness: str = "") -> tuple[int, str] | None:
    with db.begin() as tx:
        found = whole(tx, witness).fault
    return None if found is None else (found.seq, found.why)


def as_an_intruder(db: Database, *statements: str) -> None:
    """Somebody who has the database and nothing else: the triggers are in nobody's way."""
    with db.engine.begin() as connection:
        for name in TRIGGERS:
            connection.execute(text(f"drop trigger if exists {name}"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_log_that_nobody_touched_verifies(db: Database) -> None:
    assert fault(db) is None
    happens(db)
    assert fault(db) is None
    with db.begin() as tx:
        assert whole(tx).place.seq == 5


def test_two_lines_in_one_transaction_follow_each_other(db: Database) -> None:
    with db.begin() as tx:
        audit.write(tx, "sign_in", "kari")
        audit.write(tx, "duty_on", "kari")
    with db.begin() as tx:
        assert [entry.seq for entry in audit.latest(tx)] == [2, 1]
    assert fault(db) is None


def test_what_is_rolled_back_leaves_no_hole(db: Database) -> None:
    happens(db, 2)
    with pytest.raises(ZeroDivisionError):
        fails_after_writing(db)
    happens(db, 1)
    assert fault(db) is None


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set counsellor_id = 'ola' where seq = 3",
        "delete from audit where seq = 5",
        "delete from audit",
        "delete from audit_chain",
        "update audit_chain set seq = 4",
        "update audit_chain set anchor_seq = 9",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(db: Database, statement: str) -> None:
    happens(db)
    with pytest.raises(IntegrityError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(StoreAway), db.begin() as tx:
        tx.session.execute(text(statement))
    assert fault(db) is None


@pytest.mark.parametrize(
    ("statements", "where"),
    [
        (["update audit set counsellor_id = 'ola' where seq = 3"], (3, "changed")),
        (["update audit set object_id = 'case9' where seq = 1"], (1, "changed")),
        (["update audit set at = '2026-01-01 00:00:00.000000' where seq = 5"], (5, "changed")),
        (["update audit set detail = 'ill' where seq = 2"], (2, "changed")),
        (["delete from audit where seq = 3"], (3, "gap")),
        (["delete from audit where seq = 1"], (1, "gap")),
        (["delete from audit where seq > 3"], (4, "end")),
        (["delete from audit"], (1, "end")),
        (["delete from audit_chain"], (0, "no_head")),
        (["delete from audit where seq = 3", "update audit set seq = seq - 1 where seq > 3"], None),
        (
            [
                "delete from audit where seq = 5",
                "update audit_chain set seq = 4, mac = (select mac from audit where seq = 4)",
            ],
            (4, "head"),
        ),
        (
            [
                "update audit_chain set anchor_seq = 2,"
                " anchor_mac = (select mac from audit where seq = 2)",
                "delete from audit where seq <= 2",
            ],
            (5, "head"),
        ),
        (["update audit_chain set plain_until = 5"], (5, "head")),
        (
            [
                "insert into audit (id, seq, at, action, mac)"
                " values ('x', 6, '2026-11-22 20:14:00', 'sign_in', 'x')"
            ],
            (6, "end"),
        ),
        (
            [
                "insert into audit (id, seq, at, action, mac)"
                " values ('x', 0, '2020-11-22 20:14:00', 'sign_in', 'x')"
            ],
            (0, "before"),
        ),
    ],
)
def test_what_an_intruder_does_shows_where(
    db: Database, statements: list[str], where: tuple[int, str] | None
) -> None:
    happens(db)
    as_an_intruder(db, *statements)
    found = fault(db)
    assert found is not None
    assert where is None or found == where


def test_another_installations_key_does_not_fit(db: Database, tmp_path: Path) -> None:
    happens(db)
    other = Database(db.url, b"x" * 32, db.clock)
    with other.begin() as tx:
        checked = whole(tx)
    other.close()
    assert checked.fault is not None


def test_a_whole_database_put_back_shows_only_to_a_witness(db: Database) -> None:
    happens(db)
    with db.begin() as tx:
        noted = whole(tx).place.witness
    assert fault(db, noted) is None
    happens(db, 3)
    assert fault(db, noted) is None
    assert fault(db, "5-" + "0" * 16) == (5, "witness")
    assert fault(db, "12-" + "0" * 16) == (12, "witness")


def test_retention_takes_the_oldest_and_the_rest_still_verifies(db: Database) -> None:
    clock = db.clock
    assert isinstance(clock, MovingClock)
    happens(db)
    clock.passes(days=400)
    happens(db)
    clock.passes(days=330)
    with db.begin() as tx:
        retention.sweep(tx, LIMITS)
    with db.begin() as tx:
        assert [entry.seq for entry in audit.latest(tx)] == [10, 9, 8, 7, 6]
    assert fault(db) is None
    clock.passes(days=800)
    with db.begin() as tx:
        retention.sweep(tx, LIMITS)
        assert audit.latest(tx) == []
    assert fault(db) is None
    happens(db, 1)
    assert fault(db) is None
    with db.begin() as tx:
        assert audit.latest(tx)[0].seq == 11


def test_a_check_goes_on_where_retention_has_removed_what_it_had_read(db: Database) -> None:
    clock = db.clock
    assert isinstance(clock, MovingClock)
    happens(db)
    with db.begin() as tx:
        checked = audit_chain.check_page(tx, page=2)
        assert (checked.place.seq, checked.done) == (2, False)
    clock.passes(days=400)
    happens(db)
    clock.passes(days=400)
    with db.begin() as tx:
        retention.sweep(tx, LIMITS)
    with db.begin() as tx:
        checked = audit_chain.check_page(tx, checked.place, page=20)
    assert (checked.place.seq, checked.fault) == (10, None)


def test_entries_from_before_the_chain_are_bound_by_the_first_after(tmp_path: Path) -> None:
    from alembic import command

    from bot.store.migrate import _config

    db = Database(f"sqlite:///{tmp_path}/old.sqlite3", MASTER, MovingClock())
    with db.engine.begin() as connection:
        command.upgrade(_config(connection), "0005")
        for number in (1, 2, 3):
            connection.execute(
                text(
                    "insert into audit (id, at, counsellor_id, action) values "
                    f"('id{number}', '2026-11-0{number} 08:00:00.000000', 'kari', 'sign_in')"
                )
            )
    migrate(db)
    happens(db, 2)
    assert fault(db) is None
    with db.begin() as tx:
        assert [entry.id for entry in audit.latest(tx)][2:] == ["id3", "id2", "id1"]
    as_an_intruder(db, "update audit set counsellor_id = 'ola' where seq = 2")
    assert fault(db) == (2, "changed")
    db.close()


def test_models_and_migration_make_the_same_triggers(db: Database, tmp_path: Path) -> None:
    migrated = Database(f"sqlite:///{tmp_path}/migrated.sqlite3", MASTER, MovingClock())
    migrate(migrated)
    made = []
    for database in (db, migrated):
        with database.engine.connect() as connection:
            rows = connection.execute(
                text("select name, sql from sqlite_master where type = 'trigger' order by name")
            )
            made.append([tuple(row) for row in rows])
    migrated.close()
    assert made[0] == made[1]
    assert {name for name, _sql in made[0]} == set(TRIGGERS)


def test_a_witness_is_short_and_tells_the_place() -> None:
    assert Place(12, "ab" * 32).witness == "12-abababababababab"

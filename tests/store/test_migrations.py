"""The migrations make exactly the tables of the models, and can be run twice."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.store import counsellors
from bot.store.database import Database
from bot.store.migrate import _config, migrate
from bot.store.models import Base
from tests.support import MASTER


def test_migrations_and_models_agree(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/fresh.sqlite3", MASTER)
    migrate(db)
    migrate(db)
    with db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert found == []
    db.close()


def test_a_manager_keeps_what_she_could_do_and_nobody_gets_more(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/old.sqlite3", MASTER)
    with db.engine.begin() as connection:
        command.upgrade(_config(connection), "0005")
        for name, role in (("kari", "counsellor"), ("solveig", "manager")):
            connection.execute(
                text(
                    "insert into counsellors (id, username, display_name, role, password_hash,"
                    " totp_sealed, last_totp_step, failed, active, on_duty, created_at) values"
                    f" ('{name}', '{name}', '{name}', '{role}', 'x', x'00', 1, 0, 1, 0,"
                    " '2026-11-01 08:00:00.000000')"
                )
            )
    migrate(db)
    with db.begin() as tx:
        found = {one.id: (one.roles, one.lang) for one in counsellors.all_of_them(tx)}
    assert found == {
        "kari": ({"counsellor"}, "nb"),
        "solveig": ({"counsellor", "administrator", "auditor"}, "nb"),
    }
    db.close()


def test_the_first_migrations_can_be_taken_back(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/back.sqlite3", MASTER)
    with db.engine.begin() as connection:
        command.upgrade(_config(connection), "0006")
        command.downgrade(_config(connection), "0005")
        command.upgrade(_config(connection), "0006")
    db.close()

"""The migrations make exactly the tables of the models, and can be run twice."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Database
from bot.store.migrate import migrate
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

"""Bring the database to the newest schema; the same for SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.store import audit_chain
from bot.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(db: Database) -> None:
    """Run what has not been run yet. Raises what alembic raises; nothing is half done."""
    with db.engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    with db.begin() as tx:
        audit_chain.begin(tx)


def new_revision(db: Database, message: str) -> None:
    """Write a migration from what models.py has and the database lacks (for developers)."""
    with db.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config

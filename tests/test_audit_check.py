"""The check of the audit log: by hand, and by the service itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot import audit_check
from bot.cli import app
from bot.settings import ConfigError, Secrets, Settings
from bot.store import audit, audit_chain
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.support import MASTER, MovingClock

SECRETS = Secrets(MASTER, "", "demo")


@pytest.fixture
def log(tmp_path: Path) -> Database:
    """A log of 600 lines: more than one page of the check."""
    db = Database(f"sqlite:///{tmp_path}/helpline.sqlite3", MASTER, MovingClock())
    migrate(db)
    with db.begin() as tx:
        for _ in range(600):
            audit.write(tx, "case_opened", "kari", "a" * 24)
    return db


def changed(db: Database, statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("drop trigger audit_no_update"))
        connection.execute(text("drop trigger audit_no_delete"))
        connection.execute(text(statement))


def test_a_whole_log_says_so_and_gives_a_witness(log: Database, tmp_path: Path) -> None:
    report = audit_check.verify(Settings(var_dir=tmp_path), SECRETS)
    assert report.whole
    assert "lines 1 to 600" in report.lines[0]
    witness = report.lines[-1].rpartition(" ")[2]
    assert audit_check.WITNESS.fullmatch(witness)
    assert audit_check.verify(Settings(var_dir=tmp_path), SECRETS, witness).whole


def test_it_says_where_the_chain_breaks(log: Database, tmp_path: Path) -> None:
    changed(log, "update audit set counsellor_id = 'ola' where seq = 577")
    report = audit_check.verify(Settings(var_dir=tmp_path), SECRETS)
    assert not report.whole
    assert report.lines[0].startswith("BROKEN at line 577")


def test_a_witness_that_cannot_be_one_is_refused(log: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        audit_check.verify(Settings(var_dir=tmp_path), SECRETS, "17")


def test_the_service_names_a_broken_log_and_forgets_it_when_it_is_whole(log: Database) -> None:
    services = SimpleNamespace(db=log, troubles={})
    asyncio.run(audit_check.watch(services))  # type: ignore[arg-type]
    assert services.troubles == {}
    changed(log, "delete from audit where seq = 555")
    asyncio.run(audit_check.watch(services))  # type: ignore[arg-type]
    assert services.troubles == {"audit": "gap at 555"}


def test_the_command_ends_with_1_when_it_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPLINE_VAR_DIR", str(tmp_path))
    assert CliRunner().invoke(app, ["secrets"]).exit_code == 0
    from bot.settings import load_secrets, load_settings

    db = Database(load_settings().database, load_secrets(load_settings()).master)
    migrate(db)
    with db.begin() as tx:
        audit.write(tx, "sign_in", "kari")
    found = CliRunner().invoke(app, ["audit", "verify"])
    assert (found.exit_code, "whole" in found.output) == (0, True)
    changed(db, "update audit set action = 'sign_out'")
    found = CliRunner().invoke(app, ["audit", "verify"])
    assert (found.exit_code, "BROKEN at line 1" in found.output) == (1, True)
    db.close()


def test_every_fault_has_words() -> None:
    from typing import get_args

    assert set(audit_check.WHAT) == set(get_args(audit_chain.Why))

"""A practice is beside the real service and leaves nothing: no file, no row, no word to anybody."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.sms.demo_provider import DemoProvider
from bot.handoff.notify import NullNotifier
from bot.practice.accounts import ROLES
from bot.practice.people import load_people
from bot.practice.place import NOWHERE, practice_settings
from bot.practice.serve import practise
from bot.settings import ConfigError, Settings
from bot.store.database import MEMORY_URL
from tests.practice.conftest import Practice

REAL = {
    "HELPLINE_ENV": "production",
    "HELPLINE_DATABASE_URL": "sqlite:////nowhere/real.sqlite3",
    "HELPLINE_TWILIO_ACCOUNT_SID": "AC-real",
    "HELPLINE_TWILIO_AUTH_TOKEN": "real-token",
    "HELPLINE_TWILIO_NUMBER": "+4700000098",
    "HELPLINE_NOTIFY_URLS": "json://localhost",
    "HELPLINE_NOTIFY_URLS_SECOND": "json://localhost",
    "HELPLINE_SHIFT_PHONES": "+4700000097",
    "HELPLINE_PUBLIC_URL": "https://chat.example.no",
    "HELPLINE_HOST": "0.0.0.0",
}
IN_MEMORY = 2  # of PRAGMA temp_store
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a centre in production, in the environment."""
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    return Settings()  # type: ignore[call-arg]


@pytest.fixture
def opened_to_write() -> Iterator[list[str]]:
    """Files and databases that Python opens to write from now on."""
    found: list[str] = []
    watching = True

    def look(event: str, values: tuple[object, ...]) -> None:
        if not watching:
            return
        to_write = event == "open" and isinstance(values[2], int) and values[2] & WRITING
        database = event == "sqlite3.connect" and values[0] != ":memory:"
        if to_write or database:
            found.append(str(values[0]))

    sys.addaudithook(look)  # for the rest of the process; it only looks while it is wanted
    yield found
    watching = False


def test_takes_over_nothing_that_reaches_the_world(real: Settings) -> None:
    found = practice_settings(real, 8010)
    values = {str(value) for value in found.model_dump().values()}
    assert not values & set(REAL.values())
    assert found.database == MEMORY_URL
    assert (found.host, found.port, found.var_dir) == ("127.0.0.1", 8010, NOWHERE)
    assert found.base_url == "http://127.0.0.1:8010"
    assert found.mark == "practice"
    assert real.mark == ""


def test_the_place_where_it_would_keep_things_cannot_be_made() -> None:
    with pytest.raises(OSError, match="Not a directory"):
        NOWHERE.mkdir(parents=True)


def test_the_store_is_in_memory(practice: Practice) -> None:
    assert practice.services.db.url == MEMORY_URL
    with practice.services.db.engine.connect() as connection:
        files = {row[2] for row in connection.exec_driver_sql("PRAGMA database_list")}
        temporary = connection.exec_driver_sql("PRAGMA temp_store").scalar_one()
    assert files == {""}
    assert temporary == IN_MEMORY


async def test_a_visit_writes_no_file(
    practice: Practice, opened_to_write: list[str], tmp_path: Path
) -> None:
    (tmp_path / "seen").write_text("what is written is noticed")
    assert opened_to_write == [str(tmp_path / "seen")]
    visit = await practice.meets(load_people()["prank"])
    assert visit.ending == "left"
    assert opened_to_write == [str(tmp_path / "seen")]


def test_nobody_outside_hears_of_it(practice: Practice) -> None:
    assert isinstance(practice.services.sms, DemoProvider)
    assert isinstance(practice.services.notifier, NullNotifier)
    assert practice.services.telephone is None


def test_who_practises_cannot_change_the_words_of_the_centre() -> None:
    """They are real files, also here."""
    assert not {"editor", "administrator"} & set(ROLES)


def test_the_port_of_the_real_service_is_refused() -> None:
    with pytest.raises(ConfigError, match="own port"):
        practise(Settings(), 8000, "", [], False, "nb")  # type: ignore[call-arg]


def test_an_unknown_person_or_shift_is_refused_before_anything_starts() -> None:
    with pytest.raises(ConfigError, match="nobody is called ghost"):
        practise(Settings(), 8010, "", ["ghost"], False, "nb")  # type: ignore[call-arg]
    with pytest.raises(ConfigError, match="there is no day; there is night"):
        practise(Settings(), 8010, "day", [], False, "nb")  # type: ignore[call-arg]

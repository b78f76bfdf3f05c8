"""The report of a month or a year: four is not shown, five is; in a terminal as at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.figures import csv
from bot.figures.report import Report, of_period
from bot.settings import ConfigError, Settings, create_secrets
from bot.store import statistics
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.support import MovingClock


def report(period: str, **months: dict[str, dict[str, int]]) -> Report:
    named = {name.replace("_", "-").removeprefix("m"): counts for name, counts in months.items()}
    return of_period(period, named, lambda topic: topic)


def shown(found: Report, table: str) -> dict[str, str]:
    (one,) = (each for each in found.tables if each.table.id == table)
    return {row.name: row.shown for row in one.rows}


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5")])
def test_four_is_not_shown_and_five_is(number: int, words: str) -> None:
    found = report("2026-10", m2026_10={"contacts": {"all": number}, "topic": {"cost": 5}})
    assert found.totals[0].shown == words


def test_four_contacts_make_no_tables_and_five_do() -> None:
    for number, quiet in ((4, True), (5, False)):
        counts = {"contacts": {"all": number}, "channel": {"web": number}}
        (channel, *_) = report("2026-10", m2026_10=counts).tables
        assert channel.quiet is quiet


def test_few_cases_say_nothing_though_there_were_many_contacts() -> None:
    counts = {
        "contacts": {"all": 60},
        "channel": {"web": 60},
        "cases": {"all": 2},
        "urgency": {"now": 2},
    }
    found = report("2026-10", m2026_10=counts)
    assert shown(found, "urgency") == {"now": "skjult", "soon": "skjult", "when_possible": "skjult"}
    assert shown(found, "channel") == {"web": "60", "sms": "0"}


def test_topics_that_are_held_back_stand_in_the_order_of_the_alphabet() -> None:
    counts = {"contacts": {"all": 60}, "topic": {"b": 1, "a": 4, "d": 9, "c": 3}}
    assert list(shown(report("2026-10", m2026_10=counts), "topic")) == ["d", "a", "b", "c"]


def test_the_year_says_at_least_what_everybody_can_add_up() -> None:
    months = {
        "m2026_09": {"contacts": {"all": 20}, "topic": {"cost": 3}},
        "m2026_10": {"contacts": {"all": 20}, "topic": {"cost": 12}},
    }
    assert shown(report("2026", **months), "topic") == {"cost": "minst 13"}


def test_an_id_without_words_is_not_lost() -> None:
    """Else the rows would not add up, and what is missing could be found."""
    counts = {"contacts": {"all": 20}, "lang": {"nb": 14, "se_north": 6}}
    assert shown(report("2026-10", m2026_10=counts), "lang")["se_north"] == "6"


def test_csv_of_an_unknown_table_is_none() -> None:
    assert csv.one(report("2026-10", m2026_10={}), "nothing") is None


def test_the_same_in_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: MovingClock
) -> None:
    monkeypatch.setenv("HELPLINE_VAR_DIR", str(tmp_path / "var"))
    settings = Settings()  # type: ignore[call-arg]
    clock.now = clock.now.replace(year=2024)
    db = Database(settings.database, create_secrets(settings).master, clock)
    migrate(db)
    with db.begin() as tx:
        for kind, name, number in (
            ("contacts", "all", 23),
            ("channel", "web", 20),
            ("channel", "sms", 3),
        ):
            statistics.count(tx, kind, name, number)
    db.close()

    def said(*words: str) -> str:
        return CliRunner().invoke(app, ["statistics", *words]).output

    assert said().strip() == "months and years that are over: 2024, 2024-11"
    page = said("--month", "2024-11")
    assert "23  Samtaler" in page
    assert "<5  SMS" in page
    assert "skjult  Nett" in page
    assert "2024-11;Kanal;SMS;<5" in said("--month", "2024-11", "--csv")
    for wrong in (["--month", "2024-10"], ["--month", "2024-11", "--year", "2024"]):
        assert isinstance(CliRunner().invoke(app, ["statistics", *wrong]).exception, ConfigError)

"""Statistics at the desk: months and years that are over, and never a small number."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.desk import speech
from bot.figures.tables import EXPLAINED, TABLES, TOTALS
from bot.store import statistics
from bot.store.statistics import Counts
from tests.desk.conftest import DeskServer

SEPTEMBER: Counts = {
    "contacts": {"all": 30},
    "channel": {"web": 27, "sms": 3},
    "lang": {"nb": 25, "nn": 5},
    "topic": {"cost": 12, "pets": 4},
    "role": {"exposed": 20, "relative": 10},
    "cases": {"all": 8},
    "urgency": {"now": 8},
}
OCTOBER: Counts = {
    "contacts": {"all": 40},
    "channel": {"web": 20, "sms": 20},
    "lang": {"nb": 40},
    "topic": {"cost": 5, "pets": 9},
}
JULY: Counts = {"contacts": {"all": 3}, "channel": {"web": 3}, "topic": {"cost": 2}}


def counted(desk: DeskServer, counts: Counts, year: int, month: int) -> None:
    now = desk.clock.now
    desk.clock.now = datetime(year, month, 15, 12, tzinfo=UTC)
    with desk.db.begin() as tx:
        for kind, names in counts.items():
            for name, number in names.items():
                statistics.count(tx, kind, name, number)
    desk.clock.now = now


@pytest.fixture
def filled(desk: DeskServer) -> DeskServer:
    counted(desk, JULY, 2025, 7)
    counted(desk, SEPTEMBER, 2025, 9)
    counted(desk, OCTOBER, 2025, 10)
    counted(desk, OCTOBER, 2026, 10)
    counted(desk, {"contacts": {"all": 77}}, 2026, 11)  # the month that runs
    return desk


def page(desk: DeskServer, period: str = "", role: str = "shift_lead") -> str:
    address = "/desk/statistics" + (f"?period={period}" if period else "")
    answer = desk.signed_in("Kari", role).http.get(address)
    assert answer.status_code == 200
    return answer.text


def row(html: str, title: str) -> list[str]:
    return re.findall(rf'<th scope="row">{re.escape(title)}</th><td class="n">([^<]*)</td>', html)


def test_who_may_see_it_has_it_in_the_menu(filled: DeskServer) -> None:
    for role in ("shift_lead", "administrator", "auditor"):
        assert "/desk/statistics" in page(filled, role=role)
    for role in ("counsellor", "editor"):
        answer = filled.signed_in("Ola", role).http.get("/desk/statistics")
        assert answer.status_code == 404


def test_the_newest_month_that_is_over_is_shown_first(filled: DeskServer) -> None:
    html = page(filled)
    assert "oktober 2026" in html
    assert "november 2026" not in html
    assert '<option value="2026">' not in html  # the year that runs is not over


def test_small_numbers_and_what_would_give_them_away_are_held_back(filled: DeskServer) -> None:
    html = page(filled, "2025-09")
    assert row(html, "SMS") == ["&lt;5"]
    assert row(html, "Nett") == ["skjult"]  # 30 less 27 would be 3
    assert row(html, "Nynorsk") == ["5"]
    assert row(html, "Engelsk") == ["0"]
    # Nothing of it in a chart, a comment or an attribute either.
    assert ">27<" not in html
    assert ": 3" not in html


def test_a_month_with_few_contacts_has_no_tables(filled: DeskServer) -> None:
    html = page(filled, "2025-07")
    assert "<dd>&lt;5</dd>" in html
    assert "For få denne måneden" in html
    assert row(html, "Nett") == []


def test_the_year_is_no_way_around_it(filled: DeskServer) -> None:
    html = page(filled, "2025")
    assert "<dd>minst 71</dd>" in html  # 73 less 30 and 40 would be 3
    assert row(html, "juli 2025") == ["&lt;5"]
    assert row(html, "september 2025") == ["30"]
    assert row(html, "SMS") == ["minst 21"]  # 20, and the "<5" of September
    assert row(html, "Nett") == ["50"]  # July's and September's hide each other
    assert ">73<" not in html


def test_csv_says_the_same_as_the_page(filled: DeskServer) -> None:
    browser = filled.signed_in("Kari", "auditor")
    for period in ("2025", "2025-07", "2025-09", "2026-10"):
        html = browser.http.get(f"/desk/statistics?period={period}").text
        whole = browser.http.get(f"/desk/statistics/csv?period={period}&table=alle")
        assert whole.headers["content-type"] == "text/csv; charset=utf-8"
        assert whole.text.startswith("\ufeffperiode;tabell;rad;antall\r\n")
        lines = [line.split(";") for line in whole.text.splitlines()[1:]]
        single = []
        for table in TABLES:
            answer = browser.http.get(f"/desk/statistics/csv?period={period}&table={table.id}")
            single += [line.split(";") for line in answer.text.splitlines()[1:]]
        assert [line for line in lines if line[1] not in ("I alt", "Samtaler per måned")] == single
        if "For få denne måneden" in html:
            continue
        on_page = re.findall(r'<th scope="row">([^<]*)</th><td class="n">([^<]*)</td>', html)
        shown = {(title, number.replace("&lt;", "<")) for title, number in on_page}
        assert {(title, number) for _, _, title, number in single} <= shown


@pytest.mark.parametrize("period", ["2026-11", "2026", "2024", "2025-13", "x", "2025-09' or 1"])
def test_what_is_not_over_or_not_a_period_is_not_shown(filled: DeskServer, period: str) -> None:
    browser = filled.signed_in("Kari", "shift_lead")
    for address in ("/desk/statistics", "/desk/statistics/csv"):
        answer = browser.http.get(address, params={"period": period, "table": "alle"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/statistics")


def test_there_is_nothing_to_combine(filled: DeskServer) -> None:
    browser = filled.signed_in("Kari", "shift_lead")
    plain = browser.http.get("/desk/statistics?period=2025-09").text
    more = browser.http.get("/desk/statistics?period=2025-09&role=young&channel=sms&hour=3").text
    assert plain == more


def test_before_anything_is_counted_the_page_says_so(desk: DeskServer) -> None:
    assert "Det er ingen tall å vise ennå" in page(desk)


def test_a_chart_says_in_words_what_it_shows(filled: DeskServer) -> None:
    html = page(filled, "2025-09")
    found = re.search(r'<svg class="bars".*?</svg>', html, re.S)
    assert found
    assert "<title id=" in found[0]
    assert "<desc id=" in found[0]
    assert "style=" not in html


def test_every_word_of_the_tables_has_a_nynorsk_form() -> None:
    words = {*EXPLAINED, *TOTALS.values()}
    for table in TABLES:
        words |= {table.title, table.how, *(table.names or {}).values()}
    missing = {word for word in words if not word[0].isdigit()} - set(speech.nynorsk())
    assert missing == set()

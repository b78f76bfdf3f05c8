"""A month or a year as it may be shown: words and numbers, the same on the page, in CSV and print.

Nothing behind this knows a number that is held back: `Row.value` is None, and `Row.shown` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.figures.disclosure import (
    SMALLEST,
    Counts,
    Mark,
    MonthOf,
    mark_of,
    of_month,
    of_year,
    year_total,
)
from bot.figures.tables import TABLES, TOTALS, Table
from bot.store import statistics
from bot.store.database import Tx

ALL = "all"
SMALL, HIDDEN, AT_LEAST = "<5", "skjult", "minst"

Monthly = Mapping[str, Mapping[str, Counts]]  # month → kind → name → number
Titles = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """One line. `least`: what is known of a number that is held back (0: nothing)."""

    name: str
    title: str
    mark: Mark
    value: int | None
    least: int = 0

    @property
    def shown(self) -> str:
        """As it stands everywhere."""
        if self.value is not None:
            return str(self.value)
        if self.mark == "small":
            return SMALL
        return f"{AT_LEAST} {self.least}" if self.least >= SMALLEST else HIDDEN


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown. `quiet`: none of it, there were too few."""

    table: Table
    rows: tuple[Row, ...]
    quiet: bool = False


@dataclass(frozen=True)
class Report:
    """All tables of one period ("2026-11" or "2026")."""

    period: str
    totals: tuple[Row, ...]
    months: tuple[Row, ...]  # of a year: contacts month by month
    tables: tuple[Shown, ...]

    @property
    def is_year(self) -> bool:
        """A year, not a month."""
        return len(self.period) == 4


def periods(tx: Tx) -> tuple[list[str], list[str]]:
    """Months and years that are over, the newest first."""
    months = statistics.months(tx)
    this_year = statistics.this_month(tx)[:4]
    years = {month[:4] for month in months if month[:4] < this_year}
    return months[::-1], sorted(years, reverse=True)


def read(tx: Tx, period: str, titles: Titles) -> Report | None:
    """The report of a month or year that is over; None when there is none."""
    months, years = periods(tx)
    if period in months:
        return of_period(period, {period: statistics.read(tx, period)}, titles)
    if period in years:
        inside = [month for month in reversed(months) if month.startswith(f"{period}-")]
        return of_period(period, {one: statistics.read(tx, one) for one in inside}, titles)
    return None


def of_period(period: str, monthly: Monthly, titles: Titles) -> Report:
    """The report of these counts. `titles` names a topic."""
    is_year = len(period) == 4
    totals = tuple(_total(group, monthly) for group in TOTALS)
    months = tuple(
        _row(month, month, _number(monthly[month], "contacts"), None) for month in monthly
    )
    tables = tuple(_shown(table, monthly, titles, is_year=is_year) for table in TABLES)
    return Report(period, totals, months if is_year else (), tables)


def _shown(table: Table, monthly: Monthly, titles: Titles, *, is_year: bool) -> Shown:
    names = _names(table, monthly, titles)
    months = [_month(table, counts, names) for counts in monthly.values()]
    if not is_year:
        (month,) = months
        rows = [_row(n, names[n], month.values[n], month.marks[n]) for n in names]
        return Shown(table, _ordered(table, rows), quiet=month.quiet)
    total = "exact" if not table.adds_up else year_total([month.total or 0 for month in months])
    marks = of_year(months, total)
    rows = [
        _row(name, title, sum(m.values[name] for m in months), marks[name], _least(months, name))
        for name, title in names.items()
    ]
    return Shown(table, _ordered(table, rows))


def _month(table: Table, counts: Mapping[str, Counts], names: Mapping[str, str]) -> MonthOf:
    counted = counts.get(table.id, {})
    values = {name: counted.get(name, 0) for name in names}
    whole = _number(counts, table.group) if table.group else 0
    quiet = table.group is not None and 0 < whole < SMALLEST
    return of_month(values, sum(values.values()) if table.adds_up else None, quiet=quiet)


def _names(table: Table, monthly: Monthly, titles: Titles) -> dict[str, str]:
    """Ids to words; what is counted under an id that has no words any more is shown as it is."""
    counted = {name for counts in monthly.values() for name in counts.get(table.id, {})}
    known = table.names or {}
    more = sorted(counted - set(known))
    named: Iterable[tuple[str, str]] = (
        (name, titles(name) if table.names is None else name.replace("_", " ")) for name in more
    )
    return {**known, **dict(named)}


def _ordered(table: Table, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Topics by number, those held back by name, so that their order tells nothing."""
    if table.names is not None:
        return tuple(rows)
    return tuple(sorted(rows, key=lambda row: (-(row.value or 0), row.title.lower())))


def _total(group: str, monthly: Monthly) -> Row:
    numbers = [_number(counts, group) for counts in monthly.values()]
    mark = year_total(numbers) if len(numbers) > 1 else mark_of(sum(numbers))
    least = sum(n if mark_of(n) == "exact" else 1 for n in numbers)
    return _row(group, TOTALS[group], sum(numbers), mark, least)


def _number(counts: Mapping[str, Counts], group: str | None) -> int:
    return counts.get(group or "", {}).get(ALL, 0)


def _least(months: Sequence[MonthOf], name: str) -> int:
    """What everybody can add up: the months that are shown, and one for each "<5"."""
    known = {"small": 1, "large": SMALLEST, "blank": 0}
    return sum(known.get(month.marks[name], month.values[name]) for month in months)


def _row(name: str, title: str, value: int, mark: Mark | None, least: int = 0) -> Row:
    mark = mark or mark_of(value)
    return Row(name, title, mark, value if mark == "exact" else None, least)

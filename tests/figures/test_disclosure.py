"""Small numbers stay unknown: a solver is given all that is published and tries to find them.

The solver knows nothing of the code under test: every number is a variable, every sum an equation,
every mark a bound, and each small number is pushed as far down and up as the rest allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bot.figures.disclosure import MonthOf, mark_of, of_month, of_year, year_total

NAMES = ("a", "b", "c", "d")
BOUNDS = {"small": (1, 4), "large": (5, None), "blank": (0, None)}


class Solver:
    """Numbers with bounds, and what they add up to."""

    def __init__(self) -> None:
        self.bounds: list[tuple[int, int | None]] = []
        self.small: list[int] = []  # the ones to find
        self.sums: list[tuple[list[int], int]] = []  # these add up to that one

    def number(self, value: int, mark: str) -> int:
        """A number as it is published."""
        self.bounds.append((value, value) if mark == "exact" else BOUNDS[mark])
        if mark != "exact" and 0 < value < 5:
            self.small.append(len(self.bounds) - 1)
        return len(self.bounds) - 1

    def add_up(self, parts: list[int], whole: int) -> None:
        self.sums.append((parts, whole))

    def found(self) -> list[int]:
        """The small numbers that can only be one."""
        rows = np.zeros((len(self.sums), len(self.bounds)))
        for row, (parts, whole) in zip(rows, self.sums, strict=True):
            row[parts] += 1
            row[whole] -= 1
        return [
            one for one in self.small if self._end(one, 1, rows) + 0.5 > self._end(one, -1, rows)
        ]

    def _end(self, one: int, sign: int, rows: np.ndarray) -> float:
        aim = np.zeros(len(self.bounds))
        aim[one] = sign
        done = linprog(aim, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=self.bounds)
        assert done.status in (0, 3), done.message  # 3: without end
        return sign * done.fun if done.status == 0 else -sign * float("inf")


def solve_year(months: Sequence[MonthOf]) -> list[int]:
    """All that is published of a table in a year: months, year and totals."""
    adds_up = months[0].total is not None
    totals = [month.total or 0 for month in months]
    total_mark = year_total(totals) if adds_up else "blank"
    marks = of_year(months, total_mark)
    solver, columns = Solver(), {name: [] for name in marks}
    total_numbers = []
    for month in months:
        row = [solver.number(month.values[name], month.marks[name]) for name in marks]
        for name, number in zip(marks, row, strict=True):
            columns[name].append(number)
            if month.quiet:
                solver.bounds[number] = (0, 4)
        if month.total is not None:
            total_numbers.append(solver.number(month.total, mark_of(month.total)))
            solver.add_up(row, total_numbers[-1])
    year = []
    for name, numbers in columns.items():
        whole = sum(month.values[name] for month in months)
        year.append(solver.number(whole, marks[name]))
        solver.add_up(numbers, year[-1])
    if adds_up:
        solver.add_up(total_numbers, solver.number(sum(totals), total_mark))
        solver.add_up(year, len(solver.bounds) - 1)
    return solver.found()


def a_month(values: Sequence[int], *, adds_up: bool = True) -> MonthOf:
    total = sum(values)
    named = dict(zip(NAMES, values, strict=False))
    return of_month(named, total if adds_up else None, quiet=0 < total < 5)


@st.composite
def years(draw: st.DrawFn) -> list[list[int]]:
    width = draw(st.integers(2, 4))
    number = st.one_of(st.integers(0, 6), st.integers(0, 40))
    return draw(st.lists(st.lists(number, min_size=width, max_size=width), min_size=1, max_size=5))


@settings(max_examples=150, deadline=None)
@given(years())
def test_no_small_number_follows_from_months_year_and_totals(values: list[list[int]]) -> None:
    assert solve_year([a_month(row) for row in values]) == []


@settings(max_examples=80, deadline=None)
@given(years())
def test_nor_where_rows_do_not_add_up(values: list[list[int]]) -> None:
    assert solve_year([a_month(row, adds_up=False) for row in values]) == []


def test_every_small_table_of_one_month() -> None:
    for values in product(range(10), repeat=3):
        if 0 < sum(values) < 5:
            continue
        assert solve_year([a_month(values)]) == [], values


def test_the_solver_finds_what_is_not_protected() -> None:
    """Else the tests above could not fail."""
    solver = Solver()
    cells = [solver.number(3, "small"), solver.number(20, "exact")]
    solver.add_up(cells, solver.number(23, "exact"))
    assert solver.found() == [0]


@pytest.mark.parametrize(
    ("value", "mark"), [(0, "exact"), (1, "small"), (4, "small"), (5, "exact"), (6, "exact")]
)
def test_one_to_four_are_small(value: int, mark: str) -> None:
    assert mark_of(value) == mark


def test_a_single_small_number_takes_the_largest_with_it() -> None:
    assert a_month([3, 20, 9]).marks == {"a": "small", "b": "large", "c": "exact"}


def test_two_small_numbers_hide_each_other() -> None:
    assert a_month([3, 2, 20]).marks == {"a": "small", "b": "small", "c": "exact"}


def test_two_ones_do_not_hide_each_other() -> None:
    """1 + 1 is the only way to 2."""
    assert a_month([1, 1, 20]).marks == {"a": "small", "b": "small", "c": "large"}


def test_five_and_one_cannot_be_told_apart_from_one_and_five() -> None:
    assert set(a_month([5, 1]).marks.values()) == {"blank"}


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert set(a_month([0, 5, 20]).marks.values()) == {"exact"}


def test_a_quiet_month_has_no_table() -> None:
    assert set(a_month([3, 0, 1]).marks.values()) == {"blank"}


def test_the_year_does_not_give_away_its_one_small_month() -> None:
    months = [a_month([20, 30], adds_up=False), a_month([3, 30], adds_up=False)]
    assert of_year(months, "blank") == {"a": "blank", "b": "exact"}


def test_the_year_is_shown_where_small_months_hide_each_other() -> None:
    months = [a_month([n, 30], adds_up=False) for n in (3, 2, 4, 12)]
    assert of_year(months, "blank") == {"a": "exact", "b": "exact"}


def test_four_months_of_one_each_are_not_called_fewer_than_five() -> None:
    months = [a_month([1, 30], adds_up=False)] * 4
    assert of_year(months, "blank")["a"] == "blank"


@pytest.mark.parametrize(
    ("months", "mark"),
    [([20, 30], "exact"), ([20, 3], "blank"), ([20, 3, 2], "exact"), ([2], "small"), ([], "exact")],
)
def test_the_total_of_a_year(months: list[int], mark: str) -> None:
    assert year_total(months) == mark

"""No small number can be found: not by reading, and not by subtracting what is published.

What is published of a table is a net of sums: months add up to the year, the rows of a table to
its total. Every number in it is one edge of a circulation, and whoever reads knows the bounds of
those that are held back. A number is safe when the net allows it to be another one, and that is so
exactly when some circle through its edge can turn: one search per number, no solver.

A month is decided on by itself, once, when it is over; the year is then decided on with its months
as they stand. Why so: docs/decisions/0008-small-numbers.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SMALLEST = 5
"""Numbers from 1 up to this one are not shown."""

NO_END = 10**9

Mark = Literal["exact", "small", "large", "blank"]
"""exact: shown. small: "<5". large: held back, and known to be 5 or more. blank: held back."""

Counts = Mapping[str, int]
Marks = dict[str, Mark]
ALL = "all"


@dataclass(frozen=True)
class MonthOf:
    """One month of one table: what was counted, its total, and what of it is shown.

    `total` is None where rows do not add up to anything (one contact may have several topics).
    `quiet`: so few contacts that the month has no tables at all.
    """

    values: Counts
    marks: Marks
    total: int | None
    quiet: bool


@dataclass(frozen=True)
class _Edge:
    """From a node to a node: the true number, and the bounds that a reader knows."""

    start: str
    end: str
    value: int
    least: int
    most: int
    guarded: bool = False  # a small number that nobody may find


def mark_of(value: int) -> Mark:
    """How a number stands by itself. Zero is shown: it tells of nobody."""
    return "small" if 0 < value < SMALLEST else "exact"


def of_month(values: Counts, total: int | None, *, quiet: bool) -> MonthOf:
    """Decide what of a month's table is shown. `values` has every name of the table."""
    if quiet:
        return MonthOf(values, dict.fromkeys(values, "blank"), total, quiet=True)
    marks: Marks = {name: mark_of(value) for name, value in values.items()}
    if total is not None:
        marks = _complemented(values, marks, total)
    return MonthOf(values, marks, total, quiet=False)


def of_year(months: Sequence[MonthOf], total_mark: Mark) -> Marks:
    """Decide what of the year's table is shown, given its months. `total_mark`: of the total."""
    names = list(months[0].values) if months else []
    if not months or months[0].total is None:
        return {name: _of_year(months, [name], "blank")[name] for name in names}
    return _of_year(months, names, total_mark)


def year_total(months: Sequence[int]) -> Mark:
    """Decide whether the sum of these months is shown; each is shown by itself, or as small."""
    of = [MonthOf({ALL: n}, {ALL: mark_of(n)}, None, quiet=False) for n in months]
    return of_year(of, "blank")[ALL] if of else "exact"


def _complemented(values: Counts, marks: Marks, total: int) -> Marks:
    """Hold back more rows, the largest first, until none of the small ones follows from the total;
    where that does not help, the whole table."""
    marks = dict(marks)
    largest = sorted(
        (name for name in values if values[name] >= SMALLEST), key=lambda n: -values[n]
    )
    while _pinned(_row(values, marks, total)):
        if not largest:
            return dict.fromkeys(values, "blank")
        marks[largest.pop(0)] = "large"
    return marks


def _row(values: Counts, marks: Marks, total: int) -> list[_Edge]:
    edges = [_edge("month", f"name {n}", values[n], marks[n]) for n in values]
    edges += [_free(f"name {name}", "out", values[name]) for name in values]
    return [*edges, _edge("out", "month", total, "exact")]


def _of_year(months: Sequence[MonthOf], names: Sequence[str], total_mark: Mark) -> Marks:
    sums = {name: sum(month.values[name] for month in months) for name in names}
    marks: Marks = {name: mark_of(sums[name]) for name in names}
    while found := _pinned(_net(months, names, sums, marks, total_mark)):
        touched = {end for edge in found for end in (edge.start, edge.end)}
        left = [name for name in names if sums[name] and marks[name] != "blank"]
        if not left:
            break
        left.sort(key=lambda name: (f"name {name}" not in touched, sums[name]))
        marks[left[0]] = "blank"
    return marks


def _net(
    months: Sequence[MonthOf],
    names: Sequence[str],
    sums: Counts,
    marks: Marks,
    total_mark: Mark,
) -> list[_Edge]:
    edges: list[_Edge] = []
    for number, month in enumerate(months):
        node, inside = f"month {number}", sum(month.values[name] for name in names)
        if month.total is None:
            edges.append(_free("out", node, inside))
        else:
            edges.append(_edge("out", node, month.total, mark_of(month.total)))
        most = SMALLEST - 1 if month.quiet else NO_END  # no more than the month has contacts
        for name in names:
            edges.append(
                _edge(node, f"name {name}", month.values[name], month.marks[name], most=most)
            )
    edges += [_edge(f"name {name}", "year", sums[name], marks[name]) for name in names]
    whole = sum(sums.values())
    adds_up = bool(months) and months[0].total is not None
    edges.append(
        _edge("year", "out", whole, total_mark) if adds_up else _free("year", "out", whole)
    )
    return edges


def _edge(start: str, end: str, value: int, mark: Mark, most: int = NO_END) -> _Edge:
    bounds = {
        "exact": (value, value),
        "small": (1, SMALLEST - 1),
        "large": (SMALLEST, most),
        "blank": (0, most),
    }
    guarded = mark != "exact" and mark_of(value) == "small"
    return _Edge(start, end, value, *bounds[mark], guarded)


def _free(start: str, end: str, value: int) -> _Edge:
    return _Edge(start, end, value, 0, NO_END)


def _pinned(edges: Sequence[_Edge]) -> list[_Edge]:
    """The guarded numbers that can only be what they are."""
    onward: dict[str, list[tuple[str, int]]] = {}
    for index, edge in enumerate(edges):
        if edge.value < edge.most:
            onward.setdefault(edge.start, []).append((edge.end, index))
        if edge.value > edge.least:
            onward.setdefault(edge.end, []).append((edge.start, index))
    return [
        edge
        for index, edge in enumerate(edges)
        if edge.guarded and not _may_differ(onward, edge, index)
    ]


def _may_differ(onward: dict[str, list[tuple[str, int]]], edge: _Edge, index: int) -> bool:
    more = edge.value < edge.most and _reaches(onward, edge.end, edge.start, index)
    return more or (edge.value > edge.least and _reaches(onward, edge.start, edge.end, index))


def _reaches(onward: dict[str, list[tuple[str, int]]], start: str, goal: str, but: int) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for node, index in onward.get(todo.pop(), ()):
            if index == but or node in seen:
                continue
            if node == goal:
                return True
            seen.add(node)
            todo.append(node)
    return False

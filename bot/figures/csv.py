"""Tables as CSV: semicolons and a byte order mark, as spreadsheets in Norway open them.

The same words and numbers as on the page, what is held back too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from bot.figures.report import Report, Shown

HEAD = ("periode", "tabell", "rad", "antall")


def whole(report: Report) -> str:
    """All tables under each other."""
    lines = [(report.period, "I alt", row.title, row.shown) for row in report.totals]
    lines += [(report.period, "Samtaler per måned", row.title, row.shown) for row in report.months]
    for shown in report.tables:
        lines += _lines(report, shown)
    return _written(lines)


def one(report: Report, table_id: str) -> str | None:
    """One table; None when there is none by that id."""
    for shown in report.tables:
        if shown.table.id == table_id:
            return _written(_lines(report, shown))
    return None


def _lines(report: Report, shown: Shown) -> list[tuple[str, str, str, str]]:
    return [(report.period, shown.table.title, row.title, row.shown) for row in shown.rows]


def _written(lines: Iterable[tuple[str, str, str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows(lines)
    return "\ufeff" + out.getvalue()

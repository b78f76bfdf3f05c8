"""`helpline statistics`: the same tables in a terminal, or as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from bot.centre import load_centre
from bot.content import load_content
from bot.figures import csv, report
from bot.figures.report import Report, Row
from bot.figures.tables import EXPLAINED
from bot.settings import ConfigError, Secrets, Settings
from bot.store.database import Database
from bot.store.migrate import migrate


def statistics_text(settings: Settings, secrets: Secrets, period: str, as_csv: bool) -> str:
    """What to print of a month or year; without a period which ones there are.

    Raises ConfigError when that period has none (or is not over).
    """
    content = load_content(settings.content_dir, load_centre(settings.centre_file))
    db = Database(settings.database, secrets.master)
    try:
        migrate(db)
        with db.begin() as tx:
            if not period:
                months, years = report.periods(tx)
                there = ", ".join([*years, *months]) or "none yet"
                return f"months and years that are over: {there}"
            found = report.read(
                tx, period, lambda id: content.title(id, "nb") if content.has(id) else id
            )
    finally:
        db.close()
    if found is None:
        raise ConfigError(f"nothing is shown for {period}: helpline statistics lists what there is")
    return csv.whole(found) if as_csv else "\n".join(_lines(found))


def _lines(found: Report) -> Iterator[str]:
    yield from (_line(row) for row in found.totals)
    yield from (_line(row) for row in found.months)
    for shown in found.tables:
        yield f"\n{shown.table.title}"
        if shown.quiet:
            yield "  under fem denne måneden: ingen tabell"
        else:
            yield from (_line(row) for row in shown.rows)
    yield from ("", *EXPLAINED)


def _line(row: Row) -> str:
    return f"  {row.shown:>10}  {row.title}"

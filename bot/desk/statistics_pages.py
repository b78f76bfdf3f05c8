"""Statistics: a month or a year that is over. Nothing else can be chosen, and nothing combined."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from bot.desk import speech
from bot.desk.statistics_chart import chart
from bot.desk.web import PATH, Desk, go, svg
from bot.figures import csv, report
from bot.figures.tables import EXPLAINED, TABLES
from bot.store.database import Tx

MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september",
    "oktober", "november", "desember",
)  # fmt: skip
WHOLE = "alle"


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    def titles(lang: speech.SpokenAt) -> report.Titles:
        content = services.content
        return lambda topic: content.title(topic, lang) if content.has(topic) else topic

    @bp.get("/statistics", name="statistics")
    async def statistics(request: Request) -> HTTPResponse:
        period = _period(request)
        months, years, found = await services.db.run(_read, period, titles(speech.spoken()))
        if period and found is None:
            return go(f"{PATH}/statistics")
        return desk.page(
            request,
            "statistics.html",
            months=months,
            years=years,
            found=found,
            name_of=name_of,
            chart=lambda shown: svg(chart(shown)),
            explained=EXPLAINED,
            centre=services.centre.name,
            whole=WHOLE,
        )

    @bp.get("/statistics/csv", name="statistics_csv")
    async def as_csv(request: Request) -> HTTPResponse:
        wanted = request.args.get("table") or WHOLE
        period = _period(request)
        *_, found = await services.db.run(_read, period, titles(speech.spoken()))
        known = {WHOLE, *(table.id for table in TABLES)}
        if not period or found is None or wanted not in known:
            return go(f"{PATH}/statistics")
        text = csv.whole(found) if wanted == WHOLE else csv.one(found, wanted)
        name = f"statistikk-{found.period}-{wanted.replace('_', '-')}.csv"
        return raw(
            (text or "").encode(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def name_of(period: str) -> str:
    """ "2026-11" as "november 2026"; a year as it is."""
    year, _, month = period.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def _period(request: Request) -> str:
    """The month or year that was asked for, as it was given: only one that is there is shown."""
    return (request.args.get("period") or "")[:10]


def _read(
    tx: Tx, period: str, titles: report.Titles
) -> tuple[list[str], list[str], report.Report | None]:
    """Months, years, and the report of the period; without one that of the newest month."""
    months, years = report.periods(tx)
    chosen = period or next(iter(months), "")
    return months, years, report.read(tx, chosen, titles) if chosen else None

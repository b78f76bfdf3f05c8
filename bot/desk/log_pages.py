"""For auditors: who did what, when, and which case or account it was about. Never words.

Reading the log stands in the log too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import get_args
from urllib.parse import urlencode

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk.web import Desk, signed
from bot.desk.wording import HERE
from bot.store import audit, audit_chain, counsellors
from bot.store.audit import Entry, Filter
from bot.store.audit_chain import Head
from bot.store.database import Tx

LINES = 100
ID = re.compile(r"[0-9a-zA-Z_-]{1,40}")


@dataclass(frozen=True)
class Page:
    """One page of the log. `older` is the query of the next one."""

    entries: list[Entry]
    names: dict[str, str]
    chosen: dict[str, str]
    head: Head | None
    older: str | None = None
    actions: tuple[str, ...] = field(default_factory=lambda: get_args(audit.Action))


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the route."""
    services = desk.services

    @bp.get("/log", name="log")
    async def log(request: Request) -> HTTPResponse:
        given = {
            name: " ".join((request.args.get(name) or "").split())[:40]
            for name in ("who", "object", "action", "day", "before")
        }
        page = await services.db.run(_page, signed(request).counsellor.id, given)
        broken = getattr(services, "troubles", {}).get("audit")
        return desk.page(request, "log.html", page=page, broken=broken)


def _page(tx: Tx, me: str, given: dict[str, str]) -> Page:
    names = counsellors.names(tx)
    wanted, chosen = _wanted(given, names)
    entries = audit.latest(tx, LINES, wanted)
    audit.write(tx, "audit_read", me)
    older = None
    if len(entries) == LINES:
        left = {name: value for name, value in chosen.items() if value}
        older = urlencode(left | {"before": str(entries[-1].seq)})
    return Page(entries, names, chosen, audit_chain.read_head(tx), older)


def _wanted(given: dict[str, str], names: dict[str, str]) -> tuple[Filter, dict[str, str]]:
    """The filter, and what of the request it was made from: the rest cannot be read, and is left
    out."""
    chosen = dict.fromkeys(("who", "object", "action", "day"), "")
    if given["who"] in names:
        chosen["who"] = given["who"]
    if ID.fullmatch(given["object"]):
        chosen["object"] = given["object"]
    if given["action"] in get_args(audit.Action):
        chosen["action"] = given["action"]
    since = _midnight(given["day"])
    if since is not None:
        chosen["day"] = given["day"]
    return (
        Filter(
            counsellor_id=chosen["who"] or None,
            object_id=chosen["object"] or None,
            action=chosen["action"] or None,
            since=since,
            until=None if since is None else _midnight_after(since),
            before=int(given["before"]) if given["before"].isdecimal() else None,
        ),
        chosen,
    )


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), HERE)
    except ValueError:
        return None


def _midnight_after(since: datetime) -> datetime:
    # The day's end by the clock on the wall: some days have 23 hours.
    try:
        return datetime.combine(since.date() + timedelta(days=1), time(), HERE)
    except OverflowError:
        return since

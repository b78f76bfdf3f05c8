"""For administrators and auditors: who works here, inviting a new counsellor, and who did what."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk import invitations
from bot.desk.web import PATH, Desk, field, go, signed
from bot.store import audit, counsellors, desk_sessions
from bot.store.audit import Entry
from bot.store.counsellors import Counsellor
from bot.store.database import Tx
from bot.store.roles import ROLES, Role

LINES = 100
NO_ROLE = "Velg minst én rolle."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    async def page(
        request: Request, link: str | None = None, error: str | None = None
    ) -> HTTPResponse:
        people = await services.db.run(counsellors.all_of_them)
        still_open = await services.db.run(desk_sessions.open_invitations)
        return desk.page(
            request,
            "staff.html",
            status=200 if error is None else 422,
            error=error,
            people=people,
            open_invitations=still_open,
            link=link,
            all_roles=ROLES,
        )

    @bp.get("/staff", name="staff")
    async def staff(request: Request) -> HTTPResponse:
        return await page(request)

    @bp.post("/staff/invite", name="invite")
    async def invite(request: Request) -> HTTPResponse:
        roles = chosen_roles(request)
        if not roles:
            return await page(request, error=NO_ROLE)
        token = await services.db.run(
            invitations.create_invitation, roles, signed(request).counsellor.id
        )
        return await page(request, f"{services.settings.base_url}{PATH}/invitation/{token}")

    @bp.post("/staff/<counsellor_id:str>/account", name="account")
    async def account(request: Request, counsellor_id: str) -> HTTPResponse:
        opened = field(request, "open") == "yes"
        await services.db.run(_account, signed(request).counsellor.id, counsellor_id, opened)
        return go(f"{PATH}/staff")

    @bp.get("/log", name="log")
    async def log(request: Request) -> HTTPResponse:
        after = _place(request.args.get("after"))
        entries, names = await services.db.run(_log, signed(request).counsellor, after)
        last = entries[-1] if len(entries) == LINES else None
        older = f"{last.at.isoformat()}~{last.id}" if last else None
        return desk.page(request, "log.html", entries=entries, names=names, older=older)


def chosen_roles(request: Request) -> frozenset[Role]:
    """The ticked roles of a form; unknown ones are left out."""
    ticked = (request.form.getlist("role") or []) if request.form else []
    return frozenset(role for role in ROLES if role in ticked)


def _account(tx: Tx, me: str, counsellor_id: str, opened: bool) -> None:
    """Open or close somebody's account; nobody closes her own."""
    who = counsellors.get(tx, counsellor_id)
    if who is None or who.id == me or not who.confirmed or who.active == opened:
        return
    counsellors.set_active(tx, who.id, opened)
    if not opened:
        desk_sessions.end_all(tx, who.id)
    audit.write(tx, "account_opened" if opened else "account_closed", me, who.id)


def _log(
    tx: Tx, me: Counsellor, after: tuple[datetime, str] | None
) -> tuple[list[Entry], dict[str, str]]:
    entries = audit.latest(tx, LINES, after)
    audit.write(tx, "audit_read", me.id)
    return entries, counsellors.names(tx)


def _place(given: str | None) -> tuple[datetime, str] | None:
    """Where the next page of the log begins; None (the first page) for what cannot be read."""
    moment, _, entry_id = (given or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at), entry_id

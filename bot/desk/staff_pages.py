"""Who works here: inviting a colleague and her roles, and helping her when she cannot sign in.

What an administrator does here and what a shift lead may do stands in access.py.
"""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import invitations, sessions
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.store import audit, counsellors, desk_sessions
from bot.store.counsellors import Counsellor
from bot.store.database import Tx
from bot.store.roles import ROLES, Role, write_roles

NO_ROLE = "Velg minst én rolle."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _accounts(bp, desk)
    _help(bp, desk)


def _accounts(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/staff", name="staff")
    async def staff(request: Request) -> HTTPResponse:
        return await show(desk, request)

    @bp.post("/staff/invite", name="invite")
    async def invite(request: Request) -> HTTPResponse:
        roles = chosen_roles(request)
        if not roles:
            return await show(desk, request, error=say(NO_ROLE))
        token = await services.db.run(
            invitations.create_invitation, roles, signed(request).counsellor.id
        )
        return await show(desk, request, link=_link(desk, token))

    @bp.post("/staff/<counsellor_id:str>/account", name="account")
    async def account(request: Request, counsellor_id: str) -> HTTPResponse:
        opened = field(request, "open") == "yes"
        await services.db.run(_account, signed(request).counsellor.id, counsellor_id, opened)
        services.events.publish("desk")
        return go(f"{PATH}/staff")

    @bp.post("/staff/<counsellor_id:str>/roles", name="roles")
    async def roles(request: Request, counsellor_id: str) -> HTTPResponse:
        wanted = chosen_roles(request)
        if not wanted:
            return await show(desk, request, error=say(NO_ROLE))
        await services.db.run(_roles, signed(request).counsellor.id, counsellor_id, wanted)
        return go(f"{PATH}/staff")


def _help(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/staff/<counsellor_id:str>/sign-out", name="staff_sign_out")
    async def staff_sign_out(request: Request, counsellor_id: str) -> HTTPResponse:
        await services.db.run(_sign_out, signed(request).counsellor.id, counsellor_id)
        services.events.publish("desk")
        return go(f"{PATH}/staff")

    @bp.post("/staff/<counsellor_id:str>/factor", name="factor")
    async def factor(request: Request, counsellor_id: str) -> HTTPResponse:
        token = await services.db.run(_factor, signed(request).counsellor.id, counsellor_id)
        return await show(desk, request, link=_link(desk, token), again=True)


async def show(
    desk: Desk,
    request: Request,
    *,
    link: str | None = None,
    again: bool = False,
    error: str | None = None,
) -> HTTPResponse:
    """The page. `link` is shown once; `again`: it leads to a new code app, not a new account."""
    people = await desk.services.db.run(counsellors.all_of_them)
    still_open = await desk.services.db.run(desk_sessions.open_invitations)
    return desk.page(
        request,
        "staff.html",
        status=200 if error is None else 422,
        error=error,
        people=people,
        open_invitations=still_open,
        link=link,
        again=again,
        all_roles=ROLES,
    )


def chosen_roles(request: Request) -> frozenset[Role]:
    """The ticked roles of a form; unknown ones are left out."""
    ticked = (request.form.getlist("role") or []) if request.form else []
    return frozenset(role for role in ROLES if role in ticked)


def _link(desk: Desk, token: str) -> str:
    return f"{desk.services.settings.base_url}{PATH}/invitation/{token}"


def _colleague(tx: Tx, me: str, counsellor_id: str) -> Counsellor:
    """Somebody else with an account that was opened. Raises NotFound."""
    who = counsellors.get(tx, counsellor_id)
    if who is None or who.id == me or not who.confirmed:
        raise NotFound("no such colleague")
    return who


def _account(tx: Tx, me: str, counsellor_id: str, opened: bool) -> None:
    """Open or close somebody's account; nobody closes her own."""
    who = _colleague(tx, me, counsellor_id)
    if who.active == opened:
        return
    counsellors.set_active(tx, who.id, opened)
    if not opened:
        desk_sessions.end_all(tx, who.id)
    audit.write(tx, "account_opened" if opened else "account_closed", me, who.id)


def _roles(tx: Tx, me: str, counsellor_id: str, wanted: frozenset[Role]) -> None:
    """Other roles; nobody gives herself any, so that two people know of it."""
    who = _colleague(tx, me, counsellor_id)
    if who.roles == wanted:
        return
    counsellors.set_roles(tx, who.id, wanted)
    audit.write(tx, "roles_changed", me, who.id, write_roles(wanted))


def _sign_out(tx: Tx, me: str, counsellor_id: str) -> None:
    """Sign a colleague out everywhere. Her duty ends; her cases go back as after a lost line."""
    who = _colleague(tx, me, counsellor_id)
    sessions.end_everywhere(tx, who.id)
    audit.write(tx, "signed_out_by", me, who.id)


def _factor(tx: Tx, me: str, counsellor_id: str) -> str:
    who = _colleague(tx, me, counsellor_id)
    token = invitations.new_factor(tx, who.id, me)
    if token is None:
        raise NotFound("no such colleague")
    return token

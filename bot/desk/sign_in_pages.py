"""Pages before signing in: the sign-in form, and the invitation of a new counsellor."""

from __future__ import annotations

import re
import secrets

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import invitations, sessions, totp
from bot.desk.passwords import LONGEST, Busy, Passwords, why_weak
from bot.desk.sign_in import Refused, sign_in
from bot.desk.web import BEFORE_COOKIE, PATH, Desk, field, first_page, go, signed, svg
from bot.store.counsellors import UsernameTaken

USERNAME = re.compile(r"[a-zæøå0-9._-]{3,40}")
REFUSED = (
    "Innloggingen gikk ikke. Sjekk brukernavn, passord og kode. En kode virker bare én gang. "
    "Etter fem feil må du vente litt, og lenger for hver gang."
)
BUSY = "Mange prøver å logge inn nå. Vent et øyeblikk og prøv igjen."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    passwords = Passwords()
    _sign_in(bp, desk, passwords)
    _invitation(bp, desk, passwords)


def _sign_in(bp: Blueprint, desk: Desk, passwords: Passwords) -> None:
    def form(request: Request, error: str | None = None, status: int = 200) -> HTTPResponse:
        return _before(desk, request, "sign_in.html", status=status, error=error)

    @bp.get("/sign-in", name="sign_in_form")
    async def sign_in_form(request: Request) -> HTTPResponse:
        return form(request)

    @bp.post("/sign-in", name="sign_in")
    async def signing_in(request: Request) -> HTTPResponse:
        username = field(request, "username", 60)
        password = field(request, "password", LONGEST + 1)
        code = field(request, "code", 12)
        try:
            signed_in = await sign_in(desk.services.db, passwords, username, password, code)
        except Refused:
            return form(request, REFUSED, status=401)
        except Busy:
            return form(request, BUSY, status=503)
        return desk.set_session(go(first_page(signed_in.roles)), signed_in.token)

    @bp.post("/sign-out", name="sign_out")
    async def sign_out(request: Request) -> HTTPResponse:
        await desk.services.db.run(sessions.sign_out, signed(request))
        desk.services.events.publish("desk")
        return desk.drop(go(f"{PATH}/sign-in"))


def _invitation(bp: Blueprint, desk: Desk, passwords: Passwords) -> None:
    db = desk.services.db

    async def invited(token: str) -> invitations.Invited:
        try:
            return await db.run(invitations.look, token)
        except invitations.NotInvited:
            raise NotFound("no such invitation") from None

    @bp.get("/invitation/<token:str>", name="invitation_form")
    async def invitation_form(request: Request, token: str) -> HTTPResponse:
        found = await invited(token)
        return _account(desk, request, token, found)

    @bp.post("/invitation/<token:str>", name="invitation_account")
    async def invitation_account(request: Request, token: str) -> HTTPResponse:
        found = await invited(token)
        values = {
            "username": field(request, "username", 40).strip().casefold(),
            "display_name": " ".join(field(request, "display_name", 60).split()),
        }
        password = field(request, "password", LONGEST + 1)
        error = _wrong(values, password, field(request, "password_again", LONGEST + 1))
        if error is None:
            try:
                hashed = await passwords.hash(password)
                await db.run(
                    invitations.accept,
                    token,
                    values["username"],
                    values["display_name"],
                    hashed,
                )
                return go(f"{PATH}/invitation/{token}")
            except UsernameTaken:
                error = "Brukernavnet er tatt. Velg et annet."
            except Busy:
                error = BUSY
        return _account(desk, request, token, found, error, values, again=True)

    @bp.post("/invitation/<token:str>/code", name="invitation_code")
    async def invitation_code(request: Request, token: str) -> HTTPResponse:
        found = await invited(token)
        try:
            session = await db.run(invitations.confirm, token, field(request, "code", 12))
        except invitations.NotInvited:
            raise NotFound("no such invitation") from None
        except invitations.WrongCode:
            error = "Koden stemte ikke. Vent på neste kode i appen og prøv igjen."
            return _account(desk, request, token, found, error)
        return desk.set_session(go(first_page(found.roles)), session)


def _account(
    desk: Desk,
    request: Request,
    token: str,
    invited: invitations.Invited,
    error: str | None = None,
    values: dict[str, str] | None = None,
    again: bool = False,
) -> HTTPResponse:
    """First step: name and password. When the account waits for its code: the second step."""
    status = 200 if error is None else 422
    if invited.pending is None or again or "again" in request.args:
        return _before(
            desk,
            request,
            "invitation.html",
            status=status,
            error=error,
            token=token,
            roles=invited.roles,
            values=values or {"username": "", "display_name": ""},
        )
    username = invited.pending.username
    return _before(
        desk,
        request,
        "invitation_code.html",
        status=status,
        error=error,
        token=token,
        username=username,
        qr=svg(totp.qr_svg(invited.secret, username)),
        secret=totp.in_fours(invited.secret),
    )


def _wrong(values: dict[str, str], password: str, password_again: str) -> str | None:
    if not USERNAME.fullmatch(values["username"]):
        return "Brukernavnet må ha 3–40 tegn: små bokstaver, tall, punktum eller strek."
    if len(values["display_name"]) < 2:
        return "Skriv navnet kollegene skal se, for eksempel fornavnet ditt."
    if password != password_again:
        return "De to passordene er ikke like."
    return why_weak(password, values["username"])


def _before(
    desk: Desk, request: Request, template: str, status: int, **values: object
) -> HTTPResponse:
    """A form for somebody who is not signed in, tied to this browser by a cookie."""
    mark = request.cookies.get(BEFORE_COOKIE) or ""
    if len(mark) < 32:
        mark = secrets.token_urlsafe(32)
    response = desk.page(request, template, status=status, before=mark, **values)
    return desk.before(response, mark)

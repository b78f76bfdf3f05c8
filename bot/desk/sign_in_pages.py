"""Pages before signing in: the sign-in form, an invitation, and the link to a new code app."""

from __future__ import annotations

import re
import secrets

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import invitations, sessions, shift_pages, speech, totp
from bot.desk.passwords import LONGEST, Busy, why_weak
from bot.desk.sign_in import Refused, SignedIn, sign_in
from bot.desk.sign_in_place import place_of, remember
from bot.desk.web import BEFORE_COOKIE, PATH, Desk, field, first_page, go, signed, svg
from bot.store import counsellors, sign_ins
from bot.store.counsellors import UsernameTaken
from bot.store.database import Tx

USERNAME = re.compile(r"[a-zæøå0-9._-]{3,40}")
REFUSED = (
    "Innloggingen gikk ikke. Sjekk brukernavn, passord og kode. En kode virker bare én gang. "
    "Etter fem feil må du vente litt, og lenger for hver gang. "
    "En gjenopprettingskode virker med en gang."
)
WRONG_CODE = "Koden stemte ikke. Vent på neste kode i appen og prøv igjen."
UNLIKE = "De to passordene er ikke like."
LONGEST_CODE = 30
BUSY = "Mange prøver å logge inn nå. Vent et øyeblikk og prøv igjen."


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _sign_in(bp, desk)
    _invitation(bp, desk)


def _sign_in(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    def form(request: Request, error: str | None = None, status: int = 200) -> HTTPResponse:
        return _before(desk, request, "sign_in.html", status=status, error=error)

    @bp.get("/sign-in", name="sign_in_form")
    async def sign_in_form(request: Request) -> HTTPResponse:
        return form(request)

    @bp.post("/sign-in", name="sign_in")
    async def signing_in(request: Request) -> HTTPResponse:
        try:
            signed_in = await sign_in(
                services.db,
                desk.passwords,
                field(request, "username", 60),
                field(request, "password", LONGEST + 1),
                field(request, "code", LONGEST_CODE),
                place_of(request, services.settings.proxies),
            )
        except Refused:
            return form(request, speech.say(REFUSED), status=401)
        except Busy:
            return form(request, speech.say(BUSY), status=503)
        return _in(desk, signed_in)

    @bp.post("/sign-out", name="sign_out")
    async def sign_out(request: Request) -> HTTPResponse:
        asked = await shift_pages.leave_cases(desk, request, "sign_out")
        if asked is not None:
            return asked
        await desk.services.db.run(sessions.sign_out, signed(request))
        desk.services.events.publish("desk")
        return desk.drop(go(f"{PATH}/sign-in"))


def _in(desk: Desk, signed_in: SignedIn) -> HTTPResponse:
    """To the first page her roles let her see."""
    response = desk.set_session(go(first_page(signed_in.roles)), signed_in.token)
    return remember(desk, response, signed_in.mark)


def _invitation(bp: Blueprint, desk: Desk) -> None:
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
        if found.again:
            raise NotFound("no such invitation")
        error = _wrong(values, password, field(request, "password_again", LONGEST + 1))
        if error is None:
            try:
                hashed = await desk.passwords.hash(password)
                await db.run(
                    invitations.accept,
                    token,
                    values["username"],
                    values["display_name"],
                    hashed,
                )
                chosen = f"?lang={speech.spoken()}" if "lang" in request.args else ""
                return go(f"{PATH}/invitation/{token}{chosen}")
            except UsernameTaken:
                error = speech.say("Brukernavnet er tatt. Velg et annet.")
            except Busy:
                error = speech.say(BUSY)
        return _account(desk, request, token, found, error, values, again=True)

    @bp.post("/invitation/<token:str>/code", name="invitation_code")
    async def invitation_code(request: Request, token: str) -> HTTPResponse:
        found = await invited(token)
        if found.again:
            return await _new_app(desk, request, token, found)
        mark = place_of(request, 0).mark
        try:
            session = await db.run(
                _confirm, token, field(request, "code", LONGEST_CODE), mark, speech.spoken()
            )
        except invitations.NotInvited:
            raise NotFound("no such invitation") from None
        except invitations.WrongCode:
            return _account(desk, request, token, found, speech.say(WRONG_CODE))
        return _in(desk, SignedIn(session, found.roles, mark))


def _confirm(tx: Tx, token: str, code: str, mark: str, lang: str) -> str:
    """Open the account; the browser it was made in, and the language, are known from now on."""
    pending = invitations.look(tx, token).pending
    session = invitations.confirm(tx, token, code)
    if pending is not None:
        sign_ins.know(tx, pending.id, mark)
        counsellors.set_lang(tx, pending.id, lang)
    return session


async def _new_app(
    desk: Desk, request: Request, token: str, found: invitations.Invited
) -> HTTPResponse:
    """The link to a new code app: password and a code of the new app, guarded as any sign-in."""
    services = desk.services
    try:
        signed_in = await sign_in(
            services.db,
            desk.passwords,
            found.pending.username if found.pending else "",
            field(request, "password", LONGEST + 1),
            field(request, "code", LONGEST_CODE),
            place_of(request, services.settings.proxies),
        )
        await services.db.run(invitations.factor_is_set, token)
    except (Refused, invitations.NotInvited):
        return _account(desk, request, token, found, speech.say(REFUSED))
    except Busy:
        return _account(desk, request, token, found, speech.say(BUSY))
    return _in(desk, signed_in)


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
    first_step = invited.pending is None or again or "again" in request.args
    if first_step and not invited.again:
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
    username = invited.pending.username if invited.pending else ""
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
        new_app=invited.again,
    )


def _wrong(values: dict[str, str], password: str, password_again: str) -> str | None:
    if not USERNAME.fullmatch(values["username"]):
        return speech.say("Brukernavnet må ha 3–40 tegn: små bokstaver, tall, punktum eller strek.")
    if len(values["display_name"]) < 2:
        return speech.say("Skriv navnet kollegene skal se, for eksempel fornavnet ditt.")
    if password != password_again:
        return speech.say(UNLIKE)
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

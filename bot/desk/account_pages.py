"""Min konto: the language of the desk, one's password, recovery codes and open sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.desk import speech
from bot.desk.passwords import LONGEST, Busy, why_weak
from bot.desk.sign_in import is_her_password
from bot.desk.sign_in_pages import BUSY, UNLIKE
from bot.desk.sign_in_place import place_of
from bot.desk.web import PATH, Desk, Signed, field, go, signed
from bot.settings import Settings
from bot.store import audit, counsellors, desk_sessions, recovery_codes
from bot.store.database import Tx
from bot.store.desk_sessions import Session

WRONG = "Passordet stemte ikke. Ingenting ble endret."
CHANGED = "Passordet er byttet. Du er logget ut alle andre steder."
HERE = f"{PATH}/account"


@dataclass(frozen=True)
class Open:
    """One of her sessions; `handle` names it without opening it."""

    session: Session
    handle: str
    this: bool


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _account(bp, desk)
    _secrets(bp, desk)
    _sessions(bp, desk)


def _account(bp: Blueprint, desk: Desk) -> None:
    @bp.get("/account", name="my_account")
    async def my_account(request: Request) -> HTTPResponse:
        return await show(desk, request)

    @bp.post("/account/language", name="my_language")
    async def my_language(request: Request) -> HTTPResponse:
        lang = field(request, "lang", 4)
        if lang in speech.LANGUAGES:
            await desk.services.db.run(counsellors.set_lang, signed(request).counsellor.id, lang)
        return go(HERE)


def _secrets(bp: Blueprint, desk: Desk) -> None:
    db = desk.services.db

    @bp.post("/account/password", name="my_password")
    async def my_password(request: Request) -> HTTPResponse:
        who = signed(request)
        new = field(request, "new", LONGEST + 1)
        error = why_weak(new, who.counsellor.username)
        if error is None and new != field(request, "again", LONGEST + 1):
            error = speech.say(UNLIKE)
        try:
            error = error or await _wrong_password(desk, request)
            if error is None:
                await db.run(_change_password, who, await desk.passwords.hash(new))
        except Busy:
            error = speech.say(BUSY)
        if error is not None:
            return await show(desk, request, error=error)
        return await show(desk, request, notice=speech.say(CHANGED))

    @bp.post("/account/recovery", name="my_recovery")
    async def my_recovery(request: Request) -> HTTPResponse:
        try:
            error = await _wrong_password(desk, request)
        except Busy:
            error = speech.say(BUSY)
        if error is not None:
            return await show(desk, request, error=error)
        codes = await db.run(_new_codes, signed(request).counsellor.id)
        return await show(desk, request, codes=codes)


def _sessions(bp: Blueprint, desk: Desk) -> None:
    db = desk.services.db

    @bp.post("/account/session/<handle:str>/end", name="my_session_end")
    async def my_session_end(request: Request, handle: str) -> HTTPResponse:
        await db.run(_end_one, signed(request), handle, desk.services.settings)
        return go(HERE)

    @bp.post("/account/sessions/end", name="my_sessions_end")
    async def my_sessions_end(request: Request) -> HTTPResponse:
        await db.run(_end_others, signed(request))
        return go(HERE)


async def show(
    desk: Desk,
    request: Request,
    *,
    error: str | None = None,
    notice: str | None = None,
    codes: list[str] | None = None,
) -> HTTPResponse:
    """The page. `codes` only in the answer to "Lag nye koder": they are shown this once."""
    who = signed(request)
    sessions, left = await desk.services.db.run(_read, who, desk.services.settings)
    return desk.page(
        request,
        "account.html",
        status=200 if error is None else 422,
        error=error,
        notice=notice,
        sessions=sessions,
        left=left,
        many=recovery_codes.MANY,
        codes=[recovery_codes.in_fours(code) for code in codes or []],
    )


async def _wrong_password(desk: Desk, request: Request) -> str | None:
    """What to say when the password typed now is not hers. Raises Busy."""
    right = await is_her_password(
        desk.services.db,
        desk.passwords,
        signed(request).counsellor,
        field(request, "password", LONGEST + 1),
        place_of(request, desk.services.settings.proxies),
    )
    return None if right else speech.say(WRONG)


def _read(tx: Tx, who: Signed, settings: Settings) -> tuple[list[Open], int]:
    return _open(tx, who, settings), recovery_codes.left(tx, who.counsellor.id)


def _open(tx: Tx, who: Signed, settings: Settings) -> list[Open]:
    found = desk_sessions.of_counsellor(
        tx,
        who.counsellor.id,
        timedelta(seconds=settings.desk_idle),
        timedelta(seconds=settings.desk_longest),
    )
    mine = who.session.token_hash
    return [Open(one, desk_sessions.handle(tx, one), one.token_hash == mine) for one in found]


def _change_password(tx: Tx, who: Signed, hashed: str) -> None:
    counsellors.set_password_hash(tx, who.counsellor.id, hashed)
    desk_sessions.end_others(tx, who.counsellor.id, who.session.token_hash)
    audit.write(tx, "password_changed", who.counsellor.id)


def _new_codes(tx: Tx, counsellor_id: str) -> list[str]:
    audit.write(tx, "recovery_made", counsellor_id)
    return recovery_codes.replace(tx, counsellor_id)


def _end_one(tx: Tx, who: Signed, handle: str, settings: Settings) -> None:
    """End one of her other sessions; to end this one she signs out."""
    for one in _open(tx, who, settings):
        if one.handle == handle and not one.this:
            desk_sessions.end(tx, one.session.token_hash)
            audit.write(tx, "signed_out_others", who.counsellor.id)


def _end_others(tx: Tx, who: Signed) -> None:
    if desk_sessions.end_others(tx, who.counsellor.id, who.session.token_hash):
        audit.write(tx, "signed_out_others", who.counsellor.id)

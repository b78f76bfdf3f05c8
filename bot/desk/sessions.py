"""From a cookie to a counsellor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.desk.web import Signed
from bot.settings import Settings
from bot.store import audit, counsellors, desk_sessions
from bot.store.database import Tx

TOUCH_EVERY = timedelta(seconds=30)


def current(tx: Tx, token: str, settings: Settings, live: bool) -> Signed | None:
    """Who is signed in with this cookie; None when nobody is, any more.

    `live` is the page's own connection: it keeps a session awake only while she is on duty, so
    that an alarm does not meet a signed-out desk, and an abandoned browser still signs out.
    """
    session = desk_sessions.find(
        tx,
        token,
        idle=timedelta(seconds=settings.desk_idle),
        longest=timedelta(seconds=settings.desk_longest),
    )
    if session is None:
        return None
    counsellor = counsellors.get(tx, session.counsellor_id)
    if counsellor is None or not counsellor.active:
        desk_sessions.end(tx, session.token_hash)
        return None
    awake = counsellor.on_duty or not live
    if awake and tx.now - session.last_at > TOUCH_EVERY:
        desk_sessions.touch(tx, session.token_hash)
        session = replace(session, last_at=tx.now)
    return Signed(counsellor, session)


def sign_out(tx: Tx, who: Signed) -> None:
    """End this browser's session. Whoever signs out is no longer on duty."""
    desk_sessions.end(tx, who.session.token_hash)
    if who.counsellor.on_duty:
        counsellors.set_on_duty(tx, who.counsellor.id, False)
        audit.write(tx, "duty_off", who.counsellor.id)
    audit.write(tx, "sign_out", who.counsellor.id)


def set_duty(tx: Tx, who: Signed, on_duty: bool) -> None:
    """On duty, or no longer."""
    if who.counsellor.on_duty != on_duty:
        audit.write(tx, "duty_on" if on_duty else "duty_off", who.counsellor.id)
    counsellors.set_on_duty(tx, who.counsellor.id, on_duty)

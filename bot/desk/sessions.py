"""From a cookie to a counsellor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk.web import Signed
from bot.settings import Settings
from bot.store import audit, counsellors, desk_sessions, duty, sign_ins
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
        end_duty(tx, who)
    audit.write(tx, "sign_out", who.counsellor.id)


def end_everywhere(tx: Tx, counsellor_id: str) -> None:
    """By somebody else: no browser of hers is signed in or known, and she is not on duty."""
    desk_sessions.end_all(tx, counsellor_id)
    sign_ins.forget_places(tx, counsellor_id)
    duty.end(tx, counsellor_id)


def begin_duty(tx: Tx, who: Signed, until: datetime) -> None:
    """On duty until then, or longer than was said first."""
    if not who.counsellor.on_duty:
        audit.write(tx, "duty_on", who.counsellor.id)
    duty.begin(tx, who.counsellor.id, until)


def end_duty(tx: Tx, who: Signed) -> None:
    """On duty no longer."""
    if who.counsellor.on_duty:
        audit.write(tx, "duty_off", who.counsellor.id)
    duty.end(tx, who.counsellor.id)


def pause(tx: Tx, who: Signed, paused: bool) -> None:
    """A pause begins, or is over. It is in the log: it may say why nobody answered."""
    if who.counsellor.on_duty:
        audit.write(tx, "pause_on" if paused else "pause_off", who.counsellor.id)
        duty.pause(tx, who.counsellor.id, paused)

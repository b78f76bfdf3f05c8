"""Accounts of a practice: no password opens them, they are gone with the process."""

from __future__ import annotations

from datetime import timedelta

from bot.store import counsellors
from bot.store.database import Tx, new_id
from bot.store.roles import Role

ROLES: tuple[Role, ...] = ("counsellor", "shift_lead")
NO_PASSWORD = "!"  # noqa: S105 (no hash, so that no password fits)


def open_account(tx: Tx, name: str, lang: str = "nb") -> str:
    """An account for somebody on shift. Returns its id."""
    made = counsellors.create(
        *(tx, new_id(), name, name.capitalize(), ROLES),
        password_hash=NO_PASSWORD,
        totp_secret="",
        unconfirmed_for=timedelta(),
    )
    counsellors.use_totp_step(tx, made.id, 1)
    counsellors.set_active(tx, made.id, True)
    counsellors.set_lang(tx, made.id, lang)
    return made.id

"""`helpline serve`: prepare, say what is happening, listen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from bot.app import build, create_app
from bot.desk.invitations import create_invitation
from bot.desk.totp import current_code
from bot.settings import ConfigError, Secrets, Settings
from bot.store import counsellors
from bot.store.database import Database, Tx
from bot.store.migrate import migrate
from bot.store.one_process import claim
from bot.store.roles import ROLES, UnknownRole, read_roles


def serve(settings: Settings, secrets: Secrets, train: Callable[[], None]) -> None:
    """Check, migrate, train, invite the first counsellor, and serve until told to stop."""
    with contextlib.ExitStack() as stack:
        if settings.database.startswith("sqlite"):
            stack.enter_context(claim(settings.var_dir))
        os.umask(0o077)
        services = build(settings, secrets)
        migrate(services.db)
        train()  # after the checks: a wrong setting must not cost a minute first
        app = create_app(services)
        print(f"Chat page   {settings.base_url}/", flush=True)
        print(f"Desk        {settings.base_url}/desk", flush=True)
        if settings.demo:
            print(f"SMS phone   {settings.base_url}/demo/phone", flush=True)
        with services.db.begin() as tx:
            if not _who_can_sign_in(tx):
                # In a demonstration one person sees everything; elsewhere she invites the others.
                first = ROLES if settings.demo else ("administrator",)
                print(
                    "First account (once, within a day): "
                    f"{settings.base_url}/desk/invitation/{create_invitation(tx, first)}",
                    flush=True,
                )
        app.run(
            host=settings.host,
            port=settings.port,
            single_process=True,
            access_log=False,
            motd=False,
        )


def invitation_link(settings: Settings, secrets: Secrets, role: str) -> str:
    """A one-time link that creates an account. Raises ConfigError for an unknown role."""
    try:
        roles = read_roles(role)
    except UnknownRole as error:
        raise ConfigError(f"--role: {error}; several are joined by a comma") from None
    with _database(settings, secrets).begin() as tx:
        return f"{settings.base_url}/desk/invitation/{create_invitation(tx, roles)}"


def sign_in_code(settings: Settings, secrets: Secrets, username: str) -> str:
    """The current code of a counsellor; without a name, of the only one there is."""
    with _database(settings, secrets).begin() as tx:
        names = _who_has_codes(tx)
        if not username and len(names) != 1:
            raise ConfigError(f"say whose code: helpline desk-code NAME ({len(names)} can sign in)")
        if username and username not in names:
            raise ConfigError("nobody by that name can sign in (helpline desk-code NAME)")
        return str(current_code(tx, username or names[0]))


def _who_has_codes(tx: Tx) -> list[str]:
    """Also whoever is still to type her first code: that is what opens the account."""
    everyone = counsellors.all_of_them(tx)
    return [found.username for found in everyone if found.active or not found.confirmed]


def _who_can_sign_in(tx: Tx) -> list[str]:
    return [found.username for found in counsellors.all_of_them(tx) if found.active]


def _database(settings: Settings, secrets: Secrets) -> Database:
    db = Database(settings.database, secrets.master)
    migrate(db)
    return db

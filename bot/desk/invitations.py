"""Inviting a colleague, or giving her a new code app: a link that works once, for a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.desk import totp
from bot.store import audit, counsellors, desk_sessions, recovery_codes
from bot.store.counsellors import Counsellor
from bot.store.database import Tx
from bot.store.roles import Role, write_roles

VALID = timedelta(hours=24)


class NotInvited(Exception):
    """The link was used, has expired, or never was."""


class WrongCode(Exception):
    """The code from the app does not fit the secret; the counsellor can try again."""


@dataclass(frozen=True)
class Invited:
    """Where an invitation stands: `pending` is the account that waits for its first code, or, with
    `again`, an account that gets a new code app."""

    roles: frozenset[Role]
    secret: str
    pending: Counsellor | None
    again: bool = False


def create_invitation(tx: Tx, roles: Iterable[Role], by: str | None = None) -> str:
    """The token of `/desk/invitation/<token>`. `by` is who invites, None at set-up."""
    audit.write(tx, "invitation_made", by, detail=write_roles(roles))
    return desk_sessions.invite(tx, roles, VALID)


def new_factor(tx: Tx, counsellor_id: str, by: str) -> str | None:
    """The token of a link to a new code app, for whoever lost hers; None for no such account.

    From now on the old app's codes and all recovery codes are void, and the link alone opens
    nothing: it asks for her password. Her open sessions go on; whoever is on duty stays there.
    """
    who = counsellors.get(tx, counsellor_id)
    if who is None or not who.confirmed:
        return None
    desk_sessions.withdraw_links(tx, who.id)
    token = desk_sessions.invite(tx, who.roles, VALID, who.id)
    counsellors.set_totp(tx, who.id, totp.secret_of_invitation(tx, token))
    recovery_codes.forget(tx, who.id)
    audit.write(tx, "factor_reset", by, who.id)
    return token


def factor_is_set(tx: Tx, token: str) -> None:
    """She has signed in with the new app: the link is used up. Raises NotInvited."""
    who = desk_sessions.invited_again(tx, token)
    if who is None or not desk_sessions.use_invitation(tx, token):
        raise NotInvited
    audit.write(tx, "factor_set", who, who)


def look(tx: Tx, token: str) -> Invited:
    """The invitation of a link. Raises NotInvited."""
    roles = desk_sessions.invited_roles(tx, token)
    if roles is None:
        raise NotInvited
    again = desk_sessions.invited_again(tx, token)
    pending = counsellors.get(tx, again or _counsellor_id(tx, token))
    return Invited(roles, totp.secret_of_invitation(tx, token), pending, again is not None)


def accept(tx: Tx, token: str, username: str, display_name: str, password_hash: str) -> Counsellor:
    """First step: the account, closed until its first code. Raises NotInvited, UsernameTaken."""
    invited = look(tx, token)
    if invited.again:
        raise NotInvited
    return counsellors.create(
        tx,
        _counsellor_id(tx, token),
        username,
        display_name,
        invited.roles,
        password_hash,
        invited.secret,
        unconfirmed_for=VALID,
    )


def confirm(tx: Tx, token: str, code: str) -> str:
    """Second step: one right code opens the account and signs her in; returns the session token.

    Raises NotInvited, WrongCode.
    """
    invited = look(tx, token)
    if invited.pending is None or invited.again:
        raise NotInvited
    if not totp.use_code(tx, invited.pending.id, code):
        raise WrongCode
    if not desk_sessions.use_invitation(tx, token):
        raise NotInvited
    counsellors.set_active(tx, invited.pending.id, True)
    audit.write(tx, "account_created", invited.pending.id, invited.pending.id)
    audit.write(tx, "sign_in", invited.pending.id)
    return desk_sessions.start(tx, invited.pending.id)


def _counsellor_id(tx: Tx, token: str) -> str:
    # Derived, so that the two steps find the same account without keeping anything in between.
    return tx.keys.keyed_hash("desk-invited", token)[:24]

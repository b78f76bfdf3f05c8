"""Who may do what at the desk: one table, closed by default.

An action is the name of a route. What is not in the table is nobody's; a route that no role of an
account may use answers 404, as if it were not there, and is not in the menu.
`docs/roles.md` shows the same table to people; a test keeps them together.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.store.roles import ROLES, Role

Roles = frozenset[Role]

# Groups of roles: a new route is given one of these.
EVERYONE: Roles = frozenset(ROLES)
SHIFT: Roles = frozenset({"counsellor", "shift_lead"})  # who answer people: queue and cases
LEADS: Roles = frozenset({"shift_lead"})  # override, the second look at misuse
EDITORS: Roles = frozenset({"editor"})  # the words, never a case
APPROVERS: Roles = frozenset({"editor", "administrator"})  # the second person for the words
WORDING: Roles = frozenset({"shift_lead", "editor"})  # the canned replies
ADMINISTRATORS: Roles = frozenset({"administrator"})  # accounts and settings, never a case
HELPERS: Roles = frozenset({"administrator", "shift_lead"})  # help a colleague who cannot sign in
COUNTING: Roles = frozenset({"shift_lead", "administrator", "auditor"})  # statistics
AUDITORS: Roles = frozenset({"auditor"})  # the log: who read what, never the words

# Before signing in. These guard themselves: a password and a code, or an invitation's token.
PUBLIC: frozenset[str] = frozenset(
    {
        "sign_in_form",
        "sign_in",
        "invitation_form",
        "invitation_account",
        "invitation_code",
        "asset",
    }
)

RULES: dict[str, Roles] = {
    "sign_out": EVERYONE,
    "help": EVERYONE,
    "queue": SHIFT,
    "live_queue": SHIFT,
    "duty": SHIFT,
    "alarm_see": SHIFT,
    "alarm_close": SHIFT,
    "code_form": SHIFT,
    "code": SHIFT,
    "case": SHIFT,
    "live_case": SHIFT,
    "take": SHIFT,
    "give_back": SHIFT,
    "close": SHIFT,
    "reply": SHIFT,
    "note": SHIFT,
    "missed": SHIFT,
    "safe_word": SHIFT,
    "same_person": SHIFT,
    "number": SHIFT,
    "call": SHIFT,
    "quote": SHIFT,
    "staff": HELPERS,
    "invite": ADMINISTRATORS,
    "account": ADMINISTRATORS,
    "log": AUDITORS,
}

# Asked by a page's script: they answer with a status, never with a redirect to a page.
LIVE: frozenset[str] = frozenset({"live_queue", "live_case"})


def may(roles: Collection[Role], action: str) -> bool:
    """May somebody with these roles do this? Unknown actions: no."""
    return not RULES.get(action, frozenset()).isdisjoint(roles)

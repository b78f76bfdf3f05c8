"""Who may do what at the desk: one table, closed by default.

An action is the name of a route. What is not in the table is nobody's; a route that a role may not
use answers 404, as if it were not there.
"""

from __future__ import annotations

from bot.store.counsellors import Role

STAFF: frozenset[Role] = frozenset({"counsellor", "manager"})
MANAGER: frozenset[Role] = frozenset({"manager"})

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

RULES: dict[str, frozenset[Role]] = {
    "sign_out": STAFF,
    "queue": STAFF,
    "live_queue": STAFF,
    "duty": STAFF,
    "help": STAFF,
    "alarm_see": STAFF,
    "alarm_close": STAFF,
    "code_form": STAFF,
    "code": STAFF,
    "case": STAFF,
    "live_case": STAFF,
    "take": STAFF,
    "give_back": STAFF,
    "close": STAFF,
    "reply": STAFF,
    "note": STAFF,
    "missed": STAFF,
    "safe_word": STAFF,
    "same_person": STAFF,
    "number": STAFF,
    "call": STAFF,
    "quote": STAFF,
    "staff": MANAGER,
    "invite": MANAGER,
    "account": MANAGER,
    "log": MANAGER,
}

# Asked by a page's script: they answer with a status, never with a redirect to a page.
LIVE: frozenset[str] = frozenset({"live_queue", "live_case"})


def may(role: Role, action: str) -> bool:
    """May somebody with this role do this? Unknown actions: no."""
    return role in RULES.get(action, frozenset())

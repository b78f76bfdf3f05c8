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
READERS: Roles = frozenset({"shift_lead", "editor", "administrator"})  # the words as they stand
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
    "shift": SHIFT,
    "shift_note": SHIFT,
    "shift_note_remove": SHIFT,
    "shift_plan": SHIFT,
    "shift_unplan": SHIFT,
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
    "typing": SHIFT,
    "still_there": SHIFT,
    "call_plan": SHIFT,
    "call_noted": SHIFT,
    "journal_form": SHIFT,
    "journal": SHIFT,
    "misuse_mark": SHIFT,
    "misuse_list": SHIFT,
    "misuse_look": SHIFT,
    "misuse_second": SHIFT,
    "misuse_undo": SHIFT,
    "replies": WORDING,
    "replies_in": WORDING,
    "reply_form": WORDING,
    "reply_save": WORDING,
    "reply_restore": WORDING,
    "note": SHIFT,
    "missed": SHIFT,
    "day_service": SHIFT,
    "day_wish": SHIFT,
    "day_number": SHIFT,
    "day_propose": SHIFT,
    "day_confirm": SHIFT,
    "day_call_off": SHIFT,
    "day_end": SHIFT,
    "safe_word": SHIFT,
    "same_person": SHIFT,
    "number": SHIFT,
    "call": SHIFT,
    "quote": SHIFT,
    "take_over": LEADS,
    "put_back": LEADS,
    "end_duty": LEADS,
    "my_account": EVERYONE,
    "my_language": EVERYONE,
    "my_password": EVERYONE,
    "my_recovery": EVERYONE,
    "my_session_end": EVERYONE,
    "my_sessions_end": EVERYONE,
    "staff": HELPERS,
    "staff_sign_out": HELPERS,
    "factor": HELPERS,
    "invite": ADMINISTRATORS,
    "account": ADMINISTRATORS,
    "roles": ADMINISTRATORS,
    "content": READERS,
    "content_search": READERS,
    "content_topic": READERS,
    "content_change": READERS,
    "content_facts": READERS,
    "content_fact": READERS,
    "content_edit": EDITORS,
    "content_save": EDITORS,
    "content_fact_save": EDITORS,
    "content_withdraw": EDITORS,
    "content_undo": EDITORS,
    "content_missed_done": EDITORS,
    "content_approve": APPROVERS,
    "content_send_back": APPROVERS,
    "content_undo_now": READERS,
    "statistics": COUNTING,
    "statistics_csv": COUNTING,
    "log": AUDITORS,
}

# Asked by a page's script: they answer with a status, never with a redirect to a page.
LIVE: frozenset[str] = frozenset({"live_queue", "live_case"})


def may(roles: Collection[Role], action: str) -> bool:
    """May somebody with these roles do this? Unknown actions: no."""
    return not RULES.get(action, frozenset()).isdisjoint(roles)

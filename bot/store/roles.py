"""The roles of those who work here. What each may do stands in bot/desk/access.py.

One account may have several: a centre with three people has no more hands than that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["counsellor", "shift_lead", "editor", "administrator", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)

# Until roles were five, whoever was not a counsellor was a manager.
_EARLIER: dict[str, Role] = {"manager": "administrator"}


class UnknownRole(ValueError):
    """A name that is no role, or none at all."""


def read_roles(text: str) -> frozenset[Role]:
    """ "counsellor,auditor" as roles. Raises UnknownRole."""
    names = [name.strip() for name in text.split(",")]
    found = frozenset(_EARLIER.get(name, name) for name in names if name)
    known: frozenset[Role] = frozenset(role for role in ROLES if role in found)
    if not found or len(known) != len(found):
        raise UnknownRole(f"a role is one of {', '.join(ROLES)}")
    return known


def write_roles(roles: Iterable[Role]) -> str:
    """The same roles always as the same text, in the order of ROLES. Raises UnknownRole."""
    given = frozenset(roles)
    return ",".join(role for role in ROLES if role in read_roles(",".join(given)))

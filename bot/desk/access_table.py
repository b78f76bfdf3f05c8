"""The table of access.py as people read it: docs/roles.md, kept in step by a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.access import PUBLIC, RULES
from bot.desk.wording import ROLES, ROLES_DO

HEAD = """# Roller og sider

Hvem som kan åpne hva på `/desk`. Det som ikke står med ✓, finnes ikke for den rollen: siden svarer 404 og står ikke i menyen.
En konto kan ha flere roller. Tabellen er laget av `bot/desk/access.py` og rutene i den tjenesten som kjører; en test sammenligner.
Skriv den på nytt med `pytest tests/desk/test_roles.py --update-transcripts`.

"""  # noqa: E501


@dataclass(frozen=True)
class Route:
    """One method of one address; `action` is its key in access.py."""

    action: str
    method: str
    path: str


def table(routes: Iterable[Route]) -> str:
    """The whole page, in Markdown."""
    lines = [f"- **{words}** (`{role}`): {ROLES_DO[role]}" for role, words in ROLES.items()]
    lines += ["", f"| adresse | {' | '.join(ROLES.values())} |", f"|---|{':-:|' * len(ROLES)}"]
    for route in routes:
        name = f"| {route.method} `{route.path}` "
        if route.action in PUBLIC:
            lines.append(name + "| alle, før innlogging" + " |" * len(ROLES))
            continue
        marks = ["✓" if role in RULES.get(route.action, ()) else "" for role in ROLES]
        lines.append(name + "| " + " | ".join(marks) + " |")
    return HEAD + "\n".join(lines) + "\n"

"""How old somebody says they are."""

from __future__ import annotations

import re

_OWN_AGE = re.compile(
    r"(?:\b(?:jeg|eg|æ|e|æg) (?:er|e)|\bi am|\bi'm|\bim|^\W*er|^\W*am) "
    r"(?:bare |berre |only |snart |nesten )?(\d{1,2})"
    r"(?=\s*(?:$|år\b|years?\b|yrs?\b|og\b|and\b|[,.!?]))",
    re.IGNORECASE,
)
_BARE_AGE = re.compile(r"^\W*(\d{1,2})(?: ?(?:år|year|yr|åring)\w*)?(?: old)?\W*$", re.IGNORECASE)


def own(text: str) -> int | None:
    """The age that somebody tells of themselves, anywhere in a message."""
    return _age(_OWN_AGE, text)


def bare(text: str) -> int | None:
    """The age that is the whole message: the answer to "how old are you?"."""
    return _age(_BARE_AGE, text)


def _age(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    age = int(found[1]) if found else None
    return age if age is not None and 3 < age < 100 else None

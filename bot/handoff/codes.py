"""Six digits that a person reads out on the phone, so that the line's staff find the case.

Only a keyed hash is stored. Guessing is limited at the desk, which alone may look codes up.
"""

from __future__ import annotations

import secrets

from bot.store import Tx, handoffs

DIGITS = 6


def new_code(tx: Tx) -> tuple[str, str]:
    """(code, its keyed hash). No open case bears the same code."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        code_hash = hash_of(tx, code)
        if handoffs.by_code_hash(tx, code_hash) is None:
            return code, code_hash


def hash_of(tx: Tx, code: str) -> str:
    """The keyed hash of a code; spaces and dashes that people put in do not matter."""
    digits = "".join(char for char in code if char in "0123456789")
    return tx.keys.keyed_hash("handoff-code", digits)


def spaced(code: str) -> str:
    """ "123 456": as it is shown and read out."""
    return f"{code[:3]} {code[3:]}"

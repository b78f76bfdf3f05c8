"""Recovery codes: ten at a time, each good for one sign-in without the code app.

Sixteen digits each: nobody guesses one, so they pass the waits that guessing causes
(sign_ins.py). Digits, because the field for codes shows digits only on a phone.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, select, update

from bot.store import models
from bot.store.database import Tx

MANY = 10
DIGITS = 16


def replace(tx: Tx, counsellor_id: str) -> list[str]:
    """Ten new codes; the earlier ones are void. Shown once: we keep hashes."""
    forget(tx, counsellor_id)
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(MANY)]
    for code in codes:
        tx.session.add(
            models.RecoveryCode(
                code_hash=_hash(tx, counsellor_id, code),
                counsellor_id=counsellor_id,
                created_at=tx.now,
            )
        )
    tx.session.flush()
    return codes


def use(tx: Tx, counsellor_id: str, code: str) -> bool:
    """True for the one who uses it first; then it is void."""
    digits = "".join(char for char in code if char.isascii() and char.isdigit())
    if len(digits) != DIGITS:
        return False
    result = tx.session.execute(
        update(models.RecoveryCode)
        .where(
            models.RecoveryCode.code_hash == _hash(tx, counsellor_id, digits),
            models.RecoveryCode.counsellor_id == counsellor_id,
            models.RecoveryCode.used_at.is_(None),
        )
        .values(used_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def left(tx: Tx, counsellor_id: str) -> int:
    """How many have not been used."""
    query = select(func.count()).where(
        models.RecoveryCode.counsellor_id == counsellor_id, models.RecoveryCode.used_at.is_(None)
    )
    return tx.session.scalar(query) or 0


def forget(tx: Tx, counsellor_id: str) -> None:
    """All of hers are void."""
    tx.session.execute(
        delete(models.RecoveryCode).where(models.RecoveryCode.counsellor_id == counsellor_id)
    )


def in_fours(code: str) -> str:
    """As it is written down: "1234 5678 9012 3456"."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _hash(tx: Tx, counsellor_id: str, code: str) -> str:
    return tx.keys.keyed_hash("desk-recovery", f"{counsellor_id}\0{code}")

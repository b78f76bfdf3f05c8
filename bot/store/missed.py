"""Questions that were not understood, as counsellors put them. The rules: bot/handoff/missed.py.

Nothing in a row leads to a case or a person: a random id, a month, a language, topic ids, the
words. One key seals them all, because a key for each would tell when each was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.channels.messages import Lang
from bot.store import models
from bot.store.database import Tx, new_id

OWNER = "missed_questions"
KEPT_MONTHS = 12


@dataclass(frozen=True)
class Missed:
    """One question, for the editor."""

    id: str
    month: str
    lang: str
    topics: tuple[str, ...]
    words: str


def add(tx: Tx, lang: Lang, topics: Sequence[str], words: str) -> str:
    """Keep a question; returns its id."""
    if not tx.keys.exists(OWNER):
        first_day = tx.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        tx.keys.create(OWNER, at=first_day)
        tx.session.flush()
    question_id = new_id()
    tx.session.add(
        models.MissedQuestion(
            id=question_id,
            month=_month(tx.now),
            lang=lang,
            topics=",".join(topics),
            words_sealed=tx.keys.seal(OWNER, words, _place(question_id)),
        )
    )
    return question_id


def listed(tx: Tx) -> list[Missed]:
    """All of them, the oldest month first; within a month in no order that tells anything."""
    table = models.MissedQuestion
    return [
        _read(tx, row) for row in tx.session.scalars(select(table).order_by(table.month, table.id))
    ]


def remove(tx: Tx, question_id: str) -> bool:
    """The editor is done with it. False when there is none by that id."""
    table = models.MissedQuestion
    gone = tx.session.execute(delete(table).where(table.id == question_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def sweep(tx: Tx) -> int:
    """Forget what is from twelve months ago: the month alone is known, so never later than that."""
    month = models.MissedQuestion.month
    oldest = _month(tx.now.replace(year=tx.now.year - KEPT_MONTHS // 12, day=1))
    gone = tx.session.execute(delete(models.MissedQuestion).where(month <= oldest))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _month(at: datetime) -> str:
    return at.strftime("%Y-%m")


def _place(question_id: str) -> str:
    return f"missed_questions.words:{question_id}"


def _read(tx: Tx, row: models.MissedQuestion) -> Missed:
    words = tx.keys.open_text(OWNER, row.words_sealed, _place(row.id))
    return Missed(row.id, row.month, row.lang, tuple(filter(None, row.topics.split(","))), words)

"""`helpline content missed`: what was not understood, for whoever edits the texts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.settings import ConfigError, Secrets, Settings
from bot.store import audit, missed
from bot.store.database import Database, Tx
from bot.store.migrate import migrate


def missed_lines(settings: Settings, secrets: Secrets, done: str = "") -> list[str]:
    """What to print: all of them, or what is left when the one called `done` was removed.

    Raises ConfigError when there is none by that id.
    """
    db = Database(settings.database, secrets.master)
    try:
        migrate(db)
        with db.begin() as tx:
            if done and not _remove(tx, done):
                raise ConfigError(f"no question is called {done}: helpline content missed")
            lines = list(_lines(missed.listed(tx)))
        if done:
            db.checkpoint()  # else the words live on in the log
        return lines
    finally:
        db.close()


def _remove(tx: Tx, question_id: str) -> bool:
    removed = missed.remove(tx, question_id)
    if removed:
        audit.write(tx, "missed_done", None, question_id)
    return removed


def _lines(questions: list[missed.Missed]) -> Iterator[str]:
    for one in questions:
        guessed = ", ".join(one.topics) or "nothing"
        yield f"{one.id}  {one.month}  {one.lang}  taken for: {guessed}"
        yield f"    {one.words}"
    yield f"{len(questions)} questions; when one is answered: helpline content missed --done ID"

"""What the person answers to a proposal, or does with a time that is agreed.

Stored before it is confirmed to them. Nothing of it is agreed before a counsellor has seen it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.day_service import wishes
from bot.day_service.when import BEFORE, reminder_at
from bot.day_service.wishes import Wish
from bot.store import Tx, day_wishes

REFUSES = ("none", "other", "no")  # beside the times
CHANGES = ("cancel", "move")  # of a time that is agreed
WAITS = ("proposed", "answered")


def choose(tx: Tx, wish: Wish, number: int, *, in_doubt: bool) -> Wish | None:
    """One of the times. None: it is past, or a counsellor has gone on in the meantime.

    The person may choose anew until a counsellor confirms.
    """
    if wish.row.status not in WAITS or wish.words.proposals[number - 1].at <= tx.now:
        return None
    return _answered(tx, wish, str(number), in_doubt=in_doubt)


def refuse(tx: Tx, wish: Wish, answer: str, *, in_doubt: bool) -> Wish | None:
    """None of the times fits, another way of contact, or no longer wanted."""
    if wish.row.status not in WAITS or answer not in REFUSES:
        return None
    return _answered(tx, wish, answer, in_doubt=in_doubt)


def change(tx: Tx, wish: Wish, answer: str, *, in_doubt: bool) -> Wish | None:
    """An agreed time is called off by the person, or is to be another one. No reminder any more."""
    if wish.row.status != "confirmed" or answer not in CHANGES:
        return None
    return _answered(tx, wish, answer, in_doubt=in_doubt)


def note_what_fits(tx: Tx, wish: Wish, text: str) -> bool:
    """The person's own words for when it fits, after none of the times did."""
    if wish.row.status != "answered" or wish.row.answer != "none":
        return False
    if day_wishes.change(tx, wish.row) is None:
        return False
    day_wishes.keep_words(tx, wish.row.id, replace(wish.words, fits=text).to_json())
    return True


def remind(tx: Tx, wish: Wish, which: str) -> Wish | None:
    """A reminder a day or two hours before, or none ("no"). Asked anew, the last answer counts.

    What comes back has `remind_at` None where no safe moment was found, or none was wanted.
    """
    if wish.row.status != "confirmed" or wish.row.meets_at is None or wish.row.reminder == "sent":
        return None
    at = None
    if which in BEFORE:
        times = wish.words.contact.safe_times
        at = reminder_at(wish.row.meets_at, BEFORE[which], times, tx.now)
    changed = day_wishes.change(tx, wish.row, reminder=which if at or which == "no" else "no",
                                remind_at=at)  # fmt: skip
    return None if changed is None else Wish(changed, wish.words)


def _answered(tx: Tx, wish: Wish, answer: str, *, in_doubt: bool) -> Wish | None:
    changed = day_wishes.change(
        tx,
        wish.row,
        status="answered",
        answer=answer,
        in_doubt=in_doubt,
        kept_back=False,
        answered_at=tx.now,
        meets_at=None,
        reminder=None,
        remind_at=None,
    )
    return None if changed is None else wishes.read(tx, changed)

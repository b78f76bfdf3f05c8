"""Reading is in the log: which counsellor saw the words of which case or alarm, and when.

A page asks for the same words every few seconds; once an hour is enough to know that she read them.
"""

from __future__ import annotations

from datetime import timedelta

from bot.desk.case_view import CaseView
from bot.desk.views import Board, board
from bot.store import audit
from bot.store.database import Tx

OFTEN = timedelta(hours=1)
_ALARM: tuple[audit.Action, ...] = ("alarm_read",)
_CASE: tuple[audit.Action, ...] = ("case_opened", "case_taken", "case_taken_over", "case_read")


def queue(tx: Tx, me: str, duty_timeout: int) -> Board:
    """The queue for her eyes: the alarms on it show the words that raised them."""
    seen = board(tx, me, duty_timeout)
    shown = [line.row.id for line in seen.alarms if line.row.words]
    known = audit.read_lately(tx, _ALARM, me, shown, tx.now - OFTEN)
    for alarm_id in shown:
        if alarm_id not in known:
            audit.write(tx, "alarm_read", me, alarm_id)
    return seen


def case(tx: Tx, me: str, view: CaseView | None) -> None:
    """A case that shows its words, if it does."""
    if view is None or view.phase not in ("waiting", "mine"):
        return
    if not audit.read_lately(tx, _CASE, me, [view.row.id], tx.now - OFTEN):
        audit.write(tx, "case_read", me, view.row.id)

"""The lease follows the counsellor's live connection; what becomes of her cases when she leaves.

While any page of hers is connected, all her cases are hers. A connection that is seen to end gives
them back after a moment (a reload or another page comes sooner); one that falls silent, when the
lease is over. All functions take the transaction first.
"""

from __future__ import annotations

from datetime import timedelta

from bot.handoff.queue import LEASE
from bot.store import Tx, counsellors, duty, handoffs
from bot.store.duty import GONE_AFTER

AFTER_RESTART = timedelta(seconds=45)
"""What the desk's pages get to come back in, when the service was away itself."""


def connected(tx: Tx, counsellor_id: str, lease: timedelta = LEASE) -> None:
    """A page of hers is connected now."""
    counsellors.seen(tx, counsellor_id)
    duty.here(tx, counsellor_id)
    handoffs.hold_until(tx, tx.now + lease, counsellor_id)


def line_ended(tx: Tx, counsellor_id: str) -> None:
    """Her last connection was closed at her end: laptop, tab or network."""
    duty.gone(tx, counsellor_id)
    handoffs.hold_no_longer_than(tx, tx.now + GONE_AFTER, counsellor_id)


def after_restart(tx: Tx) -> int:
    """Nobody loses a case because the service was away. Returns how many were held longer."""
    return handoffs.hold_until(tx, tx.now + AFTER_RESTART)


def cases_of(tx: Tx, counsellor_id: str) -> list[str]:
    """Ids of the cases she has now, oldest first."""
    return [row.id for row in handoffs.taken_by(tx, counsellor_id)]

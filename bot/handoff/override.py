"""The shift lead steps in: a colleague's case is taken over, or put back in the queue.

Both are one guarded UPDATE on who has the case now: of two who act at once exactly one is right.
"""

from __future__ import annotations

from datetime import timedelta

from bot.handoff import queue
from bot.store import Tx, handoffs


def take_over(tx: Tx, handoff_id: str, to_id: str, lease: timedelta) -> str | None:
    """From a colleague to her; returns whose it was, None when it is nobody else's now.

    `taken_at` stays: what was written with the desk since then goes with the case.
    """
    holder = _holder(tx, handoff_id)
    if holder is None or holder == to_id:
        return None
    changed = handoffs.change(
        tx,
        handoff_id,
        {"status": "taken", "taken_by": holder},
        taken_by=to_id,
        lease_until=tx.now + lease,
    )
    return holder if changed else None


def put_back(tx: Tx, handoff_id: str, by: str) -> str | None:
    """From a colleague to the queue; returns whose it was. Her own case she gives back herself."""
    holder = _holder(tx, handoff_id)
    if holder is None or holder == by:
        return None
    return holder if queue.give_back(tx, handoff_id, holder) else None


def _holder(tx: Tx, handoff_id: str) -> str | None:
    row = handoffs.get(tx, handoff_id)
    return row.taken_by if row is not None and row.status == "taken" else None

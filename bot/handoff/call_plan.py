"""The next try to call a person, and tries made from the counsellor's own phone.

The plan lies with the case, so that a colleague who takes it over sees it. It may only be inside
the times the person gave; where those can be read in two ways the counsellor says that it is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.handoff import queue
from bot.handoff.call_times import Within, within
from bot.handoff.calls import NOT_REACHED, Outcome
from bot.handoff.cases import Case
from bot.store import Tx, audit, calls, case_events

__all__ = ["NOTED", "NOT_REACHED", "NotPlanned", "Plan", "note_call", "plan", "plan_of"]

AHEAD = timedelta(days=7)
"""A case with a plan further away than this is closed instead."""

Noted = Literal["talked", "no_answer", "busy", "machine"]
NOTED: tuple[Noted, ...] = get_args(Noted)
"""What may be noted of a call from the counsellor's own phone."""

NotPlanned = Literal["not_yours", "past", "far", "outside", "ask"]


@dataclass(frozen=True)
class Plan:
    """When to try next, and whether that is inside the times the person gave."""

    at: datetime
    within: Within
    due: bool


def plan_of(tx: Tx, case: Case) -> Plan | None:
    """The plan that stands: the last one, unless there was a call after it was made."""
    made = case_events.of_handoff(tx, case.id, "next_call")
    if not made or made[-1].planned_at is None:
        return None
    last, at = made[-1], made[-1].planned_at
    if any(row.started_at >= last.at for row in calls.of_handoff(tx, case.id)):
        return None
    return Plan(at, _within(case, at), tx.now >= at)


def plan(
    tx: Tx, handoff_id: str, counsellor_id: str, at: datetime, *, safe: bool
) -> NotPlanned | None:
    """Plan the next try for `at` (aware); None when it stands. `safe`: she says that it is."""
    case = queue.case(tx, handoff_id)
    if case is None or case.status != "taken" or case.taken_by != counsellor_id:
        return "not_yours"
    if at <= tx.now:
        return "past"
    if at > tx.now + AHEAD:
        return "far"
    where = _within(case, at)
    if where == "outside":
        return "outside"
    if where == "unclear" and not safe:
        return "ask"
    case_events.forget(tx, handoff_id, "next_call")
    case_events.add(tx, handoff_id, "next_call", counsellor_id, planned_at=at)
    audit.write(tx, "call_planned", counsellor_id, handoff_id)
    return None


def note_call(tx: Tx, handoff_id: str, counsellor_id: str, outcome: Outcome) -> bool:
    """A call from her own phone, with what came of it. False when the case is not hers.

    Raises ValueError for an outcome that is not in NOTED.
    """
    if outcome not in NOTED:
        raise ValueError("unknown outcome")
    case = queue.case(tx, handoff_id)
    if case is None or case.status != "taken" or case.taken_by != counsellor_id:
        return False
    call_id = calls.add(tx, handoff_id, counsellor_id)
    calls.change(tx, call_id, "calling", state="ended", outcome=outcome, ended_at=tx.now)
    audit.write(tx, "call_noted", counsellor_id, handoff_id)
    return True


def _within(case: Case, at: datetime) -> Within:
    times = case.draft.contact.safe_times if case.draft is not None else None
    return within(times, at) if times else "unclear"

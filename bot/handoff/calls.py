"""Calling a person back through the switchboard: who may, when, and what became of each try.

The counsellor's own number passes through and is never stored. The person's number is opened when
the counsellor has answered and pressed a key, for whoever holds the case, and that is audited.
Neither sees the other's: both phones show the helpline's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.channels.outbound import danger_to, may_write
from bot.handoff import queue
from bot.handoff.call_times import within
from bot.handoff.cases import Case
from bot.handoff.draft import Contact
from bot.store import Tx, audit, calls, conversations

Refusal = Literal[
    "not_yours", "no_number", "danger", "outside", "ask", "own_number", "foreign", "under_way"
]
Outcome = Literal[
    "talked",
    "no_answer",
    "busy",
    "machine",
    "unclear",
    "failed",
    "counsellor_away",
    "stopped",
]
NOT_REACHED = ("no_answer", "busy", "machine", "unclear", "failed")
"""The person's phone was tried and nobody was there."""

# What the provider calls the end of a half, as an outcome.
ENDS: dict[str, Outcome] = {"busy": "busy", "no-answer": "no_answer"}


class Telephone(Protocol):
    """What the desk needs of the telephone room."""

    async def ring(self, call_id: str, number: str) -> bool:
        """Ring the counsellor's own phone at `number`. False when that could not be done."""
        ...


@dataclass(frozen=True)
class ToRing:
    """The person's half of a call, in memory only."""

    number: str


@dataclass(frozen=True)
class Ended:
    """A call that has just ended, and the half that is still on the line."""

    row: calls.CallRow
    outcome: Outcome
    left: str | None


def refusal(tx: Tx, case: Case | None, counsellor_id: str, *, safe_now: bool) -> Refusal | None:
    """Why this counsellor may not call now; None when she may.

    The safe-contact rule: never outside the times the person gave, never while somebody else may
    hold the phone. Where the times were not said, or can be read in two ways, she must say that
    the person has made clear that now is safe (`safe_now`).
    """
    if case is None or case.status != "taken" or case.taken_by != counsellor_id:
        return "not_yours"
    if case.draft is None or case.draft.contact.number is None:
        return "no_number"
    asks = False
    if case.conversation_id is not None:
        conversation = conversations.get(tx, case.conversation_id)
        danger = None if conversation is None else danger_to(conversation)
        if danger in ("found_out", "not_safe"):
            return "danger"
        asks = danger == "not_said" or (conversation is not None and conversation.state.unproven)
    times = case.draft.contact.safe_times
    where = within(times, tx.now) if times else "unclear"
    if where == "outside":
        return "outside"
    return "ask" if (asks or where == "unclear") and not safe_now else None


def begin(
    tx: Tx, handoff_id: str, counsellor_id: str, number: str, *, safe_now: bool
) -> tuple[str, None] | tuple[None, Refusal]:
    """A try is noted and audited. Returns its id, or why not. `number`: the counsellor's own."""
    case = queue.case(tx, handoff_id)
    found = refusal(tx, case, counsellor_id, safe_now=safe_now)
    if found is None and case is not None and case.draft is not None:
        found = _own_phone(number, case.draft.contact)
    if found is None and calls.under_way(tx, handoff_id, counsellor_id):
        found = "under_way"
    if found is not None:
        return None, found
    queue.renew(tx, handoff_id, counsellor_id)
    audit.write(tx, "call_begun", counsellor_id, handoff_id)
    return calls.add(tx, handoff_id, counsellor_id), None


def connect(tx: Tx, call_id: str) -> ToRing | None:
    """The counsellor answered and pressed the key: whom to ring. None: not (any more), or again.

    Everything is asked once more: the case may have been given back, or somebody found out.
    """
    row = calls.get(tx, call_id)
    if row is None or row.state != "calling":
        return None
    case = queue.case(tx, row.handoff_id)
    number = case.draft.contact.number if case is not None and case.draft is not None else None
    if number is None or refusal(tx, case, row.counsellor_id, safe_now=True) is not None:
        _end(tx, row, "stopped")
        return None
    if not calls.change(tx, call_id, "calling", state="connecting"):
        return None
    audit.write(tx, "call_connected", row.counsellor_id, row.handoff_id)
    return ToRing(number)


def answered(tx: Tx, call_id: str, by: str) -> tuple[bool, Ended | None]:
    """The person's phone was picked up, by "human" or not. (Whether to connect, what ended.)

    Only a human is connected: no voicemail ever hears a word, and no text-to-speech either.
    """
    row = calls.get(tx, call_id)
    if row is None:
        return False, None
    if by == "human":
        now_talking = calls.change(tx, call_id, "connecting", state="talking")
        return now_talking or row.state == "talking", None
    if row.state != "connecting":
        return False, None
    return False, _end(tx, row, "unclear" if by == "unknown" else "machine", left="counsellor")


def half_ended(tx: Tx, call_id: str, half: str, status: str) -> Ended | None:
    """One phone was put down, or never picked up. What ended by it; None: nothing, or again."""
    row = calls.get(tx, call_id)
    if row is None or row.state == "ended":
        return None
    if row.state == "talking":
        return _end(tx, row, "talked")
    if half == "person":
        return _end(tx, row, ENDS.get(status, "failed"), left="counsellor")
    if row.state == "calling":
        return _end(tx, row, "counsellor_away")
    return _end(tx, row, "stopped", left="person")


def not_placed(tx: Tx, call_id: str) -> None:
    """The provider would not take it."""
    row = calls.get(tx, call_id)
    if row is not None:
        _end(tx, row, "failed")


def text_instead(tx: Tx, ended: Ended) -> Case | None:
    """The case of a person who was not reached and may be written to instead, once a case.

    The person has said that a message may be left, and the gate holds.
    """
    case = queue.case(tx, ended.row.handoff_id)
    if ended.outcome not in NOT_REACHED or case is None or case.draft is None:
        return None
    contact = case.draft.contact
    if contact.voicemail is not True or contact.number is None:
        return None
    if any(row.texted for row in calls.of_handoff(tx, case.id)):
        return None
    if case.conversation_id is not None:
        conversation = conversations.get(tx, case.conversation_id)
        if conversation is not None and not may_write(conversation):
            return None
    calls.change(tx, ended.row.id, "ended", texted=True)
    return case


def _own_phone(number: str, contact: Contact) -> Refusal | None:
    if number == contact.number:
        return "own_number"
    return None if number.startswith("+47") else "foreign"


def _end(tx: Tx, row: calls.CallRow, outcome: Outcome, left: str | None = None) -> Ended | None:
    if not calls.change(tx, row.id, row.state, state="ended", outcome=outcome, ended_at=tx.now):
        return None
    audit.write(tx, "call_ended", None, row.handoff_id)
    return Ended(row, outcome, left)

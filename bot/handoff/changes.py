"""What the person corrected or added while the case waited, line by line, and when.

A corrected summary replaces the waiting case; what differs is noted with the new one, sealed with
its key, so that whoever read the first version sees at once what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from bot.handoff.draft import HandoffDraft
from bot.store import Tx, case_events, handoffs

CONTACT = "contact"
"""Stands for the rules of contact: number, safe times, what to say, voicemail."""
HOW = "how"
"""Stands for another way of contact than the one asked for first."""

Changes = Mapping[str, datetime]
"""Field of a summary line, CONTACT or HOW → when it last changed."""


def of_case(tx: Tx, handoff_id: str) -> dict[str, datetime]:
    """What has changed since the person first said yes; nothing once the words are erased."""
    found: dict[str, datetime] = {}
    for event in case_events.of_handoff(tx, handoff_id, "changed"):
        found |= dict.fromkeys(event.fields, event.at)
    return found


def of_waiting(tx: Tx, conversation_id: str) -> dict[str, datetime]:
    """The changes of the case of this conversation that waits, to be carried on to the next."""
    found: dict[str, datetime] = {}
    for row in handoffs.of_conversation(tx, conversation_id):
        if row.status == "waiting":
            found |= of_case(tx, row.id)
    return found


def note(
    tx: Tx, handoff_id: str, before: HandoffDraft | None, after: HandoffDraft, carried: Changes
) -> None:
    """Keep with the new case what was changed earlier (`carried`) and what differs now."""
    if before is None:
        return
    moments: dict[datetime, list[str]] = defaultdict(list)
    now = differing(before, after)
    for field, at in carried.items():
        if field not in now:
            moments[at].append(field)
    if now:
        moments[tx.now] += now
    for at, fields in moments.items():
        case_events.add(tx, handoff_id, "changed", at=at, fields=sorted(fields))


def differing(before: HandoffDraft, after: HandoffDraft) -> list[str]:
    """The fields that say something else now, and those that were taken away."""
    old, new = _said(before), _said(after)
    found = {field for field in old.keys() | new.keys() if old.get(field) != new.get(field)}
    if before.contact != after.contact:
        found.add(CONTACT)
    if before.how != after.how:
        found.add(HOW)
    if before.wishes.language != after.wishes.language:
        found.add("language")
    return sorted(found)


def _said(draft: HandoffDraft) -> dict[str, tuple[str, str]]:
    """What stands in each line; a line that was not asked says nothing, as if it were not there."""
    return {
        line.field: (line.status, line.text) for line in draft.summary if line.status != "not_asked"
    }

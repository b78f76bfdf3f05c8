"""May something the person did not just ask for come to their phone now, by the times they gave?

An SMS shows on a phone that others see. On the web a reply waits on the page, so no time is kept.
"""

from __future__ import annotations

from datetime import datetime

from bot.day_service.when import is_safe
from bot.handoff.cases import read_case
from bot.handoff.draft import HandoffDraft
from bot.store import Tx, handoffs


def allowed(tx: Tx, conversation_id: str) -> bool:
    """By all open cases of the conversation."""
    cases = (read_case(tx, row) for row in handoffs.of_conversation(tx, conversation_id))
    return all(heeds(case.draft, tx.now) for case in cases)


def heeds(draft: HandoffDraft | None, at: datetime) -> bool:
    """Whether the times of this case allow it. Who gave none waits for an answer at any time."""
    times = draft.contact.safe_times if draft is not None and draft.channel == "sms" else None
    return times is None or is_safe(at, times)

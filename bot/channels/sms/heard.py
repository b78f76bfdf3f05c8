"""Danger in an SMS that would otherwise be left out: one too many, a machine's, a nameless one."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

from bot.channels.sms.senders import Arrived
from bot.handoff import queue
from bot.handoff.followup import FollowUp
from bot.hearing import hear, listen, listen_ahead
from bot.safety import Finding, SafetyContext
from bot.store import conversations
from bot.store.database import StoreAway, Tx

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

MOST_REMEMBERED = 5000


class Recent:
    """Provider ids seen lately, where no conversation remembers them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_new(self, sid: str) -> bool:
        """True the first time."""
        if sid in self._seen:
            return False
        self._seen[sid] = None
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return True


async def danger(services: Services, number: str, arrived: Arrived) -> bool:
    """True when the message holds danger, knowing what its conversation knows: after the direct
    question a bare "ja" does. Without the store the words alone decide."""
    await listen_ahead(services, arrived.text)
    try:
        return await services.db.run(_finding, services, number, arrived.text) is not None
    except StoreAway:
        return listen(services, arrived.text, SafetyContext()).finding is not None


async def alarm_of_nobody(services: Services, arrived: Arrived) -> None:
    """What a sender that cannot be answered says is heard: the desk is alarmed, no case follows."""
    await listen_ahead(services, arrived.text)
    finding = listen(services, arrived.text, SafetyContext()).finding
    if finding is None or finding.level == "gentle":
        return
    about = None
    try:
        alarm_id = await services.db.run(queue.raise_alarm, None, finding, "sms")
        about = FollowUp("notify_desk", "alarm", alarm_id=alarm_id)
    except StoreAway as error:
        log.error("an alarm could not be stored: %s", error)
    finally:
        services.alert(about=about)


def _finding(tx: Tx, services: Services, number: str, text: str) -> Finding | None:
    known = conversations.known_by_number(tx, number)
    if known is None:
        return listen(services, text, SafetyContext()).finding
    return hear(services, text, None, known).finding

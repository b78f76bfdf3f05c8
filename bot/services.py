"""The parts of the service, made once in `bot/app.py` and handed to every room that needs them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.centre import Centre
from bot.channels.events import DESK, Events
from bot.channels.flows import Flow
from bot.channels.outbound import Outbound
from bot.channels.sms.provider import SmsProvider
from bot.channels.typing import Typing
from bot.content.load import Content
from bot.content.other_languages import OtherTexts
from bot.handoff import followup
from bot.handoff.calls import Telephone
from bot.handoff.followup import FollowUp
from bot.handoff.notify import Notifier
from bot.metrics import Metrics
from bot.safety import SafetyCheck, SafetyWords
from bot.settings import Secrets, Settings
from bot.store.database import Database, StoreAway
from bot.understanding.types import Understanding

if TYPE_CHECKING:
    from bot.turn import TurnRunner


@dataclass
class Services:
    """What a room may use. Rooms take what they need and know nothing of how it was made."""

    settings: Settings
    secrets: Secrets
    centre: Centre
    db: Database
    content: Content
    safety: SafetyCheck
    words: SafetyWords
    other_texts: OtherTexts
    understanding: Understanding
    events: Events
    outbound: Outbound
    turn: TurnRunner
    notifier: Notifier
    flows: Mapping[str, Flow]
    metrics: Metrics
    sms: SmsProvider | None = None
    typing: Typing = field(default_factory=Typing)  # who is writing, in memory only
    telephone: Telephone | None = None  # set by the telephone room; None: nobody can be rung
    # Part → class of what went wrong there last; /health/ready shows it until it works again.
    troubles: dict[str, str] = field(default_factory=dict)
    _alerts: dict[asyncio.Task[bool], FollowUp | None] = field(default_factory=dict)

    def alert(self, urgent: bool = True, about: FollowUp | None = None) -> None:
        """Tell the desk and staff outside it that something waits; nobody waits for the telling.

        `about` is noted as told only afterwards: after a crash in between it is due at once.
        """
        self.events.publish(DESK)
        if about is not None and about in self._alerts.values():
            return
        task = asyncio.create_task(self._tell(urgent, about))
        self._alerts[task] = about  # asyncio itself keeps no hold of a task
        task.add_done_callback(self._alerted)

    async def told(self) -> None:
        """Returns when all who are being told have been told, or could not be."""
        await asyncio.gather(*self._alerts, return_exceptions=True)

    async def _tell(self, urgent: bool, about: FollowUp | None) -> bool:
        second = about is not None and about.do == "notify_second"
        tell = self.notifier.notify_all() if second else self.notifier.notify(urgent)
        delivered = await tell
        if about is not None:
            with suppress(StoreAway):  # then it is due again
                await self.db.run(followup.done, about)
        return delivered

    def _alerted(self, task: asyncio.Task[bool]) -> None:
        self._alerts.pop(task, None)
        if task.cancelled():
            return
        error = task.exception()  # looked at, so that asyncio does not log its text
        if error is None and task.result():
            self.troubles.pop("notifier", None)
        else:
            self.troubles["notifier"] = type(error).__name__ if error else "not delivered"

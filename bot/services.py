"""The parts of the service, made once in `bot/app.py` and handed to every room that needs them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.centre import Centre
from bot.channels.events import DESK, Events
from bot.channels.flows import Flow
from bot.channels.outbound import Outbound
from bot.channels.sms.provider import SmsProvider
from bot.content.load import Content
from bot.handoff.notify import Notifier
from bot.metrics import Metrics
from bot.safety import SafetyCheck, SafetyWords
from bot.settings import Secrets, Settings
from bot.store.database import Database
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
    understanding: Understanding
    events: Events
    outbound: Outbound
    turn: TurnRunner
    notifier: Notifier
    flows: Mapping[str, Flow]
    metrics: Metrics
    sms: SmsProvider | None = None
    # Part → class of what went wrong there last; /health/ready shows it until it works again.
    troubles: dict[str, str] = field(default_factory=dict)
    _alerts: set[asyncio.Task[bool]] = field(default_factory=set)

    def alert(self, urgent: bool = True) -> None:
        """Tell the desk and staff outside it that something waits; nobody waits for the telling."""
        self.events.publish(DESK)
        task = asyncio.create_task(self.notifier.notify(urgent))
        self._alerts.add(task)  # asyncio itself keeps no hold of a task
        task.add_done_callback(self._alerted)

    def _alerted(self, task: asyncio.Task[bool]) -> None:
        self._alerts.discard(task)
        if task.cancelled():
            return
        error = task.exception()  # looked at, so that asyncio does not log its text
        if error is None and task.result():
            self.troubles.pop("notifier", None)
        else:
            self.troubles["notifier"] = type(error).__name__ if error else "not delivered"

"""What Rasa must remember of a conversation: a few events, without a single word.

Stock Rasa keeps every event and replays all of them on every message. Our rules look at the last
message only, and the conversation itself (texts, facts, state) lives in `bot/store`. So only the
skeleton of the last turns is kept, without texts, entities or rankings; it is sealed with the key
of the conversation by `bot/store/trackers.py` and dies with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.understanding.trackers import TrackerBytes

#: Turns kept. The rules need the present one; one more lets an action see what was just answered.
KEEP_TURNS = 2


class ShortTrackers(TrackerStore):
    """Rasa's tracker store over TrackerBytes. Errors of the database pass through unchanged."""

    def __init__(self, rows: TrackerBytes, domain: Domain | None = None) -> None:
        super().__init__(domain)
        self._rows = rows

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """None for a conversation that has no tracker yet."""
        data = await self._rows.load(sender_id)
        if data is None:
            return None
        return DialogueStateTracker.from_events(
            sender_id, _events(data), self.domain.slots, domain=self.domain
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the skeleton of the last turns."""
        await self._rows.save(tracker.sender_id, _skeleton(tracker.events))

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new tracker. Not saved yet: Rasa saves once the message has been handled."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def keys(self) -> Iterable[str]:
        """Conversations are never listed through Rasa."""
        return ()


def _skeleton(events: Iterable[Event]) -> bytes:
    rows: list[list[Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            rows.append(["user", event.intent_name, event.timestamp])
        elif isinstance(event, ActionExecuted) and event.action_name:
            rows.append(["action", event.action_name, event.timestamp])
        elif isinstance(event, SessionStarted):
            rows.append(["session", None, event.timestamp])
    starts = [i for i, row in enumerate(rows) if row[0] == "user"]
    if len(starts) > KEEP_TURNS:
        # A turn begins with the listening before the message.
        rows = rows[starts[-KEEP_TURNS] - 1 :]
    return json.dumps(rows, separators=(",", ":")).encode()


def _events(data: bytes) -> list[Event]:
    events: list[Event] = []
    for kind, name, at in json.loads(data):
        if kind == "user":
            events.append(UserUttered(intent={"name": name}, timestamp=at))
        elif kind == "action":
            events.append(ActionExecuted(name, timestamp=at))
        else:
            events.append(SessionStarted(timestamp=at))
    return events

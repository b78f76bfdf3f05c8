"""Where Rasa's small memory is kept. Knows nothing of Rasa, so the wiring can import it early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.store import trackers as rows

if TYPE_CHECKING:
    from bot.store.database import Database


class TrackerBytes(Protocol):
    """The bytes of a tracker, one row per conversation. Errors of the store pass through."""

    async def load(self, conversation_id: str) -> bytes | None: ...

    async def save(self, conversation_id: str, data: bytes) -> None: ...

    async def forget(self, conversation_id: str) -> None: ...


class TrackersInMemory:
    """For tests, the command line and figures."""

    def __init__(self) -> None:
        self._rows: dict[str, bytes] = {}

    async def load(self, conversation_id: str) -> bytes | None:
        """None for an unknown conversation."""
        return self._rows.get(conversation_id)

    async def save(self, conversation_id: str, data: bytes) -> None:
        """Replaces what was there."""
        self._rows[conversation_id] = data

    async def forget(self, conversation_id: str) -> None:
        """Does nothing for an unknown conversation."""
        self._rows.pop(conversation_id, None)


class StoredTrackers:
    """In the database, sealed with the key of the conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, conversation_id: str) -> bytes | None:
        """None for a conversation without a tracker."""
        return await self._database.run(rows.load, conversation_id)

    async def save(self, conversation_id: str, data: bytes) -> None:
        """Replaces what was there."""
        await self._database.run(rows.save, conversation_id, data)

    async def forget(self, conversation_id: str) -> None:
        """Removes the row."""
        await self._database.run(rows.forget, conversation_id)

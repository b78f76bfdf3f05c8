"""What Rasa remembers of a conversation: little, and no words."""

from __future__ import annotations

import pytest

pytest.importorskip("rasa.core.agent")

from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.understanding.tracker_store import KEEP_TURNS, ShortTrackers
from bot.understanding.trackers import TrackersInMemory

SECRET = "han låste meg inne i kjelleren"


def talked(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("c", [])
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    for _ in range(turns):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(SECRET, {"name": "cost"}, parse_data={"text": SECRET}))
        tracker.update(ActionExecuted("action_answer_centre"))
        tracker.update(BotUttered(None, {"custom": {"answer": "cost"}}))
    tracker.update(ActionExecuted("action_listen"))
    return tracker


async def test_no_word_of_the_person_is_kept() -> None:
    rows = TrackersInMemory()
    await ShortTrackers(rows).save(talked(3))
    kept = await rows.load("c")
    assert kept is not None
    assert b"kjeller" not in kept
    assert b"cost" in kept


async def test_a_long_conversation_takes_no_more_room_than_a_short_one() -> None:
    rows = TrackersInMemory()
    store = ShortTrackers(rows)
    sizes = []
    for turns in (10, 300):
        await store.save(talked(turns))
        sizes.append(len(await rows.load("c") or b""))
    assert sizes[1] <= sizes[0] * 1.1


async def test_the_last_turns_come_back_in_order() -> None:
    store = ShortTrackers(TrackersInMemory())
    await store.save(talked(5))
    again = await store.retrieve("c")
    assert again is not None
    kinds = [type(event).__name__ for event in again.events]
    turn = ["ActionExecuted", "UserUttered", "ActionExecuted"]
    assert kinds == turn * KEEP_TURNS + ["ActionExecuted"]
    assert again.latest_action_name == "action_listen"


async def test_a_new_conversation_has_no_tracker_and_nothing_is_stored_for_looking() -> None:
    rows = TrackersInMemory()
    store = ShortTrackers(rows)
    assert await store.retrieve("new") is None
    await store.get_or_create_tracker("new", append_action_listen=False)
    assert await rows.load("new") is None


class BrokenRows(TrackersInMemory):
    async def load(self, conversation_id: str) -> bytes | None:
        raise ConnectionError


async def test_an_error_of_the_database_is_not_an_empty_conversation() -> None:
    with pytest.raises(ConnectionError):
        await ShortTrackers(BrokenRows()).retrieve("c")

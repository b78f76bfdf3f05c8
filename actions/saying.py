"""How an action says what it wants: small JSON messages that the turn reads."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.channels.messages import WishKind


def topic_of(tracker: Tracker) -> str:
    """The topic id of the message being answered."""
    return str(tracker.latest_message["intent"]["name"])


def answer(dispatcher: CollectingDispatcher, topic: str) -> None:
    """Answer this topic with its text from `content/`."""
    dispatcher.utter_message(json_message={"answer": topic})


def wish(
    dispatcher: CollectingDispatcher, topic: str, kind: WishKind, reason: str, value: str = ""
) -> None:
    """Something is wanted that only the turn may do, because of `reason` (a topic id)."""
    message = {"answer": topic, "wish": kind, "reason": reason, "value": value}
    dispatcher.utter_message(json_message=message)


def offer(dispatcher: CollectingDispatcher, topics: list[str]) -> None:
    """Not sure: let the person choose among `topics` (at most three, may be none)."""
    dispatcher.utter_message(json_message={"offer": topics})


class AnswerTopic(Action):
    """Answers the topic that was recognised. One subclass per topic group."""

    group: str

    def name(self) -> str:
        """The name used in domain and rules."""
        return f"action_answer_{self.group}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        answer(dispatcher, topic_of(tracker))
        return []

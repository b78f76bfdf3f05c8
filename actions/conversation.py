"""The conversation itself: greetings, a person wanted, erasing, language, and not being sure."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.saying import AnswerTopic, answer, offer, topic_of, wish

#: Topics about the conversation that are never offered: nobody chooses "nonsense" from a list.
NEVER_OFFERED = frozenset(
    {
        "greet", "thanks", "goodbye", "yes", "no", "dont_know", "angry_at_bot", "insult",
        "test_message", "prank", "out_of_scope", "nonsense", "nlu_fallback",
    }
)  # fmt: skip
_OFFERED_AT_MOST = 3
#: Below this probability an offer is a guess that only makes a list longer.
_OFFERED_FROM = 0.02

#: How the handing over is meant, by the topic that wants it. Empty: the person is asked.
_HOW = {"human_now": "", "callback_request": "be_called", "leave_message": ""}

_LANGUAGE_WORDS = {
    "en": ("english", "engelsk", "inglish"),
    "nn": ("nynorsk", "ny norsk"),
    "nb": ("bokmål", "bokmal", "norsk", "norwegian"),
}


class AnswerConversation(AnswerTopic):
    """Answers what is said about the conversation itself."""

    group = "conversation"


class PersonWanted(Action):
    """A person is wanted: now, by a call, or to read a message."""

    def name(self) -> str:
        """The name used in domain and rules."""
        return "action_person_wanted"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        topic = topic_of(tracker)
        wish(dispatcher, topic, "handoff", reason=topic, value=_HOW.get(topic, ""))
        return []


class EraseWanted(Action):
    """Everything is to be erased."""

    def name(self) -> str:
        """The name used in domain and rules."""
        return "action_erase_wanted"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        wish(dispatcher, "erase", "erase", reason="erase")
        return []


class LanguageWanted(Action):
    """Another of our languages is wanted; the value is empty when it was not named."""

    def name(self) -> str:
        """The name used in domain and rules."""
        return "action_language_wanted"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        text = str(tracker.latest_message.get("text") or "").lower()
        wish(dispatcher, "language_switch", "language", "language_switch", named_language(text))
        return []


class GoBack(Action):
    """One step back. Takes the place of Rasa's own action, which rewinds its tracker instead."""

    def name(self) -> str:
        """Rasa predicts this name for the intent `back`, whatever the rules say."""
        return "action_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        answer(dispatcher, "back")
        return []


class Unsure(Action):
    """Offers up to three topics instead of answering one."""

    def name(self) -> str:
        """The name used in domain and rules."""
        return "action_unsure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by Rasa."""
        offer(dispatcher, offerable(tracker.latest_message.get("intent_ranking") or []))
        return []


def offerable(ranking: list[dict[str, Any]]) -> list[str]:
    """The topics of `ranking` worth a button, the likeliest first, at most three."""
    return [
        str(entry["name"])
        for entry in ranking
        if entry["name"] not in NEVER_OFFERED and entry["confidence"] >= _OFFERED_FROM
    ][:_OFFERED_AT_MOST]


def named_language(text: str) -> str:
    """nb, nn or en when lower-case `text` names one of them, else empty."""
    for lang, words in _LANGUAGE_WORDS.items():
        if any(word in text for word in words):
            return lang
    return ""

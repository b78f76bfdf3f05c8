"""Rasa in our own process: loads a model in a thread and says what a message is about."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.channels.messages import Lang, Wish
from bot.understanding.encoder import shared_encoder
from bot.understanding.quiet import before_rasa_is_imported, silence_rasa
from bot.understanding.text import for_models
from bot.understanding.types import UnderstandingAway, Understood

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.understanding.trackers import TrackerBytes

_log = logging.getLogger(__name__)

#: Rasa's name for "not sure"; see fallback.py.
_FALLBACK = "nlu_fallback"

#: A second topic counts as found, too, from this probability.
_ALSO_FROM = 0.1


class RasaUnderstanding:
    """The Understanding of the service. Not ready until `load` has returned.

    Failures inside never reach the caller as they are: Rasa puts message text into exceptions and
    log records. They become UnderstandingAway with a class name.
    """

    def __init__(self, model: Path, trackers: TrackerBytes) -> None:
        """`model` is a file written by `rasa train`, or a folder whose newest one is taken."""
        self._model = model
        self._trackers = trackers
        self._agent: Agent | None = None
        self._failed: str | None = None

    @property
    def ready(self) -> bool:
        """Whether `understand` can answer."""
        return self._agent is not None

    @property
    def failed_reason(self) -> str | None:
        """The class name of what made loading fail, None before that or when it worked."""
        return self._failed

    async def load(self) -> None:
        """Imports Rasa and loads encoder and model in a thread, some 8 s on two cores.

        Raises UnderstandingAway when that is not possible; a later call tries again.
        """
        # Boundary: whatever third-party code raises while it loads is one thing to us: away.
        try:
            agent = await asyncio.to_thread(_load, self._model, self._trackers)
        except Exception as error:
            self._failed = type(error).__name__
            _log.error("understanding failed to load: %s", self._failed)
            raise UnderstandingAway(self._failed) from None
        self._failed = None
        self._agent = agent

    async def understand(
        self, conversation_id: str, text: str, lang: Lang, last_topic: str | None = None
    ) -> Understood:
        """See Understanding. `last_topic`, just answered, is offered last, if at all."""
        if self._agent is None:
            raise UnderstandingAway("not loaded")
        prepared = for_models(text)
        # Boundary: see the class. The words stay inside; the class name tells where to look.
        try:
            # Encoding is C code without the interpreter lock: done in a thread, other messages go
            # on meanwhile, and the featurizer finds the vector ready.
            await asyncio.to_thread(shared_encoder().embed, prepared)
            parsed, said = await _handle(self._agent, conversation_id, prepared)
            return _understood(parsed, said, last_topic)
        except Exception as error:
            reason = type(error).__name__
            _log.error("understanding failed: %s", reason)
            raise UnderstandingAway(reason) from None

    async def forget(self, conversation_id: str) -> None:
        """Removes what Rasa kept of the conversation. Errors of the store pass through."""
        await self._trackers.forget(conversation_id)


class _ActionFailed(Exception):
    """An action raised, or said nothing; the message is the class name of what it raised."""


class ModelNotFound(Exception):
    """There is no trained model where one should be."""


def _load(model: Path, trackers: TrackerBytes) -> Agent:
    if not model.is_file() and not any(model.glob("*.tar.gz")):
        raise ModelNotFound  # before Rasa is imported, which takes seconds
    before_rasa_is_imported()
    shared_encoder().embed("hei")
    from rasa.core.agent import Agent

    from bot.understanding.in_process_actions import InProcessActions, trust_own_actions
    from bot.understanding.locks import ConversationLocks
    from bot.understanding.tracker_store import ShortTrackers

    silence_rasa()
    trust_own_actions()
    store = ShortTrackers(trackers)
    agent = Agent.load(
        str(model),
        tracker_store=store,
        lock_store=ConversationLocks(),
        action_endpoint=InProcessActions(),
    )
    silence_rasa()
    _check(agent)
    # Rasa has wrapped the store so that an error of the database looks like a new conversation.
    store.domain = agent.processor.domain
    agent.tracker_store = store
    agent.processor.tracker_store = store
    return agent


def _check(agent: Agent) -> None:
    """Raises LookupError when the model wants an action that this code does not have."""
    missing = set(agent.domain.user_actions) - agent.action_endpoint.names
    if missing:
        raise LookupError(f"actions of the model that are not registered: {sorted(missing)}")


async def _handle(
    agent: Agent, conversation_id: str, text: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The ranking of topics (without Rasa's fallback) and what the action said."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    parsed = await agent.parse_message(text)
    channel = CollectingOutputChannel()
    message = UserMessage(text, channel, conversation_id, parse_data=parsed)
    messages = await agent.handle_message(message)
    said = [m["custom"] for m in messages or [] if "custom" in m]
    if len(said) != 1:
        raise _ActionFailed("silent")
    if "failed" in said[0]:
        raise _ActionFailed(said[0]["failed"])
    ranking = [t for t in parsed["intent_ranking"] if t["name"] != _FALLBACK]
    return ranking, said[0]


def _understood(
    ranking: list[dict[str, Any]], said: dict[str, Any], last_topic: str | None
) -> Understood:
    confidence = float(ranking[0]["confidence"])
    if "offer" in said:
        alternatives = sorted(said["offer"], key=lambda topic: topic == last_topic)
        return Understood(None, (), tuple(alternatives), confidence, None)
    topic = str(said["answer"])
    others = [t["name"] for t in ranking if t["confidence"] >= _ALSO_FROM and t["name"] != topic]
    wish = Wish(said["wish"], said["reason"], said["value"]) if "wish" in said else None
    return Understood(topic, (topic, *others), (), confidence, wish)

"""Rasa in our own process: loads a model in a thread and says what a message is about."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.channels.messages import Lang, Wish
from bot.understanding import questions
from bot.understanding.deciding import Decision, Ranking, Sure, decide, nearer
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
#: An answer less sure than this has the next likeliest topics beside it, so many at most.
_CERTAIN = 0.9
_PERHAPS = 2


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
        self,
        conversation_id: str,
        text: str,
        lang: Lang,
        last_topic: str | None = None,
        near: Collection[str] = (),
    ) -> Understood:
        """See Understanding. `last_topic`, just answered, is offered last, if at all."""
        if self._agent is None:
            raise UnderstandingAway("not loaded")
        meant = questions.corrected(text)
        taken_back = last_topic if meant is not None else None
        # Boundary: see the class. The words stay inside; the class name tells where to look.
        try:
            parsed, decision = await _decided(self._agent, meant or text, taken_back, near)
            said = await _act(self._agent, conversation_id, parsed)
            return _understood(decision, said, last_topic)
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


async def _decided(
    agent: Agent, text: str, taken_back: str | None, near: Collection[str]
) -> tuple[dict[str, Any], Decision]:
    """What Rasa made of the message, with the topic that counts put first, and how that came."""
    sure = _thresholds(agent)
    whole, parsed = await _ranked(agent, text)
    if near and questions.leans_on_last(text):
        whole = nearer(whole, near)
    heard = [
        ((await _ranked(agent, p))[0], questions.is_question(p)) for p in questions.parts(text)
    ]
    decision = decide(whole, heard, sure, taken_back)
    ranking = [{"name": name, "confidence": share} for name, share in decision.ranking]
    unsure = {"name": _FALLBACK, "confidence": ranking[0]["confidence"] if ranking else 0.0}
    parsed["intent"] = ranking[0] if decision.sure else unsure
    parsed["intent_ranking"] = ranking if decision.sure else [unsure, *ranking]
    return parsed, decision


async def _ranked(agent: Agent, text: str) -> tuple[Ranking, dict[str, Any]]:
    """The ranking of topics (without Rasa's fallback) for a text, and all Rasa says of it."""
    prepared = for_models(text)
    # Encoding is C code without the interpreter lock: done in a thread, other messages go on
    # meanwhile, and the featurizer finds the vector ready.
    await asyncio.to_thread(shared_encoder().embed, prepared)
    parsed = await agent.parse_message(prepared)
    ranking = [
        (str(t["name"]), float(t["confidence"]))
        for t in parsed["intent_ranking"]
        if t["name"] != _FALLBACK
    ]
    return ranking, parsed


async def _act(agent: Agent, conversation_id: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """What the action said. Raises _ActionFailed."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    channel = CollectingOutputChannel()
    message = UserMessage(parsed["text"], channel, conversation_id, parse_data=parsed)
    messages = await agent.handle_message(message)
    said = [m["custom"] for m in messages or [] if "custom" in m]
    if len(said) != 1:
        raise _ActionFailed("silent")
    if "failed" in said[0]:
        raise _ActionFailed(said[0]["failed"])
    return dict(said[0])


def _thresholds(agent: Agent) -> Sure:
    """When a topic is answered, as config.yml had it when the model was trained."""
    nodes = agent.processor.model_metadata.predict_schema.nodes
    config = next(node.config for name, node in nodes.items() if "OnlyWhenSure" in name)
    return Sure(float(config["answer_from"]), float(config["ahead_by"]))


def _understood(decision: Decision, said: dict[str, Any], last_topic: str | None) -> Understood:
    confidence = decision.ranking[0][1] if decision.ranking else 0.0
    if "offer" in said:
        alternatives = sorted(said["offer"], key=lambda topic: topic == last_topic)
        return Understood(None, (), tuple(alternatives), confidence, None)
    topic = str(said["answer"])
    likely = [name for name, share in decision.ranking if share >= _ALSO_FROM]
    others = [name for name in dict.fromkeys([*decision.also, *likely]) if name != topic]
    wish = Wish(said["wish"], said["reason"], said["value"]) if "wish" in said else None
    perhaps: tuple[str, ...] = ()
    if confidence < _CERTAIN and wish is None and not decision.also:
        perhaps = tuple(_offerable(decision.ranking, topic)[:_PERHAPS])
    return Understood(topic, (topic, *others), (), confidence, wish, decision.also, perhaps)


def _offerable(ranking: Ranking, answered: str) -> list[str]:
    from actions.conversation import offerable

    return offerable([{"name": n, "confidence": s} for n, s in ranking if n != answered])

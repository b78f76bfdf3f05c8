"""Answer only when sure."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OnlyWhenSure(IntentClassifier, GraphComponent):
    """Puts Rasa's fallback intent first when the first topic is not sure enough.

    Unlike Rasa's own fallback it keeps the probability of the first topic, and the action that
    follows offers topics instead of rewinding the conversation.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Called by Rasa when it checks the pipeline."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities; chosen by cross-validation (`bench/understanding.py`).

        `answer_from`: the least probability with which a topic is answered.
        `ahead_by`: how far it must be ahead of the next one.
        """
        return {"answer_from": 0.5, "ahead_by": 0.15}

    def __init__(self, config: dict[str, Any]) -> None:
        self._answer_from = float(config["answer_from"])
        self._ahead_by = float(config["ahead_by"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OnlyWhenSure:
        """Called by Rasa's graph."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Changes intent and ranking of the messages that are not sure enough."""
        for message in messages:
            ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
            if ranking and self._is_sure([entry["confidence"] for entry in ranking]):
                continue
            unsure = {
                "name": DEFAULT_NLU_FALLBACK_INTENT_NAME,
                "confidence": ranking[0]["confidence"] if ranking else 0.0,
            }
            message.set("intent", unsure, add_to_output=True)
            message.set("intent_ranking", [unsure, *ranking], add_to_output=True)
        return messages

    def _is_sure(self, confidences: list[float]) -> bool:
        second = confidences[1] if len(confidences) > 1 else 0.0
        return confidences[0] >= self._answer_from and confidences[0] - second >= self._ahead_by

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError when a threshold is not a probability."""
        for name in ("answer_from", "ahead_by"):
            if not 0.0 <= float(config.get(name, 0.5)) <= 1.0:
                raise ValueError(f"{name} must lie between 0 and 1")

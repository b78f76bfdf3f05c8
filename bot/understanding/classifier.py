"""The topic model as a Rasa intent classifier."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import network, topic_model
from bot.understanding.topic_model import Knobs, TopicModel

_FILE = "topics.npz"
#: How many topics go into the ranking: one answered, three offered, some to look at.
_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Needs one sentence embedding and one bag of n-grams on every message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Called by Rasa when it checks the pipeline."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The knobs of the topic model, see Knobs."""
        return dict(vars(Knobs()))

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        names = self.get_default_config()
        self._knobs = Knobs(**{name: config[name] for name in names})
        self._model: TopicModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Called by Rasa's graph."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Makes Rasa's training cache see a change of the code."""
        sources = inspect.getsource(topic_model) + inspect.getsource(network)
        return hashlib.sha256(sources.encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fits and stores the model."""
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = TopicModel(self._knobs)
        self._model.fit(*_features(examples), [str(m.get(INTENT)) for m in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Called by Rasa's graph. A model that cannot be read is an error, never an empty one."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = TopicModel.load(folder / _FILE)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking. A message without words gets no intent."""
        readable = [m for m in messages if m.get(TEXT)]
        if not readable or self._model is None:
            return messages
        names = self._model.topics
        for message, row in zip(
            readable, self._model.probabilities(*_features(readable)), strict=True
        ):
            best = np.argsort(row)[::-1][:_RANKED]
            ranking = [{"name": names[i], "confidence": float(row[i])} for i in best]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """No later component learns from the prediction."""
        return training_data

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Wrong names of knobs are found by Rasa, wrong values by scikit-learn."""


def _features(messages: list[Message]) -> tuple[Any, sp.csr_matrix]:
    dense = [m.get_dense_features(TEXT)[1].features for m in messages]
    sparse = [m.get_sparse_features(TEXT)[1].features for m in messages]
    return np.vstack(dense), sp.vstack(sparse).tocsr()

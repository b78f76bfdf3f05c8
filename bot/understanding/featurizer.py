"""The sentence embedding as a Rasa featurizer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.encoder import Vector, model_name, shared_encoder
from bot.understanding.vector_file import VectorFile


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """One vector per message, as sentence feature (1, 384); no vectors per word."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cache`: where vectors of training sentences are kept, relative to the working folder."""
        return {**DenseFeaturizer.get_default_config(), "cache": ".rasa/embeddings.npz"}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        """Called by Rasa's graph."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Makes Rasa's training cache see a change of model."""
        return model_name()

    def process(self, messages: list[Message]) -> list[Message]:
        """A person's message: the vector is shared with whoever asked for it before."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._add(message, shared_encoder().embed(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """All training sentences at once, known ones from disk."""
        examples = [m for m in training_data.training_examples if m.get(TEXT)]
        texts = [str(m.get(TEXT)) for m in examples]
        vectors = VectorFile(Path(self._config["cache"])).embed_many(shared_encoder(), texts)
        for message, vector in zip(examples, vectors, strict=True):
            self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: Vector) -> None:
        row = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        message.add_features(
            Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
        )

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be set wrong."""

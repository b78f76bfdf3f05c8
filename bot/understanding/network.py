"""One hidden layer: learned with TensorFlow, which Rasa brings; used as two plain matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

_BATCH = 128
_LEARNING_RATE = 1.5e-3
_INPUT_DROPOUT = 0.2
#: Nothing is to be believed more than so: sentences at the border carry the label of one side.
_SMOOTHING = 0.1


@dataclass(frozen=True)
class Training:
    """How the layer is learned; see Knobs in topic_model.py."""

    hidden: int
    dropout: float
    noise: float
    epochs: int
    seed: int


@dataclass(frozen=True)
class Layers:
    """Two layers as plain arrays."""

    inner: Rows
    inner_bias: Rows
    outer: Rows
    outer_bias: Rows

    def __call__(self, rows: Rows) -> Rows:
        """Logits (n, topics) of rows (n, inputs)."""
        hidden = np.maximum(rows @ self.inner + self.inner_bias, 0)
        return np.asarray(hidden @ self.outer + self.outer_bias)

    def arrays(self) -> dict[str, Rows]:
        """What is stored."""
        return dict(vars(self))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Layers:
        """From what `arrays` gave. Raises KeyError when one is missing."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__})

    @classmethod
    def empty(cls) -> Layers:
        """Knows nothing yet."""
        nothing = np.empty((0, 0), dtype=np.float32)
        return cls(nothing, nothing, nothing, nothing)


def train(rows: Rows, labels: npt.NDArray[Any], topics: int, how: Training) -> Layers:
    """Learns topic numbers `labels` (n) from `rows` (n, inputs)."""
    from tensorflow import keras

    keras.utils.set_random_seed(how.seed)
    network = _network(keras, rows.shape[1], topics, how)
    steps = max(1, len(rows) // _BATCH) * how.epochs
    schedule = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    network.compile(
        keras.optimizers.Adam(schedule),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=_SMOOTHING),
    )
    wanted = np.eye(topics, dtype=np.float32)[labels]
    # Small topics (yes, no, thanks) must not vanish beside large ones, nor outweigh them.
    weight = np.sqrt(len(labels) / topics / np.maximum(np.bincount(labels, minlength=topics), 1))
    network.fit(
        rows,
        wanted,
        sample_weight=weight[labels],
        batch_size=_BATCH,
        epochs=how.epochs,
        verbose=0,
    )
    inner, inner_bias, outer, outer_bias = (
        np.asarray(array, dtype=np.float32) for array in network.get_weights()
    )
    return Layers(inner, inner_bias, outer, outer_bias)


def _network(keras: Any, inputs: int, topics: int, how: Training) -> Any:
    layers = keras.layers
    shape = keras.Input((inputs,))
    noisy = layers.Dropout(_INPUT_DROPOUT)(layers.GaussianNoise(how.noise)(shape))
    hidden = layers.Dense(how.hidden, activation="relu")(noisy)
    return keras.Model(shape, layers.Dense(topics)(layers.Dropout(how.dropout)(hidden)))

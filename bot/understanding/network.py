"""One hidden layer: learned with TensorFlow, which Rasa brings; used as two plain matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

_BATCH = 256
_LEARNING_RATE = 2e-3
#: Share of the inputs that rest in each step.
_REST = 0.2
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
    #: Whether small topics are heard more than large ones.
    balanced: bool = True


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
    """Learns topic numbers `labels` (n) from `rows` (n, inputs).

    The loop over a whole epoch is one TensorFlow function: Keras' own `fit` takes four times as
    long for a network as small as this.
    """
    import tensorflow as tf

    tf.keras.utils.set_random_seed(how.seed)
    start = tf.keras.initializers.GlorotUniform(how.seed)
    weights = [
        tf.Variable(start((rows.shape[1], how.hidden))),
        tf.Variable(tf.zeros(how.hidden)),
        tf.Variable(start((how.hidden, topics))),
        tf.Variable(tf.zeros(topics)),
    ]
    batch = min(_BATCH, len(rows))
    steps = len(rows) // batch
    pace = tf.keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps * how.epochs)
    optimizer = tf.keras.optimizers.Adam(pace)
    loss_of = _loss(tf, rows, labels, topics, how)

    @tf.function  # type: ignore[untyped-decorator]
    def epoch(order: Any) -> None:
        for step in tf.range(steps):
            with tf.GradientTape() as tape:
                loss = loss_of(weights, order[step * batch : (step + 1) * batch])
            # TensorFlow rewrites `zip` and knows no `strict`.
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))  # noqa: B905

    shuffled = np.random.default_rng(how.seed)
    for _ in range(how.epochs):
        epoch(tf.constant(shuffled.permutation(len(rows)).astype(np.int32)))
    return Layers(*(np.asarray(weight, dtype=np.float32) for weight in weights))


def _loss(tf: Any, rows: Rows, labels: npt.NDArray[Any], topics: int, how: Training) -> Any:
    """How wrong the weights are about some of the rows, while noise and dropout make it hard."""
    # Small topics (yes, no, thanks) must not vanish beside large ones, nor outweigh them.
    sizes = np.maximum(np.bincount(labels, minlength=topics), 1)
    weight = np.sqrt(len(labels) / topics / sizes) if how.balanced else np.ones(topics)
    every = (
        tf.constant(rows),
        tf.constant(labels, tf.int32),
        tf.constant(weight[labels], tf.float32),
    )

    def loss(weights: list[Any], some: Any) -> Any:
        inner, inner_bias, outer, outer_bias = weights
        seen, label, heavy = (tf.gather(part, some) for part in every)
        noisy = tf.nn.dropout(seen + tf.random.normal(tf.shape(seen), stddev=how.noise), _REST)
        hidden = tf.nn.dropout(tf.nn.relu(noisy @ inner + inner_bias), how.dropout)
        wanted = tf.one_hot(label, topics) * (1 - _SMOOTHING) + _SMOOTHING / topics
        wrong = tf.nn.softmax_cross_entropy_with_logits(wanted, hidden @ outer + outer_bias)
        return tf.reduce_mean(wrong * heavy)

    return loss

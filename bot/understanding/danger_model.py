"""The second signal of the danger check: what a trained model takes a message for.

Two ways of looking are added: logistic regression over the embedding and the letters, and a kernel
machine over the embedding. Messages are read in one gender, so that no finding depends on who hits
whom. What is kept is plain numbers in data/danger/model.npz; `danger_training.py` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.safety.genders import in_one_gender
from bot.safety.second import Guess
from bot.understanding.encoder import Encoder, shared_encoder
from bot.understanding.text import for_models

#: In the project's folder.
MODEL = "data/danger/model.npz"
#: From these scores on it raises; below CALM_BELOW it is sure that nothing is of this minute.
#: Chosen on messages that were left out (`python -m bench.safety left-out`).
NOW_FROM = -0.1
LIVE_FROM = 0.4
CALM_BELOW = -1.2
_LETTERS = 2**16
_WORDS = 2**16

Row = npt.NDArray[Any]


def as_read(text: str) -> str:
    """A message as this model reads it."""
    return in_one_gender(for_models(text))


def pieces(texts: Sequence[str]) -> Any:
    """(n, letters + words): how often each piece of 2-5 letters and of 1-3 words occurs."""
    import scipy.sparse as sp

    return sp.hstack([reader.transform(texts) for reader in _readers()]).tocsr()


@cache
def _readers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    same: dict[str, Any] = {"alternate_sign": False, "norm": None}
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=_LETTERS, **same)
    words = HashingVectorizer(
        ngram_range=(1, 3),
        n_features=_WORDS,
        token_pattern=r"(?u)[\w']+",  # noqa: S106 (a word, not a password)
        **same,
    )
    return letters, words


class Judge:
    """A trained model. Safe to call from several threads."""

    def __init__(self, parts: Mapping[str, Row]) -> None:
        """`parts` as `danger_training.learn` returns them. Raises KeyError when one is missing."""
        from sklearn.feature_extraction.text import TfidfTransformer

        self._parts = {
            name: part.astype(np.float32) if part.dtype == np.float16 else part
            for name, part in parts.items()
        }
        self._weigher = TfidfTransformer(sublinear_tf=True)
        self._weigher.idf_ = self._parts["idf"]
        self._dangers = [str(name) for name in self._parts["dangers"]]
        self._lengths = (self._parts["support"] ** 2).sum(axis=1)
        pieces(["hei"])  # reads the library now, not with the first message

    def scores(self, dense: Row, shown: Sequence[str]) -> tuple[Row, Row, Row]:
        """How far each message is on the side of now (n,), of live (n,), of each danger (n, 12).

        `shown` are the messages as they are read, `dense` their embeddings (n, 384).
        """
        at = self._parts
        view = (dense - at["mean"]) / at["spread"]
        weighed = self._weigher.transform(pieces(shown))
        line = view @ at["dense_lines"] + weighed @ at["piece_lines"] + at["line_offsets"]
        gaps = (view**2).sum(axis=1)[:, None] + self._lengths - 2 * view @ at["support"].T
        near = np.exp(-at["gamma"] * gaps) @ at["weights"] + at["kernel_offset"]
        now = line[:, 0] / at["line_scale"] + near / at["kernel_scale"]
        return now, line[:, 1] / at["line_scale"], view @ at["danger_lines"] + at["danger_offsets"]

    def of(self, now: float, live: float, dangers: Row) -> Guess:
        """What scores of one message mean."""
        danger = self._dangers[int(np.argmax(dangers))]
        if now >= NOW_FROM:
            return Guess("now", danger)
        return Guess("soon" if live >= LIVE_FROM else None, danger, sure=now < CALM_BELOW)


class DangerModel:
    """The SecondSignal of the service; see bot/safety/second.py."""

    def __init__(self, file: Path, encoder: Encoder | None = None) -> None:
        self._file = file
        self._encoder = encoder
        self._judge: Judge | None = None

    @property
    def ready(self) -> bool:
        """See SecondSignal."""
        return self._judge is not None

    def load(self) -> None:
        """See SecondSignal. Raises OSError, KeyError or ValueError."""
        self._encoder = self._encoder or shared_encoder()
        with np.load(self._file, allow_pickle=False) as stored:
            self._judge = Judge(dict(stored))

    def guess(self, text: str) -> Guess | None:
        """See SecondSignal."""
        if self._judge is None or self._encoder is None or not text.strip():
            return None
        shown = as_read(text)
        now, live, dangers = self._judge.scores(self._encoder.embed(shown)[None], [shown])
        return self._judge.of(float(now[0]), float(live[0]), dangers[0])

"""The second signal of the danger check: what a trained model takes a message for.

Small networks over the sentence's embedding and its pieces of letters and words judge every message
at once: which danger, and how near. Messages are read in one gender, so that no finding depends on
who hits whom. What is kept is plain numbers in data/danger/model.npz; `danger_training.py` makes
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.channels.messages import Level
from bot.safety.genders import in_one_gender
from bot.safety.second import Guess
from bot.understanding.encoder import Encoder, shared_encoder
from bot.understanding.network import Layers
from bot.understanding.text import for_models

#: In the project's folder.
MODEL = "data/danger/model.npz"
#: From these log odds on it raises; below CALM_BELOW it is sure that nothing is of this minute,
#: below QUIET_BELOW that nothing is live at all. Chosen on messages that were left out: a danger
#: that is missed weighs more than one cried for nothing (bench/safety/README.md).
NOW_FROM = -1.2
#: A wish to die is met with a question and not with 112, so it may be heard earlier.
SUICIDE_FROM = -1.9
LIVE_FROM = 0.0
CALM_BELOW = -1.45
QUIET_BELOW = -1.0
_LETTERS = 2**13
_WORDS = 2**13

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


class View:
    """A message as the networks see it: its embedding beside its folded pieces."""

    def __init__(self, parts: Mapping[str, Row]) -> None:
        """`parts`: "mean" and "spread" of embeddings, "idf" and "fold" of pieces."""
        from sklearn.feature_extraction.text import TfidfTransformer

        self._mean, self._spread, self._fold = parts["mean"], parts["spread"], parts["fold"]
        self._weigher = TfidfTransformer(sublinear_tf=True)
        self._weigher.idf_ = parts["idf"]
        pieces(["hei"])  # reads the library now, not with the first message

    def __call__(self, dense: Row, counts: Any) -> Row:
        """(n, 384 + folded) from embeddings (n, 384) and the counts of `pieces`."""
        folded = np.asarray(self._weigher.transform(counts).astype(np.float32) @ self._fold)
        return np.hstack([(dense - self._mean) / self._spread, folded]).astype(np.float32)


class Judge:
    """A trained model. Safe to call from several threads."""

    def __init__(self, parts: Mapping[str, Row]) -> None:
        """`parts` as `danger_training.learn` returns them. Raises KeyError when one is missing."""
        full = {
            name: part.astype(np.float32) if part.dtype == np.float16 else part
            for name, part in parts.items()
        }
        self._view = View(full)
        kinds = [str(kind).split("/") for kind in full["kinds"]]
        self._level = np.array([level for _, level in kinds])
        danger = np.array([danger for danger, _ in kinds])
        self._dangers = sorted(set(danger) - {"none"})
        self._live = np.isin(self._level, ("now", "soon"))
        self._of_danger = [self._live & (danger == name) for name in self._dangers]
        names = Layers.__dataclass_fields__
        self._networks = [
            Layers(**{name: full[f"{name}_{number}"] for name in names})
            for number in range(int(full["networks"]))
        ]

    def scores(self, dense: Row, shown: Sequence[str]) -> tuple[Row, Row, Row]:
        """How far each message is on the side of now (n,), of live (n,), of each danger (n, 12).

        `shown` are the messages as they are read, `dense` their embeddings (n, 384). Scores are
        log odds, the mean of all networks.
        """
        seen = self._view(dense, pieces(shown))
        logits = np.mean([network(seen) for network in self._networks], axis=0)
        now, live = (_odds(logits, among) for among in (self._level == "now", self._live))
        return now, live, np.stack([_odds(logits, one) for one in self._of_danger], axis=1)

    def of(self, now: float, live: float, dangers: Row) -> Guess:
        """What scores of one message mean."""
        danger = self._dangers[int(np.argmax(dangers))]
        if now >= (SUICIDE_FROM if danger == "suicide" else NOW_FROM):
            return Guess("now", danger)
        level: Level | None = "soon" if live >= LIVE_FROM else None
        return Guess(level, danger, sure=now < CALM_BELOW, quiet=live < QUIET_BELOW)


def _odds(logits: Row, among: Row) -> Row:
    """Log odds (n,) that it is one of `among` and not of the others."""
    yes, no = (np.logaddexp.reduce(logits[:, these], axis=1) for these in (among, ~among))
    odds: Row = yes - no
    return odds


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

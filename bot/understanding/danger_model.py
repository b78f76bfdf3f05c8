"""The second signal of the danger check: what a trained model takes a message for.

Small networks over the sentence's embedding and its pieces of letters and words judge every message
at once: which danger, and how near. One more, that has read no danger, says how much the message is
like a question about one of the topics: a loan in one's name is no cry, however strange it is to
the others. Messages are read in one gender, so that no finding depends on who hits whom. What is
kept is plain numbers in data/danger/model.npz; `danger_training.py` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.channels.messages import Level
from bot.safety.genders import in_one_gender
from bot.safety.second import A_CRY, Guess
from bot.understanding.encoder import Encoder, shared_encoder
from bot.understanding.network import Layers
from bot.understanding.text import for_models
from bot.understanding.topic_model import softmax

#: In the project's folder.
MODEL = "data/danger/model.npz"


class Scores(NamedTuple):
    """What the networks make of a message: log odds of now, of live, of its likeliest topic."""

    now: float
    live: float
    topic: float
    danger: str
    words: int

    @property
    def evidence(self) -> tuple[float, ...]:
        """What is weighed. A topic says something only where it is sure."""
        topic = max(self.topic, _SURE_TOPIC)
        return self.now, self.live, topic, self.danger == "suicide", self.words < A_CRY


#: Weights of the evidence and what stands at the end, fitted by `python -m bench.safety weigh` on
#: messages that were left out.
Weights = tuple[float, float, float, float, float, float]
_SURE_TOPIC = 2.0
THIS_MINUTE: Weights = (2.17, 0.30, -1.19, 0.34, -0.73, 3.96)
LIVE: Weights = (0.49, 2.22, -1.11, 0.44, -0.82, 3.23)
#: From these log odds on it raises; below CALM_BELOW it is sure that nothing is of this minute,
#: below QUIET_BELOW that nothing is live at all. Chosen on messages that were left out: a danger
#: that is missed weighs more than one cried for nothing (bench/safety/README.md).
NOW_FROM = -1.5
#: A wish to die is met with a question, somebody who reads along with a neutral line, panic with
#: one step: none of them with 112, so they may be heard earlier.
GENTLY_MET = frozenset({"suicide", "found_out", "panic_now"})
GENTLY_FROM = -2.75
LIVE_FROM = 0.0
#: Less sure than three in four it is raised all the same, but what else was asked is answered, too.
DOUBTFUL_BELOW = 1.0
CALM_BELOW = -2.75
QUIET_BELOW = -2.0
#: Nothing is believed more, or less, than so.
_DOUBT = (1e-4, 1 - 1e-4)
#: The name of the network of topics among the parts.
TOPICS = "topics"
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
        self._networks = [_layers(full, number) for number in range(int(full["networks"]))]
        self._topics = _layers(full, TOPICS)

    def scores(self, dense: Row, shown: Sequence[str]) -> tuple[Row, Row, Row, Row]:
        """Log odds of each message: now (n,), live (n,), its likeliest topic (n,), dangers (n, 12).

        `shown` are the messages as they are read, `dense` their embeddings (n, 384).
        """
        seen = self._view(dense, pieces(shown))
        logits = np.mean([network(seen) for network in self._networks], axis=0)
        now, live = (_odds(logits, among) for among in (self._level == "now", self._live))
        dangers = np.stack([_odds(logits, one) for one in self._of_danger], axis=1)
        return now, live, _odds_of_first(self._topics(seen)), dangers

    def danger(self, dangers: Row) -> str:
        """The likeliest, by the log odds of each (12,)."""
        return str(self._dangers[int(np.argmax(dangers))])


def guessed(scores: Scores) -> Guess:
    """What the scores of one message mean."""
    this_minute, goes_on = (log_odds(scores, weights) for weights in (THIS_MINUTE, LIVE))
    if this_minute >= (GENTLY_FROM if scores.danger in GENTLY_MET else NOW_FROM):
        return Guess("now", scores.danger, doubtful=this_minute < DOUBTFUL_BELOW)
    level: Level | None = "soon" if goes_on >= LIVE_FROM else None
    sure, quiet = this_minute < CALM_BELOW, goes_on < QUIET_BELOW
    return Guess(level, scores.danger, sure=sure, quiet=quiet)


def log_odds(scores: Scores, weights: Weights) -> float:
    """What `weights` make of the evidence."""
    return sum(w * e for w, e in zip(weights, (*scores.evidence, 1.0), strict=True))


def _layers(parts: Mapping[str, Row], name: object) -> Layers:
    return Layers(**{field: parts[f"{field}_{name}"] for field in Layers.__dataclass_fields__})


def _odds_of_first(logits: Row) -> Row:
    """Log odds (n,) of the likeliest of the topics."""
    shares = softmax(logits.astype(np.float64)).max(axis=1).clip(*_DOUBT)
    odds: Row = np.log(shares / (1 - shares))
    return odds


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
        scores = self.scores(text)
        return None if scores is None else guessed(scores)

    def scores(self, text: str) -> Scores | None:
        """What the networks make of it; None when they are not loaded."""
        if self._judge is None or self._encoder is None or not text.strip():
            return None
        shown = as_read(text)
        found = self._judge.scores(self._encoder.embed(shown)[None], [shown])
        now, live, topic = (float(odds[0]) for odds in found[:3])
        return Scores(now, live, topic, self._judge.danger(found[3][0]), len(text.split()))

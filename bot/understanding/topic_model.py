"""A small network over sentence embeddings and character n-grams, with honest confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.decomposition import TruncatedSVD

from bot.understanding.network import Layers, Training, train

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Knobs:
    """What can be tuned; chosen on sentences by other writers (`bench/understanding.py dev`)."""

    #: Weight of the embeddings beside the n-grams. 0 leaves them out.
    embedding_weight: float = 1.0
    #: Weight of the n-grams. 0 leaves them out.
    ngram_weight: float = 0.5
    #: The n-grams are folded into this many dimensions.
    ngram_dimensions: int = 300
    #: Neurons between the sentence and the topics.
    hidden: int = 1024
    #: Share of the neurons that rest in each step of learning: none may rely on one other.
    dropout: float = 0.55
    #: Noise on the sentence while learning, in standard deviations.
    noise: float = 0.3
    epochs: int = 14
    #: Makes probabilities true: logits are divided by it. Set by `bench/understanding.py dev`.
    temperature: float = 1.0
    seed: int = 42


class TopicModel:
    """Topics with probabilities from two views of a sentence.

    Embeddings from E5 all lie in a narrow cone: without centring and scaling per dimension they
    say nothing beside the n-grams. One layer of neurons tells neighbouring topics apart that a
    straight line does not: see docs/decisions/0002.

    What is kept is plain arrays: saved without pickle, and independent of the version of any
    library.
    """

    def __init__(self, knobs: Knobs | None = None) -> None:
        self._knobs = knobs or Knobs()
        self.topics: list[str] = []
        self.temperature = self._knobs.temperature
        self._idf: npt.NDArray[Any] = np.empty(0)
        self._centre: Rows = np.empty(0, dtype=np.float32)
        self._scale: Rows = np.empty(0, dtype=np.float32)
        self._fold: Rows = np.empty((0, 0), dtype=np.float32)
        self._layers = Layers.empty()

    def fit(self, dense: npt.NDArray[Any], counts: sp.csr_matrix, topics: Sequence[str]) -> None:
        """Learns from embeddings (n, 384), n-gram counts (n, vocabulary) and n topics.

        Needs at least three different topics.
        """
        names, labels = np.unique(np.asarray(topics), return_inverse=True)
        self.topics = [str(name) for name in names]
        self._learn_views(dense, counts)
        knobs = self._knobs
        training = Training(knobs.hidden, knobs.dropout, knobs.noise, knobs.epochs, knobs.seed)
        self._layers = train(self._rows(dense, counts), labels, len(names), training)

    def probabilities(self, dense: npt.NDArray[Any], counts: sp.csr_matrix) -> Matrix:
        """(n, topics): calibrated probabilities; each row sums to 1."""
        logits = self._layers(self._rows(dense, counts)).astype(np.float64)
        return softmax(logits / self.temperature)

    def save(self, path: Path) -> None:
        """Writes plain arrays: loading them runs no code."""
        np.savez(
            path,
            topics=np.asarray(self.topics),
            temperature=np.asarray(self.temperature),
            idf=self._idf,
            centre=self._centre,
            scale=self._scale,
            # Half precision changes no answer and halves the file.
            fold=self._fold.astype(np.float16),
            **self._layers.arrays(),
        )

    @classmethod
    def load(cls, path: Path) -> TopicModel:
        """Raises OSError, KeyError or ValueError when the file is not one of ours."""
        model = cls()
        with np.load(path, allow_pickle=False) as stored:
            model.topics = [str(name) for name in stored["topics"]]
            model.temperature = float(stored["temperature"])
            model._idf = stored["idf"]
            model._centre, model._scale = stored["centre"], stored["scale"]
            model._fold = stored["fold"].astype(np.float32)
            model._layers = Layers.of(stored)
        return model

    def _learn_views(self, dense: npt.NDArray[Any], counts: sp.csr_matrix) -> None:
        """How each view is centred, scaled and folded: typical rows have length √384."""
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
        spread = dense.std(axis=0)
        self._centre = dense.mean(axis=0).astype(np.float32)
        self._scale = (self._knobs.embedding_weight / np.where(spread > 0, spread, 1.0)).astype(
            np.float32
        )
        ngrams = self._weigh(counts)
        width = max(1, min(self._knobs.ngram_dimensions, min(ngrams.shape) - 1))
        fold = TruncatedSVD(width, n_iter=2, random_state=self._knobs.seed).fit(ngrams)
        loud = self._knobs.ngram_weight * np.sqrt(dense.shape[1])
        folded = np.ascontiguousarray(loud * fold.components_.T, dtype=np.float16)
        self._fold = folded.astype(np.float32)  # as it will be loaded

    def _rows(self, dense: npt.NDArray[Any], counts: sp.csr_matrix) -> Rows:
        """Both views side by side, (n, 384 + dimensions)."""
        embedded = (dense.astype(np.float32) - self._centre) * self._scale
        # One kind of number on both sides: otherwise the large matrix is copied every time.
        folded = np.asarray(self._weigh(counts).astype(np.float32) @ self._fold)
        return np.hstack([embedded, folded])

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """tf-idf with logarithmic counts, rows of length 1 (0 for a row without known n-grams)."""
        weighed = sp.csr_matrix(counts, dtype=np.float64, copy=True)
        weighed.data = (1 + np.log(weighed.data)) * self._idf[weighed.indices]
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(weighed.indptr))
        return weighed


def softmax(scores: Matrix) -> Matrix:
    """Row-wise softmax of (n, topics)."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Matrix = shifted / shifted.sum(axis=1, keepdims=True)
    return result

"""Logistic regression over sentence embeddings and character n-grams, with honest confidence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

Matrix = npt.NDArray[np.float64]
_SMALLEST = 1e-12
_FOLDS = 3
#: Finer changes of the weights change no answer.
_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Knobs:
    """What can be tuned; chosen by cross-validation (`bench/understanding.py`)."""

    #: Weight of the embeddings beside the n-grams. 0 leaves them out.
    embedding_weight: float = 1.0
    #: Weight of the n-grams. 0 leaves them out.
    ngram_weight: float = 0.5
    #: The n-grams are folded into this many dimensions while learning: seconds, not minutes.
    ngram_dimensions: int = 300
    #: Inverse strength of regularisation.
    c: float = 30.0
    max_iter: int = 60
    seed: int = 42


class TopicModel:
    """Topics with probabilities from two views of a sentence.

    Embeddings from E5 all lie in a narrow cone: without centring and scaling per dimension they
    say nothing beside the n-grams. After it, both views have rows of about length 1.

    Everything that is learned is linear, so what is kept is two matrices, a row of idf weights and
    a temperature: saved without pickle, and independent of the version of scikit-learn.
    """

    def __init__(self, knobs: Knobs | None = None) -> None:
        self._knobs = knobs or Knobs()
        self.topics: list[str] = []
        self.temperature = 1.0
        self._idf: npt.NDArray[Any] = np.empty(0)
        self._from_dense: npt.NDArray[Any] = np.empty((0, 0))
        self._from_ngrams: npt.NDArray[Any] = np.empty((0, 0))
        self._offset: npt.NDArray[Any] = np.empty(0)

    def fit(self, dense: npt.NDArray[Any], counts: sp.csr_matrix, topics: Sequence[str]) -> None:
        """Learns from embeddings (n, 384), n-gram counts (n, vocabulary) and n topics.

        Needs at least three different topics.
        """
        labels = np.asarray(topics)
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = np.log((1 + len(labels)) / (1 + seen)) + 1
        mean, spread = dense.mean(axis=0), dense.std(axis=0) * np.sqrt(dense.shape[1])
        spread = np.where(spread > 0, spread, 1.0)
        ngrams = self._weigh(counts)
        width = max(1, min(self._knobs.ngram_dimensions, min(ngrams.shape) - 1))
        fold = TruncatedSVD(width, n_iter=4, random_state=self._knobs.seed).fit(ngrams)
        rows = np.hstack(
            [
                self._knobs.embedding_weight * (dense - mean) / spread,
                self._knobs.ngram_weight * fold.transform(ngrams),
            ]
        )
        self.temperature = self._fit_temperature(rows, labels)
        regression = self._regress(rows, labels)
        self.topics = [str(name) for name in regression.classes_]
        split = dense.shape[1]
        by_dense = self._knobs.embedding_weight * regression.coef_[:, :split] / spread
        by_ngrams = self._knobs.ngram_weight * regression.coef_[:, split:] @ fold.components_
        self._from_dense = by_dense.T.astype(np.float32)
        self._from_ngrams = by_ngrams.T.astype(np.float32)
        self._offset = regression.intercept_ - mean @ by_dense.T

    def probabilities(self, dense: npt.NDArray[Any], counts: sp.csr_matrix) -> Matrix:
        """(n, topics): calibrated probabilities; each row sums to 1."""
        # One kind of number on both sides: otherwise the large matrix is copied for every message.
        by_ngrams = self._weigh(counts).astype(np.float32) @ self._from_ngrams
        scores = dense.astype(np.float32) @ self._from_dense + by_ngrams + self._offset
        return softmax(np.asarray(scores) / self.temperature)

    def save(self, path: Path) -> None:
        """Writes plain arrays: loading them runs no code."""
        np.savez(
            path,
            topics=np.asarray(self.topics),
            temperature=np.asarray(self.temperature),
            idf=self._idf,
            from_dense=self._from_dense,
            from_ngrams=self._from_ngrams,
            offset=self._offset,
        )

    @classmethod
    def load(cls, path: Path) -> TopicModel:
        """Raises OSError, KeyError or ValueError when the file is not one of ours."""
        model = cls()
        with np.load(path, allow_pickle=False) as stored:
            model.topics = [str(name) for name in stored["topics"]]
            model.temperature = float(stored["temperature"])
            model._idf = stored["idf"]
            model._from_dense = stored["from_dense"]
            model._from_ngrams = stored["from_ngrams"]
            model._offset = stored["offset"]
        return model

    def _regress(self, rows: Matrix, labels: npt.NDArray[Any]) -> LogisticRegression:
        regression = LogisticRegression(
            C=self._knobs.c,
            # Small topics (yes, no, thanks) must not vanish beside large ones.
            class_weight="balanced",
            max_iter=self._knobs.max_iter,
            tol=_TOLERANCE,
            random_state=self._knobs.seed,
        )
        with warnings.catch_warnings():
            # It is stopped early on purpose: further steps cost seconds and change no answer.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return regression.fit(rows, labels)

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """tf-idf with logarithmic counts, rows of length 1 (0 for a row without known n-grams)."""
        weighed = sp.csr_matrix(counts, dtype=np.float64, copy=True)
        weighed.data = (1 + np.log(weighed.data)) * self._idf[weighed.indices]
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(weighed.indptr))
        return weighed

    def _fit_temperature(self, rows: Matrix, labels: npt.NDArray[Any]) -> float:
        """The temperature that makes held-out probabilities true, from three-fold predictions."""
        names, sizes = np.unique(labels, return_counts=True)
        if sizes.min() < _FOLDS:
            return 1.0
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=self._knobs.seed)
        scores = np.empty((len(rows), len(names)))
        for train, test in folds.split(rows, labels):
            held_out = self._regress(rows[train], labels[train])
            scores[test] = held_out.decision_function(rows[test])
        columns = np.searchsorted(names, labels)

        def loss(log_temperature: float) -> float:
            chosen = softmax(scores / np.exp(log_temperature))[np.arange(len(rows)), columns]
            return float(-np.log(np.maximum(chosen, _SMALLEST)).mean())

        return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 2.0), method="bounded").x))


def softmax(scores: Matrix) -> Matrix:
    """Row-wise softmax of (n, topics)."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Matrix = shifted / shifted.sum(axis=1, keepdims=True)
    return result

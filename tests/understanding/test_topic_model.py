"""The model over embeddings and n-grams, on made-up numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from bot.understanding.topic_model import Knobs, TopicModel

TOPICS = ("cost", "pets", "men", "police")


def made_up(per_topic: int, noise: float, seed: int = 1):
    """Rows around one centre per topic, in both views."""
    random = np.random.default_rng(seed)
    labels = np.repeat(TOPICS, per_topic)
    centres = np.random.default_rng(0).normal(size=(len(TOPICS), 16))
    dense = centres[np.repeat(np.arange(len(TOPICS)), per_topic)]
    dense = dense + noise * random.normal(size=dense.shape)
    own = np.repeat(np.eye(len(TOPICS)), per_topic, axis=0)
    counts = np.hstack([own, random.integers(0, 2, size=(len(labels), 12))])
    return dense, sp.csr_matrix(counts), list(labels)


def test_it_learns_topics_and_its_probabilities_sum_to_one() -> None:
    dense, counts, labels = made_up(20, 0.3)
    model = TopicModel(Knobs(ngram_dimensions=8))
    model.fit(dense, counts, labels)
    unseen, unseen_counts, right = made_up(10, 0.3, seed=2)
    rows = model.probabilities(unseen, unseen_counts)
    assert np.allclose(rows.sum(axis=1), 1)
    assert [model.topics[i] for i in rows.argmax(axis=1)] == right


def test_it_is_less_sure_of_what_it_cannot_know() -> None:
    dense, counts, labels = made_up(40, 4.0)
    hard = TopicModel(Knobs(ngram_weight=0.0, ngram_dimensions=8))
    hard.fit(dense, counts, labels)
    unseen, unseen_counts, right = made_up(40, 4.0, seed=3)
    rows = hard.probabilities(unseen, unseen_counts)
    hits = np.mean(
        [hard.topics[i] == topic for i, topic in zip(rows.argmax(1), right, strict=True)]
    )
    assert rows.max(axis=1).mean() == pytest.approx(hits, abs=0.15)


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    dense, counts, labels = made_up(10, 0.5)
    model = TopicModel(Knobs(ngram_dimensions=8))
    model.fit(dense, counts, labels)
    model.save(tmp_path / "topics.npz")
    again = TopicModel.load(tmp_path / "topics.npz")
    assert again.topics == model.topics
    assert np.allclose(again.probabilities(dense, counts), model.probabilities(dense, counts))


def test_words_never_seen_do_not_stop_it() -> None:
    dense, counts, labels = made_up(10, 0.5)
    model = TopicModel(Knobs(ngram_dimensions=8))
    model.fit(dense, counts, labels)
    rows = model.probabilities(dense[:1], sp.csr_matrix((1, counts.shape[1])))
    assert np.isfinite(rows).all()


def test_a_file_with_code_in_it_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", topics=np.asarray([print], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        TopicModel.load(tmp_path / "bad.npz")

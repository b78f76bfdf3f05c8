"""Vectors of training sentences, so that each is encoded once (some 25 ms).

    python -m bot.understanding.vector_file     keeps those of data/nlu in data/encoder/vectors.npz

That file comes with the project, one byte a number, so that a new machine need not encode what
others have. What it lacks is kept in a file of the machine's own. Only training uses either: what
people write is never kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from bot.understanding.encoder import Encoder, Vector, model_name
from bot.understanding.text import for_models

#: With the project.
KEPT = Path(__file__).resolve().parents[2] / "data/encoder/vectors.npz"
#: Bytes of a key: enough to keep a hundred thousand sentences apart.
_KEY = 10


class VectorFile:
    """Vectors on disk, by hash of model and content."""

    def __init__(self, path: Path, kept: Path = KEPT) -> None:
        """`path`: the machine's own file; it need not exist. Raises OSError or ValueError."""
        self._path = path
        self._kept = _read_kept(kept)
        self._vectors: dict[bytes, Vector] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                keys = [bytes(row) for row in stored["keys"]]
                self._vectors = dict(zip(keys, stored["vectors"], strict=True))

    def embed_many(self, encoder: Encoder, texts: Sequence[str]) -> Vector:
        """As Encoder.embed_many, encoding only what is in neither file; then writes its own."""
        keys = [key_of(text) for text in texts]
        missing = {
            key: text
            for key, text in zip(keys, texts, strict=True)
            if key not in self._vectors and key not in self._kept
        }
        if missing:
            fresh = encoder.embed_many(list(missing.values()))
            self._vectors.update(zip(missing, fresh, strict=True))
            # Sentences that were taken out of the training data leave the file, too.
            self._write({key: self._vectors[key] for key in keys if key in self._vectors})
        known = self._kept | self._vectors
        rows = [known[key] for key in keys]
        return np.vstack(rows) if rows else np.empty((0, 384), dtype=np.float32)

    def _write(self, vectors: Mapping[bytes, Vector]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.npz")
        rows = np.vstack(list(vectors.values()))
        np.savez(temporary, keys=_as_rows(vectors), vectors=rows)
        temporary.replace(self._path)


def keep(texts: Sequence[str], vectors: Vector, into: Path = KEPT) -> None:
    """Write vectors of sentences, each number as one byte: they lie within 0.1 degree of exact."""
    known = dict(zip((key_of(text) for text in texts), vectors, strict=True))
    rows = np.vstack(list(known.values()))
    scale = np.abs(rows).max(axis=1, keepdims=True) / 127
    steps = np.rint(rows / scale).astype(np.int8)
    unfinished = into.with_suffix(".new.npz")
    np.savez(unfinished, keys=_as_rows(known), steps=steps)
    unfinished.replace(into)


@cache
def _read_kept(file: Path) -> dict[bytes, Vector]:
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as stored:
        rows = stored["steps"].astype(np.float32)
        keys = [bytes(row) for row in stored["keys"]]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(keys, rows, strict=True))


def key_of(text: str) -> bytes:
    """What a sentence is filed under: another encoder, or another way of reading, is a miss."""
    named = f"{model_name()}\0{for_models(text)}"
    return hashlib.blake2b(named.encode(), digest_size=_KEY).digest()


def _as_rows(keys: Mapping[bytes, Vector]) -> np.typing.NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), -1)


def main(project: Path) -> None:
    """Keep the vectors of every sentence of data/nlu."""
    import yaml

    from bot.understanding.danger_training import phrasings
    from bot.understanding.encoder import shared_encoder

    texts = [
        text
        for file in sorted((project / "data/nlu").glob("*.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for text in phrasings(entry)
    ]
    keep(texts, VectorFile(project / ".rasa/embeddings.npz").embed_many(shared_encoder(), texts))
    print(f"{len(set(texts))} sentences: {KEPT.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[2])

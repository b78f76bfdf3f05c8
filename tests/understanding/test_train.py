"""The model is trained again when, and only when, something changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.understanding.train import fingerprint, train_if_changed, trained_model

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("config.yml", "domain.yml", "uv.lock"):
        shutil.copy(PROJECT / name, tmp_path / name)
    for name in ("data", "content", "bot/understanding"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def test_a_new_sentence_asks_for_a_new_model(project: Path) -> None:
    before = fingerprint(project)
    assert fingerprint(project) == before
    with (project / "data" / "nlu" / "centre.yml").open("a") as file:
        file.write("      - enda en setning\n")
    assert fingerprint(project) != before


def test_a_change_of_the_words_asks_for_no_new_model(project: Path) -> None:
    """Texts are edited while the service runs; only what people write is learnt."""
    before = fingerprint(project)
    for file in [*project.glob("content/**/*.md"), *project.glob("content/**/*.yml")]:
        file.write_text(file.read_text(encoding="utf-8") + "\nNytt.\n", encoding="utf-8")
    (project / "content" / "centre" / "brand_new.nb.md").write_text("Nytt.", encoding="utf-8")
    assert fingerprint(project) == before


def test_a_change_of_the_model_code_asks_for_a_new_model(project: Path) -> None:
    before = fingerprint(project)
    with (project / "bot" / "understanding" / "written_forms.py").open("a") as file:
        file.write("# changed\n")
    assert fingerprint(project) != before


def test_a_model_for_these_inputs_is_taken_as_it_is(project: Path) -> None:
    models = project / "models"
    models.mkdir()
    assert trained_model(project, models) is None
    model = models / f"topics-{fingerprint(project)}.tar.gz"
    model.write_bytes(b"")
    said: list[str] = []
    assert train_if_changed(project, models, said.append) == model
    assert "up to date" in said[0]

"""Trains the model when something that it depends on has changed."""

from __future__ import annotations

import hashlib
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from bot import logs
from bot.understanding.quiet import before_rasa_is_imported

#: Relative to the project's folder. Folders count with all their files of the given ending.
_INPUTS: tuple[tuple[str, str], ...] = (
    ("config.yml", ""),
    ("domain.yml", ""),
    ("data/nlu", "*.yml"),
    ("data/rules", "*.yml"),
    ("data/encoder/tuned.npz", ""),
    ("bot/understanding/classifier.py", ""),
    ("bot/understanding/encoder.py", ""),
    ("bot/understanding/encoder_image.py", ""),
    ("bot/understanding/fallback.py", ""),
    ("bot/understanding/featurizer.py", ""),
    ("bot/understanding/network.py", ""),
    ("bot/understanding/text.py", ""),
    ("bot/understanding/tokenizer.py", ""),
    ("bot/understanding/topic_model.py", ""),
    ("bot/understanding/written_forms.py", ""),
    # A model is only as good as the libraries that read it again.
    ("uv.lock", ""),
)
_NAME = "topics"
_USE_ALL_CORES = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS")
#: Old models kept beside the newest, to go back to.
_KEPT = 2


class TrainingFailed(Exception):
    """Rasa ended without a model; the message is Rasa's exit code."""


def fingerprint(project: Path) -> str:
    """Sixteen hex digits over everything that a model depends on.

    Raises FileNotFoundError when config or domain is missing.
    """
    digest = hashlib.sha256()
    for file in _inputs(project):
        digest.update(file.relative_to(project).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def trained_model(project: Path, models: Path) -> Path | None:
    """The model for the present inputs, None when it has not been trained yet."""
    model = models / f"{_NAME}-{fingerprint(project)}.tar.gz"
    return model if model.exists() else None


def train_if_changed(project: Path, models: Path, say: Callable[[str], None] = print) -> Path:
    """The model for the present inputs, trained first when there is none (minutes).

    To be run in a process of its own: Rasa is imported and sets global things. `say` gets lines of
    progress. Raises TrainingFailed.
    """
    known = trained_model(project, models)
    if known is not None:
        say(f"The model is up to date: {known.name}")
        return known
    started = time.monotonic()
    say("Training the model (a few minutes the first time) …")
    model = _train(project, models, f"{_NAME}-{fingerprint(project)}", say)
    _remove_old(models, model)
    say(f"Trained in {time.monotonic() - started:.0f} s: {model.name}")
    return model


def _train(project: Path, models: Path, name: str, say: Callable[[str], None]) -> Path:
    # Instead of the service's own, which leave cores to others and do without learning's sums.
    for variable in _USE_ALL_CORES:
        os.environ[variable] = str(os.cpu_count() or 1)
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    before_rasa_is_imported()
    from rasa.model_training import train

    from bot.understanding.quiet import silence_rasa

    silence_rasa()
    _skip_fingerprints_of_sentences()
    _share_sentences()
    say("Libraries are loaded; reading the sentences …")
    # Bars and debug lines would bury our own; `rasa train` shows them when something is wrong.
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        result = train(
            domain=str(project / "domain.yml"),
            config=str(project / "config.yml"),
            training_files=[str(project / "data")],
            output=str(models),
            fixed_model_name=name,
            # Rasa's own cache does not see every change of our code.
            force_training=True,
        )
    if result.model is None:
        raise TrainingFailed(str(result.code))
    return Path(result.model)


def _skip_fingerprints_of_sentences() -> None:
    """Rasa writes all it knows of every sentence as text, after each part of the pipeline, to see
    what has changed. Everything is trained anew here, so any name will do."""
    from rasa.shared.nlu.training_data.training_data import TrainingData

    def a_name(_: TrainingData) -> str:
        return uuid.uuid4().hex

    TrainingData.fingerprint = a_name


def _share_sentences() -> None:
    """Rasa copies every sentence four times while it puts one list together; nobody changes them
    before the pipeline begins."""
    from rasa.shared.nlu.training_data.message import Message

    def itself(message: Message, _: object) -> Message:
        return message

    Message.__deepcopy__ = itself


def _inputs(project: Path) -> Iterable[Path]:
    for name, pattern in _INPUTS:
        path = project / name
        if pattern:
            yield from sorted(path.glob(pattern))
        else:
            yield path


def _remove_old(models: Path, newest: Path) -> None:
    by_age = sorted(models.glob(f"{_NAME}-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    for file in [file for file in by_age if file != newest][: -_KEPT + 1]:
        file.unlink()


if __name__ == "__main__":
    logs.configure("warning")  # Rasa's own words about every rule are no progress
    train_if_changed(Path(__file__).resolve().parents[2], Path(sys.argv[1]))

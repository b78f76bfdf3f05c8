"""Trains the danger model: labelled messages and, as what is calm, the questions of data/nlu.

    python -m bot.understanding.danger_training        some minutes; writes data/danger/model.npz

The file is kept with the data, so that nobody has to train before the danger check is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.understanding.danger_model import MODEL, Row, as_read, pieces
from bot.understanding.encoder import VectorFile, shared_encoder

DATA = "data/danger"
CACHE = ".rasa/danger.npz"
_DEV = "bench/safety/dev.jsonl"
_NLU = "data/nlu"
_CODE = (
    "bot/safety/genders.py",
    *(
        f"bot/understanding/{name}.py"
        for name in ("danger_model", "danger_training", "encoder", "text", "written_forms")
    ),
)
#: Topics whose questions may well be danger themselves; they say nothing about what is calm.
#: Topic groups whose questions are asked in calm; in the others people tell what happens to them.
_CALM_GROUPS = (
    *("centre", "conversation", "day_service", "family"),
    *("health", "money", "police", "professionals"),
)
_NOT_CALM = frozenset(
    {
        *("human_now", "angry_at_bot", "sleep_panic", "legevakt", "overgrepsmottak"),
        *("housing_tonight", "child_abduction", "prank", "insult"),
    }
)
#: One question in so many is learned from: more of them drown the messages that matter.
_ONE_IN = 8
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
_LINE_C, _KERNEL_C, _GAMMA = 15.0, 5.0, 1.3  # see bench/safety/README.md


@dataclass(frozen=True)
class Sentence:
    """A message, how near its danger is ("now", "soon", or anything else), and which it is."""

    text: str
    level: str
    danger: str


def labelled(project: Path) -> dict[str, list[Sentence]]:
    """Every labelled message, by file. Raises ValueError with file and line."""
    found: dict[str, list[Sentence]] = {}
    for file in _files(project):
        found[file.name] = []
        for number, row in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                line = json.loads(row)
                sentence = Sentence(str(line["text"]), line["level"], line["danger"])
            except (ValueError, KeyError) as error:
                raise ValueError(f"{file.name} line {number}: {error!r}") from None
            found[file.name].append(sentence)
    return found


def calm(project: Path) -> list[Sentence]:
    """Some of the questions that topics are learned from, as messages without danger."""
    found = []
    for group in _CALM_GROUPS:
        file = project / _NLU / f"{group}.yml"
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if entry.get("intent") in _NOT_CALM:
                continue
            for row in str(entry.get("examples", "")).splitlines():
                if row.strip().startswith("- "):
                    text = _ENTITY.sub(r"\1", row.strip()[2:])
                    if zlib.crc32(text.encode()) % _ONE_IN == 0:
                        found.append(Sentence(text, "none", "none"))
    return found


def vectors(sentences: Sequence[Sentence], cache: Path) -> Row:
    """Of texts as the model reads them; known ones come from the file `cache`."""
    shown = [as_read(sentence.text) for sentence in sentences]
    return VectorFile(cache).embed_many(shared_encoder(), shown)


def learn(sentences: Sequence[Sentence], dense: Row) -> dict[str, Row]:
    """The parts of a danger model, for `Judge` or `np.savez`."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import SVC

    mean, spread = dense.mean(axis=0), dense.std(axis=0) * np.sqrt(dense.shape[1])
    view = (dense - mean) / spread
    weigher = TfidfTransformer(sublinear_tf=True)
    weighed = weigher.fit_transform(pieces([as_read(s.text) for s in sentences]))
    is_now = np.array([s.level == "now" for s in sentences])
    is_live = np.array([s.level in ("now", "soon") for s in sentences])
    lines = _lines(LogisticRegression, view, weighed, (is_now, is_live))
    kernel = SVC(C=_KERNEL_C, gamma=_GAMMA, cache_size=1000).fit(view, is_now)
    which = LogisticRegression(C=_LINE_C, max_iter=200).fit(
        view[is_live], np.array([s.danger for s in sentences])[is_live]
    )
    split = dense.shape[1]
    first = view @ lines[0][:split, 0] + weighed @ lines[0][split:, 0] + lines[1][0]
    return {
        "mean": mean.astype(np.float32),
        "spread": spread.astype(np.float32),
        "idf": weigher.idf_.astype(np.float16),
        "dense_lines": lines[0][:split].astype(np.float32),
        "piece_lines": lines[0][split:].astype(np.float16),
        "line_offsets": lines[1].astype(np.float32),
        "line_scale": np.float32(first.std()),
        "support": kernel.support_vectors_.astype(np.float16),
        "weights": kernel.dual_coef_[0].astype(np.float32),
        "kernel_offset": np.float32(kernel.intercept_[0]),
        "kernel_scale": np.float32(kernel.decision_function(view).std()),
        "gamma": np.float32(_GAMMA),
        "dangers": which.classes_.astype(str),
        "danger_lines": which.coef_.T.astype(np.float32),
        "danger_offsets": which.intercept_.astype(np.float32),
    }


def _lines(regression: Any, view: Row, weighed: Any, targets: Sequence[Row]) -> tuple[Row, Row]:
    import scipy.sparse as sp

    rows = sp.hstack([sp.csr_matrix(view), weighed]).tocsr()
    fits = [regression(C=_LINE_C, max_iter=100, tol=1e-3).fit(rows, target) for target in targets]
    return np.stack([f.coef_[0] for f in fits], axis=1), np.array([f.intercept_[0] for f in fits])


def fingerprint(project: Path) -> str:
    """Sixteen hex digits over the labelled messages and the code that learns from them.

    Not over data/nlu: a phrasing more in a topic changes nothing that matters here.
    """
    digest = hashlib.sha256()
    for file in [*(project / name for name in _CODE), *_files(project)]:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def train(project: Path) -> Path:
    """Learn from everything and write the model. Returns its file."""
    sentences = [s for rows in labelled(project).values() for s in rows] + calm(project)
    parts = learn(sentences, vectors(sentences, project / CACHE))
    parts["made_of"] = np.array(fingerprint(project))
    unfinished = project / DATA / "new.npz"
    np.savez_compressed(unfinished, **parts)
    return unfinished.replace(project / MODEL)


def _files(project: Path) -> list[Path]:
    return [*sorted((project / DATA).glob("*.jsonl")), project / _DEV]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    print(train(Path(__file__).resolve().parents[2]))

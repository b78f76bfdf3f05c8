"""Trains the danger model: labelled messages and, as what is calm, the questions of data/nlu.

    python -m bot.understanding.danger_training        some minutes; writes data/danger/model.npz

The file is kept with the data, so that nobody has to train before the danger check is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.understanding.danger_model import MODEL, TOPICS, Row, View, as_read, pieces
from bot.understanding.encoder import shared_encoder
from bot.understanding.network import Layers, Training, train
from bot.understanding.vector_file import VectorFile

DATA = "data/danger"
CACHE = ".rasa/danger.npz"
_DEV = "bench/safety/dev.jsonl"
_NLU = "data/nlu"
_CODE = (
    "bot/safety/genders.py",
    "data/encoder/tuned.npz",
    *(
        f"bot/understanding/{name}.py"
        for name in (
            *("danger_model", "danger_training", "encoder", "encoder_image"),
            *("network", "text", "written_forms"),
        )
    ),
)
#: Topics whose messages are learned from as calm. What people tell of violence that goes on is in
#: it, where they ask or wonder; where they tell of blows or threats it is not.
_CALM_GROUPS = (
    *("centre", "conversation", "day_service", "family", "health", "money", "police"),
    *("professionals", "relatives", "safety", "violence"),
)
_NOT_CALM = frozenset(
    {
        *("human_now", "angry_at_bot", "sleep_panic", "legevakt", "overgrepsmottak", "prank"),
        *("housing_tonight", "child_abduction", "insult", "physical", "sexual", "threats"),
        *("violence_in_pregnancy", "violence_in_substance_milieu", "latent", "stalking"),
        *("forced_marriage", "post_separation", "social_control_honour", "digital", "trafficking"),
        *("against_parents", "against_men", "by_family_or_in_laws", "phone_tracking"),
        *("suspect_neighbour", "child_i_know", "i_use_violence"),
    }
)
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
# Chosen on messages that were left out; see bench/safety/README.md.
_NETWORKS = 3
_LEARNING = Training(hidden=1024, dropout=0.5, noise=0.15, epochs=20, seed=0, balanced=False)
_LEARNING_TOPICS = Training(hidden=1024, dropout=0.55, noise=0.3, epochs=20, seed=0, balanced=False)
_FOLDED = 300
#: Weight of the pieces beside the embedding.
_PIECES = 1.0


@dataclass(frozen=True)
class Sentence:
    """A message, how near its danger is ("now", "soon", or anything else), and which it is."""

    text: str
    level: str
    danger: str


@dataclass(frozen=True)
class Question:
    """A question of data/nlu and its topic."""

    text: str
    topic: str


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
    """Questions that topics are learned from, as messages without danger."""
    found = []
    for group in _CALM_GROUPS:
        file = project / _NLU / f"{group}.yml"
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if entry.get("intent") in _NOT_CALM:
                continue
            found += [Sentence(text, "none", "none") for text in phrasings(entry)]
    return found


def asked_about_topics(project: Path) -> list[Question]:
    """Every question of data/nlu."""
    return [
        Question(text, str(entry["intent"]))
        for file in sorted((project / _NLU).glob("*.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        if "intent" in entry
        for text in phrasings(entry)
    ]


def phrasings(entry: Mapping[str, Any]) -> list[str]:
    """The example messages of an entry of data/nlu, without marks of entities."""
    rows = (row.strip() for row in str(entry.get("examples", "")).splitlines())
    return [_ENTITY.sub(r"\1", row[2:]) for row in rows if row.startswith("- ")]


def vectors(sentences: Sequence[Sentence | Question], cache: Path) -> Row:
    """Of texts as the model reads them; known ones come from the file `cache`."""
    shown = [as_read(sentence.text) for sentence in sentences]
    return VectorFile(cache).embed_many(shared_encoder(), shown)


def learn(
    sentences: Sequence[Sentence], dense: Row, questions: Sequence[Question], asked: Row
) -> dict[str, Row]:
    """The parts of a danger model, for `Judge` or `np.savez`.

    `dense` and `asked`: embeddings (n, 384) of the sentences and of the questions about topics.
    """
    counts = pieces([as_read(sentence.text) for sentence in sentences])
    parts = _view_parts(dense, counts)
    view = View(parts)
    rows = view(dense, counts)
    kinds, labels = np.unique([kind(sentence) for sentence in sentences], return_inverse=True)
    for number in range(_NETWORKS):
        learned = train(rows, labels, len(kinds), replace(_LEARNING, seed=number))
        parts |= _stored(learned, number)
    topics, labels = np.unique([question.topic for question in questions], return_inverse=True)
    rows = view(asked, pieces([as_read(question.text) for question in questions]))
    parts |= _stored(train(rows, labels, len(topics), _LEARNING_TOPICS), TOPICS)
    return parts | {"kinds": kinds.astype(str), "networks": np.array(_NETWORKS)}


def _stored(learned: Layers, name: object) -> dict[str, Row]:
    return {f"{k}_{name}": array.astype(np.float16) for k, array in learned.arrays().items()}


def kind(sentence: Sentence) -> str:
    """Danger and level; what is not of now or soon is calm, whatever it is about."""
    level = sentence.level if sentence.level in ("now", "soon") else "calm"
    return f"{sentence.danger}/{level}"


def _view_parts(dense: Row, counts: Any) -> dict[str, Row]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer

    weigher = TfidfTransformer(sublinear_tf=True)
    weighed = weigher.fit_transform(counts)
    fold = TruncatedSVD(_FOLDED, n_iter=3, random_state=0).fit(weighed).components_.T
    loud = _PIECES * np.sqrt(dense.shape[1])
    return {
        "mean": dense.mean(axis=0).astype(np.float32),
        "spread": dense.std(axis=0).astype(np.float32),
        "idf": weigher.idf_.astype(np.float32),
        # As it will be loaded: half precision changes no answer and halves the file.
        "fold": np.ascontiguousarray(loud * fold).astype(np.float16).astype(np.float32),
    }


def fingerprint(project: Path) -> str:
    """Sixteen hex digits over the labelled messages and the code that learns from them.

    Not over data/nlu: a phrasing more in a topic changes nothing that matters here.
    """
    digest = hashlib.sha256()
    for file in [*(project / name for name in _CODE), *_files(project)]:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def train_from(project: Path) -> Path:
    """Learn from everything and write the model. Returns its file."""
    sentences = [s for rows in labelled(project).values() for s in rows] + calm(project)
    questions = asked_about_topics(project)
    dense = vectors([*sentences, *questions], project / CACHE)
    parts = learn(sentences, dense[: len(sentences)], questions, dense[len(sentences) :])
    parts["made_of"] = np.array(fingerprint(project))
    parts["fold"] = parts["fold"].astype(np.float16)
    unfinished = project / DATA / "new.npz"
    np.savez_compressed(unfinished, **parts)
    return unfinished.replace(project / MODEL)


def _files(project: Path) -> list[Path]:
    return [*sorted((project / DATA).glob("*.jsonl")), project / _DEV]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    print(train_from(Path(__file__).resolve().parents[2]))

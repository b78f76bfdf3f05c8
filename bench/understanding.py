"""How well topics are found: cross-validation on the training sentences, or a blind file.

    .venv/bin/python bench/understanding.py cv            # what the knobs and thresholds rest on
    .venv/bin/python bench/understanding.py views         # embeddings alone, n-grams alone, both
    .venv/bin/python bench/understanding.py dev           # dev.jsonl: temperature, thresholds
    .venv/bin/python bench/understanding.py blind         # tests/understanding/blind.jsonl, once
    .venv/bin/python bench/understanding.py confusions    # what is taken for what, held out

Without Rasa: the same features and the same model, so that it takes a minute or two.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from actions.conversation import offerable  # noqa: E402
from bot.understanding.encoder import shared_encoder  # noqa: E402
from bot.understanding.quiet import before_rasa_is_imported  # noqa: E402
from bot.understanding.text import for_models  # noqa: E402
from bot.understanding.topic_model import Knobs, TopicModel, softmax  # noqa: E402
from bot.understanding.vector_file import VectorFile  # noqa: E402

CACHE = PROJECT / ".rasa" / "embeddings-bench.npz"
FOLDS = 5


@dataclass(frozen=True)
class Sentence:
    """One sentence with the topics that count as right."""

    text: str
    topics: tuple[str, ...]
    lang: str


@dataclass(frozen=True)
class Thresholds:
    """When a topic is answered; see bot/understanding/fallback.py."""

    answer_from: float
    ahead_by: float


def config() -> tuple[Knobs, Thresholds]:
    """Knobs and thresholds as config.yml has them."""
    parts = yaml.safe_load((PROJECT / "config.yml").read_text())["pipeline"]
    by_name = {part["name"].rpartition(".")[2]: part for part in parts}
    knobs = {k: v for k, v in by_name["TopicClassifier"].items() if k != "name"}
    sure = by_name["OnlyWhenSure"]
    return replace(Knobs(), **knobs), Thresholds(sure["answer_from"], sure["ahead_by"])


def training_sentences() -> list[Sentence]:
    """Every sentence of data/nlu once, also when two languages share it."""
    found: dict[tuple[str, str], Sentence] = {}
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text())["nlu"]:
            topic, lang = str(block["intent"]), block["metadata"]["lang"]
            for line in block["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                found.setdefault((for_models(text).lower(), topic), Sentence(text, (topic,), lang))
    return list(found.values())


def read_jsonl(path: Path) -> list[Sentence]:
    """Lines {"text", "topics", "lang"}."""
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [Sentence(row["text"], tuple(row["topics"]), row["lang"]) for row in rows]


def vectors(sentences: Sequence[Sentence]) -> np.ndarray:
    """(n, 384)"""
    return VectorFile(CACHE).embed_many(shared_encoder(), [s.text for s in sentences])


def counter() -> CountVectorizer:
    """The n-grams of config.yml."""
    return CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, max_features=20000)


def held_out(sentences: Sequence[Sentence], dense: np.ndarray, knobs: Knobs, folds: int = FOLDS):
    """(n, topics) probabilities of models that had not seen the sentence, and the topics."""
    texts = np.asarray([for_models(s.text) for s in sentences])
    labels = np.asarray([s.topics[0] for s in sentences])
    names = sorted(set(labels))
    result = np.zeros((len(sentences), len(names)))
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=7).split(texts, labels):
        grams = counter().fit(texts[train])
        model = TopicModel(knobs)
        model.fit(dense[train], grams.transform(texts[train]), labels[train])
        assert model.topics == names
        result[test] = model.probabilities(dense[test], grams.transform(texts[test]))
    return result, names


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, zz = hits / of, z * z
    middle = (share + zz / (2 * of)) / (1 + zz / of)
    half = z * np.sqrt(share * (1 - share) / of + zz / (4 * of * of)) / (1 + zz / of)
    return middle - half, middle + half


@dataclass
class Figures:
    """Counts over n sentences."""

    n: int
    top1: int
    top3: int
    reached: int
    answered: int
    wrong: int

    def lines(self) -> str:
        """Shares with intervals, in per cent."""
        shown = []
        for name in ("top1", "top3", "reached", "answered", "wrong"):
            hits = getattr(self, name)
            low, high = wilson(hits, self.n)
            shown.append(f"{name} {hits / self.n:6.1%} [{low:.1%}, {high:.1%}]")
        return f"n={self.n:<5d}" + "  ".join(shown)


def judge(
    sentences: Sequence[Sentence], rows: np.ndarray, names: list[str], at: Thresholds
) -> Figures:
    """top1, top3: of the ranking. reached: answered right, or right among what is offered."""
    figures = Figures(len(sentences), 0, 0, 0, 0, 0)
    for sentence, row in zip(sentences, rows, strict=True):
        order = np.argsort(row)[::-1][:10]
        ranked = [names[i] for i in order]
        figures.top1 += ranked[0] in sentence.topics
        figures.top3 += any(topic in sentence.topics for topic in ranked[:3])
        ahead = row[order[0]] - row[order[1]]
        if row[order[0]] >= at.answer_from and ahead >= at.ahead_by:
            figures.answered += 1
            figures.wrong += ranked[0] not in sentence.topics
            figures.reached += ranked[0] in sentence.topics
        else:
            ranking = [{"name": names[i], "confidence": row[i]} for i in order]
            figures.reached += any(topic in sentence.topics for topic in offerable(ranking))
    return figures


def report(sentences: Sequence[Sentence], rows, names, at: Thresholds) -> None:
    """All, per language, and substance topics against the conversation itself."""
    groups = {"all": [True] * len(sentences)}
    for lang in ("nb", "nn", "en"):
        groups[lang] = [s.lang == lang for s in sentences]
    talk = set(topics_of_file("conversation"))
    groups["conversation"] = [s.topics[0] in talk for s in sentences]
    groups["substance"] = [s.topics[0] not in talk for s in sentences]
    for name, mask in groups.items():
        chosen = [s for s, m in zip(sentences, mask, strict=True) if m]
        if chosen:
            print(f"{name:13s}", judge(chosen, rows[np.asarray(mask)], names, at).lines())


def topics_of_file(group: str) -> list[str]:
    """The topics whose sentences stand in data/nlu/<group>.yml."""
    blocks = yaml.safe_load((PROJECT / "data" / "nlu" / f"{group}.yml").read_text())["nlu"]
    return [str(block["intent"]) for block in blocks]


def cross_validate() -> None:
    """The configured knobs and thresholds, on sentences of the same writers."""
    sentences = training_sentences()
    knobs, at = config()
    started = time.monotonic()
    rows, names = held_out(sentences, vectors(sentences), knobs)
    print(f"{knobs}  {time.monotonic() - started:.0f} s")
    report(sentences, rows, names, at)


def compare_views() -> None:
    """Embeddings alone, n-grams alone, both; on sentences by other writers."""
    unseen = read_jsonl(PROJECT / "tests" / "understanding" / "dev.jsonl")
    knobs, at = config()
    views = {"embeddings": (1.0, 0.0), "n-grams": (0.0, 1.0), "both": (1.0, knobs.ngram_weight)}
    for name, (embedding_weight, ngram_weight) in views.items():
        one = replace(knobs, embedding_weight=embedding_weight, ngram_weight=ngram_weight)
        rows, names = unseen_rows(unseen, one)
        print(f"{name:11s}", judge(unseen, rows, names, at).lines())


def confusions() -> None:
    """Pairs first, then every sentence that would be answered wrongly."""
    sentences = training_sentences()
    knobs, at = config()
    rows, names = held_out(sentences, vectors(sentences), knobs)
    pairs: Counter[tuple[str, str]] = Counter()
    given: list[str] = []
    for sentence, row in zip(sentences, rows, strict=True):
        order = np.argsort(row)[::-1]
        best = names[order[0]]
        if best in sentence.topics:
            continue
        pairs[(sentence.topics[0], best)] += 1
        if row[order[0]] >= at.answer_from and row[order[0]] - row[order[1]] >= at.ahead_by:
            given.append(f"{sentence.topics[0]} → {best} {row[order[0]]:.2f}: {sentence.text}")
    for (right, taken), count in pairs.most_common(40):
        print(count, right, "→", taken)
    print("\n".join(sorted(given)))


def unseen_rows(unseen: Sequence[Sentence], knobs: Knobs) -> tuple[np.ndarray, list[str]]:
    """(n, topics) probabilities by a model that learned from all training sentences."""
    told = {for_models(s.text) for s in unseen}  # dev.jsonl is learned from, once it is tuned on
    sentences = [s for s in training_sentences() if for_models(s.text) not in told]
    grams = counter()
    counts = grams.fit_transform([for_models(s.text) for s in sentences])
    dense = vectors([*sentences, *unseen])
    model, started = TopicModel(knobs), time.monotonic()
    model.fit(dense[: len(sentences)], counts, [s.topics[0] for s in sentences])
    print(f"{len(sentences)} sentences, {time.monotonic() - started:.0f} s  {knobs}")
    counted = grams.transform([for_models(s.text) for s in unseen])
    return model.probabilities(dense[len(sentences) :], counted), model.topics


def tune(path: Path, verbose: bool) -> None:
    """On sentences by other writers: figures, the truest temperature, what each threshold gives."""
    unseen = read_jsonl(path)
    knobs, at = config()
    rows, names = unseen_rows(unseen, knobs)
    report(unseen, rows, names, at)
    right = np.asarray([[name in s.topics for name in names] for s in unseen])
    logits = np.log(np.maximum(rows, 1e-12)) * knobs.temperature
    for temperature in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        true = softmax(logits / temperature)
        loss = -np.log(np.maximum((true * right).sum(axis=1), 1e-9)).mean()
        print(f"temperature {temperature}: log loss {loss:.3f}")
    for answer_from in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        for ahead_by in (0.1, 0.2, 0.4):
            tried = judge(unseen, rows, names, Thresholds(answer_from, ahead_by))
            print(answer_from, ahead_by, tried.lines())
    if verbose:
        missed(unseen, rows, names)


def missed(unseen: Sequence[Sentence], rows: np.ndarray, names: list[str]) -> None:
    """What was taken for something else."""
    for sentence, row in zip(unseen, rows, strict=True):
        best = names[int(row.argmax())]
        if best not in sentence.topics:
            print(f"{'/'.join(sentence.topics)} → {best} {row.max():.2f}: {sentence.text}")


def blind(path: Path, verbose: bool) -> None:
    """Trains on all sentences, judges on a file that nobody tuned on."""
    unseen = read_jsonl(path)
    knobs, at = config()
    rows, names = unseen_rows(unseen, knobs)
    report(unseen, rows, names, at)
    if verbose:
        missed(unseen, rows, names)


def main() -> None:
    """Command line."""
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS"):
        os.environ.setdefault(name, str(os.cpu_count() or 1))
    before_rasa_is_imported()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("cv", "views", "confusions", "dev", "blind"))
    parser.add_argument("--file", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    file = options.file or PROJECT / "tests" / "understanding" / f"{options.what}.jsonl"
    if options.what in ("dev", "blind"):
        {"dev": tune, "blind": blind}[options.what](file, options.verbose)
    else:
        {"cv": cross_validate, "views": compare_views, "confusions": confusions}[options.what]()


if __name__ == "__main__":
    main()

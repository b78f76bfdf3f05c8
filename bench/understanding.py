"""How well topics are found: cross-validation on the training sentences, or a blind file.

    .venv/bin/python bench/understanding.py cv            # what the knobs and thresholds rest on
    .venv/bin/python bench/understanding.py views         # embeddings alone, n-grams alone, both
    .venv/bin/python bench/understanding.py blind         # tests/understanding/blind.jsonl, once
    .venv/bin/python bench/understanding.py confusions    # what is taken for what, held out

Without Rasa: the same features and the same model, so that it takes a minute or two.
"""

from __future__ import annotations

import argparse
import json
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
from bot.understanding.encoder import VectorFile, shared_encoder  # noqa: E402
from bot.understanding.text import for_models  # noqa: E402
from bot.understanding.topic_model import Knobs, TopicModel  # noqa: E402

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


def cross_validate(grid: bool) -> None:
    """The configured knobs, or a grid of them."""
    sentences = training_sentences()
    dense = vectors(sentences)
    knobs, at = config()
    tried = [knobs]
    if grid:
        tried = [
            replace(knobs, ngram_weight=w, c=c) for w in (0.7, 1.0, 1.4) for c in (3.0, 10.0, 30.0)
        ]
    for one in tried:
        started = time.monotonic()
        rows, names = held_out(sentences, dense, one)
        labels = [names.index(s.topics[0]) for s in sentences]
        loss = -np.log(np.maximum(rows[np.arange(len(rows)), labels], 1e-9)).mean()
        print(f"\n{one}  log loss {loss:.3f}  {time.monotonic() - started:.0f} s")
        if grid:
            print(judge(sentences, rows, names, at).lines())
            continue
        report(sentences, rows, names, at)
        for answer_from in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85):
            for ahead_by in (0.2, 0.4):
                at = Thresholds(answer_from, ahead_by)
                print(answer_from, ahead_by, judge(sentences, rows, names, at).lines())


def compare_views() -> None:
    """Embeddings alone, n-grams alone, both; each with its best C."""
    sentences = training_sentences()
    dense = vectors(sentences)
    knobs, at = config()
    views = {"embeddings": (1.0, 0.0), "n-grams": (0.0, 1.0), "both": (1.0, knobs.ngram_weight)}
    for name, (embedding_weight, ngram_weight) in views.items():
        for c in (10.0, 30.0):
            one = replace(knobs, embedding_weight=embedding_weight, ngram_weight=ngram_weight, c=c)
            rows, names = held_out(sentences, dense, one)
            print(f"{name:11s} C={c:<5}", judge(sentences, rows, names, at).lines())


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


def blind(path: Path, verbose: bool) -> None:
    """Trains on all sentences, judges on a file that nobody tuned on."""
    sentences, unseen = training_sentences(), read_jsonl(path)
    knobs, at = config()
    grams = counter()
    counts = grams.fit_transform([for_models(s.text) for s in sentences])
    model = TopicModel(knobs)
    model.fit(vectors(sentences), counts, [s.topics[0] for s in sentences])
    dense = shared_encoder().embed_many([s.text for s in unseen])
    rows = model.probabilities(dense, grams.transform([for_models(s.text) for s in unseen]))
    report(unseen, rows, model.topics, at)
    if verbose:
        for sentence, row in zip(unseen, rows, strict=True):
            best = model.topics[int(row.argmax())]
            if best not in sentence.topics:
                print(f"{'/'.join(sentence.topics)} → {best} {row.max():.2f}: {sentence.text}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("cv", "grid", "views", "confusions", "blind"))
    parser.add_argument("--file", type=Path, default=PROJECT / "tests/understanding/blind.jsonl")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if options.what in ("cv", "grid"):
        cross_validate(options.what == "grid")
    elif options.what == "views":
        compare_views()
    elif options.what == "confusions":
        confusions()
    else:
        blind(options.file, options.verbose)


if __name__ == "__main__":
    main()

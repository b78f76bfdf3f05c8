"""Our topic model beside Rasa's DIET and each view alone, on 20 topics.

    .venv/bin/python bench/diet.py

Both learn the same sentences of data/nlu and are judged on the same sentences by other writers
(tests/understanding/dev.jsonl). DIET has the pipeline that Rasa proposes, untuned, and 20 epochs:
it knows 98 % of what it learned after nine.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "bench")]

from understanding import (  # noqa: E402
    Sentence,
    config,
    counter,
    read_jsonl,
    training_sentences,
    vectors,
    wilson,
)

from bot.understanding.quiet import before_rasa_is_imported, silence_rasa  # noqa: E402
from bot.understanding.text import for_models  # noqa: E402
from bot.understanding.topic_model import Knobs, TopicModel  # noqa: E402

TOPICS = (
    "cost", "is_x_there", "barnevern_fear", "custody_contact", "must_i_report", "restraining_order",
    "phone_tracking", "digital", "jealousy_control", "isolation", "housing_tonight",
    "housing_after", "nav_checklist", "residence_permit", "day_service", "day_first_talk",
    "worried_about_someone", "children_with_me", "confidentiality", "out_of_scope",
)  # fmt: skip
DIET = {
    "recipe": "default.v1",
    "assistant_id": "bench",
    "language": "nb",
    "pipeline": [
        {"name": "bot.understanding.tokenizer.NorwegianTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 20, "random_seed": 42, "entity_recognition": False},
    ],
}


def main() -> None:
    """Trains all four, prints one line each."""
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS"):
        os.environ.setdefault(name, str(os.cpu_count() or 1))
    before_rasa_is_imported()
    dev = read_jsonl(PROJECT / "tests" / "understanding" / "dev.jsonl")
    told = {for_models(s.text) for s in dev}
    learned = [s for s in training_sentences() if for_models(s.text) not in told]
    known = [s for s in learned if s.topics[0] in TOPICS]
    unseen = [s for s in dev if s.topics[0] in TOPICS]
    print(f"{len(TOPICS)} topics, {len(known)} sentences, judged on {len(unseen)} by others")
    knobs = config()[0]
    one("n-grams alone", unseen, lambda: ours(known, unseen, replace(knobs, embedding_weight=0.0)))
    one("embeddings alone", unseen, lambda: ours(known, unseen, replace(knobs, ngram_weight=0.0)))
    one("both", unseen, lambda: ours(known, unseen, knobs))
    one("DIET", unseen, lambda: asyncio.run(diet(known, unseen)))


def one(name: str, unseen: Sequence[Sentence], rank: Callable[[], list[list[str]]]) -> None:
    """How often the right topic stands first and among three."""
    started = time.monotonic()
    rankings = rank()
    first = sum(r[0] in s.topics for r, s in zip(rankings, unseen, strict=True))
    three = sum(bool({*r[:3]} & {*s.topics}) for r, s in zip(rankings, unseen, strict=True))
    low, high = wilson(first, len(unseen))
    print(
        f"{name:17s} first {first / len(unseen):.3f} [{low:.3f}, {high:.3f}]  "
        f"among three {three / len(unseen):.3f}  {time.monotonic() - started:.0f} s"
    )


def ours(known: Sequence[Sentence], unseen: Sequence[Sentence], knobs: Knobs) -> list[list[str]]:
    """Topics by our model, the likeliest first."""
    grams = counter()
    counts = grams.fit_transform([for_models(s.text) for s in known])
    dense = vectors([*known, *unseen])
    model = TopicModel(knobs)
    model.fit(dense[: len(known)], counts, [s.topics[0] for s in known])
    counted = grams.transform([for_models(s.text) for s in unseen])
    rows = model.probabilities(dense[len(known) :], counted)
    return [[model.topics[i] for i in order] for order in np.argsort(-rows, axis=1)]


async def diet(known: Sequence[Sentence], unseen: Sequence[Sentence]) -> list[list[str]]:
    """Topics by Rasa's own classifier, the likeliest first."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    silence_rasa()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        by_topic: dict[str, list[str]] = {}
        for sentence in known:
            by_topic.setdefault(sentence.topics[0], []).append(for_models(sentence.text))
        nlu = [
            {"intent": topic, "examples": "".join(f"- {text}\n" for text in texts)}
            for topic, texts in by_topic.items()
        ]
        (place / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}))
        (place / "config.yml").write_text(yaml.safe_dump(DIET))
        paths = str(place / "config.yml"), str(place / "nlu.yml"), str(place / "models")
        model = await asyncio.to_thread(train_nlu, *paths)
        agent = Agent.load(model)
        rankings = []
        for sentence in unseen:
            parsed = await agent.parse_message(for_models(sentence.text))
            rankings.append([str(t["name"]) for t in parsed["intent_ranking"]])
    return rankings


if __name__ == "__main__":
    main()

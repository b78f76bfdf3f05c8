"""How much each network says: fitted on messages that none of them has learned from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bench.safety.sets import Labelled, named
from bot.safety import load_check
from bot.safety.normalise import readable
from bot.safety.second import Guess
from bot.settings import ROOT
from bot.understanding.danger_model import MODEL, DangerModel, Scores, guessed

#: Questions about topics by other writers: nobody meant danger by them.
QUESTIONS = ("tests/understanding/thresholds.jsonl", "tests/understanding/thresholds_2.jsonl")
#: But where these are asked for something may be happening.
_URGENT = frozenset(
    {"human_now", "housing_tonight", "legevakt", "overgrepsmottak", "child_abduction"}
)
#: And where these are told of it may be live, though not of this minute.
_TOLD = frozenset(
    {
        *("physical", "sexual", "threats", "violence_in_pregnancy", "latent", "stalking"),
        *("violence_in_substance_milieu", "forced_marriage", "post_separation", "trafficking"),
        *("social_control_honour", "digital", "against_parents", "against_men"),
        *("by_family_or_in_laws", "phone_tracking", "suspect_neighbour", "child_i_know"),
        *("i_use_violence", "is_this_violence", "elderly"),
    }
)
_NOTHING = Scores(-9.0, -9.0, 0.0, "none", 0)
_SHARES = (0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01)

Row = npt.NDArray[Any]


@dataclass(frozen=True)
class Scored:
    """Messages and what the networks make of each."""

    messages: Sequence[Labelled]
    scores: Sequence[Scores]

    @property
    def seen(self) -> Row:
        """The evidence for each (n, 5)."""
        return np.array([scores.evidence for scores in self.scores], float)

    def level(self, *levels: str) -> Row:
        """Which of the messages have one of these levels."""
        return np.array([m.level in levels for m in self.messages])


def weigh() -> None:
    """Print weights, and what each threshold finds and raises."""
    second = DangerModel(ROOT / MODEL)
    second.load()
    labelled = scored(second, named("thresholds"))
    asked = scored(second, questions())
    lists = load_check()
    found = [lists.check(m.text).finding for m in labelled.messages]
    for name, levels, calm in (
        ("THIS_MINUTE", ("now",), asked.level("none", "told")),
        ("LIVE", ("now", "soon"), asked.level("none")),
    ):
        known = np.array([f is not None and f.level in levels for f in found])
        fit(name, labelled, asked.seen[calm], levels, known)
    guesses = [guessed(scores) for scores in labelled.scores]
    alone = labelled.level("now") & np.array([f is None or f.level != "now" for f in found])
    _doubted("danger at now that only the model found", guesses, alone)
    _doubted("calm messages it raised", guesses, labelled.level("none", "gentle"))
    every = np.ones(len(asked.scores), bool)
    _doubted("questions it raised", [guessed(scores) for scores in asked.scores], every)


def _doubted(name: str, guesses: Sequence[Guess], among: Row) -> None:
    raised = [g for g, counts in zip(guesses, among, strict=True) if counts and g.level == "now"]
    doubtful = [g for g in raised if g.doubtful]
    beside = [g for g in doubtful if g.danger not in ("suicide", "found_out")]
    print(f"{name}: {len(raised)}, doubtful {len(doubtful)}, to be answered beside {len(beside)}")


def fit(name: str, labelled: Scored, calm: Row, levels: tuple[str, ...], known: Row) -> None:
    """`known`: what the lists find by themselves."""
    yes, no = labelled.level(*levels), labelled.level("none", "gentle")
    used = yes | no | labelled.level("soon")
    rows = np.vstack([labelled.seen[used], calm])
    wanted = np.concatenate([yes[used], np.zeros(len(calm), bool)])
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    odds = cross_val_predict(
        LogisticRegression(), rows, wanted, cv=folds, method="decision_function"
    )
    here, there = np.full(len(used), -np.inf), odds[used.sum() :]
    here[used] = odds[: used.sum()]
    learned = LogisticRegression().fit(rows, wanted)
    weights = [*learned.coef_[0], learned.intercept_[0]]
    print(f"\n{name} =", ", ".join(f"{weight:.2f}" for weight in weights))
    suicide = yes & np.array([m.danger == "suicide" for m in labelled.messages])
    for share in _SHARES:
        start = np.quantile(there, 1 - share)
        raised = here >= start
        print(
            f"  from {start:5.2f}: questions {share:.3f}, calm {raised[no].mean():.3f};"
            f" found {(raised | known)[yes].mean():.3f}, suicide"
            f" {(raised | known)[suicide].mean():.3f}"
        )


def scored(second: DangerModel, messages: Sequence[Labelled]) -> Scored:
    """What a loaded model says of messages."""
    return Scored(messages, [second.scores(readable(m.text)) or _NOTHING for m in messages])


def questions() -> list[Labelled]:
    """Questions about topics; their level says "told" where they may tell of live danger."""
    found = []
    for file in QUESTIONS:
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["alarm"] not in ("now", "soon") and _URGENT.isdisjoint(row["topics"]):
                level = "none" if _TOLD.isdisjoint(row["topics"]) else "told"
                found.append(Labelled(row["text"], "none", level, row["lang"]))
    return found

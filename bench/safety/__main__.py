"""Prints how the danger check does on labelled messages, each signal alone and both together.

python -m bench.safety dev              the set that gates `make test`
python -m bench.safety blind --misses   the set nobody looks at while anything is changed
python -m bench.safety left-out         each training file judged by a model that never saw it
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from statistics import quantiles
from typing import Any

import numpy as np

from bench.safety.sets import SETS, Find, Labelled, Seen, by_slice, look, named, rates
from bot.safety import Finding, SafetyCheck, load_check
from bot.safety.genders import swapped
from bot.safety.second import Guess, weighed
from bot.settings import ROOT
from bot.understanding import danger_model
from bot.understanding.danger_model import MODEL, DangerModel, Judge, as_read
from bot.understanding.danger_training import CACHE, Sentence, calm, labelled, learn, vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", choices=[*SETS, "left-out"])
    parser.add_argument("files", nargs="*", help="left-out: only these, such as train_g.jsonl")
    parser.add_argument("--misses", action="store_true", help="list what was missed or cried")
    chosen = parser.parse_args()
    if chosen.set == "left-out":
        left_out(chosen.files)
        return
    check, second = load_check(), DangerModel(ROOT / MODEL)
    second.load()
    messages = named(chosen.set)
    seen = show(check, second, messages)
    slowest(check, second, messages)
    swaps(both(check, second), messages, chosen.misses)
    for s in seen if chosen.misses else []:
        if s.missed or s.false_alarm:
            print(f"  {s.message.danger}/{s.message.level} found {s.level}: {s.message.text}")


def both(check: SafetyCheck, second: DangerModel) -> Find:
    """The check as the service runs it."""
    check.second = second
    return lambda text: check.check(text).finding


def show(check: SafetyCheck, second: DangerModel, messages: list[Labelled]) -> list[Seen]:
    """Print the figures of each signal and of both; returns what both found."""
    check.second = None
    lists = look(lambda text: check.check(text).finding, messages)
    alone = look(lambda text: weighed(None, second.guess(text), text, False), messages)
    together = look(both(check, second), messages)
    for name, seen in (("lists", lists), ("model", alone), ("both", together)):
        print(f"\n{name}, {len(seen)} messages")
        for measure, rate in rates(seen).items():
            print(f"  {measure:<18} {rate}")
    print("\nat now, both")
    for name, rate in by_slice(together):
        print(f"  {name:<28} {rate}")
    return together


def slowest(check: SafetyCheck, second: DangerModel, messages: Iterable[Labelled]) -> None:
    """Print what the check costs beside the embedding, in ms."""
    took = []
    for message in messages:
        second.guess(message.text)  # the embedding is shared with the topics
        begun = time.perf_counter()
        check.check(message.text)
        took.append((time.perf_counter() - begun) * 1000)
    cut = quantiles(took, n=20)
    print(f"\ntime beside the embedding: p50 {cut[9]:.1f} ms, p95 {cut[18]:.1f} ms")


def swaps(find: Find, messages: Iterable[Labelled], listed: bool) -> None:
    """Print how many messages are judged differently about the other gender."""
    tried, differing = 0, []
    for message in messages:
        other = swapped(message.text)
        if other == message.text:
            continue
        tried += 1
        here, there = _gist(find(message.text)), _gist(find(other))
        if here != there:
            differing.append(f"  {here} / {there}: {message.text} / {other}")
    print(f"\nabout the other gender: {len(differing)} of {tried} are judged differently")
    for line in differing if listed else []:
        print(line)


def left_out(names: Sequence[str]) -> None:
    """For each training file: a model that learned from the others, and from one half of the calm
    questions; the other half shows how often those would be cried for."""
    check = load_check()
    files = labelled(ROOT)
    questions = calm(ROOT)
    everything = [s for rows in files.values() for s in rows] + questions
    origin = np.array(
        [name for name, rows in files.items() for _ in rows]
        + [("kept", "asked")[number % 2] for number in range(len(questions))]
    )
    dense = vectors(everything, ROOT / CACHE)
    for name in names or files:
        train = np.flatnonzero((origin != name) & (origin != "asked"))
        judge = Judge(learn([everything[i] for i in train], dense[train]))
        print(f"\n=== {name}, learned from {len(train)} others", flush=True)
        asked = np.flatnonzero(origin == "asked")
        scores = judge.scores(dense[asked], [as_read(everything[i].text) for i in asked])
        there = judge.scores(dense[origin == name], [as_read(s.text) for s in files[name]])
        thresholds(check, judge, files[name], there, scores)


def thresholds(
    check: SafetyCheck, judge: Judge, sentences: Sequence[Sentence], scores: Any, asked: Any
) -> None:
    """Print what other thresholds would have found and cried for."""
    messages = [Labelled(s.text, s.danger, s.level, "") for s in sentences]
    lists = [check.check(m.text).finding for m in messages]
    _print_rates("lists", [Seen(*s) for s in zip(messages, lists, strict=True)])
    for now, live, below in (
        *((now, 0.5, -9.0) for now in (-0.5, -0.25, 0.0, 0.25, 0.5)),
        *((0.0, live, -9.0) for live in (0.0, 1.0)),
        *((0.0, 0.5, below) for below in (-2.0, -1.5, -1.0)),
    ):
        danger_model.NOW_FROM, danger_model.LIVE_FROM, danger_model.CALM_BELOW = now, live, below
        found = [
            Seen(m, weighed(f, g, m.text, False))
            for m, f, g in zip(messages, lists, _guesses(judge, scores), strict=True)
        ]
        cried = [g.level for g in _guesses(judge, asked)]
        questions = (
            f"questions now {cried.count('now')}, soon {cried.count('soon')} of {len(cried)}"
        )
        _print_rates(f"now {now} live {live} calm {below}", found, questions)


def _guesses(judge: Judge, scores: Any) -> list[Guess]:
    return [judge.of(now, live, row) for now, live, row in zip(*scores, strict=True)]


def _print_rates(name: str, seen: list[Seen], more: str = "") -> None:
    r = rates(seen)
    kinds = ("now", "now found at all", "now+soon", "false alarms", "right danger")
    print(f"  {name:<30}", ", ".join(f"{k} {r[k].share:.3f}" for k in kinds), more, flush=True)


def _gist(finding: Finding | None) -> str:
    return f"{finding.danger}/{finding.level}" if finding else "none"


if __name__ == "__main__":
    main()

"""Prints how the danger check does on labelled messages, each signal alone and both together.

python -m bench.safety dev              the set that gates `make test`
python -m bench.safety blind --misses   the set nobody looks at while anything is changed
python -m bench.safety weigh            what each network says, for danger_model.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from statistics import quantiles

from bench.safety.sets import SETS, Find, Labelled, Seen, by_slice, look, named, rates
from bench.safety.weighing import weigh
from bot.safety import Finding, SafetyCheck, load_check
from bot.safety.genders import swapped
from bot.safety.second import weighed
from bot.settings import ROOT
from bot.understanding.danger_model import MODEL, DangerModel


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", choices=[*SETS, "weigh"])
    parser.add_argument("--misses", action="store_true", help="list what was missed or cried")
    chosen = parser.parse_args()
    if chosen.set == "weigh":
        weigh()
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


def _gist(finding: Finding | None) -> str:
    return f"{finding.danger}/{finding.level}" if finding else "none"


if __name__ == "__main__":
    main()

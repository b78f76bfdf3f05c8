"""Topics, sentences, rules and texts belong together, group by group."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.safety.finding import PRECEDENCE
from bot.understanding.text import for_models

PROJECT = Path(__file__).resolve().parents[2]
GROUPS = sorted(file.stem for file in (PROJECT / "data" / "nlu").glob("*.yml"))
#: At least so many sentences per topic in Bokmål, Nynorsk or dialect, and English.
SUBSTANCE, CONVERSATION = (25, 10, 12), (12, 5, 6)


def blocks(group: str) -> list[dict[str, Any]]:
    read = yaml.safe_load((PROJECT / "data" / "nlu" / f"{group}.yml").read_text())
    return list(read["nlu"])


def sentences(block: dict[str, Any]) -> list[str]:
    return [line.removeprefix("- ") for line in block["examples"].splitlines()]


def topics(group: str) -> set[str]:
    return {str(block["intent"]) for block in blocks(group)}


def rules(group: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((PROJECT / "data" / "rules" / f"{group}.yml").read_text())["rules"])


def test_a_topic_lives_in_one_file() -> None:
    seen = Counter(topic for group in GROUPS for topic in topics(group))
    assert [topic for topic, files in seen.items() if files > 1] == []


def test_the_domain_names_exactly_the_topics_that_have_sentences() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text())
    assert set(domain["intents"]) == set().union(*map(topics, GROUPS))


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_rules_and_actions_for_its_topics(group: str) -> None:
    ruled = {rule["steps"][0]["intent"] for rule in rules(group)}
    assert ruled - {"nlu_fallback"} == topics(group)
    assert (PROJECT / "actions" / f"{group}.py").exists()


@pytest.mark.parametrize("group", GROUPS)
def test_every_topic_has_a_text_in_three_languages(group: str) -> None:
    missing = [
        f"{topic}.{lang}"
        for topic in sorted(topics(group))
        for lang in ("nb", "nn", "en")
        if not (PROJECT / "content" / group / f"{topic}.{lang}.md").exists()
    ]
    assert missing == []


def test_every_rule_is_a_sentence_of_its_own() -> None:
    names = [rule["rule"] for group in GROUPS for rule in rules(group)]
    assert len(names) == len(set(names))
    assert all(name[0].isupper() and len(name.split()) >= 3 for name in names)


@pytest.mark.parametrize("group", GROUPS)
def test_every_topic_has_enough_sentences_in_each_language(group: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for block in blocks(group):
        counts[str(block["intent"]), block["metadata"]["lang"]] += len(set(sentences(block)))
    wanted = CONVERSATION if group == "conversation" else SUBSTANCE
    short = [
        (topic, lang, counts[topic, lang])
        for topic in sorted(topics(group))
        for lang, least in zip(("nb", "nn", "en"), wanted, strict=True)
        if counts[topic, lang] < least
    ]
    assert short == []


def test_no_sentence_stands_for_two_topics() -> None:
    owner: dict[str, str] = {}
    twice = []
    for group in GROUPS:
        for block in blocks(group):
            for sentence in sentences(block):
                topic = owner.setdefault(for_models(sentence), str(block["intent"]))
                if topic != str(block["intent"]):
                    twice.append((sentence, topic, block["intent"]))
    assert twice == []


@pytest.mark.parametrize("held_back", ["blind.jsonl", "thresholds.jsonl", "thresholds_2.jsonl"])
def test_no_sentence_held_back_has_slipped_into_training(held_back: str) -> None:
    trained = {
        for_models(sentence)
        for group in GROUPS
        for block in blocks(group)
        for sentence in sentences(block)
    }
    lines = (PROJECT / "tests" / "understanding" / held_back).read_text().splitlines()
    blind = [json.loads(line) for line in lines]
    assert [row["text"] for row in blind if for_models(row["text"]) in trained] == []
    known = set().union(*map(topics, GROUPS), PRECEDENCE)
    assert {topic for row in blind for topic in row["topics"]} <= known

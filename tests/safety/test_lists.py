"""Every phrase, idiom and word of the lists is tried in a sentence, so that none is dead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.safety import SafetyDataError, load_check
from bot.safety.lexicon import WordClass, read_classes
from bot.safety.load import HERE
from bot.safety.phrases import FRAMES, TIMES, Phrase, Rule
from tests.safety.support import check, lists

RULE_PHRASES = [
    pytest.param(rule, number, phrase, id=phrase.where)
    for rule in lists().rules
    for number, phrase in enumerate(rule.phrases)
]
CUES = [
    pytest.param(name, number, cue, id=cue.where)
    for name, cues in lists().cues.items()
    for number, cue in enumerate(cues)
]
IDIOMS = [
    pytest.param(number, idiom, id=idiom.where) for number, idiom in enumerate(lists().idioms)
]
WORD_CLASSES = read_classes(HERE / "lexicon")
# Small words carry no danger of their own; their classes are tried through the phrases.
DANGER_CLASSES = [item for item in WORD_CLASSES if item.file != "grammar.yml"]


@pytest.mark.parametrize(("rule", "number", "phrase"), RULE_PHRASES)
def test_a_phrase_is_found_in_its_own_sentence(rule: Rule, number: int, phrase: Phrase) -> None:
    assert f"rule {rule.id} {number}" in check().matched(phrase.say)
    finding = check().check(phrase.say).finding
    assert finding is not None
    assert rule.danger in finding.all or finding.young


@pytest.mark.parametrize(("rule", "number", "phrase"), RULE_PHRASES)
def test_a_phrase_leaves_its_near_miss_alone(rule: Rule, number: int, phrase: Phrase) -> None:
    if phrase.not_ is not None:
        finding = check().check(phrase.not_).finding
        assert finding is None, f"{phrase.not_!r} gave {finding}"


@pytest.mark.parametrize(("name", "number", "cue"), CUES)
def test_a_word_of_time_or_frame_is_found(name: str, number: int, cue: Phrase) -> None:
    assert f"cue {name} {number}" in check().matched(cue.say)


@pytest.mark.parametrize(("number", "idiom"), IDIOMS)
def test_an_idiom_is_no_danger(number: int, idiom: Phrase) -> None:
    assert f"idiom {number}" in check().matched(idiom.say)
    assert check().check(idiom.say).finding is None
    if idiom.not_ is not None:
        assert check().check(idiom.not_).finding is not None


@pytest.mark.parametrize("item", DANGER_CLASSES, ids=lambda item: item.name)
def test_every_word_of_danger_is_found_in_the_sentence_of_its_class(item: WordClass) -> None:
    dead = []
    for form, words in item.words.items():
        sentence = item.say[form] if form else next(iter(item.say.values()))
        dead += [word for word in words if check().check(sentence.format(word)).finding is None]
    assert not dead


def test_every_time_and_frame_has_words() -> None:
    assert set(lists().cues) == {*TIMES, *FRAMES}


BROKEN = {
    "an empty phrase": ("phrases/strangled.yml", 'match: "$choke.pres ~2 $me"', 'match: ""'),
    "a phrase without a sentence": ("phrases/strangled.yml", 'say: "han kveler meg"', 'say: ""'),
    "an unknown class": ("phrases/strangled.yml", "$choke.pres ~2", "$chocke.pres ~2"),
    "an unknown form": ("phrases/strangled.yml", "$choke.pres ~2", "$choke.now ~2"),
    "a gap that is none": ("phrases/strangled.yml", "$choke.pres ~2", "$choke.pres ~0"),
    "an unknown danger": ("phrases/strangled.yml", "danger: strangled", "danger: strangling"),
    "an unknown kind": ("phrases/strangled.yml", "kind: live", "kind: living"),
    "a file that is not YAML": ("phrases/strangled.yml", "rules:", "rules: ["),
    "a word twice": ("lexicon/things.yml", "words: gravid", "words: gravid gravid"),
    "a class without a sentence": ("lexicon/things.yml", 'say: "jeg {} m', 'sai: "jeg {} m'),
    "a sentence without a place": ("lexicon/things.yml", '"jeg vil {}"', '"jeg vil"'),
    "a union of nothing": ("lexicon/unions.yml", "actor: he", "actor: hee"),
}


@pytest.mark.parametrize(("file", "right", "wrong"), BROKEN.values(), ids=BROKEN.keys())
def test_a_list_that_is_wrong_stops_the_start_with_one_line(
    tmp_path: Path, file: str, right: str, wrong: str
) -> None:
    for folder in ("lexicon", "phrases"):
        shutil.copytree(HERE / folder, tmp_path / folder)
    path = tmp_path / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(SafetyDataError) as error:
        load_check(tmp_path)
    told = str(error.value)
    assert "\n" not in told
    assert Path(file).name.split(".")[0] in told
    assert ";" in told  # what is wrong; how to mend it


def test_a_missing_danger_stops_the_start(tmp_path: Path) -> None:
    for folder in ("lexicon", "phrases"):
        shutil.copytree(HERE / folder, tmp_path / folder)
    (tmp_path / "phrases" / "found_out.yml").unlink()
    with pytest.raises(SafetyDataError, match="found_out"):
        load_check(tmp_path)


def test_a_phrase_that_stands_twice_stops_the_start(tmp_path: Path) -> None:
    for folder in ("lexicon", "phrases"):
        shutil.copytree(HERE / folder, tmp_path / folder)
    path = tmp_path / "phrases" / "strangled.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if "match:" in line)
    path.write_text("\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :]]), encoding="utf-8")
    with pytest.raises(SafetyDataError, match="also stands"):
        load_check(tmp_path)

"""Loads the danger lists and makes the check; everything that can be wrong with them stops here."""

from __future__ import annotations

from pathlib import Path

from bot.content import Content
from bot.safety.answers import load_answers
from bot.safety.check import SafetyCheck
from bot.safety.lexicon import Lexicon, read_classes, read_unions
from bot.safety.other import load_other_languages
from bot.safety.pattern import literals
from bot.safety.phrases import read_lists
from bot.safety.reading import read_yaml
from bot.safety.reading_along import load_reading_along
from bot.safety.words import SafetyWords

HERE = Path(__file__).parent


def load_check(folder: Path = HERE) -> SafetyCheck:
    """The danger check from the lists in `folder`. Raises SafetyDataError."""
    classes = read_classes(folder / "lexicon")
    unions = read_unions(folder / "lexicon" / "unions.yml", classes)
    ordinary = str(read_yaml(folder / "lexicon" / "ordinary.yml").get("words", "")).split()
    lists = read_lists(folder / "phrases")
    load_answers()
    load_reading_along()
    plain = {word for phrase in lists.all_phrases() for word in literals(phrase.match)}
    lexicon = Lexicon(classes, unions, {word.lower() for word in plain}, ordinary)
    return SafetyCheck(lexicon, lists, load_other_languages(folder / "other_languages"))


def load_safety(content: Content) -> tuple[SafetyCheck, SafetyWords]:
    """The check and its words. Raises SafetyDataError in one line: what, where, how to mend it."""
    return load_check(), SafetyWords(content, content.centre.line)

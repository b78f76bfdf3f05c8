"""Facts a person mentions in passing, so that nobody asks for them again.

Modest on purpose: only what is said outright, in Norwegian or English. A fact that is missed is
asked for; a fact that is wrong stands in the summary, where the person can correct it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc, Span

_LONGEST = 2000
_NUMBERS = {
    "en": 1, "ei": 1, "et": 1, "ein": 1, "eit": 1, "ett": 1, "one": 1, "a": 1, "an": 1,
    "to": 2, "two": 2, "tre": 3, "three": 3, "fire": 4, "four": 4, "fem": 5, "five": 5,
    "seks": 6, "six": 6, "sju": 7, "syv": 7, "seven": 7, "åtte": 8, "eight": 8, "ni": 9,
    "nine": 9, "ti": 10, "ten": 10,
}  # fmt: skip
_MANY = "barn born unger ungar onger småbarn småunger kids children sønner søner døtre døtrer sons"
_ONE = "barn unge baby sønn son datter dotter jente gutt nyfødt kid child daughter boy girl"
_NO_CHILDREN = ("ingen barn", "ikke barn", "ikkje barn", "no kids", "no children", "barnløs")
_OLDEST_CHILD = 17

_RELATIONS: dict[str, str] = {
    "husband": "mannen min|mann min|ektemannen|husband|mannen",
    "wife": "kona mi|kona|kåna|my wife",
    "partner": "samboeren|samboer|sambuaren|typen|dama mi|kjæresten|kjærasten|boyfriend|girlfriend|"
    "partner|partneren",
    "former_partner": "eksen|eksmannen|ekskona|my ex|ex husband|ex boyfriend|ex wife",
    "parent": "faren min|far min|pappa|mora mi|mor mi|mamma|stefaren|stemora|my father|my mother|"
    "my dad|my mom|my mum|stepdad|stepfather",
    "child": "sønnen min|sonen min|dattera mi|datteren min|dotter mi|my son|my daughter",
    "sibling": "broren min|bror min|søstera mi|syster mi|my brother|my sister",
    "in_law": "svigermor|svigerfar|svigerfamilien|svigersønnen|mother in law|father in law|in-laws",
}
_TOGETHER = (
    "bor sammen|bur saman|bor fortsatt sammen|bur framleis saman|bor med han|bor med ham|"
    "bor med henne|live together|living together|live with him|live with her|living with him"
)
_APART = (
    "har flyttet ut|har flytta ut|flyttet fra|flytta frå|flytta fra|har flyttet fra hverandre|"
    "moved out|don't live together|bor ikke sammen|bur ikkje saman|har gått fra|left him|left her"
)
_INTERPRETER = "tolk|interpreter|tolkehjelp"
_LANGUAGES: dict[str, str] = {
    "ar": "arabisk|arabic",
    "so": "somali|somalisk",
    "ti": "tigrinja|tigrinya",
    "uk": "ukrainsk|ukrainian",
    "ru": "russisk|russian",
    "pl": "polsk|polish",
    "fa": "dari|persisk|farsi|persian",
    "tr": "tyrkisk|turkish",
    "es": "spansk|spanish",
    "th": "thai|thailandsk",
    "lt": "litauisk|lithuanian",
    "ku": "kurdisk|kurdish|kurmanji|sorani",
    "ur": "urdu",
    "vi": "vietnamesisk|vietnamese",
    "fr": "fransk|french",
    "se": "samisk|sami|nordsamisk",
    "sign": "tegnspråk|teiknspråk|sign language",
}
#: What the conversation's facts know by these names (`Facts` in bot/channels/flows.py).
SUMMARY_FIELDS = ("children", "municipality", "language", "interpreter")


class FactPicker:
    """Picks up facts; built once with the municipalities of `centre.yml`."""

    def __init__(self, municipalities: Sequence[str]) -> None:
        self._nlp: Language = spacy.blank("nb")
        self._places = {name.lower(): name for name in municipalities}
        self._phrases = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._add("municipality", list(municipalities))
        for relation, words in _RELATIONS.items():
            self._add(f"relation:{relation}", words.split("|"))
        self._add("together", _TOGETHER.split("|"))
        self._add("apart", _APART.split("|"))
        self._add("interpreter", _INTERPRETER.split("|"))
        self._add("no_children", list(_NO_CHILDREN))
        for code, words in _LANGUAGES.items():
            self._add(f"language:{code}", words.split("|"))
        self._counts = Matcher(self._nlp.vocab)
        number: dict[str, Any] = {"LOWER": {"IN": list(_NUMBERS)}}
        digit: dict[str, Any] = {"IS_DIGIT": True, "LENGTH": {"<=": 2}}
        filler = {"LOWER": {"IN": ["små", "små.", "mindreårige", "small", "young"]}, "OP": "?"}
        many, one = {"LOWER": {"IN": _MANY.split()}}, {"LOWER": {"IN": _ONE.split()}}
        mine = {"LOWER": {"IN": ["har", "have", "med", "with", "got"]}}
        self._counts.add("children", [[number, filler, many], [digit, filler, many]])
        self._counts.add("child", [[mine, number, one]])
        years = {"LOWER": {"IN": ["år", "åring", "years", "year"]}}
        joint = {"LOWER": {"IN": ["og", "and", ","]}}
        self._counts.add(
            "ages",
            [
                [digit, years],
                [digit, joint, digit, years],
                [digit, joint, digit, joint, digit, years],
                [{"LOWER": {"IN": ["på", "aged"]}}, digit, joint, digit],
                [{"LOWER": {"IN": ["på", "aged"]}}, digit, joint, digit, joint, digit],
            ],
        )

    def pick_up(self, text: str) -> dict[str, Any]:
        """What `text` says outright; keys are missing when nothing is said.

        children (str, "2 (4, 7)"), ages (list of int, of children), municipality (name as in
        centre.yml), relation (id, to the one it is about), living_together (bool), language (ISO
        639-1 or "sign"), interpreter ("yes").
        """
        doc = self._nlp.make_doc(text[:_LONGEST].lower().replace("-åring", " åring"))
        found: dict[str, Any] = {}
        for match in self._phrases(doc, as_spans=True):
            self._take_phrase(match, found)
        ages, count = self._ages_and_count(doc)
        if found.pop("no_children", False):
            found["children"] = "0"
        elif count:
            found["ages"] = ages
            found["children"] = f"{count} ({', '.join(map(str, ages))})" if ages else str(count)
            if not ages:
                del found["ages"]
        return found

    def _add(self, label: str, words: Sequence[str]) -> None:
        self._phrases.add(label, [self._nlp.make_doc(word.lower()) for word in words])

    def _take_phrase(self, match: Span, found: dict[str, Any]) -> None:
        kind, _, value = match.label_.partition(":")
        if kind == "municipality":
            found.setdefault("municipality", self._places[match.text.lower()])
        elif kind in ("relation", "language"):
            found.setdefault(kind, value)
        elif kind in ("together", "apart"):
            # "bor ikke sammen" holds "bor sammen" only with other words between: apart wins.
            found["living_together"] = kind == "together" and found.get("living_together", True)
        elif kind == "interpreter":
            found["interpreter"] = "yes"
        else:
            found["no_children"] = True

    def _ages_and_count(self, doc: Doc) -> tuple[list[int], int]:
        ages: set[int] = set()
        count = 0
        for match in self._counts(doc, as_spans=True):
            numbers = [n for token in match if (n := _number(token.text)) is not None]
            if match.label_ == "ages":
                ages.update(n for n in numbers if n <= _OLDEST_CHILD)
            else:
                count = max(count, numbers[0])
        return (sorted(ages) if count else []), count


def pick_up_facts(text: str, municipalities: Sequence[str] = ()) -> dict[str, Any]:
    """The part of FactPicker.pick_up that the conversation's facts have a field for.

    The picker of these municipalities is built once (about 0.1 s).
    """
    picked = _picker(tuple(municipalities)).pick_up(text)
    return {name: picked[name] for name in SUMMARY_FIELDS if name in picked}


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else _NUMBERS.get(word)


@lru_cache(maxsize=4)
def _picker(municipalities: tuple[str, ...]) -> FactPicker:
    return FactPicker(municipalities)

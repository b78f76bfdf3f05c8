"""The words the danger check knows, in which class and form, and how a misspelt word finds home.

Every spelling gets a *symbol*: one id for the set of labels it has ("hit", "hit.pres", "=slår").
spaCy sees symbols only, so the vocabulary is closed and no word a person wrote is kept in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.safety.finding import SafetyDataError
from bot.safety.normalise import COMMA, STOP, fold, has_special, spell
from bot.safety.reading import read_yaml

FORMS = ("pres", "past", "inf", "perf")
UNKNOWN = "?"
# Shorter words are too easily something else to be guessed from a misspelling.
FOLD_FROM = 3
TYPO_FROM = 7

# Endings of Norwegian a-verbs, in both written languages and in dialects that drop the r or the e.
_REGULAR: Mapping[str, tuple[str, ...]] = {
    "pres": ("er", "ar", "e", "ær", ""),
    "past": ("et", "a", "te", "et'"),
    "inf": ("e", "a", ""),
    "perf": ("et", "a", "t"),
}


@dataclass(frozen=True)
class WordClass:
    """One class of the lexicon as read, with the sentence each form is tried in."""

    name: str
    file: str
    words: Mapping[str, tuple[str, ...]]  # form, or "" for a class without forms
    say: Mapping[str, str]
    ends: tuple[str, ...]
    violence: bool
    typos: bool


class Lexicon:
    """Word → symbol → labels. Built once; looking up never changes it."""

    def __init__(
        self,
        classes: Iterable[WordClass],
        unions: Mapping[str, tuple[str, ...]],
        literals: Iterable[str],
        ordinary: Iterable[str],
    ) -> None:
        self.classes = {item.name: item for item in classes}
        self.unions = dict(unions)
        labels: dict[str, set[str]] = defaultdict(set)
        for item in self.classes.values():
            for form, words in item.words.items():
                for word in words:
                    labels[word] |= {item.name, f"{item.name}.{form}"} if form else {item.name}
        for word in literals:
            labels[word].add(f"={word}")
        for word in (STOP, COMMA):
            labels[word].add(f"={word}")
        for marks in labels.values():
            marks |= {name for name, parts in self.unions.items() if marks & set(parts)}
        self._exact = {word: frozenset(marks) for word, marks in labels.items()}
        self._ordinary = frozenset(ordinary) - self._exact.keys()
        self._spelt = (self._spelling_index(fold), self._spelling_index(spell))
        self._typos = (self._typo_index(fold), self._typo_index(spell))
        self._ends = [
            (end, frozenset({item.name} | {n for n, p in unions.items() if item.name in p}))
            for item in self.classes.values()
            for end in item.ends
        ]
        self._symbols: dict[frozenset[str], str] = {}
        self._by_label: dict[str, list[str]] = defaultdict(list)
        self.labels: dict[str, frozenset[str]] = {UNKNOWN: frozenset()}
        guessed = (*self._spelt, *self._typos)
        for found in {*self._exact.values(), *(f for index in guessed for f in index.values())}:
            self._add_symbol(found)
        for _, found in self._ends:
            self._add_symbol(found)

    def symbol(self, word: str) -> str:
        """The symbol of a lower-case word, also misspelt; UNKNOWN for a word that is not ours."""
        found = self._exact.get(word)
        if found is None and word not in self._ordinary and len(word) >= FOLD_FROM:
            found = self._guess(word)
        return UNKNOWN if found is None else self._symbols[found]

    def with_label(self, label: str) -> list[str]:
        """All symbols that carry a label, for a pattern."""
        return sorted(self._by_label.get(label, ()))

    def knows(self, word: str) -> bool:
        return word in self._exact or self._has_clitic(word) is not None

    def split_clitic(self, word: str) -> tuple[str, str] | None:
        """ "sa'n" is two words: "sa" and "han". None when the word is whole."""
        stem = self._has_clitic(word)
        return None if stem is None else (stem, "han")

    def _has_clitic(self, word: str) -> str | None:
        if word in self._exact or not word.endswith("'n"):
            return None
        return word[:-2] or None

    def _guess(self, word: str) -> frozenset[str] | None:
        # People drop æ, ø and å, they do not add them: a word written with one keeps it.
        index, key = (1, spell(word)) if has_special(word) else (0, fold(word))
        if found := self._spelt[index].get(key):
            return found
        for end, labels in self._ends:
            if word.endswith(end) and len(word) > len(end) + 1:
                return labels
        if len(key) >= TYPO_FROM:
            for near in _deletions(key):
                if found := self._typos[index].get(near):
                    return found
        return None

    def _spelling_index(self, way: Callable[[str], str]) -> dict[str, frozenset[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for word, labels in self._exact.items():
            index[way(word)] |= labels
        return {key: frozenset(found) for key, found in index.items() if len(key) > 1}

    def _typo_index(self, way: Callable[[str], str]) -> dict[str, frozenset[str]]:
        # Deletion neighbourhood: two spellings one edit apart share a key. Only for words that
        # carry danger: a wrong guess there costs a look, a wrong guess elsewhere the meaning.
        index: dict[str, set[str]] = defaultdict(set)
        for item in self.classes.values():
            for word in {w for words in item.words.values() for w in words} if item.typos else ():
                key = way(word)
                if len(key) >= TYPO_FROM:
                    for near in _deletions(key):
                        index[near] |= self._exact[word]
        return {key: frozenset(found) for key, found in index.items()}

    def _add_symbol(self, found: frozenset[str]) -> None:
        if found not in self._symbols:
            symbol = f"w{len(self._symbols)}"
            self._symbols[found] = symbol
            self.labels[symbol] = found
            for label in found:
                self._by_label[label].append(symbol)


def _deletions(word: str) -> list[str]:
    # The first letter is rarely the wrong one, and keeping it keeps strangers apart.
    return [word] + [word[:at] + word[at + 1 :] for at in range(1, len(word))]


def read_classes(folder: Path) -> list[WordClass]:
    """All classes of the lexicon. Raises SafetyDataError on the first that is wrong."""
    found: dict[str, WordClass] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.stem in ("unions", "ordinary"):
            continue
        for name, raw in read_yaml(path).items():
            item = _read_class(path.name, str(name), raw)
            if name in found:
                raise SafetyDataError(
                    f"{path.name}: the class {name} also stands in {found[name].file}; join them"
                )
            found[name] = item
    if not found:
        raise SafetyDataError(f"{folder.name}: no word classes; check the installation")
    return list(found.values())


def _read_class(file: str, name: str, raw: object) -> WordClass:
    where = f"{file}: {name}"
    if not isinstance(raw, dict):
        raise SafetyDataError(f"{where} is not a class; give it `say` and words")
    words: dict[str, tuple[str, ...]] = {}
    for form in ("words", *FORMS):
        if form in raw:
            words["" if form == "words" else form] = _word_list(f"{where}.{form}", raw[form])
    for stem in _word_list(f"{where}.regular", raw["regular"]) if "regular" in raw else ():
        for form, endings in _REGULAR.items():
            known = words.get(form, ())
            new = tuple(w for w in (stem + end for end in endings) if w not in known)
            words[form] = known + tuple(dict.fromkeys(new))
    say = raw.get("say")
    if isinstance(say, str):
        say = dict.fromkeys(words, say)
    if (
        not words
        or not isinstance(say, dict)
        or {*words} - {"" if k == "words" else k for k in say}
    ):
        raise SafetyDataError(f"{where} is untested or empty; give each form words and a `say`")
    if any("{}" not in str(text) for text in say.values()):
        raise SafetyDataError(f"{where}.say has no {{}}; show where the word stands")
    ends = _word_list(f"{where}.ends", raw["ends"]) if "ends" in raw else ()
    return WordClass(
        name,
        file,
        words,
        {str(k): str(v) for k, v in say.items()},
        ends,
        violence=bool(raw.get("violence", False)),
        typos=bool(raw.get("violence", False) or raw.get("typos", False)),
    )


def _word_list(where: str, raw: object) -> tuple[str, ...]:
    words = str(raw).split() if isinstance(raw, str | int) else []
    if not words:
        raise SafetyDataError(f"{where} is empty; write words with a space between, or remove it")
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice:
        raise SafetyDataError(f"{where} has {twice!r} twice; remove one")
    return tuple(words)


def read_unions(path: Path, classes: Iterable[WordClass]) -> dict[str, tuple[str, ...]]:
    """Names for several classes at once, such as actor. Raises SafetyDataError."""
    names = {item.name for item in classes}
    unions: dict[str, tuple[str, ...]] = {}
    for name, raw in read_yaml(path).items():
        parts = _word_list(f"{path.name}: {name}", raw)
        missing = [part for part in parts if part.split(".")[0] not in names]
        if missing or name in names:
            raise SafetyDataError(f"{path.name}: {name} names an unknown or taken class; mend it")
        unions[name] = parts
    return unions

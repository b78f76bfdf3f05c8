"""Plain words of danger in languages that the helpline does not write itself.

One file per language in other_languages/, with lists that a native reader can read aloud. They
only raise what the Norwegian and English lists found, and need no detection of the language: a
cry of two words is too short for that.

In a phrase `*` at the end of a word is any ending, `a|b` either word, `~` none to three words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from bot.channels.messages import Level
from bot.safety.finding import LEVELS, PRECEDENCE, Finding, SafetyDataError
from bot.safety.reading import read_yaml
from bot.safety.second import SHOWN

FOLDER = Path(__file__).parent / "other_languages"
KEYS = frozenset({"language", "not", "not_after", "past", "now", "soon"})
GAP = "~"
MOST_BETWEEN = 3  # words that "~" may stand for
BEFORE, AFTER = 2, 2  # how far from a phrase a word that takes it back may stand
STEM = 3  # letters of a stem that it is looked up by; a shorter one would be met everywhere
STOP = "."

_TOKEN = re.compile(r"[^\W_]+|[.!?؟।።;\n]+")
# One letter for what keyboards and spellers mix: Arabic, Persian and Urdu forms of one letter,
# letters of Tigrinya that sound alike, Latin letters whose mark is no separate sign. Apostrophes
# go: they are left out as often as not.
_SAME = dict(zip("ىیےکگةہھۃ", "يييككهههه", strict=True))
_LATIN = {"ł": "l", "ı": "i", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"}
_GEEZ = ("ሠሰ", "ዐአ", "ፀጸ", "ቐቀ", "ኀሀ", "ሐሀ", "ኸከ")  # the first vowel of seven that follow
_APOSTROPHES = "'’‘ʼ´`"
_MARKS = frozenset({"Mn", "Me", "Cf", "Lm"})


class _Letters(dict[int, str | None]):
    """Each letter as it is compared, None when it goes; worked out once for every letter met."""

    def __init__(self) -> None:
        super().__init__({ord(letter): None for letter in _APOSTROPHES})
        self.update({ord(letter): same for letter, same in (_SAME | _LATIN).items()})
        for pair in _GEEZ:
            one, other = map(ord, pair)
            self.update({one + vowel: chr(other + vowel) for vowel in range(7)})
        self.update(dict.fromkeys(map(ord, "አዐዓ"), "ኣ") | dict.fromkeys(map(ord, "ሃሓኃ"), "ሀ"))

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        self[code] = None if unicodedata.category(letter) in _MARKS else letter
        return self[code]


_LETTERS = _Letters()
_ARABIC_AND = ("و", "ف")  # "and", written together with the word after it


@dataclass(frozen=True)
class Told:
    """A danger in a message, and the language that it is told in (ISO 639-1)."""

    danger: str
    level: Level
    language: str


@dataclass(frozen=True)
class Phrase:
    """A phrase as it is looked for: for each word what it may be; GAP stands alone."""

    words: tuple[tuple[str, ...], ...]
    danger: str
    level: Level


@dataclass(frozen=True)
class Language:
    """The list of one language."""

    code: str
    phrases: tuple[Phrase, ...]
    taken_back: frozenset[str]
    taken_back_after: frozenset[str]
    past: frozenset[str]


class OtherLanguages:
    """All languages at once. Pure, in memory; time grows with the length of the message."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self.languages = {language.code: language for language in languages}
        self._exact: dict[str, list[tuple[Phrase, Language]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[Phrase, Language]]] = defaultdict(list)
        for language in self.languages.values():
            for phrase in language.phrases:
                for word in phrase.words[0]:
                    stem = word.removesuffix("*")
                    index = self._exact if stem == word else self._stems
                    index[stem if stem == word else stem[:STEM]].append((phrase, language))

    def told(self, text: str) -> Told | None:
        """The gravest danger that a message tells of in one of the languages."""
        words = folded(text)
        said = frozenset(words)
        found = set()
        for phrase, language in self._met(words):
            # What is told as past is not of this minute.
            level: Level = "soon" if language.past & said else phrase.level
            found.add(Told(phrase.danger, level, language.code))
        return min(found, key=_gravity, default=None)

    def _met(self, words: list[str]) -> Iterator[tuple[Phrase, Language]]:
        for at, word in enumerate(words):
            for form in _forms(word):
                for phrase, language in (
                    *self._exact.get(form, ()),
                    *self._stems.get(form[:STEM], ()),
                ):
                    end = _end(phrase.words, words, at)
                    if end is not None and not _taken_back(words, at, end, phrase, language):
                        yield phrase, language


def in_another_language(
    finding: Finding | None, told: Told | None, read: str, young: bool
) -> Finding | None:
    """The finding of the other lists, raised by what is told in another language."""
    if told is None:
        return finding
    # topics.md: a child that writes itself is child_in_danger, whatever is done to it.
    danger = "child_in_danger" if young and told.danger == "danger_now" else told.danger
    if finding is None:
        words = read.strip()[:SHOWN]
        return Finding(
            danger, told.level, words, (danger,), neutral=False, young=young, tongue=told.language
        )
    if LEVELS.index(told.level) >= LEVELS.index(finding.level):
        return replace(finding, tongue=told.language)
    others = sorted({danger, *finding.all} - {danger}, key=PRECEDENCE.index)
    return replace(
        finding, danger=danger, level=told.level, all=(danger, *others), tongue=told.language
    )


def load_other_languages(folder: Path = FOLDER) -> OtherLanguages:
    """Read every list. Raises SafetyDataError: which file, what, how to mend it."""
    return OtherLanguages(_language(path) for path in sorted(folder.glob("*.yml")))


def folded(text: str) -> list[str]:
    """The words of a text as they are compared: small, without accents and vowel marks, letters
    that are mixed up made one; STOP stands between sentences and at both ends."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    plain = plain.translate(_LETTERS)
    words = [STOP]
    for token in _TOKEN.findall(plain):
        word = token if token[0].isalnum() else STOP
        if (word, words[-1]) != (STOP, STOP):
            words.append(word)
    return words if words[-1] == STOP else [*words, STOP]


# --- finding ---------------------------------------------------------------------------------


def _forms(word: str) -> tuple[str, ...]:
    """The word, and in Arabic script what is left when "and" is taken off."""
    joined = len(word) > STEM and word.startswith(_ARABIC_AND)
    return (word, word[1:]) if joined else (word,)


def _fits(word: str, wanted: tuple[str, ...]) -> bool:
    return any(
        form.startswith(one[:-1]) if one.endswith("*") else form == one
        for form in _forms(word)
        for one in wanted
    )


def _end(phrase: tuple[tuple[str, ...], ...], words: list[str], at: int) -> int | None:
    """Where a phrase that begins at `at` ends (exclusive), or None. Never across a sentence."""
    if not phrase:
        return at
    if phrase[0] == (GAP,):
        for between in range(MOST_BETWEEN + 1):
            if STOP in words[at : at + between]:
                return None
            end = _end(phrase[1:], words, at + between)
            if end is not None:
                return end
        return None
    if at >= len(words) or not _fits(words[at], phrase[0]):
        return None
    return _end(phrase[1:], words, at + 1)


def _taken_back(words: list[str], start: int, end: int, phrase: Phrase, language: Language) -> bool:
    own = {form for forms in phrase.words for form in forms}
    if own & (language.taken_back | language.taken_back_after):
        return False  # "I cannot breathe" is meant with its "not"
    before = _until_stop(reversed(words[max(0, start - BEFORE) : start]))
    after = _until_stop(words[end : end + AFTER])
    inside = words[start:end]
    return any(w in language.taken_back for w in (*before, *inside)) or any(
        w in language.taken_back_after for w in (*inside, *after)
    )


def _until_stop(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if word == STOP:
            return
        yield word


def _gravity(told: Told) -> tuple[int, int]:
    return LEVELS.index(told.level), PRECEDENCE.index(told.danger)


# --- reading ---------------------------------------------------------------------------------


def _language(path: Path) -> Language:
    place = f"bot/safety/other_languages/{path.name}"
    raw = read_yaml(path)
    if odd := sorted(set(map(str, raw)) - KEYS):
        raise SafetyDataError(f"{place}: unknown line {odd[0]}; use {', '.join(sorted(KEYS))}")
    if raw.get("language") != path.stem:
        raise SafetyDataError(
            f"{place}: language is not {path.stem}; write `language: {path.stem}`"
        )
    return Language(
        path.stem,
        tuple(_phrases(raw, place)),
        frozenset(_listed(raw, "not")),
        frozenset(_listed(raw, "not_after")),
        frozenset(_listed(raw, "past")),
    )


def _listed(raw: Mapping[str, Any], key: str) -> list[str]:
    return [_word(word) for word in str(raw.get(key) or "").split()]


def _phrases(raw: Mapping[str, Any], place: str) -> Iterator[Phrase]:
    for level in ("now", "soon"):
        for danger, said in cast(Mapping[str, Any], raw.get(level) or {}).items():
            if danger not in PRECEDENCE:
                raise SafetyDataError(f"{place}: {level} has the unknown danger {danger}; mend it")
            for line in said or []:
                yield Phrase(_pattern(str(line), place), danger, level)


def _pattern(line: str, place: str) -> tuple[tuple[str, ...], ...]:
    words = tuple(
        (GAP,) if part == GAP else tuple(_word(one) for one in part.split("|"))
        for part in line.split()
    )
    short = [w for w in words[0] if w.endswith("*") and len(w) <= STEM] if words else [line]
    empty = any("" in forms for forms in words)
    if short or empty or (GAP,) in (words[0], words[-1]):
        raise SafetyDataError(
            f"{place}: the phrase {line!r} cannot be used; begin and end with a word, and if the "
            f"first has * give it {STEM} letters or more"
        )
    return words


def _word(written: str) -> str:
    stem = written.removesuffix("*")
    found = folded(stem)
    if stem == STOP or len(found) != 3:  # STOP, one word, STOP
        return STOP if stem == STOP else ""
    return found[1] + "*" * (stem != written)

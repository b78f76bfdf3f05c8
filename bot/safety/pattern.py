"""The small language of the danger lists, and how it becomes a spaCy Matcher pattern.

A phrase is words with a space between:
  word        that word in any spelling        a|b     one of them
  $hit        any word of the class            $hit.pres   in that form
  ~3          up to three words between        x?      may be missing
  !a|$b       one word that is none of these   .  ,    the end of a sentence, a break inside one
"""

from __future__ import annotations

import re
from typing import Any

from bot.safety.finding import SafetyDataError
from bot.safety.lexicon import FORMS, UNKNOWN, Lexicon
from bot.safety.normalise import STOP

_ATOM = re.compile(r"^(\$[a-z_]+(\.[a-z]+)?|[^\W_]+(?:'[^\W_]+)*'?|[.,])$")
_GAP = re.compile(r"^~([1-9]|1[0-5])$")


def literals(phrase: str) -> set[str]:
    """The plain words of a phrase, which the lexicon must know how to spell."""
    found = set()
    for part in phrase.split():
        if not part.startswith("~"):
            found |= {atom for atom in _atoms(part) if atom[0] not in "$.,"}
    return found


def compile_phrase(where: str, phrase: str, lexicon: Lexicon) -> list[dict[str, Any]]:
    """One Matcher pattern. Raises SafetyDataError naming `where`."""
    parts = phrase.split()
    if not parts or all(part.startswith("~") or part.endswith("?") for part in parts):
        raise SafetyDataError(f"{where}: the phrase is empty; write words or remove the line")
    return [_token(where, part, lexicon) for part in parts]


def _token(where: str, part: str, lexicon: Lexicon) -> dict[str, Any]:
    if part.startswith("~"):
        if not _GAP.match(part):
            raise SafetyDataError(f"{where}: {part!r} is no gap; write ~1 to ~15")
        stops = lexicon.with_label(f"={STOP}")
        return {"ORTH": {"NOT_IN": stops}, "OP": f"{{0,{part[1:]}}}"}
    symbols: set[str] = set()
    for atom in _atoms(part):
        symbols |= _symbols(where, atom, lexicon)
    if part.startswith("!"):
        token: dict[str, Any] = {"ORTH": {"NOT_IN": sorted(symbols)}}
    elif len(symbols) == 1:
        token = {"ORTH": next(iter(symbols))}
    else:
        token = {"ORTH": {"IN": sorted(symbols)}}
    if part.endswith("?"):
        token["OP"] = "?"
    return token


def _atoms(part: str) -> list[str]:
    return part.removeprefix("!").removesuffix("?").split("|")


def _symbols(where: str, atom: str, lexicon: Lexicon) -> set[str]:
    if not _ATOM.match(atom):
        raise SafetyDataError(
            f"{where}: cannot read {atom!r}; see the top of bot/safety/pattern.py"
        )
    if not atom.startswith("$"):
        return set(lexicon.with_label(f"={atom.lower()}"))
    name, _, form = atom[1:].partition(".")
    if form and form not in FORMS:
        raise SafetyDataError(f"{where}: {atom} has no such form; use {', '.join(FORMS)}")
    if name not in lexicon.classes and name not in lexicon.unions:
        raise SafetyDataError(f"{where}: unknown class {atom}; add it to the lexicon or mend it")
    found = set(lexicon.with_label(f"{name}.{form}" if form else name))
    if not found:
        raise SafetyDataError(f"{where}: {atom} has no words; add some or mend it")
    return found - {UNKNOWN}

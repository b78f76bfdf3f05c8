"""What a message says to the danger question or the danger reply before it (see answers.yml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from bot.channels.messages import Lang, Level
from bot.safety.finding import Answer, Finding, SafetyContext, SafetyResult
from bot.safety.lines import Line, Lines, read_lines
from bot.safety.normalise import STOP, Word, readable, split

FILE = Path(__file__).parent / "answers.yml"

Kind = Literal[
    "means", "dont_know", "yes", "no", "over", "when", "away", "away_not", "called", "called_not",
    "helped", "dead", "asks", "misunderstood", "admits", "plain", "denies_dying", "corrects",
    "at_hand", "overdose", "overdose_not", "done_it", "thanks", "bye", "symptom",
    "doctor", "washed", "may_wash", "company", "address", "denies_child", "denies_assault",
    "bare_no", "cannot_speak", "about_112", "stay", "short", "accepts", "passes",
    "own_violence", "own_threat",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
How = Literal["called", "helped", "dead", "away"]
"""How it is over, or that help is on its way: each has words of its own."""
READ_WORDS = 40
"""An answer stands at the beginning; what a long message tells is for the danger check."""
A_STATEMENT = 14
"""Words; in a longer message a time or a place is part of a story."""
_DENIAL = r"(?:ikke|ikkje|ikkj|itj|ittj|ittje|not|aldri|never|don't|dont|can't|ingen|no) "
_CONDITION = frozenset(
    {"mens", "imens", "når", "hvis", "viss", "vis", "om", "dersom", "før"}
    | {"while", "when", "if", "before"}
)
_BEGINS = frozenset(
    ["nei", "neida", "no", "ja", "det", "dette", "it", "that", "this", "i", "går", "igår"]
)


def answer_to(
    words: Sequence[Word], context: SafetyContext, finding: Finding | None, violent: bool
) -> SafetyResult:
    """The result when a danger question or a danger reply stands just before the message."""
    said = [word.text for word in words if not word.is_break]
    if context.asked_suicide:
        return _suicide(said, finding, violent, context.lang)
    if finding is None or finding.level == "gentle":
        answer = _ended(said, violent) if context.last_level in ("now", "soon") else None
        if answer is not None:
            return SafetyResult(finding, finding is None, answer)
    return SafetyResult(finding, finding is None and violent)


def read_answer(said: Sequence[str], lang: Lang = "nb") -> Answer | None:
    """Yes, no or don't know to the direct question; None when it is no answer.

    Where it is unclear, the more careful answer is read.
    """
    text = _line(said)
    if lang == "nn" and list(said) == ["no"]:
        return "dont_know"  # in Nynorsk "no" is "now"
    if _found("means", text):
        return "yes"
    begins_yes = _at(said[:1], "yes") and not _at(said[1:2], "no")
    if _found("dont_know", text) and not begins_yes:
        return "dont_know"
    places = {kind: _place(kind, text) for kind in ("yes", "no")}
    answers = [kind for kind, at in places.items() if at is not None]
    if not answers:
        return None
    first = min(answers, key=lambda kind: (places[kind], kind == "yes"))
    return "yes" if first == "yes" else "no"


def says(kind: Kind, text: str) -> bool:
    """Whether the message says this, in any of the three languages."""
    words = [word.text for word in split(readable(text[:2000])) if not word.is_break]
    return _found(kind, _line(words))


def load_answers() -> tuple[Line[Kind], ...]:
    """The lines of answers.yml. Raises SafetyDataError when one cannot be used."""
    return _lists().all


def words_of(text: str) -> list[str]:
    """The words of a message as they are looked for."""
    return [word.text for word in split(readable(text)) if word.text != STOP and not word.is_break]


def how_over(text: str) -> How | None:
    """Help was called or has come, or whoever was dangerous is away; None when nothing says so."""
    return _how(words_of(text[:2000]))


def asks(text: str) -> bool:
    """Whether the message asks for something."""
    return says("asks", text)


def denies_dying(text: str) -> bool:
    """ "Jeg skal ikke ta livet mitt", and nothing beside it that says the opposite."""
    return says("denies_dying", text) and not says("means", text)


def overdose(text: str) -> bool:
    """Whether the one who writes has taken something, or hurt themselves, a short while ago."""
    return says("overdose", text) and not says("overdose_not", text)


def _how(said: Sequence[str]) -> How | None:
    text = _line(said)
    asking = _found("asks", text)
    if _found("helped", text) and not _found("called_not", text):
        return "helped"
    if _found("called", text) and not asking and not _found("called_not", text):
        return "called"
    if _found("dead", text) and not asking:
        return "dead"
    # "Can I come while he is at work?" asks about a time that will be.
    if asking and not _CONDITION.isdisjoint(said):
        return None
    short = len(said) <= A_STATEMENT
    return "away" if short and _found("away", text) and not _found("away_not", text) else None


def _ended(said: Sequence[str], violent: bool) -> Answer | None:
    text = _line(said)
    if _found("misunderstood", text):
        return "misunderstood"
    if _found("over", text) and not (_found("asks", text) and not _CONDITION.isdisjoint(said)):
        return "over"
    if _how(said) in ("helped", "dead", "away"):
        return "over"
    told = violent and said[0] not in _BEGINS  # "he hit me in the head yesterday" tells more
    plain = len(said) <= A_STATEMENT and not told and not _found("asks", text)
    return "over" if plain and _found("when", text) and not _found("away_not", text) else None


def _suicide(said: list[str], finding: Finding | None, violent: bool, lang: Lang) -> SafetyResult:
    answer = read_answer(said, lang)
    about_dying = finding is None or finding.danger == "suicide"
    if answer == "yes" and about_dying:
        return SafetyResult(_asked("now", "yes", said), False, "yes")
    if finding is not None and not about_dying:
        return SafetyResult(finding, False)
    live = finding is not None and finding.level in ("now", "soon")
    if answer == "dont_know" or (answer == "no" and live):
        # "Nei, men jeg vil ikke være her": both are true, so nobody is asked again.
        return SafetyResult(_asked("soon", "dont_know", said), False, "dont_know")
    if finding is not None and answer is None:
        return SafetyResult(finding, False)
    return SafetyResult(None, violent, answer)


def _asked(level: Level, answer: Answer, said: list[str]) -> Finding:
    return Finding(
        danger="suicide",
        level=level,
        words=" ".join(said)[:160],
        all=("suicide",),
        neutral=False,
        answer=answer,
    )


def _line(said: Sequence[str]) -> str:
    return "< " + "".join(f"{word} " for word in said[:READ_WORDS]) + "> "


def _at(said: Sequence[str], kind: Kind) -> bool:
    return bool(said) and _place(kind, _line(said)) is not None


def _found(kind: Kind, text: str) -> bool:
    return _place(kind, text) is not None


def _place(kind: Kind, text: str) -> int | None:
    found = _lists().patterns[kind].search(text)
    return found.end() if found else None


@cache
def _lists() -> Lines[Kind]:
    return read_lines(FILE, KINDS, _pattern)


def _pattern(match: str) -> str:
    """A line of the list as a regular expression over words with one space after each."""
    parts = []
    for place in match.split():
        if place.startswith("~"):
            parts.append(rf"(?:(?!{_DENIAL})[^\s<>]+ ){{0,{int(place[1:])}}}")
            continue
        if place.startswith("!"):
            parts.append(f"(?!(?:{'|'.join(map(re.escape, place[1:].split('|')))}) )")
            continue
        optional = any(word.endswith("?") for word in place.split("|"))
        words = "|".join(re.escape(word.rstrip("?")) for word in place.split("|"))
        parts.append(f"(?:(?:{words}) )" + ("?" if optional else ""))
    # In English the denial stands in front: "I don't want to die".
    return r"(?<!\S)(?<!don't )(?<!dont )(?<!not )" + "".join(parts)

"""What a message answers to the danger question before it: yes, no, don't know, it is over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.messages import Level
from bot.safety.finding import Answer, Finding, SafetyContext, SafetyResult
from bot.safety.normalise import Word, fold

_YES = frozenset(
    {
        "ja",
        "jo",
        "jaa",
        "japp",
        "jepp",
        "yes",
        "yeah",
        "yep",
        "yea",
        "aa",
        "jau",
        "1",
        "ofte",
        "alltid",
        "stemmer",
        "sant",
        "gjør",
        "gjer",
        "definitely",
    }
)
_NO = frozenset(
    {
        "nei",
        "nope",
        "no",
        "neida",
        "nææ",
        "næ",
        "nehei",
        "nah",
        "ne",
        "neii",
        "nix",
        "2",
        "ikke",
        "ikkje",
        "itj",
        "aldri",
        "not",
    }
)
_UNSURE = frozenset(
    {
        "dont_know",
        "vet",
        "veit",
        "vett",
        "kanskje",
        "kanskjee",
        "usikker",
        "maybe",
        "litt",
        "lite",
        "idk",
        "sometimes",
        "perhaps",
        "know",
        "dunno",
        "3",
        "ittno",
        "tja",
        "hmm",
        "innimellom",
    }
)
_NEGATION = frozenset(
    {
        "ikke",
        "ikkje",
        "itj",
        "ittj",
        "ikkj",
        "kje",
        "not",
        "dont",
        "don't",
        "ei",
        "aldri",
        "never",
    }
)
_OVER = (
    "i går",
    "igår",
    "var før",
    "yesterday",
    "på jobb",
    "at work",
    "har gått",
    "har dratt",
    "har reist",
    "er borte",
    "er over",
    "er trygg",
    "er tryggt",
    "er trygt",
    "har roet seg",
    "rolig nå",
    "roleg no",
    "left",
    "he's gone",
    "hes gone",
    "i'm safe",
    "im safe",
    "politiet er her",
    "politiet har",
    "falsk alarm",
    "lenge siden",
    "lenge sidan",
)


def answer_to(
    words: Sequence[Word], context: SafetyContext, finding: Finding | None, violent: bool
) -> SafetyResult:
    """The result when a danger question or a danger reply stands just before the message."""
    said = [word.text for word in words if not word.is_break]
    if context.asked_suicide:
        return _suicide(said, finding, violent)
    if finding is None or finding.level == "gentle":
        text = " ".join(said)
        if context.last_level in ("now", "soon") and any(part in text for part in _OVER):
            return SafetyResult(finding, finding is None, "over")
    return SafetyResult(finding, finding is None and violent)


def _suicide(said: list[str], finding: Finding | None, violent: bool) -> SafetyResult:
    answer = read_answer(said)
    if answer == "yes" and (finding is None or finding.danger == "suicide"):
        return SafetyResult(_asked("now", "yes", said), False, "yes")
    if finding is not None and not (
        answer == "no" and finding.danger == "suicide" and finding.level == "gentle"
    ):
        return SafetyResult(finding, False, answer)
    if answer == "dont_know":
        return SafetyResult(_asked("soon", "dont_know", said), False, "dont_know")
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


def read_answer(said: Sequence[str]) -> Answer | None:
    """Yes, no or don't know from the first words; None when it is no answer."""
    for at, word in enumerate(said[:4]):
        near = said[at : at + 4]
        if word in _YES or fold(word) == "ja":
            return "dont_know" if at == 0 and "ikke" in near and "vet" in near else "yes"
        if word in _UNSURE:
            return "dont_know"
        if word in _NO:
            unsure = word in _NEGATION and any(part in ("sikker", "sure") for part in near)
            return "dont_know" if unsure else "no"
    return None

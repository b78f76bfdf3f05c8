"""What one message asks: its parts, a correction, a question that leans on the last answer.

Pure text. People tell first and ask last, ask two things at once, and write "og hva med barna?".
"""

from __future__ import annotations

import re

#: More parts are not looked at: each costs an embedding (about 10 ms).
MOST_PARTS = 4
_LEAST_WORDS = 2
#: A shorter message is one question, whatever its signs.
_SHORT = 6
_STORY = 30
#: "og hva med barna?": longer messages stand on their own.
_LEANS_AT_MOST = 8

_ASKS = (
    r"hva|kva|ka|hvordan|korleis|koss|hvor|kvar|kor|når|hvem|kven|hvilken?|hvilket|hvorfor|kvifor|kan"
    r"|må|får|fær|skal|har (?:dere|de|dokker|jeg|eg)|er (?:det|dere|de)|blir|går det|finst|finnes"
    r"|lurer på"
    r"|what|how|where|when|who|which|why|can|do|does|is|are|should|will|could"
)
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+|(?<=\w)[!?]+(?=\w)")
_JOINS = re.compile(rf"(?:,\s*|\s+)(?:og|å|and|men|but|også)\s+(?=(?:{_ASKS})\b)", re.IGNORECASE)
_QUESTION = re.compile(rf"\?|^(?:og |men |hei,? |and |but )?(?:{_ASKS})\b", re.IGNORECASE)
_CORRECTS = re.compile(
    r"^\s*(?:nei|nope|nja|no|ikke det|ikkje det|not that|det var ikke det|det var ikkje det)?[,. ]*"
    r"(?:(?:men )?(?:jeg|eg|æ|e|i) (?:mente?|meinte?|meiner|mener|mean|meant)(?: at)?(?: heller)?"
    r"|jeg spurte (?:om|etter)|eg spurde (?:om|etter)|i (?:was asking|asked) (?:about|for)"
    r"|ikke det[,.]|ikkje det[,.]|not that[,.])[,: ]+(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_LEANS = re.compile(
    r"^\s*(?:(?:og|å|men|and|but) (?!jeg|eg|i\b)|(?:hva|kva|ka) (?:med|om)\b|(?:what|how) about\b"
    r"|enn\b|også\b|gjelder det\b|gjeld det\b|for\b|hvis\b|viss\b|om\b|if\b|når\b|when\b"
    r"|hvor\b|kor lenge\b|how long\b|hvem\b|kven\b|kvar\b|må jeg\b|må eg\b|kan jeg\b|kan eg\b"
    r"|do i\b)",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """The parts of `text` worth looking at one by one, at most MOST_PARTS, in their order.

    Empty for a short message or a single sentence. Questions come before other sentences, later
    ones before earlier ones, when there are more than that.
    """
    if len(text.split()) < _SHORT:
        return []
    found = [piece.strip() for end in _ENDS.split(text) for piece in _JOINS.split(end)]
    found = [piece for piece in found if len(piece.split()) >= _LEAST_WORDS]
    if len(found) < 2:
        return []
    order = sorted(range(len(found)), key=lambda i: (not is_question(found[i]), -i))
    return [found[i] for i in sorted(order[:MOST_PARTS])]


def is_question(part: str) -> bool:
    """Whether a part asks: a question mark, or a word that questions begin with."""
    return _QUESTION.search(part.strip()) is not None


def asking(pieces: list[str]) -> list[bool]:
    """Which parts ask. A question mark says it for sure: where one stands, the others tell."""
    marked = ["?" in piece for piece in pieces]
    return marked if any(marked) else [is_question(piece) for piece in pieces]


def is_story(text: str) -> bool:
    """Whether so much is told that the question in it is what wants an answer."""
    return len(text.split()) >= _STORY


def corrected(text: str) -> str | None:
    """What is meant, when `text` corrects what was understood ("nei, jeg mente …"), else None."""
    found = _CORRECTS.match(text)
    return found["rest"].strip() if found and found["rest"].strip() else None


def leans_on_last(text: str) -> bool:
    """Whether `text` may only be understood after what was just answered ("og hva med barna?")."""
    return len(text.split()) <= _LEANS_AT_MOST and _LEANS.match(text) is not None

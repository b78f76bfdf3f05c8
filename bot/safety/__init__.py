"""The danger check: every message passes here first, in memory, whatever else is down.

    load_safety(content)             (SafetyCheck, SafetyWords), or SafetyDataError in one line
    SafetyCheck.check(text, context) SafetyResult: a Finding or none, past_or_other, the answer
    SafetyWords.first_words(finding) what the person reads first; answered(…), stay(…) what follows

Inside, in the order a message goes: normalise (words) · lexicon/ and lexicon.py (which word is
what, also misspelt) · phrases/ and pattern.py (what is danger) · scope.py (negated, past, a film?)
· levels.py (now, soon, gentle) · other.py (thirteen other languages)
· check.py (the path itself) · answers.py and answers.yml ("ja",
"nei", "det er over", "kan ikke snakke") · words.py and content/danger/ (replies) · static.py (the
reply that needs nothing).
"""

from bot.safety.check import SafetyCheck
from bot.safety.finding import (
    PRECEDENCE,
    Answer,
    Finding,
    SafetyContext,
    SafetyDataError,
    SafetyResult,
)
from bot.safety.load import load_check, load_safety
from bot.safety.static import static_reply
from bot.safety.words import SafetyWords

__all__ = [
    "PRECEDENCE",
    "Answer",
    "Finding",
    "SafetyCheck",
    "SafetyContext",
    "SafetyDataError",
    "SafetyResult",
    "SafetyWords",
    "load_check",
    "load_safety",
    "static_reply",
]

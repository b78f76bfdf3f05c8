"""Whether somebody says that it is about themselves."""

from __future__ import annotations

import re

from bot.commands import normal

_ABOUT_ME = re.compile(
    r"\b(?:gjelder|gjeld|handler om|handlar om|is about|s about)(?: bare| berre)? (?:meg|me)\b"
    r"|^(?:nei |no )?(?:for |om |på )?(?:meg|mæ) (?:selv|sjølv|sjøl)$|^(?:no )?myself$"
    r"|\b(?:test|sjekklist|spørsmål|svar|question|checklist)\w*.*\b(?:meg (?:selv|sjølv)|myself)\b"
)
_NOT_ABOUT_ME = re.compile(r"\b(?:ikke|ikkje|itj|not)(?: \w+)? (?:om )?(?:meg|me|myself)\b")


def about_self(text: str) -> bool:
    """Whether somebody says that it is about themselves: "det gjelder meg, ikke en annen"."""
    words = normal(text)
    return _ABOUT_ME.search(words) is not None and _NOT_ABOUT_ME.search(words) is None

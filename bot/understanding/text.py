"""Small things done to a message before any model sees it."""

from __future__ import annotations

import unicodedata

from bot.understanding.written_forms import as_bokmal

#: Characters kept of a long message. The end is kept longest: people tell first and ask last.
#: 1 000 characters are about 250 tokens, some 60 ms of encoding on one core.
KEEP_START = 350
KEEP_END = 650

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


def shorten(text: str) -> str:
    """The beginning and the end of `text`, at most KEEP_START + KEEP_END + 3 characters."""
    if len(text) <= KEEP_START + KEEP_END:
        return text
    return f"{text[:KEEP_START]} … {text[-KEEP_END:]}"


def for_models(text: str) -> str:
    """`text` as the models read it: bounded, one line, Bokmål spelling, never a Rasa command.

    Rasa takes a leading "/" for an intent ("/restart"); what a person writes is always words.
    """
    composed = unicodedata.normalize("NFC", shorten(text)).translate(_APOSTROPHES)
    # Lone surrogates and control characters reach us from broken phones; the encoder is C code.
    cleaned = "".join(c if c.isprintable() else " " for c in composed)
    return as_bokmal(cleaned).lstrip("/ ") or "-"

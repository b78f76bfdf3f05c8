"""What a channel hands on is clean text: no control characters, no marks that turn the line around.

Nothing that a person meant is lost: letters, emoji and line breaks stay.
"""

from __future__ import annotations

import unicodedata

LONGEST = 10_000

# Marks that reorder a line (bidi) and invisible ones that hide words from the danger check.
_INVISIBLE = {
    chr(c) for c in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
}
_INVISIBLE -= {"\u200d"}  # joins emoji
_INVISIBLE |= {"\ufeff", "\u00ad", "\u061c"}


def clean(text: str, longest: int = LONGEST) -> str:
    """`text` in composed form (NFC) without control and invisible characters, at most `longest`."""
    kept = (
        ch
        for ch in text[: longest * 2]
        if ch in "\n\t"
        or (ch not in _INVISIBLE and unicodedata.category(ch) not in ("Cc", "Cs", "Cn", "Co"))
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()[:longest]

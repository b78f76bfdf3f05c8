"""How long an SMS is, and how to keep it short.

A text whose letters are all in the GSM 03.38 default alphabet goes as GSM-7: 160 units alone, 153
a part when it is split (seven go to the header that joins the parts). One letter outside it sends
the whole text as UCS-2: 70 units alone, 67 a part. Characters of the extension table cost two
units (an escape and a letter), letters beyond the basic plane two UCS-2 units; neither pair is
ever split between two parts. Source: 3GPP TS 23.038 (alphabet) and TS 23.040 (joining parts).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")

ALONE = {"GSM-7": 160, "UCS-2": 70}
JOINED = {"GSM-7": 153, "UCS-2": 67}

# Typographic characters that have a plain twin. Letters are never replaced: a name or a Sámi word
# sent with "?" in it would be worse than a shorter segment.
_PLAIN = str.maketrans(
    {
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "″": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "′": "'",
        "´": "'",
        "`": "'",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
        "•": "-",
        "·": "-",
        "…": "...",
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
        "\u00ad": None,
        "\u200b": None,
        "\u2060": None,
        "\ufeff": None,
    }
)

# A cut never parts the digits of a telephone number ("22 40 00 40").
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[^\W\da-zæøå_]|[\"'(0-9-])|\n+")
_WORD_END = re.compile(r"(?<![\d\s])\s+|\s+(?![\d\s])")


@dataclass(frozen=True)
class Segments:
    """The size of one text: how it is encoded, its length in units, the SMS parts it is paid as."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Segments:
    """The size of `text` exactly as given; see to_gsm for plain characters. Empty: 0 segments."""
    encoding: Encoding = "GSM-7"
    sizes = []
    for char in text:
        if char in GSM_BASIC:
            sizes.append(1)
        elif char in GSM_EXTENSION:
            sizes.append(2)
        else:
            encoding = "UCS-2"
            break
    if encoding == "UCS-2":
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    units = sum(sizes)
    if units <= ALONE[encoding]:
        return Segments(encoding, units, 1 if units else 0)
    return Segments(encoding, units, _parts(sizes, JOINED[encoding]))


def to_gsm(text: str) -> str:
    """`text` with plain typographic characters, so that it stays GSM-7 when its letters allow.

    « » become ", dashes -, … three points, odd spaces a space; composed letters are joined (å is
    one character). Every other letter is kept and switches the message to UCS-2: never "?".
    """
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def fit(text: str, max_segments: int = 2, room_for: str = "") -> list[str]:
    """`text` as messages of at most `max_segments` each, cut at sentence ends.

    `room_for`: what will be added to each but the last, and must fit too.

    A sentence too long by itself is cut between words, a word too long by itself between letters.
    Only white space at the cuts is lost. Raises ValueError when max_segments is below 1.
    """
    if max_segments < 1:
        raise ValueError("a message has at least one segment")
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        end = _cut(rest, max_segments, room_for)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return pieces


def _parts(sizes: list[int], capacity: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > capacity:
            parts, used = parts + 1, 0
        used += size
    return parts


def _cut(text: str, max_segments: int, room_for: str) -> int:
    """Where the first message of `text` ends."""
    longest = _longest(text, max_segments, room_for)
    if longest == len(text):
        return longest
    for pattern in (_SENTENCE_END, _WORD_END):
        # The patterns look at what follows a cut, so they are given a little more than fits.
        ends = [match.start() for match in pattern.finditer(text, 0, longest + 8)]
        fitting = [end for end in ends if 0 < end <= longest]
        if fitting:
            return fitting[-1]
    return longest


def _longest(text: str, max_segments: int, room_for: str) -> int:
    """The longest start of `text` that fits. Length in units only grows, so bisect."""
    if count(text).segments <= max_segments:
        return len(text)
    low, high = 1, min(len(text), max_segments * JOINED["GSM-7"] + ALONE["GSM-7"])
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[:middle] + room_for).segments <= max_segments:
            low = middle
        else:
            high = middle - 1
    return low

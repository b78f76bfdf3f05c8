"""From what a person typed to words, without judging them: case, accents, invisible marks, breaks.

Nothing here fails on any text. Unicode letters count as letters, so "slår" and "dør" stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# The check reads all of a message, but a message is never longer than this in practice (the web
# and SMS doors cut earlier); beyond it the first and the last part are read, never nothing.
LONGEST = 12_000

STOP = "."  # end of a sentence, a line or the text
COMMA = ","  # a break inside a sentence

_WORD = re.compile(
    r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*'?"  # a number; a word, also with an apostrophe in it
    r"|[.!?…;]+|\s*\n\s*\n\s*|\n|[,:()«»\"–—/]+|-(?=\s)"  # breaks
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'"})
# Pictures that people use as words.
_PICTURES = {"🔪": " kniv ", "🗡": " kniv ", "🔫": " pistol ", "🩸": " blod ", "🪓": " øks "}
_PLAIN = str.maketrans("åæøäöéèêòóàáë", "aaoaoeeeooaae")
_SAME = str.maketrans({"ä": "æ", "ö": "ø", "é": "e", "è": "e", "ê": "e", "ò": "o", "ó": "o"})
_SOUNDS = str.maketrans({"w": "v", "q": "k", "z": "s"})
_DIGRAPHS = (("aa", "å"), ("oe", "ø"), ("ae", "æ"), ("hv", "v"), ("ck", "k"))
_DOUBLED = re.compile(r"(.)\1+")
_SPECIAL = re.compile(r"[æøåäö]")


@dataclass(frozen=True)
class Word:
    """One word or break, with its place in the text that was read (0-based, end exclusive)."""

    text: str
    start: int
    end: int

    @property
    def is_break(self) -> bool:
        return self.text in (STOP, COMMA)


def readable(text: str) -> str:
    """The text with invisible marks gone, composed letters, straight apostrophes; case kept."""
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = text[:half] + "\n" + text[-half:]
    for picture, word in _PICTURES.items():
        text = text.replace(picture, word)
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    if letter in "\n\r\t":
        return letter
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Mn", "Me"):
        return ""
    return " " if kind.startswith("C") else letter


def split(text: str) -> list[Word]:
    """The words of `readable` text in lower case; a break stands as STOP or COMMA, also at both
    ends, so that a pattern can ask for the beginning or the end of a sentence."""
    found = [Word(STOP, 0, 0)]
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word[0] in ".!?…;" or word.count("\n") > 1:
            word = STOP
        elif not word[0].isalnum():
            word = COMMA
        if word == found[-1].text and word in (STOP, COMMA):
            continue
        found.append(Word(word.strip("'") or word, match.start(), match.end()))
    if found[-1].text != STOP:
        found.append(Word(STOP, len(text), len(text)))
    return found


def spell(word: str) -> str:
    """A spelling without what people double or swap: "slååår" and "slaar" are one."""
    for pair, single in _DIGRAPHS:
        word = word.replace(pair, single)
    return _DOUBLED.sub(r"\1", word.translate(_SAME).translate(_SOUNDS))


def fold(word: str) -> str:
    """`spell` with æ, ø and å dropped as on a keyboard without them: "slar" is "slår"."""
    return _DOUBLED.sub(r"\1", spell(word).translate(_PLAIN))


def has_special(word: str) -> bool:
    """Whether a word was written with æ, ø or å: then they were not dropped."""
    return bool(_SPECIAL.search(word))

"""Words that say a person's gender, and the same message about the other one.

Whether a woman or a man is in danger must change nothing: the lists read every message about both,
and the danger model reads it in one gender. `bench/safety` looks for what still differs.
"""

from __future__ import annotations

import re

_PAIRS = """
hun han | ho han | hu han | henne ham | hennes hans
kona mannen | kone mann | konen mannen | kjerringa gubben | dama fyren | dame fyr
mamma pappa | mammaen pappaen | mor far | moren faren | mora faren | moras farens | mors fars
mammas pappas | stemor stefar | stemora stefaren | stemoren stefaren | svigermor svigerfar
svigermora svigerfaren | bestemor bestefar | bestemora bestefaren | mormor morfar | farmor farfar
datter sønn | datteren sønnen | dattera sønnen | dotter son
søster bror | søsteren broren | søstera broren | søsters brors | syster bror | systera broren
tante onkel | tanta onkelen | tanten onkelen | niese nevø | kusine fetter
venninne kompis | venninna kompisen | venninnen kompisen | jente gutt | jenta gutten | jenter gutter
kvinne mann | kvinnen mannen | kvinna mannen | svigerinne svoger | svigerinna svogeren
eks-kona eks-mannen | ekskona eksmannen | ekskone eksmann | forloveden forloveden
she he | she's he's | shes hes | she'll he'll | she'd he'd | herself himself
wife husband | girlfriend boyfriend | mum dad | mom dad | mother father | stepmother stepfather
stepmum stepdad | stepmom stepdad | grandmother grandfather | grandma grandpa
daughter son | sister brother | aunt uncle | niece nephew | woman man | girl boy
mother-in-law father-in-law | ex-wife ex-husband
"""
_TO_ONE: dict[str, str] = {
    one: other
    for row in _PAIRS.split("\n")
    for one, other in (pair.split() for pair in row.split("|") if pair.strip())
}
_TO_OTHER = {other: one for one, other in reversed(_TO_ONE.items())}
_WORD = re.compile(r"[\w'’-]+")
# "her" is "here" in Norwegian; it is hers only where the message is English.
_ENGLISH = frozenset("the she he my is and i'm im to of was i me".split())  # noqa: SIM905


def in_one_gender(text: str) -> str:
    """`text` with every word of the first column of the list as in the second."""
    english = _is_english(text)
    return _WORD.sub(lambda found: _one(found.group(), english), text)


def swapped(text: str) -> str:
    """`text` about the other gender: every word of the list changed for its pair."""
    english = _is_english(text)
    return _WORD.sub(lambda found: _other(found.group(), english), text)


def _one(word: str, english: bool) -> str:
    low = word.lower()
    if english and low in ("her", "hers", "him"):
        return "his"  # "his" and "him" are both "her"
    return _as_written(word, _TO_ONE.get(low, low))


def _other(word: str, english: bool) -> str:
    low = word.lower()
    if english and low in ("her", "his", "him", "hers"):
        return _as_written(word, {"her": "him", "hers": "his"}.get(low, "her"))
    return _as_written(word, _TO_ONE.get(low) or _TO_OTHER.get(low, low))


def _as_written(word: str, new: str) -> str:
    if new == word.lower():
        return word
    if word.isupper() and len(word) > 1:
        return new.upper()
    return new.capitalize() if word[0].isupper() else new


def _is_english(text: str) -> bool:
    words = {found.group().lower() for found in _WORD.finditer(text)}
    return len(words & _ENGLISH) >= 2 or bool(words & {"she", "he's", "she's", "his", "him"})

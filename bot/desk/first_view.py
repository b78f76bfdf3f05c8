"""What stands in the first view of a case: at most 120 words, so that it is read in twenty seconds.

When a summary is longer, the order decides what folds behind "Vis mer": first what is least needed
to decide how to meet the person. Risk, the next step, the rules of contact and what was not asked
never fold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.desk.summary_view import ORDER, Group, Item

MOST_WORDS = 120
HEAD_WORDS = 14  # designation, urgency, how long, channel, language, the button
FOLDS = ("Ellers", "Fått svar", 2, "Ønsker", 1, "Barn")
"""Rows in the order in which they fold; a number: so many sentences of "Situasjon" stay."""
CUT = "Situasjon"

_WORD = re.compile(r"\w+(?:[-:.–]\w+)*")


def words_in(text: str) -> int:
    """Words as one reads them: marks and arrows are none."""
    return len(_WORD.findall(text))


def fold(rows: Sequence[Group], beside: Iterable[str]) -> tuple[list[Group], list[Group]]:
    """(rows in the first view, rows behind "Vis mer"). `beside`: the other words of the view."""
    left = MOST_WORDS - HEAD_WORDS - sum(words_in(text) for text in beside)
    shown = list(rows)
    folded: list[Group] = []
    for step in FOLDS:
        if _words(shown) + _title_words(folded) <= left:
            break
        if isinstance(step, int):
            shown, gone = _cut(shown, step)
        else:
            gone = [row for row in shown if row.title == step]
            shown = [row for row in shown if row.title != step]
        folded += gone
    return shown, _joined(folded)


def _cut(rows: list[Group], keep: int) -> tuple[list[Group], list[Group]]:
    """The first sentences of the situation stay; the others wait."""
    for at, row in enumerate(rows):
        if row.title == CUT:
            first, rest = _split(row, keep)
            return [*rows[:at], first, *rows[at + 1 :]], rest
    return rows, []


def _split(row: Group, keep: int) -> tuple[Group, list[Group]]:
    first: list[Item] = []
    rest: list[Item] = []
    for item in row.items:
        if len(item.quotes) > keep:
            first.append(replace(item, quotes=item.quotes[:keep]))
            rest.append(replace(item, label="", text="", quotes=item.quotes[keep:]))
        else:
            first.append(item)
    return Group(row.title, tuple(first)), [Group(row.title, tuple(rest))] if rest else []


def _joined(rows: list[Group]) -> list[Group]:
    """One row of each title, in the order of the screen."""
    found: dict[str, tuple[Item, ...]] = {}
    for row in sorted(rows, key=lambda row: ORDER.index(row.title)):
        found[row.title] = found.get(row.title, ()) + row.items
    return [Group(title, items) for title, items in found.items()]


def _words(rows: Iterable[Group]) -> int:
    return sum(words_in(row.title) + sum(map(_item_words, row.items)) for row in rows)


def _item_words(item: Item) -> int:
    said = sum(words_in(quote.text) for quote in item.quotes)
    mark = 3 if item.changed else 0  # "endret kl. 21:20"
    return said + words_in(item.label) + words_in(item.text) + mark


def _title_words(rows: Sequence[Group]) -> int:
    """ "Vis mer: Fått svar, Ønsker"."""
    return 2 + sum(words_in(title) for title in {row.title for row in rows}) if rows else 0

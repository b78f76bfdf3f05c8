"""Which signs are asked, and in which order: by what the person has told already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.channels.flows import Facts
from bot.channels.messages import Channel
from bot.checklists.items import BY_SMS, Checklist, Group, Item

MOST_BY_SMS = 12
MOST_MORE_OF_A_GROUP = 2  # by SMS: so many signs of the second row of a group that was touched
NEVER_LEFT_OUT = ("strangled", "kill_threat")

Pages = list[list[Any]]
"""[[group id, [sign ids]], …]: what is asked, page by page. Plain JSON."""

# Which group a topic or a danger touches, where it has not the name of the group.
_TOUCHES = {
    "isolation": "control_isolation",
    "jealousy_control": "control_isolation",
    "gaslighting": "psychological",
    "threats": "psychological",
    "not_hit_me": "psychological",
    "economic": "economic_material",
    "material": "economic_material",
    "debt_in_my_name": "economic_material",
    "phone_tracking": "digital",
    "by_family_or_in_laws": "social_control_honour",
    "forced_marriage": "social_control_honour",
    "sent_abroad_forced_marriage": "social_control_honour",
    "stalking": "after_break_up",
    "post_separation": "after_break_up",
    "ban_broken": "after_break_up",
    "found_address": "after_break_up",
    "using_children": "children",
    "child_in_danger": "children",
    "injured": "physical",
    "danger_now": "physical",
    "violence_in_pregnancy": "physical",
    "sexual_assault_recent": "sexual",
}
_DENIED = re.compile(
    r"\b(?:ikke|ikkje|aldri|ingen gang|never|not|no one|nobody|don t|doesn t|didn t|hasn t|isn t)\b"
)
_CLAUSE = re.compile(r"[.,;:!?\n]+|\b(?:men|but)\b")
_OWN_DOING = re.compile(r"(?:^|\s)(?:jeg|eg|i)(?: har| ve| have| just| bare| berre)?\s$")


@dataclass(frozen=True)
class Told:
    """Signs that the person has told already: in which own words, None when only that it is so."""

    words: dict[str, str | None]


def told(checklist: Checklist, facts: Facts) -> Told:
    """What of the checklist `facts` hold already."""
    found: dict[str, str | None] = {}
    for item in checklist.items.values():
        quote = next((words for words in facts.own_words if is_heard(item, words)), None)
        if quote is not None or (item.risk is not None and item.risk in facts.risks):
            found[item.id] = quote
    return Told(found)


def is_heard(item: Item, text: str) -> bool:
    """Whether `text` tells of this sign: not denied, and not something one did oneself."""
    return any(_in_clause(clause, item.heard) for clause in _CLAUSE.split(_plain(text)))


def touched(checklist: Checklist, facts: Facts, known: Told) -> list[Group]:
    """The groups that what was said belongs to, in the order of the checklist."""
    named = {_TOUCHES.get(id, id) for id in (*facts.violence, *facts.risks, *facts.answered)}
    of_items = {checklist.group_of[id].id for id in known.words}
    return [group for group in checklist.groups if group.id in named | of_items]


def pages(checklist: Checklist, facts: Facts, known: Told, channel: Channel) -> Pages:
    """What to ask, page by page, each [group id, [sign ids]]: a group (web) or one sign (SMS)."""
    first = touched(checklist, facts, known)
    order = [*first, *(group for group in checklist.groups if group not in first)]
    if channel == "sms":
        return _by_sms(order, first, known)
    return as_pages(order, known.words)


def topics_of(group: Group) -> tuple[str, ...]:
    """Topics that tell more of a form: the one of its own name first."""
    return (group.id, *(topic for topic, id in _TOUCHES.items() if id == group.id))


def as_pages(groups: Iterable[Group], without: Iterable[str] = ()) -> Pages:
    """Whole groups as pages; a group of which all is told has none."""
    left_out = set(without)
    asked = [(group.id, [i.id for i in group.items if i.id not in left_out]) for group in groups]
    return [[id, items] for id, items in asked if items]


def by_sms(groups: Sequence[Group], without: Iterable[str] = ()) -> Pages:
    """The same for chosen groups by SMS: one sign at a time, no more than MOST_BY_SMS."""
    left_out = set(without)
    items = [(g.id, i) for g in groups for i in g.items if i.sms in BY_SMS and i.id not in left_out]
    chosen = sorted(items, key=lambda pair: pair[1].sms)[:MOST_BY_SMS]
    return [[id, [item.id]] for id, item in items if (id, item) in chosen]


def _by_sms(order: list[Group], first: list[Group], known: Told) -> Pages:
    """Twelve signs: all first ones of what was touched and a few more of it, what must never be
    left out, then the first sign of every other group."""
    asked = [(g, i) for g in order for i in g.items if i.id not in known.words and i.sms in BY_SMS]
    more: Counter[str] = Counter()

    def place(pair: tuple[Group, Item]) -> int:
        group, item = pair
        more[f"{group.id} {item.sms}"] += 1
        nth = more[f"{group.id} {item.sms}"]
        if group in first and (item.sms == 1 or nth <= MOST_MORE_OF_A_GROUP):
            return item.sms
        if item.risk in NEVER_LEFT_OUT and item.sms == 1:
            return 1
        return 4 if item.sms == 2 else 3 if nth == 1 else 4

    ranked = sorted(asked, key=place)
    wanted = [(g, i) for g, i in ranked if i.sms == 1 or g in first][:MOST_BY_SMS]
    return [[g.id, [i.id]] for g, i in asked if (g, i) in wanted]


def _in_clause(clause: str, beginnings: Sequence[str]) -> bool:
    for match in _pattern(tuple(beginnings)).finditer(clause):
        before, after = clause[: match.start()], clause[match.end() :]
        # "tør ikke si nei" denies nothing; "har aldri slått meg" does. "Jeg slo" is no telling
        # of being hit, but "jeg tør ikke si nei" tells of oneself.
        own_doing = " " not in match.group() and _OWN_DOING.search(before)
        if not own_doing and not _DENIED.search(f"{before} | {after}"):
            return True
    return False


@lru_cache(maxsize=512)
def _pattern(beginnings: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(_plain(beginning).strip()) for beginning in beginnings)
    return re.compile(rf"(?<!\w)(?:{words})" if words else r"(?!)")


def _plain(text: str) -> str:
    """Small letters, apostrophes as spaces, so that "don't" is read as people spell it."""
    return re.sub(r"['’]", " ", text[:2000].lower())

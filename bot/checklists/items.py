"""The groups of the checklist, one data file each, edited by people. Checked when loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messages import LANGS, Lang
from bot.content.files import ContentError, content_error
from bot.content.fill import unknown_placeholders
from bot.content.flow_texts import check_sms, first_error, read_yaml
from bot.content.numbers import NumberRegister

Voice = Literal["self", "other", "young"]
VOICES: tuple[Voice, ...] = get_args(Voice)
BY_SMS = (1, 2)  # asked by SMS; 3 is for the web alone

# What cannot wait, the most serious first: this one is answered and offered a person for.
RISKS = (
    "strangled", "kill_threat", "weapon_or_kill_threat", "weapon", "fear_for_life",
    "sexual_violence", "violence_in_pregnancy", "threat_children", "getting_worse",
    "followed_after", "his_suicide_threat", "threat_animals",
)  # fmt: skip
ROOM_FOR_MENU = " 1 ja, 2 nei, 3 vet ikke, 4 hopp over, 5 vil ikke svare, 6 stopp her"

# The order for somebody who has told nothing yet: everyday life first, the body later, the
# children last. Groups that were touched by what was said come before all of these.
GENTLE_FIRST = (
    "psychological", "latent", "control_isolation", "economic_material", "digital",
    "social_control_honour", "physical", "sexual", "after_break_up", "children",
)  # fmt: skip

Id = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(Strict):
    """One sign. See content/README.md for what each line means.

    `short`: the sign in a few words, for saying back. `heard`: word beginnings that mean that the
    person has told it already. `source`: what it rests on.
    """

    id: Id
    risk: str | None = None
    about_children: bool = False
    sms: Literal[1, 2, 3]
    heard: tuple[str, ...] = ()
    short: dict[Lang, str]
    self: dict[Lang, str]
    other: dict[Lang, str]
    young: dict[Lang, str]
    reply: dict[Lang, str]
    reply_young: dict[Lang, str] | None = None
    source: str = Field(min_length=1)

    def asked(self, voice: Voice, lang: Lang) -> str:
        """The question: about the one who writes, about someone else, or to somebody under 18."""
        texts: dict[Lang, str] = getattr(self, voice)
        return texts[lang]

    def replied(self, voice: Voice, lang: Lang) -> str:
        """What a yes of somebody who writes about themselves is met with."""
        texts = self.reply_young if voice == "young" and self.reply_young else self.reply
        return texts[lang]

    def named(self, lang: Lang) -> str:
        """The sign in a few words."""
        return self.short[lang]


class Punishable(Strict):
    """What of this can be punishable, in plain words, and where that stands."""

    text: dict[Lang, str]
    source: str = Field(min_length=1)


class Group(Strict):
    """A form of violence: its heading, what it is called, the same in plain words, its signs."""

    id: Id
    name: dict[Lang, str]
    called: dict[Lang, str]
    plain: dict[Lang, str]
    punishable: Punishable
    items: tuple[Item, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Checklist:
    """All groups, the gentlest first."""

    groups: tuple[Group, ...]

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every sign by its id, in the order of the groups."""
        return {item.id: item for group in self.groups for item in group.items}

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """The group of every sign."""
        return {item.id: group for group in self.groups for item in group.items}

    @cached_property
    def by_id(self) -> Mapping[str, Group]:
        """Every group by its id."""
        return {group.id: group for group in self.groups}


def load_checklist(folder: Path, numbers: NumberRegister) -> Checklist:
    """Read every group of a folder. Raises ContentError with one line: where, what, how to mend."""
    place = f"{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise content_error(place, "no groups in it", "check the path")
    groups: list[Group] = []
    seen: dict[str, str] = {}
    for path in paths:
        group = _read(path, f"{place}/{path.name}", numbers)
        for id in (group.id, *(item.id for item in group.items if item.id != group.id)):
            if id in seen:
                what = f"{id} stands in {seen[id]} too"
                raise content_error(f"{place}/{path.name}", what, "give one of them another id")
            seen[id] = path.name
        groups.append(group)
    order = {id: at for at, id in enumerate(GENTLE_FIRST)}
    return Checklist(tuple(sorted(groups, key=lambda group: order.get(group.id, len(order)))))


def _read(path: Path, place: str, numbers: NumberRegister) -> Group:
    try:
        group = Group.model_validate(read_yaml(path, place))
    except ValidationError as error:
        raise first_error(place, error) from None
    for name in ("name", "called", "plain"):
        _complete(f"{place}: {name}", getattr(group, name))
    _complete(f"{place}: punishable.text", group.punishable.text)
    seen: set[str] = set()
    for item in group.items:
        if item.id in seen:
            raise content_error(f"{place}: {item.id}", "stands twice", "give one another id")
        seen.add(item.id)
        _check_item(f"{place}: {item.id}", item, numbers)
    return group


def _check_item(at: str, item: Item, numbers: NumberRegister) -> None:
    if item.risk is not None and item.risk not in RISKS:
        raise content_error(at, f"unknown risk {item.risk}", f"use one of {', '.join(RISKS)}")
    for name in ("short", *VOICES, "reply", "reply_young"):
        texts: dict[Lang, str] | None = getattr(item, name)
        if texts is None:
            continue
        _complete(f"{at}.{name}", texts)
        menu = ROOM_FOR_MENU if name in VOICES and item.sms in BY_SMS else ""
        for lang, text in texts.items():
            _check_text(f"{at}.{name}.{lang}", text, menu, numbers)


def _check_text(at: str, text: str, menu: str, numbers: NumberRegister) -> None:
    unknown = unknown_placeholders(text, numbers, (), has_fact=False)
    if unknown:
        mend = "use {n.<id>} with an id from content/numbers.yml"
        raise content_error(at, f"unknown placeholder {{{unknown[0]}}}", mend)
    check_sms(at, text + menu)


def _complete(place: str, texts: Mapping[Lang, str]) -> None:
    for lang in LANGS:
        if not texts.get(lang, "").strip():
            raise content_error(place, f"{lang} is missing", "write it in all three languages")


__all__ = ["Checklist", "ContentError", "Group", "Item", "Voice", "load_checklist"]

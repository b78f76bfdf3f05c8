"""The parts of a plan and their steps, one file for each part, edited by people. Checked on load.

`for` says who reads it. `order` says for whom of those exposed it is shown, and as number what: who
lives together with the person, has moved, or stays for now; everybody else uses `any`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messages import LANGS, Lang
from bot.channels.sms.segments import count, to_gsm
from bot.content.files import ContentError, content_error, language
from bot.content.fill import unknown_placeholders
from bot.content.flow_texts import LONGEST_TITLE, check_sms, first_error, read_yaml
from bot.content.numbers import NumberRegister

Voice = Literal["self", "young", "other", "uses_violence"]
Living = Literal["together", "moved", "staying", "any"]

VOICES: tuple[Voice, ...] = get_args(Voice)
MOST_PARTS = 7
"""With the plan itself and stopping that is 1 to 9 by SMS; 0 is one step back."""
FEWEST_STEPS, MOST_STEPS = 3, 5
LONGEST_LINE = 60
ROOM_FOR_MENU = " 1/5 1 put it in the plan, 2 in my own words, 3 hopp over, 4 stopp her, 0 tilbake"


class _Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Step(_Strict):
    """One thing a person can do. `plan`: how it stands in the plan; `hint`: what own words may say.

    `take`: the list of what to bring stands above it. `source`: what it rests on.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    about_children: bool = False
    take: bool = False
    text: dict[Lang, str]
    plan: dict[Lang, str]
    hint: dict[Lang, str] | None = None
    source: str = Field(min_length=1)


class Part(_Strict):
    """Three to five steps under one title. `text_date`: when pages were read; `law_date`: the state
    of the law that was read, where a source names a paragraph."""

    id: str
    reader: Voice = Field(alias="for")
    order: dict[Living, int] = Field(min_length=1)
    title: dict[Lang, str]
    text_date: date
    law_date: date | None = None
    review: date
    steps: list[Step] = Field(min_length=FEWEST_STEPS, max_length=MOST_STEPS)

    def read_on(self, step: Step) -> date:
        """The date that stands behind the source of a step."""
        return self.law_date if self.law_date and "§" in step.source else self.text_date

    @property
    def duty_at(self) -> int | None:
        """The first step about children: the duty to notify stands above it."""
        return next((at for at, step in enumerate(self.steps) if step.about_children), None)


@dataclass(frozen=True)
class Parts:
    """Every part, by id."""

    by_id: Mapping[str, Part]

    def shown(self, voice: Voice, living: Living) -> list[Part]:
        """The parts for this reader, in the order of where they live."""
        found = [part for part in self.by_id.values() if part.reader == voice]
        return sorted(
            (part for part in found if living in part.order), key=lambda part: part.order[living]
        )


def load_parts(folder: Path, numbers: NumberRegister) -> Parts:
    """Every part of a folder. Raises ContentError with one line: where, what, how to mend it."""
    found: dict[str, Part] = {}
    seen: dict[str, str] = {}
    for path in part_paths(folder):
        place = f"{folder.parent.name}/{folder.name}/{path.name}"
        part = _read(path, place)
        _check(place, part, numbers)
        for step in part.steps:
            if step.id in seen:
                raise content_error(f"{place}: {step.id}", f"also in {seen[step.id]}", "rename it")
            seen[step.id] = place
        found[part.id] = part
    parts = Parts(found)
    _check_menus(f"{folder.parent.name}/{folder.name}", parts)
    return parts


def part_paths(folder: Path) -> list[Path]:
    """The files of the parts; nb.yml, nn.yml and en.yml hold the words around them."""
    return [path for path in sorted(folder.glob("*.yml")) if language(path.stem) is None]


def overdue(parts: Parts, today: date) -> Iterator[str]:
    """Parts to be read again, or dated in the future."""
    for part in parts.by_id.values():
        if part.review < today:
            yield f"safety_plan/{part.id}.yml: review was due {part.review}; read the sources"
        if max(part.text_date, part.law_date or part.text_date) > today:
            yield f"safety_plan/{part.id}.yml: a date is in the future; write the day of reading"


def check_one_sms(place: str, text: str) -> None:
    """A list to carry along must not be parted: one SMS, in GSM letters."""
    size = count(to_gsm(text))
    if size.encoding != "GSM-7" or size.segments != 1:
        raise content_error(place, f"takes {size.units} characters by SMS", "at most 160, in one")


def _read(path: Path, place: str) -> Part:
    try:
        return Part.model_validate({"id": path.stem, **read_yaml(path, place)})
    except ValidationError as error:
        raise first_error(place, error) from None


def _check(place: str, part: Part, numbers: NumberRegister) -> None:
    _complete(f"{place}: title", part.title)
    for lang, title in part.title.items():
        if len(title) > LONGEST_TITLE:
            raise content_error(f"{place}: title.{lang}", "is too long", f"at most {LONGEST_TITLE}")
    if part.reader != "self" and set(part.order) != {"any"}:
        raise content_error(f"{place}: order", "is for those exposed", "write {any: 1}")
    if part.law_date is None and any("§" in step.source for step in part.steps):
        raise content_error(f"{place}: law_date", "is missing", "write the state of the law read")
    for step in part.steps:
        at = f"{place}: {step.id}"
        _check_texts(f"{at}.text", step.text, numbers, ROOM_FOR_MENU)
        _check_texts(f"{at}.plan", step.plan, numbers)
        if step.hint is not None:
            _check_texts(f"{at}.hint", step.hint, numbers)
        for lang, line in step.plan.items():
            if len(line) > LONGEST_LINE:
                what = f"has {len(line)} characters"
                raise content_error(f"{at}.plan.{lang}", what, f"at most {LONGEST_LINE}")


def _check_texts(
    place: str, texts: Mapping[Lang, str], numbers: NumberRegister, menu: str = ""
) -> None:
    _complete(place, texts)
    for lang, text in texts.items():
        unknown = unknown_placeholders(text, numbers, (), has_fact=False)
        if unknown:
            what = f"unknown placeholder {{{unknown[0]}}}"
            raise content_error(f"{place}.{lang}", what, "use {line} or {n.<id>}")
        check_sms(f"{place}.{lang}", text + menu)


def _check_menus(place: str, parts: Parts) -> None:
    for voice in VOICES:
        exposed: tuple[Living, ...] = ("together", "moved", "staying")
        livings: tuple[Living, ...] = exposed if voice == "self" else ("any",)
        for living in livings:
            shown = parts.shown(voice, living)
            if not 1 <= len(shown) <= MOST_PARTS:
                what = f"{len(shown)} parts for {voice}, {living}"
                raise content_error(place, what, f"1 to {MOST_PARTS}: see order in each file")
            orders = [part.order[living] for part in shown]
            if len(set(orders)) < len(orders):
                raise content_error(place, f"two parts with one order ({living})", "renumber them")


def _complete(place: str, texts: Mapping[Lang, object]) -> None:
    for lang in LANGS:
        if lang not in texts:
            raise content_error(place, f"{lang} is missing", "write it in all three languages")


__all__ = ["ContentError", "Living", "Part", "Parts", "Step", "Voice", "load_parts", "overdue"]

"""The rows of a checklist, from one data file that people edit. Checked when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messages import LANGS, Lang
from bot.content.files import content_error
from bot.content.fill import unknown_placeholders
from bot.content.flow_texts import check_sms, first_error, read_yaml
from bot.content.numbers import NumberRegister

Voice = Literal["self", "other"]
ROOM_FOR_MENU = " 1 vil ikke svare 2 vil ikke svare 3 vil ikke svare 4 vil ikke svare 5 stopp"


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FormName(Strict):
    """What a form of violence is called, and in plain words."""

    name: str = Field(min_length=1)
    plain: str = Field(min_length=1)


class Item(Strict):
    """One question. `risk`: an id; a yes offers a person at once. `source`: what it rests on."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    form: str
    group: str = Field(min_length=1)
    risk: str | None = Field(None, pattern=r"^[a-z][a-z_]*$")
    about_children: bool = False
    text: dict[Lang, str]
    other: dict[Lang, str]
    reply: dict[Lang, str]
    source: str = Field(min_length=1)

    def asked(self, voice: Voice, lang: Lang) -> str:
        """The question, about the one who writes or about someone else."""
        return (self.text if voice == "self" else self.other)[lang]


class _File(Strict):
    forms: dict[str, dict[Lang, FormName]]
    items: list[Item] = Field(min_length=1)


@dataclass(frozen=True)
class Checklist:
    """Items in the order they are asked, and the names of the forms of violence."""

    items: tuple[Item, ...]
    forms: Mapping[str, Mapping[Lang, FormName]]

    def __len__(self) -> int:
        return len(self.items)


def load_checklist(path: Path, numbers: NumberRegister) -> Checklist:
    """Read a checklist. Raises ContentError with one line: where, what, how to mend it."""
    place = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        file = _File.model_validate(read_yaml(path, place))
    except ValidationError as error:
        raise first_error(place, error) from None
    for form, names in file.forms.items():
        _complete(f"{place}: forms.{form}", names)
    seen: set[str] = set()
    for item in file.items:
        _check_item(place, item, file, seen, numbers)
        seen.add(item.id)
    unused = sorted(set(file.forms) - {item.form for item in file.items})
    if unused:
        raise content_error(place, f"no question asks about {unused[0]}", "add one or remove it")
    return Checklist(tuple(file.items), file.forms)


def _check_item(
    place: str, item: Item, file: _File, seen: set[str], numbers: NumberRegister
) -> None:
    at = f"{place}: {item.id}"
    if item.id in seen:
        raise content_error(at, "stands twice", "give one of them another id")
    if item.form not in file.forms:
        raise content_error(at, f"unknown form {item.form}", "use one that stands under forms")
    for name in ("text", "other", "reply"):
        texts: dict[Lang, str] = getattr(item, name)
        _complete(f"{at}.{name}", texts)
        for lang, text in texts.items():
            unknown = unknown_placeholders(text, numbers, (), has_fact=False)
            if unknown:
                raise content_error(
                    f"{at}.{name}.{lang}",
                    f"unknown placeholder {{{unknown[0]}}}",
                    "use {n.<id>} with an id from content/numbers.yml",
                )
            menu = "" if name == "reply" else ROOM_FOR_MENU
            check_sms(f"{at}.{name}.{lang}", text + menu)


def _complete(place: str, texts: Mapping[Lang, object]) -> None:
    for lang in LANGS:
        if lang not in texts:
            raise content_error(place, f"{lang} is missing", "write it in all three languages")

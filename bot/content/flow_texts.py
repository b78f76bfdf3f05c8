"""The words of a flow: one YAML file per language in a folder of its own, edited by anyone.

    texts:     what is said, by key: {web: "…", sms: "…"}, or one text for both
    buttons:   titles of the choices
    labels:    headings of the lines of a summary
    names:     what an id is called in plain words

All languages must have the same keys, and exactly the keys the flow uses. A file that cannot be
used raises ContentError with one line: which file, what is wrong, how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.channels.messages import Button, Channel, Lang
from bot.channels.sms.reserved import asked_for
from bot.channels.sms.segments import GSM_BASIC, GSM_EXTENSION, count, to_gsm
from bot.content.files import LANGUAGES, SAFE_LOADER, content_error
from bot.content.fill import CentreView, fill, unknown_placeholders
from bot.content.numbers import NumberRegister

LONGEST_TITLE = 24
_GSM = GSM_BASIC | GSM_EXTENSION
MOST_SEGMENTS = 2
SECTIONS = ("texts", "buttons", "labels", "names")


def _yes_no(value: object) -> object:
    """YAML reads an unquoted yes or no as true or false; as a key or a word both are meant."""
    if isinstance(value, dict):
        return {_yes_no(key): _yes_no(entry) for key, entry in value.items()}
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _both(value: object) -> object:
    return {"web": value, "sms": value} if isinstance(value, str) else value


class Words(BaseModel):
    """One text for the web and for SMS."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    web: str = Field(min_length=1)
    sms: str = Field(min_length=1)


Short = Annotated[str, Field(min_length=1)]


class Sheet(BaseModel):
    """One language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    texts: dict[str, Annotated[Words, BeforeValidator(_both)]]
    buttons: dict[str, Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]]
    labels: dict[str, Short] = Field(default_factory=dict)
    names: dict[str, Short] = Field(default_factory=dict)


@dataclass(frozen=True)
class Used:
    """What a flow uses: texts with the values it gives each of them, and the other keys."""

    texts: Mapping[str, frozenset[str]]
    buttons: frozenset[str]
    labels: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Ids that must have a name; a file may name more."""


class FlowTexts:
    """The words of one flow in all languages. Pure and in memory."""

    def __init__(
        self, sheets: Mapping[Lang, Sheet], numbers: NumberRegister, centre: CentreView
    ) -> None:
        self._sheets = sheets
        self._numbers = numbers
        self._centre = centre

    def text(self, key: str, lang: Lang, channel: Channel, **values: object) -> str:
        """A text with its placeholders filled. Raises KeyError for a key no flow uses."""
        words = self._sheets[lang].texts[key]
        raw = words.sms if channel == "sms" else words.web
        return self.fill(raw, lang, **values)

    def fill(self, raw: str, lang: Lang, **values: object) -> str:
        """Fill {line}, {n.<id>} and the given values."""
        return fill(raw.strip(), lang, centre=self._centre, numbers=self._numbers, values=values)

    def title(self, key: str, lang: Lang) -> str:
        """The title of a choice."""
        return self._sheets[lang].buttons[key]

    def button(self, key: str, lang: Lang, payload: str | None = None) -> Button:
        """A choice; without `payload` the key itself is sent."""
        return Button(self.title(key, lang), payload or key)

    def label(self, key: str, lang: Lang) -> str:
        """The heading of a line; an unknown key as plain words."""
        return self._sheets[lang].labels.get(key) or key.replace("_", " ")

    def name(self, id: str, lang: Lang) -> str | None:
        """What an id is called, or None."""
        return self._sheets[lang].names.get(id)


def load_flow_texts(
    folder: Path, used: Used, numbers: NumberRegister, centre: CentreView
) -> FlowTexts:
    """Read nb.yml, nn.yml and en.yml of a folder. Raises ContentError with one line."""
    sheets: dict[Lang, Sheet] = {}
    for lang in LANGUAGES:
        place = f"{folder.parent.name}/{folder.name}/{lang}.yml"
        sheet = _read(folder / f"{lang}.yml", place)
        _check_keys(place, sheet, used)
        _check_texts(place, sheet, used, numbers)
        sheets[lang] = sheet
    _check_names(folder, sheets, used)
    texts = FlowTexts(sheets, numbers, centre)
    for lang, sheet in sheets.items():
        for key in sheet.texts:
            if not used.texts[key]:
                place = f"{folder.parent.name}/{folder.name}/{lang}.yml"
                check_sms(f"{place}: texts.{key}", texts.text(key, lang, "sms"))
    return texts


def read_yaml(path: Path, place: str) -> dict[str, Any]:
    """A YAML file as a mapping; yes and no stay words. Raises ContentError."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506
    except OSError:
        raise content_error(place, "the file is missing", "copy it from another language") from None
    except UnicodeDecodeError:
        raise content_error(place, "not UTF-8 text", "save it as UTF-8") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise content_error(
            place, f"cannot be read near line {line}", "look for a missing quote or a tab"
        ) from None
    if not isinstance(raw, dict):
        raise content_error(place, "is empty", "see the file of another language")
    values: dict[str, Any] = {str(key): entry for key, entry in _yes_no_dict(raw).items()}
    return values


def first_error(place: str, error: ValidationError) -> Exception:
    """The first thing pydantic found, as one line for an editor."""
    first = error.errors(include_url=False, include_input=False)[0]
    at = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return content_error(place, f"{at} is missing", "add that line")
    if first["type"] == "extra_forbidden":
        return content_error(place, f"unknown line {at}", "remove it or mend its name")
    return content_error(place, f"{at} is wrong ({first['msg']})", "mend that line")


def check_sms(place: str, text: str) -> None:
    """A text alone fits two segments, in GSM letters, and asks for no reserved word."""
    plain = to_gsm(text.replace("**", ""))
    odd = [char for char in plain if char not in _GSM]
    if odd:
        raise content_error(place, f"the letter {odd[0]} is not in the SMS alphabet", "replace it")
    if count(plain).segments > MOST_SEGMENTS:
        raise content_error(place, "too long for two SMS segments", "write a shorter sms text")
    if asked_for(plain):
        raise content_error(place, f"asks for the word {asked_for(plain)[0]}", "use another word")


def _yes_no_dict(raw: dict[Any, Any]) -> dict[Any, Any]:
    return cast(dict[Any, Any], _yes_no(raw))


def _read(path: Path, place: str) -> Sheet:
    try:
        return Sheet.model_validate(read_yaml(path, place))
    except ValidationError as error:
        raise first_error(place, error) from None


def _check_keys(place: str, sheet: Sheet, used: Used) -> None:
    for section, wanted in (
        ("texts", frozenset(used.texts)),
        ("buttons", used.buttons),
        ("labels", used.labels),
    ):
        there = set(getattr(sheet, section))
        if missing := sorted(wanted - there):
            raise content_error(place, f"{section}.{missing[0]} is missing", "add it")
        if unknown := sorted(there - wanted):
            raise content_error(
                place, f"{section}.{unknown[0]} is not used", "remove it or mend its name"
            )


def _check_texts(place: str, sheet: Sheet, used: Used, numbers: NumberRegister) -> None:
    for key, words in sheet.texts.items():
        for channel, text in (("web", words.web), ("sms", words.sms)):
            unknown = unknown_placeholders(text, numbers, used.texts[key], has_fact=False)
            if unknown:
                raise content_error(
                    place,
                    f"texts.{key}.{channel} has the unknown placeholder {{{unknown[0]}}}",
                    "use {line} or {n.<id>} with an id from content/numbers.yml",
                )


def _check_names(folder: Path, sheets: Mapping[Lang, Sheet], used: Used) -> None:
    wanted = set(sheets["nb"].names) | used.names
    for lang, sheet in sheets.items():
        place = f"{folder.parent.name}/{folder.name}/{lang}.yml"
        if missing := sorted(wanted - set(sheet.names)):
            raise content_error(place, f"names.{missing[0]} is missing", "add it as in nb.yml")
        if unknown := sorted(set(sheet.names) - wanted):
            raise content_error(place, f"names.{unknown[0]} is not in nb.yml", "add it there too")

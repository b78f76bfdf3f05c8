"""The centre: one file, `centre.yml`, and everything in it has a source, a date and a confirmer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.settings import ConfigError


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PhoneLine(Strict):
    """The 24-hour line that is always in sight."""

    number: str = Field(pattern=r"^[0-9 +]{3,20}$")
    hours: dict[str, str]
    reads_codes: bool
    #: What a telephone provider dials to reach the line, where it cannot dial `number` itself.
    dial: str | None = Field(default=None, pattern=r"^\+[1-9][0-9]{7,14}$")
    under_18: str = Field(pattern=r"^[0-9 +]{3,20}$")
    source: str
    date: date
    confirmed_by: str | None = None


class LocalFact(Strict):
    """Something that is so at this centre. Without `confirmed_by` it is never said."""

    value: dict[str, str]
    source: str
    date: date
    confirmed_by: str | None = None


class LocalNumber(Strict):
    """What the centre says of a number in content/numbers.yml: that somebody has confirmed it, and
    the number, name and hours that are right here, where the register has the national way.
    """

    number: str | None = Field(default=None, pattern=r"^(\+\d{1,3} )?\d[\d ]*\d$")
    name: dict[str, str] | None = None
    hours: dict[str, str] | None = None
    source: str | None = None
    date: date
    confirmed_by: str | None = None

    @model_validator(mode="after")
    def _own_number_has_a_source(self) -> LocalNumber:
        if self.number and not self.source:
            raise ValueError("a number of your own needs a source")
        return self


class MeetingPlace(Strict):
    """Where the day service can meet somebody, as the person would read it. Counsellors choose it
    at the desk; without `confirmed_by`, or with `secret`, it is written to nobody.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    name: dict[str, str]
    secret: bool = False
    source: str
    date: date
    confirmed_by: str | None = None

    def told(self, lang: str) -> str | None:
        """The place in `lang` when it may be written to a person, else None."""
        return None if self.secret or self.confirmed_by is None else self.called(lang)

    def called(self, lang: str) -> str:
        """What it is called at the desk."""
        return self.name.get(lang) or self.name.get("nb") or self.id


class DayService(Strict):
    """Where and when the centre meets people by day. The hours are a hint to counsellors."""

    hours: dict[str, str] = Field(default_factory=dict)
    places: list[MeetingPlace] = Field(default_factory=list)

    def place(self, place_id: str) -> MeetingPlace | None:
        """A place by its id."""
        return next((one for one in self.places if one.id == place_id), None)


class Centre(Strict):
    """This centre, as people and counsellors see it."""

    name: str = Field(min_length=2)
    short_name: str = Field(min_length=2)
    demo: bool
    phone_line: PhoneLine
    municipalities: list[str]
    departments: list[dict[str, str]]
    facts: dict[str, LocalFact]
    day_service: DayService = Field(default_factory=DayService)
    #: What is confirmed of the numbers in content/numbers.yml, or other here; by their id.
    numbers: dict[str, LocalNumber] = Field(default_factory=dict)
    #: Languages beside our own with a fixed text (content/other_languages); None: all there are.
    other_languages: list[str] | None = None

    def confirmed(self, fact: str, lang: str) -> str | None:
        """The local fact in `lang` when somebody at the centre has confirmed it, else None."""
        entry = self.facts.get(fact)
        if entry is None or entry.confirmed_by is None:
            return None
        return entry.value.get(lang) or entry.value.get("nb")


def load_centre(path: Path) -> Centre:
    """Read and check the centre's file. Raises ConfigError with one line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise ConfigError(f"no centre file ({path}): copy one from examples/") from None
    return read_centre(text, path)


def read_centre(text: str, path: Path) -> Centre:
    """The centre that a file with this text describes. Raises ConfigError with one line."""
    try:
        raw: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise ConfigError(f"not YAML ({path}, line {line}): mend the indentation there") from None
    try:
        return Centre.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{where}: {first['msg']} ({path}): see docs/adopting.md") from None


def unconfirmed(centre: Centre) -> list[str]:
    """What no named person at the centre has confirmed yet; production refuses to start on it."""
    missing = [] if centre.phone_line.confirmed_by else ["phone_line"]
    return missing + [
        f"facts.{name}" for name, fact in centre.facts.items() if not fact.confirmed_by
    ]


def check_production_centre(centre: Centre, path: Path) -> None:
    """Raises ConfigError when the centre is a demonstration or not confirmed."""
    if centre.demo:
        raise ConfigError(f"this is the demonstration centre ({path}): describe your own centre")
    missing = unconfirmed(centre)
    if missing:
        raise ConfigError(
            f"{missing[0]} has no confirmed_by ({path}): let a named person there confirm it"
        )

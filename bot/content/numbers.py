"""The register of phone numbers. No other file may hold a number that a person can be told to ring.

Confidence is that of the fact files: A statute, B official page, C secondary or old, U unverified.
Only A and B may be shown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import phonenumbers
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messages import Lang
from bot.content.files import content_error

SHOWABLE = frozenset({"A", "B"})


class PhoneNumber(BaseModel):
    """One number: its name and hours in three languages, where it was read and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[Lang, str]
    number: str = Field(pattern=r"^(\+\d{1,3} )?\d[\d ]*\d$")
    hours: dict[Lang, str]
    languages: list[str] = Field(default_factory=list)
    note: dict[Lang, str] = Field(default_factory=dict)
    source: str = Field(min_length=1)
    date: dt.date
    confidence: Literal["A", "B", "C", "U"]
    confirmed_by: str | None = None
    confirmed_date: dt.date | None = None

    @property
    def may_be_shown(self) -> bool:
        return self.confidence in SHOWABLE

    @property
    def tel(self) -> str:
        return tel(self.number)


def tel(number: str) -> str:
    """The tel: address of a number as written. Short numbers stay as dialled, others get +47.

    Numbering plan: eight digits are subscriber numbers (and 800 free numbers); three, five and six
    digits are short codes that cannot be dialled with a country code.
    """
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+47{digits}" if len(digits) == 8 else f"tel:{digits}"


class NumberRegister(Mapping[str, PhoneNumber]):
    """Numbers by id. `edition` grows when newer numbers have been taken."""

    def __init__(self, numbers: Mapping[str, PhoneNumber]) -> None:
        self._numbers = dict(numbers)
        self.edition = 0

    def take(self, newer: NumberRegister) -> None:
        """Hold the numbers of `newer` from now on, for all who hold this register."""
        self._numbers = newer._numbers
        self.edition += 1

    def at_centre(self, local: Mapping[str, Mapping[str, Any]]) -> NumberRegister:
        """The register with what the centre says in centre.yml: that a number is confirmed, and
        its own number where the one in the register is the national way.

        Raises ContentError for an id that is not in the register.
        """
        numbers = dict(self._numbers)
        for key, said in local.items():
            if key not in numbers:
                mend = "use an id from content/numbers.yml"
                raise content_error("centre.yml", f"numbers.{key} is unknown", mend)
            changes: dict[str, Any] = {
                "confirmed_by": said.get("confirmed_by"),
                "confirmed_date": said.get("date") if said.get("confirmed_by") else None,
            }
            if said.get("number"):
                own = ("number", "source", "date", "name", "hours")
                changes |= {field: said[field] for field in own if said.get(field)}
                changes["confidence"] = "B"  # from whoever runs the service there
            numbers[key] = _entry("centre.yml", key, numbers[key].model_dump() | changes)
        return NumberRegister(numbers)

    def __getitem__(self, key: str) -> PhoneNumber:
        return self._numbers[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def links(self) -> dict[str, str]:
        """Number as written in a text -> tel: address, the longest first so that none is cut."""
        shown = {entry.number for entry in self.values() if entry.may_be_shown}
        return {number: tel(number) for number in sorted(shown, key=lambda n: (-len(n), n))}

    def unconfirmed(self) -> list[str]:
        """Ids that no named person at the centre has confirmed."""
        return [key for key, entry in self.items() if not entry.confirmed_by]


def load_numbers(path: Path) -> NumberRegister:
    """Read numbers.yml. Raises ContentError with one line on the first entry that is wrong."""
    place = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise content_error(place, "the file is missing", "copy it from the repository")
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        raise content_error(
            place, "cannot be read as YAML", "look for a missing quote or bracket"
        ) from None
    if not isinstance(raw, dict) or not raw:
        raise content_error(place, "no numbers in it", "add entries such as police_emergency")
    return NumberRegister({str(key): _entry(place, str(key), value) for key, value in raw.items()})


def _entry(place: str, key: str, value: object) -> PhoneNumber:
    try:
        entry = PhoneNumber.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(part) for part in first["loc"]) or "entry"
        mend = 'write numbers in quotes, such as "116 006"' if at == "number" else "mend that line"
        raise content_error(f"{place}: {key}", f"{at}: {first['msg']}", mend) from None
    for field in ("name", "hours"):
        missing = {"nb", "nn", "en"} - set(getattr(entry, field))
        if missing:
            raise content_error(
                f"{place}: {key}",
                f"{field} lacks {', '.join(sorted(missing))}",
                "add it",
            )
    if not _dialable(entry.number):
        raise content_error(
            f"{place}: {key}",
            "the number cannot be dialled in Norway",
            "check the digits",
        )
    return entry


def _dialable(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    if number.startswith("+") or len(digits) == 8:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "NO"))
    return len(digits) in (3, 4, 5, 6)

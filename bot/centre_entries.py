"""The facts and numbers of centre.yml one by one: what the texts use, what is said of it, by whom.

An entry is a flat list of named fields ("value.nb", "source" …), so that a change of it can be
shown line by line and written back into the file without touching anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from bot.content.files import LANGUAGES, ContentError
from bot.content.load import Content
from bot.content.yaml_edit import Key, with_values

Kind = Literal["phone_line", "facts", "numbers"]
Values = dict[str, str]

_BY = ("source", "date", "confirmed_by")
_NAMED = tuple(f"name.{lang}" for lang in LANGUAGES)
_HOURS = tuple(f"hours.{lang}" for lang in LANGUAGES)
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "phone_line": ("number", *_HOURS, *_BY),
    "facts": (*(f"value.{lang}" for lang in LANGUAGES), *_BY),
    "numbers": ("number", *_NAMED, *_HOURS, *_BY),
}


@dataclass(frozen=True)
class CentreEntry:
    """One entry. `values` is what centre.yml says; `shown` what is said, with the register's."""

    key: str
    kind: Kind
    values: Values
    shown: Values
    topics: tuple[str, ...] = ()
    written: bool = True

    @property
    def confirmed(self) -> bool:
        return bool(self.values["confirmed_by"])


def entries(text: str, content: Content) -> list[CentreEntry]:
    """Every fact and number that the texts use, as the file says it: unconfirmed ones first."""
    raw = _read(text)
    found = [_entry(raw, "phone_line", "phone_line", content)]
    asked = {page.front.confirmed_fact for page in content.pages() if page.front.confirmed_fact}
    facts = sorted({*(raw.get("facts") or {}), *(asked - {"municipalities"})})
    found += [_entry(raw, f"facts.{name}", "facts", content) for name in facts]
    numbers = [name for name in content.numbers if content.numbers[name].may_be_shown]
    found += [_entry(raw, f"numbers.{name}", "numbers", content) for name in numbers]
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.confirmed, one.key))


_ORDER: tuple[Kind, ...] = ("phone_line", "facts", "numbers")


def entry(text: str, content: Content, key: str) -> CentreEntry | None:
    """One of them, or None for a name that no text uses."""
    return next((one for one in entries(text, content) if one.key == key), None)


def values_of(text: str, key: str) -> Values:
    """The fields of an entry as the file says them now; empty where it says nothing."""
    return _values(_read(text), key, kind_of(key))


def kind_of(key: str) -> Kind:
    """Which list an entry stands in."""
    return next(kind for kind in FIELDS if key.partition(".")[0] == kind)


def with_entry(text: str, key: str, wanted: Mapping[str, str]) -> str:
    """The file with these fields of one entry. Raises ContentError when it cannot be written."""
    now = values_of(text, key)
    path = tuple(key.split(".", 1))
    changes: dict[Key, object] = {}
    for name in FIELDS[kind_of(key)]:
        said = wanted.get(name, now[name]).strip()
        if said != now[name]:
            group, _, lang = name.partition(".")
            if not said and lang:
                changes[*path, group] = None  # all of them go, or the check says what lacks
            else:
                changes[*path, *name.split(".")] = _value(name, said)
    return with_values(text, changes) if changes else text


def _value(name: str, said: str) -> object:
    if not said:
        return None
    if name == "date":
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise ContentError("date is not a day; write it as 2026-11-22") from None
    return said


def _entry(raw: Mapping[str, Any], key: str, kind: Kind, content: Content) -> CentreEntry:
    values = _values(raw, key, kind)
    shown = dict(values)
    name = key.partition(".")[2]
    if kind == "numbers":
        register = content.numbers[name]
        said = {"number": register.number, "source": register.source, "date": str(register.date)}
        said |= {f"name.{lang}": register.name.get(lang, "") for lang in LANGUAGES}
        said |= {f"hours.{lang}": register.hours.get(lang, "") for lang in LANGUAGES}
        shown = {field: values[field] or said.get(field, "") for field in values}
    topics = tuple(sorted(_topics(content, kind, name)))
    return CentreEntry(key, kind, values, shown, topics, any(values.values()))


def _topics(content: Content, kind: Kind, name: str) -> set[str]:
    if kind == "facts":
        return {page.topic for page in content.pages() if page.front.confirmed_fact == name}
    if kind == "numbers":
        return {page.topic for page in content.pages() if name in page.front.numbers}
    return set()


def _values(raw: Mapping[str, Any], key: str, kind: Kind) -> Values:
    said: Any = raw
    for name in key.split(".", 1):
        said = (said or {}).get(name) if isinstance(said, Mapping) else None
    return {field: _text(said, field) for field in FIELDS[kind]}


def _text(said: Any, field: str) -> str:
    for name in field.split("."):
        said = said.get(name) if isinstance(said, Mapping) else None
    return "" if said is None else str(said)


def _read(text: str) -> Mapping[str, Any]:
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ContentError("centre.yml cannot be read; mend it in an editor") from None
    if not isinstance(raw, Mapping):
        raise ContentError("centre.yml is empty; copy one from examples/")
    return raw


def names(key: str) -> Iterator[str]:
    """The fields of an entry, in the order in which they are shown."""
    yield from FIELDS[kind_of(key)]

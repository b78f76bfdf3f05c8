"""Fills the placeholders of a text: {line}, {centre}, {n.police_emergency}, {fact} and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

from bot.channels.messages import Lang
from bot.content.files import LANGUAGES, ContentError, content_error
from bot.content.numbers import NumberRegister, load_numbers

PLACEHOLDER = re.compile(r"\{(?P<name>[a-z0-9_.]*)\}")
KEPT_NAMES = frozenset({"keep_hours", "keep_case_days", "backup_days"})
CENTRE_NAMES = KEPT_NAMES | {"line", "line_hours", "centre", "short_name", "under_18", "fact"}
# The municipalities of the centre are a fact of their own: no name has to be confirmed for them.
MUNICIPALITIES = "municipalities"
_AND = {"nb": "og", "nn": "og", "en": "and"}


@dataclass(frozen=True)
class Kept:
    """How long words are kept, as the texts say it: the settings' hours and days."""

    keep_hours: int = 12
    keep_case_days: int = 7
    backup_days: int = 14


@dataclass(frozen=True)
class CentreView:
    """What texts may say of the centre. Facts hold only what a named person has confirmed."""

    name: str
    short_name: str
    line: str
    under_18: str
    line_hours: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kept: Kept = Kept()


def centre_view(
    centre: object, kept: Kept | None = None, *, every_fact: bool = False
) -> CentreView:
    """Take a Centre (pydantic model or dataclass) or a mapping with the same keys.

    `every_fact`: also what nobody has confirmed, to measure texts with it. It is never said.

    Raises ContentError when the name or the phone line is missing: no text may lack them.
    """
    raw = _as_mapping(centre)
    line = _as_mapping(raw.get("phone_line") or {})
    if not raw.get("name") or not line.get("number"):
        raise content_error("centre.yml", "name or phone_line.number is missing", "add it")
    facts = {
        str(key): _by_lang(fact["value"])
        for key, fact in _as_mapping(raw.get("facts") or {}).items()
        if fact and fact.get("value") and (every_fact or fact.get("confirmed_by"))
    }
    places = tuple(str(name) for name in raw.get("municipalities") or ())
    if places:
        facts[MUNICIPALITIES] = {lang: joined(places, lang) for lang in LANGUAGES}
    return CentreView(
        name=str(raw["name"]),
        short_name=str(raw.get("short_name") or raw["name"]),
        line=str(line["number"]),
        under_18=str(line.get("under_18") or line["number"]),
        line_hours=_by_lang(line.get("hours") or {}),
        facts=facts,
        kept=kept or Kept(),
    )


def centre_numbers(content_dir: Path, centre: object) -> NumberRegister:
    """The numbers of the texts as they are at this centre. Raises ContentError."""
    local = _as_mapping(_as_mapping(centre).get("numbers") or {})
    numbers = load_numbers(content_dir / "numbers.yml")
    return numbers.at_centre({str(key): _as_mapping(said) for key, said in local.items()})


def _by_lang(value: object) -> Mapping[str, str]:
    """Text by language; where one lacks, Bokmål stands in."""
    texts = {str(lang): str(text) for lang, text in _as_mapping(value).items()}
    return {lang: texts.get(lang) or texts.get("nb", "") for lang in LANGUAGES}


def _as_mapping(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        dumped: Mapping[str, Any] = dump()
        return dumped
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise content_error("centre.yml", "not a list of named values", "see the example centre")


def placeholders(text: str) -> set[str]:
    """Names of all placeholders in a text."""
    return {match["name"] for match in PLACEHOLDER.finditer(text)}


def number_ids(names: Iterable[str]) -> set[str]:
    """The register ids among placeholder names."""
    return {name.removeprefix("n.") for name in names if name.startswith("n.")}


def unknown_placeholders(
    text: str, numbers: NumberRegister, values: Iterable[str], *, has_fact: bool
) -> list[str]:
    """Placeholders that nothing can fill."""
    known = {f"n.{key}" for key in numbers} | set(values) | CENTRE_NAMES
    if not has_fact:
        known.discard("fact")
    return sorted(name for name in placeholders(text) if name not in known)


def joined(names: tuple[str, ...], lang: Lang) -> str:
    """A list in running text: "A, B og C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_AND[lang]} {names[-1]}"


def fill(
    text: str,
    lang: Lang,
    *,
    centre: CentreView,
    numbers: NumberRegister,
    fact: str = "",
    values: Mapping[str, object] | None = None,
) -> str:
    """The text with every placeholder filled. Raises ContentError on one that nothing fills."""
    known: dict[str, str] = {
        "line": centre.line,
        "centre": centre.name,
        "short_name": centre.short_name,
        "under_18": centre.under_18,
        "line_hours": centre.line_hours.get(lang, ""),
        "fact": fact,
        **{key: str(value) for key, value in asdict(centre.kept).items()},
        **{f"n.{key}": entry.number for key, entry in numbers.items()},
        **{key: str(value) for key, value in (values or {}).items()},
    }

    def one(match: re.Match[str]) -> str:
        if match["name"] not in known:
            raise ContentError(f"nothing fills the placeholder {{{match['name']}}}")
        return known[match["name"]]

    return PLACEHOLDER.sub(one, text)

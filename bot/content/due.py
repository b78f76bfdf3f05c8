"""What somebody at the centre should look at soon: `helpline check --due`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from bot.channels.messages import Lang
from bot.content.files import LANGUAGES, Page
from bot.content.fill import MUNICIPALITIES, CentreView, centre_numbers, centre_view
from bot.content.load import read_pages
from bot.content.numbers import NumberRegister

DUE_DAYS = 60

Kind = Literal["date", "event", "missing", "number", "fact", "line", "reader"]
#: In the order in which they are listed, and what each group is called.
KINDS: Mapping[Kind, str] = {
    "date": "To be read again by a date",
    "event": "To be read again when something happens",
    "missing": "Answered with a counsellor alone: a fact nobody has supplied (line 'missing:')",
    "fact": "Local facts not confirmed by name (centre.yml)",
    "line": "The phone line",
    "number": "Phone numbers not confirmed by name (centre.yml, numbers)",
    "reader": "Languages without a native reader",
}


@dataclass(frozen=True)
class Due:
    """One thing to look at: what it is, where it stands, and what is said of it."""

    kind: Kind
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def content_due(
    content_dir: Path, centre: object, today: date | None = None, days: int = DUE_DAYS
) -> list[Due]:
    """Reviews within `days` days or waiting for an event, facts that nobody has supplied, and
    local facts and numbers that nobody at the centre has confirmed. A text counts once for all
    its languages. Raises ContentError when the register or the centre cannot be read."""
    until = (today or date.today()) + timedelta(days=days)
    numbers, view = centre_numbers(content_dir, centre), centre_view(centre)
    pages, _errors = read_pages(content_dir, numbers)
    by_language = [found for page in pages.values() for found in _page_due(page, until, view)]
    return [*_joined(by_language), *_numbers_due(numbers)]


def unconfirmed_numbers(content_dir: Path, centre: object) -> list[str]:
    """Ids of numbers that texts may show and nobody at the centre has confirmed."""
    numbers = centre_numbers(content_dir, centre)
    return [key for key in numbers.unconfirmed() if numbers[key].may_be_shown]


def listed(found: Iterable[Due]) -> Iterator[str]:
    """The lines to print: grouped, each group with its heading and count."""
    everything = list(found)
    for kind, heading in KINDS.items():
        group = sorted({str(due) for due in everything if due.kind == kind})
        if group:
            yield f"{heading} ({len(group)}):"
            yield from (f"  {line}" for line in group)


def _page_due(page: Page, until: date, view: CentreView) -> Iterator[tuple[Page, Due]]:
    review, fact = page.front.review, page.front.confirmed_fact
    place = page.file.rsplit(".", 2)[0]
    if isinstance(review, str):
        yield page, Due("event", place, review)
    elif review <= until:
        yield page, Due("date", place, f"{review}")
    if page.front.missing:
        yield page, Due("missing", place, page.front.missing)
    if fact and not view.facts.get(fact):
        name = f"{fact} is empty" if fact == MUNICIPALITIES else f"facts.{fact}"
        yield page, Due("fact", place, name)


def _joined(found: Iterable[tuple[Page, Due]]) -> Iterator[Due]:
    """One line for a text: the words of its first language, and the languages it concerns."""
    groups: dict[tuple[Kind, str], dict[Lang, Due]] = {}
    for page, due in found:
        groups.setdefault((due.kind, due.place), {})[page.lang] = due
    for (kind, place), said in groups.items():
        langs = [lang for lang in LANGUAGES if lang in said]
        dates = {due.what for due in said.values()}
        what = min(dates) if kind == "date" else said[langs[0]].what
        yield Due(kind, f"{place} ({', '.join(langs)})", what)


def _numbers_due(numbers: NumberRegister) -> Iterator[Due]:
    for key in numbers.unconfirmed():
        entry = numbers[key]
        never = "" if entry.may_be_shown else f"; never shown (marked {entry.confidence})"
        what = f"{entry.number}, {entry.name['nb']}; read {entry.date} in {entry.source}{never}"
        yield Due("number", key, what)

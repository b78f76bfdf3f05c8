"""What the templates of the content pages call: names of groups and fields, dates, bubbles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from bot.desk.content_shelf import EVENT, OVERDUE, SOON, Row
from bot.desk.speech import say
from bot.desk.wording import HERE

GROUPS = {
    "danger": "Fare",
    "centre": "Senteret",
    "day_service": "Dagtilbudet",
    "violence": "Vold",
    "safety": "Trygghet",
    "police": "Politi og rett",
    "family": "Barn og familie",
    "money": "Penger og bolig",
    "health": "Helse",
    "relatives": "Pårørende",
    "professionals": "Fagfolk",
    "conversation": "Samtalen selv",
    "system": "Faste setninger",
}
DUES = {
    "overdue": "Forfalt",
    "soon": "Forfaller snart",
    "event": "Når noe skjer",
    "missing": "Mangler en opplysning",
    "later": "Senere",
}
LANGS = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
SECTIONS = {
    None: "Svaret",
    "more": "Når personen vil vite mer",
    "young": "Til en som er under 18",
    "relative": "Til pårørende",
    "professional": "Til en som spør i jobben",
    "uses_violence": "Til en som bruker vold",
    "confirmed": "Når det lokale er bekreftet",
    "yes": "Etter ja",
    "no": "Etter nei",
    "here": "Når kommunen er vår",
    "elsewhere": "Når kommunen ikke er vår",
}
FIELDS = {
    "value.nb": "Teksten på bokmål",
    "value.nn": "Teksten på nynorsk",
    "value.en": "Teksten på engelsk",
    "number": "Nummer",
    "name.nb": "Navn på bokmål",
    "name.nn": "Navn på nynorsk",
    "name.en": "Navn på engelsk",
    "hours.nb": "Åpningstid på bokmål",
    "hours.nn": "Åpningstid på nynorsk",
    "hours.en": "Åpningstid på engelsk",
    "source": "Kilde",
    "date": "Dato",
    "confirmed_by": "Bekreftet av",
}
FACTS = {
    "anonymity": "Å være anonym",
    "groups": "Grupper",
    "languages": "Språk",
    "meeting_places": "Møtesteder",
    "men": "Menn",
    "pets": "Dyr",
    "substance_use": "Rus",
    "transport": "Skyss",
}
STATES = {
    "draft": "utkast",
    "waiting": "venter på en annen person",
    "sent_back": "sendt tilbake",
    "withdrawn": "trukket",
    "live": "godkjent",
}
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SITE = re.compile(r"\b((?:[\w-]+\.)+(?:no|org|com|dk|eu))\b")


def day(value: date | str) -> str:
    """ "01.05.2027"; what is no date is shown as it is."""
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


def iso_day(value: str) -> str:
    """The same for a date as a file has it: "2027-05-01"."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def due_text(row: Row, today: date) -> str:
    """When somebody must read a text again, in words."""
    due, when = row.due(today), day(row.review)
    if due == OVERDUE:
        return say("Forfalt: skulle vært lest på nytt {when}", when=when)
    if due == SOON:
        return say("Forfaller {when}", when=when)
    if due == EVENT:
        return say("Leses på nytt når: {when}", when=when)
    return say("Leses på nytt {when}", when=when)


def bubble(text: str) -> Markup:
    """A text as a person sees it on the web: paragraphs, lists, bold. Nothing else is markup."""
    return Markup("").join(_paragraph(block) for block in text.split("\n\n") if block.strip())


def _paragraph(block: str) -> Markup:
    found: list[Markup] = []
    items: list[Markup] = []
    for line in [*block.split("\n"), ""]:
        if line.startswith("- "):
            items.append(Markup("<li>{}</li>").format(_bold(line[2:])))
            continue
        if items:
            found.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
            items = []
        if line:
            found.append(Markup("<p>{}</p>").format(_bold(line)))
    return Markup("").join(found)


def _bold(line: str) -> Markup:
    # Escaped before the tags are put in; the pattern can only wrap what is escaped already.
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(line))))  # noqa: S704


def linked(source: str) -> Markup:
    """A source with its web address as a link."""
    link = r'<a href="https://\1/" rel="noreferrer">\1</a>'
    return Markup(_SITE.sub(link, str(escape(source))))  # noqa: S704


def on_day(at: datetime | None) -> str:
    """The day of a moment, as in "22.11.2026"."""
    return day(at.astimezone(HERE).date()) if at else ""


def place_name(place: str) -> str:
    """An entry of centre.yml in words: "Telefonlinjen", "Dyr (pets)", "Nummer: legevakt"."""
    kind, _, name = place.partition(".")
    if place == "phone_line":
        return say("Telefonlinjen")
    if kind == "facts" and name:
        return f"{say(FACTS[name])} ({name})" if name in FACTS else name
    if kind == "numbers" and name:
        return f"{say('Nummer')}: {name}"
    return place


def field_line(text: str) -> str:
    """A line of an entry's old or new fields, with the field's name in words."""
    name, found, rest = text.partition(": ")
    return f"{say(FIELDS[name])}: {rest}" if found and name in FIELDS else text


def _named(table: dict[Any, str]) -> Callable[[Any], str]:
    def name(key: Any) -> str:
        return say(table[key]) if key in table else f"## {key}"

    return name


FILTERS: dict[str, Callable[..., Any]] = {
    "content_group": _named(GROUPS),
    "content_due": _named(DUES),
    "content_lang": _named(LANGS),
    "content_section": _named(SECTIONS),
    "content_field": _named(FIELDS),
    "content_state": _named(STATES),
    "due_text": due_text,
    "bubble": bubble,
    "linked": linked,
    "on_day": on_day,
    "day": day,
    "iso_day": iso_day,
    "place_name": place_name,
    "field_line": field_line,
}

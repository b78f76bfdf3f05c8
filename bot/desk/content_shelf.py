"""The texts as they stand in the files, for the content pages. The files are the truth: what was
written in an editor or by another process a second ago is shown here too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.centre import load_centre
from bot.channels.messages import Lang
from bot.content import Content, ContentError
from bot.content.due import DUE_DAYS
from bot.content.edit import read_text
from bot.content.files import GROUPS, LANGUAGES, Page
from bot.content.fill import centre_view
from bot.texts import Seen, content_of, seen

if TYPE_CHECKING:
    from bot.services import Services

OVERDUE, SOON, EVENT, LATER = "overdue", "soon", "event", "later"
DUES = (OVERDUE, SOON, EVENT, "missing", LATER)


@dataclass(frozen=True)
class Row:
    """One topic in the list: what stands in its Bokmål file, and when somebody must look at it."""

    topic: str
    group: str
    title: str
    langs: tuple[Lang, ...]
    sources: tuple[str, ...]
    text_date: date
    review: date | str
    missing: str | None
    in_depth: bool

    def due(self, today: date) -> str:
        """Which of DUES it is, by its date or event alone."""
        if isinstance(self.review, str):
            return EVENT
        if self.review < today:
            return OVERDUE
        return SOON if self.review <= today + timedelta(days=DUE_DAYS) else LATER


@dataclass(frozen=True)
class Shelf:
    """All texts at one moment. `as_confirmed` also knows facts that nobody has confirmed."""

    content: Content
    as_confirmed: Content
    paths: Mapping[tuple[str, Lang], Path]
    centre_text: str

    def rows(self) -> list[Row]:
        """Every topic, in the order of the groups."""
        found = [self._row(topic) for topic in sorted({topic for topic, _lang in self.paths})]
        return sorted(found, key=lambda row: (GROUPS.index(row.group), row.topic))

    def pages(self, topic: str) -> dict[Lang, Page]:
        """The files of a topic by language; empty for a name that is none."""
        return {
            lang: self.content.page(topic, lang)
            for lang in LANGUAGES
            if (topic, lang) in self.paths
        }

    def _row(self, topic: str) -> Row:
        pages = self.pages(topic)
        page = next(iter(pages.values()))
        reviews = [one.front.review for one in pages.values()]
        dates = [review for review in reviews if isinstance(review, date)]
        return Row(
            topic,
            page.group,
            page.front.title or topic.replace("_", " "),
            tuple(pages),
            tuple(page.front.sources),
            min(one.front.text_date for one in pages.values()),
            min(dates) if dates else reviews[0],
            page.front.missing,
            bool(page.sections),
        )


class Shelves:
    """Reads the files again only when one of them was written to."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: tuple[Seen, Shelf] | None = None

    async def now(self) -> Shelf:
        """The texts as they stand. Raises ContentError, ConfigError when they cannot be read."""
        return await asyncio.to_thread(self._now)

    def path(self, topic: str, lang: str) -> Path:
        """Where a text stands. Raises ContentError for one that is none."""
        folder = self._services.settings.content_dir
        found = sorted(folder.glob(f"*/{topic}.{lang}.md")) if topic.isidentifier() else []
        if not found or lang not in LANGUAGES:
            raise ContentError(f"{topic}.{lang}: no such text; make one with helpline content new")
        return found[0]

    def _now(self) -> Shelf:
        settings = self._services.settings
        found = seen(settings)
        if self._kept is None or self._kept[0] != found:
            self._kept = (found, self._read())
        return self._kept[1]

    def _read(self) -> Shelf:
        settings = self._services.settings
        centre = load_centre(settings.centre_file)
        content = content_of(settings, centre)
        pages = {(page.topic, page.lang): page for page in content.pages()}
        folder = settings.content_dir
        paths = {key: folder.parent / page.file for key, page in pages.items()}
        every_fact = Content(pages, content.numbers, centre_view(centre, every_fact=True))
        return Shelf(content, every_fact, paths, read_text(settings.centre_file))

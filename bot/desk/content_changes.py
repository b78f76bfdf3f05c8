"""How a text at the desk goes from a proposal to the file, and back again.

Two people: one proposes, another approves. One alone may only put back, at once, what went live and
does harm. The file is written inside the transaction that keeps who did it; should the transaction
fail, the file is put back.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.centre import load_centre, read_centre, unconfirmed
from bot.centre_entries import Values, values_of, with_entry
from bot.content import Content, ContentError
from bot.content.edit import NotWritten, held, read_text, write_text
from bot.content.fill import centre_view
from bot.content.finding import Finding, from_error
from bot.content.preview import Look, looks
from bot.desk.content_shelf import Shelves
from bot.settings import ConfigError
from bot.store import audit, text_changes
from bot.store.database import StoreAway, Tx, new_id
from bot.store.text_changes import Change, Wanted
from bot.texts import content_of, read_texts, seen

if TYPE_CHECKING:
    from bot.services import Services


CHECKS_KEPT = 8


class Refused(Exception):
    """Nothing was changed. `why` is a key of content_words.REFUSED."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class _Written:
    """Files written by one approval, to be put back should it fail."""

    files: list[tuple[Path, str, str]] = field(default_factory=list)

    def write(self, path: Path, text: str, expected: str) -> None:
        write_text(path, text, expected)
        self.files.append((path, expected, text))

    def back(self) -> None:
        for path, before, after in reversed(self.files):
            write_text(path, before, after)
        self.files.clear()


class Changes:
    """What the pages ask for; `shelves` knows the files."""

    def __init__(self, services: Services, shelves: Shelves) -> None:
        self._services = services
        self._shelves = shelves
        self._checked: OrderedDict[object, list[Finding]] = OrderedDict()

    def standing(self, place: str, lang: str | None) -> str:
        """What stands there now: the file's text, or the entry's fields. Raises ContentError,
        NotWritten."""
        if lang is not None:
            return read_text(self._shelves.path(place, lang))
        return packed(values_of(read_text(self._services.settings.centre_file), place))

    async def findings(self, changes: Sequence[Change | Wanted]) -> list[Finding]:
        """What `helpline check` and the running service would say if these went live together."""
        return await asyncio.to_thread(self._known, changes)

    async def preview(self, changes: Sequence[Change | Wanted]) -> dict[str, list[Look]]:
        """Language → how a person would see it; empty when it cannot be read."""
        return await asyncio.to_thread(self._preview, changes)

    async def together(self, change: Change, waiting: Sequence[Change]) -> list[Change]:
        """The change alone when it can be, or with what waits for the same topic in the other
        languages when they are right only together."""
        others = [one for one in waiting if one.lang and one.id != change.id]
        if not others or not await self.findings([change]):
            return [change]
        both = [change, *others]
        return [change] if await self.findings(both) else both

    async def approve(self, changes: Sequence[Change], by: str) -> None:
        """Make these live. Raises Refused: one's own, decided meanwhile, wrong, or not writable."""
        if any(change.proposed_by == by for change in changes):
            raise Refused("own")
        if await self.findings(changes):
            raise Refused(await self._why(changes))

        def work(tx: Tx, written: _Written) -> None:
            ids = [change.id for change in changes]
            if not text_changes.decide(tx, ids, by, "live", batch=new_id()):
                raise Refused("decided")
            for change in changes:
                audit.write(tx, "text_approved", by, change.id, label(change))
                self._write(change.place, change.lang, change.before, change.after, written)

        await self._in_one(work)

    async def undo_now(self, changes: Sequence[Change], by: str, note: str) -> None:
        """Put back at once, by one person, what went live together. Raises Refused."""
        if any(change.alone or change.state != "live" for change in changes):
            raise Refused("undone_before")
        turned = [back(change) for change in changes]
        if await self.findings(turned):
            raise Refused(await self._why(turned))

        def work(tx: Tx, written: _Written) -> None:
            made = text_changes.undone_alone(tx, by, changes, note)
            for new, change in zip(made, turned, strict=True):
                audit.write(tx, "text_undone_alone", by, new, label(change))
                self._write(change.place, change.lang, change.before, change.after, written)

        await self._in_one(work)

    async def _in_one(self, work: Callable[[Tx, _Written], None]) -> None:
        written = _Written()

        def whole(tx: Tx) -> None:
            try:
                with held(self._services.settings.content_dir):
                    work(tx, written)
            except (NotWritten, Refused):
                written.back()
                raise

        try:
            await self._services.db.run(whole)
        except NotWritten as error:
            raise Refused(error.why) from None
        except StoreAway:
            await asyncio.to_thread(written.back)
            raise

    async def _why(self, changes: Sequence[Change | Wanted]) -> str:
        stale = await asyncio.to_thread(lambda: any(self.stale(change) for change in changes))
        return "changed" if stale else "problems"

    def stale(self, change: Change | Wanted) -> bool:
        """Whether something else stands there now than what the change begins with."""
        try:
            return self.standing(change.place, change.lang) not in (change.before, change.after)
        except (NotWritten, ContentError):
            return True

    def _known(self, changes: Sequence[Change | Wanted]) -> list[Finding]:
        """A check takes a second of work: the same change beside the same files is checked once."""
        files = tuple(sorted(seen(self._services.settings).items()))
        texts = tuple((one.place, one.lang, one.before, one.after) for one in changes)
        key = (texts, files, date.today())
        if key not in self._checked:
            self._checked[key] = self._findings(changes)
            while len(self._checked) > CHECKS_KEPT:
                self._checked.popitem(last=False)
        return self._checked[key]

    def _findings(self, changes: Sequence[Change | Wanted]) -> list[Finding]:
        try:
            stale = [change for change in changes if self.stale(change)]
            if stale:
                return [Finding(label(stale[0]), "changed since", "propose it anew")]
            if changes[0].lang is None:
                return self._centre_findings(changes)
            return self._text_findings(changes)
        except ContentError as error:
            return [from_error(error)]
        except (ConfigError, NotWritten) as error:
            return [Finding("centre.yml", str(error), "mend it")]

    def _text_findings(self, changes: Sequence[Change | Wanted]) -> list[Finding]:
        services = self._services
        paths = {self._shelves.path(one.place, one.lang or ""): one.after for one in changes}
        centre = load_centre(services.settings.centre_file)
        return read_texts(services.settings, centre, services.content, [*paths], paths)[1]

    def _preview(self, changes: Sequence[Change | Wanted]) -> dict[str, list[Look]]:
        settings = self._services.settings
        try:
            paths = {self._shelves.path(one.place, one.lang or ""): one.after for one in changes}
            centre = load_centre(settings.centre_file)
            content = content_of(settings, centre, paths)
            pages = {(page.topic, page.lang): page for page in content.pages()}
            every_fact = centre_view(centre, every_fact=True)
            as_confirmed = Content(pages, content.numbers, every_fact)
            return {
                page.lang: looks(content, as_confirmed, page.topic, page.lang)
                for page in content.pages()
                if any((one.place, one.lang) == (page.topic, page.lang) for one in changes)
            }
        except (ContentError, ConfigError, NotWritten):
            return {}

    def _centre_findings(self, changes: Sequence[Change | Wanted]) -> list[Finding]:
        settings = self._services.settings
        text = read_text(settings.centre_file)
        before = set(unconfirmed(read_centre(text, settings.centre_file)))
        for change in changes:
            text = with_entry(text, change.place, unpacked(change.after))
        centre = read_centre(text, settings.centre_file)
        lost = set() if settings.demo else set(unconfirmed(centre)) - before
        found = [
            Finding("centre.yml", f"{name} has no confirmed_by", "write who confirmed it")
            for name in sorted(lost)
        ]
        changed = [settings.centre_file]
        return found or read_texts(settings, centre, self._services.content, changed)[1]

    def _write(
        self, place: str, lang: str | None, before: str, after: str, written: _Written
    ) -> None:
        if lang is not None:
            written.write(self._shelves.path(place, lang), after, before)
            return
        path = self._services.settings.centre_file
        text = read_text(path)
        if packed(values_of(text, place)) not in (before, after):
            raise NotWritten("changed")
        written.write(path, with_entry(text, place, unpacked(after)), text)


def back(change: Change) -> Change:
    """The same change the other way round."""
    return replace(change, before=change.after, after=change.before)


def label(change: Change | Wanted) -> str:
    """What stands in the audit log: the topic and language, or the entry's name."""
    return f"{change.place},{change.lang}" if change.lang else change.place


def packed(values: Values) -> str:
    """The fields of an entry as they are kept: one a line, in a fixed order."""
    return json.dumps(values, ensure_ascii=False, indent=0)


def unpacked(text: str) -> Values:
    """Fields from what is kept."""
    found: Values = json.loads(text)
    return found

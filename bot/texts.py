"""What is read from content/ for a centre, and how the running service takes newer texts.

Whoever says something holds `Services.content`, which takes the newer texts in place; the flows
and the fixed texts in other languages are made anew beside it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.centre import Centre, load_centre
from bot.channels.flows import Flow
from bot.channels.webchat.words import PageWords
from bot.checklists.flow import ChecklistFlow
from bot.content import Content, ContentError, Kept, load_content
from bot.content.check import check_content, check_sheet_files, check_topics
from bot.content.files import where
from bot.content.finding import Finding, from_error
from bot.content.other_languages import OtherTexts, load_other_texts
from bot.handoff.flow import HandoffFlow
from bot.safety import SafetyDataError, SafetyWords
from bot.safety_plan.flow import SafetyPlanFlow
from bot.safety_plan.parts import overdue
from bot.settings import ConfigError, Settings

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

TROUBLE = "texts"
#: More than these are in `helpline check`; a log is no place for hundreds of lines.
MOST_NAMED = 5

#: File → when it was written and how long it is.
Seen = dict[Path, tuple[int, int]]


@dataclass(frozen=True)
class Texts:
    """What is said, as it was in the files at one moment."""

    content: Content
    flows: dict[str, Flow]
    other: OtherTexts
    centre: Centre


def flows_of(settings: Settings, centre: Centre, content: Content) -> dict[str, Flow]:
    """The flows, read from their files; they remember nothing themselves."""
    return {
        "handoff": HandoffFlow(settings.content_dir, content, centre.phone_line.reads_codes),
        "checklist": ChecklistFlow(settings.content_dir, content),
        "safety_plan": SafetyPlanFlow(settings.content_dir, content),
    }


def other_texts_of(settings: Settings, centre: Centre, content: Content) -> OtherTexts:
    """Outside the demonstration only what a native reader has confirmed is said."""
    return load_other_texts(
        settings.content_dir,
        content.numbers,
        content.centre,
        offered=centre.other_languages,
        confirmed_only=not settings.demo,
    )


def content_of(
    settings: Settings, centre: Centre, instead: Mapping[Path, str] | None = None
) -> Content:
    """The texts of this centre, or what is proposed `instead` of some. Raises ContentError."""
    kept = Kept(settings.keep_hours, settings.keep_case_days)
    return load_content(settings.content_dir, centre, kept, instead)


def read_texts(
    settings: Settings,
    centre: Centre,
    said: Content,
    changed: Collection[Path],
    instead: Mapping[Path, str] | None = None,
) -> tuple[Texts | None, list[Finding]]:
    """The texts with these changed files, or what is wrong with them.

    `said`: what the service says now. `instead`: what is proposed in the place of some files.
    """
    try:
        content = content_of(settings, centre, instead)
        SafetyWords(content, centre.phone_line.number)
        PageWords(content, centre.phone_line.number, settings.keep_hours).check()
        flows = flows_of(settings, centre, content)
        other = other_texts_of(settings, centre, content)
        texts = Texts(content, flows, other, centre)
    except (ContentError, SafetyDataError) as error:
        return None, [from_error(ContentError(str(error)))]
    findings = [*not_live(said, content)]
    return texts, findings or _faults(settings, texts, said, changed, instead)


def _faults(
    settings: Settings,
    texts: Texts,
    said: Content,
    changed: Collection[Path],
    instead: Mapping[Path, str] | None,
) -> list[Finding]:
    """What `helpline check` says of the changed files, and of the texts that a changed centre
    concerns."""
    folder, centre = settings.content_dir, texts.centre
    if folder / "numbers.yml" in changed:
        found = check_content(folder, centre)
    else:
        inside = [path for path in changed if path != settings.centre_file]
        topics = {path.name.partition(".")[0] for path in inside if path.suffix == ".md"}
        if len(inside) < len(changed):
            topics |= _of_the_centre(said, texts.content)
        sheets = {where(folder, path) for path in inside if path.suffix == ".yml"}
        found = check_topics(folder, centre, topics, instead=instead) if topics else []
        found += check_sheet_files(folder, centre, sheets) if sheets else []
    plan = texts.flows["safety_plan"]
    if isinstance(plan, SafetyPlanFlow):
        names = [f"{path.parent.name}/{path.name}" for path in changed]
        late = (line for line in overdue(plan.parts, date.today()) if line.startswith((*names,)))
        found += [from_error(ContentError(f"{folder.name}/{line}")) for line in late]
    return [finding for finding in found if finding.level == "error"]


def _of_the_centre(said: Content, newer: Content) -> set[str]:
    """Topics that may state a local fact, or a number that is another now."""
    numbers = {key for key in newer.numbers if newer.numbers[key] != said.numbers.get(key)}
    return {
        page.topic
        for page in newer.pages()
        if page.front.confirmed_fact or numbers.intersection(page.front.numbers)
    }


class LiveTexts:
    """Looks for changed files, and lets the service say them once they are as they should be.

    All or nothing: while one changed file falls short, every text stays as it was, and the file is
    named in the log and in /health/ready. Of the centre's own file the facts and numbers are taken;
    its name, line and municipalities are read at the start alone.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._said = self._seen = self._tried = self._now()

    async def look(self) -> None:
        """Take what has changed since the last look. A file that is still being written waits:
        the same must be seen twice."""
        found = await asyncio.to_thread(self._now)
        settled = found == self._seen
        self._seen = found
        if not settled or found == self._tried:
            return
        changed = changed_files(self._said, found)
        texts, findings = await asyncio.to_thread(self._read, changed)
        if await asyncio.to_thread(self._now) != found:
            return  # written to while it was read: at the next look
        self._tried = found
        if texts is None or findings:
            self._refuse(findings)
        else:
            self._say(texts, len(changed))
            self._said = found

    def _say(self, texts: Texts, files: int) -> None:
        services = self._services
        services.content.take(texts.content)
        services.flows = texts.flows
        services.other_texts = texts.other
        services.centre = texts.centre
        services.troubles.pop(TROUBLE, None)
        log.info("%d changed files of the texts are in use", files)

    def _refuse(self, findings: list[Finding]) -> None:
        named = [f"{finding.file}: {finding.what}" for finding in findings[:MOST_NAMED]]
        for line in named:
            log.error("changed texts are not used: %s", line)
        self._services.troubles[TROUBLE] = "; ".join(named)

    def _now(self) -> Seen:
        return seen(self._services.settings)

    def _read(self, changed: list[Path]) -> tuple[Texts | None, list[Finding]]:
        """The texts as they are now, or what is wrong with them."""
        services, settings = self._services, self._services.settings
        centre = services.centre
        if settings.centre_file in changed and settings.centre_file.exists():
            try:
                newer = load_centre(settings.centre_file)
            except ConfigError as error:
                return None, [from_error(ContentError(str(error)))]
            centre = live_centre(centre, newer)
            if centre != newer:
                log.warning("centre.yml: more than facts and numbers changed: restart to use it")
        return read_texts(settings, centre, services.content, changed)


def live_centre(running: Centre, newer: Centre) -> Centre:
    """The running centre with the newer facts and numbers, and who confirmed the line.

    The rest stands in pages and lists that are made at the start.
    """
    confirmed = ("source", "date", "confirmed_by")
    line = {name: getattr(newer.phone_line, name) for name in confirmed}
    return running.model_copy(
        update={
            "facts": newer.facts,
            "numbers": newer.numbers,
            "phone_line": running.phone_line.model_copy(update=line),
        }
    )


def seen(settings: Settings) -> Seen:
    """Every file of the texts and the centre's own, when it was written and how long it is."""
    found = dict(_files(settings.content_dir))
    with suppress(OSError):  # gone for a moment, or for good: that stops nobody's texts
        found[settings.centre_file] = _written(settings.centre_file)
    return found


def _files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for place, _folders, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.suffix not in (".md", ".yml") or name == "README.md":
                continue
            try:
                yield path, _written(path)
            except OSError:
                continue  # an editor's file that is gone again


def _written(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def changed_files(before: Seen, now: Seen) -> list[Path]:
    """Files that are new, written to or gone."""
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def not_live(said: Content, newer: Content) -> Iterable[Finding]:
    """What only a restart may change, because something that runs may ask for it by name: a text
    that is gone, and other values than those the program fills in."""
    after = {(page.topic, page.lang): page for page in newer.pages()}
    for page in said.pages():
        again = after.get((page.topic, page.lang))
        if again is None:
            yield Finding(page.file, "the text is gone", "put it back, or restart the service")
        elif set(again.front.values) - set(page.front.values):
            yield Finding(page.file, "values names new ones", "restart the service to use them")

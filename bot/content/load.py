"""All texts of the helpline, loaded once and validated, given out by topic, language, channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.channels.messages import Button, Channel, Lang, Reply
from bot.content.files import (
    ContentError,
    Page,
    content_error,
    content_paths,
    read_page,
)
from bot.content.fill import (
    CentreView,
    Kept,
    centre_numbers,
    centre_view,
    fill,
    unknown_placeholders,
)
from bot.content.numbers import NumberRegister

MORE_TITLE: Mapping[Lang, str] = {
    "nb": "Vil vite mer",
    "nn": "Vil vite meir",
    "en": "Tell me more",
}
NEXT_TITLE: Mapping[Lang, str] = {"nb": "Neste", "nn": "Neste", "en": "Next"}
OWN_SERVICE: Mapping[Lang, str] = {
    "nb": "Om denne tjenesten",
    "nn": "Om denne tenesta",
    "en": "About this service",
}
_SOURCE: Mapping[Lang, str] = {"nb": "Kilde", "nn": "Kjelde", "en": "Source"}
_LAW: Mapping[Lang, str] = {
    "nb": "Lovtekst per",
    "nn": "Lovtekst per",
    "en": "Law text as of",
}
_READ: Mapping[Lang, str] = {"nb": "Lest", "nn": "Lese", "en": "Read"}
_OWN: Mapping[Lang, str] = {"nb": "Tekst per", "nn": "Tekst per", "en": "Text as of"}


class Content:
    """The texts. All methods are pure and in memory.

    A topic without a text in a language is answered in Bokmål: a right answer in the neighbouring
    language is better than none. Unknown ids raise ContentError; ask `has` first.
    """

    def __init__(
        self,
        pages: Mapping[tuple[str, Lang], Page],
        numbers: NumberRegister,
        centre: CentreView,
    ) -> None:
        self._pages = dict(pages)
        self.numbers = numbers
        self.centre = centre

    def take(self, newer: Content) -> None:
        """Say what `newer` says from now on, for all who hold this object.

        Called on the event loop, between two turns; the register keeps its identity too.
        """
        self.numbers.take(newer.numbers)
        self._pages, self.centre = newer._pages, newer.centre

    def pages(self) -> list[Page]:
        """Every text, in the order of the files."""
        return sorted(self._pages.values(), key=lambda page: page.file)

    def topics(self, group: str | None = None) -> list[str]:
        """Ids that have an answer, sorted; the sentences of the frame are left out."""
        return sorted(
            {
                page.topic
                for page in self._pages.values()
                if (page.group == group if group else page.group != "system")
            }
        )

    def has(self, topic: str, lang: Lang = "nb") -> bool:
        """Whether something can be said on the topic, if need be in Bokmål."""
        return (topic, lang) in self._pages or (topic, "nb") in self._pages

    def has_own(self, topic: str, lang: Lang) -> bool:
        """Whether the topic has a text of its own in this language."""
        return (topic, lang) in self._pages

    def has_section(self, topic: str, lang: Lang, channel: Channel, section: str) -> bool:
        """Whether `## section` (web) or `sms_section` (SMS) exists for the topic."""
        if not self.has(topic, lang):
            return False
        page = self.page(topic, lang)
        return section in (page.sms_sections if channel == "sms" else page.sections)

    def page(self, topic: str, lang: Lang) -> Page:
        """The file behind an answer. Raises ContentError when there is none."""
        found = self._pages.get((topic, lang)) or self._pages.get((topic, "nb"))
        if found is None:
            raise ContentError(f"no text for {topic} in {lang}; ask content.has first")
        return found

    def answer(
        self,
        topic: str,
        lang: Lang,
        channel: Channel,
        section: str | None = None,
        **values: object,
    ) -> list[Reply]:
        """The answer to a topic: text, buttons and, on the web, the source line."""
        page = self.page(topic, lang)
        reply = self._reply(page, channel, section, values)
        source = None if channel == "sms" or page.is_frame else self.sources(topic, lang)
        return [Reply(reply.text, reply.buttons, source, reply.kind)]

    def reply(
        self,
        id: str,
        lang: Lang,
        channel: Channel,
        section: str | None = None,
        **values: object,
    ) -> Reply:
        """A sentence of the frame with its buttons and no source."""
        return self._reply(self.page(id, lang), channel, section, values)

    def sentence(self, id: str, lang: Lang, channel: Channel = "web", **values: object) -> str:
        """The text alone of a sentence of the frame."""
        return self._text(self.page(id, lang), channel, None, values)

    def title(self, topic: str, lang: Lang) -> str:
        """A short label for "mente du …"."""
        page = self.page(topic, lang)
        return page.front.title or topic.replace("_", " ").capitalize()

    def sources(self, topic: str, lang: Lang) -> str:
        """One line: what the answer rests on and the date of the text that was read."""
        page = self.page(topic, lang)
        names, read = page.front.sources, page.front.text_date
        if any("§" in name for name in names):
            dated = _LAW[page.lang]
        elif set(names) <= {OWN_SERVICE[page.lang]}:
            dated = _OWN[page.lang]
        else:
            dated = _READ[page.lang]
        return f"{_SOURCE[page.lang]}: {'; '.join(names)}. {dated} {_day(read)}"

    def related(self, topic: str, lang: Lang) -> list[str]:
        """Neighbouring topics that have an answer."""
        return [other for other in self.page(topic, lang).front.related if self.has(other, lang)]

    def _reply(
        self,
        page: Page,
        channel: Channel,
        section: str | None,
        values: Mapping[str, object],
    ) -> Reply:
        text = self._text(page, channel, section, values)
        buttons = self._buttons(page, channel, section)
        if page.group == "danger":
            return Reply(text, buttons, None, "danger")
        if page.group == "system":
            return Reply(text, buttons, None, "system")
        return Reply(text, buttons)

    def _text(
        self,
        page: Page,
        channel: Channel,
        section: str | None,
        values: Mapping[str, object],
    ) -> str:
        fact = self._fact(page)
        if fact and section is None:
            section = "confirmed"
        raw = page.text(channel, section)
        return fill(
            raw,
            page.lang,
            centre=self.centre,
            numbers=self.numbers,
            fact=fact,
            values=values,
        )

    def _fact(self, page: Page) -> str:
        """The confirmed local fact that the page may state, in its language, or nothing."""
        key = page.front.confirmed_fact
        return self.centre.facts.get(key, {}).get(page.lang, "") if key else ""

    def _buttons(self, page: Page, channel: Channel, section: str | None) -> tuple[Button, ...]:
        links = [link for link in (page.front.next, *page.front.buttons) if link is not None]
        has_more = next_part(section) in (page.sms_sections if channel == "sms" else page.sections)
        buttons = [
            Button(NEXT_TITLE[page.lang] if link.to == "more" and section else link.title, link.to)
            for link in links
            if (not link.to.startswith("topic:") or self.has(link.to.removeprefix("topic:")))
            and (link.to != "more" or has_more)
            and not (section in ("yes", "no") and link.to in ("yes", "no"))  # already answered
        ]
        if has_more and all(button.payload != "more" for button in buttons):
            goes_on = section is not None and section.startswith("more")
            title = NEXT_TITLE[page.lang] if goes_on else MORE_TITLE[page.lang]
            buttons.append(Button(title, "more"))
        return tuple(buttons)


def next_part(section: str | None) -> str:
    """The section that "more" leads to: long answers go on as more, more_2, more_3 …"""
    if section is None or not section.startswith("more"):
        return "more"
    return f"more_{int(section.partition('_')[2] or 1) + 1}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def load_content(
    path: Path,
    centre: object,
    kept: Kept | None = None,
    instead: Mapping[Path, str] | None = None,
) -> Content:
    """Load every text under `path` for a centre (a Centre or a mapping with the same keys).

    `kept`: how long words are kept, when the settings differ from the defaults. `instead`: what
    is proposed in the place of some files.

    Raises ContentError with one line on the first file that is wrong, and how many more there are.
    """
    view = centre_view(centre, kept)
    numbers = centre_numbers(path, centre)
    pages, errors = read_pages(path, numbers, instead)
    if errors:
        more = f" (and {len(errors) - 1} more: run helpline check)" if len(errors) > 1 else ""
        raise ContentError(f"{errors[0]}{more}")
    if not pages:
        raise content_error(str(path.name), "no texts in it", "check the path of the content")
    return Content(pages, numbers, view)


def read_pages(
    root: Path, numbers: NumberRegister, instead: Mapping[Path, str] | None = None
) -> tuple[dict[tuple[str, Lang], Page], list[ContentError]]:
    """Every text under `root` that can be used, and what is wrong with the others."""
    pages: dict[tuple[str, Lang], Page] = {}
    errors: list[ContentError] = []
    for file in content_paths(root):
        try:
            page = read_page(root, file, (instead or {}).get(file))
            validate(page, pages, numbers)
        except ContentError as error:
            errors.append(error)
        else:
            pages[page.topic, page.lang] = page
    return pages, errors


def validate(page: Page, others: Mapping[tuple[str, Lang], Page], numbers: NumberRegister) -> None:
    """What a file must be beside its neighbours: one of its kind, with placeholders that fill."""
    twin = others.get((page.topic, page.lang))
    if twin is not None:
        raise content_error(page.file, f"the topic also stands in {twin.file}", "keep one of them")
    for place, text in page.texts():
        unknown = unknown_placeholders(
            text,
            numbers,
            page.front.values,
            has_fact=bool(page.front.confirmed_fact) and place.endswith("confirmed"),
        )
        if unknown:
            raise content_error(
                page.file,
                f"{place} has the unknown placeholder {{{unknown[0]}}}",
                "use {line}, {centre} or {n.<id>} with an id from content/numbers.yml",
            )

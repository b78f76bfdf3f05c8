"""The checks on one text: dates, links, numbers, words, size by SMS, how easy it is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.channels.messages import Lang
from bot.content.files import Page
from bot.content.fill import number_ids, placeholders
from bot.content.finding import Finding
from bot.content.load import Content
from bot.content.readability import readability, sentences_before_step, word_count
from bot.content.sections import section_findings
from bot.content.sms_size import SmsSize, sms_size
from bot.content.style import style_faults, typed_numbers

MAX_SEGMENTS = 2
MAX_TITLE = 24
MAX_SENTENCES = 3
SHORT_SENTENCE = 18
LIX_ONE = 45
LIX_FROM_WORDS = 40
NORWEGIAN: tuple[Lang, ...] = ("nb", "nn")

# What a value may look like at its longest; the others are codes and dates.
_LONGEST = {"municipality": "Evje og Hornnes"}
_LONG_VALUE = "0" * 12
# How notes mark what nobody has verified: such a fact is never said.
_UNVERIFIED = re.compile(
    r"\[(?:U|C)(?: [^\]]*)?\]|\b(?:TODO|FIXME|XXX)\b|\?\?\?"
    r"|\((?:uverifisert|ubekreftet|ubekrefta|unverified|unconfirmed)\)"
)


def page_findings(
    page: Page, content: Content, as_confirmed: Content, today: date
) -> Iterator[Finding]:
    """All findings on one text. `as_confirmed`: the texts as if every local fact were confirmed,
    so that an SMS that states one is measured before somebody confirms it."""
    yield from section_findings(page)
    yield from _dates(page, today)
    yield from _links(page, content)
    yield from _numbers(page, content)
    yield from _unverified(page)
    yield from _words(page)
    yield from _size(page, content, as_confirmed)
    yield from _reading(page)


def unverified(text: str) -> str | None:
    """The mark of a fact that nobody has verified, or None."""
    found = _UNVERIFIED.search(text)
    return found[0] if found else None


def _dates(page: Page, today: date) -> Iterator[Finding]:
    review = page.front.review
    if isinstance(review, date) and review < today:
        yield Finding(page.file, f"review was due {review}", "read the sources, set a new date")
    if page.front.text_date > today:
        yield Finding(page.file, "text_date is in the future", "write the day it was read")


def _links(page: Page, content: Content) -> Iterator[Finding]:
    links = [link for link in (page.front.next, *page.front.buttons) if link is not None]
    for link in links:
        if len(link.title) > MAX_TITLE:
            yield Finding(
                page.file,
                f"the button {link.title!r} has {len(link.title)} characters",
                f"use at most {MAX_TITLE}",
            )
        if link.to.startswith("topic:"):
            yield from _known(page, link.to.removeprefix("topic:"), content)
    if len({link.to for link in links}) < len(links):
        yield Finding(page.file, "two buttons lead to the same place", "remove one")
    for topic in page.front.related:
        yield from _known(page, topic, content)
    if page.front.title and len(page.front.title) > MAX_TITLE:
        yield Finding(page.file, "title is too long", f"use at most {MAX_TITLE} characters")


def _known(page: Page, topic: str, content: Content) -> Iterator[Finding]:
    if topic == page.topic:
        yield Finding(page.file, "it leads to itself", "choose another topic")
    elif not content.has(topic) or content.page(topic, "nb").group == "system":
        yield Finding(page.file, f"unknown topic {topic}", "use a topic that has a file")


def _numbers(page: Page, content: Content) -> Iterator[Finding]:
    numbers = content.numbers
    used: set[str] = set()
    for place, text in page.texts():
        used |= number_ids(placeholders(text))
        for found in typed_numbers(text):
            yield Finding(
                page.file,
                f"{place} has a typed phone number ({found})",
                "write {n.<id>} or {line}",
            )
    for key in sorted(used):
        if not numbers[key].may_be_shown:
            yield Finding(
                page.file,
                f"the number {key} is marked {numbers[key].confidence}",
                "use one marked A or B, or refer to a counsellor",
            )
    if used != set(page.front.numbers):
        listed = ", ".join(sorted(used)) or "nothing"
        yield Finding(page.file, "numbers does not list those used", f"list {listed}")


def _unverified(page: Page) -> Iterator[Finding]:
    places = [*page.texts(), *(("sources", name) for name in page.front.sources)]
    for place, text in places:
        mark = unverified(text)
        if mark is not None:
            what = f"{place} has a fact marked unverified ({mark})"
            yield Finding(page.file, what, "verify it, or remove it and write 'missing'")


def _words(page: Page) -> Iterator[Finding]:
    for place, text in page.texts():
        for what, mend in style_faults(text, page.lang, frame=page.is_frame):
            yield Finding(page.file, f"{place}: {what}", mend)
        if place.startswith("sms") and any(mark in text for mark in "«»"):
            yield Finding(page.file, f"{place} has « or »", 'use "')
    for link in (page.front.next, *page.front.buttons):
        if link is not None:
            for what, mend in style_faults(link.title, page.lang, frame=page.is_frame):
                yield Finding(page.file, f"button: {what}", mend)


def _size(page: Page, content: Content, as_confirmed: Content) -> Iterator[Finding]:
    if page.front.web_only:
        return
    sections: list[str | None] = [None, *page.sms_sections]
    for section in sections:
        texts = as_confirmed if section == "confirmed" else content
        size = section_size(page, texts, section)
        place = f"sms_{section}" if section else "sms"
        if size.segments > MAX_SEGMENTS:
            yield Finding(
                page.file,
                f"{place} takes {size.segments} segments ({size.units} characters with its menu)",
                f"shorten it to {MAX_SEGMENTS}",
            )
        if size.reserved:
            yield Finding(
                page.file,
                f"{place} asks for a word that carriers keep ({', '.join(size.reserved)})",
                "ask for another word",
            )
        if size.odd:
            yield Finding(
                page.file,
                f"{place} has a letter that halves the SMS ({', '.join(size.odd)})",
                "use a letter of the GSM alphabet",
            )


def section_size(page: Page, content: Content, section: str | None) -> SmsSize:
    """The size of one text of the file by SMS, with its menu and values at their longest."""
    values = {name: _LONGEST.get(name, _LONG_VALUE) for name in page.front.values}
    return sms_size(content.reply(page.topic, page.lang, "sms", section, **values), page.lang)


def _reading(page: Page) -> Iterator[Finding]:
    if page.lang in NORWEGIAN:
        for place, text in page.texts():
            measured = readability(text)
            if measured.words > LIX_FROM_WORDS and measured.lix > LIX_ONE:
                yield Finding(
                    page.file,
                    f"{place} is hard to read (LIX {measured.lix:.0f})",
                    f"shorter words and sentences, at most {LIX_ONE}",
                )
    if page.is_frame:
        return
    for place in ("body", "confirmed"):
        text = page.body if place == "body" else page.sections.get("confirmed", "")
        before = sentences_before_step(text)
        long = [sentence for sentence in before if word_count(sentence) > SHORT_SENTENCE]
        if len(before) > MAX_SENTENCES + 1 or (len(before) > MAX_SENTENCES and long):
            yield Finding(
                page.file,
                f"{len(before)} sentences before the step",
                f"at most {MAX_SENTENCES}, or {MAX_SENTENCES + 1} short ones; move to '## more'",
            )

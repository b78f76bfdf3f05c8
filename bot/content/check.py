"""What can be checked about the texts without running the helpline. Used by `helpline check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean
from typing import Literal

from bot.channels.messages import Channel, Lang
from bot.content.files import ContentError, Page, content_paths, read_page
from bot.content.fill import centre_view, number_ids, placeholders
from bot.content.load import Content, validate
from bot.content.numbers import NumberRegister, load_numbers
from bot.content.readability import readability, sentences_before_step, word_count
from bot.content.sheets import SheetText, sheet_texts
from bot.content.sms_size import SmsSize, sms_size
from bot.content.style import style_faults, typed_numbers

MAX_SEGMENTS = 2
MAX_TITLE = 24
MAX_SENTENCES = 3
SHORT_SENTENCE = 18
LIX_ONE = 45
LIX_ALL = 35
LIX_FROM_WORDS = 40
LIX_MEAN_FROM_WORDS = 5
DUE_DAYS = 60
NEEDED: tuple[Lang, ...] = ("nb", "nn", "en")
NORWEGIAN: tuple[Lang, ...] = ("nb", "nn")


@dataclass(frozen=True)
class Finding:
    """Something that falls short: in which file, what, and how to mend it.

    `level` "error" makes `helpline check` fail; "info" is listed.
    """

    file: str
    what: str
    mend: str
    level: Literal["error", "info"] = "error"

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.mend}"


def check_content(content_dir: Path, centre: object, today: date | None = None) -> list[Finding]:
    """All findings on the texts, in the order of the files. Never raises on a bad file."""
    today = today or date.today()
    try:
        numbers = load_numbers(content_dir / "numbers.yml")
        view = centre_view(centre)
    except ContentError as error:
        return [_from_error(error)]
    pages, findings = _read(content_dir, numbers)
    content = Content(pages, numbers, view)
    for page in pages.values():
        findings += [
            *_dates(page, today),
            *_links(page, content),
            *_numbers(page, numbers),
            *_words(page),
            *_size(page, content),
            *_reading(page),
        ]
    texts = [found for found in sheet_texts(content_dir) if isinstance(found, SheetText)]
    findings += [_from_error(e) for e in sheet_texts(content_dir) if isinstance(e, ContentError)]
    findings += [finding for text in texts for finding in _sheet(text, numbers)]
    findings += [*_languages(pages), *_mean_lix(_norwegian(pages.values(), texts))]
    return sorted(findings, key=lambda finding: (finding.level, finding.file, finding.what))


def content_due(
    content_dir: Path, centre: object, today: date | None = None, days: int = DUE_DAYS
) -> list[Finding]:
    """What a person should look at soon: reviews within `days` days or waiting for an event,
    facts that nobody has supplied, local facts and numbers that nobody at the centre confirmed."""
    today = today or date.today()
    numbers = load_numbers(content_dir / "numbers.yml")
    view = centre_view(centre)
    pages, _ = _read(content_dir, numbers)
    found: list[Finding] = []
    for page in pages.values():
        review, fact = page.front.review, page.front.confirmed_fact
        if isinstance(review, str):
            found.append(Finding(page.file, f"review when: {review}", "read again then", "info"))
        elif review <= today + timedelta(days=days):
            found.append(Finding(page.file, f"review is due {review}", "read it again", "info"))
        if page.front.missing:
            found.append(
                Finding(page.file, f"not known: {page.front.missing}", "supply the fact", "info")
            )
        if fact and not view.facts.get(fact):
            found.append(_unconfirmed_fact(page, fact))
    place = f"{content_dir.name}/numbers.yml"
    found += [
        Finding(place, f"{key} is not confirmed", "ring it, then add confirmed_by", "info")
        for key in numbers.unconfirmed()
    ]
    return found


def _unconfirmed_fact(page: Page, fact: str) -> Finding:
    mend = "confirm facts." + fact + " in centre.yml"
    return Finding(page.file, f"the local fact {fact} is not confirmed", mend, "info")


def _from_error(error: ContentError) -> Finding:
    file, _, rest = str(error).partition(": ")
    what, _, mend = rest.rpartition("; ")
    return Finding(file, what or rest, mend or "mend that line")


def _read(
    content_dir: Path, numbers: NumberRegister
) -> tuple[dict[tuple[str, Lang], Page], list[Finding]]:
    pages: dict[tuple[str, Lang], Page] = {}
    findings: list[Finding] = []
    for path in content_paths(content_dir):
        try:
            page = read_page(content_dir, path)
            validate(page, pages, numbers)
        except ContentError as error:
            findings.append(_from_error(error))
        else:
            pages[page.topic, page.lang] = page
    if not pages and not findings:
        findings.append(Finding(content_dir.name, "no texts in it", "check the path"))
    return pages, findings


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


def _numbers(page: Page, numbers: NumberRegister) -> Iterator[Finding]:
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


def _size(page: Page, content: Content) -> Iterator[Finding]:
    if page.front.web_only:
        return
    sections: list[str | None] = [None, *page.sms_sections]
    for section in sections:
        size = _sms_size(page, content, section)
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


def _sms_size(page: Page, content: Content, section: str | None) -> SmsSize:
    values = dict.fromkeys(page.front.values, "0" * 12)
    channel: Channel = "sms"
    return sms_size(content.reply(page.topic, page.lang, channel, section, **values), page.lang)


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


def _languages(pages: Mapping[tuple[str, Lang], Page]) -> Iterator[Finding]:
    topics: dict[str, dict[Lang, Page]] = defaultdict(dict)
    for (topic, lang), page in pages.items():
        topics[topic][lang] = page
    for topic, versions in topics.items():
        one = next(iter(versions.values()))
        place = one.file.rsplit(".", 2)[0]
        for lang in NEEDED:
            if lang not in versions:
                yield Finding(place, f"missing in {lang}", f"write {topic}.{lang}.md")
        yield from _agree(place, list(versions.values()))


def _agree(place: str, versions: list[Page]) -> Iterator[Finding]:
    """The same answer in every language: same step, same sources, same numbers, same parts."""
    compared: dict[str, set[object]] = {
        "next": {page.front.next.to if page.front.next else "" for page in versions},
        "text_date": {page.front.text_date for page in versions},
        "number of sources": {len(page.front.sources) for page in versions},
        "sections": {frozenset(page.sections) for page in versions},
        "SMS texts": {frozenset(page.sms_sections) for page in versions},
        "phone numbers": {frozenset(page.front.numbers) for page in versions},
        "group": {page.group for page in versions},
    }
    for name, found in compared.items():
        if len(found) > 1:
            yield Finding(place, f"{name} differs between languages", "make them agree")


def _sheet(found: SheetText, numbers: NumberRegister) -> Iterator[Finding]:
    """A text of handing over or of a checklist: its words, its numbers, how easy it is to read."""
    for typed in typed_numbers(found.text):
        what = f"{found.place} has a typed phone number ({typed})"
        yield Finding(found.file, what, "write {n.<id>} or {line}")
    for key in sorted(number_ids(placeholders(found.text))):
        if key in numbers and not numbers[key].may_be_shown:
            yield Finding(
                found.file,
                f"{found.place} shows the number {key}, marked {numbers[key].confidence}",
                "use one marked A or B",
            )
    for what, mend in style_faults(found.text, found.lang, frame=True):
        yield Finding(found.file, f"{found.place}: {what}", mend)
    measured = readability(found.text)
    if found.lang in NORWEGIAN and measured.words > LIX_FROM_WORDS and measured.lix > LIX_ONE:
        yield Finding(
            found.file,
            f"{found.place} is hard to read (LIX {measured.lix:.0f})",
            f"shorter words and sentences, at most {LIX_ONE}",
        )


def _norwegian(pages: Iterable[Page], texts: Iterable[SheetText]) -> list[str]:
    """Every text that people read in Norwegian. Labels of one or two words say nothing of LIX."""
    found = [text for page in pages if page.lang in NORWEGIAN for _, text in page.texts()]
    found += [text.text for text in texts if text.lang in NORWEGIAN]
    return [text for text in found if word_count(text) >= LIX_MEAN_FROM_WORDS]


def _mean_lix(texts: Iterable[str]) -> Iterator[Finding]:
    measured = [readability(text).lix for text in texts]
    mean = fmean(measured) if measured else 0.0
    if mean > LIX_ALL:
        yield Finding("content", f"mean LIX is {mean:.1f}", f"at most {LIX_ALL}")


def mean_lix(content_dir: Path) -> float:
    """Mean LIX over every Norwegian text, each counted once; 0 when there is none."""
    pages, _ = _read(content_dir, load_numbers(content_dir / "numbers.yml"))
    texts = [found for found in sheet_texts(content_dir) if isinstance(found, SheetText)]
    measured = [readability(text).lix for text in _norwegian(pages.values(), texts)]
    return fmean(measured) if measured else 0.0

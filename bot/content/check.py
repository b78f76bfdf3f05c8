"""What can be checked about the texts without running the helpline. Used by `helpline check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import fmean

from bot.channels.messages import Lang
from bot.content.files import ContentError, Page
from bot.content.fill import CentreView, centre_numbers, centre_view, number_ids, placeholders
from bot.content.finding import Finding, from_error
from bot.content.load import Content, read_pages
from bot.content.numbers import NumberRegister, load_numbers
from bot.content.page_check import (
    LIX_FROM_WORDS,
    LIX_ONE,
    NORWEGIAN,
    page_findings,
    unverified,
)
from bot.content.readability import readability, word_count
from bot.content.sheets import SheetText, sheet_texts
from bot.content.style import style_faults, typed_numbers

LIX_ALL = 35
LIX_MEAN_FROM_WORDS = 5
NEEDED: tuple[Lang, ...] = ("nb", "nn", "en")


def check_content(content_dir: Path, centre: object, today: date | None = None) -> list[Finding]:
    """All findings on the texts, in the order of the files. Never raises on a bad file."""
    today = today or date.today()
    try:
        numbers, view = centre_numbers(content_dir, centre), centre_view(centre)
    except ContentError as error:
        return [from_error(error)]
    pages, errors = read_pages(content_dir, numbers)
    findings = [from_error(error) for error in errors]
    if not pages and not findings:
        findings.append(Finding(content_dir.name, "no texts in it", "check the path"))
    findings += _on_pages(pages, pages.values(), numbers, view, centre, today)
    texts, broken = _sheets(content_dir)
    findings += broken
    findings += [finding for text in texts for finding in _sheet(text, numbers)]
    findings += [*_languages(pages), *_mean_lix(_norwegian(pages.values(), texts))]
    return sorted(findings, key=_order)


def check_topics(
    content_dir: Path,
    centre: object,
    topics: Collection[str],
    today: date | None = None,
    instead: Mapping[Path, str] | None = None,
) -> list[Finding]:
    """The findings on the files of these topics alone, or on what is proposed `instead` of some.

    Raises ContentError for a topic without a file.
    """
    today = today or date.today()
    numbers, view = centre_numbers(content_dir, centre), centre_view(centre)
    pages, errors = read_pages(content_dir, numbers, instead)
    broken = [from_error(error) for error in errors]
    known = {topic for topic, _lang in pages} | {_topic(found) for found in broken}
    for topic in sorted(set(topics) - known):
        raise ContentError(f"no text for {topic}: make one with `helpline content new`")
    wanted = {key: page for key, page in pages.items() if key[0] in topics}
    findings = [found for found in broken if _topic(found) in topics]
    findings += _on_pages(pages, wanted.values(), numbers, view, centre, today)
    findings += _languages(wanted)
    return sorted(findings, key=_order)


def check_sheet_files(content_dir: Path, centre: object, files: Collection[str]) -> list[Finding]:
    """The findings on these YAML files (named as in `where`), such as those of a checklist."""
    numbers = centre_numbers(content_dir, centre)
    texts, broken = _sheets(content_dir)
    findings = [found for found in broken if found.file in files]
    findings += [f for text in texts if text.file in files for f in _sheet(text, numbers)]
    return sorted(findings, key=_order)


def _on_pages(
    pages: Mapping[tuple[str, Lang], Page],
    wanted: Iterable[Page],
    numbers: NumberRegister,
    view: CentreView,
    centre: object,
    today: date,
) -> list[Finding]:
    content = Content(pages, numbers, view)
    as_confirmed = Content(pages, numbers, centre_view(centre, every_fact=True))
    return [f for page in wanted for f in page_findings(page, content, as_confirmed, today)]


def _topic(finding: Finding) -> str:
    return finding.file.rsplit("/", 1)[-1].partition(".")[0]


def _order(finding: Finding) -> tuple[str, str, str]:
    return finding.level, finding.file, finding.what


def _sheets(content_dir: Path) -> tuple[list[SheetText], list[Finding]]:
    found = list(sheet_texts(content_dir))
    texts = [text for text in found if isinstance(text, SheetText)]
    return texts, [from_error(error) for error in found if isinstance(error, ContentError)]


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
    mark = unverified(found.text)
    if mark is not None:
        what = f"{found.place} has a fact marked unverified ({mark})"
        yield Finding(found.file, what, "verify it or remove it")
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
    pages, _errors = read_pages(content_dir, load_numbers(content_dir / "numbers.yml"))
    texts, _broken = _sheets(content_dir)
    measured = [readability(text).lix for text in _norwegian(pages.values(), texts)]
    return fmean(measured) if measured else 0.0

"""Which sections a text may have: one that nobody asks for would never be read by anyone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.content.files import Page
from bot.content.finding import Finding


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Answers: who reads, what is confirmed here, what a yes or no to the question leads to, and
#: whether the municipality that was named is one of the centre's.
ANSWER = _names("confirmed young relative professional uses_violence yes no here elsewhere")
#: Danger: how near, who reads, and what is said after the first words (bot/safety/words.py).
DANGER = _names(
    "soon gentle other other_soon young young_soon violent suicide silent silent_young "
    "held held_young held_again "
    "stay stay_soon stay_young stay_other stay_violent "
    "again again_young again_other again_violent cannot_speak about_112 here waiting "
    "called helped away dead hurt symptom doctor address misread once_more after_no "
    "after_no_young means done done_again washed may_wash company"
)
#: The words of the page, by the file that holds them (bot/channels/webchat/words.py), and what is
#: said on the telephone (bot/channels/sms/twiml.py).
SYSTEM = {
    "telephone": _names("after press wait ended"),
    "web_labels": _names(
        "leave erase call write send fetch you bot desk held_bot held_desk danger language "
        "have_code code open get_code shift demo practice start typing"
    ),
    "web_first": _names("heading kept ask yes no unknown"),
    "web_notices": _names(
        "wrong not_found too_large erased not_erased too_long shortened busy all_busy code_shown "
        "code_none code_unknown code_wait offline unsent no_answer shift_two shift_one"
    ),
}
_MORE = re.compile(r"^more(?:_(?P<part>[1-9]\d*))?$")


def section_findings(page: Page) -> Iterator[Finding]:
    """Unknown sections, and parts of a long answer that nothing leads to."""
    yield from _of_one_form(page, page.sections, "## ")
    yield from _of_one_form(page, page.sms_sections, "sms_")


def _of_one_form(page: Page, names: Iterable[str], prefix: str) -> Iterator[Finding]:
    parts: set[int] = set()
    for name in names:
        more = _MORE.match(name)
        if more:
            parts.add(int(more["part"] or 1))
            if more["part"] == "1":
                yield Finding(page.file, f"'{prefix}{name}'", f"write '{prefix}more'")
        elif not _is_known(page, name):
            what = f"unknown section '{prefix}{name}'"
            yield Finding(page.file, what, "use one of those in content/README.md")
    for part in sorted(parts - {1}):
        if part - 1 not in parts:
            before = "more" if part == 2 else f"more_{part - 1}"
            what = f"'{prefix}more_{part}' without '{prefix}{before}'"
            yield Finding(page.file, what, "nothing leads there: renumber the parts")


def _is_known(page: Page, name: str) -> bool:
    if name in ANSWER:
        return True
    if page.group == "danger":
        return name in DANGER
    # The program asks for the sections of its own sentences; those of the page are all known here.
    return page.group == "system" and name in SYSTEM.get(page.topic, {name})

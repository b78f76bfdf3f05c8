"""What an editor reads of a check, in her own language; and old beside new."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bot.content import check, files, load, page_check, sections, style
from bot.content.finding import Finding
from bot.desk import content_filters, content_words
from bot.desk.content_diff import diff
from bot.desk.content_filters import bubble, linked
from bot.desk.content_words import STYLE, finding_words
from bot.desk.speech import nynorsk

# For whoever runs the service: an editor at the desk never meets them.
NOT_HERE = (
    "the file name is not",
    "unknown folder",
    "not UTF-8 text",
    "no texts in it",
    "the topic also stands in",
    "mean LIX",
)
# Passed on as they come, from rules that have words of their own (below).
PASSED_ON = ("7", "7: 7", "button: 7")


def said_by(module: object) -> Iterator[str]:
    """What a module can say is wrong, with 7 wherever it fills something in."""
    source = open(module.__file__, encoding="utf-8").read()  # type: ignore[attr-defined]  # noqa: SIM115
    for node in ast.walk(ast.parse(source)):
        name = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and name in ("Finding", "content_error"):
            what = node.args[1]
            if isinstance(what, ast.Constant):
                yield str(what.value)
            elif isinstance(what, ast.JoinedStr):
                yield "".join(_part(part) for part in what.values)


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    return "'7'" if getattr(part, "conversion", -1) == ord("r") else "7"


@pytest.mark.parametrize("module", [check, files, load, page_check, sections])
def test_everything_the_check_finds_has_words_at_the_desk(module: object) -> None:
    found = [
        what for what in said_by(module) if not what.startswith(NOT_HERE) and what not in PASSED_ON
    ]
    assert found
    unsaid = [
        what for what in found if finding_words(Finding("a/b.nb.md", what, "MEND")).endswith("MEND")
    ]
    assert unsaid == []


def test_every_rule_of_style_has_words_at_the_desk() -> None:
    assert {rule.what for rule in style.RULES} | {"a figure without its year"} == set(STYLE)
    found = Finding("centre/cost.nb.md", "sms_more: pity ('Stakkars')", "mend")
    assert finding_words(found) == (
        "SMS-delen «more» 'Stakkars': medlidenhet. Anerkjenn med én enkel setning."
    )


def test_the_words_of_the_tables_are_there_in_nynorsk() -> None:
    tables = (
        *(content_words.REFUSED, content_words.PLACES, content_words.NAMES, content_words.STYLE),
        *(content_filters.GROUPS, content_filters.DUES, content_filters.SECTIONS),
        *(content_filters.FIELDS, content_filters.FACTS, content_filters.STATES),
    )
    said = {words for table in tables for words in table.values()}
    said |= {words for _pattern, words in content_words._TABLE}
    assert sorted(said - nynorsk().keys()) == []


def test_old_and_new_word_by_word() -> None:
    lines = diff(
        "en\nDet er gratis her.\nto\ntre\nfire", "en\nDet koster ikke noe her.\nto\ntre\nfire"
    )
    assert [line.kind for line in lines] == ["same", "before", "after", "same", "skipped"]
    assert [piece.text for piece in lines[1].pieces if piece.changed] == ["er gratis "]
    assert [piece.text for piece in lines[2].pieces if piece.changed] == ["koster ikke noe "]
    assert lines[-1].count == 2
    assert diff("likt\n", "likt\n") == []


def test_a_bubble_is_the_text_and_no_markup_of_its_own() -> None:
    shown = str(bubble("Ring **112** <b>nå</b>.\n\n- en\n- to"))
    assert shown == (
        "<p>Ring <strong>112</strong> &lt;b&gt;nå&lt;/b&gt;.</p><ul><li>en</li><li>to</li></ul>"
    )
    assert '<a href="https://nav.no/"' in str(linked("nav.no, lest 2026 <x>"))
    assert "<x>" not in str(linked("nav.no <x>"))

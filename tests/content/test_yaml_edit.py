"""Single values of a file are changed, and every other byte stays as somebody wrote it."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import pytest

from bot.centre import read_centre
from bot.centre_entries import values_of, with_entry
from bot.content.edit import NotWritten, fields_of, parts, with_fields, write_text
from bot.content.files import ContentError
from bot.content.yaml_edit import with_values
from bot.settings import ROOT

DEMO = ROOT / "centre.yml"
EXAMPLE = ROOT / "examples" / "centre.sorlandet.yml"
SECOND = ROOT / "tests" / "centres" / "centre.fjellbygd.yml"
CENTRES = (DEMO, EXAMPLE, SECOND)


def changed_lines(before: str, after: str) -> list[str]:
    """ "-old" and "+new" lines, nothing else."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in found if line[:3] not in ("---", "+++") and not line.startswith("@@")]


@pytest.mark.parametrize("path", CENTRES, ids=lambda path: path.name)
def test_the_same_values_leave_a_centre_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for key in ("phone_line", "facts.pets", "numbers.assault_centre", "numbers.legevakt"):
        assert with_entry(text, key, values_of(text, key)) == text


def test_a_fact_is_confirmed_in_two_lines() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    by = {"confirmed_by": "Kari Nordmann", "date": "2026-11-22"}
    after = with_entry(text, "facts.men", by)
    assert changed_lines(text, after) == [
        "-    date: 2025-08-08",
        "-    confirmed_by: null",
        "+    date: 2026-11-22",
        "+    confirmed_by: Kari Nordmann",
    ]
    assert read_centre(after, EXAMPLE).facts["men"].confirmed_by == "Kari Nordmann"


def test_a_value_with_marks_is_put_in_quotes_and_read_back_the_same() -> None:
    text = SECOND.read_text(encoding="utf-8")
    said = 'Ja: «hund» #1, og "katt" – hele året'
    after = with_entry(text, "facts.pets", {"value.nb": said})
    assert len(changed_lines(text, after)) == 2
    assert read_centre(after, SECOND).facts["pets"].value["nb"] == said


def test_a_number_that_the_file_lacks_is_added_and_comments_stay() -> None:
    text = SECOND.read_text(encoding="utf-8")
    by = {"confirmed_by": "Kari Nordmann", "date": "2026-11-22"}
    after = with_entry(text, "numbers.legevakt", by)
    assert changed_lines(text, after) == [
        "+  legevakt:",
        "+    date: 2026-11-22",
        "+    confirmed_by: Kari Nordmann",
    ]
    assert "# The register has the national way" in after


def test_the_first_fact_of_an_empty_centre() -> None:
    text = DEMO.read_text(encoding="utf-8")
    pets = {"value.nb": "Ja.", "value.nn": "Ja.", "value.en": "Yes.", "source": "husreglene"}
    after = with_entry(text, "facts.pets", pets | {"date": "2026-11-22"})
    assert [line for line in changed_lines(text, after) if line.startswith("-")] == ["-facts: {}"]
    assert read_centre(after, DEMO).facts["pets"].value["en"] == "Yes."


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("a: null  # why\nb: 1\n", {("a",): "x"}, "a: x  # why\nb: 1\n"),
        ("a:\nb: 1\n", {("a",): "x"}, "a: x\nb: 1\n"),
        ("a: [x]\n", {("a",): ["å: b"]}, 'a: ["å: b"]\n'),
        ("a:\n- x\n- y  # z\nb: 1\n", {("a",): ["q"]}, 'a: ["q"]  # z\nb: 1\n'),
        ("a: |\n  x\n  y\n\nb: 1\n", {("a",): "z"}, 'a: "z"\n\nb: 1\n'),
        ("a: {b: 1, c: {d: 2}}\n", {("a", "c", "d"): date(2026, 1, 2)}, None),
        ("a: {}\n", {("a", "b"): "116006"}, 'a:\n  b: "116006"\n'),
        ("a: 1", {("b",): "no"}, 'a: 1\nb: "no"\n'),
    ],
)
def test_every_way_of_writing_a_value(
    before: str, changes: dict[tuple[str, ...], object], after: str | None
) -> None:
    written = with_values(before, changes)
    assert written == (after or "a: {b: 1, c: {d: 2026-01-02}}\n")


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [1\n", "a: &x {b: 1}\nc: *x\n"])
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        with_values(text, {("a", "b"): "2"})


def test_every_text_of_the_helpline_goes_through_the_form_unchanged() -> None:
    files = [path for path in (ROOT / "content").glob("*/*.md") if path.name != "README.md"]
    assert len(files) > 300
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert with_fields(text, fields_of(text)) == text, path


def test_the_numbers_of_a_text_are_listed_for_the_editor() -> None:
    text = (ROOT / "content" / "violence" / "economic.nb.md").read_text(encoding="utf-8")
    now = fields_of(text)
    wanted = type(now)(**{**vars(now), "body": now.body + "\n\nRing {n.legevakt}."})
    front, _body = parts(with_fields(text, wanted))
    assert "numbers: [" in front and "legevakt" in front and "nav_debt" in front
    assert len(changed_lines(parts(text)[0], front)) == 2


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("en", encoding="utf-8")
    path.chmod(0o640)
    write_text(path, "to", expected="en")
    assert path.read_text(encoding="utf-8") == "to"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(NotWritten, match="changed"):
        write_text(path, "tre", expected="en")
    write_text(path, "to", expected="en")  # done already
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]

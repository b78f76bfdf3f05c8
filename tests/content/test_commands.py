"""`helpline content …` as it is typed, on a folder of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.content.check import check_topics
from bot.content.files import ContentError
from tests.content.conftest import CENTRE, ContentFolder

TODAY = dt.date(2026, 11, 22)
CENTRE_FILE = """\
name: {name}
short_name: krisesenteret
demo: true
phone_line:
  number: "00 00 00 01"
  hours: {{nb: hele døgnet, nn: heile døgnet, en: day and night}}
  reads_codes: false
  under_18: "116 111"
  source: test
  date: 2026-11-22
municipalities: []
departments: []
facts:
  pets:
    value: {{nb: "Du kan ha med katten.", nn: "Du kan ha med katten.", en: "Bring the cat."}}
    source: test
    date: 2026-11-22
    confirmed_by: {confirmed_by}
"""


@pytest.fixture
def desk(folder: ContentFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ContentFolder:
    """The settings of an editor: these texts, this centre."""
    centre_file(tmp_path / "centre.yml")
    monkeypatch.setenv("HELPLINE_CONTENT_DIR", str(folder.root))
    monkeypatch.setenv("HELPLINE_CENTRE_FILE", str(tmp_path / "centre.yml"))
    monkeypatch.setenv("HELPLINE_VAR_DIR", str(tmp_path / "var"))
    return folder


def centre_file(path: Path, name: str = "Fjellbygd krisesenter", confirmed_by: str = "null") -> str:
    path.write_text(CENTRE_FILE.format(name=name, confirmed_by=confirmed_by), encoding="utf-8")
    return str(path)


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["content", *words])


def with_pets(desk: ContentFolder) -> None:
    desk.cost_everywhere(
        confirmed_fact="pets",
        sms_confirmed='"{fact}"',
        sms_more='"Mer."',
        body="Spør {centre}.\n\n## more\nMer her.\n\n## confirmed\n{fact} Ring {line}.",
    )


def test_a_topic_is_shown_as_a_person_sees_it_on_the_web_and_by_sms(desk: ContentFolder) -> None:
    with_pets(desk)
    shown = typed("preview", "cost", "--lang", "nb").stdout
    assert shown.splitlines() == [
        "== content/centre/cost.nb.md ==",
        "",
        "The answer",
        "  web",
        "    Spør Fjellbygd krisesenter.",
        "    [Snakk med noen] [Vil vite mer]",
        "    Kilde: krisesenterlova § 2. Lovtekst per 28.07.2026",
        "  sms, 1 segment, 55 characters with its menu",
        "    Det er gratis. 1 snakk med noen, 2 vil vite mer, 0 meny",
        "",
        "## more",
        "  web",
        "    Mer her.",
        "    [Snakk med noen]",
        "    Kilde: krisesenterlova § 2. Lovtekst per 28.07.2026",
        "  sms, 1 segment, 29 characters with its menu",
        "    Mer. 1 snakk med noen, 0 meny",
        "",
        "## confirmed (said to nobody yet: facts.pets is not confirmed)",
        "  web",
        "    Du kan ha med katten. Ring 00 00 00 01.",
        "    [Snakk med noen] [Vil vite mer]",
        "    Kilde: krisesenterlova § 2. Lovtekst per 28.07.2026",
        "  sms, 1 segment, 62 characters with its menu",
        "    Du kan ha med katten. 1 snakk med noen, 2 vil vite mer, 0 meny",
    ]


def test_a_preview_can_be_of_one_channel_and_of_another_centre(
    desk: ContentFolder, tmp_path: Path
) -> None:
    with_pets(desk)
    other = centre_file(tmp_path / "other.yml", confirmed_by="Kari Nordmann")
    shown = typed("preview", "cost", "--lang", "nb", "--channel", "web", "--centre", other).stdout
    assert "The answer, with the confirmed fact" in shown
    assert shown.count("Du kan ha med katten. Ring 00 00 00 01.") == 2
    assert "sms" not in shown
    every = typed("preview", "cost").stdout
    assert [line for line in every.splitlines() if line.startswith("==")] == [
        f"== content/centre/cost.{lang}.md ==" for lang in ("nb", "nn", "en")
    ]


def test_lint_names_what_falls_short_and_fails(desk: ContentFolder) -> None:
    assert (typed("lint", "cost").exit_code, typed("lint").exit_code) == (0, 0)
    desk.cost(body="Stakkars deg.")
    for words in (("lint", "cost"), ("lint",)):
        done = typed(*words)
        assert done.exit_code == 1
        assert done.stdout.startswith("content/centre/cost.nb.md: text: pity")


def test_what_is_due_is_listed_for_a_centre(tmp_path: Path) -> None:
    """With our own texts: the safety plan and the other languages are part of it."""
    lines = typed("due", "--centre", centre_file(tmp_path / "other.yml")).stdout.splitlines()
    for heading in ("To be read again when", "Answered with a counsellor", "Local facts", "Phone"):
        assert any(line.startswith(heading) for line in lines), heading
    assert "  other.yml: facts.pets" in lines
    assert "  other.yml: phone_line" in lines


def test_a_new_topic_has_three_files_that_say_what_to_write(desk: ContentFolder) -> None:
    done = typed("new", "centre", "price")
    assert done.exit_code == 0, done.stdout
    for lang in ("nb", "nn", "en"):
        text = (desk.root / "centre" / f"price.{lang}.md").read_text(encoding="utf-8")
        for line in ("title", "sources", "text_date", "review", "numbers", "next", "sms"):
            assert f"\n{line}: " in text or f"\n{line}:  " in text, line
        assert text.count("  # ") >= 8
    findings = check_topics(desk.root, CENTRE, ["price"], TODAY)
    assert {finding.file for finding in findings} >= {
        f"content/centre/price.{lang}.md" for lang in ("nb", "nn", "en")
    }


def test_a_new_topic_is_a_right_one_once_it_is_filled_in(desk: ContentFolder) -> None:
    assert typed("new", "centre", "price").exit_code == 0
    for lang in ("nb", "nn", "en"):
        path = desk.root / "centre" / f"price.{lang}.md"
        front, body = path.read_text(encoding="utf-8").rsplit("---\n", 1)
        for line, value in {
            'title: ""': 'title: "Pris"',
            "sources: []": 'sources: ["krisesenterlova § 2"]',
            "review:": "review: 2099-01-01",
            'sms: "" ': 'sms: "Det er gratis." ',
        }.items():
            assert line in front
            front = front.replace(line, value, 1)
        body = "\n\n".join(part.partition(": ")[2] for part in body.split("\n\n"))
        path.write_text(f"{front}---\n{body}\n", encoding="utf-8")
    assert check_topics(desk.root, CENTRE, ["price"]) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("new", "centre", "cost"), "content/centre/cost.en.md: the topic has a text"),
        (("new", "money", "cost"), "content/centre/cost.en.md: the topic has a text"),
        (("new", "prices", "price"), "unknown folder"),
        (("new", "centre", "../price"), "not an id"),
        (("preview", "pris"), "no text for pris"),
        (("lint", "pris"), "no text for pris"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(
    desk: ContentFolder, words: tuple[str, ...], says: str
) -> None:
    before = {path: path.read_bytes() for path in desk.root.rglob("*.*")}
    with pytest.raises(ContentError, match=says):
        CliRunner().invoke(app, ["content", *words], catch_exceptions=False)
    assert {path: path.read_bytes() for path in desk.root.rglob("*.*")} == before

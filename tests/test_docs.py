"""Docs that cannot drift: settings, README conversation, links and commands are the real ones."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from bot.cli import app
from bot.settings import ROOT, Settings

DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("content/*.md")])


def test_every_setting_is_described() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`HELPLINE_{name.upper()}`" in text


def test_no_setting_is_described_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\| `HELPLINE_([A-Z_0-9]+)`", text))
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_conversation_in_the_readme_is_a_passing_transcript() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- transcript: (\S+) -->\n```\n(.*?)```", text, re.DOTALL)
    assert found
    transcript = (ROOT / "tests" / "transcripts" / found[1]).read_text(encoding="utf-8")
    assert found[2] == transcript.partition("\n---\n")[2]


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_links_and_paths_in_docs_exist(doc) -> None:  # type: ignore[no-untyped-def]
    text = doc.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (doc.parent / link).exists(), link
    for path in re.findall(r"`((?:bot|tests|content|docs|bench|data|actions)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_every_command_in_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    for command in re.findall(r"(?:^|`)helpline ([a-z-]+)", text, re.MULTILINE):
        assert command in commands, command

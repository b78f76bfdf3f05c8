"""No text by SMS asks for a word that carriers keep for themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.channels.messages import Button, Reply
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.reserved import RESERVED, asked_for
from bot.content.files import Page, content_paths, read_page

CONTENT = Path(__file__).resolve().parents[2] / "content"
PAGES = [read_page(CONTENT, path) for path in content_paths(CONTENT)]


def test_there_is_content_to_look_at() -> None:
    assert len(PAGES) > 100
    assert sum(page.front.sms is not None for page in PAGES) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_no_sms_and_no_menu_asks_for_a_reserved_word(page: Page) -> None:
    links = [link for link in (page.front.next, *page.front.buttons) if link is not None]
    buttons = tuple(Button(link.title, link.to) for link in links)
    texts = [page.text("sms"), *page.sms_sections.values()]
    for text in texts:
        for sent in sms_texts(Reply(text, buttons), page.lang):
            assert asked_for(sent) == [], sent


def test_no_title_anywhere_becomes_a_reserved_menu_item() -> None:
    for path in sorted(CONTENT.rglob("*.yml")):
        for title in _titles(yaml.safe_load(path.read_text(encoding="utf-8"))):
            for sent in sms_texts(Reply("?", (Button(title, "yes"), Button("A", "no"))), "nb"):
                words = sent.removeprefix("? 1 ").split(" 2 ")[0].rstrip(",").upper()
                assert words not in RESERVED, sent


def _titles(value: object) -> list[str]:
    """Every short text of a data file; any of them may be a button."""
    if isinstance(value, str):
        return [value] if 0 < len(value) <= 24 else []
    if isinstance(value, dict):
        return [title for one in value.values() for title in _titles(one)]
    if isinstance(value, list):
        return [title for one in value for title in _titles(one)]
    return []

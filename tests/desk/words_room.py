"""Editors at a desk that has texts and a centre of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from bot.centre import load_centre
from bot.settings import ROOT
from bot.store import text_changes
from bot.store.text_changes import Change
from bot.texts import content_of
from tests.desk.conftest import Browser, DeskServer, serve_desk

COST = "centre/cost.nb.md"
GIST = "Det er gratis"
NEW = "Det koster ingenting å komme hit. Alle kan komme, også uten time."
PATIENCE = 180  # seconds
CENTRE = ROOT / "tests" / "centres" / "centre.fjellbygd.yml"


@dataclass
class Words:
    """The desk, its folder of texts, and what is done there again and again."""

    desk: DeskServer
    folder: Path
    centre: Path

    def patient(self, browser: Callable[..., Browser]) -> Callable[..., Browser]:
        """A check reads every text: on a busy machine that takes longer than a browser waits."""

        def made(token: str | None = None) -> Browser:
            found = browser(token)
            found.http.timeout = httpx.Timeout(PATIENCE)
            return found

        return made

    def text(self, name: str = COST) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def form(self, browser: Browser, place: str = "cost/nb") -> dict[str, str]:
        """The fields of the form as it stands."""
        page = browser.get(f"/desk/content/topic/{place}/edit").text
        return fields_of(page)

    def proposes(
        self, browser: Browser, place: str = "cost/nb", do: str = "propose", **fields: str
    ) -> Any:
        """Fill in the form with these fields; where it leads, or the page that says why not."""
        filled = self.form(browser, place) | {"note": "klarere ord"} | fields | {"do": do}
        return browser.http.post(f"/desk/content/topic/{place}/edit", data=filled)

    def proposed(self, browser: Browser, **fields: str) -> str:
        """The same when it goes well: the address of the proposal."""
        answer = self.proposes(browser, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        return str(answer.headers["location"])

    def approves(self, browser: Browser, address: str) -> Any:
        page = browser.get(address).text
        seen = re.search(r'name="seen" value="([^"]+)"', page)
        fields = {"csrf": browser.csrf(), "seen": seen[1] if seen else change_id(address)}
        return browser.http.post(f"{address}/approve", data=fields)

    def changes(self, place: str = "cost") -> list[Change]:
        with self.desk.db.begin() as tx:
            return text_changes.of_place(tx, place)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a form: hidden fields, lines, boxes that are ticked, texts."""
    page = page[page.index('name="base"') - 200 :]
    found = {}
    for tag in re.findall(r"<input [^>]+>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        found[name] = unescape(value)
    return found


def change_id(address: str) -> str:
    return address.rsplit("/", 1)[-1]


def room(tmp_path: Path, clock: Any, **settings: Any) -> Iterator[Words]:
    """A desk with a copy of the texts and the second centre."""
    folder, centre = tmp_path / "content", tmp_path / "centre.yml"
    shutil.copytree(ROOT / "content", folder)
    shutil.copy(CENTRE, centre)
    for desk in serve_desk(tmp_path, clock, content_dir=folder, centre_file=centre, **settings):
        loaded = load_centre(centre)
        desk.services.centre = loaded
        desk.services.content = content_of(desk.services.settings, loaded)
        words = Words(desk, folder, centre)
        desk.browser = words.patient(desk.browser)  # type: ignore[method-assign]
        yield words

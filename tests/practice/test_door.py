"""`helpline practice` as it is typed: the link that works once, the mark, the people, the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.live import free_port

LONGEST = 300  # seconds; other work may have the machine
MARK = "Ingen ekte personer."


@dataclass
class Running:
    """A practice that runs, and what it has printed so far."""

    base: str
    link: str
    var: Path
    log: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("practice")
    var, temporary, log = place / "var", place / "tmp", place / "log"
    temporary.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HELPLINE_")}
    port = free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "practice", "--fast", "--port", str(port)],
            env=clean
            | {
                "HELPLINE_VAR_DIR": str(var),
                "HELPLINE_MODEL_DIR": str(place / "none"),
                "TMPDIR": str(temporary),
            },
            stdout=out,
            stderr=out,
            cwd=ROOT,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(base), process, log)
        found = re.search(r"http\S+/in/(\S+)", log.read_text())
        assert found, log.read_text()
        yield Running(base, found[0], var, log, process)
    finally:
        process.terminate()
        process.wait(60)
        assert not var.exists(), "the real service's folder was touched"
        assert list(temporary.iterdir()) == []


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health/live", timeout=5).is_success
    except httpx.TransportError:
        return False


def _wait(until: object, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + LONGEST
    while not until():  # type: ignore[operator]
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, "it does not start"
        time.sleep(0.2)


def test_from_the_link_to_somebody_in_the_queue(running: Running) -> None:
    with httpx.Client(base_url=running.base, timeout=60) as browser:
        assert browser.get("/desk/practice").headers["location"] == "/desk/sign-in"
        refused = browser.post("/desk/practice/comes", data={"person": "prank"})
        assert refused.headers["location"] == "/desk/sign-in"
        assert browser.get("/desk/practice/in/guessed").status_code == 404

        opened = browser.get(running.link)
        assert (opened.status_code, opened.headers["location"]) == (303, "/desk/practice")
        assert httpx.get(running.link).status_code == 404, "the link works once"

        page = browser.get("/desk/practice").text
        assert MARK in page
        assert page.count("La personen komme") >= 10
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf

        browser.post("/desk/practice/comes", data={"person": "sister", "csrf": "wrong"})
        assert "skriver med boten" not in browser.get("/desk/practice").text
        came = browser.post("/desk/practice/comes", data={"person": "sister", "csrf": csrf[1]})
        assert came.headers["location"] == "/desk/"
        end = time.monotonic() + 120
        while "pårørende" not in browser.get("/desk/").text:
            assert time.monotonic() < end, "she never came to the queue"
            time.sleep(0.5)
        assert "venter i køen" in browser.get("/desk/practice").text
        assert MARK in browser.get("/desk/").text


@pytest.mark.parametrize("address", ["/", "/desk/sign-in", "/demo/phone", "/nowhere"])
def test_every_page_says_what_it_is(running: Running, address: str) -> None:
    norwegian = {"accept-language": "nb"}
    assert MARK in httpx.get(running.base + address, timeout=60, headers=norwegian).text


def test_its_pages_are_nowhere_else() -> None:
    from bot.desk import access

    assert not any("practice" in action for action in access.RULES)


def test_the_terminal_shows_no_words_of_anybody(running: Running) -> None:
    printed = running.log.read_text()
    assert printed.startswith("Øving. Ingen ekte personer.")
    assert "søstera" not in printed

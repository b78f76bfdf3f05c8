"""Whole conversations with faults at every step; then everything that came out is searched."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.log_scenario import FORBIDDEN

LEVELS = ("debug", "info", "warning", "error")


@cache
def _played(level: str, place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tests.log_scenario", level, str(place), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def play(level: str, place: Path, *options: str) -> dict[str, str]:
    """What came out, by where: the two streams and the files of the scenario."""
    done = _played(level, place, *options)
    if done.returncode == 1 and "no trained model" in done.stderr:
        pytest.skip("no trained model: run `make install`")
    assert "played to the end" in done.stdout, "the scenario broke off"
    assert done.returncode == 1, "the last exception ends the process"
    came_out = {"standard output": done.stdout, "standard error": done.stderr}
    for name in ("pages", "metrics", "health", "told"):
        came_out[name] = (place / name).read_text()
    return came_out


def found_in(came_out: dict[str, str]) -> list[str]:
    """Where something stands that must not come out, with the line (in a test's output only)."""
    return [
        f"{where}: {line.strip()[:200]}"
        for where, text in came_out.items()
        for line in text.splitlines()
        if any(word.lower() in line.lower() for word in FORBIDDEN)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_no_word_and_no_number_of_anyone_comes_out(level: str, tmp_path: Path) -> None:
    came_out = play(level, tmp_path)
    assert found_in(came_out) == []
    # It did say what went wrong, and where.
    log = came_out["standard error"]
    assert "store away in record" in log
    assert "ValueError at" in log
    assert "bot.turn" in log
    assert int((tmp_path / "count").read_text()) > 30, "requests were not refused"
    assert "helpline_turns_total" in came_out["metrics"]
    assert came_out["told"]


@pytest.mark.slow
@pytest.mark.rasa
def test_no_word_comes_out_with_the_real_model_either(tmp_path: Path) -> None:
    assert found_in(play("debug", tmp_path, "--model")) == []


def test_the_search_finds_what_must_not_come_out() -> None:
    for word in ("Zebrakorn", "tlf 00 00 00 01", "To=%2B4700000001"):
        assert found_in({"log": f"INFO bot {word} x"})
    assert found_in({"log": "INFO bot outbox 4f: SmsLater 20429"}) == []

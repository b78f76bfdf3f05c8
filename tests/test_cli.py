"""The commands as they are typed: what goes in, what comes out, and how they fail."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluate import Judged, summarise, wilson
from bot.settings import ROOT
from bot.understanding.train import trained_model

DANGER = {"text": "han står utenfor og hamrer på døra"}
FIELDS = {
    "session", "topic", "topics", "alternatives", "confidence", "danger", "level", "lang",
    "held_by", "replies", "handoff", "ms",
}  # fmt: skip
LONGEST = 300  # seconds; other work may have the machine


@pytest.fixture(scope="module")
def no_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model folder with nothing in it."""
    return str(tmp_path_factory.mktemp("models"))


def helpline(
    *arguments: str, var: Path, stdin: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Type a command, with files of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HELPLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=clean | {"HELPLINE_VAR_DIR": str(var)} | settings,
        input=stdin,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def ask(
    *lines: dict[str, Any] | str,
    var: Path,
    flags: tuple[str, ...] = ("--ephemeral",),
    **settings: str,
) -> list[dict[str, Any]]:
    """The answers to JSON lines; a str goes in as it is."""
    stdin = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = helpline("ask", "--json", *flags, var=var, stdin=stdin, **settings)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_the_emergency_answer(answer: dict[str, Any]) -> bool:
    """danger_now, this minute, and 112 before anything else."""
    numbers = re.findall(r"\d{3,}", answer["replies"][0]["text"])
    return (answer["danger"], answer["level"], numbers[:1]) == ("danger_now", "now", ["112"])


# --- ask ---


def test_danger_is_answered_without_any_model(tmp_path: Path, no_model: str) -> None:
    (answer,) = ask(DANGER, var=tmp_path, HELPLINE_MODEL_DIR=no_model)
    assert is_the_emergency_answer(answer)


@pytest.mark.rasa
@pytest.mark.slow
def test_danger_is_answered_and_questions_are_understood_with_the_model(tmp_path: Path) -> None:
    if trained_model(ROOT, ROOT / "models") is None:
        pytest.skip("no trained model: run `make install`")
    danger, cost = ask(DANGER, {"text": "hva koster det å bo hos dere"}, var=tmp_path)
    assert is_the_emergency_answer(danger)
    assert (cost["topic"], cost["danger"]) == ("cost", None)


def test_what_comes_out_is_what_others_build_on(tmp_path: Path, no_model: str) -> None:
    """A handoff by the same session, with lines in between that are not for it."""
    mine = {"session": "a"}
    answers = ask(
        mine | {"text": "menneske"},
        "not json",
        '["a list"]',
        mine | {"text": "skriv med en rådgiver"},
        {"text": "I want a human", "lang": "en", "channel": "sms"},
        mine | {"text": "meg selv"},
        mine | {"text": "nei, gå videre"},
        mine | {"text": "ja, send"},
        mine | {"text": "SLETT"},
        var=tmp_path,
        HELPLINE_MODEL_DIR=no_model,
    )
    assert [set(answer) for answer in (answers[1], answers[2])] == [{"error"}, {"error"}]
    told = [answer for answer in answers if "error" not in answer]
    assert all(set(answer) == FIELDS for answer in told)
    replies = [reply for answer in told for reply in answer["replies"]]
    assert all(set(reply) == {"text", "buttons"} for reply in replies)
    assert {key for r in replies for b in r["buttons"] for key in b} == {"title", "payload"}
    assert [answer["session"] for answer in told if answer["session"] == "a"] == ["a"] * 6
    handed_over = answers[7]["handoff"]
    assert set(handed_over) == {"id", "urgency", "reasons", "code", "summary"}
    assert [answer["handoff"] for answer in told].count(None) == len(told) - 1
    assert all(isinstance(answer["ms"], float) for answer in told)
    # Nothing was kept: no database, only the secrets of this installation, for this account alone.
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_session_goes_on_when_the_command_is_started_again(tmp_path: Path, no_model: str) -> None:
    kept: dict[str, Any] = {"var": tmp_path, "flags": (), "HELPLINE_MODEL_DIR": no_model}
    (first,) = ask({"text": "menneske"}, **kept)
    (then,) = ask({"text": "skriv med en rådgiver", "session": first["session"]}, **kept)
    assert "Hvem gjelder det?" in then["replies"][-1]["text"]


# --- evaluate ---


LABELLED = [
    DANGER | {"topics": ["danger_now"], "danger": "danger_now", "alarm": "now", "lang": "nb"},
    {"text": "he is breaking down the door", "topics": ["danger_now"], "danger": "danger_now",
     "alarm": "now", "lang": "en"},
    {"text": "hva koster det", "topics": ["cost"], "danger": "none", "alarm": "none", "lang": "nb"},
]  # fmt: skip


def test_figures_are_printed_with_intervals_per_language(tmp_path: Path, no_model: str) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LABELLED) + "\n\n")
    text, figures = (
        helpline("evaluate", str(file), *flags, var=tmp_path / "var", HELPLINE_MODEL_DIR=no_model)
        for flags in ((), ("--json",))
    )
    assert (text.returncode, figures.returncode) == (0, 0), text.stderr + figures.stderr
    assert re.search(r"recall_now +1\.000 +\[0\.342, 1\.000\] +2/2", text.stdout)
    summary = json.loads(figures.stdout)
    assert summary["messages"] == 3
    assert set(summary["languages"]) == {"nb", "en"}
    assert summary["all"]["recall_now"]["share"] == 1.0
    assert summary["all"]["false_alarms"]["of"] == 1


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (99, 100, 0.9455, 0.9982),
    ],
)
def test_the_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counted: tuple[int, int]) -> None:
    hits, total = counted
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total + 1e-9
    assert hits / total - 1e-9 <= high <= 1


def judged(
    text: str,
    *,
    topics: tuple[str, ...] = (),
    alarm: str = "none",
    answer: str | None = None,
    offered: tuple[str, ...] = (),
    level: str | None = None,
    first: str = "Hei.",
) -> Judged:
    """A message, how it is labelled, and what was answered."""
    line = {"text": text, "topics": list(topics), "alarm": alarm, "danger": "danger_now"}
    said = {
        "topic": answer,
        "topics": [answer] if answer else [],
        "alternatives": list(offered),
        "danger": "danger_now" if level else None,
        "level": level,
        "replies": [{"text": first}],
    }
    return Judged(line, said)


def test_each_measure_counts_what_it_says() -> None:
    summary = summarise(
        [
            judged("right", topics=("cost",), answer="cost"),
            judged("wrong", topics=("cost",), answer="pets"),
            judged("offered third", topics=("cost",), offered=("pets", "men", "cost")),
            judged("offered fourth", topics=("cost",), offered=("pets", "men", "referral", "cost")),
            judged("offered first", topics=("cost",), offered=("cost", "pets")),
            judged("a recipe, caught", topics=("out_of_scope",), offered=("cost",)),
            judged("a recipe, answered", topics=("out_of_scope",), answer="cost"),
            judged("now", alarm="now", level="now", first="Ring politiet nå: **112**."),
            judged("now, missed", alarm="now"),
            judged("soon, heard as now", alarm="soon", level="now"),
            judged("gentle, frightened", alarm="gentle", level="gentle", first="Ring 113. Så bra."),
            judged("none, 112 later", first="Det er gratis. Er det fare, ring 112."),
        ]
    )
    counted = {name: (f["hits"], f["of"]) for name, f in summary["all"].items()}
    assert counted == {
        "top1": (2, 7),
        "answered_right": (1, 7),
        "top3": (3, 7),
        "wrong_answers": (2, 7),
        "out_of_scope_caught": (1, 2),
        "recall_now": (1, 2),
        "recall_now_or_soon": (2, 3),
        "false_alarms": (1, 9),
        "danger_id": (3, 4),
    }
    assert summary["confusions"] == {"cost → pets": 1, "out_of_scope → cost": 1}
    assert [miss["text"] for miss in summary["missed_now"]] == ["now, missed"]


# --- check ---


def test_our_own_texts_and_settings_have_no_problem(tmp_path: Path) -> None:
    done = helpline("check", var=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("0 problems")


def test_a_typed_phone_number_is_a_problem_with_its_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    broken = tmp_path / "content" / "centre" / "cost.nb.md"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nRing 22 22 22 22.\n", "utf-8")
    done = helpline("check", var=tmp_path, HELPLINE_CONTENT_DIR=str(tmp_path / "content"))
    assert done.returncode == 1
    assert "cost.nb.md" in done.stdout


# --- what goes wrong is one line ---


@pytest.mark.parametrize(
    ("arguments", "settings", "named"),
    [
        (("check",), {"HELPLINE_PORT": "eighty"}, "HELPLINE_PORT"),
        (("serve",), {"HELPLINE_ENV": "live"}, "HELPLINE_ENV"),
        (("check",), {"HELPLINE_CENTRE_FILE": "/nowhere/centre.yml"}, "centre.yml"),
        (("ask", "--json"), {"HELPLINE_CONTENT_DIR": "/nowhere/content"}, "numbers.yml"),
        (("ask", "--json"), {"HELPLINE_ENV": "production"}, "helpline secrets"),
        (("evaluate", "/nowhere/file.jsonl"), {}, "/nowhere/file.jsonl"),
        (("invite", "--role", "king"), {}, "--role"),
        (("desk-code",), {}, "desk-code NAME"),
        (("desk-code",), {"HELPLINE_ENV": "production"}, "authenticator"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], settings: dict[str, str], named: str, tmp_path: Path
) -> None:
    done = helpline(*arguments, var=tmp_path, **settings)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("helpline: ")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
    assert done.stdout == ""


def test_secrets_are_never_made_twice(tmp_path: Path) -> None:
    assert helpline("secrets", var=tmp_path).returncode == 0
    before = (tmp_path / "secrets.json").read_bytes()
    again = helpline("secrets", var=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert (tmp_path / "secrets.json").read_bytes() == before


# --- make ---


def test_make_alone_prints_help() -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for target in ("make serve", "make test", "make install", "make demo"):
        assert target in done.stdout

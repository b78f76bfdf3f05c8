"""`make demo` once, whole, and that it notices what does not happen as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.understanding.train import trained_model
from tests import demo
from tests.actors import NotThere
from tests.live import LOG


@pytest.mark.rasa
@pytest.mark.slow
def test_four_conversations_reach_a_counsellor_and_come_back(tmp_path: Path) -> None:
    if trained_model(ROOT, ROOT / "models") is None:
        pytest.skip("no trained model: run `make install`")
    shown: list[str] = []
    played = demo.play(tmp_path, shown.append)
    assert {one.title: one.wrong for one in played} == dict.fromkeys(
        (demo.WEB, demo.SMS, demo.CALL, demo.NYNORSK), ""
    )
    assert all(one.written and one.heard for one in played)
    assert any(line.startswith("desk:") for line in shown)
    assert demo.found_in_log(tmp_path, played) == []


def test_a_step_that_fails_ends_its_conversation_and_the_next_is_played() -> None:
    stage = demo.Stage(lambda _line: None)
    with stage.scene("first"):
        stage.hears([("bot", "Hei.")], "112")
    with stage.scene("second"):
        stage.hears([("bot", "Ring politiet nå: 112.")], "112")
    assert [one.wrong for one in stage.played] == ["«112» is missing in what came", ""]


def test_words_in_the_log_are_found(tmp_path: Path) -> None:
    played = [demo.Played("one", written=["ja", "han tok kveletak", "eg er redd for han"])]
    (tmp_path / LOG).write_text("error in turn: Han tok kveletak\nja\n", "utf-8")
    assert demo.found_in_log(tmp_path, played) == ["han tok kveletak"]


@pytest.mark.parametrize(
    ("wrong", "log", "code"),
    [("", "", 0), ("«112» is missing", "", 1), ("", "han tok kveletak", 1)],
)
def test_the_exit_code_says_whether_all_went_well(
    wrong: str, log: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(place: Path) -> list[demo.Played]:
        (place / LOG).write_text(log, "utf-8")
        return [demo.Played("one", written=["han tok kveletak"], wrong=wrong)]

    monkeypatch.setattr(demo, "play", play)
    monkeypatch.setattr(demo, "train_first", lambda: None)
    assert demo.main() == code


def test_a_service_that_does_not_start_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def play(_place: Path) -> list[demo.Played]:
        raise RuntimeError("the service stopped: no")

    monkeypatch.setattr(demo, "play", play)
    monkeypatch.setattr(demo, "train_first", lambda: None)
    assert demo.main() == 1
    assert capsys.readouterr().err == "The service did not start: the service stopped: no\n"


def test_what_did_not_come_is_named() -> None:
    stage = demo.Stage(lambda _line: None)
    with stage.scene("first"):
        raise NotThere("an SMS with «gratis»")
    assert stage.played[0].wrong == "an SMS with «gratis»"

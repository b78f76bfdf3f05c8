"""The fixed texts in other languages: complete, short, and confirmed before they are said."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.content.files import ContentError
from bot.content.other_languages import (
    FOLDER,
    KINDS,
    RIGHT_TO_LEFT,
    OtherTexts,
    load_other_texts,
    read_other_languages,
    unread,
)
from bot.safety.other import load_other_languages
from bot.settings import Settings
from tests.support import loaded

CONTENT = Settings().content_dir  # type: ignore[call-arg]
LANGUAGES = tuple(load_other_languages().languages)


def texts(folder: Path = CONTENT, **more: object) -> OtherTexts:
    content = loaded()["content"]
    return load_other_texts(folder, content.numbers, content.centre, **more)  # type: ignore[arg-type]


@cache
def all_texts() -> OtherTexts:
    return texts()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the texts to change."""
    shutil.copytree(CONTENT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def rewrite(folder: Path, code: str, old: str, new: str) -> None:
    path = folder / FOLDER / f"{code}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_with_danger_words_has_every_text(code: str) -> None:
    for kind in KINDS:
        for channel in ("web", "sms"):
            said = all_texts().reply(code, kind, channel)  # type: ignore[arg-type]
            assert "{" not in said.text
            assert ("112" if kind != "suicide" else "113") in said.text


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_danger_now_begins_with_the_police(code: str, channel: Channel) -> None:
    first = all_texts().first(code, "danger_now", "now", channel)
    assert first.text.replace("*", "").startswith("112")
    assert first.kind == "danger"
    for danger, level in (("suicide", "now"), ("suicide", "soon"), ("strangled", "soon")):
        other = all_texts().first(code, danger, level, channel)
        assert not other.text.replace("*", "").startswith("112")


@pytest.mark.parametrize("code", LANGUAGES)
def test_by_sms_it_takes_two_segments_at_most(code: str) -> None:
    for kind in KINDS:
        messages = sms_texts(all_texts().reply(code, kind, "sms"), "nb")
        assert len(messages) == 1
        assert count(messages[0]).segments <= 2


def test_a_counsellor_is_one_press_away() -> None:
    for code in LANGUAGES:
        assert [b.payload for b in all_texts().reply(code, "text", "web").buttons] == ["human"]


def test_numbers_stay_whole_in_text_from_right_to_left() -> None:
    for code in LANGUAGES:
        said = all_texts().reply(code, "text", "sms").text
        assert ("116006" in said) == (code in RIGHT_TO_LEFT)
        assert "116 006" in all_texts().reply(code, "text", "web").text  # the page's style keeps it


def test_only_what_a_native_reader_has_confirmed_is_said_in_production(changed: Path) -> None:
    assert not any(texts(changed, confirmed_only=True).has(code) for code in LANGUAGES)
    rewrite(changed, "pl", "native_reader: null", 'native_reader: "Ola Nordmann"')
    confirmed = texts(changed, confirmed_only=True)
    assert [code for code in LANGUAGES if confirmed.has(code)] == ["pl"]


def test_the_check_names_what_is_on_offer_and_not_confirmed(changed: Path) -> None:
    rewrite(changed, "pl", "native_reader: null", 'native_reader: "Ola Nordmann"')
    content = loaded()["content"]
    sheets = read_other_languages(changed, content.numbers, content.centre)
    assert len(list(unread(sheets, None))) == len(LANGUAGES) - 1
    lines = list(unread(sheets, ["pl", "ar", "th"]))
    assert [line.split(" ")[0] for line in lines] == [
        "content/other_languages/ar.yml",
        "content/other_languages/th.yml",
    ]
    assert all("centre.yml" in line and "\n" not in line for line in lines)
    assert list(unread(sheets, [])) == []


def test_a_centre_may_offer_fewer() -> None:
    fewer = texts(offered=["ar"])
    assert fewer.has("ar")
    assert not fewer.has("pl")
    assert not fewer.has(None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{line}", "{lin}", "unknown placeholder"),
        ("{n.police_emergency}", "22 40 00 40", "a typed number"),
        ("language: pl", "language: pt", "language is not that of the file"),
        ("nn: polsk, ", "", "lacks one of"),
        ('  sms: "', '  sms: "' + "ł" * 150, "segments"),
        ("button:", "knapp:", "button is missing"),
    ],
)
def test_a_text_that_is_wrong_says_what(changed: Path, old: str, new: str, said: str) -> None:
    rewrite(changed, "pl", old, new)
    with pytest.raises(ContentError, match=said) as raised:
        texts(changed)
    assert "pl.yml" in str(raised.value)
    assert "\n" not in str(raised.value)

"""What a person reads first: in every language, on both channels, within one SMS."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.channels.messages import Channel, Lang, Level, Reply
from bot.channels.sms.segments import count
from bot.content import Content, load_content
from bot.safety import (
    PRECEDENCE,
    Finding,
    SafetyContext,
    SafetyDataError,
    SafetyResult,
    SafetyWords,
    load_safety,
    static_reply,
)
from bot.safety.words import Reader
from bot.settings import ROOT
from tests.safety.support import check

LANGS: tuple[Lang, ...] = get_args(Lang)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
LEVELS: tuple[Level, ...] = get_args(Level)
OPENS_WITH_NUMBER = {"danger_now", "weapon_or_kill_threat", "injured", "ban_broken"}


@cache
def content() -> Content:
    centre = yaml.safe_load((ROOT / "centre.yml").read_text(encoding="utf-8"))
    return load_content(Path(ROOT / "content"), centre)


@cache
def words() -> SafetyWords:
    return load_safety(content())[1]


def finding(danger: str, level: Level = "now", **more: bool) -> Finding:
    return Finding(danger, level, "ord", (danger,), **{"neutral": False, **more})


def after(
    danger: str, asked: bool, result: SafetyResult, text: str, lang: Lang, channel: Channel
) -> list[Reply] | None:
    answer = words().answer_in(asked, result, text, lang)
    if answer is None:
        return None
    return words().answered(answer, lang, channel, Reader(), danger)


def first(
    danger: str, lang: Lang = "nb", channel: Channel = "web", level: Level = "now", **more: bool
) -> str:
    replies = words().first_words(finding(danger, level, **more), lang, channel)
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("danger", PRECEDENCE)
@pytest.mark.parametrize("lang", LANGS)
def test_every_danger_has_words_at_every_level_in_one_sms(danger: str, lang: Lang) -> None:
    for level in LEVELS:
        for more in ({}, {"young": True}, {"other": True}):
            replies = words().first_words(finding(danger, level, **more), lang, "sms")
            assert len(replies) == 1
            size = count(replies[0].text)
            assert (size.segments, size.encoding) == (1, "GSM-7"), replies[0].text
            assert len(replies[0].text) <= 160
            assert all(reply.kind == "danger" for reply in replies)


@pytest.mark.parametrize("danger", sorted(OPENS_WITH_NUMBER))
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_number_stands_in_the_first_line_when_it_is_now(
    danger: str, lang: Lang, channel: Channel
) -> None:
    number = "113" if danger == "injured" else "112"
    opening = first(danger, lang, channel).split("\n")[0].split(".")[0]
    assert number in opening
    assert len(opening) < 60


@pytest.mark.parametrize("danger", PRECEDENCE)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("level", ["soon", "gentle"])
def test_words_that_are_not_for_now_do_not_open_with_an_emergency_number(
    danger: str, lang: Lang, level: Level
) -> None:
    if danger == "panic_now":
        return
    for channel in CHANNELS:
        for young in (False, True):
            opening = first(danger, lang, channel, level, young=young).split(".")[0]
            assert "112" not in opening
            assert "113" not in opening


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_danger_now_asks_nothing(lang: Lang, channel: Channel) -> None:
    assert "?" not in first("danger_now", lang, channel)


def test_wanting_to_die_is_met_with_the_direct_question_and_its_answers() -> None:
    for level in LEVELS:
        replies = words().first_words(finding("suicide", level), "nb", "web")
        assert "tenker du på å ta livet ditt" in replies[0].text
        assert [button.payload for button in replies[-1].buttons] == ["yes", "no", "dont_know"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_found_out_says_one_line_that_could_be_about_anything(lang: Lang, channel: Channel) -> None:
    along = finding("found_out", neutral=True)
    text = words().first_words(along, lang, channel)[0].text
    assert "\n" not in text
    assert not any(digit.isdigit() for digit in text)
    for telling in ("krise", "vold", "vald", "rådgiv", "politi", "police", "violence", "counsel"):
        assert telling not in text.lower()
    both = finding("danger_now", neutral=True)
    assert words().first_words(both, lang, channel)[0].text == text


def test_a_child_gets_the_childrens_number_and_plainer_words() -> None:
    for channel in CHANNELS:
        assert "116 111" in first("child_in_danger", "nb", channel, young=True)
        assert "116 111" in first("child_in_danger", "nb", channel, "soon", young=True)
        assert "116 111" in first("suicide", "nb", channel, "soon", young=True)


def test_nobody_is_told_to_send_an_sms_to_the_police() -> None:
    for danger in PRECEDENCE:
        for lang in LANGS:
            for level in LEVELS:
                text = first(danger, lang, "web", level).lower()
                assert "sms" not in text
                assert "tekstmelding" not in text


def test_the_answers_to_the_direct_question_are_followed_up() -> None:
    asked = SafetyContext(asked_suicide=True, last_danger="suicide", last_level="soon")
    expected = {"ja": ("113", "116 123"), "vet ikke": ("116 123",), "nei": ("Hva trenger du",)}
    for text, parts in expected.items():
        result = check().check(text, asked)
        if result.finding is not None:
            replies = words().first_words(result.finding, "nb", "web")
        else:
            found = after("suicide", True, result, text, "nb", "web")
            assert found is not None
            replies = found
        said = "\n".join(reply.text for reply in replies)
        assert all(part in said for part in parts), said


def test_a_button_answers_like_a_word() -> None:
    asked = SafetyContext(asked_suicide=True, last_danger="suicide", last_level="soon")
    nothing = check().check("", asked)
    replies = after("suicide", True, nothing, "dont_know", "nn", "sms")
    assert replies is not None
    assert "116 123" in replies[0].text


def test_after_danger_is_over_a_plan_or_a_counsellor_is_offered() -> None:
    context = SafetyContext(last_danger="danger_now", last_level="now")
    text = "nei det var i går, nå er han på jobb"
    replies = after("danger_now", False, check().check(text, context), text, "nb", "web")
    assert replies is not None
    assert [button.payload for button in replies[-1].buttons] == ["safety_plan:start", "human"]


def test_an_ordinary_message_after_danger_has_no_follow_up() -> None:
    context = SafetyContext(last_danger="danger_now", last_level="now")
    text = "hva koster det å bo hos dere"
    result = check().check(text, context)
    assert after("danger_now", False, result, text, "nb", "web") is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_static_reply_needs_no_file(lang: Lang, channel: Channel) -> None:
    reply = static_reply(lang, channel, "116 006")
    assert "112" in reply.text
    assert "116 006" in reply.text
    assert reply.kind == "danger"
    assert ("**" in reply.text) == (channel == "web")
    assert words().static_reply(lang, channel).text


class WithoutOneText:
    """Content that lacks the Nynorsk words of one danger."""

    def has_own(self, topic: str, lang: Lang) -> bool:
        return (topic, lang) != ("strangled", "nn")

    def __getattr__(self, name: str) -> object:
        return getattr(content(), name)


def test_a_missing_text_stops_the_start_with_one_line() -> None:
    with pytest.raises(SafetyDataError) as error:
        SafetyWords(WithoutOneText(), "116 006")  # type: ignore[arg-type]
    assert str(error.value) == "content/danger/strangled.nn.md is missing; write it, or put it back"

"""What stands in content/danger for each id: who reads, in every language, by web and by SMS."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.channels.messages import Channel, Lang, Level
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.safety import PRECEDENCE
from bot.safety.words import SPECIAL, STAY, Reader
from tests.safety.test_words import content, finding, words

LANGS: tuple[Lang, ...] = get_args(Lang)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
DANGERS = [danger for danger in PRECEDENCE if danger != "found_out"]
YOUNG, OTHER = Reader(young=True), Reader(other=True)
VIOLENT = Reader(other=True, violent=True)
READERS = (Reader(), YOUNG, OTHER, VIOLENT)
NAMES = ["self", "young", "other", "violent"]
ASSAULT = "116 117"

# id → the number that comes first, by who reads and when. None: no number, a question.
FIRST_NUMBER = {
    # now, soon, other now, other soon, child now, child soon, stay
    "danger_now": ("112", "112", "112", "112", "112", "116 111", "112"),
    "weapon_or_kill_threat": ("112", "112", "112", "112", "112", "116 111", "112"),
    "injured": ("113", "116 117", "113", "116 117", "113", "116 117", "113"),
    "strangled": ("113", "116 117", "113", "116 117", "113", "116 117", "113"),
    "suicide": ("113", None, "113", "113", "116 111", "116 111", "113"),
    "child_in_danger": ("112", "116 111", "112", "116 111", "112", "116 111", "112"),
    "sexual_assault_recent": ("112", ASSAULT,   "112", ASSAULT,   "112", "116 111", "112"),
    "sent_abroad_forced_marriage": ("112", "112", "112", "112", "112", "116 111", "112"),
    "found_address": ("112", "112", "112", "112", "112", "116 111", "112"),
    "ban_broken": ("112", "02800", "112", "02800", "112", "116 111", "112"),
    "panic_now": ("113", "113", "113", "113", "116 111", "116 111", "113"),
}  # fmt: skip
NUMBERS = ("112", "113", "116 117", "116 123", "116 111", "02800")


def first_number(text: str) -> str | None:
    """The number that stands first; "116 111" is not "116 117"."""
    places = {number: text.find(number) for number in NUMBERS if number in text}
    return min(places, key=lambda number: places[number]) if places else None


def said(danger: str, level: Level, lang: Lang, channel: Channel, **more: bool) -> str:
    replies = words().first_words(finding(danger, level, **more), lang, channel)
    return " ".join(reply.text for reply in replies)


def stayed(
    danger: str,
    level: Level,
    lang: Lang,
    channel: Channel,
    reader: Reader = Reader(),  # noqa: B008 (frozen)
    again: bool = False,
) -> str:
    replies = words().stay(danger, level, lang, channel, reader, again)
    return " ".join(reply.text for reply in replies)


def test_the_table_names_every_danger() -> None:
    assert set(FIRST_NUMBER) == set(DANGERS)


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_right_number_comes_first_for_whoever_reads(
    danger: str, lang: Lang, channel: Channel
) -> None:
    texts = (
        said(danger, "now", lang, channel),
        said(danger, "soon", lang, channel),
        said(danger, "now", lang, channel, other=True),
        said(danger, "soon", lang, channel, other=True),
        said(danger, "now", lang, channel, young=True),
        said(danger, "soon", lang, channel, young=True),
        stayed(danger, "now", lang, channel),
    )
    assert tuple(first_number(text) for text in texts) == FIRST_NUMBER[danger], texts


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_danger_has_words_of_its_own_for_every_reader(danger: str, lang: Lang) -> None:
    for channel in CHANNELS:
        for section in ("other", "young", "stay", "again"):
            assert content().has_section(danger, lang, channel, section), (section, channel)


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@pytest.mark.parametrize("level", ["now", "soon"])
def test_staying_has_a_number_a_counsellor_and_no_question(
    danger: str, lang: Lang, reader: Reader, level: Level
) -> None:
    for channel in CHANNELS:
        for again in (False, True):
            replies = words().stay(danger, level, lang, channel, reader, again)
            text = " ".join(reply.text for reply in replies)
            assert first_number(text), text
            assert "?" not in text
            assert [button.payload for button in replies[-1].buttons] == ["human"]
            assert all(reply.kind == "danger" for reply in replies)
            if channel == "sms":
                size = count(text)
                assert (size.segments, size.encoding) == (1, "GSM-7"), text
                assert len(sms_texts(replies[-1], lang)) == 1


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_the_second_time_is_other_and_shorter_words(
    danger: str, lang: Lang, reader: Reader
) -> None:
    for channel in CHANNELS:
        once = stayed(danger, "now", lang, channel, reader)
        twice = stayed(danger, "now", lang, channel, reader, again=True)
        assert twice != once
        assert len(twice) < len(once)


@pytest.mark.parametrize("lang", LANGS)
def test_a_child_always_reads_of_the_line_for_children(lang: Lang) -> None:
    for channel in CHANNELS:
        for danger in DANGERS:
            assert "116 111" in said(danger, "now", lang, channel, young=True)
            assert "116 111" in said(danger, "soon", lang, channel, young=True)
            assert "116 111" in stayed(danger, "now", lang, channel, YOUNG)
        for answer in ("yes", "no", "dont_know"):
            replies = words().answered(answer, lang, channel, YOUNG)  # type: ignore[arg-type]
            assert "116 111" in " ".join(reply.text for reply in replies)
        assert "116 111" in words().silent(lang, channel, YOUNG)[0].text


@pytest.mark.parametrize("lang", LANGS)
def test_the_branches_of_the_direct_question_are_one_sms_each(lang: Lang) -> None:
    every = (Reader(), YOUNG, Reader(violent=True))
    for reader in every:
        said = [
            *(words().answered(a, lang, "sms", reader) for a in ("yes", "no", "dont_know")),  # type: ignore[arg-type]
            words().silent(lang, "sms", reader),
        ]
        for replies in said:
            assert [count(reply.text).segments for reply in replies] == [1], replies[0].text
    assert "112" in words().answered("yes", lang, "sms", Reader(violent=True))[0].text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_relative_is_told_what_to_do_and_not_asked_about_wanting_to_die(
    lang: Lang, channel: Channel
) -> None:
    replies = words().first_words(finding("suicide", "soon", other=True), lang, channel)
    assert "?" not in " ".join(reply.text for reply in replies)
    assert [button.payload for button in replies[-1].buttons] == ["human"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_unverified_is_told_to_someone_who_cannot_speak(
    lang: Lang, channel: Channel
) -> None:
    questions = {"nb": "kan ikke snakke", "nn": "kan ikkje snakke", "en": "i can't speak"}
    replies = words().special(questions[lang], lang, channel)
    text = " ".join(reply.text for reply in replies)
    assert "112" in text
    for invented in ("55", "tast", "press", "trykk", "SMS til 112", "stille linje"):
        assert invented not in text
    for reply in replies:
        assert all(count(part).segments <= 2 for part in sms_texts(reply, lang))
    assert words().special("hva koster det", lang, channel) == []


CALMING = ("du er ikke i fare", "du er trygg", "ikkje i fare", "you are safe", "not in danger")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", ["over", "misunderstood"])
def test_whoever_says_it_is_not_now_is_believed_and_still_offered(lang: Lang, answer: str) -> None:
    for channel in CHANNELS:
        for danger in DANGERS:
            replies = words().answered(answer, lang, channel, Reader(), danger)  # type: ignore[arg-type]
            assert not any(calm in replies[-1].text.lower() for calm in CALMING)
            payloads = [button.payload for button in replies[-1].buttons]
            assert payloads == ["safety_plan:start", "human"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_where_somebody_reads_along_there_is_one_line_and_never_any_of_this(
    lang: Lang, channel: Channel
) -> None:
    line = said("found_out", "now", lang, channel, neutral=True)
    for danger in PRECEDENCE:
        for level in get_args(Level):
            for more in ({"young": True}, {"other": True}, {}):
                assert said(danger, level, lang, channel, neutral=True, **more) == line
    # It is stayed with only where nobody reads now: the cover line is no answer to her own words.
    assert all(stayed("found_out", "now", lang, channel, reader) != line for reader in READERS)
    for section in (*SPECIAL, "stay", "again", "other", "young"):
        assert not content().has_section("found_out", lang, channel, section)


_EVERY = ("young", "other", "violent", "again_young", "again_other", "again_violent")


def test_the_page_for_any_danger_has_what_the_code_asks_for() -> None:
    for lang in LANGS:
        for channel in CHANNELS:
            for section in (*SPECIAL, *_EVERY):
                assert content().has_section(STAY, lang, channel, section)

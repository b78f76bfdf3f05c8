"""Until somebody has said that it is safe, all that leaves could be about anything.

Read over all content: every text that may leave before the "yes", in every language, and what
leaves after every first message that could come.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.channels.messages import LANGS, Lang
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.opening import _BUILT_IN, answers_at_once, built_in
from bot.channels.sms.segments import count
from bot.safety import SafetyContext
from bot.settings import ROOT
from tests.support import MovingClock, loaded, make_services
from tests.talk import Talk

# Words that tell what the number is, or that something is wrong at home.
REVEALING = re.compile(
    r"vold|krise|rådgiv|mishand|overgrep|anmeld|politi|\b11[0-9]\b|116|trygg|trygt|trus|fare\b|redd\b"
    r"|slår|\bslag(?!s)|kvel|skad|barnevern|senter|sentr|hjelpe|hjelp\b|skjul|hemmelig|partner|ektef|kjæreste"
    r"|violen|crisis|counsel|abus|assault|police|shelter|safe\b|safety|danger|threat|afraid|help\b"
    r"|hurt|refuge|secret|hidden|helpline|menneske\b|taushet|flykt|escape|valdeleg|trug",
    re.IGNORECASE,
)
# Said before "yes", or to whoever may be somebody else. After SLETT and a "no" too.
BEFORE_YES = (
    *("sms_opening", "still_you", "who_is_this", "sms_not_now", "erased", "neutral_line"),
    *("way_on", "somebody_comes"),
    "found_out",
    *("delete_thread", "delete_thread_iphone", "delete_thread_android", "delete_thread_old"),
)
FIRST_SEGMENT = {"GSM-7": 153, "UCS-2": 67}


def first_segment(text: str) -> str:
    """What a locked screen may show of an SMS."""
    size = count(text)
    return text if size.segments == 1 else text[: FIRST_SEGMENT[size.encoding]]


def reveals(text: str) -> list[str]:
    return [found.group() for found in REVEALING.finditer(text)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", BEFORE_YES)
def test_a_text_that_may_leave_before_the_yes_is_neutral_from_end_to_end(
    page: str, lang: Lang
) -> None:
    content = loaded()["content"]
    assert content.has_own(page, lang)
    for text in sms_texts(content.reply(page, lang, "sms"), lang):
        assert reveals(text) == []
        assert count(text).segments <= 2
        assert count(text).encoding == "GSM-7"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("sentence", [name for name in _BUILT_IN if name != "sms_welcome"])
def test_what_is_said_when_no_content_can_be_read_is_neutral_too(sentence: str, lang: Lang) -> None:
    assert reveals(built_in(sentence, lang)) == []  # type: ignore[arg-type]


def test_the_word_list_would_notice() -> None:
    """Most answers do reveal what this is: the search works."""
    content = loaded()["content"]
    topics = content.topics()
    revealing = [
        t for t in topics if reveals(sms_texts(content.answer(t, "nb", "sms")[0], "nb")[0])
    ]
    assert len(revealing) > len(topics) / 2


def first_messages() -> list[str]:
    """Of every intent of the training data, what people write first, in three languages; and what
    machines, children and curious partners write."""
    found: list[str] = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            raw = entry.get("examples", "")
            lines = raw.splitlines() if isinstance(raw, str) else [str(one) for one in raw]
            examples = [line.strip().removeprefix("- ") for line in lines if line.strip()]
            found += examples[:: max(1, len(examples) // 3)][:3]
    return [
        *found,
        "",
        "?",
        "hvem er dette",
        "slett",
        "mer",
        "kilde",
        "menneske",
        "ja",
        "1",
        "stopp",
    ]


MESSAGES = first_messages()


def test_there_are_messages_enough_to_mean_something() -> None:
    assert len(MESSAGES) > 200


async def test_whatever_comes_first_the_first_segment_is_neutral_or_it_is_danger_now(
    tmp_path: Path,
) -> None:
    clock = MovingClock()
    services = make_services(tmp_path, clock)
    revealed = []
    for text in MESSAGES:
        finding = services.safety.check(text, SafetyContext(lang="nb")).finding
        if finding is not None and answers_at_once(finding):
            continue
        talk = Talk(services, clock, "sms")
        await talk.begins(safe=False)
        said = [sms for reply in await talk.writes(text) for sms in sms_texts(reply, "nb")]
        assert said or finding is not None, text
        revealed += [(text, sms) for sms in said[:1] if reveals(first_segment(sms))]
        await services.turn.erase(talk.id)
    assert revealed == []

"""What Twilio answers by itself while the whole service is away: two files, and nothing of ours."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.channels.sms import fallback
from bot.channels.sms.reserved import asked_for
from bot.channels.sms.segments import count
from bot.settings import ROOT, Settings
from tests.sms.test_neutral_words import reveals

FOLDER = ROOT / "examples" / "twiml"


def elements(name: str) -> list[ElementTree.Element]:
    return list(ElementTree.parse(FOLDER / name).getroot())


@pytest.mark.parametrize("name", ["sms.xml", "voice.xml"])
def test_the_shipped_files_are_what_the_centre_and_the_register_say_now(name: str) -> None:
    """Changed the line or the words? `python -m bot.channels.sms.fallback examples/twiml`."""
    made = fallback.files(Settings())  # type: ignore[call-arg]
    assert (FOLDER / name).read_text(encoding="utf-8") == made[name]


def test_they_follow_another_centre(tmp_path: Path) -> None:
    """The test above can fail: another line gives other files."""
    other = (ROOT / "centre.yml").read_text(encoding="utf-8").replace("116 006", "22 00 00 00")
    (tmp_path / "centre.yml").write_text(other, encoding="utf-8")
    made = fallback.files(Settings(centre_file=tmp_path / "centre.yml"))  # type: ignore[call-arg]
    assert "22 00 00 00" in made["sms.xml"]
    assert "<Number>+4722000000</Number>" in made["voice.xml"]
    assert "116" not in made["sms.xml"] + made["voice.xml"]


def test_the_sms_is_one_neutral_text_that_names_112() -> None:
    (message,) = elements("sms.xml")
    text = message.text or ""
    assert count(text).encoding == "GSM-7"
    assert count(text).segments <= 2
    assert text.index("112") < 100, "in the part a locked screen shows"
    assert [word for word in reveals(text) if not word.isdigit()] == []
    assert asked_for(text) == []


def test_a_call_is_put_through_without_asking_us_and_nothing_is_recorded() -> None:
    say, _english, dial, *_after = elements("voice.xml")
    assert [word for word in reveals(say.text or "") if not word.isdigit()] == []
    assert dial.get("record") == "do-not-record"
    assert dial.get("action") is None, "whatever comes next stands in the file itself"
    assert "http" not in (FOLDER / "voice.xml").read_text(encoding="utf-8")

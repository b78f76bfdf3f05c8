"""What Twilio answers by itself when the whole service is down: a file, and nothing of ours."""

from __future__ import annotations

from xml.etree import ElementTree

from bot.channels.sms.reserved import asked_for
from bot.channels.sms.segments import count
from bot.settings import ROOT
from tests.sms.test_neutral_words import reveals

FILE = ROOT / "docs" / "twilio_fallback.xml"


def test_it_is_twiml_with_one_neutral_text_that_names_112() -> None:
    (message,) = ElementTree.parse(FILE).getroot().findall("Message")
    text = message.text or ""
    assert count(text).encoding == "GSM-7"
    assert count(text).segments <= 2
    assert text.index("112") < 100, "in the part a locked screen shows"
    assert [word for word in reveals(text) if not word.isdigit()] == []
    assert asked_for(text) == []


def test_its_phone_line_stands_in_the_register() -> None:
    assert "116 006" in (ROOT / "content" / "numbers.yml").read_text(encoding="utf-8")

"""How a reply becomes HTML: escaped, with numbers to press, and nothing else."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.centre import load_centre
from bot.channels.messages import Reply
from bot.channels.webchat.outbound import Bubble, Drawing, with_live_buttons
from bot.content import load_numbers
from bot.settings import ROOT
from tests.webchat.conftest import two_choices

DRAW = Drawing(
    load_numbers(ROOT / "content/numbers.yml"), load_centre(ROOT / "centre.yml").phone_line
)


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Ring **112**.", '<p>Ring <b><a href="tel:112">112</a></b>.</p>'),
        ("Ring 116 006 nå", '<p>Ring <a href="tel:116006">116 006</a> nå</p>'),
        ("116 117/113", '<p><a href="tel:116117">116 117</a>/<a href="tel:113">113</a></p>'),
        ("1124 og 0112 og 112 00", "<p>1124 og 0112 og 112 00</p>"),
        ("+4700000112", "<p>+4700000112</p>"),
        ("En.\n\nTo.", "<p>En.</p><p>To.</p>"),
        ("Før:\n- en\n- to\netter", "<p>Før:</p><ul><li>en</li><li>to</li></ul><p>etter</p>"),
        ("<b>hei</b> & \"'", "<p>&lt;b&gt;hei&lt;/b&gt; &amp; &#34;&#39;</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_texts_are_drawn(written: str, drawn: str) -> None:
    assert str(DRAW.text(written)) == drawn


def test_long_numbers_win_over_short_ones() -> None:
    assert 'href="tel:+4722400040"' in DRAW.text("22 40 00 40")


def test_a_counsellor_s_stars_stay_stars() -> None:
    bubble = DRAW.reply(Reply("**viktig** 112", kind="desk"))
    assert "**viktig**" in bubble.body and "tel:112" in bubble.body


@given(st.text(alphabet=st.sampled_from("<>&\"'*- \n012346789a/="), max_size=80))
def test_whatever_a_text_holds_only_our_own_marks_come_out(text: str) -> None:
    drawn = str(DRAW.text(text))
    marks = set(re.findall(r"<[^>]*>", drawn))
    assert all(
        re.fullmatch(r'</?(p|ul|li|b|a)>|<br>|<a href="tel:\+?\d+">', mark) for mark in marks
    )
    read = unescape(re.sub(r"<[^>]*>", "", drawn))
    assert re.sub(r"[\s*-]", "", read) == re.sub(r"[\s*-]", "", text)


def test_only_what_was_offered_since_the_person_wrote_can_be_pressed() -> None:
    offer = DRAW.reply(two_choices(), 1)
    mine = Bubble(2, "you", "text", DRAW.text("hei"))
    later = DRAW.reply(two_choices(), 3)
    assert [bool(b.buttons) for b in with_live_buttons([offer, mine, later])] == [
        False,
        False,
        True,
    ]
    assert [bool(b.buttons) for b in with_live_buttons([offer, later])] == [True, True]

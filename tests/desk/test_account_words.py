"""The pages of accounts, signing in and the log have all their words in Nynorsk too."""

from __future__ import annotations

import re

import pytest

from bot.desk import speech, wording
from bot.settings import ROOT

PAGES = (
    *("account", "base", "case_override", "invitation", "invitation_code", "log", "message"),
    *("sign_in", "staff"),
)
SAID = re.compile(r'_\("((?:[^"\\]|\\.)*)"')


@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_of_a_page_has_its_nynorsk(page: str) -> None:
    path = ROOT / "bot" / "desk" / "templates" / f"{page}.html"
    said = SAID.findall(path.read_text(encoding="utf-8"))
    assert said
    assert [words for words in said if words not in speech.nynorsk()] == []


def test_every_line_of_the_log_has_its_nynorsk() -> None:
    words = [
        *wording.ACTIONS.values(),
        *wording.OVERRIDES.values(),
        *wording.ROLES.values(),
        *wording.ROLES_DO.values(),
    ]
    assert [one for one in words if one not in speech.nynorsk()] == []


def test_no_sentence_loses_what_is_filled_in() -> None:
    for bokmaal, nynorsk in speech.nynorsk().items():
        places = re.compile(r"{\w+}")
        assert sorted(places.findall(bokmaal)) == sorted(places.findall(nynorsk)), bokmaal

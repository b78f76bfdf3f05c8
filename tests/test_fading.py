"""Soon no signal or battery: one short sentence first, then what is said anyway."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Lang
from tests.support import MovingClock, make_services
from tests.talk import Talk, texts


@pytest.mark.parametrize(
    ("lang", "text", "alone"),
    [
        ("nb", "mister dekninga snart", True),
        ("nb", "2 % strøm igjen", True),
        ("nn", "eg har snart ikkje dekning", True),
        ("en", "my phone is dying and he is outside the door", False),
        ("nb", "han står utenfor døra og jeg har 2 % strøm", False),
    ],
)
async def test_what_to_do_with_the_rest_comes_first(
    tmp_path: Path, clock: MovingClock, lang: Lang, text: str, alone: bool
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock, lang=lang).begins()
    said = texts(await talk.writes(text))
    assert said[0] == talk.sentence("fading", lang)
    assert (len(said) == 1) is alone
    assert bool(await talk.alarms()) is not alone

"""Who reads now, and what is answered to "is it a good time to write?": every line is tried."""

from __future__ import annotations

import pytest

from bot.safety.lines import Line
from bot.safety.reading_along import Kind, comes, load_reading_along, says

LINES = [pytest.param(one, id=f"{one.kind}: {one.say}") for one in load_reading_along()]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_found_in_its_sentence_and_not_in_its_near_miss(line: Line[Kind]) -> None:
    kind = line.kind
    assert says(kind, line.say) or (kind == "comes" and comes(line.say))
    assert not says(kind, line.not_)

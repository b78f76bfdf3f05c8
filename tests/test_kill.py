"""The process is killed at every commit and send of a handoff, for real, and nothing is lost.

`python -m tests.kill_scenario --table` shows every point; here stand those from "ja, send" on, for
SMS where texts leave. A kill just before a commit leaves the same file as one just after the commit
before it, so of those only some are played. Run with -s to see the table.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from bot.channels.messages import Channel
from tests.kill_life import ANSWER, DANGER, HER_WORDS, SHIFT_NOTE
from tests.kill_scenario import CHANNELS, CONFIRMED, every_point, judged, row

STEPS: dict[Channel, tuple[str, ...]] = {
    "web": ("duty", "press send", "person han", "time", "take", "write", "held", "close", "note"),
    "sms": ("press send", "person han", "time", "take", "write", "held", "close"),
}
ONE_IN = 5  # of those that repeat what another point shows


def chosen(channel: Channel, passed: list[str]) -> list[int]:
    """Numbers of the points to be killed at."""
    return [
        number
        for number, where in enumerate(passed, 1)
        if where.split(" ", 1)[1].startswith(STEPS[channel])
        and (number % ONE_IN == 0 or not ("before commit" in where or "· connected ·" in where))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_lost_wherever_the_process_is_killed(channel: Channel) -> None:
    doubled: Counter[str] = Counter()
    outcomes = []
    for outcome in every_point(channel, partial(chosen, channel)):
        print(row(outcome))
        outcomes.append(outcome)
        doubled += +outcome.doubled
    assert len(outcomes) >= 18
    assert [row(outcome) for outcome in outcomes if outcome.lost] == []
    # Staff may be told once more than needed. What the provider took is found in its list.
    assert set(doubled) <= {"staff told"}, doubled


def report(**changes: Any) -> dict[str, Any]:
    """How a life without a kill ends."""
    desk = {
        "heard": [f"Det er {CONFIRMED}", HER_WORDS],
        "said": [DANGER, ANSWER],
        "cases": [{"status": "closed", "how": "write_now", "lines": ["about=meg selv"]}],
        "alarms": [["danger_now", ["hamrer"]]],
        "told": 2,
        "second": 1,
        "notes": [SHIFT_NOTE],
        "two": False,
        "texts": {HER_WORDS: 1},
    }
    return desk | changes


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"heard": [f"Det er {CONFIRMED}"]}, HER_WORDS),
        ({"texts": {}}, HER_WORDS),
        ({"said": [DANGER]}, ANSWER),
        ({"cases": []}, "the case differs"),
        ({"alarms": []}, "the alarm"),
        ({"told": 0}, "nobody was told"),
        ({"second": 0}, "the second alarm"),
        ({"notes": []}, "the note to the next shift"),
        ({"two": True}, "taken by two"),
        (
            {"after the kill": {"heard": [f"Det er {CONFIRMED}"], "cases": [], "told": 1}},
            "sent was said, but there is no case",
        ),
        (
            {"after the kill": {"heard": [], "cases": [{}], "told": 0}},
            "a case that nobody was told of",
        ),
    ],
)
def test_the_judge_names_what_is_lost(broken: dict[str, Any], named: str) -> None:
    assert judged(1, "somewhere", report(), report()).lost == []
    lost = judged(1, "somewhere", report(), report(**broken)).lost
    assert any(named[:50] in one for one in lost)


def test_the_judge_counts_what_came_twice() -> None:
    twice = report(texts={HER_WORDS: 2}, told=3, alarms=[["danger_now", []], ["danger_now", []]])
    outcome = judged(1, "somewhere", report(), twice)
    assert outcome.lost == []
    assert +outcome.doubled == {"texts": 1, "staff told": 1, "alarms": 1}

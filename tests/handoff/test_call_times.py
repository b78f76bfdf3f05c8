"""When it is within what the person said, and when only a human can tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.handoff.call_times import within

MONDAY, SATURDAY = 23, 28


def at(hour: int, minute: int = 0, day: int = MONDAY) -> datetime:
    """That time in Oslo in November, when it is an hour ahead of UTC."""
    if hour == 0:
        return datetime(2026, 11, day - 1, 23, minute, tzinfo=UTC)
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour", "expected"),
    [
        ("mellom 9 og 14", 9, "inside"),
        ("mellom 9 og 14", 13, "inside"),
        ("mellom 9 og 14", 14, "outside"),
        ("mellom 9 og 14", 8, "outside"),
        ("Mellom kl. 9 og 14.", 10, "inside"),
        ("09–14", 10, "inside"),
        ("08-10", 9, "inside"),
        ("08-10", 20, "outside"),
        ("18-20", 19, "inside"),
        ("fra 18.30 til 20", 18, "outside"),
        ("22 til 02", 23, "inside"),
        ("22 til 02", 1, "inside"),
        ("22 til 02", 12, "outside"),
        ("20-24", 23, "inside"),
        ("between 9 and 15", 10, "inside"),
        ("når som helst", 3, "inside"),
        ("heile døgnet", 3, "inside"),
        ("anytime", 3, "inside"),
        ("etter klokka 20", 21, "inside"),
        ("bare etter kl. 20", 14, "outside"),
        ("ikke før 18.30", 18, "outside"),
        ("før kl 14", 10, "inside"),
        ("before 15", 16, "outside"),
        ("etter klokka 20", 2, "unclear"),
        ("før 9", 8, "unclear"),
        # two readings, or more than this can read
        ("8-10", 9, "unclear"),
        ("mellom 8 og 10", 21, "unclear"),
        ("10 til 2", 11, "unclear"),
        ("etter 8", 21, "unclear"),
        ("ikke mellom 9 og 14", 10, "unclear"),
        ("mellom 9 og 14, men ikke tirsdager", 10, "unclear"),
        ("når han er på jobb", 10, "unclear"),
        ("25-30", 10, "unclear"),
        ("", 10, "unclear"),
    ],
)
def test_by_the_clock(text: str, hour: int, expected: str) -> None:
    assert within(text, at(hour)) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("hverdager 9-14", MONDAY, "inside"),
        ("9-14 på hverdager", MONDAY, "inside"),
        ("man-fre 9-14", SATURDAY, "outside"),
        ("hverdager mellom 9 og 14", SATURDAY, "outside"),
        ("weekdays 9-15", SATURDAY, "outside"),
        ("hverdager 22-02", MONDAY, "unclear"),
        ("9-14", SATURDAY, "inside"),
        ("i helga 9-14", SATURDAY, "unclear"),
    ],
)
def test_by_the_day(text: str, day: int, expected: str) -> None:
    assert within(text, at(10, day=day)) == expected


def test_summer_and_winter_time() -> None:
    """13:30 UTC is half past two in November and half past three in July."""
    winter = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    summer = datetime(2026, 7, 20, 13, 30, tzinfo=UTC)
    assert within("9-15", winter) == "inside"
    assert within("9-15", summer) == "outside"

"""What the tests of the danger check share: the loaded lists, and the check made of them."""

from __future__ import annotations

from functools import cache

from bot.safety import SafetyCheck, load_check
from bot.safety.load import HERE
from bot.safety.phrases import Lists, read_lists


@cache
def check() -> SafetyCheck:
    return load_check()


@cache
def lists() -> Lists:
    return read_lists(HERE / "phrases")

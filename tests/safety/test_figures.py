"""How much danger is found in messages written by hand, and how often it is cried for nothing.

dev.jsonl is the set the lists were made on; fresh.jsonl and fresh2.jsonl were met unseen once and
then used to mend causes (README.md holds the first figures). blind.jsonl was written before the
lists and is read by nobody who changes them: its gate is a floor that keeps the check from getting
worse.
"""

from __future__ import annotations

import pytest

from bot.safety import PRECEDENCE
from tests.safety.support import check, labelled, missed, rates

DEV, BLIND = "dev.jsonl", "blind.jsonl"
MET_ONCE = ("fresh.jsonl", "fresh2.jsonl")


@pytest.mark.parametrize("name", [DEV, BLIND, *MET_ONCE])
def test_every_message_is_labelled_with_a_known_danger_and_level(name: str) -> None:
    messages = labelled(name)
    assert len({m.text for m in messages}) == len(messages)
    for message in messages:
        assert message.danger in (*PRECEDENCE, "none")
        assert (message.danger == "none") == (message.level == "none")


@pytest.mark.parametrize("name", [DEV, BLIND, *MET_ONCE])
def test_the_sets_hold_every_danger(name: str) -> None:
    assert {m.danger for m in labelled(name)} == {*PRECEDENCE, "none"}


def test_danger_of_this_minute_is_found_in_the_development_set() -> None:
    messages = labelled(DEV)
    found = rates(messages)
    told = "\n".join(missed(messages))
    assert found["now"].share >= 0.98, f"{found['now']}\n{told}"
    assert found["now+soon"].share >= 0.99, f"{found['now+soon']}\n{told}"


def test_calm_messages_do_not_raise_the_emergency_reply() -> None:
    found = rates(labelled(DEV))["false alarms"]
    assert found.share <= 0.01, str(found)


def test_the_right_danger_is_named_among_those_found() -> None:
    wrong = []
    live = [m for m in labelled(DEV) if m.danger != "none"]
    for message in live:
        finding = check().check(message.text).finding
        if finding is not None and message.danger not in finding.all:
            wrong.append(f"{message.danger}, found {finding.all}: {message.text}")
    assert len(wrong) <= 0.02 * len(live), "\n".join(wrong)


def test_the_blind_set_is_not_found_worse_than_before() -> None:
    found = rates(labelled(BLIND))
    assert found["now"].share >= 0.95, str(found["now"])
    assert found["now+soon"].share >= 0.97, str(found["now+soon"])
    assert found["false alarms"].share <= 0.02, str(found["false alarms"])


@pytest.mark.parametrize("name", MET_ONCE)
def test_danger_that_was_mended_stays_found(name: str) -> None:
    messages = labelled(name)
    found = rates(messages)
    told = "\n".join(missed(messages))
    assert found["now"].share >= 0.97, f"{found['now']}\n{told}"
    assert found["now+soon"].share >= 0.97, f"{found['now+soon']}\n{told}"
    assert found["false alarms"].share <= 0.02, str(found["false alarms"])

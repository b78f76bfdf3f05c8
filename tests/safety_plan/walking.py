"""Helpers of the safety plan's tests: somebody who walks through the plan in memory."""

from __future__ import annotations

from bot.safety_plan.flow import SafetyPlanFlow
from tests.handoff.walking import CONTENT, FakeWords, Walker

FLOW = SafetyPlanFlow(CONTENT, FakeWords())
PARTS = FLOW.parts
HOME = PARTS.by_id["home"].steps
ORDERS = {
    "yes": ["home", "leaving", "phone", "children", "work", "protection", "after"],
    "no": ["after", "phone", "children", "work", "protection", "home"],
    "choose:staying": [
        *("staying", "home", "phone", "children", "work", "leaving", "protection"),
    ],
}


def begin(*said: str, lang="nb", channel="web", reason="asked", facts=None) -> Walker:
    return Walker(FLOW, lang, channel, reason, facts).answers(*said)


def at_home(lang="nb", channel="web") -> Walker:
    return begin("[yes]", "[part:home]", lang=lang, channel=channel)


def parts_of(person: Walker) -> list[str]:
    chosen = [b.payload for b in person.buttons if b.payload.startswith("part:")]
    return [payload.removeprefix("part:") for payload in chosen]


def taken(person: Walker) -> dict[str, dict[str, object]]:
    return person.step.data["answers"]


def walk_all(person: Walker, answer: str = "yes") -> Walker:
    """Every part, every step with the same answer, until the plan is shown.

    By SMS each question is one message with its menu: nothing has to be parted.
    """
    for _ in range(60):
        step = person.step.data["step"]
        if person.step.done or step in ("show", "after"):
            return person
        assert person.channel == "web" or len(person.sms) == len(person.replies)
        if step == "menu":
            todo = [part for part in parts_of(person) if part not in person.step.data["done"]]
            person.presses(f"part:{todo[0]}" if todo else "plan:show")
        else:
            person.presses(answer)
    raise AssertionError("the plan never ends")

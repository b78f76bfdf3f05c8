"""One person in the checklist, and what the tests of it share."""

from __future__ import annotations

from bot.channels.flows import Facts
from bot.checklists.flow import ChecklistFlow
from bot.checklists.items import Item
from tests.handoff.walking import CONTENT, FakeWords, Walker

LANGS = ["nb", "nn", "en"]
CHANNELS = ["web", "sms"]
FLOW = ChecklistFlow(CONTENT, FakeWords())
LIST = FLOW.checklist
ITEMS = list(LIST.items.values())
RISKY = [item for item in ITEMS if item.risk]
PLAIN = next(item for item in ITEMS if not item.risk and not item.about_children)
FIRST = LIST.groups[0]
TWELVE_OF_OLD = {
    "walking_carefully", "silence_and_insults", "who_you_meet", "keys_and_money",
    "phone_and_pictures", "family_decides", "hurt_or_held", "strangled", "threats_to_kill",
    "sex_against_will", "after_break_up", "children_see_and_hear",
}  # fmt: skip
OFFER = {
    "nb": "snakke med en rådgiver om dette nå",
    "nn": "snakke med ein rådgjevar om dette no",
    "en": "talk to a counsellor about this now",
}


def begin(lang="nb", channel="web", voice="self", facts: Facts | None = None) -> Walker:
    person = Walker(FLOW, lang, channel, facts=facts)
    return person.presses(f"choose:{voice}")


def sends(person: Walker, payload: str, text: str = "") -> Walker:
    """What the page posts when boxes are ticked and a button is pressed."""
    return person._says(text, payload)


def goes_to(person: Walker, item: Item) -> Walker:
    """On the web: to the group of a sign, passing over what comes before."""
    while item.id not in ticks(person):
        person.presses("skip")
    return person


def ticks(person: Walker) -> list[str]:
    return [button.ticked for button in person.buttons if button.ticked]


def to_the_end(person: Walker, answer: str) -> Walker:
    """The same answer to every page; a person who is offered is declined."""
    while not person.step.done and person.step.data["step"] != "share":
        person.presses("no" if person.step.data["step"] == "offer" else answer)
    return person

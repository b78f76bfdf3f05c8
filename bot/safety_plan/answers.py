"""How an answer in the plan is read, pressed or written."""

from __future__ import annotations

import re
from typing import Literal

from bot.channels.flows import FlowInput
from bot.commands import normal, read_command
from bot.handoff.questions import is_question, said

Move = Literal["stop", "back", "show", "resume"]

MOST_WORDS = 200
"""Own words in a plan are a line; by SMS all lines come one after the other."""

MOST_TO_CHOOSE = 4
"""Words; a longer message about somebody tells something, it chooses nothing."""

_PRESSED: dict[str, Move] = {
    "stop": "stop",
    "back": "back",
    "plan:back": "back",
    "plan:show": "show",
    "safety_plan:resume": "resume",
    "safety_plan:start": "resume",
}
_SHOW = frozenset(
    {
        "vis planen", "vis plan", "vis meg planen", "se planen", "planen", "planen min",
        "sjå planen", "vis meg planen min", "show the plan", "show plan", "show my plan",
        "show me the plan", "my plan", "the plan",
    }
)  # fmt: skip
_PASSED_OVER = ("skip", "no", "dont_know", "wont_say")
_YES_AND = re.compile(r"(?:ja|jada|jo|yes|yeah|yep)\b[\s,.:!-]+(?P<words>\S.*)", re.I | re.S)
_I_AND_YOU = re.compile(r"\b(?:jeg|eg|æ|du|i|you)\b")
_STAYS = re.compile(
    r"\b(?:blir|bur|bor|stay|staying)\b.*\b(?:foreløpig|førebels|enn[åo]|for now)\b"
)


def read_move(inp: FlowInput) -> Move | None:
    """What works everywhere in the plan: stop, back, show it, go on."""
    if inp.payload is not None:
        return _PRESSED.get(inp.payload)
    command = read_command(inp.text)
    if command is not None and command[0] in ("stop", "back"):
        return "stop" if command[0] == "stop" else "back"
    return "show" if normal(inp.text) in _SHOW else None


def wants_resume(inp: FlowInput) -> bool:
    """Take the stopped plan up again, or look at it."""
    if inp.payload is not None:
        return read_move(inp) in ("resume", "show")
    return says_go_on(inp) or normal(inp.text) in _SHOW


def says_go_on(inp: FlowInput) -> bool:
    """ "Fortsett", "gå videre med planen"."""
    goes_on = read_command(inp.text) in (("resume", ""), ("resume", "safety_plan"))
    return inp.payload is None and goes_on


def as_said(title: str) -> str:
    """A title in one form, whether we say it ("når du går") or the person does ("når jeg går")."""
    return _I_AND_YOU.sub("du", normal(title))


def is_number(inp: FlowInput) -> bool:
    """A bare number that is none of the choices: what is on offer has been read by now."""
    return inp.payload is None and normal(inp.text).isdigit()


def read_yes_no(inp: FlowInput) -> str | None:
    """ "yes", "no" or "skip"; every way of passing over is "skip"."""
    if inp.payload is not None:
        return inp.payload if inp.payload in ("yes", "no", "skip") else None
    for key in ("yes", "no"):
        if said(key, inp.text, inp.lang):
            return key
    return "skip" if _passes_over(inp) else None


def read_living(inp: FlowInput) -> str | None:
    """together, moved or staying; "other" when it is about someone else; "skip" passed over."""
    if inp.payload is not None:
        by_button = {"yes": "together", "no": "moved", "skip": "skip"}
        by_button |= {"choose:staying": "staying", "choose:other": "other"}
        return by_button.get(inp.payload)
    words = normal(inp.text)
    if _STAYS.search(words):
        return "staying"
    if is_question(inp.text):
        return None
    if said("other", inp.text, inp.lang) and len(words.split()) <= MOST_TO_CHOOSE:
        return "other"
    first = words.partition(" ")[0]
    for key, living in (("yes", "together"), ("no", "moved")):
        if said(key, first, inp.lang):
            return living
    return "skip" if _passes_over(inp) else None


def read_item(inp: FlowInput) -> tuple[str, str] | None:
    """("take", own words or "") · ("write", "") · ("skip", ""); None when it is no answer."""
    if inp.payload is not None:
        by_button = {"yes": "take", "plan:write": "write", "skip": "skip", "no": "skip"}
        kind = by_button.get(inp.payload)
        return (kind, "") if kind else None
    if said("yes", inp.text, inp.lang):
        return "take", ""
    if _passes_over(inp):
        return "skip", ""
    more = _YES_AND.fullmatch(inp.text.strip())
    if more is not None and not is_question(inp.text):
        return "take", more["words"]
    return None


def _passes_over(inp: FlowInput) -> bool:
    return any(said(key, inp.text, inp.lang) for key in _PASSED_OVER)

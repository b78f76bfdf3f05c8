"""The four ways to reach a counsellor, read from a button or from words; and plain yes or no."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.flows import FlowInput
from bot.commands import normal
from bot.handoff.draft import HOWS
from bot.handoff.phone import read_number
from bot.handoff.questions import is_question, said
from bot.handoff.summary import is_other

# Title key and payload of the choices of the steps that are not plain questions.
BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "how": (
        ("write_now", "how:write_now"),
        ("be_called", "how:be_called"),
        ("call_self", "how:call_self"),
        ("first_talk", "how:first_talk"),
        ("not_now", "stop"),
    ),
    "danger": (("send", "send"), ("call_self", "how:call_self"), ("dont_send", "dont_send")),
    "call_self": (("yes", "yes"), ("no", "no")),
    "number_needed": (
        ("write_now", "how:write_now"),
        ("call_self", "how:call_self"),
        ("not_now", "stop"),
    ),
    "gate": (("yes", "yes"), ("go_on", "no")),
    "summary": (("send", "send"), ("dont_send", "dont_send"), ("correct", "edit:pick")),
}

# The first that fits wins: "jeg ringer selv" before "ring meg", "avtal en samtale" before "skriv".
_WAYS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (way, re.compile(words))
    for way, words in (
        (
            "call_self",
            r"\b(?:(?:jeg|eg) (?:vil |kan )?(?:ringer?|ringje) (?:selv|sjølv|dere|dykk|inn)"
            r"|(?:ringer?|ringe) (?:selv|sjølv)"
            r"|(?:i ll|i will|i can|i d rather|i want to) call"
            r"(?: you| myself)?$|call (?:you )?myself)\b|^(?:jeg|eg) ringer$",
        ),
        (
            "be_called",
            r"\b(?:ring(?:e|er)? (?:til )?(?:meg|opp)|bli (?:ringt|oppringt)|ringt opp|ringes"
            r"|(?:call|ring|phone) me|a call(?:back| back)?|be called|callback)\b",
        ),
        (
            "first_talk",
            r"\b(?:(?:første|fyrste|første) (?:samtalen?|prat(?:en)?|møtet?)|(?:avtale?|bestille?"
            r"|få|bestill|avtal|ha) (?:en |ein |ei )?(?:time|samtale|møte|tid)|dagtilbud(?:et)?"
            r"|dagtilbod(?:et)?|en samtale|ein samtale|møtes|appointment|first talk"
            r"|meet (?:someone|in person|a counsellor)|arrange a talk)\b",
        ),
        (
            "write_now",
            r"\b(?:skriv(?:e|er)?|chat(?:te)?|skrive her|svare her|write|text|type|message)\b",
        ),
    )
)
_ENOUGH_PHRASES = frozenset(
    {
        "ferdig", "jeg er ferdig", "eg er ferdig", "det er nok", "det er alt", "det var alt",
        "ikke flere spørsmål", "ikkje fleire spørsmål", "done", "i m done", "that s all",
        "thats all",
        "that is all", "no more questions", "finished",
    }
)  # fmt: skip


def read_way(inp: FlowInput) -> str | None:
    """One of the four ways, or None."""
    if inp.payload is not None:
        way = inp.payload.removeprefix("how:")
        return way if inp.payload.startswith("how:") and way in HOWS else None
    words = normal(inp.text)
    if is_question(inp.text) and not words.startswith(
        ("kan dere ringe", "kan de ringe", "can you")
    ):
        return None
    if len(words.split()) > MOST_WORDS:
        return None
    for way, pattern in _WAYS:
        if pattern.search(words):
            return way
    return None


MOST_WORDS = 12
"""A longer message tells something; it is not a choice of how to be reached."""


def number_instead(data: dict[str, Any], inp: FlowInput) -> dict[str, str] | None:
    """A number written after all, where it was said that none means no call."""
    if data["step"] != "number_needed" or inp.payload is not None:
        return None
    number = read_number(inp.text)
    return {"text": number} if number else None


def yes_or_no(inp: FlowInput) -> str | None:
    """ "yes", "no" or None."""
    if inp.payload is not None:
        return inp.payload if inp.payload in ("yes", "no") else None
    return next((key for key in ("yes", "no") if said(key, inp.text, inp.lang)), None)


def is_enough(text: str) -> bool:
    """ "Ferdig", "that's all": no more questions, on to the summary."""
    return normal(text) in _ENOUGH_PHRASES


def number_key(data: dict[str, Any]) -> str:
    """The text that asks for the number."""
    if data["how"] == "first_talk":
        return "number_talk"
    return "number_other" if is_other(data) else "number"

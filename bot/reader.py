"""Who reads an answer: the person exposed, unless they say otherwise. Some answers differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.readers import reader_said

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn


def section(services: Services, turn: Turn, topic: str) -> str | None:
    """The section for who reads, where the answer to the topic has one; None is the main text."""
    reader = _reader(turn)
    if reader is None:
        return None
    has = services.content.has_section(topic, turn.lang, turn.channel, reader)
    return reader if has else None


def note(services: Services, turn: Turn, topic: str | None) -> None:
    """Who writes, when they say so: a professional stays one, a relative while others are meant."""
    state = turn.conversation.state
    said = reader_said(turn.message.text)
    group = services.content.page(topic, "nb").group if topic else ""
    if said == "professional" or group == "professionals":
        state.reader = "professional"
    elif said == "relative" or group == "relatives":
        state.reader = "relative"
    elif group == "violence" and state.reader == "relative":
        state.reader = None  # tells of themselves now


def _reader(turn: Turn) -> str | None:
    state = turn.conversation.state
    if state.young:
        return "young"
    if state.violent or state.last_topic == "i_use_violence":
        return "uses_violence"
    if state.reader == "professional":
        return "professional"
    if state.reader == "relative" or state.facts.about == "other":
        return "relative"
    return None

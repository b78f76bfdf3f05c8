"""Municipality → centre: whether the one that was named is the centre's, or 116 006 is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.municipalities import Place, municipality

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

WHICH = "which_centre"
#: Topics with a section `## here` and `## elsewhere`.
TOPICS = frozenset({WHICH, "where_are_you"})
#: "Jeg bor i Evje og Hornnes kommune" and the like, after the question which centre it is.
_SHORT = 8


def section(services: Services, turn: Turn, topic: str) -> tuple[str, dict[str, str]] | None:
    """The section that tells whether the municipality that was named is the centre's, and the
    values of its text; None when none was named, or the centre says nothing of municipalities."""
    if topic not in TOPICS:
        return None
    place = _named(services, turn)
    if place is None and topic == WHICH:  # told earlier in the conversation
        told = turn.conversation.state.facts.municipality
        place = _place(services, told) if told else None
    if place is None:
        return None
    name = "here" if place.own else "elsewhere"
    if not services.content.has_section(topic, turn.lang, turn.channel, name):
        return None
    return name, {"municipality": place.name}


def is_answered(services: Services, turn: Turn) -> bool:
    """Whether the message is no more than a municipality, after an answer about which centre."""
    return (
        turn.conversation.state.last_topic in TOPICS
        and len(turn.message.text.split()) <= _SHORT
        and _named(services, turn) is not None
    )


def _named(services: Services, turn: Turn) -> Place | None:
    return None if turn.payload else _place(services, turn.message.text)


def _place(services: Services, text: str) -> Place | None:
    own = services.centre.municipalities
    return municipality(text, own) if own else None

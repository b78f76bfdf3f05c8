"""What is said to somebody who writes in another language: a fixed text, and a person.

The words stand in content/other_languages/; which words are danger in bot/safety/other.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.messages import Channel, Reply
from bot.safety.finding import Finding
from bot.safety.reading_along import says
from bot.understanding.language import detect_language

BY_SCRIPT = frozenset({"ar", "fa", "ur", "uk", "ru", "ti"})

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn


def heard(text: str, finding: Finding) -> Finding:
    """The finding with the language it was told in, also when no list but the model raised it.

    By its script alone: in Latin letters bad Norwegian looks like many a language.
    """
    if finding.tongue is not None:
        return finding
    other = detect_language(text, "nb").other
    return replace(finding, tongue=other) if other in BY_SCRIPT else finding


def before(services: Services, finding: Finding, channel: Channel) -> list[Reply]:
    """What stands before the Norwegian or English words of a danger: the same in their language.

    Nothing when somebody may be reading along: that text would tell what it is about.
    """
    tongue = finding.tongue
    if tongue is None or finding.neutral or not services.other_texts.has(tongue):
        return []
    return [services.other_texts.first(tongue, finding.danger, finding.level, channel)]


def answer(services: Services, turn: Turn, language: str) -> bool:
    """The fixed text with a button to a counsellor. False when there is none in the language."""
    if not services.other_texts.has(language):
        return False
    turn.topic = "other_language"
    turn.say(services.other_texts.reply(language, "text", turn.channel))
    note(services, turn, language)
    return True


def hear_wish(services: Services, turn: Turn) -> None:
    """ "Chcę rozmawiać z człowiekiem" is the button to a counsellor, pressed.

    Their own words come first, and the language is noted, so that an interpreter can be found.
    """
    text = turn.message.text
    if turn.payload is not None or turn.finding is not None or not says("person_abroad", text):
        return
    language = detect_language(text, turn.lang).other
    note(services, turn, language)
    if language is not None and services.other_texts.has(language):
        turn.say(replace(services.other_texts.reply(language, "text", turn.channel), buttons=()))
    turn.payload = "human"


def note(services: Services, turn: Turn, language: str | None) -> None:
    """The summary's line on language, so that an interpreter can be planned; never over what the
    person has said."""
    state = turn.conversation.state
    if language is None or state.facts.language or not services.other_texts.has(language):
        return
    name = services.other_texts.name(language, turn.lang)
    state.facts = state.facts.updated({"language": name})

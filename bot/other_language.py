"""What is said to somebody who writes in another language: a fixed text, and a person.

The words stand in content/other_languages/; which words are danger in bot/safety/other.py. Beside
the fixed text nothing is said that such a person cannot be thought to read: what has no text in
their language is in plain English, until they write Norwegian themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.messages import Channel, Lang, Reply
from bot.commands import read_command
from bot.safety.answers import words_of
from bot.safety.finding import Finding
from bot.safety.reading_along import says
from bot.understanding.language import detect_language

BY_SCRIPT = frozenset({"ar", "fa", "ur", "uk", "ru", "ti"})
BESIDE: Lang = "en"  # what is said where there is no text in their language
OURS = frozenset({"no", "en"})  # as state.spoken names what the person has written clearly
# Words that none of those languages has: two of them, and the message is (also) in one of ours.
_LISTED = (
    "jeg eg æ ikke ikkje itj han hun ho meg mæ og det som har å må få på når hva kva hvor hvordan"
    " korleis hvem kven dere dokker hos hjelp skal kan vil my the she and is have i'm what how"
    " where you your"
)
_OUR_WORDS = frozenset(_LISTED.split())

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn


def listen(turn: Turn) -> None:
    """The language to answer in, and whether the person writes one that has only a fixed text.

    Who has written Norwegian or English clearly before is answered in that, also now.
    """
    conversation, text = turn.conversation, turn.message.text
    state, finding = conversation.state, turn.finding
    found = detect_language(text, conversation.lang)
    tongue = finding.tongue if finding is not None else None
    tongue = tongue or (found.other if found.other in BY_SCRIPT else None)
    conversation.lang = found.lang
    if tongue is not None and (finding is None or not finding.neutral):
        _speaks(turn, tongue)
    elif _is_ours(text):
        state.tongue = None


def _speaks(turn: Turn, tongue: str) -> None:
    state = turn.conversation.state
    if state.tongue is None and (OURS & set(state.spoken) or _is_ours(turn.message.text)):
        return
    state.tongue = tongue
    turn.conversation.lang = BESIDE


def _is_ours(text: str) -> bool:
    return len(_OUR_WORDS.intersection(words_of(text))) > 1


def heard(text: str, finding: Finding) -> Finding:
    """The finding with the language it was told in, also when no list but the model raised it.

    By its script alone: in Latin letters bad Norwegian looks like many a language.
    """
    if finding.tongue is not None:
        return finding
    other = detect_language(text, "nb").other
    return replace(finding, tongue=other) if other in BY_SCRIPT else finding


def alone(services: Services, turn: Turn, finding: Finding) -> list[Reply]:
    """All that is said of a danger to somebody who reads none of our languages: their own text,
    with the way to a person. Empty when there is none, or they do read ours."""
    tongue, texts = finding.tongue, services.other_texts
    mine = tongue is not None and tongue == turn.conversation.state.tongue
    if tongue is None or not mine or finding.neutral or not texts.has(tongue):
        return []
    return [texts.first(tongue, finding.danger, finding.level, turn.channel)]


def before(services: Services, finding: Finding, channel: Channel) -> list[Reply]:
    """What stands before the Norwegian or English words of a danger: the same in their language.

    Nothing when somebody may be reading along: that text would tell what it is about.
    """
    tongue = finding.tongue
    if tongue is None or finding.neutral or not services.other_texts.has(tongue):
        return []
    said = services.other_texts.first(tongue, finding.danger, finding.level, channel)
    return [replace(said, buttons=())]


def stays(services: Services, turn: Turn) -> bool:
    """A danger is near, and a short word in their language follows: their text once more.

    False when something else is meant: a button, a command, an answer to a form.
    """
    state, text = turn.conversation.state, turn.message.text
    tongue, texts = state.tongue, services.other_texts
    level = state.last_level
    if tongue is None or not texts.has(tongue) or level not in ("now", "soon"):
        return False
    if turn.payload is not None or state.flow is not None or read_command(text) is not None:
        return False
    turn.say(texts.first(tongue, str(state.last_danger), level, turn.channel))
    state.staying += 1
    return True


def answer(services: Services, turn: Turn, language: str) -> bool:
    """The fixed text with a button to a counsellor. False when there is none in the language."""
    if not services.other_texts.has(language):
        return False
    turn.topic = "other_language"
    _speaks(turn, language)
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
    if language is not None and services.other_texts.has(language):
        _speaks(turn, language)
        note(services, turn, language)
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

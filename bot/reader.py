"""Who reads an answer: the person exposed, unless they say otherwise. Some answers differ.

What was said of it is kept for the whole conversation: a neighbour is not suddenly the one who is
hit, and who uses violence is never offered a place at the centre.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.commands import normal
from bot.oneself import about_self
from bot.understanding.readers import reader_said

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

USES_VIOLENCE = "i_use_violence"
# Of the centre's own house and talks: for those exposed. What is the same for all is left out.
_FOR_THOSE_EXPOSED = ("centre", "day_service")
_FOR_ALL = frozenset(
    {"anonymous", "confidentiality", "what_is_stored", "are_you_a_bot", "is_x_there"}
    | {"where_are_you", "young_under_18"}
)
_ALSO = frozenset({"housing_tonight"})

_I = r"\b(?:jeg|eg|æ|æg)"  # not Norwegian "i", which is "in"
_SOMEBODY = (
    r"(?:kona|kjæresten|kjærasten|samboer\w*|sambuar\w*|dama|henne|ho|hu|hun|ham|han|ungen|ungene"
    r"|ungane|barna|barnet|babyen|mannen|partneren|sønnen|sonen|datter\w*|dotter\w*|mora|faren"
    r"|eksen)\b"
)
_THEM = r"(?:her|him|my (?:wife|partner|girlfriend|boyfriend|husband|child|kids?|son|daughter))\b"
_OWN = re.compile(
    rf"{_I} som (?:slår|slo|har slått|har slege|bruker vold|brukar vald|er voldelig|er valdeleg)"
    rf"|{_I}(?: \w+)? (?:slår|slo|slått|slege|dytta|dyttet|dytter|dyttar|sparka|sparket|sparker"
    rf"|kvelte|banka|skalla|klapsa|klapset|mishandler|mishandlar)(?: til)? {_SOMEBODY}"
    rf"|{_I}(?: \w+)? (?:kommer til å|kjem til å|skal til å) (?:slå|skade|riste) {_SOMEBODY}"
    rf"|{_I} (?:bruker|brukar|brukte|har brukt|utøver|utøvde) (?:vold|vald)\b"
    rf"|{_I} (?:vil|må|ønsker|ønskjer|prøver|prøvar)(?: å)? (?:slutte|slutta|stoppe)(?: med)?"
    r"(?: å)? (?:slå|bruke vold|bruke vald|volden|valden)\b"
    rf"|\bi(?: have|ve)? (?:hit|pushed|choked|slapped|kicked) {_THEM}"
    rf"|\bi (?:will|am going to|m going to) (?:hit|hurt) {_THEM}"
    r"|\bi (?:want|need|have) to (?:stop|quit) (?:hitting|hurting)\b"
    r"|\bi(?: am| m) the one who (?:hits|hurts|is violent)\b"
)
_IN_DEFENCE = re.compile(
    r"\b(?:tilbake|attende|igjen han|back|selvforsvar|forsvar\w*|defen[cs]e)\b"
)
# "Hun sier at det er jeg som slår", "jeg slo ham da han kvalte meg": not told of oneself alone.
_SAID_BY_OTHERS = re.compile(
    r"\b(?:sier|sa|seier|påstår|beskylder|skal si|vil si|tror|trur|says|said|claims|tells)"
    r"(?: \w+){0,3} (?:jeg|eg|i)\b"
)
_DONE_TO_ME = re.compile(
    r"\b(?:slår|slo|slått|slåss|sparker|kveler|kvelte|truer|truet|trua|dytter|dytta|hit|hits|hurts"
    r"|choked|threatens) (?:meg|mæ|mei|me)\b|\bmot meg\b|\bblir (?:slått|banka|truet|trua)\b"
)
_MINE = re.compile(
    r"\b(?:mannen|kona|samboeren|sambuaren|kjæresten|kjærasten|eksen|partneren|typen|dama) min\b"
    r"|\bmy (?:husband|wife|partner|boyfriend|girlfriend|ex)\b"
)
_NEIGHBOUR = re.compile(
    r"\bvegg i vegg\b|\bnabopar\w*|\bnaboleilighet\w*"
    r"|\b(?:hos|fra|frå|med|om|til) (?:naboen|naboane|naboene|naboan|nabodama|en nabo|ein nabo)\b"
    r"|\b(?:hører|høyrer|hørte|høyrde)\b.*\b(?:naboen|naboene|naboane)\b|\bnext door\b"
)
_EMPLOYER = re.compile(
    rf"{_I} (?:er|am|m) (?:\w+ )?(?:sjef\w*|leder\w*|leiar\w*|arbeidsgiver\w*|arbeidsgjevar\w*|boss"
    r"|manager|employer)\b|\b(?:en|ein|ei) (?:ansatt|tilsett) (?:hos|som|av|i)\b|\bmy employee\b"
)
_AT_WORK = re.compile(
    r"\b(?:jeg|eg|vi|i|we) (?:er|jobber|jobbar|arbeider|arbeidar|sitter|am|are|work)(?: \w+){0,2}"
    r" (?:på|i|ved|at|in|for) (?:\w+ )?(?:legevakt\w*|akuttmottak\w*|sykehus\w*|sjukehus\w*|dps"
    r"|skole\w*|skule\w*|barnehage\w*|helsestasjon\w*|nav|hjemmesykepleien|hospital|school"
    r"|clinic|emergency room)\b"
)


def notice(turn: Turn) -> None:
    """What a message says of the one who writes, heard before anything is answered."""
    if turn.payload is not None or not turn.message.text:
        return
    state, text = turn.conversation.state, normal(turn.message.text[:600])
    if uses_violence(text):
        state.violent = True
    if _AT_WORK.search(text) or reader_said(turn.message.text) == "professional":
        state.reader = "professional"
    elif _NEIGHBOUR.search(text) or _EMPLOYER.search(text):
        state.reader = state.reader or "relative"
    if about_self(text):
        state.facts = state.facts.updated({"about": "self"})
        state.reader = None if state.reader == "relative" else state.reader


def uses_violence(text: str) -> bool:
    """Whether a message tells outright of violence that the one who writes uses, or fears to."""
    words = normal(text)
    excused = (
        _IN_DEFENCE.search(words) or _SAID_BY_OTHERS.search(words) or _DONE_TO_ME.search(words)
    )
    return _OWN.search(words) is not None and not excused


def note(services: Services, turn: Turn, topic: str | None) -> None:
    """Who writes, when they say so: kept, until they tell of what is done to themselves."""
    state, text = turn.conversation.state, turn.message.text
    said = reader_said(text)
    group = services.content.page(topic, "nb").group if topic else ""
    if said == "professional" or group == "professionals":
        state.reader = "professional"
    elif said == "relative" or group == "relatives":
        state.reader = state.reader or "relative"
    elif group == "violence" and state.reader == "relative" and _of_oneself(text):
        state.reader = None


def section(services: Services, turn: Turn, topic: str) -> str | None:
    """The section for who reads, where the answer to the topic has one; None is the main text."""
    if topic == USES_VIOLENCE and topic in turn.conversation.state.facts.answered:
        return "more"  # "er noen skadet nå?" is asked once
    reader = who(turn)
    if reader is None:
        return None
    has = services.content.has_section(topic, turn.lang, turn.channel, reader)
    return reader if has else None


def instead(services: Services, turn: Turn, topic: str) -> str:
    """The topic that is answered: for who uses violence the way to stop, never a place to stay."""
    if turn.conversation.state.young or not turn.conversation.state.violent or topic in _FOR_ALL:
        return topic
    ours = services.content.page(topic, "nb").group in _FOR_THOSE_EXPOSED or topic in _ALSO
    return USES_VIOLENCE if ours else topic


def _of_oneself(text: str) -> bool:
    words = normal(text)
    return about_self(text) or any(told.search(words) for told in (_DONE_TO_ME, _MINE))


def who(turn: Turn) -> str | None:
    """Who reads, as far as they said: a section of the texts; None is the person exposed."""
    state = turn.conversation.state
    if state.young:
        return "young"
    if state.violent or state.last_topic == USES_VIOLENCE:
        return "uses_violence"
    if state.reader == "professional":
        return "professional"
    if state.reader == "relative" or state.facts.about == "other":
        return "relative"
    return None

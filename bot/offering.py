"""What may be guessed aloud: topics that wound when they are a wrong guess need words of their own.

"Jeg kranglet med kjæresten min" must not be met with "mente du: Jeg bruker vold?". One list, with
the reason for each; a topic that is spoken of already may be named again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands import normal
from bot.reader import USES_VIOLENCE, uses_violence
from bot.understanding.types import Understood

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

_OWN_DOING = (
    r"\b(?:jeg|eg|æ|i)\b(?: \w+){0,3} (?:slå|slo|slår|slått|dytt\w*|spark\w*|skad\w*|kvel\w*"
    r"|vold\w*|vald\w*|sinne|sinnet|sint|sinna|aggressiv|kontroll\w*|angrer|angrar|hit|hurt|violent|angry)\b"
    r"|\b(?:sinnet|sinne|aggresjonen|temperamentet|brølinga|brølingen|kjeftinga) (?:min|mi|mitt)"
    r"|\bmy (?:anger|temper)\b|\bmenn som slår\b"
    r"|\bmen who (?:hit|are violent)\b|\balternativ til vold\b|\batv\b|\bsinnemestring\b"
)
#: Topic: (the words that carry it, why it wounds).
WOUNDS: dict[str, tuple[re.Pattern[str], str]] = {
    topic: (re.compile(words), why)
    for topic, words, why in (
        (USES_VIOLENCE, _OWN_DOING, "makes the one who is hit the one who hits"),
        (
            "mutual_or_my_fault",
            r"\b(?:skyld\w*|skuld\w*|feil\w*|fortjen\w*|forten\w*|provoser\w*|gjensidig\w*|begge"
            r"|tilbake|attende|fault|blame|deserve\w*|provoke\w*|both|back|kranglet|slåss)\b",
            "asks about guilt where none was spoken of",
        ),
        (
            "asks_for_diagnosis",
            r"diagnos|narsis|narciss|psykopat|psychopath|adhd|bipolar|borderline|ptsd|schizo"
            r"|sykdom|sjukdom|depres|angst|anxiety|disorder|\b(?:syk|sjuk|ill|sick)\b",
            "calls the person ill",
        ),
        (
            "trafficking",
            r"menneskeh|traffick|prostit|sexarbeid|sex work|hallik|bakmenn|bakmann|\bselge\w*"
            r"|tvunget til å jobbe|forced to work|\bgjeld|\blønn|\bløn\b|\bowes?\b|\bdebt|\bwage"
            r"|\bpay|\bpaid|\bau ?pair|\bpasset (?:mitt|hennes|hans)|\bher passport|\bmy passport"
            r"|jobbe (?:hele|døgnet|gratis|uten)|\bkrone\b|\bsjefen? (?:har|tok|tar)",
            "a grave crime nobody spoke of",
        ),
        (
            "genital_mutilation",
            r"omskj|omskår|omskor|kjønnslem|mutilat|circumcis|\bfgm\b|underliv|\bcut\b|skåret|skoren",
            "a grave injury nobody spoke of",
        ),
        (
            "are_you_a_bot",
            r"robot|\bbot\b|maskin|machine|menneske|human|person|chatgpt|\bki\b|\bai\b|kunstig"
            r"|ekte|real|\b(?:hvem|kven|who)\b",
            "a shrug, where somebody tells how they feel",
        ),
        (
            "same_sex",
            r"skeiv|lesb|homo|bifil|\bbi\b|trans|queer|\bgay\b|lhbt|lgbt|samme kjønn|same sex",
            "guesses at whom somebody loves",
        ),
        (
            "lgbt",
            r"skeiv|lesb|homo|bifil|\bbi\b|trans|queer|\bgay\b|lhbt|lgbt|samme kjønn|same sex",
            "guesses at whom somebody loves",
        ),
        (
            "sexual",
            r"sex|seks|samleie|voldt|valdt|ligge med|tar på|tok på|tafs|kropp|naken|nude|porno"
            r"|rape|touch|overgrep|presse|tvinge|assault",
            "a violation nobody spoke of",
        ),
        (
            "undocumented",
            r"papir|opphold|opphald|ulovlig|ulovleg|visum|asyl|avslag|utvis|pass\b|illegal"
            r"|document|permit|visa|asylum|deport",
            "a threat to who is afraid already",
        ),
        (
            "withdraw_report",
            r"trekk|anmeld|angre|tilbake|withdraw|report|drop",
            "sounds like advice to give in",
        ),
        (
            "violence_in_substance_milieu",
            r"\brus|narko|\bdop|miljø|drug|hasj|\bstoff|alkohol|drikk|full\b|pusher|gjeld",
            "says something of how somebody lives",
        ),
    )
}
# Not even as an answer are these given where the words do not carry them.
_NEVER_A_GUESS = frozenset({USES_VIOLENCE, "trafficking", "genital_mutilation"})
# "Jeg vil slutte med det" is about what somebody does, not about the conversation.
_STOPS_SOMETHING = re.compile(
    r"\b(?:slutte|slutta|stoppe|stop|quit|slutter|sluttar)(?: \w+)?"
    r" (?:med (?:det|dette|han|ham|henne|ho)|å (?!skrive|snakke|prate|svare)\w+"
    r"|doing|hitting|him|her|drinking)\b|\b(?:få|fikk|make|get) (?:ham|han|henne|ho|him|her)\b"
)
_ADULT = re.compile(
    r"\b(?:jeg|eg|æ|i) (?:er|e|am|m) (?:\w+ )?(?:1[89]|[2-9]\d)\b(?! (?:uk|vek|week|%|kg))"
)


def fits(topic: str, text: str) -> bool:
    """True for a topic that wounds nobody; for one that does, only where the words carry it."""
    if topic == USES_VIOLENCE and uses_violence(text):
        return True
    return topic not in WOUNDS or WOUNDS[topic][0].search(normal(text)) is not None


def fit(services: Services, turn: Turn, topics: Iterable[str]) -> list[str]:
    """Those of the topics that may be offered as "mente du"."""
    last, text = turn.conversation.state.last_topic, turn.message.text
    return [t for t in topics if services.content.has(t) and (t == last or fits(t, text))]


def checked(turn: Turn, understood: Understood) -> Understood:
    """What was understood, without what the words cannot mean: then topics are offered instead."""
    topic, state = understood.topic, turn.conversation.state
    if topic is None or not _cannot_be(turn, topic):
        return understood
    if topic == "stop" and state.violent:
        return replace(understood, topic=USES_VIOLENCE, wish=None)
    others = tuple(t for t in (*understood.topics, *understood.alternatives) if t != topic)
    return replace(understood, topic=None, wish=None, alternatives=tuple(dict.fromkeys(others)))


def _cannot_be(turn: Turn, topic: str) -> bool:
    state, text = turn.conversation.state, turn.message.text
    if topic == "stop":
        return _STOPS_SOMETHING.search(normal(text)) is not None
    if topic == "young_under_18":
        grown = state.age == "known" and not state.young
        return grown or _ADULT.search(normal(text)) is not None
    spoken_of = topic == state.last_topic or (topic == USES_VIOLENCE and state.violent)
    return topic in _NEVER_A_GUESS and not spoken_of and not fits(topic, text)

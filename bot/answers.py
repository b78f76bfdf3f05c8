"""The last step: what the message is about, and the answer people wrote for it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import (
    appointments,
    believing,
    handing_over,
    holding_open,
    missed,
    offering,
    other_language,
    outright,
    places,
    reader,
    staying,
)
from bot.channels.messages import Button, Reply, Wish
from bot.channels.sms.menu import is_stale_number
from bot.content.load import next_part
from bot.understanding import questions
from bot.understanding.facts import pick_up_facts
from bot.understanding.language import detect_language
from bot.understanding.types import UnderstandingAway, Understood

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

log = logging.getLogger(__name__)

FAILS_BEFORE_PERSON = 2
# "Is it violence, what my sister lives with?" is best answered by looking at signs together.
THIRD_PERSON = "relative_in_third_person_checklist"
ABOUT_OTHERS = Wish("checklist", reason=THIRD_PERSON, value="other")
OWN_WORDS_GROUPS = ("violence", "relatives")
QUOTE = 300
# From so many words on a message is a story; these groups acknowledge what was told by themselves.
STORY_WORDS = 40
TAKES_IN_STORIES = frozenset({"violence", "conversation", "relatives", "danger"})
# From this probability on a topic that is not sure enough to be answered is worth naming.
_LIKELY = 0.5
# Topics that are a form of violence by name; the summary says which the person spoke of.
FORMS = frozenset({"psychological", "economic"})
# "Han er på butikken. Jeg vil bare vite om jeg kan ta med bikkja": told, or after a comma. What he
# wants to know is no question of theirs.
_ASKS_WITHIN = re.compile(
    r"(?:\b(?:jeg|eg|æ|i)\b(?: \w+){1,3}|(?:^|[.,;] *)(?:vil|ville|want(?:ed)? to)(?: \w+)?)"
    r" (?:vite|spørr?e|spørje|know|ask)\b(?! (?:hva|kva|what) (?:jeg|eg|i)\b)"
    r"|(?<!\bhan )(?<!\bhun )(?<!\bho )\b(?:lurer|lurar|lurte) på\b|\bi(?: am|'m| was)? wonder\w*"
    r"|[,;] *(?:(?:og|men|så|and|but|so) )?(?:kan|får|skal|må|bør|har|finnes|finst|hva|kva|hvordan"
    r"|korleis|can|could|do|should|how|what) (?:jeg|eg|æ|vi|dere|de|dykk|man|noen|nokon|det|i|we"
    r"|you|someone)\b",
    re.IGNORECASE,
)


def follow_language(turn: Turn) -> None:
    """Answer in the language the person writes, once it is clear."""
    if turn.message.text and turn.payload is None:
        other_language.listen(turn)


async def understand(services: Services, turn: Turn) -> None:
    """Answer the topic; offer up to three when unsure; a person when that fails twice."""
    await _answer_what_is_asked(services, turn)
    holding_open.hold(services, turn)


async def _answer_what_is_asked(services: Services, turn: Turn) -> None:
    text = turn.message.text
    if turn.payload is not None and await _button(services, turn, turn.payload):
        return
    if not text:
        turn.say(_system(services, turn, "old_button" if turn.payload else "empty"))
        return
    if turn.channel == "sms" and is_stale_number(text, turn.conversation.state.menu):
        turn.say(_system(services, turn, "help"))
        return
    other = detect_language(text, turn.lang).other
    if other is not None:
        if not other_language.answer(services, turn, other):
            answer_topic(services, turn, "other_language")
        return
    if outright.answer(services, turn):
        return
    try:
        understood = outright.understood(turn) or await _understood(services, turn)
    except UnderstandingAway as error:
        if services.understanding.ready:
            services.troubles["understanding"] = str(error)
        _away(services, turn)
        return
    services.troubles.pop("understanding", None)
    turn.understood = understood = offering.checked(turn, understood)
    reader.note(services, turn, understood.topic)
    _keep_facts(services, turn, understood)
    await _act(services, turn, understood)


async def _understood(services: Services, turn: Turn) -> Understood:
    last = turn.conversation.state.last_topic
    near = services.content.related(last, turn.lang) if last else []
    return await services.understanding.understand(
        turn.conversation.id, turn.message.text, turn.lang, last, near
    )


async def _act(services: Services, turn: Turn, understood: Understood) -> None:
    topic = understood.topic
    if topic is None and turn.safety.past_or_other and not _asks_something(turn, understood):
        # Only where nothing else was understood: "how do I get a restraining order" has an answer.
        topic = "past_or_other"
    elif topic is None and places.is_answered(services, turn):
        topic = places.WHICH
    if topic in (None, "past_or_other") and staying.own_violence(turn):
        topic = "i_use_violence"
    elif topic in (None, "past_or_other") and turn.conversation.state.young:
        topic = "young_under_18" if turn.safety.past_or_other else topic
    if topic == "past_or_other" and believing.goes_on(turn):
        return  # that it was misread is said already, and nothing else was understood
    told = topic == "past_or_other" and understood.topic is None
    if told and _told_of_something(services, turn, understood):
        return
    if staying.unclear(services, turn, topic):
        await _person_when_it_fails(services, turn, topic)
        return
    if topic is None:
        await _unsure(services, turn, understood)
        return
    turn.conversation.state.fails = 0
    wish = ABOUT_OTHERS if topic == THIRD_PERSON else understood.wish
    if wish is not None and topic != "past_or_other":
        turn.topic = topic
        await handing_over.wish(services, turn, wish)
    elif topic == appointments.TOPIC and await appointments.change(services, turn):
        turn.topic = topic
    elif not await _in_context(services, turn, topic):
        _heard(services, turn, topic)
        answer_topic(services, turn, topic)
        name_the_rest(services, turn, understood.also)
        _name_what_was_perhaps_meant(services, turn, understood)


def _told_of_something(services: Services, turn: Turn, understood: Understood) -> bool:
    """What was told is acknowledged, and what it is likely to be about is offered."""
    offered = offering.fit(services, turn, understood.alternatives)
    if understood.confidence < _LIKELY or not offered or turn.conversation.state.flow is not None:
        return False
    turn.conversation.state.fails = 0
    turn.say(*services.content.answer("past_or_other", turn.lang, turn.channel))
    return name_topics(services, turn, "is_it_about", offered)


def _asks_something(turn: Turn, understood: Understood) -> bool:
    """ "Er det bare sånn det er å være gift" asks about today: so topics are offered."""
    return bool(understood.alternatives and _asks(turn.message.text))


def _asks(text: str) -> bool:
    asked = any(questions.asking(questions.parts(text) or [text]))
    return asked or _ASKS_WITHIN.search(text) is not None


async def _in_context(services: Services, turn: Turn, topic: str) -> bool:
    """Yes, no, more and again mean what was said last."""
    state = turn.conversation.state
    if topic in ("yes", "no", "more") and _section(services, turn, topic):
        return True
    if topic == "repeat" and state.last_topic is not None:
        answer_topic(services, turn, state.last_topic)
        return True
    choices = [payload for payload, _title in state.menu]
    if topic == "yes" and choices and sum(c.startswith("topic:") for c in choices) < 2:
        turn.payload = choices[0]
        return await handing_over.command(services, turn) or await _button(
            services, turn, choices[0]
        )
    return False


async def _button(services: Services, turn: Turn, payload: str) -> bool:
    state = turn.conversation.state
    if payload == f"topic:{appointments.TOPIC}" and await appointments.change(services, turn):
        return True
    if payload.startswith("topic:") and services.content.has(payload.removeprefix("topic:")):
        state.fails = 0
        answer_topic(services, turn, payload.removeprefix("topic:"))
        return True
    if payload in ("more", "yes", "no") and _section(services, turn, payload):
        return True
    if payload in ("yes", "no", "dont_know", "dont_want_to_say", "more"):
        answer_topic(services, turn, payload)
        return True
    return False


def _section(services: Services, turn: Turn, section: str) -> bool:
    """The part of the last answer that belongs to "more", "yes" or "no"."""
    state = turn.conversation.state
    topic = state.last_topic
    if section == "more":
        section = next_part(state.part)
    if topic is None or not services.content.has_section(topic, turn.lang, turn.channel, section):
        return False
    turn.topic = topic
    state.part = section if section.startswith("more") else None
    turn.say(*services.content.answer(topic, turn.lang, turn.channel, section))
    if (topic, section) == ("i_use_violence", "yes"):
        staying.someone_is_hurt(services, turn)
    return True


def answer_topic(services: Services, turn: Turn, topic: str) -> None:
    """The answer to a topic. A flow that waits says its question again afterwards."""
    state = turn.conversation.state
    topic = turn.topic = reader.instead(services, turn, topic)
    placed = places.section(services, turn, topic)
    section, values = placed or (reader.section(services, turn, topic), {})
    turn.say(*services.content.answer(topic, turn.lang, turn.channel, section, **values))
    state.part = None
    if services.content.page(topic, turn.lang).group != "conversation":
        state.last_topic = topic
        state.facts = state.facts.updated({"answered": [topic]})
    if topic == "young_under_18":
        state.young = True
    turn.say(*handing_over.resumed(services, turn))
    staying.ask_age(services, turn)


def _heard(services: Services, turn: Turn, topic: str) -> None:
    """A long story is acknowledged before its question is answered, once."""
    page = services.content.page(topic, "nb")
    if len(turn.message.text.split()) < STORY_WORDS or page.group in TAKES_IN_STORIES:
        return
    if not turn.conversation.state.story_heard:
        turn.conversation.state.story_heard = True
        turn.say(_system(services, turn, "story_heard"))


def name_the_rest(services: Services, turn: Turn, also: tuple[str, ...]) -> None:
    """What else the message asked: named, to be answered at a press."""
    known = [topic for topic in also if services.content.has(topic)]
    name_topics(services, turn, "also_asked", known)


def _name_what_was_perhaps_meant(services: Services, turn: Turn, understood: Understood) -> None:
    """Beside an answer that is not quite sure: the right one is a press away.

    Who told of violence and asked nothing is not asked whether it was something else.
    """
    group = services.content.page(turn.topic, "nb").group if turn.topic else "conversation"
    told = group == "violence" and not _asks(turn.message.text)
    if group == "conversation" or told:
        return
    perhaps = [t for t in offering.fit(services, turn, understood.perhaps) if t != turn.topic]
    if name_topics(services, turn, "perhaps_meant", perhaps):
        found = dict.fromkeys((*understood.topics, *perhaps))
        turn.understood = replace(understood, topics=tuple(found))


def name_topics(services: Services, turn: Turn, sentence: str, topics: Sequence[str]) -> bool:
    """Buttons of topics under a sentence; False when nothing is named."""
    if not topics or turn.conversation.state.flow is not None:
        return False
    buttons = tuple(Button(services.content.title(t, turn.lang), f"topic:{t}") for t in topics)
    turn.say(Reply(_system(services, turn, sentence).text, buttons, kind="system"))
    return True


async def _person_when_it_fails(services: Services, turn: Turn, topic: str | None) -> None:
    """Stayed with a second time without being understood: a person is offered at once."""
    state = turn.conversation.state
    state.fails += topic is None and state.staying > 2  # the first time is only a reminder
    if state.fails >= FAILS_BEFORE_PERSON and state.flow is None:
        state.fails = 0
        await handing_over.start(services, turn, "handoff", handing_over.why(turn))


async def _unsure(services: Services, turn: Turn, understood: Understood) -> None:
    state = turn.conversation.state
    state.fails += 1
    offered = offering.fit(services, turn, understood.alternatives)
    missed.note(turn, offered)
    if not offered and believing.goes_on(turn):
        return  # that it was misread is said already; nothing more was understood
    if state.fails >= FAILS_BEFORE_PERSON and state.flow != "handoff":
        why = handing_over.why(turn)
        state.fails = 0
        turn.say(_system(services, turn, "unsure_twice"))
        await handing_over.start(services, turn, "handoff", why)
        return
    frame = _system(services, turn, "unsure" if offered else "not_understood")
    buttons = tuple(Button(services.content.title(t, turn.lang), f"topic:{t}") for t in offered)
    turn.say(Reply(frame.text, buttons + frame.buttons, kind="system"))
    turn.say(*handing_over.resumed(services, turn))


def _away(services: Services, turn: Turn) -> None:
    """Loading: answered as soon as it is ready. Broken: honest, with the number and a person."""
    if services.understanding.failed_reason is None and not services.understanding.ready:
        turn.unanswered = True
        turn.say(_system(services, turn, "loading"))
        return
    turn.say(_system(services, turn, "degraded"))


def _keep_facts(services: Services, turn: Turn, understood: Understood) -> None:
    """What was said in passing, so that it is not asked again; own words only about violence."""
    state = turn.conversation.state
    changes = pick_up_facts(turn.message.text, services.centre.municipalities)
    if _about_violence(services, understood.topic) and turn.payload is None:
        changes["own_words"] = [turn.message.text[:QUOTE]]
        if understood.topic in FORMS:
            changes["violence"] = [understood.topic]
    state.facts = state.facts.updated(changes)


def _about_violence(services: Services, topic: str | None) -> bool:
    return (
        topic is not None
        and services.content.has(topic)
        and services.content.page(topic, "nb").group in OWN_WORDS_GROUPS
    )


def _system(services: Services, turn: Turn, sentence: str) -> Reply:
    return services.content.reply(sentence, turn.lang, turn.channel)

"""Is it safe to write here? The first screen's answers on the web, the neutral first SMS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import appointments, danger, handing_over, other_language
from bot.channels.messages import Lang, Reply
from bot.channels.sms.opening import (
    IN_VAIN,
    SentenceId,
    answers_at_once,
    heard_answer,
    kept,
    open_sms,
    question,
    waiting,
)
from bot.safety import SafetyContext
from bot.safety.reading_along import only_greets
from bot.store import presence
from bot.understanding.language import detect_language

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

_WEB = {"safe:yes": "safe_yes", "safe:no": "safe_no", "safe:unknown": "safe_unknown"}
_SMS: dict[SentenceId, str] = {
    "sms_ask": "sms_opening",
    "sms_still_you": "still_you",
    "sms_go_on": "safe_yes",
    "sms_way_on": "way_on",
    "sms_neutral_line": "who_is_this",
    "sms_not_now": "sms_not_now",
    "sms_welcome": "sms_intro",
}


async def answer(services: Services, turn: Turn) -> bool:
    """True when the turn ends here: the question was asked, or its answer is all there is."""
    state = turn.conversation.state
    before = (state.neutral, state.doubt, state.safe)
    if turn.channel == "sms":
        ends = await _by_sms(services, turn)
    elif state.neutral:
        ends = await _in_doubt(services, turn)
    else:
        ends = _on_the_web(services, turn)
    ends = ends or _greets_again(services, turn)
    if not ends and turn.conversation.held_by != "desk":
        other_language.hear_wish(services, turn)
    if ends and not turn.erased:
        await appointments.after_opening(services, turn, before)
    return ends


def safe_reply(services: Services, turn: Turn) -> list[Reply]:
    """What is said when a step broke: the words of a finding, or 112 and the line.

    By SMS, to a phone that may lie on a table, and in doubt, the neutral question instead.
    """
    state = turn.conversation.state
    may_be_read = state.neutral or (turn.channel == "sms" and state.safe != "yes")
    if turn.finding is None and may_be_read:
        return [question(turn.lang)]
    return danger.first_words(services, turn.finding, turn.lang, turn.channel, state.young)


def take_up(services: Services, turn: Turn, waited: str) -> None:
    """The message that waited is answered now, as if it had just come."""
    turn.message = replace(turn.message, text=waited, payload=None)
    turn.payload = None
    turn.conversation.lang = detect_language(
        waited, turn.lang
    ).lang  # a "yes" is no wish for English
    turn.safety = services.safety.check(waited, SafetyContext(lang=turn.lang))


def _greets_again(services: Services, turn: Turn) -> bool:
    """A mere greeting of somebody who only said yes: its usual answer would tell what this is."""
    state = turn.conversation.state
    begins = state.unproven and state.last_topic is None and state.flow is None
    if not begins or turn.finding is not None or turn.payload is not None:
        return False
    if turn.conversation.held_by == "desk" or not only_greets(turn.message.text):
        return False
    turn.say(services.content.reply("safe_yes", turn.lang, turn.channel))
    return True


def _on_the_web(services: Services, turn: Turn) -> bool:
    if turn.payload not in _WEB or turn.finding is not None:
        return False
    turn.conversation.state.safe = turn.payload.removeprefix("safe:")
    turn.say(services.content.reply(_WEB[turn.payload], turn.lang, turn.channel))
    return True


async def _in_doubt(services: Services, turn: Turn) -> bool:
    """On the web, while somebody else may be there: a neutral question until it is safe again."""
    state, finding = turn.conversation.state, turn.finding
    if turn.conversation.held_by == "desk":
        return False
    if finding is not None and (finding.neutral or answers_at_once(finding)):
        return False
    text = turn.message.text
    payload = heard_answer(state, text, turn.payload if turn.payload in _WEB else None)
    if payload is None:
        state.waiting_text = kept(state, text)
        asked = "still_you" if state.doubt in presence.QUIET else "sms_opening"
        asked = "way_on" if state.fails >= IN_VAIN else asked
        state.fails += 1
        turn.say(services.content.reply(asked, turn.lang, turn.channel))
        await danger.alarm(services, turn)  # the desk never waits for the answer
        return True
    waited, state.safe = waiting(state, text), payload.removeprefix("safe:")
    if state.safe != "yes":
        state.waiting_text, state.fails = None, 0
        turn.say(services.content.reply("sms_not_now", turn.lang, turn.channel))
        return True
    presence.go_on(state)
    if waited is not None:
        take_up(services, turn, waited)
        return False
    turn.say(services.content.reply("safe_yes", turn.lang, turn.channel))
    return True


async def _by_sms(services: Services, turn: Turn) -> bool:
    def sentence(sentence_id: SentenceId, lang: Lang) -> str:
        return services.content.page(_SMS[sentence_id], lang).text("sms", None)

    if handing_over.is_erase(turn) and turn.conversation.state.safe != "yes":
        await handing_over.erase_unasked(services, turn)  # erasing never waits for an answer
        return True
    in_doubt = turn.conversation.state.neutral
    opened = open_sms(
        turn.conversation.state,
        turn.message.text,
        turn.payload,
        turn.finding,
        turn.lang,
        held=turn.conversation.held_by == "desk",
        sentence=sentence,
        hours=services.settings.keep_hours,
    )
    turn.conversation.state = opened.state
    if in_doubt and not opened.state.neutral:
        presence.go_on(opened.state)
    turn.say(*opened.say)
    if opened.ends_turn:
        await danger.alarm(services, turn)  # the desk never waits for the answer
    if opened.kind == "welcome" and opened.text is not None:
        take_up(services, turn, opened.text)
    return opened.ends_turn

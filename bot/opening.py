"""Is it safe to write here? The first screen's answers on the web, the neutral first SMS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import danger
from bot.channels.messages import Lang, Reply
from bot.channels.sms.opening import SentenceId, open_sms, question
from bot.safety import SafetyContext

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

_WEB = {"safe:yes": "safe_yes", "safe:no": "safe_no", "safe:unknown": "safe_unknown"}
_SMS: dict[SentenceId, str] = {
    "sms_ask": "sms_opening",
    "sms_neutral_line": "who_is_this",
    "sms_not_now": "sms_not_now",
    "sms_welcome": "sms_intro",
}


async def answer(services: Services, turn: Turn) -> bool:
    """True when the turn ends here: the question was asked, or its answer is all there is."""
    if turn.channel == "sms":
        return await _by_sms(services, turn)
    return _on_the_web(services, turn)


def safe_reply(services: Services, turn: Turn) -> list[Reply]:
    """What is said when a step broke: the words of a finding, or 112 and the line.

    By SMS, to a phone that may lie on a table, the neutral question instead.
    """
    state = turn.conversation.state
    may_be_read = turn.channel == "sms" and (state.safe != "yes" or state.neutral)
    if turn.finding is None and may_be_read:
        return [question(turn.lang)]
    return danger.first_words(services, turn.finding, turn.lang, turn.channel, state.young)


def _on_the_web(services: Services, turn: Turn) -> bool:
    if turn.conversation.state.neutral and turn.payload != "safe:yes" and turn.finding is None:
        # Somebody was reading along: nothing but a neutral question until it is safe again.
        turn.say(services.content.reply("sms_opening", turn.lang, turn.channel))
        return True
    if turn.payload not in _WEB or turn.finding is not None:
        return False
    state = turn.conversation.state
    state.safe = turn.payload.removeprefix("safe:")
    state.neutral = False if state.safe == "yes" else state.neutral
    turn.say(services.content.reply(_WEB[turn.payload], turn.lang, turn.channel))
    return True


async def _by_sms(services: Services, turn: Turn) -> bool:
    def sentence(sentence_id: SentenceId, lang: Lang) -> str:
        return services.content.page(_SMS[sentence_id], lang).text("sms", None)

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
    turn.say(*opened.say)
    if opened.ends_turn:
        await danger.alarm(services, turn)  # the desk never waits for the answer
    if opened.kind == "welcome" and opened.text is not None:
        _take_up(services, turn, opened.text)
    return opened.ends_turn


def _take_up(services: Services, turn: Turn, waited: str) -> None:
    """The message that waited is answered now, as if it had just come."""
    turn.message = replace(turn.message, text=waited, payload=None)
    turn.payload = None
    turn.safety = services.safety.check(waited, SafetyContext(lang=turn.lang))

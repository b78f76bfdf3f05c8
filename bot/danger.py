"""A finding is answered first and alarms the desk at once. The words stand in content/danger."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import believing, beside_danger, handing_over, other_language, reaching, staying
from bot.channels.messages import Channel, Lang, Message, Reply
from bot.handoff import queue
from bot.handoff.followup import FollowUp
from bot.safety import Finding
from bot.safety.reading_along import says
from bot.store import conversations
from bot.store.database import StoreAway, Tx

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

log = logging.getLogger(__name__)

A_SENTENCE = 3  # words; a bare "ja" is no quotation


def first_words(
    services: Services, finding: Finding | None, lang: Lang, channel: Channel, young: bool = False
) -> list[Reply]:
    """The emergency words of a finding; without one the static safe reply (112, the phone line).

    Never raises: whatever is wrong with the content, a person in danger reads 112.
    """
    static = [services.words.static_reply(lang, channel)]
    if finding is None:
        return static
    try:
        own = other_language.before(services, finding, channel)
        return own or services.words.first_words(finding, lang, channel, young)
    except Exception as error:  # the boundary of the words: content is edited by people
        log.error("the first words failed: %s", type(error).__name__)
        return static


async def answer(services: Services, turn: Turn) -> bool:
    """Answer a finding, or what follows on one. False when there is nothing of the kind."""
    staying.notice(turn)
    reaching.note(turn)
    if staying.says_it_is_safe(turn):
        staying.silence(services, turn)
        return True
    if _fades(services, turn):
        return True
    if turn.finding is None:
        # What a form asked for is for the form, whatever danger stands before it.
        if turn.safety.asked_for:
            return False
        return other_language.stays(services, turn) or staying.follow(services, turn)
    finding = other_language.heard(turn.message.text, staying.in_its_place(turn, turn.finding))
    finding = believing.lowered(services, turn, finding)
    turn.safety = replace(turn.safety, finding=finding)
    turn.topic = finding.danger
    other_language.note(services, turn, finding.tongue)
    if own := other_language.alone(services, turn, finding):
        return await _in_their_language(services, turn, finding, own)
    turn.say(*_words(services, turn, finding))
    remember(turn, finding)
    told = turn.conversation.state.staying > 1  # of the alarm that this one joins
    if await alarm(services, turn) and not finding.neutral and not told:
        sentence = services.content.sentence("counsellor_notified", turn.lang, turn.channel)
        turn.say(Reply(sentence, kind="danger"))
    if not finding.neutral:
        staying.ask_age(services, turn)
        staying.offer_way_back(services, turn)
    await beside_danger.answer(services, turn)
    return True


def _fades(services: Services, turn: Turn) -> bool:
    """Signal or battery is nearly gone: what to do with the rest of it is said first.

    True when the message says nothing else, whatever danger the model guesses in it.
    """
    text, finding = turn.message.text, turn.finding
    neutral = turn.conversation.state.neutral or (finding is not None and finding.neutral)
    if turn.payload is not None or neutral or not says("fading", text):
        return False
    turn.say(services.content.reply("fading", turn.lang, turn.channel))
    if not says("only_fading", text):
        return False
    turn.safety = replace(turn.safety, finding=None)
    turn.say(*handing_over.resumed(services, turn))
    return True


async def _in_their_language(
    services: Services, turn: Turn, finding: Finding, own: list[Reply]
) -> bool:
    """Nothing is asked and nothing stands beside it: they could not read it."""
    turn.say(*own)
    remember(turn, finding)
    turn.conversation.state.asked_suicide = turn.check_back = False
    await alarm(services, turn)
    return True


def _words(services: Services, turn: Turn, finding: Finding) -> list[Reply]:
    try:
        said = staying.answer_finding(services, turn, finding)
        return other_language.before(services, finding, turn.channel) + said
    except Exception as error:  # the boundary of the words: content is edited by people
        log.error("the words of a danger failed: %s", type(error).__name__)
        young = turn.conversation.state.young
        return first_words(services, finding, turn.lang, turn.channel, young)


async def alarm(services: Services, turn: Turn) -> bool:
    """Tell the desk: id, time, channel and the words that raised it, nothing else.

    True only when it is committed and someone is on duty; only then may the person be told so.
    """
    finding = turn.finding
    if finding is None or finding.level == "gentle":
        return False
    turn.alarm_owed = True  # until it is committed; else the end of the turn tries again
    on_duty, about = False, None
    try:
        alarm_id, on_duty = await services.db.run(_raise, services, turn, finding)
        turn.alarm_owed = False
        about = FollowUp("notify_desk", "alarm", alarm_id=alarm_id)
    except StoreAway as error:
        log.error("an alarm could not be stored: %s", error)
    finally:
        services.alert(about=about)
    return on_duty


def raise_owed(tx: Tx, turn: Turn) -> None:
    """An alarm that could not be stored when it was raised."""
    if turn.finding is not None:
        queue.raise_alarm(tx, turn.conversation.id, turn.finding, turn.channel)


def keep(tx: Tx, services: Services, turn: Turn) -> None:
    """What the turn owes the desk, and when an unanswered direct question is looked back at."""
    if turn.alarm_owed:
        raise_owed(tx, turn)
    if turn.not_now:
        queue.say_not_now(tx, turn.conversation.id)
    wait = timedelta(seconds=services.settings.check_back)
    conversations.set_check_back(tx, turn.conversation, tx.now + wait if turn.check_back else None)


def raise_late(tx: Tx, message: Message, finding: Finding) -> bool:
    """An alarm from the time when the store was away; none when the person has erased since."""
    if conversations.get(tx, message.conversation_id) is not None:
        queue.raise_alarm(tx, message.conversation_id, finding, message.channel)
    return True


def _raise(tx: Tx, services: Services, turn: Turn, finding: Finding) -> tuple[str, bool]:
    alarm_id = queue.raise_alarm(tx, turn.conversation.id, finding, turn.channel)
    limit = timedelta(seconds=services.settings.duty_timeout)
    return alarm_id, queue.someone_on_duty(tx, limit)


def remember(turn: Turn, finding: Finding) -> None:
    """What was found, for the messages that follow."""
    state = turn.conversation.state
    staying.remember(turn, finding)
    state.last_danger, state.last_level = finding.danger, finding.level
    asks = finding.danger == "suicide" and not finding.other and not finding.neutral
    asks = asks and finding.answer in (None, "dont_know") and not state.yes_said
    state.asked_suicide = turn.check_back = asks
    state.neutral = state.neutral or finding.neutral
    state.facts = state.facts.updated({"risks": list(finding.all)})
    if not finding.neutral and len(turn.message.text.split()) >= A_SENTENCE:
        state.facts = state.facts.updated({"own_words": [turn.message.text[:300]]})
    if state.flow is not None:
        state.paused[state.flow] = state.flow_data
        state.flow, state.flow_data = None, {}

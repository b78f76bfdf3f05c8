"""A finding is answered first and alarms the desk at once. The words stand in content/danger."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels.messages import Channel, Lang, Message, Reply
from bot.handoff import queue
from bot.handoff.followup import FollowUp
from bot.safety import Finding
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
        return services.words.first_words(finding, lang, channel, young)
    except Exception as error:  # the boundary of the words: content is edited by people
        log.error("the first words failed: %s", type(error).__name__)
        return static


async def answer(services: Services, turn: Turn) -> bool:
    """Answer a finding, or what follows on one. False when there is nothing of the kind."""
    follow_up = _follow_up(services, turn)
    turn.say(*follow_up)
    if turn.finding is None:
        return bool(follow_up)
    finding = turn.finding
    turn.topic = finding.danger
    if not follow_up:
        young = turn.conversation.state.young
        turn.say(*first_words(services, finding, turn.lang, turn.channel, young))
    remember(turn, finding)
    if finding.level == "gentle":
        return True
    if await alarm(services, turn) and not finding.neutral:
        sentence = services.content.sentence("counsellor_notified", turn.lang, turn.channel)
        turn.say(Reply(sentence, kind="danger"))
    return True


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
    state.last_danger, state.last_level = finding.danger, finding.level
    state.asked_suicide = finding.danger == "suicide" and turn.safety.answer is None
    state.neutral = state.neutral or finding.neutral
    state.facts = state.facts.updated({"risks": list(finding.all)})
    if not finding.neutral and len(turn.message.text.split()) >= A_SENTENCE:
        state.facts = state.facts.updated({"own_words": [turn.message.text[:300]]})
    if state.flow is not None:
        state.paused[state.flow] = state.flow_data
        state.flow, state.flow_data = None, {}


def _follow_up(services: Services, turn: Turn) -> list[Reply]:
    """What follows the answer to the direct question, or "no, that was yesterday"; else nothing."""
    state = turn.conversation.state
    if state.last_danger is None:
        return []
    replies = services.words.after(
        state.last_danger,
        state.asked_suicide,
        turn.safety,
        turn.message.text or turn.payload or "",
        turn.lang,
        turn.channel,
        state.young,
    )
    if replies is not None and turn.finding is None:
        state.last_danger, state.last_level, state.asked_suicide = None, None, False
    return replies or []

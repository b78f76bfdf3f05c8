"""The danger check as the turn uses it: knowing the conversation, and handing on redacted words."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.messages import TICKS, Lang
from bot.handoff.between import is_plain_answer
from bot.handoff.contact_wish import is_only_a_wish, without_why
from bot.redaction import redact
from bot.safety import SafetyContext, SafetyResult
from bot.safety.normalise import readable
from bot.store.conversations import Conversation

if TYPE_CHECKING:
    from bot.services import Services

# A button is heard as the words on it, so that a pressed "ja" to the direct question alarms too.
_SPOKEN = {"yes": "ja", "no": "nei", "dont_know": "vet ikke"}
# A sign of the checklist that is pressed is our question, not what the person tells: the checklist
# has its own words for it.
_OUR_WORDS = tuple(f"{kind}:" for kind in TICKS)


SECOND = "second signal of the danger check"


async def load_second_signal(services: Services) -> None:
    """Load the trained half of the danger check in a thread. Raises what loading raises."""
    if services.safety.second is not None:
        await asyncio.to_thread(services.safety.second.load)


async def listen_ahead(services: Services, text: str) -> None:
    """Let the second signal read the message in a thread, before the store's one thread needs it.

    The encoder remembers it for a moment; whatever fails here fails again, and is said, there.
    """
    second = services.safety.second
    if second is not None and second.ready:
        with suppress(Exception):
            await asyncio.to_thread(second.guess, readable(text))


def hear(
    services: Services, text: str, payload: str | None, conversation: Conversation
) -> SafetyResult:
    """What danger a message holds, knowing what the conversation knows."""
    state = conversation.state
    in_form = state.flow == "handoff" and is_plain_answer(state.flow_data, text)
    answers = payload is None and (in_form or is_only_a_wish(text))
    context = SafetyContext(
        lang=conversation.lang,
        asked_suicide=state.asked_suicide,
        last_danger=state.last_danger,
        last_level=state.last_level,  # type: ignore[arg-type]
        chosen=payload is not None or _said(text) in {_said(title) for _, title in state.menu},
        asked_for=answers,
    )
    if answers and in_form:
        text = without_why(text)
    if payload and [payload, text] in state.menu and payload.startswith(_OUR_WORDS):
        text = ""
    return listen(services, text or _SPOKEN.get(payload or "", ""), context)


def _said(text: str) -> str:
    return text.strip(" .!").casefold()


def listen(services: Services, text: str, context: SafetyContext) -> SafetyResult:
    """The danger check; the words it hands to the desk are redacted as the message is."""
    safety = services.safety.check(text, context)
    if safety.finding is None:
        return safety
    words = redacted(safety.finding.words, safety, context.lang)
    return replace(safety, finding=replace(safety.finding, words=words))


def redacted(text: str, safety: SafetyResult, lang: Lang) -> str:
    """`text` as it may be kept; the address too goes when somebody has found it out."""
    hidden = safety.finding is not None and "found_address" in safety.finding.all
    return redact(text, lang, address=hidden)

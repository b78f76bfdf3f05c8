"""A long SMS whose parts came by themselves, seconds apart: joined before it is answered.

A part that is exactly full is kept (sealed, in the store) and waits a moment for the next. Danger
never waits: every part, and what all parts say together, is checked at once, and a finding ends the
waiting.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels.messages import Message
from bot.channels.sms.outbound import send_now, unqueued
from bot.channels.sms.segments import ALONE, JOINED, count
from bot.hearing import hear, listen_ahead
from bot.redaction import redact
from bot.store import conversations, sms_parts
from bot.store.database import Tx
from bot.store.sms_parts import Parts

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import TurnResult

WAIT = timedelta(seconds=4)
MOST_PARTS = 12
LONGEST_INBOUND = 1600  # letters; the provider joins no more by itself
_NUMBERED = re.compile(r"^\s*\(?(\d)/(\d)\)?[\s:.]")


@dataclass(frozen=True)
class Whole:
    """What is to be answered now. `ids`: the parts that are in it; `provider_id` marks it once."""

    text: str
    ids: tuple[str, ...]
    provider_id: str


def looks_cut(text: str) -> bool:
    """True when more of the same message probably follows: it fills its segments to the brim.

    Phones that split by themselves end at a word, so a little less than full counts too; some
    number their parts, "1/2".
    """
    numbered = _NUMBERED.match(text)
    if numbered is not None:
        return 0 < int(numbered[1]) < int(numbered[2])
    size = count(text)
    joined = JOINED[size.encoding]
    if size.segments <= 1:
        return size.units >= joined - 4
    brimful = size.units % joined in (0, joined - 1)
    return len(text) <= LONGEST_INBOUND and (brimful or len(text) > LONGEST_INBOUND - 100)


def joined(texts: tuple[str, ...]) -> str:
    """The parts as one text. Cut inside a word they belong together, else with a space."""
    whole = ""
    for text in texts:
        bare = _NUMBERED.sub("", text)
        between = "" if not whole or _inside_a_word(whole, bare, texts) else " "
        whole += between + bare
    return whole


def _inside_a_word(before: str, after: str, texts: tuple[str, ...]) -> bool:
    size = count(texts[0])
    full = size.units in (ALONE[size.encoding], JOINED[size.encoding], JOINED[size.encoding] - 1)
    return full or before[-1:].isspace() or after[:1].isspace()


def readings(texts: tuple[str, ...]) -> Iterator[str]:
    """What the danger check reads: all parts together, cut in a word or between two, and the last
    alone."""
    yield from dict.fromkeys((joined(texts), "".join(texts), " ".join(texts), texts[-1]))


async def arrives(
    services: Services, conversation_id: str, text: str, provider_id: str
) -> Whole | None:
    """What to answer now that `text` came; None when it is kept, because more will follow."""
    kept, held = await services.db.run(_kept, conversation_id)
    if held or (kept is None and not looks_cut(text)):
        return Whole(text, (), provider_id)
    texts = (*(kept.texts if kept else ()), text)
    for reading in readings(texts):
        await listen_ahead(services, reading)
    found = await services.db.run(_danger, services, conversation_id, texts)
    ids = kept.ids if kept else ()
    if found is not None:
        # Words that are danger alone are never read away by what stands around them.
        return Whole(found, () if found == text else ids, provider_id)
    if looks_cut(text) and len(texts) < MOST_PARTS:
        await services.db.run(_keep, conversation_id, provider_id, text)
        return None
    return Whole(joined(texts), ids, provider_id)


async def answer_due(services: Services) -> int:
    """Answer what has waited long enough; also what an earlier process left. Returns how many."""
    waited = await services.db.run(sms_parts.take_due)
    await asyncio.gather(*(_answer_kept(services, parts) for parts in waited))
    return len(waited)


async def _answer_kept(services: Services, parts: Parts) -> None:
    """One person never waits for another's turn."""
    number = await services.db.run(conversations.number_of, parts.conversation_id)
    whole = Whole(joined(parts.texts), parts.ids, f"parts-{parts.id}")
    texts = unqueued(await answer(services, parts.conversation_id, whole))
    if texts and number is not None:
        await send_now(services, number, texts)


async def answer(services: Services, conversation_id: str, whole: Whole) -> TurnResult:
    """The turn of a whole text; its parts are forgotten once it is stored."""
    message = Message(
        conversation_id, "sms", whole.text, services.db.clock(), provider_id=whole.provider_id
    )
    result = await services.turn.handle(message)
    if whole.ids and result.stored:
        await services.db.run(sms_parts.answered, whole.ids)
    return result


def _keep(tx: Tx, conversation_id: str, provider_id: str, text: str) -> None:
    conversation = conversations.get(tx, conversation_id)
    if conversation is not None:  # not erased a moment ago
        bare = redact(text, conversation.lang, address=False)
        sms_parts.keep(tx, conversation_id, provider_id, bare, WAIT)


def _kept(tx: Tx, conversation_id: str) -> tuple[Parts | None, bool]:
    """What is kept already, and whether the desk holds the person: then she reads each at once."""
    conversation = conversations.get(tx, conversation_id)
    held = conversation is not None and conversation.held_by == "desk"
    return sms_parts.kept(tx, conversation_id), held


def _danger(tx: Tx, services: Services, conversation_id: str, texts: tuple[str, ...]) -> str | None:
    """The words in which danger is found: all together if they hold it, else the last part."""
    conversation = conversations.get(tx, conversation_id)
    if conversation is None:
        return None
    for reading in readings(texts):
        if hear(services, reading, None, conversation).finding is not None:
            return reading
    return None

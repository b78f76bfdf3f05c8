"""Conversations: opening, finding, remembering, erasing.

The state of a conversation is one JSON value sealed with the conversation's own key.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import delete, select, update

from bot.channels.flows import Facts
from bot.channels.messages import Channel, Lang
from bot.store import models, provider_copies, statistics
from bot.store.database import Tx, new_id
from bot.store.keys import Unreadable

HeldBy = Literal["bot", "desk"]


@dataclass
class State:
    """What the service remembers between two messages of a person.

    `safe`: what the person answered to "is it safe to write?". `neutral`: somebody else may be
    reading; nothing revealing goes out until the person says it is safe again. `menu`: the choices
    last offered, in order (SMS numbers), each [payload, title]. `waiting_text`: the message that is
    answered when the person says it is safe. `paused`: flows that danger or another wish broke off,
    by name, with their data. The group before the last is for misuse (handoff/misuse.py), the last
    belongs to store/presence.py.
    """

    safe: str | None = None
    neutral: bool = False
    opened: bool = False
    young: bool = False
    fails: int = 0
    flow: str | None = None
    flow_data: dict[str, Any] = field(default_factory=dict)
    paused: dict[str, dict[str, Any]] = field(default_factory=dict)
    menu: list[list[str]] = field(default_factory=list)
    last_topic: str | None = None
    part: str | None = None  # how far the last answer was read on: "more", "more_2" …
    reader: str | None = None  # "relative" or "professional", when the person said so
    story_heard: bool = False  # a long story was thanked for
    last_danger: str | None = None
    last_level: str | None = None
    asked_suicide: bool = False
    held_open: int = 0  # so often something else was answered while that question stood
    staying: int = 0  # replies since the finding, while nothing else is talked about
    other: bool = False  # the last danger is somebody else's
    denied: int = 0  # so many more messages may take back the "no" to the direct question
    yes_said: str = ""  # the direct question was answered "yes"; "checked": asked once more since
    harmed: bool = False  # has taken something, or hurt themselves: 113 until help is called
    helped: bool = False  # help has been called: nobody is told again to call
    violent: bool = False  # has told that they use violence themselves
    duty_told: bool = False  # a child was told what grown-ups must pass on
    age: str = ""  # of a child: "" not asked, "asked", "passed" over, "known"
    erase_asked: bool = False  # SLETT was said; asked whether the agreed call stands
    waiting_text: str | None = None
    rest: str = ""  # SMS: what MER brings of the last answer
    rest_menu: list[list[str]] = field(default_factory=list)  # and the choices at its end
    handoff_id: str | None = None
    facts: Facts = field(default_factory=Facts)
    missed: list[str] = field(default_factory=list)  # topics guessed for what was not understood
    missed_said: str = ""  # may it be written down: "asked", "yes", "no"; "kept" when it was
    tally: list[str] = field(default_factory=list)  # what it will be counted as: bot/counted.py
    counted: bool = False  # it is in the statistics, and cannot be found there
    feedback: str = ""  # the one question at the end: "asked", then "yes", "bit" or "no"

    blocked_until: float | None = None  # misuse: only danger is answered until then
    slowed: bool = False  # misuse: fewer answers
    held_off_at: float | None = None  # when the last answer of such a conversation went out

    doubt: str | None = None  # why it may be somebody else who writes
    unproven: bool = False  # somebody said yes after a doubt; no safe word was given
    aside: dict[str, Any] | None = None  # the thread from before the doubt
    safe_word: str | None = None  # a keyed hash
    safe_word_strong: bool = False  # chosen on the web or by the desk; else it stands in a thread
    word_tries: int = 0
    choosing: int = 0  # the next message is the safe word; counts how often it was asked for
    heard_at: float | None = None  # when the person last wrote
    spoken: list[str] = field(default_factory=list)  # languages the person has written clearly
    tongue: str | None = None  # another language that has only a fixed text, written now
    hidden_to: int = 0  # messages up to this number are not drawn on the page again

    @property
    def thread_away(self) -> bool:
        """What was before may not be spoken of: nobody has proved to be the one who said it."""
        return self.neutral or (self.unproven and self.handoff_id is None)

    def to_json(self) -> str:
        """As stored (sealed)."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str) -> State:
        """From the store; fields that a newer version dropped are ignored."""
        values = {k: v for k, v in json.loads(raw).items() if k in cls.__dataclass_fields__}
        values["facts"] = Facts(**values.get("facts", {}))
        return cls(**values)


@dataclass
class Conversation:
    """A conversation as the turn sees it."""

    id: str
    channel: Channel
    lang: Lang
    held_by: HeldBy
    state: State
    created_at: datetime
    last_at: datetime
    check_back_at: datetime | None = None


def open_web(tx: Tx, lang: Lang) -> tuple[Conversation, str]:
    """A new web conversation and its token (32 random bytes, given to the page only)."""
    token = secrets.token_urlsafe(32)
    return _open(tx, "web", lang, token_hash=tx.keys.keyed_hash("web-token", token)), token


def by_web_token(tx: Tx, token: str) -> Conversation | None:
    """The conversation of a page's token; None when it was erased or never was."""
    row = tx.session.scalar(
        select(models.Conversation).where(
            models.Conversation.token_hash == tx.keys.keyed_hash("web-token", token)
        )
    )
    return _read(tx, row)


def new_web_token(tx: Tx, conversation_id: str) -> str:
    """A fresh token for the same conversation (return code used); the old one stops working."""
    token = secrets.token_urlsafe(32)
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation_id)
        .values(token_hash=tx.keys.keyed_hash("web-token", token))
    )
    return token


def known_by_number(tx: Tx, number: str) -> Conversation | None:
    """The open SMS conversation of a number (E.164); None when there is none."""
    number_hash = tx.keys.keyed_hash("number", number)
    row = tx.session.scalar(
        select(models.Conversation).where(models.Conversation.number_hash == number_hash)
    )
    return _read(tx, row)


def by_number(tx: Tx, number: str, lang: Lang) -> Conversation:
    """The open SMS conversation of a number (E.164), or a new one."""
    found = known_by_number(tx, number)
    if found is not None:
        return found
    number_hash = tx.keys.keyed_hash("number", number)
    conversation = _open(tx, "sms", lang, number_hash=number_hash)
    sealed = tx.keys.seal(conversation.id, number, f"conversations.number:{conversation.id}")
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation.id)
        .values(number_sealed=sealed)
    )
    return conversation


def number_of(tx: Tx, conversation_id: str) -> str | None:
    """The person's number in clear, to send to it; None on the web or after erasing."""
    row = tx.session.get(models.Conversation, conversation_id)
    if row is None or row.number_sealed is None:
        return None
    return tx.keys.open_text(conversation_id, row.number_sealed, f"conversations.number:{row.id}")


def get(tx: Tx, conversation_id: str) -> Conversation | None:
    """A conversation by id; None after erasing."""
    return _read(tx, tx.session.get(models.Conversation, conversation_id))


def of_handoff(tx: Tx, handoff_id: str) -> Conversation | None:
    """The conversation a handoff came from; None when it was erased."""
    row = tx.session.get(models.Handoff, handoff_id)
    return None if row is None or row.conversation_id is None else get(tx, row.conversation_id)


def save(tx: Tx, conversation: Conversation) -> None:
    """Keep language and state. A conversation erased meanwhile stays erased."""
    if not tx.keys.exists(conversation.id):
        return
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation.id)
        .values(lang=conversation.lang, state_sealed=_seal_state(tx, conversation))
    )


def touch(tx: Tx, conversation_id: str) -> None:
    """The person wrote: the twelve hours start anew."""
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation_id)
        .values(last_at=tx.now)
    )


def set_check_back(tx: Tx, conversation: Conversation, at: datetime | None) -> None:
    """When to look back once at a direct question; None when it was answered or never asked."""
    if conversation.check_back_at == at:
        return
    conversation.check_back_at = at
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation.id)
        .values(check_back_at=at)
    )


def to_check_back(tx: Tx) -> list[Conversation]:
    """Conversations held by the bot in which a direct question stands unanswered long enough."""
    rows = tx.session.scalars(
        select(models.Conversation)
        .where(models.Conversation.check_back_at <= tx.now, models.Conversation.held_by == "bot")
        .order_by(models.Conversation.check_back_at)
    )
    return [found for row in rows if (found := _read(tx, row)) is not None]


def set_held_by(tx: Tx, conversation_id: str, held_by: HeldBy) -> None:
    """Who answers the person from now on."""
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation_id)
        .values(held_by=held_by)
    )


def set_return_code(tx: Tx, conversation_id: str, code: str | None) -> None:
    """The five words that open this conversation again; None takes them away."""
    value = None if code is None else tx.keys.keyed_hash("return-code", code)
    tx.session.execute(
        update(models.Conversation)
        .where(models.Conversation.id == conversation_id)
        .values(return_code_hash=value)
    )


def by_return_code(tx: Tx, code: str) -> Conversation | None:
    """The conversation that a return code opens."""
    row = tx.session.scalar(
        select(models.Conversation).where(
            models.Conversation.return_code_hash == tx.keys.keyed_hash("return-code", code)
        )
    )
    return _read(tx, row)


def erase_words(tx: Tx, conversation_id: str) -> None:
    """Remove messages, tracker and texts on their way; the way to reach the person stays.

    The provider is asked to delete its copies (a job does it, see provider_copies).
    """
    provider_copies.release(tx, conversation_id)
    for table in (models.StoredMessage, models.Tracker, models.SmsPart):
        tx.session.execute(delete(table).where(table.conversation_id == conversation_id))
    tx.session.execute(delete(models.OutboxRow).where(models.OutboxRow.owner_id == conversation_id))


def erase(tx: Tx, conversation_id: str) -> None:
    """Remove a conversation with its words, tracker, number and key, now.

    Handoffs, alarms and their outbox rows have keys of their own; see handoff/queue.py for what
    becomes of them. Call Database.checkpoint() after the commit.
    """
    _count(tx, conversation_id)
    erase_words(tx, conversation_id)
    tx.session.execute(delete(models.Conversation).where(models.Conversation.id == conversation_id))
    tx.keys.destroy(conversation_id)


def _count(tx: Tx, conversation_id: str) -> None:
    """Into the statistics, without a trace. What cannot be read is not counted but erased."""
    with suppress(Unreadable):
        found = get(tx, conversation_id)
        if found is not None:
            statistics.contact_ended(tx, found)


def _open(tx: Tx, channel: Channel, lang: Lang, **columns: Any) -> Conversation:
    conversation = Conversation(new_id(), channel, lang, "bot", State(), tx.now, tx.now)
    tx.keys.create(conversation.id)
    tx.session.add(
        models.Conversation(
            id=conversation.id,
            channel=channel,
            lang=lang,
            held_by="bot",
            state_sealed=_seal_state(tx, conversation),
            created_at=tx.now,
            last_at=tx.now,
            **columns,
        )
    )
    tx.session.flush()
    return conversation


def _seal_state(tx: Tx, conversation: Conversation) -> bytes:
    return tx.keys.seal(
        conversation.id, conversation.state.to_json(), f"conversations.state:{conversation.id}"
    )


def _read(tx: Tx, row: models.Conversation | None) -> Conversation | None:
    if row is None:
        return None
    raw = tx.keys.open_text(row.id, row.state_sealed, f"conversations.state:{row.id}")
    return Conversation(
        id=row.id,
        channel=cast(Channel, row.channel),
        lang=cast(Lang, row.lang),
        held_by=cast(HeldBy, row.held_by),
        state=State.from_json(raw),
        created_at=row.created_at,
        last_at=row.last_at,
        check_back_at=row.check_back_at,
    )

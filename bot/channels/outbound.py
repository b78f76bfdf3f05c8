"""The one place that sends. Bot and desk, web and SMS, all pass here.

On the web a reply is sent when it is stored: the page reads it from there. By SMS it becomes rows
in the outbox, in the same transaction; the sender in `sms/outbound.py` is woken after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from bot.channels.events import Events, conversation_topic
from bot.channels.messages import Reply
from bot.channels.sms import rest
from bot.channels.sms.menu import sms_texts
from bot.content.load import Content
from bot.store import conversations, messages, outbox
from bot.store.conversations import Conversation
from bot.store.database import Database, Tx
from bot.store.presence import READS_ALONG

if TYPE_CHECKING:
    from bot.handoff.calls import Ended

Danger = Literal["found_out", "not_safe", "not_said"]
Sent = Literal["sent", "erased", "unsafe"]

EMERGENCY = "emergency_line"  # the sentence of handoff/followup.py


class Outbound:
    """Sends replies; see the module."""

    def __init__(self, db: Database, events: Events, content: Content) -> None:
        self._db = db
        self._events = events
        self._content = content
        self.wake_sms: Callable[[], None] = lambda: None

    def put(
        self,
        tx: Tx,
        conversation: Conversation,
        replies: Sequence[Reply],
        *,
        whole: bool = False,
    ) -> None:
        """Store `replies` and, by SMS, queue them. Nothing leaves before the commit.

        The choices of the last reply that has any are remembered in the conversation's state, and
        what MER brings of a long one (the caller saves it). `whole`: nothing is kept back for MER.
        """
        state, number = conversation.state, None
        if state.neutral:
            # Somebody else may hold the phone: answers that still wait must not reach it.
            outbox.drop(tx, conversation.id, keep=("desk",))
        if conversation.channel == "sms":
            number = conversations.number_of(tx, conversation.id)
        for reply in replies:
            message_id = messages.add_reply(tx, conversation.id, reply)
            menu = [[b.payload, b.title] for b in reply.buttons]
            if number is not None:
                cut = rest.cut(reply, conversation.lang, state)
                if whole:
                    cut = rest.Cut(sms_texts(reply, conversation.lang))
                if cut.rest:
                    rest.keep(state, cut.rest, reply, last=reply is replies[-1])
                    menu = state.menu = []  # no number chooses what nobody has read yet
                for text in cut.texts:
                    outbox.put(
                        *(tx, conversation.id, conversation.id, number, text, reply.kind),
                        message_id=message_id,
                    )
            if menu:
                state.menu = menu

    def sent(self, conversation: Conversation) -> None:
        """After the commit: wake the page or the SMS sender, and the desk."""
        self._events.publish(conversation_topic(conversation.id))
        if conversation.channel == "sms":
            self.wake_sms()

    async def from_desk(
        self,
        handoff_id: str,
        text: str,
        *,
        safe_now: bool = False,
        note: Callable[[Tx], None] = lambda tx: None,
    ) -> Sent:
        """What a counsellor writes, at least once; `note` is written in the same transaction.

        Nothing leaves while it may not be safe, unless she has said that it is (`safe_now`).
        """
        sent = await self._db.run(self._put_from_desk, handoff_id, text, safe_now, note)
        if isinstance(sent, str):
            return sent
        self.sent(sent)
        return "sent"

    async def unprompted(
        self,
        conversation_id: str,
        sentence: str,
        note: Callable[[Tx], None] = lambda tx: None,
        **values: object,
    ) -> bool:
        """Something the person did not just ask for; passes the gate or stays silent.

        The gate: the safe-contact rule holds, by SMS with the times the person gave for writing,
        and nothing was found out since. `note` is written
        in the same transaction, sent or kept back: nothing is said twice after a crash. Returns
        whether it was sent.
        """
        conversation = await self._db.run(
            self._put_if_allowed, conversation_id, sentence, note, values
        )
        if conversation is None:
            return False
        self.sent(conversation)
        return True

    def put_unprompted(self, tx: Tx, conversation_id: str, sentence: str) -> Conversation | None:
        """The same inside a transaction that changes something else: both are done, or neither.

        None when the gate kept it back. After the commit call `sent` with what it returns.
        """
        return self._put_if_allowed(tx, conversation_id, sentence, lambda tx: None, {})

    def put_made(
        self, tx: Tx, conversation_id: str, make: Callable[[Conversation], Sequence[Reply]]
    ) -> Conversation | None:
        """Replies made for this conversation, through the gate, inside a transaction that changes
        something else; None when the gate kept them back. After the commit call `sent`."""
        conversation = conversations.get(tx, conversation_id)
        if conversation is None or not may_write(conversation):
            return None
        self.put(tx, conversation, make(conversation), whole=True)
        conversations.save(tx, conversation)
        conversations.touch(tx, conversation_id)
        return conversation

    async def missed_call(self, ended: Ended) -> bool:
        """A text instead of the call nobody took, where the person allowed it. True when queued.

        Sealed with the case's key: the conversation may be on the web, or erased.
        """
        queued = await self._db.run(self._put_missed_call, ended)
        if queued:
            self.wake_sms()
        return queued

    def _put_missed_call(self, tx: Tx, ended: Ended) -> bool:
        from bot.handoff.calls import text_instead  # which asks the gate below

        case = text_instead(tx, ended)
        if case is None or case.draft is None or case.draft.contact.number is None:
            return False
        text = self._content.sentence("missed_call", case.draft.lang, "sms")
        about = case.conversation_id or case.id
        outbox.put(tx, about, case.id, case.draft.contact.number, text, "system")
        return True

    def _put_from_desk(
        self, tx: Tx, handoff_id: str, text: str, safe_now: bool, note: Callable[[Tx], None]
    ) -> Conversation | Literal["erased", "unsafe"]:
        conversation = conversations.of_handoff(tx, handoff_id)
        if conversation is None:
            return "erased"
        if not safe_now and danger_to(conversation) is not None:
            return "unsafe"
        note(tx)
        return self._put_now(tx, conversation.id, Reply(text, kind="desk")) or "erased"

    def _put_if_allowed(
        self,
        tx: Tx,
        conversation_id: str,
        sentence: str,
        note: Callable[[Tx], None],
        values: dict[str, object],
    ) -> Conversation | None:
        """The gate and the words in one transaction: nothing can be found out in between."""
        from bot.handoff import write_times  # which knows the cases; they ask the gate below

        note(tx)
        conversation = conversations.get(tx, conversation_id)
        emergency = sentence == EMERGENCY
        if conversation is None or not may_write(conversation, emergency=emergency):
            return None
        if not emergency and not write_times.allowed(tx, conversation_id):
            return None
        lang, channel = conversation.lang, conversation.channel
        reply = self._content.reply(sentence, lang, channel, None, **values)
        return self._put_now(tx, conversation_id, reply)

    def _put_now(self, tx: Tx, conversation_id: str, reply: Reply) -> Conversation | None:
        conversation = conversations.get(tx, conversation_id)
        if conversation is None:
            return None
        self.put(tx, conversation, [reply], whole=True)
        if reply.buttons:  # only then did the state change; a turn may be saving it just now
            conversations.save(tx, conversation)
        conversations.touch(tx, conversation_id)
        return conversation


def may_write(conversation: Conversation, *, emergency: bool = False) -> bool:
    """The gate for everything the person did not just ask for.

    `emergency`: danger was found while a counsellor held the person and nobody answers.
    """
    if conversation.state.neutral:
        return False
    if emergency:
        return True
    if conversation.state.thread_away:
        return False  # what it would be about was said by somebody who has not come back
    if conversation.channel == "sms":
        return conversation.state.safe == "yes"
    return conversation.state.safe != "no"


def danger_to(conversation: Conversation) -> Danger | None:
    """Why even a counsellor's own words must wait for her to say that it is safe.

    A pause or another language is no such reason: she sees a mark, and her talk goes on.
    """
    state = conversation.state
    if state.doubt == READS_ALONG or (state.neutral and state.doubt is None):
        return "found_out"
    if state.safe == "no":
        return "not_safe"
    if conversation.channel == "sms" and state.safe != "yes":
        return "not_said"
    return None

"""The one place that sends. Bot and desk, web and SMS, all pass here.

On the web a reply is sent when it is stored: the page reads it from there. By SMS it becomes rows
in the outbox, in the same transaction; the sender in `sms/outbound.py` is woken after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.channels.events import Events, conversation_topic
from bot.channels.messages import Reply
from bot.channels.sms.menu import sms_texts
from bot.content.load import Content
from bot.store import conversations, messages, outbox
from bot.store.conversations import Conversation
from bot.store.database import Database, Tx

EMERGENCY = "emergency_line"  # the sentence of handoff/followup.py


class Outbound:
    """Sends replies; see the module."""

    def __init__(self, db: Database, events: Events, content: Content) -> None:
        self._db = db
        self._events = events
        self._content = content
        self.wake_sms: Callable[[], None] = lambda: None

    def put(self, tx: Tx, conversation: Conversation, replies: Sequence[Reply]) -> None:
        """Store `replies` and, by SMS, queue them. Nothing leaves before the commit.

        The choices of the last reply that has any are remembered in the conversation's state
        (the caller saves it).
        """
        number = None
        if conversation.state.neutral:
            # Somebody else may hold the phone: answers that still wait must not reach it.
            outbox.drop(tx, conversation.id, keep=("desk",))
        if conversation.channel == "sms":
            number = conversations.number_of(tx, conversation.id)
        for reply in replies:
            messages.add_reply(tx, conversation.id, reply)
            if number is not None:
                for text in sms_texts(reply, conversation.lang):
                    outbox.put(tx, conversation.id, conversation.id, number, text, reply.kind)
        offered = [reply.buttons for reply in replies if reply.buttons]
        if offered:
            conversation.state.menu = [[b.payload, b.title] for b in offered[-1]]

    def sent(self, conversation: Conversation) -> None:
        """After the commit: wake the page or the SMS sender, and the desk."""
        self._events.publish(conversation_topic(conversation.id))
        if conversation.channel == "sms":
            self.wake_sms()

    async def from_desk(self, handoff_id: str, text: str) -> bool:
        """What a counsellor writes, at least once. False when the conversation was erased."""
        conversation = await self._db.run(conversations.of_handoff, handoff_id)
        if conversation is None:
            return False
        return await self._send(conversation.id, Reply(text, kind="desk"))

    async def unprompted(
        self,
        conversation_id: str,
        sentence: str,
        note: Callable[[Tx], None] = lambda tx: None,
        **values: object,
    ) -> bool:
        """Something the person did not just ask for; passes the gate or stays silent.

        The gate: the safe-contact rule holds and nothing was found out since. `note` is written
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

    async def _send(self, conversation_id: str, reply: Reply) -> bool:
        conversation = await self._db.run(self._put_now, conversation_id, reply)
        if conversation is None:
            return False
        self.sent(conversation)
        return True

    def _put_if_allowed(
        self,
        tx: Tx,
        conversation_id: str,
        sentence: str,
        note: Callable[[Tx], None],
        values: dict[str, object],
    ) -> Conversation | None:
        """The gate and the words in one transaction: nothing can be found out in between."""
        note(tx)
        conversation = conversations.get(tx, conversation_id)
        if conversation is None or not may_write(conversation, emergency=sentence == EMERGENCY):
            return None
        lang, channel = conversation.lang, conversation.channel
        reply = self._content.reply(sentence, lang, channel, None, **values)
        return self._put_now(tx, conversation_id, reply)

    def _put_now(self, tx: Tx, conversation_id: str, reply: Reply) -> Conversation | None:
        conversation = conversations.get(tx, conversation_id)
        if conversation is None:
            return None
        self.put(tx, conversation, [reply])
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
    if conversation.channel == "sms":
        return conversation.state.safe == "yes"
    return conversation.state.safe != "no"

"""One person who writes with the service in memory, and what they hear."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.channels.messages import Channel, Lang, Message, Reply
from bot.channels.sms.menu import sms_texts
from bot.handoff import queue
from bot.handoff.alarms import AlarmRow
from bot.services import Services
from bot.store import conversations, messages
from bot.store.conversations import Conversation, State
from bot.turn import TurnResult
from tests.support import PHONE, MovingClock

COUNSELLOR = "c0ffee"


@dataclass
class Talk:
    """A conversation as the person has it."""

    services: Services
    clock: MovingClock
    channel: Channel = "web"
    lang: Lang = "nb"
    id: str = ""
    last: TurnResult | None = None
    buttons: list[str] = field(default_factory=list)
    unstored: list[Reply] = field(default_factory=list)

    async def begins(self, *, safe: bool = True) -> Talk:
        """Open the conversation, past the first question."""
        if self.channel == "web":
            opened, _token = await self.run(conversations.open_web, self.lang)
        else:
            opened = await self.run(conversations.by_number, PHONE, self.lang)
        self.id = opened.id
        if safe:
            await self.knows(safe="yes", opened=True)
        return self

    async def writes(
        self, text: str, payload: str | None = None, provider_id: str | None = None
    ) -> list[Reply]:
        """Send a message; returns what came back at once."""
        self.clock.passes(seconds=5)
        message = Message(self.id, self.channel, text, self.clock(), payload, provider_id)
        self.last = await self.services.turn.handle(message)
        if not self.last.stored:
            self.unstored += self.last.replies
        for reply in self.last.replies:
            if reply.buttons:
                self.buttons = [button.payload for button in reply.buttons]
        return self.last.replies

    async def presses(self, *payloads: str) -> list[Reply]:
        """Press buttons that are offered, one after the other; by SMS their number is written."""
        replies: list[Reply] = []
        for payload in payloads:
            number = self.buttons.index(payload) + 1
            if self.channel == "web":
                replies = await self.writes("", payload)
            else:
                replies = await self.writes(str(number))
        return replies

    async def hands_over(self) -> list[Reply]:
        """From "menneske" to the summary, in the shortest way. The next step is "send"."""
        await self.writes("menneske")
        return await self.presses("how:write_now", "choose:self", "no")

    async def is_held(self) -> str:
        """Hand over, and a counsellor takes it. Returns the handoff's id."""
        await self.hands_over()
        await self.presses("send")
        case = await self.run(queue.find_open, self.id)
        assert case is not None
        assert await self.run(queue.take, case.id, COUNSELLOR)
        return str(case.id)

    async def heard(self) -> list[Reply]:
        """Everything the service has said and stored, oldest first."""
        stored = await self.run(messages.after, self.id, 0)
        return [one.reply for one in stored if one.author != "person"]

    async def said_by_person(self) -> list[str]:
        """What is stored of the person's own words."""
        stored = await self.run(messages.after, self.id, 0)
        return [one.reply.text for one in stored if one.author == "person"]

    async def alarms(self) -> list[AlarmRow]:
        """What alarms at the desk."""
        return list(await self.run(queue.list_alarms))

    async def state(self) -> State:
        """What the conversation remembers."""
        found: Conversation | None = await self.run(conversations.get, self.id)
        assert found is not None
        return found.state

    async def knows(self, **values: Any) -> None:
        """Put something into the conversation's memory."""

        def change(tx: Any) -> None:
            found = conversations.get(tx, self.id)
            assert found is not None
            for name, value in values.items():
                setattr(found.state, name, value)
            conversations.save(tx, found)

        await self.run(change)

    def sentence(self, name: str, lang: Lang = "nb") -> str:
        """What the content says under this name."""
        return self.services.content.sentence(name, lang, self.channel)

    def answer(self, topic: str, lang: Lang = "nb") -> str:
        """The text of a topic's answer."""
        return self.services.content.answer(topic, lang, self.channel)[0].text

    async def run(self, fn: Any, *args: Any) -> Any:
        """One transaction."""
        return await self.services.db.run(fn, *args)


def words(replies: list[Reply], channel: Channel = "web") -> str:
    """All that is read, as one text."""
    if channel == "sms":
        return "\n".join(text for reply in replies for text in sms_texts(reply, "nb"))
    return "\n".join(reply.text for reply in replies)


def texts(replies: list[Reply]) -> list[str]:
    """The text of each reply."""
    return [reply.text for reply in replies]

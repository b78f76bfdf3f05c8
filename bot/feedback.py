"""The one question at the end: did you get help with what you came for? Voluntary, and once.

Asked after a goodbye or thanks, and when a counsellor has closed the case. Never where danger was
told of, to a child in danger, in doubt about who reads, or to who asked not to be counted. Silence
is an answer: it is not asked again. What is written instead is a message like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot import counted
from bot.channels.outbound import may_write
from bot.store import conversations
from bot.store.conversations import Conversation
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

ASK = "feedback_ask"
ANSWERS = ("yes", "bit", "no")
HELPED = frozenset({"talked", "appointment", "passed_on"})  # outcomes of a talk that was one
FAREWELLS = frozenset({"goodbye", "thanks"})


class Says(Protocol):
    """The part of channels/outbound.py that is needed here."""

    def put_unprompted(self, tx: Tx, conversation_id: str, sentence: str) -> Conversation | None:
        """Through the gate, in this transaction; None when it was kept back."""
        ...


def offer_feedback(services: Services, turn: Turn) -> None:
    """After a farewell, the question under the answer."""
    if turn.topic not in FAREWELLS or not turn.replies or not may_ask(turn.conversation):
        return
    if turn.channel == "sms":  # two menus would give one number two meanings
        turn.replies = [replace(reply, buttons=()) for reply in turn.replies]
    turn.conversation.state.feedback = "asked"
    turn.say(services.content.reply(ASK, turn.lang, turn.channel))


def ask_after(
    tx: Tx, outbound: Says, told: Conversation | None, outcome: str
) -> Conversation | None:
    """After the notice that a case is closed, in its transaction. Returns who was told last."""
    if told is None or outcome not in HELPED or not may_ask(told):
        return told
    asked = outbound.put_unprompted(tx, told.id, ASK)
    if asked is None:
        return told
    asked.state.feedback = "asked"
    conversations.save(tx, asked)
    return asked


def may_ask(conversation: Conversation) -> bool:
    """Once, where it is safe and calm, and somebody counts it."""
    state = conversation.state
    if state.feedback or state.counted or counted.is_left_out(state) or state.flow is not None:
        return False
    danger = state.last_danger is not None or state.facts.risks or state.facts.afraid_now == "yes"
    told = danger or any(mark.startswith("danger:") for mark in state.tally)
    doubt = state.doubt is not None or state.unproven
    held = conversation.held_by == "desk"
    return not told and not doubt and not held and may_write(conversation)


def answer(services: Services, turn: Turn) -> bool:
    """One of its buttons. False when it is none, or the question is not open."""
    if not note_feedback(turn):
        return False
    thanks = "feedback_no" if turn.conversation.state.feedback == "no" else "feedback_thanks"
    turn.say(services.content.reply(thanks, turn.lang, turn.channel))
    return True


def note_feedback(turn: Turn) -> bool:
    """Count the answer with the conversation, when that ends; the last press is the one."""
    state = turn.conversation.state
    kind, _, given = (turn.payload or "").partition(":")
    if kind != "feedback" or given not in ANSWERS or not state.feedback:
        return False
    state.feedback = given
    return True

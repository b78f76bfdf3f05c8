"""What a conversation will be counted as: ids of fixed lists, in its sealed state until it ends.

Nothing is counted while it goes on, so there is nothing to take back when the person asks not to
be counted. What is counted, and how, is said to people in bot/statistics.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.messages import Lang
from bot.commands import read_command, read_payload
from bot.store import conversations, statistics
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.services import Services
    from bot.store.conversations import State
    from bot.turn import Turn

LEFT_OUT = ":".join(statistics.OPTED_OUT)

ROLES = ("exposed", "relative", "young", "professional", "uses_violence", "unknown")
FORMS = (
    "physical", "psychological", "control_isolation", "sexual", "economic_material", "latent",
    "digital", "social_control_honour", "after_break_up", "children",
)  # fmt: skip
_SAME_FORM = {"economic": "economic_material"}  # the topic, and the group of the checklist
# About the conversation itself: no topic somebody came with.
_NO_TOPICS = frozenset({"conversation", "danger"})


def note_for_counting(services: Services, turn: Turn) -> None:
    """Add what this turn tells. A button of the first screen alone is no contact yet."""
    state = turn.conversation.state
    if state.counted or is_left_out(state) or (turn.payload or "").startswith("safe:"):
        return
    marks = {"contacts:all", *state.tally}
    if turn.topic is not None and _is_topic(services, turn.topic):
        marks.add(f"topic:{turn.topic}")
    marks |= {f"topic:{topic}" for topic in state.facts.answered if _is_topic(services, topic)}
    marks |= {f"form:{form}" for form in _forms(state)}
    marks |= {f"danger:{danger}" for danger in _dangers(services, turn)}
    marks = _replaced(marks, "role", _role(state))
    marks = _replaced(marks, "lang", _lang(turn, marks))
    state.tally = sorted(marks)


async def heed_opting_out(services: Services, turn: Turn) -> None:
    """IKKE TELL, whoever holds the person and whatever is open. It is kept before all else.

    What is said to it: the step for commands.
    """
    if is_wanted(turn) and not is_left_out(turn.conversation.state):
        _leave_out(turn.conversation.state)
        await services.db.run(_keep_left_out, turn.conversation.id)


def is_wanted(turn: Turn) -> bool:
    """Whether the message is the word, and nothing else, or its button."""
    found = read_payload(turn.payload)
    if found is None and turn.payload is None:
        found = read_command(turn.message.text)
    return found is not None and found[0] == "uncount"


def confirm(services: Services, turn: Turn) -> None:
    """Say that it is so; and the truth where something was counted before."""
    late = "opted_out_late" if turn.conversation.state.counted else "opted_out"
    turn.say(services.content.reply(late, turn.lang, turn.channel))


def is_left_out(state: State) -> bool:
    """The person asked not to be counted."""
    return LEFT_OUT in state.tally


def _leave_out(state: State) -> None:
    state.tally = [LEFT_OUT]


def _keep_left_out(tx: Tx, conversation_id: str) -> None:
    """At once: also when a later step of the turn fails."""
    found = conversations.get(tx, conversation_id)
    if found is not None:
        _leave_out(found.state)
        conversations.save(tx, found)
        statistics.leave_out(tx, conversation_id)


def _is_topic(services: Services, topic: str) -> bool:
    content = services.content
    return content.has(topic) and content.page(topic, "nb").group not in {*_NO_TOPICS, "system"}


def _forms(state: State) -> set[str]:
    told = {_SAME_FORM.get(form, form) for form in state.facts.violence}
    return told & set(FORMS)


def _dangers(services: Services, turn: Turn) -> set[str]:
    told = set(turn.conversation.state.facts.risks)
    if turn.finding is not None:
        told |= {turn.finding.danger, *turn.finding.all}
    return told & set(services.content.topics("danger"))


def _role(state: State) -> str | None:
    """As answers are chosen for a reader; None when nothing was said of it."""
    facts = state.facts
    if state.young or facts.young:
        return "young"
    if state.violent or state.last_topic == "i_use_violence":
        return "uses_violence"
    if state.reader == "professional":
        return "professional"
    if state.reader == "relative" or facts.about == "other" or state.other:
        return "relative"
    told = facts.about == "self" or facts.violence or facts.risks or facts.own_words
    return "exposed" if told else None


def _lang(turn: Turn, marks: set[str]) -> Lang | str:
    if turn.topic == "other_language" or "lang:other" in marks:
        return "other"
    return turn.lang


def _replaced(marks: set[str], kind: str, name: str | None) -> set[str]:
    """One of a kind; what is not known leaves what was."""
    if name is None:
        known = any(mark.startswith(f"{kind}:") for mark in marks)
        return marks if known else {*marks, f"{kind}:unknown"}
    return {mark for mark in marks if not mark.startswith(f"{kind}:")} | {f"{kind}:{name}"}

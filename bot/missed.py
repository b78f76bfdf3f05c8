"""What was not understood: may a counsellor write it down, in other words, for the editor?

Asked once in a conversation, right after the confirmation of the handoff that a failure to
understand has led to. Then the person has got what they came for, and waits anyway: nothing hangs
on the answer. Later it would break in on the talk with the counsellor; when the case is closed it
would come unasked for, perhaps to a phone that somebody else holds by then, and there would be no
counsellor left to write it down. Silence is no. How it is written down: handoff/missed.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bot.channels.outbound import may_write
from bot.handoff.draft import HandoffDraft
from bot.handoff.questions import said
from bot.store import messages
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

Answer = Literal["yes", "no"]

PAYLOADS: dict[str, Answer] = {"missed:yes": "yes", "missed:no": "no"}
OPEN = ("asked", "yes", "no")  # asked, and nothing written down yet: one may think better of it
MOST_GUESSES = 4


def note(turn: Turn, guesses: Sequence[str]) -> None:
    """A message was not understood. `guesses`: ids of the topics that were offered for it."""
    state = turn.conversation.state
    if state.missed_said or state.flow == "handoff":
        return  # what the person said yes to is what led to the handoff, not what comes after
    earlier = state.missed if state.fails > 1 else []
    state.missed = list(dict.fromkeys([*earlier, *guesses]))[:MOST_GUESSES]


def ask(services: Services, turn: Turn, draft: HandoffDraft) -> None:
    """Ask, after the confirmation, where failing to understand led here and the moment is calm."""
    state = turn.conversation.state
    if "unsure" in draft.reasons and not state.missed_said and _is_calm(turn, draft):
        state.missed_said = "asked"
        turn.say(services.content.reply("missed_ask", turn.lang, turn.channel))


async def answer(services: Services, turn: Turn) -> bool:
    """Yes or no to the question: its button, or words directly after it. False: neither."""
    if turn.conversation.state.missed_said not in OPEN:
        return False
    given = _pressed(turn) or await services.db.run(_written, turn)
    if given is None:
        return False
    turn.conversation.state.missed_said = given
    turn.say(services.content.reply(f"missed_{given}", turn.lang, turn.channel))
    return True


def note_press(turn: Turn) -> None:
    """The button pressed while the desk holds the person. Words are meant for the counsellor."""
    given = _pressed(turn)
    if given is not None and not turn.conversation.state.neutral:
        turn.conversation.state.missed_said = given


def _is_calm(turn: Turn, draft: HandoffDraft) -> bool:
    """No danger told of, nobody in doubt, no child, and not somebody who is about to ring."""
    state, facts = turn.conversation.state, turn.conversation.state.facts
    danger = state.last_danger is not None or facts.risks or facts.afraid_now == "yes"
    doubt = state.neutral or state.doubt is not None or state.unproven
    if danger or doubt or state.young or draft.how == "call_self":
        return False
    return may_write(turn.conversation)  # the rule of safe contact, stricter than an answer needs


def _pressed(turn: Turn) -> Answer | None:
    if turn.conversation.state.missed_said not in OPEN:
        return None
    return PAYLOADS.get(turn.message.payload or "")


def _written(tx: Tx, turn: Turn) -> Answer | None:
    """A plain yes or no, or its number, as the very next message: any other yes is to something
    else, and what understanding takes for a yes is none here."""
    if turn.message.payload is not None or not _was_just_asked(tx, turn):
        return None
    by_number = PAYLOADS.get(turn.payload or "")
    if by_number is not None or turn.payload is not None:
        return by_number
    words = turn.message.text
    if said("yes", words, turn.lang):
        return "yes"
    return "no" if said("no", words, turn.lang) else None


def _was_just_asked(tx: Tx, turn: Turn) -> bool:
    stored = messages.get(tx, turn.message_id)
    if stored is None:
        return False
    before = messages.after(tx, turn.conversation.id, stored.seq - 2, 1)
    buttons = {button.payload for one in before for button in one.reply.buttons}
    return not buttons.isdisjoint(PAYLOADS)

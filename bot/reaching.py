"""How a person wants to be reached, said where no form asks: kept, and used when one begins.

"Ikke ring meg da, bare skriv" may come at any time. What it says stands in the facts until the
person says otherwise; a form that is open hears it itself (bot/handoff/between.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from bot.handoff.contact_wish import read_unasked, without_why
from bot.handoff.draft import NO_CALL
from bot.understanding.questions import is_question

if TYPE_CHECKING:
    from bot.channels.messages import Reply
    from bot.services import Services
    from bot.turn import Turn

Wished = Literal["no_call", "call"]


def note(turn: Turn) -> None:
    """Keep the wish, also where the message tells more, or is answered as a danger."""
    found = read_unasked(turn.message.text) if turn.payload is None else None
    if found is None or turn.conversation.state.flow == "handoff":
        return
    state, (wish, _) = turn.conversation.state, found
    changes = {"contact": NO_CALL if wish.no_call else "call", "contact_times": wish.times}
    state.facts = state.facts.updated(changes)


async def answer(
    services: Services,
    turn: Turn,
    resumed: Callable[[Services, Turn], list[Reply]],
    start: Callable[[Services, Turn, str, str], Awaitable[None]],
) -> bool:
    """ "Ikke ring, bare skriv": that it is kept. "Ring meg heller": the form begins."""
    wanted = _wished(turn)
    if wanted == "call":
        await start(services, turn, "handoff", "how:be_called")
    elif wanted == "no_call":
        said = services.content.reply("no_call_noted", turn.lang, turn.channel)
        turn.say(said, *resumed(services, turn))
    return wanted is not None


def _wished(turn: Turn) -> Wished | None:
    """The wish of a message that says nothing else; with a reason beside it, it still is one."""
    if turn.payload is not None or turn.conversation.state.flow == "handoff":
        return None
    if turn.conversation.state.young and is_question(turn.message.text):
        return None  # a child who asks whether writing is enough is answered as a child
    found = read_unasked(without_why(turn.message.text))
    if found is None or not found[1]:
        return None
    return "no_call" if found[0].no_call else "call"

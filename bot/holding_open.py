"""The direct question held open while something else is answered.

"Tenker du på å ta livet ditt?" may be met with "hva koster det å bo der". That is answered, and
the person hears that the question still stands: warmly, in other words, and not every time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.channels.messages import Reply
from bot.commands import normal
from bot.safety.answers import asks

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

A_QUESTION = 3  # words; a shorter one is a cry ("hva nå?")
# Of despair, though it has the shape of a question: it is met with nearness, not with topics.
_OF_DESPAIR = re.compile(
    r"\b(?:vits\w*|poeng\w*|mening\w*|meining\w*|ork[ea]\w*|klar[ea]\w*|holde ut|halde ut"
    r"|leve|leva|dø|døy|slutt|bryr|savne\w*|sakne\w*|hvorfor|kvifor|koffer|verdt|verd|igjen å"
    r"|point|why|go on|bother|live|living|die|dying|cares?|miss me|worth|anymore"
    r"|stand (?:it|this))\b"
)


def asks_else(turn: Turn) -> bool:
    """Whether the message asks for something that can be looked up."""
    words = normal(turn.message.text)
    long_enough = len(words.split()) >= A_QUESTION
    return long_enough and asks(turn.message.text) and _OF_DESPAIR.search(words) is None


def hold(services: Services, turn: Turn) -> None:
    """Say beside an answer that the question stands: at once, then every other time."""
    state = turn.conversation.state
    if not state.asked_suicide:
        state.held_open = 0
        return
    if not turn.replies or turn.unanswered or turn.check_back or state.flow is not None:
        return
    state.held_open += 1
    if state.held_open % 2 == 0:
        return
    section = "held" if state.held_open == 1 else "held_again"
    young = "_young" if state.young and section == "held" else ""
    said = services.words.of_danger(
        "suicide_dont_know", turn.lang, turn.channel, f"{section}{young}"
    )
    turn.say(*(Reply(reply.text, kind="danger") for reply in said))

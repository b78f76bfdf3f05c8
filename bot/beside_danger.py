"""What a message asked beside the danger that was heard in it.

The words of the danger come first, whatever else is asked. A danger that is not of this minute has
the question named beside it. Where only one of the two signals heard danger of this minute, and the
trained one doubts it, the question is answered at once: "barnevernet ringte i dag" wants more than
112. Beside the direct question about suicide there is nothing: a "ja" must have one meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import answers, offering
from bot.safety.reading_along import FOUND_OUT
from bot.understanding.types import UnderstandingAway, Understood

if TYPE_CHECKING:
    from bot.safety import Finding
    from bot.services import Services
    from bot.turn import Turn

# Beside the words for a danger these say nothing more.
_SAYS_NO_MORE = frozenset({"conversation", "danger", "system"})
_ANSWERED_BY_DANGER = _SAYS_NO_MORE | {"violence"}
# Beside a danger a topic is only named, so it need not be as sure as an answer.
_NAMED_FROM = 0.7


async def answer(services: Services, turn: Turn) -> None:
    """Name or answer it. Never in the way of the danger's own words: a fault is only noted."""
    finding, state = turn.finding, turn.conversation.state
    if finding is None or finding.neutral or finding.other:
        return
    if finding.level == "now" and (not finding.doubtful or FOUND_OUT in finding.all):
        return  # an answer would tell who reads along what this is
    if turn.check_back or turn.payload or state.paused or not services.understanding.ready:
        return
    try:
        understood = await services.understanding.understand(
            turn.conversation.id, turn.message.text, turn.lang
        )
    except UnderstandingAway as error:
        services.troubles["understanding"] = str(error)
        return
    turn.understood = understood = offering.checked(turn, understood)
    if _is_answered(services, turn, finding, understood):
        return
    asked = [understood.topic] if understood.topic else []
    if not asked and understood.confidence >= _NAMED_FROM:
        asked = list(understood.alternatives[:1])
    silent = _SAYS_NO_MORE if finding.doubtful else _ANSWERED_BY_DANGER
    known = [t for t in (*asked, *understood.also) if services.content.has(t)]
    answers.name_the_rest(
        services, turn, tuple(t for t in known if _group(services, t) not in silent)
    )


def _is_answered(services: Services, turn: Turn, finding: Finding, understood: Understood) -> bool:
    """A doubtful danger has the answer of a sure topic after it; "ja" belongs to that then.

    SMS and forms have no room: there it is named.
    """
    topic = understood.topic
    if not finding.doubtful or topic is None or understood.wish is not None:
        return False
    if turn.channel == "sms" or not services.content.has(topic):
        return False
    if _group(services, topic) in _SAYS_NO_MORE:
        return False
    turn.say(services.content.reply("if_not_now", turn.lang, turn.channel))
    answers.answer_topic(services, turn, topic)
    turn.conversation.state.staying = 0
    return True


def _group(services: Services, topic: str) -> str:
    return services.content.page(topic, "nb").group

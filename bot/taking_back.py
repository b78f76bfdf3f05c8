"""Taking back what was sent: while nobody has taken it, it can be; afterwards that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bot.channels.flows import FlowInput
from bot.channels.messages import Button, Reply
from bot.handoff import between, erase, queue

if TYPE_CHECKING:
    from bot.handoff.flow import HandoffFlow
    from bot.services import Services
    from bot.turn import Turn

_YES, _NO = "withdraw:yes", "withdraw:no"


async def answer(services: Services, turn: Turn) -> bool:
    """Ask once, since "jeg angrer" may mean something else; do it at a press.

    Returns False when the message is neither, and is to be answered in another way.
    """
    state = turn.conversation.state
    if turn.payload == _YES:
        gone = await services.db.run(erase.withdraw_waiting, turn.conversation.id)
        state.handoff_id = None if gone else state.handoff_id
        services.events.publish("desk")
        turn.say(_says(services, turn, "withdrawn" if gone else "withdraw_taken"))
    elif turn.payload == _NO:
        turn.say(_says(services, turn, "withdraw_stands"))
    elif state.flow is None and state.handoff_id is not None and _takes_back(turn):
        case = await services.db.run(queue.find_open, turn.conversation.id)
        if case is None:
            return False
        waits = case.status == "waiting"
        turn.say(_says(services, turn, "ask_withdraw" if waits else "withdraw_taken", waits))
    else:
        return False
    return True


def taken_away(services: Services, turn: Turn) -> Reply:
    """Beside "it is erased": what had been sent is gone from the desk too."""
    return _says(services, turn, "withdrawn_too")


def _takes_back(turn: Turn) -> bool:
    return between.takes_back(FlowInput(turn.message.text, turn.payload, turn.lang, turn.channel))


def _says(services: Services, turn: Turn, key: str, asks: bool = False) -> Reply:
    texts = cast("HandoffFlow", services.flows["handoff"]).texts
    buttons: tuple[Button, ...] = ()
    if asks:
        buttons = (
            texts.button("withdraw", turn.lang, _YES),
            texts.button("leave", turn.lang, _NO),
        )
    return Reply(texts.text(key, turn.lang, turn.channel), buttons)

"""A conversation that a counsellor has limited or blocked: what is still said in it.

Danger comes first and is answered as always; SLETT works as always. The rules of marking stand in
bot/handoff/misuse.py.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.handing_over import is_erase

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

HERE = ZoneInfo("Europe/Oslo")
SLOW_GAP = 120.0  # seconds between two answers in a limited conversation
SAY_AGAIN = 600.0  # seconds until a blocked person is told once more by SMS


def blocked(turn: Turn) -> bool:
    """A block stands, whoever holds the person. SLETT is never blocked."""
    until = turn.conversation.state.blocked_until
    return until is not None and turn.message.at.timestamp() < until and not is_erase(turn)


def answer(services: Services, turn: Turn) -> bool:
    """True when this message gets no other answer than that; called after danger was answered."""
    state, at = turn.conversation.state, turn.message.at.timestamp()
    if is_erase(turn):
        return False
    if blocked(turn):
        _say_blocked(services, turn, at)
        return True
    if not state.slowed:
        return False
    last = state.held_off_at
    if last is None or at - last >= SLOW_GAP:
        state.held_off_at = at
        return False
    if turn.channel == "web":  # by SMS silence is the slower answer; each text costs and rings
        turn.say(services.content.reply("slowed", turn.lang, turn.channel))
    return True


def _say_blocked(services: Services, turn: Turn, at: float) -> None:
    state = turn.conversation.state
    told = state.held_off_at
    if turn.channel == "sms" and told is not None and at - told < SAY_AGAIN:
        return
    state.held_off_at = at
    ends = datetime.fromtimestamp(state.blocked_until or at, UTC).astimezone(HERE)
    turn.say(
        services.content.reply(
            "blocked", turn.lang, turn.channel, None, until=ends.strftime("%H:%M")
        )
    )

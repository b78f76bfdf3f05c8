"""What a transcript does and sees of a talk in the day service; see player.py.

counsellor proposes: 24.11. 10:00, 25.11. 13:30 at biblioteket
counsellor confirms
person takes a return code
person comes back
desk: talk answered 2
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.appointments import carry_out_all
from bot.channels.webchat import codes
from bot.day_service import proposing, wishes
from bot.day_service.coming_back import by_return_code
from bot.day_service.when import HERE
from bot.day_service.wishes import Proposal
from bot.store import day_wishes
from bot.store.database import Tx

if TYPE_CHECKING:
    from tests.player import Player

COUNSELLOR = "c0ffee"
YEAR = 2026
_TIME = re.compile(r"(\d{1,2})\.(\d{1,2})\. (\d{1,2}):(\d{2})")
Step = Callable[[str], Awaitable[None]]


class Booking:
    """The booking steps of one player; remembers the code and what was seen of the wish."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._code = ""
        self._seen: dict[str, str] = {}

    def steps(self) -> dict[str, Step]:
        """The lines that this does."""
        return {
            "counsellor proposes": self._proposes,
            "counsellor confirms": self._confirms,
            "counsellor calls off": self._calls_off,
            "person takes a return code": self._takes_a_code,
            "person comes back": self._comes_back,
        }

    async def time_has_passed(self) -> None:
        """What comes by itself: the look back and the reminder."""
        await carry_out_all(self._player.services)

    async def news(self) -> list[str]:
        """What the list at the desk shows now, where it is something else than before."""
        found = await self._player.services.db.run(_shown)
        told = [f"desk: talk {words}" for id, words in found.items() if self._seen.get(id) != words]
        self._seen = found
        return told

    async def _proposes(self, value: str) -> None:
        times, _, place = value.partition(" at ")
        proposals = [Proposal(at, place, bool(place)) for at in _times(times)]
        await self._act(lambda tx, desk: proposing.propose(tx, desk, proposals, ""))

    async def _confirms(self, _value: str) -> None:
        await self._act(proposing.confirm)

    async def _calls_off(self, _value: str) -> None:
        await self._act(proposing.call_off)

    async def _takes_a_code(self, _value: str) -> None:
        found = await self._player.services.db.run(
            codes.give_code, self._player.conversation_id, codes.load_words()
        )
        assert found, "nothing is open"
        self._code = found

    async def _comes_back(self, _value: str) -> None:
        services = self._player.services
        opened = await services.db.run(codes.open_again, self._code)
        assert opened, "the code opens nothing"
        await services.db.run(by_return_code, services.outbound, services.content, opened[0])

    async def _act(self, work: Callable[[Tx, proposing.Desk], proposing.Done]) -> None:
        services = self._player.services

        def act(tx: Tx, _id: str) -> proposing.Done:
            row = (day_wishes.all_open(tx) or [None])[-1]
            assert row, "no wish on the list"
            desk = proposing.Desk(
                services.outbound, services.content, COUNSELLOR, row.handoff_id, row.version
            )
            return work(tx, desk)

        done = await services.turn.alone(self._player.conversation_id, act)
        assert done.refused is None, done.refused
        if done.told is None:
            self._player.played.append("desk: not sent, it is not safe to write")


def _times(text: str) -> list[datetime]:
    found = [[int(part) for part in match.groups()] for match in _TIME.finditer(text)]
    return [
        datetime(YEAR, month, day, hour, minute, tzinfo=HERE) for day, month, hour, minute in found
    ]


def _shown(tx: Tx) -> dict[str, str]:
    shown = {}
    for row in [*day_wishes.all_open(tx), *day_wishes.ended(tx)]:
        wish = wishes.read(tx, row)
        words = " ".join(part for part in (row.status, row.answer, row.outcome) if part)
        if row.in_doubt:
            words += ", perhaps somebody else"
        if row.reminder not in (None, "asked"):
            words += f", reminder {row.reminder}"
        if row.conversation_id is None:
            words += ", only by telephone"
        shown[row.id] = words + (f", better: {wish.words.fits}" if wish.words.fits else "")
    return shown

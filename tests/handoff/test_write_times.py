"""What the person did not just ask for keeps to the times they gave for writing, by SMS."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.channels.outbound import EMERGENCY
from bot.desk import holding
from bot.handoff import queue
from bot.handoff.draft import Contact
from bot.store import conversations
from bot.store.database import Tx
from tests.handoff.conftest import a_draft, add_counsellor
from tests.support import MovingClock, make_services
from tests.talk import Talk

INSIDE = "mellom 20 og 24"  # it is 22:14
LATER = "etter klokka 23"


async def waits(tmp_path: Path, clock: MovingClock, channel: Channel, times: str | None) -> Talk:
    talk = await Talk(make_services(tmp_path, clock), clock, channel).begins()

    def put(tx: Tx) -> None:
        person = conversations.get(tx, talk.id)
        assert person is not None
        draft = replace(a_draft(channel=channel), contact=Contact(safe_times=times))
        queue.open_handoff(tx, person, draft, give_code=False)
        add_counsellor(tx)

    await talk.run(put)
    return talk


@pytest.mark.parametrize(
    ("channel", "times", "told"),
    [
        ("sms", INSIDE, True),
        ("sms", None, True),
        ("sms", LATER, False),
        ("sms", "når han er på jobb", False),  # nobody can tell, and it is night
        ("web", LATER, True),
    ],
)
async def test_taken_and_closed_are_told_inside_the_times_alone(
    tmp_path: Path, clock: MovingClock, channel: Channel, times: str | None, told: bool
) -> None:
    talk = await waits(tmp_path, clock, channel, times)
    outbound = talk.services.outbound
    case = await talk.run(queue.find_open, talk.id)
    assert await outbound.unprompted(talk.id, "no_counsellor_yet") is told
    taken = await talk.run(holding.take, outbound, case.id, "kari", 120)
    assert taken.holder == "kari"
    assert (taken.told is not None) is told
    assert await outbound.unprompted(talk.id, EMERGENCY)
    closed = await talk.run(holding.close, outbound, case.id, "kari", "not_wanted")
    assert bool(closed.told) is told

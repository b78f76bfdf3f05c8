"""What the tests of Dagtilbud do at the desk, and what they look at."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

from bot.centre import DayService, MeetingPlace
from bot.channels.outbound import Outbound
from bot.day_service import answering, due, wishes
from bot.handoff.draft import Wishes
from bot.store import conversations, messages
from tests.desk.conftest import Browser, DeskServer

LIBRARY = "biblioteket i Fjellbygd"
TIMES = {"day1": "2026-11-24", "clock1": "10:00", "day2": "2026-11-25", "clock2": "13:30"}
FIRST, SECOND = "tirsdag 24. november kl. 10:00", "onsdag 25. november kl. 13:30"
NOT_SENT = "Ingenting ble sendt"


def place(place_id: str, name: str, **values: Any) -> MeetingPlace:
    known = {"source": "test", "date": date(2026, 11, 1), "confirmed_by": "En leder"}
    return MeetingPlace(id=place_id, name={"nb": name}, **(known | values))


def with_places(desk: DeskServer) -> DeskServer:
    """The desk with the real way out, and the centre's meeting places."""
    desk.clock.now = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)  # a quarter past ten in Norway
    services: SimpleNamespace = desk.services
    services.outbound = Outbound(desk.db, services.events, services.content)
    services.centre.day_service = DayService(
        hours={"nb": "mandag til fredag 8–15"},
        places=[
            place("library", LIBRARY),
            place("house", "det hemmelige huset", secret=True),
            place("health", "helsestasjonen", confirmed_by=None),
        ],
    )
    return desk


def wish(desk: DeskServer, channel: str = "sms", safe: str = "yes", **changes: Any) -> str:
    """A case with a wish for a first talk; returns its id."""
    person = desk.person(channel, safe)
    values = {"how": "first_talk", "wishes": Wishes("helst formiddag", "Lyngdal", "somali")}
    return desk.handoff(person, **(values | changes))


def taken(desk: DeskServer, **changes: Any) -> tuple[str, Browser]:
    handoff_id = wish(desk, **changes)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    return handoff_id, kari


def page(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/day-service/{handoff_id}").text)


def does(browser: Browser, handoff_id: str, what: str, **fields: str) -> tuple[int, str]:
    """Press a button on the page of the wish as it is now."""
    found = re.search(r'name="version" value="(\d+)"', page(browser, handoff_id))
    values = {"version": found.group(1) if found else "0"} | fields
    answer = browser.post(f"/desk/day-service/{handoff_id}/{what}", **values)
    return answer.status_code, unescape(answer.text)


def said(desk: DeskServer, handoff_id: str) -> str:
    """Everything the service has said to the person."""
    with desk.db.begin() as tx:
        conversation = conversations.of_handoff(tx, handoff_id)
        assert conversation
        heard = [one for one in messages.after(tx, conversation.id, 0) if one.author != "person"]
        return "\n".join(
            "\n".join([one.reply.text, *(button.title for button in one.reply.buttons)])
            for one in heard
        )


def answers(desk: DeskServer, handoff_id: str, answer: int | str, doubt: bool = False) -> None:
    with desk.db.begin() as tx:
        found = wishes.of_case(tx, handoff_id)
        assert found
        if isinstance(answer, int):
            assert answering.choose(tx, found, answer, in_doubt=doubt)
        else:
            assert answering.refuse(tx, found, answer, in_doubt=doubt)


def row(desk: DeskServer, handoff_id: str) -> wishes.Wish:
    with desk.db.begin() as tx:
        found = wishes.of_case(tx, handoff_id)
        assert found
        return found


def by_itself(desk: DeskServer) -> int:
    """Everything that comes without anyone writing; how many persons were told something."""
    with desk.db.begin() as tx:
        due_now = due.due(tx)
    told = 0
    for _conversation, handoff_id in due_now:
        with desk.db.begin() as tx:
            services = desk.services
            told += bool(due.carry_out(tx, services.outbound, services.content, handoff_id))
    return told


def agreed(desk: DeskServer, **changes: Any) -> tuple[str, Browser]:
    """A wish whose first time was chosen and confirmed, at the library."""
    handoff_id, kari = taken(desk, **changes)
    assert does(kari, handoff_id, "propose", place="library", **TIMES)[0] == 303
    answers(desk, handoff_id, 1)
    assert does(kari, handoff_id, "confirm")[0] == 303
    return handoff_id, kari

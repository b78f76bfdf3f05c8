"""A short journal note: made from a fixed template, shown once to copy or print, stored nowhere.

The desk is not a journal. The counsellor chooses which facts go in; the page says what may not.
"""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk.case_view import phase_of
from bot.desk.speech import say
from bot.desk.web import Desk, field, signed
from bot.desk.wording import CHANNELS, HOWS, day_clock
from bot.handoff import queue
from bot.handoff.cases import Case
from bot.store import audit
from bot.store.database import Tx

LONGEST = 300  # characters of what was agreed: a note, not a story
FACTS = ("date", "designation", "channel", "wants")
"""What the counsellor may choose; "agreed" is what she writes herself."""


@dataclass(frozen=True)
class Fact:
    """One line of the note, before she has chosen."""

    id: str
    label: str
    text: str


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    services = desk.services

    @bp.get("/case/<handoff_id:str>/journal", name="journal_form")
    async def journal_form(request: Request, handoff_id: str) -> HTTPResponse:
        case = await services.db.run(_mine, handoff_id, signed(request).counsellor.id)
        return desk.page(
            request,
            "journal.html",
            case_id=handoff_id,
            facts=facts(case),
            chosen=FACTS[:3],
            agreed="",
            lines=[],
            longest=LONGEST,
        )

    @bp.post("/case/<handoff_id:str>/journal", name="journal")
    async def journal(request: Request, handoff_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        case = await services.db.run(_mine, handoff_id, me)
        chosen = [fact for fact in FACTS if field(request, fact) == "yes"]
        agreed = " ".join(field(request, "agreed", LONGEST).split())
        await services.db.run(audit.write, "journal_made", me, handoff_id)
        return desk.page(
            request,
            "journal.html",
            case_id=handoff_id,
            facts=facts(case),
            chosen=chosen,
            agreed=agreed,
            lines=note(case, chosen, agreed),
            longest=LONGEST,
        )


def facts(case: Case) -> list[Fact]:
    """What the template can say of this case; what was asked for only where it was said."""
    row, draft = case.row, case.draft
    found = [
        Fact("date", say("Dato"), day_clock(row.taken_at or row.created_at)),
        Fact("designation", say("Kallenavn"), row.designation),
        Fact("channel", say("Kanal"), say(CHANNELS[row.channel])),
    ]
    wants = [line.text for line in draft.summary if line.field == "wants"] if draft else []
    asked = [say(HOWS[row.how]), *(text for text in wants if text)]
    return [*found, Fact("wants", say("Ba om"), ", ".join(asked))]


def note(case: Case, chosen: list[str], agreed: str) -> list[Fact]:
    """The lines of the note, in the fixed order."""
    lines = [fact for fact in facts(case) if fact.id in chosen]
    return [*lines, Fact("agreed", say("Avtalt"), agreed)] if agreed else lines


def _mine(tx: Tx, handoff_id: str, me: str) -> Case:
    """The case, for the one who has it. Raises NotFound for everybody else."""
    case = queue.case(tx, handoff_id)
    if case is None or phase_of(case, me) != "mine":
        raise NotFound("no case of yours")
    return case

"""The wishes for the day service as the desk sees them: a list, and one at a time.

No word of any summary: only what is needed to meet somebody, which the person approved with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.outbound import may_write
from bot.day_service import due, proposing, wishes
from bot.day_service.proposing import Refusal
from bot.day_service.wishes import Proposal, Wish
from bot.desk.speech import say
from bot.handoff.cases import read_case
from bot.handoff.draft import Contact
from bot.store import conversations, counsellors, day_wishes, handoffs
from bot.store.database import Tx
from bot.store.day_wishes import WishRow

GROUPS = {
    "answers": "Svar å se på",
    "silent": "Ikke svart: ta kontakt på en annen måte",
    "open": "Venter på forslag",
    "proposed": "Foreslått, venter på svar",
    "confirmed": "Avtalt",
    "ended": "Avsluttet",
}
"""In the order of the page: what somebody at the desk must do stands first."""


@dataclass(frozen=True)
class WishLine:
    """One wish on the page. `since`: what its waiting is counted from. `refusal`: why this
    counsellor may not act on it now. `reaches`: the gate is open, so it can be written to."""

    row: WishRow
    group: str
    since: datetime
    place: str
    time: str
    tongue: str
    contact: tuple[tuple[str, str], ...]
    chosen: Proposal | None
    proposals: tuple[Proposal, ...]
    fits: str
    refusal: Refusal | None
    holder: str | None
    reaches: bool
    has_number: bool

    @property
    def version(self) -> int:
        """What the forms send back, so that nobody acts on what a colleague has changed."""
        return self.row.version


@dataclass(frozen=True)
class DayBoard:
    """The whole page, group by group, in each in the order of how long they have waited."""

    groups: tuple[tuple[str, tuple[WishLine, ...]], ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def empty(self) -> bool:
        """Nothing on the list."""
        return not any(lines for _title, lines in self.groups)


def board(tx: Tx, me: str) -> DayBoard:
    """All wishes that are kept."""
    rows = day_wishes.all_open(tx) + day_wishes.ended(tx)
    lines = sorted((line(tx, wishes.read(tx, row), me) for row in rows), key=lambda one: one.since)
    groups = tuple(
        (title, tuple(one for one in lines if one.group == group))
        for group, title in GROUPS.items()
    )
    return DayBoard(groups, counsellors.names(tx), tx.now)


def line(tx: Tx, wish: Wish, me: str) -> WishLine:
    """One wish, for this counsellor."""
    row, words = wish.row, wish.words
    found = handoffs.get(tx, row.handoff_id)
    case = None if found is None else read_case(tx, found)
    conversation = None
    if row.conversation_id is not None:
        conversation = conversations.get(tx, row.conversation_id)
    group = _group(tx, wish)
    return WishLine(
        row=row,
        group=group,
        since=_since(row, group),
        place=words.wishes.place or "",
        time=words.wishes.time or "",
        tongue=words.tongue,
        contact=tuple(_contact(words.contact, row.channel)),
        chosen=wish.chosen,
        proposals=words.proposals,
        fits=words.fits,
        refusal=proposing.who_may(case, me),
        holder=case.taken_by if case is not None and case.status == "taken" else None,
        reaches=conversation is not None and may_write(conversation),
        has_number=words.contact.number is not None,
    )


def _group(tx: Tx, wish: Wish) -> str:
    if due.is_silent(tx, wish):
        return "silent"
    return "answers" if wish.row.status == "answered" else wish.row.status


def _since(row: WishRow, group: str) -> datetime:
    """An agreed time is ordered by when it is, everything else by when it began to wait."""
    moments = {
        "answers": row.answered_at,
        "silent": row.proposed_at,
        "proposed": row.proposed_at,
        "confirmed": row.meets_at,
        "ended": row.ended_at,
    }
    return moments.get(group) or row.created_at


def _contact(contact: Contact, channel: str) -> list[tuple[str, str]]:
    """The safe-contact rule in short; the whole of it stands in the case."""
    if contact.number is None:
        return [("never", say("Ikke noe nummer: svarer bare her"))]
    rules = [("never", say("Trygg ringetid er IKKE oppgitt"))]
    if contact.safe_times:
        rules = [("times", say("Trygt å ringe {times}", times=contact.safe_times))]
    if contact.if_someone_else_answers:
        words = contact.if_someone_else_answers.strip().strip('«»"')
        rules.append(("other", say("svarer andre: «{words}»", words=words)))
    if contact.voicemail is not True:
        rules.append(("never", say("ALDRI telefonsvarer")))
    return rules

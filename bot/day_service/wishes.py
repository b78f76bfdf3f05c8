"""A wish for a talk in the day service, with its words: from the wish to the day after the talk.

    open ──propose──▶ proposed ──the person answers──▶ answered ──confirm──▶ confirmed ──▶ ended
      ▲                   ▲────────────propose again──────┘                      │
      └── the person erased and the wish stands          propose again ◀─────────┘

Whoever changes one does so on what she saw (`version`): of two at once exactly one succeeds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.handoff.draft import Contact, HandoffDraft, Wishes
from bot.store import Tx, day_wishes
from bot.store.day_wishes import WishRow

AFTER_THE_TALK = timedelta(hours=24)
"""So long after its time a talk that nobody has said anything of counts as over."""

Outcome = Literal[
    "met", "not_met", "not_wanted", "other_way", "no_answer", "cancelled_person", "other"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What a counsellor may end a wish with. Others come by themselves: erased, passed, with_case …"""

SETTLES = ("appointment", "passed_on", "not_wanted", "replaced")
"""Outcomes of a case after which a wish without a proposal waits for nobody any more."""


@dataclass(frozen=True)
class Proposal:
    """One time. `place`: as the person would read it; `told`: whether it may be written at all
    (never the address that is secret, or a place that nobody has confirmed)."""

    at: datetime
    place: str = ""
    told: bool = False


@dataclass(frozen=True)
class Words:
    """What is sealed: how to reach the person, what they wish, what was proposed.

    `fits`: the person's own words for when it fits, after "none of these".
    """

    contact: Contact = field(default_factory=Contact)
    wishes: Wishes = field(default_factory=Wishes)
    tongue: str = ""
    proposals: tuple[Proposal, ...] = ()
    fits: str = ""

    def to_json(self) -> str:
        """As stored (sealed)."""
        values = asdict(self)
        values["proposals"] = [asdict(p) | {"at": p.at.isoformat()} for p in self.proposals]
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str) -> Words:
        """From the store."""
        values = json.loads(raw)
        times = [p | {"at": datetime.fromisoformat(p["at"])} for p in values["proposals"]]
        return cls(
            Contact(**values["contact"]),
            Wishes(**values["wishes"]),
            values["tongue"],
            tuple(Proposal(**one) for one in times),
            values["fits"],
        )


@dataclass(frozen=True)
class Wish:
    """A wish as the rules see it. `words` are empty once they were erased."""

    row: WishRow
    words: Words

    @property
    def chosen(self) -> Proposal | None:
        """The time the person chose, or that was agreed."""
        answer = self.row.answer or ""
        number = int(answer) if answer.isdigit() else 0
        return self.words.proposals[number - 1] if 0 < number <= len(self.words.proposals) else None


def open_for(
    tx: Tx, handoff_id: str, conversation_id: str, draft: HandoffDraft, designation: str
) -> None:
    """A case with a wish for a first talk: the wish is put on the list of the day service.

    One that stood before it makes room; a time that is agreed stays agreed.
    """
    if draft.how != "first_talk":
        return
    for earlier in day_wishes.of_conversation(tx, conversation_id):
        if earlier.status != "confirmed":
            end(tx, earlier, "replaced")
    make(tx, handoff_id, conversation_id, draft, designation, tx.now)


def make(
    tx: Tx,
    handoff_id: str,
    conversation_id: str | None,
    draft: HandoffDraft,
    designation: str,
    since: datetime,
) -> Wish:
    """A new wish with what the person approved that is needed for it, and nothing else."""
    words = Words(draft.contact, draft.wishes, tongue_of(draft))
    row = day_wishes.add(
        tx,
        words.to_json(),
        handoff_id=handoff_id,
        conversation_id=conversation_id,
        designation=designation,
        channel=draft.channel,
        lang=draft.lang,
        created_at=since,
    )
    return Wish(row, words)


def tongue_of(draft: HandoffDraft) -> str:
    """The language to speak and the interpreter, as the person said it."""
    said = {line.field: line.text for line in draft.summary if line.status == "said"}
    spoken = [draft.wishes.language or said.get("language"), said.get("interpreter")]
    if spoken[1]:
        spoken[1] = f"tolk: {spoken[1]}"
    return ", ".join(part for part in spoken if part)


def of_case(tx: Tx, handoff_id: str) -> Wish | None:
    """The wish of a case."""
    row = day_wishes.of_handoff(tx, handoff_id)
    return None if row is None else read(tx, row)


def of_person(tx: Tx, conversation_id: str) -> Wish | None:
    """The wish of this conversation that has not ended; first the one that waits for an answer."""
    rows = day_wishes.of_conversation(tx, conversation_id)
    first = sorted(rows, key=lambda row: day_wishes.FOR_THE_PERSON.index(row.status))
    return read(tx, first[0]) if first else None


def read(tx: Tx, row: WishRow) -> Wish:
    """The row with its words, as far as they are still there."""
    raw = day_wishes.words(tx, row.id)
    return Wish(row, Words() if raw is None else Words.from_json(raw))


def end(tx: Tx, wish: WishRow, outcome: str) -> WishRow | None:
    """It is over; the outcome is counted with its case (store/statistics.py). None when somebody
    has changed it since it was read."""
    return day_wishes.change(
        tx, wish, status="ended", outcome=outcome, ended_at=tx.now, remind_at=None
    )


def end_with_case(tx: Tx, handoff_id: str, outcome: str) -> None:
    """The case is closed, or a newer one took its place ("replaced"). What was proposed lives on,
    and so does a wish that nobody has done anything about yet: it stays on the list."""
    row = day_wishes.of_handoff(tx, handoff_id)
    if row is not None and row.status == "open" and outcome in SETTLES:
        end(tx, row, "with_case")


def has_booking(tx: Tx, conversation_id: str) -> bool:
    """True when a time is agreed: erasing then asks once whether that stands."""
    rows = day_wishes.of_conversation(tx, conversation_id)
    return any(row.status == "confirmed" for row in rows)


def on_erase(tx: Tx, conversation_id: str, stands: bool, kept_cases: tuple[str, ...]) -> None:
    """The person erases. What stands keeps the time and the way to be reached, nothing else, and
    no reminder; everything else is gone."""
    for row in day_wishes.of_conversation(tx, conversation_id):
        agreed = row.status == "confirmed"
        if stands and (agreed or row.handoff_id in kept_cases):
            _keep_what_stands(tx, row, agreed)
        else:
            end(tx, row, "erased")
            day_wishes.forget_words(tx, row.id)


def _keep_what_stands(tx: Tx, row: WishRow, agreed: bool) -> None:
    wish = read(tx, row)
    words = replace(wish.words, fits="")
    values: dict[str, object] = {"conversation_id": None, "remind_at": None, "reminder": None}
    if agreed and wish.chosen is not None:
        words, values = replace(words, proposals=(wish.chosen,)), values | {"answer": "1"}
    else:
        words, values = replace(words, proposals=()), values | {"status": "open", "answer": None}
    day_wishes.replace_words(tx, row.id, words.to_json())
    day_wishes.change(tx, row, **values)


def sweep(tx: Tx, after: timedelta) -> int:
    """Talks whose day is over end by themselves; words of what ended go `after` that long."""
    for row in day_wishes.all_open(tx):
        over = row.meets_at is not None and tx.now - row.meets_at >= AFTER_THE_TALK
        if over and row.status == "confirmed":
            end(tx, row, "passed")
    return day_wishes.expire(tx, after)

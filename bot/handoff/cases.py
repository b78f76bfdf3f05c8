"""How a handoff is read: a row of the queue, and the whole case on one screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.handoff.draft import HandoffDraft
from bot.store import Tx, handoffs
from bot.store.handoffs import HandoffRow

QueueRow = HandoffRow
"""One line of the queue: the case without its words."""


@dataclass(frozen=True)
class Note:
    """What a counsellor noted on a case. `at` is aware UTC."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Case:
    """A case as the desk shows it. `draft` and `notes` are gone after erasing."""

    row: HandoffRow
    draft: HandoffDraft | None
    notes: tuple[Note, ...]

    @property
    def id(self) -> str:
        """The handoff's random id."""
        return self.row.id

    @property
    def conversation_id(self) -> str | None:
        """None when the conversation was erased and only a callback stands."""
        return self.row.conversation_id

    @property
    def designation(self) -> str:
        """The invented name."""
        return self.row.designation

    @property
    def status(self) -> str:
        """waiting, taken, closed or withdrawn."""
        return self.row.status

    @property
    def taken_by(self) -> str | None:
        """The counsellor who has it."""
        return self.row.taken_by


def read_case(tx: Tx, row: HandoffRow) -> Case:
    """The row with its words, as far as they are still there."""
    raw = handoffs.body(tx, row.id)
    draft = None if raw is None else HandoffDraft.from_json(raw)
    return Case(row, draft, read_notes(handoffs.notes(tx, row.id)))


def read_notes(raw: str | None) -> tuple[Note, ...]:
    """Notes from the store, oldest first."""
    if raw is None:
        return ()
    return tuple(
        Note(datetime.fromisoformat(note["at"]), note["by"], note["text"])
        for note in json.loads(raw)
    )


def write_notes(notes: Sequence[Note]) -> str:
    """Notes as stored (sealed)."""
    values = [asdict(note) | {"at": note.at.isoformat()} for note in notes]
    return json.dumps(values, ensure_ascii=False)

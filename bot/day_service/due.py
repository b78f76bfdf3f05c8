"""What comes by itself: what had to wait until it is safe, one gentle look back at a proposal, and
the reminder the person asked for.

Each is noted and put in the outbox in one transaction, so none comes twice. The gate and the safe
time are asked at the last moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.channels.outbound import may_write
from bot.content import Content
from bot.day_service import saying, wishes
from bot.day_service.coming_back import open_question
from bot.day_service.proposing import Says, is_good_moment
from bot.day_service.when import is_safe, soon_in_words
from bot.day_service.wishes import Wish
from bot.store import Tx, conversations, day_wishes
from bot.store.conversations import Conversation
from bot.store.day_wishes import WishRow

LOOK_BACK = timedelta(hours=24)
"""A proposal that nobody has answered for so long is looked back at, once."""
LATEST = timedelta(minutes=30)
"""A reminder that could not go before this long before the talk is of no use any more."""


def due(tx: Tx) -> list[tuple[str, str]]:
    """(conversation, case) of what may be due now, so that no turn runs beside it."""
    waiting = day_wishes.all_open(tx)
    found = [row for row in waiting if row.kept_back or _to_look_back(tx, row)]
    return [
        (row.conversation_id, row.handoff_id)
        for row in (*found, *day_wishes.to_remind(tx))
        if row.conversation_id is not None
    ]


def carry_out(tx: Tx, says: Says, content: Content, handoff_id: str) -> Conversation | None:
    """Look back, or remind. Returns the conversation to wake when something was put."""
    wish = wishes.of_case(tx, handoff_id)
    if wish is None or wish.row.conversation_id is None:
        return None
    if wish.row.kept_back:
        return _send_now(tx, says, content, wish)
    if _to_look_back(tx, wish.row):
        return _look_back(tx, says, content, wish)
    if wish.row.remind_at is not None and wish.row.remind_at <= tx.now:
        return _remind(tx, says, content, wish)
    return None


def is_silent(tx: Tx, wish: Wish) -> bool:
    """Nobody has answered, also not after the look back, or the times are past: a task."""
    if wish.row.status != "proposed":
        return False
    looked = wish.row.looked_back_at
    return not any(_to_come(tx, wish)) or (looked is not None and tx.now - looked >= LOOK_BACK)


def _send_now(tx: Tx, says: Says, content: Content, wish: Wish) -> Conversation | None:
    """What could not be said when the counsellor wrote it: once it is safe, if it ever is."""
    person = conversations.get(tx, str(wish.row.conversation_id))
    if person is None or not is_good_moment(tx, person, wish) or not may_write(person):
        return None
    said = open_question(tx, content, person)
    return says.put_made(tx, person.id, lambda _c: said) if said else None


def _to_look_back(tx: Tx, row: WishRow) -> bool:
    if row.status != "proposed" or row.looked_back_at is not None or row.proposed_at is None:
        return False
    return tx.now - row.proposed_at >= LOOK_BACK


def _look_back(tx: Tx, says: Says, content: Content, wish: Wish) -> Conversation | None:
    if not is_safe(tx.now, wish.words.contact.safe_times):
        return None  # later, when it is
    changed = day_wishes.change(tx, wish.row, looked_back_at=tx.now)
    if changed is None or not any(_to_come(tx, wish)):
        return None
    return says.put_made(
        tx,
        str(wish.row.conversation_id),
        lambda c: [saying.question(content, wish, c, "day_look_back")],
    )


def _to_come(tx: Tx, wish: Wish) -> Iterator[bool]:
    return (proposal.at > tx.now for proposal in wish.words.proposals)


def _remind(tx: Tx, says: Says, content: Content, wish: Wish) -> Conversation | None:
    meets_at = wish.row.meets_at
    late = meets_at is None or meets_at - tx.now < LATEST
    if not late and not is_safe(tx.now, wish.words.contact.safe_times):
        return None  # the service was away at the safe time: a later one, if it comes in time
    kept = day_wishes.change(tx, wish.row, remind_at=None, reminder="dropped" if late else "sent")
    if kept is None or late or meets_at is None or wish.row.status != "confirmed":
        return None
    told = says.put_made(
        tx,
        str(wish.row.conversation_id),
        lambda c: [
            content.reply(
                "day_reminder", c.lang, c.channel, when=soon_in_words(meets_at, tx.now, c.lang)
            )
        ],
    )
    if told is None:
        day_wishes.change(tx, kept, reminder="dropped")
    return told

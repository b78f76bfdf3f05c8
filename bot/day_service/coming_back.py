"""Somebody comes back: what is open about a talk is said anew, if it does not stand there yet."""

from __future__ import annotations

from bot.channels.messages import Reply
from bot.content import Content
from bot.day_service import saying, wishes
from bot.day_service.proposing import Says
from bot.store import Tx, conversations, day_wishes, messages
from bot.store.conversations import Conversation


def open_question(tx: Tx, content: Content, to: Conversation) -> list[Reply]:
    """The times that wait for an answer, or what is agreed and whether to remind; else nothing."""
    wish = wishes.of_person(tx, to.id)
    if wish is None:
        return []
    if wish.row.kept_back:
        day_wishes.change(tx, wish.row, kept_back=False)
    if wish.row.status == "proposed":
        return [saying.question(content, wish, to, "day_proposal")]
    if wish.row.status == "confirmed" and (wish.row.kept_back or wish.row.reminder == "asked"):
        return saying.confirmed(content, wish, to)
    return []


def by_return_code(tx: Tx, says: Says, content: Content, to: Conversation) -> Conversation | None:
    """The page was opened by its code, which proves who it is: no pause is asked about.

    What is open is put below, unless it can still be read there.
    """
    to.state.heard_at = tx.now.timestamp()
    conversations.save(tx, to)
    wish = wishes.of_person(tx, to.id)
    if wish is None:
        return None
    there = messages.after(tx, to.id, to.state.hidden_to)
    if wish.row.status == "confirmed" and not there:
        return says.put_made(tx, to.id, lambda c: saying.confirmed(content, wish, c))
    times = {button.payload for button in saying.times_of(wish, to.lang)}
    shown = {button.payload for one in there for button in one.reply.buttons}
    if times & shown:
        return None
    if wish.row.status != "proposed":
        return None
    return says.put_made(tx, to.id, lambda c: open_question(tx, content, c))

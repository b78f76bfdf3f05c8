"""What the person reads about a talk. The words stand in content/system/day_*.

By SMS nothing names the service, the place or who writes in what comes unasked; the place comes
with the confirmation alone, where it may be told. On the web the place and the language stand by
the times, because who reads there has opened the page themselves.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels.messages import Button, Lang, Reply
from bot.content import Content
from bot.day_service.when import in_words
from bot.day_service.wishes import Wish
from bot.handoff.draft import HandoffDraft
from bot.store.conversations import Conversation

ALL = "day:"  # how the payload of every button about a talk begins


def payload_of(wish: Wish, number: int) -> str:
    """What the button of a time sends: a button of an earlier proposal chooses nothing."""
    return f"{ALL}r{wish.row.rounds}_{number}"


def number_of(wish: Wish, payload: str) -> int | None:
    """The time that a button chooses; None when it is none, or belongs to an earlier proposal."""
    for number in range(1, len(wish.words.proposals) + 1):
        if payload == payload_of(wish, number):
            return number
    return None


def times_of(wish: Wish, lang: Lang) -> tuple[Button, ...]:
    """One button for each time."""
    return tuple(
        Button(in_words(proposal.at, lang), payload_of(wish, number))
        for number, proposal in enumerate(wish.words.proposals, 1)
    )


def question(content: Content, wish: Wish, to: Conversation, page: str) -> Reply:
    """The times with their buttons. `page`: day_proposal, or day_look_back."""
    lang, channel = to.lang, to.channel
    values = {"times": _listed(wish, lang, may_tell_place(wish, to))} if channel == "web" else {}
    reply = content.reply(page, lang, channel, **values)
    return Reply(reply.text, times_of(wish, lang) + reply.buttons, kind="system")


def proposed(
    content: Content, wish: Wish, to: Conversation, instead_of: datetime | None
) -> list[Reply]:
    """The proposal; before it, that a time which was agreed is no more."""
    said = [question(content, wish, to, "day_proposal")]
    if instead_of is not None:
        when = in_words(instead_of, to.lang)
        said.insert(0, content.reply("day_moved", to.lang, to.channel, when=when))
    return said


def confirmed(content: Content, wish: Wish, to: Conversation) -> list[Reply]:
    """What is agreed, and by SMS whether a reminder is wanted."""
    chosen, lang, channel = wish.chosen, to.lang, to.channel
    if chosen is None:
        return []
    if chosen.told and chosen.place and may_tell_place(wish, to):
        where = content.sentence("day_place", lang, channel, place=chosen.place)
    else:
        where = content.sentence("day_place_later", lang, channel)
    when = in_words(chosen.at, lang)
    said = [content.reply("day_confirmed", lang, channel, when=when, where=where)]
    if wish.row.reminder == "asked":
        said.append(content.reply("day_ask_reminder", lang, channel))
    return said


def may_tell_place(wish: Wish, to: Conversation) -> bool:
    """Whether a place may be written: it is safe here, and nothing says it is somebody else."""
    state = to.state
    if wish.row.in_doubt or state.unproven or state.doubt is not None or state.neutral:
        return False
    return state.safe == "yes"


def _listed(wish: Wish, lang: Lang, tells_place: bool) -> str:
    rows = []
    for proposal in wish.words.proposals:
        place = proposal.place if proposal.told and tells_place else ""
        parts = (in_words(proposal.at, lang), place, wish.words.tongue)
        rows.append("- " + ", ".join(part for part in parts if part))
    return "\n".join(rows)


def take_code(content: Content, draft: HandoffDraft) -> list[Reply]:
    """On the web without a number the proposal comes to the page alone: how to find back to it."""
    if draft.how != "first_talk" or draft.channel != "web" or draft.contact.number is not None:
        return []
    button = content.reply("web_labels", draft.lang, "web", "get_code").text
    return [content.reply("day_take_code", draft.lang, "web", button=button)]

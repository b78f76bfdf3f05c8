"""A long answer by SMS: the first two segments now, the rest when the person asks for it (MER).

What is danger's, a counsellor's, or asked to be said yes to is never cut: it goes whole, in as many
texts as it takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.messages import Button, Lang, Reply
from bot.channels.sms.menu import MOST_SEGMENTS, plain, sms_texts
from bot.channels.sms.segments import count, fit

if TYPE_CHECKING:
    from bot.store.conversations import State

HINT: dict[Lang, str] = {
    "nb": "Skriv MER for resten.",
    "nn": "Skriv MEIR for resten.",
    "en": "Text MORE for the rest.",
}
_ASKS = frozenset(
    {"mer", "meir", "more", "resten", "the rest", "mer takk", "meir takk", "more please"}
    | {"les mer", "les meir", "vis mer", "vis meir", "read more", "show more", "send resten"}
)
WHOLE = ("danger", "desk")


@dataclass(frozen=True)
class Cut:
    """A reply as it leaves now, and what is kept for MER (empty when all of it leaves)."""

    texts: list[str]
    rest: str = ""


def cut(reply: Reply, lang: Lang, state: State) -> Cut:
    """`reply` in one text of at most two segments, cut after a sentence, if it may be cut."""
    texts = sms_texts(reply, lang)
    # A summary is read whole before it is said yes to.
    if len(texts) < 2 or reply.kind in WHOLE or state.flow == "handoff":
        return Cut(texts)
    text, hint = plain(reply.text), HINT[lang]
    if count(text).segments <= MOST_SEGMENTS:
        return Cut(texts)  # only its menu needs a text of its own
    first = fit(text, MOST_SEGMENTS, room_for=f" {hint}")[0]
    rest = text[len(first) :].lstrip()
    return Cut([f"{first}\n{hint}" if "\n" in first else f"{first} {hint}"], rest)


def asks_for_it(text: str) -> bool:
    """True for MER, MEIR, MORE and the like as the whole message."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split()) in _ASKS


def next_part(state: State, text: str) -> Reply | None:
    """The rest of the last answer, when there is one and `text` asks for it. It is cut again when
    it is still too long."""
    if not state.rest or not asks_for_it(text):
        return None
    return Reply(state.rest, tuple(Button(title, payload) for payload, title in state.rest_menu))


def keep(state: State, rest: str, reply: Reply, *, last: bool) -> None:
    """Remember `rest` of `reply`; with that of an earlier reply of the same turn.

    The choices come at its end, unless another reply (a question) came after it.
    """
    state.rest = f"{state.rest}\n{rest}" if state.rest else rest
    state.rest_menu = [[b.payload, b.title] for b in reply.buttons] if last else []


def forget(state: State) -> None:
    """Something else was said since: MER means that, not what was before."""
    state.rest, state.rest_menu = "", []

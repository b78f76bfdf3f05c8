"""What was not understood, written down by the counsellor who holds the case, in other words.

Only after the person's yes to that one question, once. What is kept is what she saw when she
saved: words that have to be taken out are taken out before her eyes, and she saves again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from bot.commands import normal
from bot.handoff import queue
from bot.handoff.cases import Case
from bot.handoff.phone import without_others
from bot.store import Tx, conversations, messages, missed
from bot.store.conversations import Conversation

LONGEST = 200
SAME_WORDS = 5
"""So many words in a row that the person wrote are a quotation, not other words."""
MOST_READ = 10_000  # messages of one conversation

Refusal = Literal["not_yours", "no_yes", "empty", "long", "copied", "redacted"]

_MAIL = re.compile(r"\S+@\S+\.\w+")


def keep(tx: Tx, handoff_id: str, counsellor_id: str, words: str) -> tuple[Refusal | None, str]:
    """Keep the question for the editor, in the counsellor's words.

    Returns why it was not kept, if so, and the words as they may be.
    """
    words = " ".join(words.split())
    case = queue.case(tx, handoff_id)
    if case is None or case.status != "taken" or case.taken_by != counsellor_id:
        return "not_yours", words
    conversation = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if conversation is None or conversation.state.missed_said != "yes":
        return "no_yes", words
    fault = _fault(words, _said(tx, case, conversation))
    if fault is not None:
        return fault, words
    clean = redacted(words)
    if clean != words:
        return "redacted", clean
    missed.add(tx, conversation.lang, conversation.state.missed, clean)
    conversation.state.missed_said, conversation.state.missed = "kept", []
    conversations.save(tx, conversation)
    return None, clean


def redacted(words: str) -> str:
    """Without numbers of people, street addresses and addresses of mail. The desk's language."""
    return without_others(_MAIL.sub("[adresse fjernet]", words), "nb")


def is_copied(words: str, said: Iterable[str]) -> bool:
    """Whether `words` are somebody's message, or have a piece of one word for word."""
    own, runs = normal(words), set(_runs(words))
    return any(normal(text) == own or not runs.isdisjoint(_runs(text)) for text in said)


def _fault(words: str, said: Iterable[str]) -> Refusal | None:
    if not normal(words):
        return "empty"
    if len(words) > LONGEST:
        return "long"
    return "copied" if is_copied(words, said) else None


def _said(tx: Tx, case: Case, conversation: Conversation) -> list[str]:
    """All that the person wrote and that is still there: to the bot, to her, in the summary."""
    stored = messages.after(tx, conversation.id, 0, MOST_READ)
    written = [one.reply.text for one in stored if one.author == "person"]
    return [*written, *(case.draft.own_words if case.draft else ())]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = normal(text).split()
    for at in range(len(words) - SAME_WORDS + 1):
        yield tuple(words[at : at + SAME_WORDS])

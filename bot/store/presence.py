"""Is it still the same person? What that does to what a conversation remembers.

A thread in doubt is put aside, so that nothing of it can be said by accident. A bare yes lets
whoever writes go on from now. Only a strong safe word, or a counsellor who knows who it is, brings
the thread back. Pure changes of State; the turn and the desk decide when.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from typing import Literal

from bot.channels.flows import Facts
from bot.store.conversations import State
from bot.store.database import Tx

Doubt = Literal["pause", "who", "language", "found_out"]

READS_ALONG: Doubt = "found_out"
QUIET: frozenset[str] = frozenset({"pause", "language"})
"""Doubts in which nothing speaks for another reader but time or tongue."""
MOST_TRIES = 20
"""So many short messages that are not the safe word, and it opens nothing any more."""

# What is no part of a thread. Everything else is, also what is added to State one day.
_STAYS = frozenset(
    {
        *("safe", "neutral", "opened", "erase_asked", "doubt", "aside", "safe_word"),
        *("safe_word_strong", "word_tries", "heard_at", "spoken", "hidden_to"),
        *("blocked_until", "slowed", "held_off_at"),  # misuse is no part of what was told
        *("missed", "missed_said"),  # asked once in a conversation; ids alone, never said to anyone
        *("tally", "counted", "feedback"),  # ids alone too, for the statistics
    }
)
# The menu and the message that waits belong to the moment: nothing brings them back.
_MOMENT = frozenset({"fails", "menu", "waiting_text", "choosing", "rest", "rest_menu"})


def lapsed(state: State, limit: int, at: float) -> bool:
    """The person has been silent so long (seconds) that somebody else may hold the phone by now."""
    return state.heard_at is not None and at - state.heard_at > limit


def begin_doubt(state: State, why: Doubt) -> None:
    """Somebody else may be writing or reading: nothing revealing until somebody says yes."""
    if state.doubt != READS_ALONG:  # the gravest reason stays
        state.doubt = why
    state.neutral = True
    _put_aside(state)


def go_on(state: State) -> None:
    """A bare yes is no proof: it goes on from now. What no word can bring back is forgotten.

    That somebody read along stays known: a counsellor is warned before she writes.
    """
    _put_aside(state)
    state.doubt = READS_ALONG if state.doubt == READS_ALONG else None
    state.neutral, state.unproven = False, True
    if not _has_strong_word(state):
        state.aside = None


def bring_back(state: State) -> None:
    """It is the person: the thread goes on where it was, with what was said since."""
    since = state.facts
    if state.aside is not None:
        for name, value in state.aside.items():
            setattr(state, name, Facts(**value) if name == "facts" else value)
        told = {name: value for name, value in asdict(since).items() if value}
        state.facts = state.facts.updated(told)
    else:
        state.unproven = False
    state.aside, state.doubt, state.neutral = None, None, False
    state.hidden_to, state.word_tries = 0, 0


def hash_word(tx: Tx, conversation_id: str, word: str) -> str:
    """A safe word as it is kept: of no use in any other conversation."""
    return tx.keys.keyed_hash(f"safe-word:{conversation_id}", word)


def may_choose(state: State, strong: bool) -> bool:
    """A word that was proven is not pushed out by a weaker one, nor by who has not proved it."""
    return not _has_strong_word(state) or (strong and not state.unproven and not state.neutral)


def set_word(state: State, word_hash: str, *, strong: bool) -> None:
    """Keep a safe word; an earlier one is gone."""
    state.safe_word, state.safe_word_strong, state.word_tries = word_hash, strong, 0


def count_try(state: State) -> None:
    """A short message that is not the safe word, while that would open the thread."""
    state.word_tries += 1
    if state.word_tries > MOST_TRIES and _has_strong_word(state):
        state.safe_word, state.aside = None, None


def _has_strong_word(state: State) -> bool:
    return state.safe_word is not None and state.safe_word_strong


def _put_aside(state: State) -> None:
    fresh = State()
    if state.aside is None:  # an older one belongs to whoever can prove it
        thread = {name: deepcopy(getattr(state, name)) for name in _thread() - _MOMENT}
        state.aside = thread | {"facts": asdict(state.facts)}
    for name in _thread():
        setattr(state, name, getattr(fresh, name))


def _thread() -> frozenset[str]:
    return frozenset(State.__dataclass_fields__) - _STAYS

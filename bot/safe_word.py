"""The safe word: chosen once, never shown, never kept as text.

Compared as a whole message, whatever its letters' size. Chosen on the web or by a counsellor it is
strong; chosen by SMS it stands in a thread that others may read, so it proves no more than a yes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from bot.channels.messages import Message
from bot.channels.sms.opening import asks_who
from bot.commands import normal, read_command
from bot.store import presence
from bot.store.conversations import Conversation
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.safety import SafetyCheck, SafetyResult
    from bot.services import Services
    from bot.turn import Turn

Fault = Literal["short", "long", "common", "no"]

HIDDEN = "•••"
"""What is kept of a message that holds the word."""
FEWEST_LETTERS = 4
MOST_LETTERS = 40
MOST_WORDS = 3
MOST_ASKED = 2  # times; then the conversation goes on without a word

_PAYLOAD = "word:"
_NO = frozenset({"nei", "nei takk", "ikke nå", "ikkje no", "no", "no thanks", "not now"})
_GUESSED = """
hallo heisann hello goddag morn takk tusen thanks okei okay jada neida kanskje maybe
hjelp hjelpe help krise krisesenter krisesenteret crisis vold vald violence politi politiet
police rådgiver rådgjevar counsellor passord password hemmelig hemmeleg secret kode kodeord
codeword trygg trygt trygtord trygt.ord safe safeword safe.word sikker sikkert test tester
mamma pappa mann mannen kona kone barn barna jente gutt elsker skatt skatten kjære kjæreste
kjæresten baby babe love jeg.elsker.deg norge norway oslo qwerty abcd abcde asdf
sommer vinter hund hunden katt katten blomst
"""
_COMMON = frozenset(_GUESSED.split())


def normal_word(text: str) -> str:
    """As it is compared: small letters with their accents, single spaces, no marks at the ends."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split()).strip(" .,!?\"'«»")


def fault_of(text: str, safety: SafetyCheck | None = None) -> Fault | None:
    """Why this cannot be a safe word, or None. `safety`: words of danger must stay words."""
    word = normal_word(text)
    letters = [char for char in word if char.isalpha()]
    if normal(word) in _NO:
        return "no"
    if len(word) > MOST_LETTERS or len(word.split()) > MOST_WORDS:
        return "long"
    if sum(char.isalnum() for char in word) < FEWEST_LETTERS or len(set(letters)) < 2:
        return "short"
    if word.replace(" ", ".") in _COMMON or read_command(word) is not None or asks_who(word):
        return "common"
    if safety is not None and safety.check(text).finding is not None:
        return "common"
    return None


def hidden(
    tx: Tx, message: Message, safety: SafetyResult, conversation: Conversation
) -> Message | None:
    """The message without its words, when they are the safe word or are to become it.

    Called before the first write. What it was stands in the payload: a keyed hash, or a fault.
    """
    state, word = conversation.state, normal_word(message.text)
    if message.payload is not None or not word or safety.finding is not None:
        return None
    word_hash = presence.hash_word(tx, conversation.id, word)
    if word_hash == state.safe_word:
        return replace(message, text=HIDDEN, payload=_PAYLOAD + word_hash)
    if not state.choosing or conversation.held_by == "desk":
        return None
    if read_command(message.text) is not None:
        return None  # a command stays one
    fault = fault_of(message.text)
    if fault == "long":
        return None  # the person has gone on to something else
    return replace(message, text=HIDDEN, payload=_PAYLOAD + (fault or word_hash))


def given(turn: Turn) -> str | None:
    """The hash or the fault of a hidden message; None for every other message."""
    payload = turn.payload or ""
    return payload.removeprefix(_PAYLOAD) if payload.startswith(_PAYLOAD) else None


def ask(services: Services, turn: Turn) -> None:
    """The person wants a safe word: the next message is it."""
    state = turn.conversation.state
    if not presence.may_choose(state, strong=turn.channel == "web"):
        _say(services, turn, "safe_word_kept")
        return
    state.choosing = 1
    _say(services, turn, "safe_word_ask")


def choose(services: Services, turn: Turn, word: str, asked: int) -> None:
    """Keep the chosen word, or say kindly why not. `asked`: how often it was asked for."""
    state = turn.conversation.state
    if word == "no" or (word in ("short", "common") and asked >= MOST_ASKED):
        _say(services, turn, "stopped")
    elif word in ("short", "common"):
        state.choosing = asked + 1
        _say(services, turn, "safe_word_again")
    else:
        presence.set_word(state, word, strong=turn.channel == "web")
        _say(services, turn, "safe_word_set")


def _say(services: Services, turn: Turn, sentence: str) -> None:
    turn.say(services.content.reply(sentence, turn.lang, turn.channel))

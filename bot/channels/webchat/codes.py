"""Return codes: five words that open a conversation again while its case is open.

The words are short, written with a–z only, and any two differ in at least two letters, so that a
slip of the finger is never somebody else's code. Only a keyed hash of a code is stored.
"""

from __future__ import annotations

import math
import re
import secrets
from pathlib import Path

from bot.store import conversations, day_wishes, handoffs
from bot.store.conversations import Conversation
from bot.store.database import Tx

WORDS_FILE = Path(__file__).with_name("codewords.txt")
WORDS_IN_CODE = 5
LEAST_BITS = 45
LONGEST_TYPED = 200
_WORD = re.compile(r"^[a-z]{3,9}$")


class CodeWordsError(Exception):
    """The word list cannot be used. One line: which word, what is wrong."""


def load_words(path: Path = WORDS_FILE) -> tuple[str, ...]:
    """The words of codes, checked. Raises CodeWordsError."""
    words = tuple(path.read_text(encoding="utf-8").split())
    for word in words:
        if not _WORD.match(word):
            raise CodeWordsError(f"{path.name}: '{word}' is not three to nine letters a–z")
    close = _too_close(words)
    if close:
        raise CodeWordsError(f"{path.name}: '{close[0]}' and '{close[1]}' differ in one letter")
    if WORDS_IN_CODE * math.log2(max(len(words), 1)) < LEAST_BITS:
        raise CodeWordsError(f"{path.name}: {len(words)} words give less than {LEAST_BITS} bits")
    return words


def make_code(words: tuple[str, ...]) -> str:
    """Five random words, as shown to the person."""
    return " ".join(secrets.choice(words) for _ in range(WORDS_IN_CODE))


def read_code(typed: str) -> str | None:
    """What a person typed as it was shown: small letters, one space between; None if no code."""
    words = re.findall(r"[^\W\d_]+", typed[:LONGEST_TYPED].lower())
    return " ".join(words) if len(words) == WORDS_IN_CODE else None


def waits(tx: Tx, conversation_id: str) -> bool:
    """True while the person waits for a counsellor, writes with one, or has a talk to come."""
    if day_wishes.is_open(tx, conversation_id):
        return True
    return bool(handoffs.of_conversation(tx, conversation_id))


def give_code(tx: Tx, conversation_id: str, words: tuple[str, ...]) -> str | None:
    """A new code for someone who waits (an older one stops working); None when nothing is open."""
    if not waits(tx, conversation_id):
        return None
    code = make_code(words)
    conversations.set_return_code(tx, conversation_id, code)
    return code


def open_again(tx: Tx, typed: str) -> tuple[Conversation, str] | None:
    """The conversation behind a code with a new token; None when the code opens nothing.

    A code dies with its case, also when nobody took it away.
    """
    code = read_code(typed)
    conversation = conversations.by_return_code(tx, code) if code else None
    if conversation is None:
        return None
    if not waits(tx, conversation.id):
        conversations.set_return_code(tx, conversation.id, None)
        return None
    return conversation, conversations.new_web_token(tx, conversation.id)


def _too_close(words: tuple[str, ...]) -> tuple[str, str] | None:
    """Two words that are the same, or that one letter changed, added or left out makes the same."""
    known: set[str] = set()
    blanked: dict[str, str] = {}
    for word in sorted(words, key=len):
        for at in range(len(word)):
            shorter = word[:at] + word[at + 1 :]
            if shorter in known:
                return shorter, word
            other = blanked.setdefault(f"{word[:at]}?{word[at + 1 :]}", word)
            if other != word:
                return other, word
        if word in known:
            return word, word
        known.add(word)
    return None

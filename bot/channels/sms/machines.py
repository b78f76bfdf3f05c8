"""Machines that answer for people: auto-replies, delivery reports, and two machines in a loop.

What a machine says is kept and checked for danger like everything else; only the bot's answer to it
is left out, because the machine would answer that again. Nothing here knows danger: the caller asks
only about messages without a finding.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

# An auto-reply answers something. What comes without a text of ours just before it is a person.
ANSWERS_WITHIN = timedelta(minutes=3)

# How such a text begins. Only beginnings, and only words that no person writes of themselves:
# "han er ikke på kontoret, så nå kan jeg skrive" is a person.
_BEGINS = (
    r"(?:dette|dette her|this) (?:er|is) (?:en |eit |et |an? )?auto\w*",
    r"(?:auto(?:matisk|matic|mated|mated)?[ -]?)(?:svar|reply|response|message|melding)\b",
    r"autosvar\b|fraværs(?:melding|assistent)\b|out[ -]of[ -](?:the[ -])?office\b",
    r"(?:jeg|eg) er for (?:tiden|tida) (?:opptatt|oppteken|på ferie|bortreist|utilgjengelig)\b",
    r"i(?:['’]m| am) (?:currently )?(?:driving (?:with|right)|not receiving notifications)\b",
    r"i(?:['’]m| am) (?:currently )?out of (?:the )?office\b",
    r"(?:jeg|eg) (?:kjører|køyrer)(?: bil)? (?:nå )?(?:med|og har) (?:ikk\w+ forstyrr|\w*fokus)\b",
    r"(?:jeg|eg) (?:får|mottar) ikk\w+ varsl\w+",
    r"takk for (?:din|deres) (?:henvendelse|e-?post)\b|thank you for (?:contacting|your enquiry)\b",
    r"(?:leveringsrapport|leveringskvittering|leveringsstatus)\b",
    r"delivery (?:report|receipt|status|notification)\b",
    r"(?:delivered|levert|not delivered|ikke levert)(?: til| to)? ?\+?\d",
    r"(?:sms|melding|meldingen|message)(?: til| to)? ?\+?\d[\d ]{4,}.{0,40}(?:levert|delivered)\b",
    r"(?:meldingen|your message|the message) (?:kunne ikke leveres|could not be delivered)\b",
)
_GREETING = r"^(?:(?:hei|hi|hello|hallo|beklager|sorry)[ ,.!]+)?(?:\W*)"
_AUTOMATIC = re.compile(rf"{_GREETING}(?:{'|'.join(_BEGINS)})", re.IGNORECASE)
# And what a phone adds anywhere in it.
_SAYS_SO = re.compile(
    r"do not disturb (?:while driving )?(?:is )?turned on|ikke forstyrr er (?:slått )?på"
    r"|\bikke svar på denne (?:meldingen|sms)|do not reply to this (?:message|text|sms)",
    re.IGNORECASE,
)
LONGEST = 600  # letters; no auto-reply is longer than a few segments

# Words that an answer to a menu or a question never has: shorter ones are never counted.
SHORTEST = 20  # letters
WINDOW = 600.0  # seconds
SAME_ANSWERED = 3  # so often the very same long text is answered within the window
LONG_ANSWERED = 40  # so many long texts, of whatever words, are answered within the window
MOST_SENDERS = 5000


def is_automatic(text: str) -> bool:
    """True for the words of an auto-reply or a delivery report."""
    words = " ".join(text[: LONGEST + 1].split())
    says = _AUTOMATIC.match(words) is not None or _SAYS_SO.search(words) is not None
    return len(text) <= LONGEST and says


def answers_ours(text: str, last_sent: datetime | None, now: datetime) -> bool:
    """True when `text` is an auto-reply to a text of ours. A person may write such words first."""
    just_sent = last_sent is not None and now - last_sent <= ANSWERS_WITHIN
    return just_sent and is_automatic(text)


class Loops:
    """Notices that a machine answers us: the same words over and over, or a stream without end.

    Both end when we fall silent, since the other one only ever answers. In memory only; numbers
    are not kept.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[bytes, deque[tuple[float, bytes]]] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def is_looping(self, number: str, text: str) -> bool:
        """True when this text from `number` is to be kept, but not answered."""
        words = _gist(text)
        if len(words) < SHORTEST:
            return False
        now, name, gist = self._clock(), self._hash(number), self._hash(words)
        seen = self._seen.pop(name, None) or deque(maxlen=LONG_ANSWERED + 1)
        self._seen[name] = seen
        if len(self._seen) > MOST_SENDERS:
            self._seen.popitem(last=False)
        while seen and now - seen[0][0] > WINDOW:
            seen.popleft()
        seen.append((now, gist))
        same = sum(1 for _, one in seen if one == gist)
        return same > SAME_ANSWERED or len(seen) > LONG_ANSWERED

    def _hash(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()


def _gist(text: str) -> str:
    """The words without what a machine counts on: numbers, times, spaces."""
    return " ".join(re.sub(r"[\W\d_]+", " ", text.casefold()).split())

"""Who wrote: what a signed webhook says, and whether that sender can be answered at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.sms.signature import Form

# Only a subscriber's number can be answered: no names ("Posten"), no short codes.
_ANSWERABLE = re.compile(r"\+[1-9][0-9]{7,14}")
# Numbers that stand for "hidden". Source: Twilio, "Why am I getting calls from these strange
# numbers?" (ANONYMOUS, BLOCKED, RESTRICTED, UNKNOWN, UNAVAILABLE on a telephone keypad).
_HIDDEN = frozenset({"+266696687", "+2562533", "+7378742833", "+8656696", "+86282452253"})
_SID = re.compile(r"[A-Za-z0-9]{1,64}")


@dataclass(frozen=True)
class Arrived:
    """One webhook, authenticated: an SMS. `number` is None when the sender cannot be answered."""

    sid: str
    number: str | None
    text: str
    media: bool

    @property
    def only_media(self) -> bool:
        """A picture or file without a word; it is never fetched."""
        return self.media and not self.text.strip()


def read_arrived(form: Form, own: str) -> Arrived | None:
    """What came; None when it has no id, or comes from our own number.

    Foreign numbers are answered like any other. A name, a short code or a hidden number cannot be,
    but what it says is still checked for danger.
    """
    number, sid = form.get("From"), form.get("MessageSid")
    if not is_sid(sid) or number == own:
        return None
    known = number if can_be_answered(number) else None
    return Arrived(sid, known, form.get("Body"), form.get("NumMedia") not in ("", "0"))


def can_be_answered(number: str) -> bool:
    """True for a number in international form that belongs to a telephone."""
    return _ANSWERABLE.fullmatch(number) is not None and number not in _HIDDEN


def is_sid(text: str) -> bool:
    """True for what may be a provider's id."""
    return _SID.fullmatch(text) is not None

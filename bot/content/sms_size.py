"""The size of an answer by SMS, with its numbered menu, as the phone company counts it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.messages import Lang, Reply
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.reserved import asked_for
from bot.channels.sms.segments import GSM_BASIC, GSM_EXTENSION, count


@dataclass(frozen=True)
class SmsSize:
    """Units (GSM-7 or UCS-2) and segments of all its messages; letters outside the GSM alphabet;
    reserved words that it asks a person to send."""

    units: int
    segments: int
    odd: tuple[str, ...]
    reserved: tuple[str, ...]


def sms_size(reply: Reply, lang: Lang) -> SmsSize:
    """Size of a reply as the SMS channel sends it: plain text, then its buttons as a menu."""
    texts = sms_texts(reply, lang)
    sizes = [count(text) for text in texts]
    letters = dict.fromkeys(char for text in texts for char in text)
    return SmsSize(
        units=sum(size.units for size in sizes),
        segments=sum(size.segments for size in sizes),
        odd=tuple(char for char in letters if char not in GSM_BASIC | GSM_EXTENSION),
        reserved=tuple(word for text in texts for word in asked_for(text)),
    )

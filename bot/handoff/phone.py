"""Phone numbers a person gives: reading them, showing them, and taking out those of others."""

from __future__ import annotations

import re

import phonenumbers

from bot.channels.messages import Lang
from bot.redaction import redact

REGION = "NO"
SHORTEST_NATIONAL = 8
DIGITS = re.compile(r"(?<![\w])\+?\d(?:[\s().\-/]{0,2}\d){7,14}(?!\d)")
_REMOVED: dict[Lang, str] = {
    "nb": "[nummer fjernet]",
    "nn": "[nummer fjerna]",
    "en": "[number removed]",
}


def read_number(text: str) -> str | None:
    """The one phone number in `text` as E.164, or None.

    Norwegian unless it starts with + or 00. Emergency and short numbers are nobody's own, so they
    are not accepted; nor is a text with two numbers in it.
    """
    found = {number for number in map(_parse, DIGITS.findall(text[:200])) if number}
    return found.pop() if len(found) == 1 else None


def has_digits(text: str) -> bool:
    """Whether somebody seems to have tried to write a number."""
    return sum(char.isdigit() for char in text) >= 3


def shown(number: str) -> str:
    """As people write it: "412 34 567", or with the country code for a foreign one."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return number
    kind = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 47
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, kind)


def without_others(text: str, lang: Lang) -> str:
    """A relative's words without phone numbers, identity numbers and street addresses.

    A relative's handoff holds the relative's own contact and nothing that points to the person
    exposed (topics.md, call_for_her).
    """
    return DIGITS.sub(_REMOVED[lang], redact(text, lang, address=True))


def _parse(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    national = phonenumbers.national_significant_number(number)
    if len(national) < SHORTEST_NATIONAL and number.country_code == 47:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

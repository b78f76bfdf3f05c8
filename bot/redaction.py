"""What is taken out before the first write: identity and card numbers, and a hidden address.

An address is taken out when the person says that somebody has found out where they live: the store
must not become the next place it can be found.
"""

from __future__ import annotations

import re

from bot.channels.messages import Lang

_IDENTITY = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
# A street is what ends like one and has a house number: "Storgata 12", "Karl Johans gate 5b". Words
# with a capital just before it belong to its name; small words never do ("bor i storgata 12").
_ATTACHED = (
    "gate|gata|gaten|gt|vei|veien|veg|vegen|vn|bakken|bakke|svingen|stien|tunet|løkka|haugen|åsen|"
    "toppen|kroken|terrasse|ringen|brygge|brygga|torg|torget|street|road|avenue"
)
_AFTER_A_NAME = f"{_ATTACHED}|alle|allé|plass|sti|tun|lia"
_STREET = re.compile(
    rf"""(?<![\w-])(?:
        (?:(?-i:[A-ZÆØÅ])[\w.'-]*\s+){{1,2}}[\w'-]*?(?:{_AFTER_A_NAME})
        | [\w'-]*?(?:{_ATTACHED})
        | (?!(?:i|på|ved|fra|frå|til|at|er|bor|bur|min|mi|vår|den|in|on|at|to|from|my)\b)
          [\w.'-]+\s+(?:{_ATTACHED})
        )\.?\s*\d{{1,4}}(?:\s?[a-z]\b)?
        (?!\d|\s*(?:år|barn|måneder|years|kids|timer|ganger)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<![\d./-])\d{4}\s+[A-ZÆØÅ][a-zæøå]+\b")

_ADDRESS: dict[Lang, str] = {
    "nb": "[adresse fjernet]",
    "nn": "[adresse fjerna]",
    "en": "[address removed]",
}
_NUMBER: dict[Lang, str] = {
    "nb": "[nummer fjernet]",
    "nn": "[nummer fjerna]",
    "en": "[number removed]",
}


def redact(text: str, lang: Lang, *, address: bool) -> str:
    """`text` without identity and card numbers and, with `address`, without street addresses."""
    text = _IDENTITY.sub(_NUMBER[lang], text)
    text = _CARD.sub(lambda m: _NUMBER[lang] if _luhn(m.group()) else m.group(), text)
    if address:
        text = _STREET.sub(_ADDRESS[lang], text)
        text = _POSTCODE.sub(_ADDRESS[lang], text)
    return text


def _luhn(number: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1)."""
    digits = [int(ch) for ch in reversed(number) if ch.isdigit()]
    total = sum(d if i % 2 == 0 else sum(divmod(d * 2, 10)) for i, d in enumerate(digits))
    return total % 10 == 0

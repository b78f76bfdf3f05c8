"""Words that carriers and Twilio keep for themselves.

A message that is only one of these words may never reach us, and can block every later message to
that number (Twilio error 21610). So no text by SMS ever asks a person to send one.
Source: Twilio, "Twilio support for opt-out keywords (SMS STOP filtering)".
"""

from __future__ import annotations

import re

RESERVED = frozenset(
    {"STOP", "STOPALL", "END", "QUIT", "CANCEL", "UNSUBSCRIBE"}
    | {"START", "UNSTOP", "YES", "HELP", "INFO"}
)

# What a menu says instead when a button's whole title is such a word.
_INSTEAD = {
    "stop": "stop here",
    "end": "end here",
    "quit": "stop here",
    "cancel": "not now",
    "start": "let's begin",
    "yes": "yes please",
    "help": "get help",
    "info": "more info",
}

_WORDS = "|".join(sorted(RESERVED))
_SHOUTED = re.compile(rf"\b(?:{_WORDS})\b")
# After "send", "svar", "reply" …, with or without quotes around the word.
_ASKED = re.compile(
    rf"\b(?:svar|skriv|send|svare|skrive|sende|reply|text|type|write|answer)\s+"
    rf"(?:med\s+|ordet\s+|with\s+|the\s+word\s+|back\s+)?[\"'«“]?(?P<word>{_WORDS})"
    rf"(?=[\"'»”.,;:!?)]|$|\s+(?:for|to|if|when|hvis|om|når|or|eller)\b)",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"(?:^|[\s,])\d{{1,2}} (?P<word>{_WORDS})(?=[\s,.]*(?:\d|$))", re.IGNORECASE)


def asked_for(text: str) -> list[str]:
    """The reserved words that `text` asks a person to send; empty for every text we may send.

    Looks for the words in capitals, after "send", "svar", "reply" …, and as a whole menu item.
    """
    found = [match.group() for match in _SHOUTED.finditer(text)]
    for pattern in (_ASKED, _ITEM):
        found += [match["word"].upper() for match in pattern.finditer(text)]
    return list(dict.fromkeys(found))


def menu_title(title: str) -> str:
    """`title` as a menu may show it: never a reserved word alone."""
    bare = title.strip(" .!?").lower()
    return _INSTEAD.get(bare, title)

"""The reply that needs nothing: no file, no database, no model. Sent when all else has failed."""

from __future__ import annotations

from bot.channels.messages import Channel, Lang, Reply

# 112 is the emergency number of the police in Norway (numbers.yml: police_emergency). It stands
# here in the code because this reply must go out even when no file can be read.
POLICE = "112"

_TEXT: dict[Lang, str] = {
    "nb": "Ring politiet hvis det er fare nå: {police}. Et menneske svarer på {line}.",
    "nn": "Ring politiet om det er fare no: {police}. Eit menneske svarar på {line}.",
    "en": "If there is danger now, call the police: {police}. A person answers on {line}.",
}


def static_reply(lang: Lang, channel: Channel, line: str) -> Reply:
    """112 and the phone line, in the person's language; plain text for SMS, one segment."""
    strong = channel == "web"
    police = f"**{POLICE}**" if strong else POLICE
    shown = f"**{line}**" if strong else line
    return Reply(_TEXT[lang].format(police=police, line=shown), kind="danger")

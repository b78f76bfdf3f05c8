"""Ready replies: sentences a counsellor puts into the field and sends when she has read them.

The starting set stands in content/system/desk_replies (checked with all other texts, numbers from
the register). What the centre changes is kept as versions: who, when, and every earlier one to go
back to. A reply that names what this is about is marked: by SMS it lies on the person's phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.channels.messages import Channel, Lang
from bot.content import Content
from bot.content.fill import fill, unknown_placeholders
from bot.content.style import typed_numbers
from bot.desk.speech import say
from bot.store import audit, ready_replies
from bot.store.database import Tx, new_id

PAGE = "desk_replies"
LETTERS = "abcdefghijklmnopqrstuvwxyzæøå0123456789"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_SMS = 40, 600, 306  # characters; 306 is two SMS segments

# The starting set, in the order of the list; the texts stand in content/system/desk_replies.
TITLES = {
    "greeting": "Hei, her er et menneske",
    "ask_safe": "Passer det å skrive nå?",
    "after_pause": "Etter en pause, nøytralt",
    "thanks_waiting": "Takk for at du ventet",
    "heard": "Takk for at du forteller",
    "own_pace": "Ta den tiden du trenger",
    "silent": "Den som skriver lite",
    "danger_now": "Fare nå: politiet",
    "doctor": "Skadet: legevakten",
    "afraid": "Redd i dag?",
    "may_call": "Kan jeg ringe?",
    "cannot_promise": "Kan ikke love",
    "back_soon": "Tilbake om fem minutter",
    "duty": "Meldeplikten",
    "child": "Barn eller ung",
    "relative": "Pårørende",
    "interpreter": "Tolk",
    "day_service": "Samtale på dagtid",
    "wrong_person": "Feil person svarer",
    "handing_on": "En kollega tar over",
    "closing": "Avslutte vennlig",
    "quiet_closing": "Avslutte når det er stille",
}
QUIET_CLOSING = "quiet_closing"

_REVEALING: dict[str, tuple[str, ...]] = {
    "nb": ("krisesenter", "vold", "mishand", "overgrep", "barnevern", "rådgiver", "legevakt"),
    "nn": ("krisesenter", "vald", "mishand", "overgrep", "barnevern", "rådgjevar", "legevakt"),
    "en": ("shelter", "crisis", "violen", "abuse", "assault", "child welfare", "counsellor"),
}


class NotKept(ValueError):
    """A reply was not kept. Its text says why, for the one who wrote it."""


@dataclass(frozen=True)
class Ready:
    """A reply as it counts now, with its placeholders. `by` and `at`: who changed it last, when."""

    key: str
    title: str
    web_text: str
    sms_text: str
    hidden: bool = False
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """A reply as it is offered in a case: filled in, with the letter that chooses it."""

    key: str
    letter: str
    title: str
    text: str
    reveals: bool


def all_of(tx: Tx, content: Content, lang: Lang) -> list[Ready]:
    """Every reply in a language, hidden ones too: the starting set, then the centre's own."""
    newest = ready_replies.newest(tx, lang)
    found = [_now(newest.pop(key, None), started(content, key, lang)) for key in TITLES]
    return found + [_of(version) for version in newest.values()]


def started(content: Content, key: str, lang: Lang) -> Ready:
    """A reply of the starting set as it came. Raises KeyError for a key that is not in it."""
    page = content.page(PAGE, lang)
    return Ready(key, TITLES[key], page.text("web", key), page.text("sms", key))


def offered(tx: Tx, content: Content, lang: Lang, channel: Channel) -> list[Offer]:
    """What a counsellor may choose from, in the person's language and for the channel."""
    shown = [reply for reply in all_of(tx, content, lang) if not reply.hidden]
    found = []
    for letter, reply in zip(LETTERS, shown, strict=False):
        raw = reply.sms_text if channel == "sms" else reply.web_text
        text = filled(content, raw, lang)
        title = say(reply.title) if reply.key in TITLES else reply.title
        found.append(Offer(reply.key, letter, title, text, reveals(content, text, lang)))
    return found


def filled(content: Content, raw: str, lang: Lang) -> str:
    """The text with numbers from the register, without the marks that a counsellor's has not."""
    text = fill(raw, lang, centre=content.centre, numbers=content.numbers, fact="", values={})
    return text.replace("**", "")


def reveals(content: Content, text: str, lang: Lang) -> bool:
    """Whether a text tells whoever picks up the phone what this is about."""
    words = text.casefold()
    names = (content.centre.name.casefold(), content.centre.line)
    return any(part in words for part in (*revealing_words(lang), *names))


def revealing_words(lang: str) -> tuple[str, ...]:
    """Beginnings of words that name the matter; the page warns of them as she writes."""
    return _REVEALING.get(lang, _REVEALING["nb"])


def keep(
    tx: Tx,
    content: Content,
    key: str,
    lang: Lang,
    counsellor_id: str,
    *,
    title: str,
    web_text: str,
    sms_text: str,
    hidden: bool = False,
) -> str:
    """A new version of a reply, or a new reply for an empty `key`. Returns the key.

    Raises NotKept: too long, empty, a typed number, an unknown placeholder.
    """
    title, web_text, sms_text = title.strip(), web_text.strip(), sms_text.strip()
    _check(content, title, web_text, sms_text)
    key = key or f"own_{new_id()[:12]}"
    ready_replies.add(
        *(tx, key, lang, counsellor_id),
        title=title,
        web_text=web_text,
        sms_text=sms_text or web_text,
        hidden=hidden,
    )
    audit.write(tx, "reply_changed", counsellor_id)
    return key


def _check(content: Content, title: str, web_text: str, sms_text: str) -> None:
    if not title or not web_text:
        raise NotKept(say("Skriv både en tittel og en tekst. Ingenting ble lagret."))
    if len(title) > LONGEST_TITLE or len(web_text) > LONGEST_TEXT:
        raise NotKept(say("Tittelen eller teksten er for lang. Ingenting ble lagret."))
    if len(sms_text or web_text) > LONGEST_SMS:
        raise NotKept(say("SMS-teksten er for lang: høyst to SMS-er. Ingenting ble lagret."))
    for text in (title, web_text, sms_text):
        if typed_numbers(text):
            raise NotKept(
                say("Skriv ikke telefonnumre rett i teksten, men for eksempel {n.legevakt}.")
            )
        if unknown := unknown_placeholders(text, content.numbers, (), has_fact=False):
            raise NotKept(say("Dette kan ikke fylles ut: {names}", names=", ".join(unknown)))


def _now(version: ready_replies.Version | None, start: Ready) -> Ready:
    return start if version is None else _of(version)


def _of(row: ready_replies.Version) -> Ready:
    return Ready(
        *(row.reply_key, row.title, row.web_text, row.sms_text, row.hidden),
        by=row.counsellor_id,
        at=row.at,
    )

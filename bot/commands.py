"""Commands: a few words that do the same thing everywhere, and only as the whole message.

"stopp han har kniv" is not a command. Words that carriers and Twilio keep for themselves (STOP,
HELP …) are understood when they reach us, but no text ever asks for them by SMS.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.channels.messages import Lang

CommandName = Literal[
    "human",
    "erase",
    "help",
    "back",
    "stop",
    "resume",
    "source",
    "language",
    "safe_word",
    "delete_thread",
    "uncount",
]

_WORDS: dict[CommandName, str] = {
    "human": """menneske|et menneske|eit menneske|rådgiver|rådgjevar|en rådgiver|ein rådgjevar|
        snakk med noen|snakke med noen|snakk med nokon|snakke med nokon|snakk med et menneske|
        snakke med et menneske|snakk med rådgiver|jeg vil snakke med noen|eg vil snakke med nokon|
        jeg vil snakke med et menneske|jeg vil snakke med et ekte menneske|ekte menneske|person|
        human|a human|real person|a person|talk to someone|talk to a human|talk to a person|
        counsellor|counselor|i want to talk to someone|i want to talk to a human""",
    "erase": """slett|slett alt|slett alt sammen|slett samtalen|slett meldingene|slett dette|
        delete|delete all|delete everything|erase|erase all|erase everything""",
    "help": "hjelpemeny|meny|menu|kommandoer|commands|help me use this|hva kan du gjøre",
    "back": "tilbake|attende|gå tilbake|back|go back",
    "stop": "stopp|stop|avslutt|avbryt|slutt|ferdig|quit|cancel|end",
    "resume": """fortsett|fortsette|gå videre|gå vidare|hald fram|halde fram|videre|vidare|
        continue|go on|resume|carry on""",
    "source": "kilde|kilder|kjelde|kjelder|source|sources",
    "safe_word": """trygt ord|et trygt ord|eit trygt ord|velg et trygt ord|velg trygt ord|
        velge et trygt ord|velge trygt ord|vil velge et trygt ord|jeg vil velge et trygt ord|
        jeg vil ha et trygt ord|nytt trygt ord|bytt trygt ord|vel eit trygt ord|
        velje eit trygt ord|vil velje eit trygt ord|eg vil velje eit trygt ord|
        eg vil ha eit trygt ord|velg et ord|vel eit ord|safe word|a safe word|safeword|
        choose a safe word|i want a safe word|i want to choose a safe word|new safe word|
        choose a word""",
    "language": "",
    "uncount": """ikke tell|ikke tell meg|ikke tell dette|ikke tell med|ikke tell meg med|
        ikke tell samtalen|ikkje tel|ikkje tell|ikkje tel meg|ikkje tel dette|ikkje tel med|
        ikkje tel meg med|ikkje tel samtalen|do not count|don t count|dont count|
        do not count me|don t count me|dont count me|do not count this|don t count this""",
    "delete_thread": """slett tråd|slett tråden|slette tråd|slette tråden|slett tråden på telefonen|
        slette tråden på telefonen|slett på telefonen|slette på telefonen|delete thread|
        delete the thread|hvordan sletter jeg tråden|hvordan slette tråden|
        korleis slettar eg tråden|korleis slette tråden|how do i delete the thread|
        hvordan sletter jeg tråden på telefonen|hvordan sletter jeg meldingene på telefonen|
        korleis slettar eg meldingane på telefonen|slett meldingene på telefonen|
        how to delete the thread|how do i delete the messages on my phone""",
}
# A wish to go on, and with what: "kan vi fortsette", "jeg vil gå videre med planen". Told with a
# "not" it is none, and "go on" with anything but our own questions belongs to the answers.
_ASKED_TO = (
    r"(?:(?:ja|jo|ok|okei|nei|men|kan|kunne|skal|må|vil|har|vi|jeg|eg|æ|du|oss|la|lat|gjerne|bare|lyst"
    r"|til|klar|er|å|yes|can|could|we|i|want|would|like|to|let|s|us|please|ready|am|m) )*"
)
_GO_ON = re.compile(
    _ASKED_TO + r"(?:fortsette|fortsett|fortsetje|fortset|gå videre|gå vidare|halde fram|hald fram"
    r"|ta opp igjen|go on|go ahead|continue|carry on|keep going|resume)"
    r"(?: (?:med|på|with|å svare på|svare på|gjerne|nå|no|now|litt|igjen|att|please|takk"
    r"|der vi (?:slapp|var)|where we (?:were|left off)))*"
    r"(?: (?:(?P<checklist>(?:de |dei |the |our )?(?:spørsmål\w*|test\w*|sjekklist\w*|tegn\w*"
    r"|teikn\w*|checklist|questions|signs))"
    r"|(?P<safety_plan>(?:the |my )?(?:plan|planen|plana|trygghetsplan\w*|tryggleiksplan\w*"
    r"|sikkerhetsplan\w*|safety plan)(?: min| mi)?)))?"
    r"(?: (?:nå|no|now|takk|please|igjen|att))*"
)
# Somebody is tired of being asked: a pause, never an offer to erase.
_PAUSE = re.compile(
    r"(?:nei |men |no )?(?:jeg|eg|æ) (?:orker|orkar|vil|gidder|klarer|klarar) (?:ikke|ikkje|itj)"
    r"(?: å)? (?:(?:svare|svara)(?: på)? (?:flere|fleire|mer|meir|noe mer|noko meir)(?: spørsmål)?"
    r"|(?:(?:svare|svara) på |ha |få )?(?:flere|fleire|så mange|mange) spørsmål)"
    r"(?: (?:nå|no|i dag|i kveld))?"
    r"|(?:nei |men )?(?:jeg|eg|æ) vil (?:ikke|ikkje|itj) (?:si|seie|skrive|snakke|svare)"
    r"(?: (?:noe|noko))? (?:mer|meir)(?: (?:nå|no))?"
    r"|i (?:can t|cannot|don t want to) answer (?:any )?more(?: questions)?"
    r"|(?:jeg |eg |kan vi |kan jeg |kan eg |la oss |lat oss |i |we |can we |can i |let s )?"
    r"(?:ta|trenger|treng|need|take|have)? ?(?:en |ei |ein |a )?(?:liten |lita |short )?"
    r"(?:pause|break)(?: (?:nå|no|litt|now))?"
)
# Erasing cannot be taken back, so only an order does it; who asks whether or how is answered.
_ERASE_ORDER = re.compile(
    r"\b(?:slett|delete|erase|fjern)\b"
    r"|\b(?:vil|må|ønsker|ønskjer|want to|need to|have to|like to)\b.*"
    r"\b(?:slett(?:e|a)|delete|erase)\b"
)
_ASKS = re.compile(
    r"^(?:men |og |hei |but |and )?(?:kan|kunne|hvordan|korleis|koss|hvor|kor|når|blir|blei|hva|kva"
    r"|ka|må (?:jeg|eg|æ|vi)|bør|skal|er|får|går|how|can|could|when|what|will|is|are"
    r"|do|does|should|where)\b"
)
_NOT = re.compile(r"\b(?:ikke|ikkje|itj|aldri|not|don t|dont|never)\b")
PHONES = ("iphone", "android", "old")  # how to delete the thread differs
_LANGUAGES: dict[str, Lang] = {
    "bokmål": "nb",
    "bokmal": "nb",
    "norsk": "nb",
    "norwegian": "nb",
    "nynorsk": "nn",
    "engelsk": "en",
    "english": "en",
}
_LOOKUP: dict[str, CommandName] = {
    " ".join(word.split()): name
    for name, words in _WORDS.items()
    for word in words.split("|")
    if word.strip()
}


def normal(text: str) -> str:
    """Lower case, no punctuation, single spaces: "MENNESKE!!" is "menneske"."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def read_command(text: str) -> tuple[CommandName, str] | None:
    """(command, value) when the whole message is a command; `value` is the language, or the flow
    that is to go on, or ""."""
    words = normal(text)
    if words in _LANGUAGES:
        return "language", _LANGUAGES[words]
    name = _LOOKUP.get(words)
    if name is not None:
        return name, ""
    goes_on = _GO_ON.fullmatch(words)
    if goes_on:
        return "resume", goes_on.lastgroup or ""
    return ("stop", "") if _PAUSE.fullmatch(words) else None


def orders_erasing(text: str) -> bool:
    """Whether words that are about erasing order it: "kan jeg slette dette?" only asks."""
    words = normal(text)
    asks = "?" in text or _ASKS.search(words) is not None
    return not asks and _NOT.search(words) is None and _ERASE_ORDER.search(words) is not None


def read_payload(payload: str | None) -> tuple[CommandName, str] | None:
    """The command behind a button, or None."""
    if payload in ("human", "erase", "back", "stop", "help", "safe_word", "uncount"):
        return payload, ""  # type: ignore[return-value]
    if payload is not None and payload.startswith("lang:"):
        return "language", payload.removeprefix("lang:")
    kind, _, phone = (payload or "").partition(":")
    if kind == "thread" and phone in PHONES:
        return "delete_thread", phone
    return None

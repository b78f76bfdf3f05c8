"""The approved summary in the desk's fixed order, after Bufdir's first contact: situation and risk,
information given, needs, next step.

Nothing is rewritten: labels are the desk's, the text is what the person read and said yes to.
Which rows fold when there is no room stands in first_view.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.desk.speech import say
from bot.handoff.changes import HOW
from bot.handoff.draft import HandoffDraft, How, SummaryLine

ORDER = ("Situasjon", "Risiko", "Barn", "Fått svar", "Ønsker", "Neste steg", "Ellers")
HOWS: dict[How, str] = {
    "call_self": "ringer selv",
    "be_called": "vil bli ringt",
    "write_now": "vil skrive nå",
    "first_talk": "ønsker første samtale",
}

# field of a summary line → (group, label within the group; empty where the group says it)
FIELDS: dict[str, tuple[str, str]] = {
    "own_words": ("Situasjon", ""),
    "about": ("Situasjon", "gjelder"),
    "violence": ("Situasjon", ""),
    "risks": ("Risiko", ""),
    "strangled": ("Risiko", "kvelertak"),
    "weapon": ("Risiko", "våpen eller drapstrusler"),
    "safe_now": ("Risiko", "trygg nå"),
    "afraid_now": ("Risiko", "redd i dag"),
    "children": ("Barn", ""),
    "answered": ("Fått svar", ""),
    "wants": ("Ønsker", ""),
    "plan": ("Ønsker", "trygghetsplan"),
    "time": ("Neste steg", "tid"),
    "place": ("Neste steg", "sted"),
    "municipality": ("Neste steg", "kommune"),
    "no_call": ("Ellers", "bli ringt"),
    "write_times": ("Ellers", "trygt å skrive"),
    "language": ("Ellers", "språk"),
    "interpreter": ("Ellers", "tolk"),
}
NAMES = {
    "own_words": "hva det gjelder",
    "wants": "hva personen ønsker",
    "about": "hvem det gjelder",
}

# Not asked is information here, in its place; elsewhere it is gathered at the end.
INLINE = frozenset({"Risiko", "Barn"})
IN_HEAD = frozenset({"language", "interpreter", "no_call", "write_times"})
# Only these very words: "norsk, men helst somali" stands in the bar.
NORWEGIAN = frozenset({"norsk", "norwegian", "bokmål", "nynorsk"})
NO = frozenset({"nei", "no", "nei takk", "no thanks"})
UNSAID = {"not_asked": "ikke spurt", "would_not_say": "ville ikke svare"}

LONGEST_QUOTE = 90


@dataclass(frozen=True)
class Quote:
    """A sentence of the person's own, short; `number` opens the whole of it."""

    number: int
    text: str


@dataclass(frozen=True)
class Item:
    """One thing said. `muted`: "ikke spurt" and "ville ikke svare". `changed`: since when it says
    this, where the person corrected or added it while the case waited."""

    label: str
    text: str
    quotes: tuple[Quote, ...] = ()
    muted: bool = False
    changed: datetime | None = None


@dataclass(frozen=True)
class Group:
    """A row of the screen."""

    title: str
    items: tuple[Item, ...]


def groups(draft: HandoffDraft, changed: Mapping[str, datetime] | None = None) -> list[Group]:
    """The rows that have something to say, in the fixed order; what was `changed` is marked."""
    changed = changed or {}
    found: dict[str, list[Item]] = {title: [] for title in ORDER}
    found["Neste steg"].append(Item("", say(HOWS[draft.how]), changed=changed.get(HOW)))
    first = 0
    for line in draft.summary:
        title, label = _place(line)
        said = line.status == "said" and line.field not in IN_HEAD
        if said or (line.status != "said" and title in INLINE):
            found[title].append(_item(line, label, first, changed.get(line.field)))
        first += len(line.quotes)
    return [Group(title, tuple(items)) for title, items in found.items() if items]


def unsaid(draft: HandoffDraft) -> tuple[list[str], list[str]]:
    """Labels of what was not asked, and of what the person would not say, outside the rows."""
    names: dict[str, list[str]] = {"not_asked": [], "would_not_say": []}
    for line in draft.summary:
        title, label = _place(line)
        if line.status != "said" and title not in INLINE:
            names[line.status].append(NAMES.get(line.field) or label or title.lower())
    return names["not_asked"], names["would_not_say"]


def spoken(draft: HandoffDraft) -> str | None:
    """The language to speak and whether an interpreter is needed."""
    said = {line.field: line.text for line in draft.summary if line.status == "said"}
    language = draft.wishes.language or said.get("language")
    interpreter = said.get("interpreter")
    parts = [
        say("språk: {language}", language=language) if language else "",
        say("tolk: {interpreter}", interpreter=interpreter) if interpreter else "",
    ]
    return " · ".join(part for part in parts if part) or None


def needs_tongue(draft: HandoffDraft) -> bool:
    """Another language than Norwegian, or an interpreter: stands in the bar with the rules."""
    said = {line.field: line.text for line in draft.summary if line.status == "said"}
    language = _plain(draft.wishes.language or said.get("language") or "norsk")
    interpreter = _plain(said.get("interpreter") or "nei")
    return language not in NORWEGIAN or interpreter not in NO


def contact_rules(draft: HandoffDraft) -> list[tuple[str, str]]:
    """(kind, words) of the bar on top: when, what if someone else answers, voicemail.

    Nobody is called before these are read; what was not said counts as no. The language to speak
    stands first where it is not Norwegian.
    """
    contact = draft.contact
    tongue = [("tongue", str(spoken(draft)))] if needs_tongue(draft) else []
    if contact.number is None and (draft.no_call or draft.how not in ("be_called", "first_talk")):
        return tongue + _writing_rules(draft)
    rules = [("never", say("Trygg ringetid er IKKE oppgitt"))]
    if contact.safe_times:
        rules = [("times", say("Trygt å ringe {times}", times=contact.safe_times))]
    if contact.if_someone_else_answers:
        words = _bare(contact.if_someone_else_answers)
        rules.append(("other", say("svarer andre: «{words}»", words=words)))
    else:
        rules.append(("other", say("svarer andre: ikke oppgitt, si ingenting")))
    if contact.voicemail:
        rules.append(("voicemail", say("kan legge igjen beskjed")))
    else:
        rules.append(("never", say("ALDRI telefonsvarer")))
    return tongue + rules


def _writing_rules(draft: HandoffDraft) -> list[tuple[str, str]]:
    """When nobody is to call: that, and when it is safe to write, where it was said."""
    rules = [("never", say("IKKE ring"))] if draft.no_call else []
    if draft.contact.safe_times:
        rules.append(("times", say("Trygt å skrive {times}", times=draft.contact.safe_times)))
    return rules


def _place(line: SummaryLine) -> tuple[str, str]:
    return FIELDS.get(line.field, ("Ellers", line.field.replace("_", " ")))


def _item(line: SummaryLine, label: str, first: int, changed: datetime | None) -> Item:
    if line.status != "said":
        return Item(label, say(UNSAID[line.status]), muted=True, changed=changed)
    quotes = tuple(Quote(first + offset, _short(quote)) for offset, quote in enumerate(line.quotes))
    return Item(label, "" if _only_quotes(line) else line.text, quotes, changed=changed)


def _only_quotes(line: SummaryLine) -> bool:
    """The text repeats the quotes and adds nothing."""
    rest = line.text
    for quote in line.quotes:
        rest = rest.replace(quote, "")
    return bool(line.quotes) and not any(char.isalnum() for char in rest)


def _short(quote: str) -> str:
    if len(quote) <= LONGEST_QUOTE:
        return quote
    cut = quote[:LONGEST_QUOTE].rsplit(" ", 1)[0]
    return f"{cut} …"


def _plain(text: str) -> str:
    return text.strip(" .!").casefold()


def _bare(text: str) -> str:
    return text.strip().strip('«»"')

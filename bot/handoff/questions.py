"""The questions of a handoff, and how an answer to each is read, pressed or written.

An answer is a small JSON value: {"choice": id}, {"text": words}, {"quotes": [sentences]},
{"ids": [ids]}, {"status": "would_not_say"} or {"status": "not_asked"} (passed over).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.channels.flows import FlowInput
from bot.channels.messages import Channel, Lang
from bot.commands import normal
from bot.handoff.draft import THIS_NUMBER
from bot.handoff.phone import has_digits, read_number, without_others

Answer = dict[str, Any]

LONGEST_TEXT = 300
LONGEST_SHORT = 40
MOST_SHORT_WORDS = 5
LONGEST_QUESTION = 80

SKIPPED: Answer = {"status": "not_asked"}
REFUSED: Answer = {"status": "would_not_say"}
WRONG_NUMBER: Answer = {"wrong_number": True}


@dataclass(frozen=True)
class Question:
    """One question: its choices in order, and whether it can also be answered in own words.

    `free`: "no" (choices only), "text" (a sentence) or "short" (a few words).
    """

    field: str
    choices: tuple[str, ...] = ()
    ways_out: tuple[str, ...] = ("skip",)
    free: str = "no"

    def keys(self, channel: Channel) -> tuple[str, ...]:
        """Titles to show, in order."""
        if self.field == "number":
            own = ("this_number",) if channel == "sms" else ()
            return (*own, *self.ways_out)
        if channel == "sms" and "any" in self.choices:
            # "1" would mean "any time" where somebody writes that one o'clock is safe.
            return self.ways_out
        return (*self.choices, *self.ways_out)


QUESTIONS = {
    question.field: question
    for question in (
        Question("about", ("self", "other"), ("skip", "wont_say")),
        Question("number"),
        Question("safe_times", ("any",), free="text"),
        Question("write_times", ("any",), free="text"),
        Question("someone_else", ("wrong_number", "hang_up"), free="text"),
        Question("voicemail", ("yes", "no")),
        Question("time", ("any",), free="text"),
        Question("place", free="text"),
        Question("talk_language", ("norwegian", "english"), free="short"),
        Question("own_words", ways_out=("skip", "wont_say"), free="text"),
        Question("safe_now", ("yes", "no", "dont_know"), ("wont_say",)),
        Question("afraid_now", ("yes", "no", "dont_know"), ("wont_say",)),
        Question("children", ("none",), ("skip", "wont_say"), free="text"),
        Question("language", ("norwegian", "english"), free="short"),
        Question("interpreter", ("yes", "no")),
        Question("municipality", ways_out=("skip", "wont_say"), free="short"),
        Question("wants", ways_out=("skip", "wont_say"), free="text"),
    )
}
COUNTED = frozenset({"children", "safe_times", "write_times", "time"})
"""Questions that a bare number can answer."""
PLAIN = frozenset({"yes", "no", "dont_know", "skip", "wont_say", "back", "stop"})


def payload_of(key: str) -> str:
    """What the button of a choice sends."""
    if key == "this_number":
        return "yes"
    return key if key in PLAIN else f"choose:{key}"


_SAID: dict[str, re.Pattern[str]] = {
    key: re.compile(rf"(?:{words})", re.IGNORECASE)
    for key, words in {
        "yes": r"(?:ja|jada|japp|jo|yes|yeah|yep|ok|okei|okay|gjerne|sure)"
        r"(?: (?:takk|gjerne|please|det er greit|send|det er jeg|det er eg|i am))?",
        "no": r"(?:nei|neida|nope|no)(?: (?:takk|thanks|thank you|ikke nå|ikkje no|det er jeg ikke"
        r"|det er eg ikkje))?|ikke nå|ikkje no|not now",
        "dont_know": r"(?:jeg |eg |i )?(?:vet ikke|veit ikkje|veit ikke|vet ikkje|don t know"
        r"|dont know|not sure)|usikker|er usikker|unsure",
        "skip": r"hopp over|hoppe over|hopp over det|neste|pass|skip|skip it|next|seinere|senere",
        "wont_say": r"(?:jeg |eg |i )?(?:vil ikke|vil ikkje|ønsker ikke å|ønskjer ikkje å"
        r"|don t want to|dont want to|would rather not|d rather not|rather not"
        r"|prefer not to|won t|wont)"
        r"(?: (?:svare|si|si det|svare på det|seie|seie det|answer|say|tell|tell you))?",
        "self": r"(?:det er |det gjelder |det gjeld |it s )?(?:meg|meg selv|meg sjølv|me|myself)"
        r"|jeg|eg",
        "other": r".*\b(?:en annen|ein annan|noen andre|nokon andre|noen jeg|nokon eg"
        r"|vennen?|venninn[ea]|søster|søstera|syster|systera|bror|broren|mor|mora|moren|mamma|far|faren"
        r"|datter|dattera|dotter|dottera|sønn|sønnen|son|nabo|naboen|kollega|elev|pasient"
        r"|someone else|somebody else|friend|sister|brother|mother|mum|mom|daughter"
        r"|neighbour|neighbor|colleague|another person)\b.*",
        "any": r"(?:når som helst|når som helst på dagen|alltid|heile døgnet|hele døgnet|any ?time"
        r"|whenever|always)",
        "wrong_number": r"(?:si |at det er |seie |sei )?(?:feil nummer|feilnummer|wrong number)"
        r"|say wrong number|say it s the wrong number",
        "hang_up": r"(?:bare |berre |just )?(?:legge? på(?: røret)?|hang up)",
        "norwegian": r"norsk|bokmål|nynorsk|norwegian",
        "english": r"engelsk|english",
        "none": r"(?:nei|nei |no |nope)?(?:ingen|ingen barn|ikke barn|har ikke barn|ingen born"
        r"|ikkje born|har ikkje barn|jeg har ikke barn|eg har ikkje barn|no children|no kids"
        r"|none|nei|no)",
    }.items()
}
_QUESTION = re.compile(r"^(?:hva|kva|hvordan|korleis|what|how)\b", re.IGNORECASE)


def said(key: str, text: str, lang: Lang | None = None) -> bool:
    """Whether the whole of `text` says this choice, in any of the three languages.

    In Nynorsk "no" alone is "now" and says nothing.
    """
    if lang == "nn" and normal(text) == "no":
        return False
    return bool(_SAID[key].fullmatch(normal(text)))


def is_question(text: str) -> bool:
    """A short question to us is for understanding, not an answer to ours."""
    bare = text.strip()
    if len(bare) > LONGEST_QUESTION:
        return False
    return bare.endswith("?") or bool(_QUESTION.match(bare))


def read_answer(question: Question, inp: FlowInput, other: bool) -> Answer | None:
    """The answer in a message, or None when it is none. `other`: it is about someone else."""
    if inp.payload is not None:
        return _pressed(question, inp.payload)
    if question.field == "number":
        return _number(inp)
    chosen = _written_choice(question, inp)
    if chosen is not None:
        return chosen
    if question.free == "no":
        return _choice_with_more(question, inp)
    return _free(question, inp, other)


def _pressed(question: Question, payload: str) -> Answer | None:
    for key in (*question.keys("web"), *question.keys("sms")):
        if payload_of(key) == payload:
            return _answer_of(key)
    return None


def _answer_of(key: str) -> Answer:
    if key == "skip":
        return dict(SKIPPED)
    if key == "wont_say":
        return dict(REFUSED)
    if key == "this_number":
        return {"text": THIS_NUMBER}
    return {"choice": key}


def _written_choice(question: Question, inp: FlowInput) -> Answer | None:
    for key in ("skip", "wont_say"):
        if said(key, inp.text, inp.lang):
            return _answer_of(key)
    for key in question.choices:
        if said(key, inp.text, inp.lang) and not (key == "other" and is_question(inp.text)):
            return _answer_of(key)
    if question.free != "no" and said("no", inp.text, inp.lang):
        return dict(SKIPPED)  # "nei" to "what do you wish?"
    return None


def _choice_with_more(question: Question, inp: FlowInput) -> Answer | None:
    """ "Ja, han sa han kommer full": the first word is the answer, the rest is kept with it."""
    if is_question(inp.text):
        return None
    first, _, rest = normal(inp.text).partition(" ")
    for key in question.choices:
        if rest and key in ("yes", "no") and said(key, first, inp.lang):
            return {"choice": key, "text": clip(inp.text)}
    return None


def _number(inp: FlowInput) -> Answer | None:
    number = read_number(inp.text)
    if number is not None:
        return {"text": number}
    if inp.channel == "sms" and said("yes", inp.text):
        return {"text": THIS_NUMBER}
    if any(said(key, inp.text, inp.lang) for key in ("skip", "wont_say", "no")):
        return dict(SKIPPED)
    return dict(WRONG_NUMBER) if has_digits(inp.text) else None


def _free(question: Question, inp: FlowInput, other: bool) -> Answer | None:
    text = " ".join(inp.text.split())
    if said("dont_know", text):
        return dict(SKIPPED)
    if not _can_be_answer(question, text):
        return None
    if other:
        text = without_others(text, inp.lang)
    text = clip(text)
    return {"quotes": [text]} if question.field == "own_words" else {"text": text}


def _can_be_answer(question: Question, text: str) -> bool:
    if not normal(text) or said("yes", text) or _asks_us(question, text):
        return False
    if normal(text).isdigit() and question.field not in COUNTED:
        return False  # the number of a choice that is not there
    short = len(text) <= LONGEST_SHORT and len(text.split()) <= MOST_SHORT_WORDS
    return short or question.free != "short"


def _asks_us(question: Question, text: str) -> bool:
    if question.field == "own_words":
        return is_question(text) and text.endswith("?")  # "what he does to me" tells something
    return is_question(text)


def clip(text: str) -> str:
    """At most LONGEST_TEXT characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT].rsplit(' ', 1)[0]} …"

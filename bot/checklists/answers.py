"""How an answer in the checklist is read: ticked, pressed, written as numbers or in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.flows import FlowInput
from bot.channels.messages import TICKS, Lang
from bot.checklists.choosing import is_heard
from bot.checklists.items import Item, Voice
from bot.commands import normal, read_command
from bot.handoff.questions import clip, is_question, payload_of, said

ANSWERS = ("yes", "no", "dont_know", "skip", "wont_say")
# What a button below ticks says of those that were left open.
REST = {
    "next": "left",
    "none": "no",
    "dont_know": "dont_know",
    "skip": "skip",
    "wont_say": "wont_say",
}

_RECOGNISED = ("ja", "jada", "jo", "yes", "yeah")
_REFUSED = ("nei", "no", "nope")
_SOMETIMES = frozenset(
    {
        "av og til", "noen ganger", "nokre gonger", "en gang", "ein gong", "iblant", "ofte",
        "litt", "en del", "sometimes", "once", "often", "a little", "mange ganger", "hele tiden",
        "heile tida", "all the time", "alltid", "always",
    }
)  # fmt: skip
_NONE = re.compile(
    r"(?:nei )?(?:ingen|ingenting|ikkje noko|ikke noe|none|nothing|no one)"
    r"(?: (?:av )?(?:disse|desse|dei|dem|de|det|dette|of these|of them|of this))?"
)
_ALL = re.compile(
    r"(?:ja )?(?:alle|alt|alle sammen|alle saman|alt sammen|alt saman|alle disse|begge|all"
    r"|all of them|all of these|everything|both)(?: sammen| saman)?"
)
_SHOW = re.compile(
    r"(?:vis|sjå|se|show)(?: meg| me)?(?: (?:det|kva|hva|what))?"
    r"(?: (?:jeg|eg|i))?(?: (?:har|have))?(?: (?:svart|svarte|svara|answered|said|my answers))?"
    r"|(?:vis|show)(?: meg| me)? (?:svarene|svara|svar|my answers|answers)(?: mine)?|oppsummering"
)
_PICK = re.compile(
    r"(?:jeg |eg )?(?:vil )?vel(?:g|ge|je) (?:selv|sjølv)|vel sjølv|velg|vel|choose|choose myself"
    r"|let me choose|pick"
)
_UNDER_18 = re.compile(
    r"\b(?:jeg|eg|i) (?:er|am|m) (?:bare |berre |only |just )?(?:[6-9]|1[0-7])\b"
    r"|\b(?:[6-9]|1[0-7]) (?:år|åring|years|year old|yrs)\b"
    r"|\bunder (?:18|atten|eighteen)\b|\bmindreårig\b|\ba minor\b"
)
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("en én ein ett eitt one", "to two", "tre three", "fire four", "fem five", "seks six",
         "sju syv seven", "åtte eight", "ni nine", "ti ten"), 1,
    )
    for word in words.split()
}  # fmt: skip
_BETWEEN = frozenset(
    {
        "og", "and", "nr", "nummer", "number", "numbers", "ja", "yes", "pluss", "samt", "kryss",
        "på", "jeg", "eg", "i", "kjenner", "kjenn", "igjen", "att", "recognise", "recognize",
        "punkt", "svar", "svarer",
    }
)  # fmt: skip
_LEAST_STEM = 5
_A_SENTENCE = 3  # words


@dataclass(frozen=True)
class Given:
    """An answer to a group: what was recognised, and what that says of the rest.

    `rest` None: something was ticked, and more may follow. `which`: a yes that says not to what.
    """

    ids: tuple[str, ...] = ()
    rest: str | None = None
    which: bool = False


def read_choice_of(keys: tuple[str, ...], inp: FlowInput) -> str | None:
    """One of `keys`, by its button or in words."""
    for key in keys:
        if inp.payload is not None:
            if inp.payload in (key, payload_of(key)):
                return key
        elif said(key, inp.text, inp.lang):
            return key
    return None


def read_voice(inp: FlowInput) -> Voice | None:
    """Whom it is about; somebody who writes that they are fifteen is under 18."""
    if inp.payload is not None:
        voices: tuple[Voice, ...] = ("self", "other", "young")
        return next((voice for voice in voices if inp.payload == f"choose:{voice}"), None)
    if _UNDER_18.search(normal(inp.text)):
        return "young"
    choice = read_choice_of(("self", "other"), inp)
    return "self" if choice == "self" else "other" if choice == "other" else None


def read_item_answer(inp: FlowInput, item: Item) -> str | None:
    """An answer to one sign. "Av og til" and "ja han tok skoa mine" are a yes, questions none."""
    plain = read_choice_of(ANSWERS, inp)
    if plain is not None or inp.payload is not None:
        return plain
    words = normal(inp.text)
    if words in _SOMETIMES:
        return "yes"
    if is_question(inp.text):
        return None
    if _NONE.fullmatch(words):
        return "no"
    first, _, rest = words.partition(" ")
    if rest and first in _RECOGNISED:
        return "yes"
    if rest and _refuses(words, inp.lang):
        return "no"
    return "yes" if is_heard(item, inp.text) else None


def read_group_answer(inp: FlowInput, shown: Sequence[Item], voice: Voice) -> Given | None:
    """An answer to a group of signs, or None when the message is none."""
    ids = tuple(item.id for item in shown)
    by_words = _as_numbers(inp.text, len(shown))
    if by_words is not None:
        return _numbered(by_words, ids)
    if inp.payload is not None:
        pressed = _pressed(inp, ids)
        if pressed is None or pressed.rest is not None or not _own_words(inp, shown, voice):
            return pressed
        # Boxes were ticked and something was written beside them: both count.
        written = _written(inp, shown, voice)
        if written is None or written.which:
            return None if is_question(inp.text) else Given(pressed.ids, "left")
        return Given((*pressed.ids, *written.ids), written.rest or "left")
    return _written(inp, shown, voice)


def read_groups(inp: FlowInput, offered: Sequence[tuple[str, str]]) -> tuple[str, ...] | None:
    """Which of the offered groups (id, name) are chosen; None when the message chooses none."""
    ids = tuple(id for id, _ in offered)
    numbers = _as_numbers(inp.text, len(ids))
    if numbers is not None and all(0 < number <= len(ids) for number in numbers):
        return tuple(ids[number - 1] for number in numbers)
    if inp.payload is not None:
        key, picked = split(inp.payload)
        chosen = tuple(id for id in picked if id in ids)
        return chosen if chosen and key in ("group", "tick", "next") else None
    words = normal(inp.text)
    if _ALL.fullmatch(words):
        return ids
    named = tuple(id for id, name in offered if words and normal(name) in words)
    return named or None


def read_offer(inp: FlowInput) -> str | None:
    """Whether a person is wanted now; passing over it, or going on, is a no."""
    if inp.payload == "human":
        return "yes"
    if read_choice_of(("skip", "wont_say"), inp) or (not inp.payload and says_go_on(inp.text)):
        return "no"
    return read_choice_of(("yes", "no"), inp)


def split(payload: str) -> tuple[str, tuple[str, ...]]:
    """ "next:hits,threatens" → ("next", ("hits", "threatens"))."""
    key, _, ids = payload.partition(":")
    return key, tuple(id for id in ids.split(",") if id)


def wants_resume(inp: FlowInput) -> bool:
    """Take the stopped checklist up again."""
    if inp.payload is not None:
        return inp.payload in ("checklist:resume", "resume")
    return says_go_on(inp.text)


def wants_show(inp: FlowInput) -> bool:
    """See what has been answered so far."""
    return _asks_for("show", _SHOW, inp)


def wants_pick(inp: FlowInput) -> bool:
    """Choose the groups oneself."""
    return _asks_for("pick", _PICK, inp)


def says_go_on(text: str) -> bool:
    """ "Fortsett", "kan vi fortsette med spørsmålene", as the whole message."""
    return read_command(text) in (("resume", ""), ("resume", "checklist"))


def _asks_for(key: str, pattern: re.Pattern[str], inp: FlowInput) -> bool:
    if inp.payload is not None:
        return split(inp.payload)[0] == key
    return bool(pattern.fullmatch(normal(inp.text)))


def _pressed(inp: FlowInput, ids: tuple[str, ...]) -> Given | None:
    key, ticked = split(inp.payload or "")
    chosen = tuple(id for id in ticked if id in ids)
    if key in REST:
        return Given(chosen, REST[key])
    if key in TICKS and chosen:
        return Given(chosen, "left" if len(chosen) == len(ids) else None)
    if key == "yes":
        return _yes(ids)
    return Given((), "no") if key == "no" else None


def _written(inp: FlowInput, shown: Sequence[Item], voice: Voice) -> Given | None:
    words = normal(inp.text)
    ids = tuple(item.id for item in shown)
    for key in ("dont_know", "skip", "wont_say"):
        if said(key, inp.text, inp.lang):
            return Given((), key)
    if says_go_on(inp.text):
        return Given((), "left")
    if _ALL.fullmatch(words):
        return Given(ids, "left")
    if _NONE.fullmatch(words) or said("no", inp.text, inp.lang):
        return Given((), "no")
    if is_question(inp.text):
        return None
    found = matching(inp.text, shown, voice, inp.lang)
    if found:
        return Given(found, "left")
    if words.split(" ")[0] in _RECOGNISED or words in _SOMETIMES:
        return _yes(ids)
    return Given((), "no") if _refuses(words, inp.lang) else None


def _refuses(words: str, lang: Lang) -> bool:
    """ "Nei, aldri" is a no; "nei, men …" tells more, and Nynorsk "no" is "now"."""
    first, _, rest = words.partition(" ")
    now = first == "no" and lang == "nn"
    return first in _REFUSED and not now and not rest.startswith(("men", "but"))


def _yes(ids: tuple[str, ...]) -> Given:
    """A bare yes says which when there is one sign to say yes to."""
    return Given(ids, "left") if len(ids) == 1 else Given(which=True)


def matching(text: str, shown: Sequence[Item], voice: Voice, lang: Lang) -> tuple[str, ...]:
    """The signs that free words tell of: what is heard, else a word that one sign alone has."""
    heard = tuple(item.id for item in shown if is_heard(item, text))
    if heard or re.search(r"\b(?:ikke|ikkje|aldri|never|not)\b", text.lower()):
        return heard
    stems = [_stems(f"{item.asked(voice, lang)} {item.short.get(lang, '')}") for item in shown]
    counted = Counter(stem for each in stems for stem in each)
    own = {stem for stem in _stems(text) if counted[stem] == 1}
    return tuple(item.id for item, each in zip(shown, stems, strict=True) if own & each)


def _stems(text: str) -> set[str]:
    return {word[:_LEAST_STEM] for word in normal(text).split() if len(word) >= _LEAST_STEM}


def _own_words(inp: FlowInput, shown: Sequence[Item], voice: Voice) -> bool:
    """Whether something was written beside the boxes; a pressed button brings its own title."""
    titles = {normal(item.asked(voice, inp.lang)) for item in shown}
    return normal(inp.text) not in titles | {""}


def _as_numbers(text: str, most: int) -> tuple[int, ...] | None:
    """ "1 og 3", "nr 2", "1,3": the numbers of a message that says nothing else."""
    if "en" in normal(text).split() and len(normal(text).split()) > 2:
        return None  # "en" is also the article
    found: list[int] = []
    for word in normal(text).split():
        if word in _BETWEEN:
            continue
        if word.isascii() and word.isdigit() and len(word) <= 2:
            found.append(int(word))
        elif word in _NUMBERS:
            found.append(_NUMBERS[word])
        else:
            return None
    return tuple(dict.fromkeys(found)) or None


def _numbered(numbers: tuple[int, ...], ids: tuple[str, ...]) -> Given:
    """A number that no sign has is a slip: asked again, nothing guessed."""
    if any(not 0 < number <= len(ids) for number in numbers):
        return Given(which=True)
    return Given(tuple(ids[number - 1] for number in numbers), "left")


def quoted(inp: FlowInput) -> str | None:
    """The person's own words in an answer: a sentence, not a number, a yes or a button's title."""
    words = normal(inp.text)
    key = split(inp.payload or "")[0]
    plain = words in _SOMETIMES or _ALL.fullmatch(words) or _as_numbers(inp.text, 0) is not None
    if plain or len(words.split()) < _A_SENTENCE or (inp.payload is not None and key != "tick"):
        return None
    return clip(inp.text)

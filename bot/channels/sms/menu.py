"""Buttons by SMS: a numbered menu out ("1 ja 2 nei"), and the person's number or words back in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.messages import Button, Lang, Reply
from bot.channels.sms.reserved import menu_title
from bot.channels.sms.segments import count, fit, to_gsm

MOST_SEGMENTS = 2
MENU_PAYLOAD = "help"  # what "0" means: the overview of what one can do here
ZERO = "plan:back"  # a choice that has the number 0 itself: one step back
_MENU_WORD: dict[Lang, str] = {"nb": "meny", "nn": "meny", "en": "menu"}


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Titles that keep their capital inside a menu line.
_NAMES = _words(
    "I I'm I’m I'll I’ll Nav NAV Android English Norwegian Bokmål Nynorsk"
    " Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "null zero",
            "en én ein ett eitt one",
            "to two",
            "tre three",
            "fire four",
            "fem five",
            "seks six",
            "sju syv seven",
            "åtte eight",
            "ni nine",
        )
    )
    for word in words.split()
}
_NUMBER = re.compile(
    r"(?:(?:nr|nummer|number|svar|valg|val|alternativ|option|answer) )?(?P<number>\d{1,2})"
    r"(?: (?P<rest>.+))?"
)
_COURTESY = frozenset({"takk", "tak", "please", "thanks", "thank you", "er fint", "tusen takk"})

_YES = _words("ja jada japp jepp jo yes yep yeah ok okei okey okay sure")
_NO = _words("nei neida nope no")
_DONT_KNOW = frozenset(
    {"vet ikke", "veit ikkje", "usikker", "jeg vet ikke", "eg veit ikkje", "dont know"}
    | {"don t know", "i don t know", "i dont know", "not sure", "unsure"}
)
_MEANING: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (_YES, frozenset({"yes", "safe:yes"})),
    (_NO, frozenset({"no", "safe:no"})),
    (_DONT_KNOW, frozenset({"dont_know", "safe:unknown"})),
)
# Choices that answer a question. Beside them "0 meny" would be a way out of the question.
_ANSWERS = _words(
    "yes no dont_know skip wont_say stop send dont_send safe:yes safe:no safe:unknown"
)


@dataclass(frozen=True)
class Option:
    """One choice as it was offered; `title` is empty when only the payload was remembered."""

    payload: str
    title: str = ""


def sms_texts(reply: Reply, lang: Lang) -> list[str]:
    """`reply` as messages of at most two segments, its buttons as a numbered menu in the last one.

    Sources are left out (asked for by KILDE), bold is dropped, typography is plain.
    """
    text = plain(reply.text)
    options = [Option(button.payload, button.title) for button in reply.buttons]
    if not options:
        return fit(text, MOST_SEGMENTS)
    menus = [_menu(options, lang, with_zero=False)]
    if _has_zero(options):
        menus.insert(0, _menu(options, lang, with_zero=True))
    for menu in menus:
        whole = _join(text, menu)
        if count(whole).segments <= MOST_SEGMENTS:
            return [whole]
    pieces = fit(text, MOST_SEGMENTS)
    if pieces and count(_join(pieces[-1], menus[-1])).segments <= MOST_SEGMENTS:
        return [*pieces[:-1], _join(pieces[-1], menus[-1])]
    return pieces + fit(_menu(options, lang, with_zero=False, lines=True), MOST_SEGMENTS)


def offered(buttons: Sequence[Button]) -> list[list[str]]:
    """What the conversation's state remembers of a menu: [payload, title] in order."""
    return [[button.payload, button.title] for button in buttons]


def read_choice(text: str, menu: Sequence[Sequence[str]], lang: Lang | None = None) -> str | None:
    """The payload that `text` chooses among what was offered last; None when it chooses nothing.

    `menu` holds [payload, title] pairs, or payloads alone. Understood are the number ("1", "1.",
    "nr 2", "en"), the words of the title, and a plain yes, no or "vet ikke" where just one choice
    means that.
    """
    options = _options(menu)
    words = _normal(text)
    if not options or not words:
        return None
    chosen = _by_number(words, options)
    if chosen is not None:
        return chosen
    titles = [option.payload for option in options if option.title and _same(words, option)]
    if len(titles) == 1:
        return titles[0]
    return _by_meaning(words, options, lang)


def is_stale_number(text: str, menu: Sequence[Sequence[str]]) -> bool:
    """True when `text` is a bare number that nothing on offer has: an old menu, or a slip.

    The caller answers kindly and offers anew; it never guesses.
    """
    number, rest = _number(_normal(text))
    return number is not None and not rest and read_choice(text, menu) is None


def plain(text: str) -> str:
    """`text` as an SMS says it: no bold, no empty lines, plain typography."""
    return to_gsm(re.sub(r"\n{2,}", "\n", text.replace("**", "")).strip())


def _menu(options: Sequence[Option], lang: Lang, *, with_zero: bool, lines: bool = False) -> str:
    titles = [_shown(option.title) for option in options]
    items = [f"{number} {title}" for number, title in _numbered(options, titles)]
    if with_zero:
        items.append(f"0 {_MENU_WORD[lang]}")
    if lines:
        return to_gsm("\n".join(items))
    short = len(items) <= 3 and all(" " not in title for title in titles)
    return to_gsm((" " if short else ", ").join(items))


def _numbered(options: Sequence[Option], titles: Sequence[str]) -> list[tuple[int, str]]:
    """1, 2, 3 … in order; what has the number 0 stands last."""
    pairs = list(zip(options, titles, strict=True))
    counted = [title for option, title in pairs if option.payload != ZERO]
    zero = [(0, title) for option, title in pairs if option.payload == ZERO]
    return [*enumerate(counted, 1), *zero]


def _join(text: str, menu: str) -> str:
    if not text:
        return menu
    return f"{text}\n{menu}" if "\n" in text else f"{text} {menu}"


def _shown(title: str) -> str:
    """A title inside a line: small first letter, except names, "I" and words in capitals."""
    title = menu_title(title)
    first = title.split(" ")[0].strip(",.!?")
    if first in _NAMES or (len(first) > 1 and first.isupper()):
        return title
    return title[:1].lower() + title[1:]


def _has_zero(options: Sequence[Option]) -> bool:
    """ "0 meny" is offered beside topics and next steps, not beside the answers to a question."""
    return not any(
        option.payload in {*_ANSWERS, ZERO}
        or option.payload.startswith(("edit:", "remove:", "callback:", "share:", "missed:", "day:"))
        for option in options
    )


def _options(menu: Sequence[Sequence[str]]) -> list[Option]:
    return [
        Option(entry) if isinstance(entry, str) else Option(entry[0], "".join(entry[1:2]))
        for entry in menu
    ]


def _normal(text: str) -> str:
    """Small letters and digits with single spaces: "1️⃣" and "1." are "1"."""
    folded = unicodedata.normalize("NFKC", text[:200]).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", folded).replace("_", " ").split())


def _number(words: str) -> tuple[int | None, str]:
    """(number, what follows it) of a message that begins with a menu number."""
    if words in _NUMBERS:
        return _NUMBERS[words], ""
    match = _NUMBER.fullmatch(words)
    if match is None or not match["number"].isascii():
        return None, ""
    rest = match["rest"] or ""
    return int(match["number"]), "" if rest in _COURTESY else rest


def _by_number(words: str, options: Sequence[Option]) -> str | None:
    number, rest = _number(words)
    zero = [option for option in options if option.payload == ZERO]
    if zero and number == 0:
        return ZERO if not rest or _same(rest, zero[0]) else None
    options = [option for option in options if option.payload != ZERO]
    if number is None or number > len(options):
        return None
    if number == 0:
        at_menu = rest in ("", *_MENU_WORD.values())
        return MENU_PAYLOAD if at_menu and _has_zero(options) else None
    option = options[number - 1]
    if rest and not _same(rest, option) and rest not in (_YES | _NO):
        return None  # "2 barn" tells about children, it chooses nothing
    return option.payload


def _same(words: str, option: Option) -> bool:
    return words in (_normal(option.title), _normal(menu_title(option.title)))


def _by_meaning(words: str, options: Sequence[Option], lang: Lang | None) -> str | None:
    if words == "no" and lang == "nn":
        return None  # Nynorsk "no" is "now"
    for said, payloads in _MEANING:
        if words in said:
            meant = [
                option.payload
                for option in options
                if option.payload in payloads or _normal(option.title).split(" ")[0] in said
            ]
            return meant[0] if len(meant) == 1 else None
    return None

"""How an answer in the checklist is read, pressed or written."""

from __future__ import annotations

from bot.channels.flows import FlowInput
from bot.commands import normal
from bot.handoff.questions import is_question, payload_of, said

ANSWERS = ("yes", "no", "dont_know", "skip", "wont_say")

_GO_ON = frozenset(
    {
        "fortsett", "fortsette", "gå videre", "gå vidare", "hald fram", "halde fram", "videre",
        "vidare", "continue", "go on", "resume", "carry on",
    }
)  # fmt: skip
_RECOGNISED = ("ja", "jada", "jo", "yes", "yeah")
_SOMETIMES = frozenset(
    {
        "av og til", "noen ganger", "nokre gonger", "en gang", "ein gong", "iblant", "ofte",
        "litt", "en del", "sometimes", "once", "often", "a little", "mange ganger", "hele tiden",
        "heile tida", "all the time", "alltid", "always",
    }
)  # fmt: skip


def read_choice_of(keys: tuple[str, ...], inp: FlowInput) -> str | None:
    """One of `keys`, by its button or in words."""
    for key in keys:
        if inp.payload is not None:
            if inp.payload in (key, payload_of(key)):
                return key
        elif said(key, inp.text, inp.lang):
            return key
    return None


def read_item_answer(inp: FlowInput) -> str | None:
    """An answer to a sign. "Av og til" and "ja han tok skoa mine" are a yes; a question is none."""
    plain = read_choice_of(ANSWERS, inp)
    if plain is not None or inp.payload is not None:
        return plain
    words = normal(inp.text)
    if words in _SOMETIMES:
        return "yes"
    if is_question(inp.text):
        return None
    first, _, rest = words.partition(" ")
    if rest and first in _RECOGNISED:
        return "yes"
    if rest and first in ("nei", "no", "nope") and not rest.startswith(("men", "but")):
        return "no"
    return None


def read_offer(inp: FlowInput) -> str | None:
    """Whether a person is wanted now; passing over it, or going on, is a no."""
    if inp.payload == "human":
        return "yes"
    if read_choice_of(("skip", "wont_say"), inp) or (not inp.payload and _says_go_on(inp.text)):
        return "no"
    return read_choice_of(("yes", "no"), inp)


def wants_resume(inp: FlowInput) -> bool:
    """Take the stopped checklist up again."""
    if inp.payload is not None:
        return inp.payload == "checklist:resume"
    return _says_go_on(inp.text)


def _says_go_on(text: str) -> bool:
    return normal(text) in _GO_ON

"""What is said to the checklist that is no answer to a sign.

"Hva mener du?" and "hvor mange igjen?" are questions about it; "det gjelder meg, ikke en annen"
turns a list about somebody else to the one who writes.
"""

from __future__ import annotations

import re

from bot.channels.flows import Facts, FlowInput
from bot.channels.messages import Channel
from bot.checklists.answers import wants_resume
from bot.checklists.saying import Data, Saying
from bot.commands import normal
from bot.oneself import about_self

_MEANING = re.compile(
    r"(?:hva|kva|ka) (?:mener|meiner|betyr|tyder) (?:du|det)(?: (?:med|om) .{1,40})?"
    r"|what (?:do you|does it|does that) mean(?: by .{1,40})?"
    r"|(?:(?:jeg |eg )?(?:forstår|skjønner|skjønar) (?:ikke|ikkje)"
    r"|(?:i )?(?:don t|do not) understand)"
    r"(?: (?:spørsmålet|the question|hva du mener|kva du meiner))?"
)
_LEFT = re.compile(
    r"(?:hvor|kor) mange (?:spørsmål )?(?:er det |er )?(?:igjen|til|att)"
    r"|how many (?:questions )?(?:are )?(?:there )?(?:left|more)"
)


def turns_to_self(data: Data, inp: FlowInput, facts: Facts) -> bool:
    """Whether a list about somebody else is to be about the one who writes."""
    if data["voice"] != "other":
        return False
    said = inp.payload is None and about_self(inp.text)
    return said or (facts.about == "self" and wants_resume(inp))


def about_the_list(data: Data, inp: FlowInput, say: Saying) -> str | None:
    """What is answered to a question about the checklist itself; None when it asks nothing."""
    if inp.payload is not None:
        return None
    words, channel = normal(inp.text), inp.channel
    if data["step"] == "intro" and data["voice"] is None and _MEANING.fullmatch(words):
        return say.texts.text("whom", inp.lang, channel)
    if data["step"] != "page":
        return None
    if _LEFT.fullmatch(words):
        left = len(data["pages"]) - data["at"]
        return say.texts.text("left", inp.lang, channel, left=left)
    return _meaning(data, inp, say, channel) if _MEANING.fullmatch(words) else None


def _meaning(data: Data, inp: FlowInput, say: Saying, channel: Channel) -> str:
    group, _ = say.shown(data)
    called, plain = group.called[inp.lang], group.plain[inp.lang]
    return say.texts.text("meaning", inp.lang, channel, called=called, plain=plain)

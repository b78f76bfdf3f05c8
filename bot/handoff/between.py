"""What may be said at every step of the form, whatever is asked there.

Stopping, taking it back, "ikke ring, bare skriv", a number or a time put right, "legg på", and
questions about the form itself. None of it is ever stored as the answer to another question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from bot.channels.flows import Facts, FlowInput, FlowStep
from bot.channels.messages import Channel, Reply
from bot.commands import normal, read_command
from bot.handoff import ways
from bot.handoff.contact_wish import (
    STORY_WISH,
    ContactWish,
    has_a_time,
    is_only_a_time,
    read_wish,
    says_no_call,
)
from bot.handoff.draft import NO_CALL
from bot.handoff.questions import QUESTIONS, clip, is_question, read_answer, said
from bot.handoff.summary import CONTACT, writes

if TYPE_CHECKING:
    from bot.handoff.flow import HandoffFlow

Data = dict[str, Any]

RESUME = "handoff:resume"
TOLD = frozenset({"own_words", "children", "afraid_now", "wants"})
"""Steps where the person tells: only what is short and plain is about how to be reached."""
BLOCKS = frozenset({"how", "danger", "summary"})
"""Steps with much text: said once, then one short line with a button."""
_SHOWN = frozenset({"summary", "edit", "edit_pick"})
_ABOUT_TIME = frozenset({"safe_times", "write_times", "time"})
_NAMES = frozenset({"place", "talk_language", "language", "municipality"})
_LONGEST_PLAIN = 14
_LONGEST_NAME = 4
_LONGEST_REGRET = 9

_REGRETS = re.compile(
    r"(?:nei |å nei |vent |forresten |men |no |wait |sorry |unnskyld |ok )*(?:"
    r"(?:jeg |eg |i )?(?:vil|ønsker|ynskjer|ønskjer|tør) (?:ikke|ikkje) (?:dette |det |mer |meir )?"
    r"(?:likevel|allikevel|lenger|lenger nå|sende.*"
    r"|at (?:dere|de|du) (?:sender|skal sende)(?: det| noe)?)"
    r"|(?:du må |ikke |ikkje )?(?:ikke|ikkje) send(?:e|er)?"
    r"(?: det| noe| noko| den| dette| inn| likevel)*"
    r"|(?:kan (?:du|dere|de|eg|jeg) )?(?:trekk|trekke|trekkje|ta|dra) "
    r"(?:det |den |meldingen |alt )*(?:tilbake|attende)(?: igjen)?"
    r"|(?:jeg |eg )?(?:angrer|angrar)(?: meg| på det| på dette)?(?:\b.*)?"
    r"|(?:jeg |eg )?(?:har |he )?ombestemt meg.*"
    r"|glem det|gløym det|avlys det|avbestill.*"
    r"|i (?:have )?changed my mind.*"
    r"|(?:please )?(?:don t|do not|dont) send(?: it| that| this| anything)?"
    r"|(?:please )?(?:take|pull) (?:it|that) back|withdraw(?: it| that)?|i regret it|never mind"
    r"|i (?:don t|do not|dont) want (?:this|it|to) (?:any ?more|after all|send.*)"
    r")(?: likevel| takk| please| after all)?"
)
_WHO_READS = re.compile(
    r"\b(?:hvem|kven|who)\b.*\b(?:leser|les|ser|får|read|reads|see|sees|gets)\b", re.IGNORECASE
)
_WHAT_HAPPENS = re.compile(
    r"\b(?:hva|kva|what)\b.*\b(?:skjer|hender|happens)\b.*"
    r"\b(?:send|trykk|sagt ja|seier ja|sier ja|press|yes)"
    r"|\b(?:hvordan|korleis|how)\b.*\b(?:kontakt|contact|reach|nå)\w*\b.*\b(?:meg|me)\b",
    re.IGNORECASE,
)
_NUMBER_WRONG = re.compile(
    r"\b(?:nummeret?|number)\b.*\b(?:feil|wrong|gal[te]*)\b|\b(?:feil|wrong)\s+(?:nummer|number)\b",
    re.I,
)
_TIME_WRONG = re.compile(
    r"\b(?:tiden?|tida|tidspunktet?|klokkeslettet?|time)\b.*\b(?:feil|wrong|gal[te]*)\b"
    r"|\b(?:feil|wrong)\s+(?:tid|time|klokkeslett)\b",
    re.I,
)
_POINTS_AT_SOMEBODY = frozenset(
    {"han", "hun", "ho", "hain", "he", "she", "ham", "henne", "him", "her", "de", "dei", "they"}
    | {"meg", "mæ", "me", "jeg", "eg", "æ", "hjelp", "help"}
)


def answer(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep | None:
    """The step for what may be said anywhere; None leaves the message to the open question."""
    short = bool(data.pop("short", False))
    if _wants_out(inp):
        return flow.end("stopped", data, inp)
    if takes_back(inp):
        return flow.end("not_sent", data, inp)
    if inp.payload == RESUME or (short and ways.yes_or_no(inp) == "yes"):
        return flow.ask(data, str(data["step"]), inp.lang, inp.channel)
    if short and ways.yes_or_no(inp) == "no":
        return flow.end("stopped", data, inp)
    if _sends(data, inp):
        return flow.ask(data, "summary", inp.lang, inp.channel)
    if inp.payload is not None:
        return None
    key = asks_about_form(inp.text)
    if key is not None:
        return _explains(flow, data, key, inp)
    return _heard_wish(flow, data, inp)


def takes_back(inp: FlowInput) -> bool:
    """ "Ikke send", "jeg angrer", "trekk tilbake": said as the whole, short message."""
    if inp.payload is not None:
        return False
    words = normal(inp.text)
    return len(words.split()) <= _LONGEST_REGRET and bool(_REGRETS.fullmatch(words))


def asks_about_form(text: str) -> str | None:
    """The text that answers a question about the form itself; None when nothing is asked of it."""
    if not is_question(text) and not _WHO_READS.match(text.strip()):
        return None
    if _WHO_READS.search(text):
        return "who_reads"
    return "what_happens" if _WHAT_HAPPENS.search(text) else None


def settle(data: Data) -> None:
    """What was said of calling is put where it belongs once nobody is to call."""
    if not writes(data):
        return
    times = data["answers"].get("safe_times", {})
    if "text" in times or "choice" in times:
        data["answers"].setdefault("write_times", times)
    for field in CONTACT:
        data["answers"].pop(field, None)
    data["trail"] = [step for step in data["trail"] if step not in CONTACT]


def begins_in_writing(data: Data, facts: Facts, reason: str, channel: Channel) -> bool:
    """Who said before the form that nobody is to call is not asked how to be reached.

    A way that was chosen now says more than what was wished for before.
    """
    if facts.contact != NO_CALL or reason.startswith("how:"):
        return False
    data["how"] = "write_now"
    data["trail"].append("how")
    data["ask_when"] = channel == "sms"
    return True


def wants_call(data: Data) -> None:
    """A call is asked for after all. When it is safe to write says nothing of when to ring."""
    if NO_CALL not in data["removed"]:
        data["removed"].append(NO_CALL)  # what was said before the form is taken back too
    for field in (NO_CALL, "write_times"):
        data["answers"].pop(field, None)


def note_details(data: Data, text: str) -> None:
    """ "Ring meg etter kl 9": the time and the number said with the way are kept."""
    wish = read_wish(text)
    if wish.times and not writes(data):
        data["answers"]["safe_times"] = {"text": clip(wish.times)}
    if wish.number and data["how"] == "be_called":
        data["answers"]["number"] = {"text": wish.number}


def is_plain_answer(data: Data, text: str) -> bool:
    """Whether the message is what the form asked for: a time, a number, a choice, the way of
    contact. What the person tells, and what is longer, is heard as any message."""
    step, words = str(data.get("step")), normal(text).split()
    step = str(data.get("editing")) if step == "edit" else step
    inp = FlowInput(text, None, "nb", "web")
    if read_wish(text, arranging=_arranging(data)) and step not in TOLD:
        return True
    if takes_back(inp) or asks_about_form(text):
        return True
    if len(words) <= STORY_WISH and says_no_call(text):
        return True
    if len(words) > _LONGEST_PLAIN or step in TOLD:
        return False
    if step in _ABOUT_TIME and has_a_time(text):
        return True
    names_nobody = len(words) <= _LONGEST_NAME and _POINTS_AT_SOMEBODY.isdisjoint(words)
    if step in _NAMES or step in _SHOWN:
        return names_nobody
    if step not in QUESTIONS:
        short = len(words) <= _LONGEST_NAME and any(said(key, text) for key in ("yes", "no"))
        return short or ways.read_way(inp) is not None
    found = read_answer(QUESTIONS[step], inp, other=False)
    return found is not None and "text" not in found


# --- what was heard ----------------------------------------------------------------------------


def _heard_wish(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep | None:
    step, told = str(data["step"]), data["step"] in TOLD
    if told and len(inp.text.split()) > STORY_WISH:
        return None
    wish = read_wish(inp.text, arranging=_arranging(data))
    if wish.no_call:
        return _no_call(flow, data, wish, inp)
    if wish.call and data["how"] != "be_called":
        return flow.choose_how(data, "be_called", inp.lang, inp.channel, inp.text)
    if told or step in ("how", "danger", "call_self", "number", "number_needed"):
        return None
    if step in _SHOWN and step != "edit":
        changed = _corrects_summary(flow, data, wish, inp)
        if changed is not None:
            return changed
    if wish.number and "number" in data["answers"] and step != "edit":
        data["answers"]["number"] = {"text": wish.number}
        _keep_times(data, wish)
        return _again(flow, data, "number_heard", inp)
    if wish.hang_up and not writes(data) and step not in ("someone_else", "edit"):
        data["answers"]["someone_else"] = {"choice": "hang_up"}
        return _again(flow, data, "hang_up_heard", inp)
    if step not in (*_ABOUT_TIME, "edit") and is_only_a_time(inp.text):
        _keep_times(data, wish)
        return _again(flow, data, "times_heard", inp)
    return None


def _no_call(flow: HandoffFlow, data: Data, wish: ContactWish, inp: FlowInput) -> FlowStep:
    data["answers"][NO_CALL] = {"choice": NO_CALL}
    data["removed"] = [field for field in data["removed"] if field != NO_CALL]
    if data["how"] != "first_talk":
        data["how"], data["wants_code"] = "write_now", False
    if wish.times:  # said of writing, so it counts before what was said of calling
        data["answers"].pop("safe_times", None)
        data["answers"].pop("write_times", None)
    settle(data)
    _keep_times(data, wish)
    data["ask_when"] = inp.channel == "sms" and not data["danger"]
    data["editing"] = None
    heard = flow.texts.text("no_call_heard", inp.lang, inp.channel)
    step = flow.go_on(data, inp, heard)
    step.facts = {"contact": NO_CALL}
    return step


def _keep_times(data: Data, wish: ContactWish) -> None:
    """The time that was said, beside what was said before, or in its place when it corrects it."""
    if not wish.times:
        return
    field = "write_times" if writes(data) else "safe_times"
    before = str(data["answers"].get(field, {}).get("text") or "")
    keep = before and not wish.corrects and data["step"] not in _SHOWN and before != wish.times
    data["answers"][field] = {"text": clip(f"{before}; {wish.times}" if keep else wish.times)}
    data["removed"] = [one for one in data["removed"] if one != field]


def _corrects_summary(
    flow: HandoffFlow, data: Data, wish: ContactWish, inp: FlowInput
) -> FlowStep | None:
    """What is put right in free words when the summary is on the screen."""
    if is_only_a_time(inp.text) or (wish.times and (wish.corrects or _TIME_WRONG.search(inp.text))):
        _keep_times(data, wish)
        return flow.go_on(data, inp, flow.texts.text("corrected", inp.lang, inp.channel))
    field = _named_wrong(data, inp.text)
    if field is not None and not wish.number:
        data["editing"] = field
        return flow.ask(data, "edit", inp.lang, inp.channel)
    way = ways.read_way(inp)
    if way is not None and way != data["how"]:
        return flow.choose_how(data, way, inp.lang, inp.channel, inp.text)
    if way is not None and wish.times:
        _keep_times(data, wish)
        return flow.go_on(data, inp, flow.texts.text("corrected", inp.lang, inp.channel))
    return None


def _named_wrong(data: Data, text: str) -> str | None:
    if _NUMBER_WRONG.search(text) and "number" in data["answers"]:
        return "number"
    if _TIME_WRONG.search(text):
        field = "write_times" if writes(data) else "safe_times"
        return field if field in data["answers"] else None
    return None


def _again(flow: HandoffFlow, data: Data, heard: str, inp: FlowInput) -> FlowStep:
    """What was heard, and the open question once more, or the next that is not answered."""
    said_first = flow.texts.text(heard, inp.lang, inp.channel)
    step = str(data["step"])
    if step in _SHOWN:
        data["editing"] = None
        return flow.go_on(data, inp, said_first)
    if step in data["answers"]:
        return flow.go_on(data, inp, said_first)
    return flow.ask(data, step, inp.lang, inp.channel, said_first)


def _explains(flow: HandoffFlow, data: Data, key: str, inp: FlowInput) -> FlowStep:
    replies = flow.resume(data, inp.lang, inp.channel)
    return FlowStep([Reply(flow.texts.text(key, inp.lang, inp.channel)), *replies], data)


# --- small ones --------------------------------------------------------------------------------


def _arranging(data: Data) -> bool:
    """A call is being arranged: its number, its times, who picks up."""
    return data.get("step") in (*CONTACT, "number_needed") or data.get("step") in _SHOWN


def _sends(data: Data, inp: FlowInput) -> bool:
    """ "Send" where the summary is not on the screen: it is shown, and nothing is sent unseen."""
    step = data["step"]
    if step in ("summary", "danger", "edit_pick", "edit"):
        return False
    pressed = inp.payload == "send" or (
        inp.payload is None and normal(inp.text) in ("send", "ja send", "send det", "yes send")
    )
    answered = data["how"] is not None and "number" not in _missing(data)
    return pressed and (bool(data["shown"]) or step == "gate" or step in TOLD | _NAMES) and answered


def _missing(data: Data) -> tuple[str, ...]:
    needs = data["how"] == "be_called" and "text" not in data["answers"].get("number", {})
    return ("number",) if needs else ()


def _wants_out(inp: FlowInput) -> bool:
    if inp.payload is not None:
        return inp.payload == "stop"
    command = read_command(inp.text)
    return command is not None and command[0] == "stop" and not ways.is_enough(inp.text)


def wants_back(inp: FlowInput) -> bool:
    """ "Tilbake", as a button or as the whole message."""
    if inp.payload is not None:
        return inp.payload == "back"
    return cast(object, read_command(inp.text)) == ("back", "")

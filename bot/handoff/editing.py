"""The summary in the person's hands: yes, no, correct a line, remove a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels.flows import FlowInput, FlowStep
from bot.channels.messages import Button, Channel, Lang, Reply
from bot.commands import normal
from bot.handoff import ways
from bot.handoff.draft import NO_CALL, SummaryLine
from bot.handoff.questions import QUESTIONS, clip, payload_of, read_answer, said
from bot.handoff.summary import facts_of, is_other

if TYPE_CHECKING:
    from bot.handoff.flow import HandoffFlow

Data = dict[str, Any]

_REMOVE = ("fjern", "fjerne", "ta bort", "ta vekk", "remove", "take out", "delete")
_EDIT = ("rett på", "rett", "rette", "endre", "endre på", "correct", "change", "edit")
_SEND = frozenset(
    {"send", "send it", "send det", "ja send", "yes send", "yes send it", "ja send det"}
)
_DONT = frozenset(
    {"ikke send", "ikkje send", "nei ikke send", "nei ikkje send", "don t send", "dont send"}
    | {"do not send", "no don t send"}
)
_KEEP = frozenset(
    {"la det stå", "la det vere", "la det være", "behold", "keep it", "keep", "leave it"}
)


def at_summary(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep | None:
    """Yes sends, no does not; "fjern barn" and "rett på kommune" work as the buttons do."""
    said_what = _summary_choice(flow, data, inp)
    if said_what == "send":
        draft = flow.writer.draft(data, inp.lang, inp.channel)
        return FlowStep([], data, done=True, draft=draft)
    if said_what == "dont_send":
        return flow.end("not_sent", data, inp)
    if said_what == "edit:pick":
        return flow.ask(data, "edit_pick", inp.lang, inp.channel)
    if said_what is not None:
        return _line_choice(flow, data, said_what, inp)
    return None


def at_pick(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep | None:
    """Which line: its button, or its heading in words."""
    if inp.payload in ("send", "dont_send"):
        return at_summary(flow, data, inp)
    chosen = inp.payload
    if chosen is None:
        field = _by_label(flow, data, normal(inp.text), inp.lang)
        chosen = f"edit:{field}" if field else _summary_words(flow, data, inp)
    return _line_choice(flow, data, chosen, inp) if chosen else None


def at_edit(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep | None:
    """The new words or choice for one line, or its removal."""
    field = str(data["editing"])
    if inp.payload == f"remove:{field}" or (not inp.payload and normal(inp.text) in _REMOVE):
        return _remove(flow, data, field, inp)
    if inp.payload == "back" or (not inp.payload and normal(inp.text) in _KEEP):
        return _to_summary(flow, data, inp)
    if inp.payload in ("send", "dont_send"):
        return at_summary(flow, data, inp)
    answer = _corrected(field, data, inp)
    if answer is None:
        return None
    if "wrong_number" in answer:
        return FlowStep([Reply(flow.texts.text("number_wrong", inp.lang, inp.channel))], data)
    data["answers"][field] = answer
    step = _to_summary(flow, data, inp, "corrected")
    step.facts = facts_of(data, field)
    return step


def question(flow: HandoffFlow, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
    """The open question of the two editing steps."""
    button = flow.texts.button
    if data["step"] == "edit_pick":
        lines = [
            Button(flow.texts.label(line.label_key, lang)[:24], f"edit:{line.field}")
            for line in _lines(flow, data, lang)
        ]
        lines.append(Button(flow.texts.label("how", lang), "edit:how"))
        text = flow.texts.text("edit_pick", lang, channel)
        return [Reply(text, (*lines, button("back", lang)))]
    field = str(data["editing"])
    fixed = field in QUESTIONS and QUESTIONS[field].free == "no" and field != "number"
    text = flow.texts.text(
        "edit_fixed" if fixed else "edit_line",
        lang,
        channel,
        label=_heading(flow, field, lang, channel),
        text=flow.writer.value(data, field, lang),
    )
    choices = QUESTIONS[field].choices if field in QUESTIONS else ()
    if field == "number":
        choices = ("this_number",) if channel == "sms" else ()
    buttons = [button(key, lang, payload_of(key)) for key in choices]
    if not _needed(data, field):
        buttons.append(button("remove", lang, f"remove:{field}"))
    return [Reply(text, (*buttons, button("keep", lang, "back")))]


def _summary_choice(flow: HandoffFlow, data: Data, inp: FlowInput) -> str | None:
    if inp.payload is not None:
        return {"yes": "send", "no": "dont_send"}.get(inp.payload, inp.payload)
    words = normal(inp.text)
    if words in _SEND or said("yes", inp.text, inp.lang):
        return "send"
    if words in _DONT or said("no", inp.text, inp.lang):
        return "dont_send"
    return _summary_words(flow, data, inp)


def _summary_words(flow: HandoffFlow, data: Data, inp: FlowInput) -> str | None:
    """ "rett på noe" opens the list; "fjern barn" and "rett kommune" name the line at once."""
    words = normal(inp.text)
    for verbs, kind in ((_REMOVE, "remove"), (_EDIT, "edit")):
        for verb in sorted(verbs, key=len, reverse=True):
            if words == verb or words.startswith(f"{verb} "):
                rest = words.removeprefix(verb).strip()
                field = _by_label(flow, data, rest, inp.lang)
                return f"{kind}:{field}" if field else "edit:pick"
    return None


def _line_choice(flow: HandoffFlow, data: Data, chosen: str, inp: FlowInput) -> FlowStep | None:
    kind, _, field = chosen.partition(":")
    if chosen == "edit:pick":
        return flow.ask(data, "edit_pick", inp.lang, inp.channel)
    if chosen == "edit:how":
        return _choose_way_again(flow, data, inp)
    if field not in {line.field for line in _lines(flow, data, inp.lang)}:
        return None
    if kind == "remove":
        return _remove(flow, data, field, inp)
    if kind != "edit":
        return None
    if field == NO_CALL:
        return _choose_way_again(flow, data, inp)
    data["editing"] = field
    return flow.ask(data, "edit", inp.lang, inp.channel)


def _choose_way_again(flow: HandoffFlow, data: Data, inp: FlowInput) -> FlowStep:
    data["how"], data["wants_code"], data["trail"] = None, False, []
    return flow.ask(data, "how", inp.lang, inp.channel)


def _remove(flow: HandoffFlow, data: Data, field: str, inp: FlowInput) -> FlowStep | None:
    if _needed(data, field):
        data["answers"].pop(field, None)
        return flow.ask(data, "number_needed", inp.lang, inp.channel)
    data["answers"].pop(field, None)
    if field not in data["removed"]:
        data["removed"].append(field)
    return _to_summary(flow, data, inp, "removed")


def _needed(data: Data, field: str) -> bool:
    """Nobody can be called without a number; the line can be corrected, not removed."""
    return field == "number" and data["how"] == "be_called"


def _to_summary(flow: HandoffFlow, data: Data, inp: FlowInput, said_first: str = "") -> FlowStep:
    data["editing"] = None
    heard = flow.texts.text(said_first, inp.lang, inp.channel) if said_first else ""
    return flow.ask(data, "summary", inp.lang, inp.channel, heard)


def _corrected(field: str, data: Data, inp: FlowInput) -> dict[str, Any] | None:
    if field in QUESTIONS:
        return read_answer(QUESTIONS[field], inp, is_other(data))
    if inp.payload is not None or not inp.text.strip() or ways.yes_or_no(inp):
        return None
    return {
        "text": clip(inp.text)
    }  # a line made from what was said earlier, in their own words now


def _lines(flow: HandoffFlow, data: Data, lang: Lang) -> list[SummaryLine]:
    """The lines that say something; what was not asked has nothing to correct."""
    return [line for line in flow.writer.lines(data, lang) if line.status != "not_asked"]


def _heading(flow: HandoffFlow, field: str, lang: Lang, channel: Channel) -> str:
    label = flow.texts.label(field, lang)
    return label if channel == "web" else label[:1].lower() + label[1:]


def _by_label(flow: HandoffFlow, data: Data, words: str, lang: Lang) -> str | None:
    if not words:
        return None
    for line in _lines(flow, data, lang):
        label = normal(flow.texts.label(line.label_key, lang))
        definite = words.startswith(label) and words[len(label) :] in (
            "et",
            "en",
            "a",
            "ene",
            "ane",
        )
        if (
            definite
            or words == label
            or words in (f"linjen {label}", f"linja {label}", f"the line {label}")
        ):
            return line.field
    if words == normal(flow.texts.label("how", lang)):
        return "how"
    return None

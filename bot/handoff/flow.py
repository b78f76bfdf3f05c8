"""Handing over: how to be reached, a few questions one may pass over, the summary, yes or no.

A pure state machine over JSON data; it works without Rasa and database. The turn stores the draft
of the last step before anything is confirmed (see confirm.py).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from bot.channels.flows import Facts, FlowInput, FlowStep
from bot.channels.messages import Button, Channel, Lang, Reply
from bot.content.fill import CentreView
from bot.content.flow_texts import FlowTexts, load_flow_texts
from bot.content.numbers import NumberRegister
from bot.handoff import between, editing, ways, young
from bot.handoff.confirm import confirmed_replies
from bot.handoff.draft import HOWS, NO_CALL, HandoffDraft
from bot.handoff.keys import USED
from bot.handoff.questions import QUESTIONS, payload_of, read_answer, said
from bot.handoff.queue import Opened
from bot.handoff.summary import SummaryWriter, facts_of, is_other, learn

Data = dict[str, Any]

CONTACT_STEPS = ("number", "safe_times", "someone_else", "voicemail")
TALK_STEPS = ("time", "place", "talk_language", *CONTACT_STEPS)
GATED_STEPS = (
    "own_words", "afraid_now", "children", "language", "interpreter", "municipality", "wants",
)  # fmt: skip
SMS_ASKS = {"summary": "summary_ask", "danger": "danger_offer"}
DEFAULT_LEVEL = "now"
FEW = "few"  # questions: the person reads little of what is asked
NO_INTERPRETER = frozenset(
    {"norsk", "bokmål", "nynorsk", "norwegian", "svensk", "dansk", "swedish", "danish"}
)


class Words(Protocol):
    """What the flow needs of the content: numbers, the centre, and what topics are called."""

    @property
    def numbers(self) -> NumberRegister: ...
    @property
    def centre(self) -> CentreView: ...
    def has(self, topic: str, lang: Lang = "nb") -> bool: ...
    def title(self, topic: str, lang: Lang) -> str: ...


class HandoffFlow:
    """The flow; see the module. `reads_codes`: the staff of the phone line have the desk."""

    name = "handoff"

    def __init__(self, content_dir: Path, words: Words, reads_codes: bool) -> None:
        self.texts: FlowTexts = load_flow_texts(
            content_dir / "handoff", USED, words.numbers, words.centre
        )
        self._reads_codes = reads_codes
        self.writer = SummaryWriter(
            self.texts, lambda id, lang: words.title(id, lang) if words.has(id, lang) else None
        )

    # --- the three of the Flow protocol ------------------------------------------------------

    def start(self, facts: Facts, lang: Lang, channel: Channel, reason: str) -> FlowStep:
        """Open the flow. `reason`: "asked", "unsure", "danger:<id>[:<level>]", "how:<way>" …"""
        data = _new_data(reason, facts.young)
        learn(data, facts, lang)
        if data["danger"]:
            data["answers"].setdefault("risks", {"ids": [data["danger"]]})
        if young.is_young(data) and reason != "how:call_self":
            young.begin(data)
            return self._next(data, lang, channel, self.texts.text("duty_young", lang, channel))
        if data["danger"]:
            return self.ask(data, "danger", lang, channel)
        if reason == FEW:
            data["gate"], data["removed"] = "no", ["about"]
            return self.choose_how(data, "write_now", lang, channel)
        if between.begins_in_writing(data, facts, reason, channel):
            heard = self.texts.text("no_call_known", lang, channel)
            return self._next(data, lang, channel, heard)
        way = reason.removeprefix("how:")
        if reason.startswith("how:") and way in HOWS:
            return self.choose_how(data, way, lang, channel)
        return self.ask(data, "how", lang, channel)

    def handle(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        """Take an answer; None when the message is no answer to the open question."""
        if data.get("step") not in _STEPS:
            return None
        data = copy.deepcopy(data)
        if data["step"] != "summary" and not data["shown"]:
            learn(data, facts, inp.lang)
        anywhere = between.answer(self, data, inp)
        if anywhere is not None:
            return anywhere
        if between.wants_back(inp) and data["step"] == "edit_pick":
            return self.ask(data, "summary", inp.lang, inp.channel)
        if between.wants_back(inp) and data["step"] != "edit":
            return self._back(data, inp)
        if (inp.payload or "").startswith("how:") and (way := ways.read_way(inp)):
            return self.choose_how(data, way, inp.lang, inp.channel)
        return self._handler(str(data["step"]))(data, inp)

    def resume(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The open question once more; one with much text is a short line with a button now."""
        if data.get("step") not in _STEPS:
            return []
        if data["step"] in between.BLOCKS:
            data["short"] = True
            button = self.texts.button("resume", lang, between.RESUME)
            return [Reply(self.texts.text("again", lang, channel), (button,))]
        return self._question(copy.deepcopy(data), lang, channel)

    def confirmed(
        self, opened: Opened, draft: HandoffDraft, lang: Lang, channel: Channel, on_duty: bool
    ) -> list[Reply]:
        """What is said once the handoff is stored; see confirm.py."""
        return confirmed_replies(self.texts, opened, draft, lang, channel, on_duty)

    # --- steps -------------------------------------------------------------------------------

    def _handler(self, step: str) -> Callable[[Data, FlowInput], FlowStep | None]:
        special: dict[str, Callable[[Data, FlowInput], FlowStep | None]] = {
            "how": self._at_how,
            "danger": self._at_danger,
            "call_self": self._at_call_self,
            "number_needed": self._at_how,
            "gate": self._at_gate,
            "summary": self._at_summary,
            "edit_pick": self._at_edit_pick,
            "edit": self._at_edit,
        }
        return special.get(step, self._at_question)

    def _at_how(self, data: Data, inp: FlowInput) -> FlowStep | None:
        way = ways.read_way(inp)
        if way is None:
            number = ways.number_instead(data, inp)
            return self._took(data, "number", number, inp) if number else None
        return self.choose_how(data, way, inp.lang, inp.channel, inp.text)

    def choose_how(
        self, data: Data, way: str, lang: Lang, channel: Channel, words: str = ""
    ) -> FlowStep:
        """Go on with this way; a time and a number said in the same `words` are kept."""
        data["how"] = way
        if way == "be_called":
            between.wants_call(data)
        between.settle(data)
        between.note_details(data, words)
        if way == "call_self" and (young.is_young(data) or not self._reads_codes):
            text = self.texts.text(young.call_key(data), lang, channel)
            offer = (self.texts.button("write_now", lang, "how:write_now"),)
            return FlowStep([Reply(text, offer)], data, done=True)
        data["trail"].append("how")
        step = self._next(data, lang, channel)
        step.facts = {"contact": "call"} if way == "be_called" else {}
        return step

    def _at_danger(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if inp.payload in ("send", "yes") or (not inp.payload and said("yes", inp.text, inp.lang)):
            data["how"] = "write_now"
            draft = self.writer.draft(data, inp.lang, inp.channel)
            return FlowStep([], data, done=True, draft=draft)
        if inp.payload in ("dont_send", "no") or (
            not inp.payload and said("no", inp.text, inp.lang)
        ):
            return self.end("not_sent", data, inp)
        way = ways.read_way(inp)
        return self.choose_how(data, way, inp.lang, inp.channel) if way else None

    def _at_call_self(self, data: Data, inp: FlowInput) -> FlowStep | None:
        answer = ways.yes_or_no(inp)
        if answer == "no":
            text = self.texts.text("call_self_number", inp.lang, inp.channel)
            return FlowStep([Reply(text)], data, done=True)
        if answer != "yes":
            return None
        data["wants_code"] = True
        data["trail"].append("call_self")
        return self._next(data, inp.lang, inp.channel)

    def _at_gate(self, data: Data, inp: FlowInput) -> FlowStep | None:
        answer = ways.yes_or_no(inp)
        if answer is None and inp.payload == "skip":
            answer = "no"
        if answer is None:
            return None
        data["gate"] = answer
        data["trail"].append("gate")
        return self._next(data, inp.lang, inp.channel)

    def _at_question(self, data: Data, inp: FlowInput) -> FlowStep | None:
        field = str(data["step"])
        if inp.payload is None and ways.is_enough(inp.text) and field in GATED_STEPS:
            data["gate"] = "no"
            return self._next(data, inp.lang, inp.channel)
        answer = read_answer(QUESTIONS[field], inp, is_other(data))
        if answer is None:
            return None
        if "wrong_number" in answer:
            text = self.texts.text("number_wrong", inp.lang, inp.channel)
            return FlowStep([Reply(text, self._buttons("number", inp.lang, inp.channel))], data)
        return self._took(data, field, answer, inp)

    def _took(self, data: Data, field: str, answer: Data, inp: FlowInput) -> FlowStep:
        data["answers"][field] = answer
        if field in data["removed"]:
            data["removed"].remove(field)
        if field == "about":
            learn(data, Facts(), inp.lang)  # takes out what points to the other person
        data["trail"].append(field)
        if field == "number" and "status" in answer and data["how"] == "be_called":
            return self.ask(data, "number_needed", inp.lang, inp.channel)
        step = self._next(data, inp.lang, inp.channel, self._heard(field, answer, inp))
        step.facts = facts_of(data, field)
        return step

    def _heard(self, field: str, answer: Data, inp: FlowInput) -> str:
        """One sentence that shows the person was heard, before the next question."""
        if field == "afraid_now" and answer.get("choice") == "yes":
            return self.texts.text("afraid_yes", inp.lang, inp.channel)
        if field == "safe_now" and answer.get("choice") == "no":
            return self.texts.text("unsafe_now", inp.lang, inp.channel)
        if field == "own_words" and "quotes" in answer:
            return self.texts.text("heard", inp.lang, inp.channel)
        return ""

    def _at_summary(self, data: Data, inp: FlowInput) -> FlowStep | None:
        return editing.at_summary(self, data, inp)

    def _at_edit_pick(self, data: Data, inp: FlowInput) -> FlowStep | None:
        return editing.at_pick(self, data, inp)

    def _at_edit(self, data: Data, inp: FlowInput) -> FlowStep | None:
        return editing.at_edit(self, data, inp)

    # --- moving ------------------------------------------------------------------------------

    def go_on(self, data: Data, inp: FlowInput, heard: str = "") -> FlowStep:
        """On to the next question that is not answered, or to the summary."""
        return self._next(data, inp.lang, inp.channel, heard)

    def _next(self, data: Data, lang: Lang, channel: Channel, heard: str = "") -> FlowStep:
        for step in self._route(data):
            if step == "gate":
                if data["gate"] is None:
                    return self.ask(data, step, lang, channel, heard)
            elif step not in data["answers"] and step not in data["removed"]:
                return self.ask(data, step, lang, channel, heard)
        return self.ask(data, "summary", lang, channel, heard)

    def _route(self, data: Data) -> list[str]:
        """The steps before the summary, in order, for what has been chosen so far."""
        if data["how"] is None:
            return ["how"]
        if young.is_young(data) and data["how"] != "call_self":
            return young.route(data)
        if data["how"] == "call_self" and not data["wants_code"]:
            return ["call_self"]
        if data["danger"]:
            return ["number"] if data["how"] == "be_called" else []
        route = ["about"]
        route += {"be_called": CONTACT_STEPS, "first_talk": TALK_STEPS}.get(data["how"], ())
        if NO_CALL in data["answers"]:
            route = [step for step in route if step not in CONTACT_STEPS]
            route += ["write_times"] if data.get("ask_when") else []
        elif "text" not in data["answers"].get("number", {"text": ""}):
            # No number: how to ring it is not asked.
            route = [step for step in route if step not in CONTACT_STEPS[1:]]
        route.append("gate")
        if data["gate"] == "yes":
            route += [step for step in GATED_STEPS if self._applies(step, data)]
        return route

    def _applies(self, step: str, data: Data) -> bool:
        if step == "language":
            return "talk_language" not in data["answers"]
        if step == "interpreter":
            answers = data["answers"]
            spoken = answers.get("language") or answers.get("talk_language") or {}
            words = str(spoken.get("text") or spoken.get("choice") or "norsk").casefold()
            return not NO_INTERPRETER & set(words.split())
        return True

    def _back(self, data: Data, inp: FlowInput) -> FlowStep:
        step = data["trail"].pop() if data["trail"] else "how"
        data["answers"].pop(step, None)
        if step == "gate":
            data["gate"] = None
        if step == "how":
            data["how"] = None
        if step == "call_self":
            data["wants_code"] = False
        return self.ask(data, step, inp.lang, inp.channel)

    def ask(self, data: Data, step: str, lang: Lang, channel: Channel, heard: str = "") -> FlowStep:
        data["step"] = step
        data["shown"] = data["shown"] or step == "summary"
        replies = self._question(data, lang, channel)
        if heard and channel == "web":
            first = replies[0]
            replies[0] = Reply(f"{heard}\n\n{first.text}", first.buttons)
        elif heard:
            replies.insert(0, Reply(heard))
        return FlowStep(replies, data)

    def end(self, text: str, data: Data, inp: FlowInput) -> FlowStep:
        return FlowStep([Reply(self.texts.text(text, inp.lang, inp.channel))], data, done=True)

    # --- saying ------------------------------------------------------------------------------

    def _question(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        step = str(data["step"])
        if step == "summary" or (step, channel) == ("danger", "sms"):
            return self._summary(data, lang, channel)
        if step in ("edit", "edit_pick"):
            return editing.question(self, data, lang, channel)
        key, values = step, {}
        if step == "danger":
            key = "danger_offer"
            values["lines"] = self.writer.as_text(data, lang, channel)
        elif step == "call_self":
            key = "call_self_codes"
        elif young.is_young(data):
            key = young.text_key(step)
        elif step == "number":
            key = ways.number_key(data)
        elif step in ("own_words", "municipality") and is_other(data):
            key = f"{step}_other"
        if step in ("danger", "children"):
            values["duty"] = self._duty(data, lang, channel)
        text = self.texts.text(key, lang, channel, **values)
        return [Reply(text, self._buttons(step, lang, channel))]

    def _summary(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The duty to notify stands above the lines and the button (web), by SMS above the menu."""
        text, step = self.texts.text, str(data["step"])
        buttons = self._buttons(step, lang, channel)
        lines = self.writer.as_text(data, lang, channel)
        duty = self._duty(data, lang, channel)
        if channel == "sms":
            ask = text(SMS_ASKS[step], lang, channel, duty=duty)
            return [Reply(text("summary", lang, channel, lines=lines)), Reply(ask, buttons)]
        ask = text("summary_ask", lang, channel)
        return [
            Reply(f"{text('summary', lang, channel, lines=lines, duty=duty)}\n\n{ask}", buttons)
        ]

    def _duty(self, data: Data, lang: Lang, channel: Channel) -> str:
        key = "duty_young" if young.is_young(data) else "duty"
        return self.texts.text(key, lang, channel)

    def _buttons(self, step: str, lang: Lang, channel: Channel) -> tuple[Button, ...]:
        button = self.texts.button
        if step in ways.BUTTONS:
            return tuple(button(key, lang, payload) for key, payload in ways.BUTTONS[step])
        return tuple(button(key, lang, payload_of(key)) for key in QUESTIONS[step].keys(channel))


_STEPS = frozenset(
    {"how", "danger", "call_self", "number_needed", "gate", "summary", "edit_pick", "edit"}
) | set(QUESTIONS)


def _new_data(reason: str, of_child: bool) -> Data:
    kind, _, rest = reason.partition(":")
    danger, _, level = rest.partition(":")
    is_danger = kind == "danger" and bool(danger)
    if is_danger:
        reasons = [f"danger:{danger}"]
    else:
        reasons = [reason if reason in ("unsure", "relative", "child", "risk") else "asked"]
    if of_child:
        reasons = [*reasons, "child"] if is_danger else ["child"]
    return {
        "step": "how",
        "how": None,
        "reasons": reasons,
        "danger": danger if is_danger else None,
        "level": (level or DEFAULT_LEVEL) if is_danger else None,
        "answers": {},
        "removed": [],
        "gate": None,
        "wants_code": False,
        "young": of_child,
        "shown": False,
        "editing": None,
        "trail": [],
    }

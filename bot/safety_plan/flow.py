"""The safety plan, step by step, and only what the person wants.

A pure state machine over JSON data. The plan lives in that data, which is part of the sealed state
of the conversation: it goes where the conversation goes. Only after a yes does it become a fact
that a handoff may show. Stopping keeps the place; going back and passing over always work.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from bot.channels.flows import Facts, FlowInput, FlowStep
from bot.channels.messages import Channel, Lang, Reply
from bot.commands import normal
from bot.content.fill import CentreView
from bot.content.flow_texts import load_flow_texts
from bot.content.numbers import NumberRegister
from bot.handoff.questions import is_question, said
from bot.safety_plan import plan
from bot.safety_plan.answers import (
    MOST_WORDS,
    as_said,
    is_number,
    read_item,
    read_living,
    read_move,
    read_yes_no,
    says_go_on,
    wants_resume,
)
from bot.safety_plan.parts import VOICES, Part, Step, check_one_sms, load_parts
from bot.safety_plan.saying import USED, Saying

Data = dict[str, Any]
STEPS = frozenset({"first", "menu", "item", "write", "show", "after"})


class Words(Protocol):
    """What the flow needs of the content."""

    @property
    def numbers(self) -> NumberRegister: ...
    @property
    def centre(self) -> CentreView: ...


class SafetyPlanFlow:
    """The plan of content/safety_plan. Raises ContentError when its words cannot be used."""

    name = "safety_plan"

    def __init__(self, content_dir: Path, words: Words) -> None:
        folder = content_dir / "safety_plan"
        texts = load_flow_texts(folder, USED, words.numbers, words.centre)
        for lang in ("nb", "nn", "en"):
            place = f"{content_dir.name}/safety_plan/{lang}.yml: texts.take.sms"
            check_one_sms(place, texts.text("take", lang, "sms"))
        self.parts = load_parts(folder, words.numbers)
        self._say = Saying(texts, self.parts)

    # --- the three of the Flow protocol ------------------------------------------------------

    def start(self, facts: Facts, lang: Lang, channel: Channel, reason: str) -> FlowStep:
        """Open the plan. `reason`: who reads it (self, young, other, uses_violence) or "asked"."""
        voice = "other" if facts.about == "other" else "self"
        data: Data = {
            "step": "first",
            "voice": reason if reason in VOICES else voice,
            "living": None,
            "part": None,
            "at": 0,
            "answers": {},
            "done": [],
            "share": None,
            "stopped": False,
        }
        return self._open(data, lang, channel)

    def handle(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        """Take an answer; None when the message is none."""
        if data.get("step") not in STEPS:
            return None
        step = self._answer(copy.deepcopy(data), inp)
        if step is not None and step.data["share"] == "yes":
            # What was agreed to follow, follows as it stands now.
            step.facts = {**step.facts, "plan": self._say.lines(step.data, inp.lang)}
        return step

    def resume(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The open question once more; nothing while it is stopped or at its end."""
        if data.get("step") not in STEPS or data["stopped"] or data["step"] == "after":
            return []
        return self._say.question(data, lang, channel)

    def source(self, data: Data, lang: Lang) -> str | None:
        """What the step that is open rests on: by SMS the word KILDE."""
        return self._say.source(data, lang) if data.get("step") in ("item", "write") else None

    # --- steps -------------------------------------------------------------------------------

    def _open(self, data: Data, lang: Lang, channel: Channel) -> FlowStep:
        """The first question for those exposed; others come straight to their steps."""
        voice = data["voice"]
        data["step"] = {"self": "first", "young": "menu"}.get(voice, "item")
        if voice != "self":
            data["living"] = "any"
        if data["step"] == "item":
            data["part"], data["at"] = self.parts.shown(voice, "any")[0].id, 0
        return FlowStep(self._say.opening(data, lang, channel), data)

    def _answer(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if data["stopped"] and not wants_resume(inp):
            return None
        was_stopped, data["stopped"] = data["stopped"], False
        move = read_move(inp)
        if move == "stop":
            data["stopped"] = True
            return FlowStep([self._say.stopped(inp.lang, inp.channel)], data)
        if says_go_on(inp) and data["step"] == "item" and not was_stopped:
            return self._next(data, inp)
        if move == "resume" or says_go_on(inp):
            return self._again(data, inp)
        if move == "back":
            return self._back(data, inp)
        if move == "show":
            return self._show(data, inp)
        if (inp.payload or "").startswith("part:") and data["living"] is not None:
            return self._at_menu(data, inp)  # also a button further up on the page
        if is_number(inp):
            return self._again(data, inp, self._say.line("not_on_list", inp))
        return self._handler(str(data["step"]))(data, inp)

    def _handler(self, step: str) -> Callable[[Data, FlowInput], FlowStep | None]:
        return {
            "first": self._at_first,
            "menu": self._at_menu,
            "item": self._at_item,
            "write": self._at_write,
            "show": self._at_show,
            "after": self._at_after,
        }[step]

    def _at_first(self, data: Data, inp: FlowInput) -> FlowStep | None:
        living = read_living(inp)
        if living is None:
            return None
        if living == "other":
            data["voice"] = "other"
            step = self._open(data, inp.lang, inp.channel)
            step.facts = {"about": "other"}
            return step
        data["living"] = "together" if living == "skip" else living
        step = self._ask(data, "menu", inp)
        step.facts = {} if living == "skip" else {"about": "self"}
        return step

    def _at_menu(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if read_yes_no(inp) == "skip":
            return self._show(data, inp)
        chosen = (inp.payload or "").removeprefix("part:")
        if inp.payload is None:  # its title, written
            titles = {as_said(part.title[inp.lang]): part.id for part in self._parts(data)}
            chosen = titles.get(as_said(inp.text), "")
        if chosen not in [part.id for part in self._parts(data)]:
            return None
        data["part"], data["at"] = chosen, 0
        return self._ask(data, "item", inp)

    def _at_item(self, data: Data, inp: FlowInput) -> FlowStep | None:
        answer = read_item(inp)
        if answer is None:
            return None
        kind, words = answer
        if kind == "write":
            return self._ask(data, "write", inp)
        if kind == "take":
            return self._take(data, words, inp)
        plan.leave_out(data, self._step(data))
        return self._next(data, inp)

    def _at_write(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if inp.payload == "skip" or read_yes_no(inp) in ("skip", "no"):
            plan.leave_out(data, self._step(data))
            return self._next(data, inp)
        if inp.payload is not None or is_question(inp.text) or not inp.text.strip():
            return None
        if said("yes", inp.text, inp.lang):
            return self._take(data, "", inp)
        return self._take(data, inp.text, inp)

    def _take(self, data: Data, words: str, inp: FlowInput) -> FlowStep:
        """Into the plan. Words too long or without letters are asked for again; nothing is lost."""
        if len(" ".join(words.split())) > MOST_WORDS:
            data["step"] = "write"
            return self._again(data, inp, self._say.line("too_long", inp, most=MOST_WORDS))
        if words and not normal(words):
            data["step"] = "write"
            return self._again(data, inp, self._say.line("no_words", inp))
        kept = plan.take(data, self._step(data), words, inp.lang)
        heard = [self._say.line("words_kept", inp, words=kept)] if kept else []
        return self._next(data, inp, *heard)

    def _at_show(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if inp.payload == "plan:clear":
            data.update(answers={}, done=[], share=None)
            step = self._home(data, inp, self._say.line("cleared", inp))
            step.facts = {"plan": []}
            return step
        if inp.payload == "plan:finish":
            return FlowStep([self._say.line("done", inp)], data, done=True)
        answer = read_yes_no(inp)
        if answer is None or data["voice"] == "uses_violence":
            return None
        data["share"] = "yes" if answer == "yes" else "no"
        step = self._ask(data, "after", inp)
        step.facts = {} if answer == "yes" else {"plan": []}
        return step

    def _at_after(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if inp.payload == "plan:more":
            return self._home(data, inp)
        if inp.payload == "plan:finish":
            return FlowStep([self._say.line("done", inp)], data, done=True)
        return None

    # --- moving ------------------------------------------------------------------------------

    def _next(self, data: Data, inp: FlowInput, *heard: Reply) -> FlowStep:
        part = self._part(data)
        if data["at"] + 1 < len(part.steps):
            data["at"] += 1
            return self._ask(data, "item", inp, *heard)
        if part.id not in data["done"]:
            data["done"].append(part.id)
        if len(self._parts(data)) == 1:
            return self._show(data, inp, *heard)
        return self._ask(data, "menu", inp, *heard)

    def _back(self, data: Data, inp: FlowInput) -> FlowStep:
        step, alone = data["step"], len(self._parts(data)) == 1
        if step == "menu" and data["voice"] == "self":
            return self._ask(data, "first", inp)
        if step == "item" and data["at"] > 0:
            data["at"] -= 1
        elif step == "item" and data["voice"] == "other":
            data.update(voice="self", living=None)  # taken for a relative, perhaps by mistake
            return self._ask(data, "first", inp)
        elif (step == "item" and not alone) or (step == "show" and not alone):
            return self._ask(data, "menu", inp)
        elif step in ("write", "show"):
            return self._ask(data, "item", inp)
        elif step == "after":
            return self._show(data, inp)
        return self._again(data, inp)

    def _home(self, data: Data, inp: FlowInput, *heard: Reply) -> FlowStep:
        """The menu, or the first step where there is one part."""
        if len(self._parts(data)) > 1:
            return self._ask(data, "menu", inp, *heard)
        data["at"] = 0
        return self._ask(data, "item", inp, *heard)

    def _show(self, data: Data, inp: FlowInput, *heard: Reply) -> FlowStep:
        if data["answers"]:
            return self._ask(data, "show", inp, *heard)
        empty = self._say.line("empty", inp)
        if data["voice"] != "self" and len(self._parts(data)) == 1 and data["done"]:
            done = self._say.line("done", inp)
            return FlowStep([*heard, empty, done], data, done=True)
        if data["living"] is None:
            return self._again(data, inp, *heard, empty)
        return self._home(data, inp, *heard, empty)

    def _ask(self, data: Data, step: str, inp: FlowInput, *heard: Reply) -> FlowStep:
        data["step"] = step
        return self._again(data, inp, *heard)

    def _again(self, data: Data, inp: FlowInput, *heard: Reply) -> FlowStep:
        return FlowStep([*heard, *self._say.question(data, inp.lang, inp.channel)], data)

    # --- where we are ------------------------------------------------------------------------

    def _parts(self, data: Data) -> list[Part]:
        return self.parts.shown(data["voice"], data["living"] or "together")

    def _part(self, data: Data) -> Part:
        return self.parts.by_id.get(str(data["part"])) or self._parts(data)[0]

    def _step(self, data: Data) -> Step:
        steps = self._part(data).steps
        return steps[min(int(data["at"]), len(steps) - 1)]

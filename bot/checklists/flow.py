"""“Er dette vold?”: one sign at a time. No score, no verdict, and a person one press away.

A pure state machine over JSON data. Stopping keeps the place: the flow stays silent until the
person takes it up again.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, Protocol

from bot.channels.flows import Facts, FlowInput, FlowStep
from bot.channels.messages import Button, Channel, Lang, Reply, Wish
from bot.checklists.answers import (
    ANSWERS,
    read_choice_of,
    read_item_answer,
    read_offer,
    wants_resume,
)
from bot.checklists.items import Item, Voice, load_checklist
from bot.commands import read_command
from bot.content.fill import CentreView
from bot.content.flow_texts import FlowTexts, Used, load_flow_texts
from bot.content.numbers import NumberRegister
from bot.handoff.phone import without_others
from bot.handoff.questions import clip

Data = dict[str, Any]

USED = Used(
    texts={
        "intro": frozenset({"all"}),
        "intro_ready": frozenset({"all"}),
        "item": frozenset({"number", "all", "text"}),
        "duty": frozenset(),
        "reply_other": frozenset(),
        "risk_other": frozenset(),
        "offer": frozenset(),
        "end_some": frozenset({"lines"}),
        "end_unsure": frozenset(),
        "end_none": frozenset(),
        "stopped": frozenset(),
    },
    buttons=frozenset(
        {*ANSWERS, "stop", "self", "other", "human", "offer_yes", "go_on", "resume", "read_more"}
    ),
)
STEPS = frozenset({"intro", "item", "offer"})


class Words(Protocol):
    """What the flow needs of the content."""

    @property
    def numbers(self) -> NumberRegister: ...
    @property
    def centre(self) -> CentreView: ...
    def has(self, topic: str, lang: Lang = "nb") -> bool: ...


class ChecklistFlow:
    """The checklist of content/checklists/violence.yml."""

    name = "checklist"

    def __init__(self, content_dir: Path, words: Words) -> None:
        folder = content_dir / "checklists"
        self._texts: FlowTexts = load_flow_texts(folder, USED, words.numbers, words.centre)
        self._list = load_checklist(folder / "violence.yml", words.numbers)
        self._words = words

    # --- the three of the Flow protocol ------------------------------------------------------

    def start(self, facts: Facts, lang: Lang, channel: Channel, reason: str) -> FlowStep:
        """Say what it is, and ask whom it is about unless that is known."""
        voice = facts.about if facts.about in ("self", "other") else None
        data: Data = {"step": "intro", "voice": voice, "at": 0, "answers": {}, "stopped": False}
        return FlowStep(self._question(data, lang, channel), data)

    def handle(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        """Take an answer; None when the message is none."""
        if data.get("step") not in STEPS:
            return None
        data = copy.deepcopy(data)
        if data["stopped"]:
            return self._take_up(data, inp)
        command = read_command(inp.text) if inp.payload is None else None
        if inp.payload == "stop" or command == ("stop", ""):
            return self._stop(data, inp)
        if inp.payload == "checklist:resume":
            return FlowStep(self._question(data, inp.lang, inp.channel), data)
        if inp.payload == "back" or command == ("back", ""):
            return self._back(data, inp)
        if data["step"] == "intro":
            return self._at_intro(data, inp)
        return self._at_item(data, inp) if data["step"] == "item" else self._at_offer(data, inp)

    def resume(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The open question once more; nothing while it is stopped."""
        if data.get("step") not in STEPS or data["stopped"]:
            return []
        return self._question(data, lang, channel)

    # --- steps -------------------------------------------------------------------------------

    def _at_intro(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if data["voice"] is None:
            voice = read_choice_of(("self", "other"), inp)
            if voice is None:
                return None
            data["voice"] = voice
            step = self._ask(data, "item", inp)
            step.facts = {"about": voice}
            return step
        answer = read_choice_of(("yes", "no"), inp)
        if answer is None:
            return None
        return self._ask(data, "item", inp) if answer == "yes" else self._stop(data, inp)

    def _at_item(self, data: Data, inp: FlowInput) -> FlowStep | None:
        item = self._item(data)
        answer = read_item_answer(inp)
        if answer is None:
            return None
        data["answers"][item.id] = answer
        if answer != "yes":
            data["at"] += 1
            step = self._next(data, inp)
            step.facts = {"said_no": [item.risk]} if item.risk and answer == "no" else {}
            return step
        step = self._risk(data, item, inp) if item.risk else self._heard(data, item, inp)
        step.facts = self._facts_of(data, item, inp)
        return step

    def _risk(self, data: Data, item: Item, inp: FlowInput) -> FlowStep:
        """A yes that cannot wait: its own words, and a person at once."""
        said = Reply(self._reply_text(data, item, inp))
        step = self._ask(data, "offer", inp)
        return FlowStep([said, *step.replies], step.data)

    def _heard(self, data: Data, item: Item, inp: FlowInput) -> FlowStep:
        said = Reply(self._reply_text(data, item, inp))
        data["at"] += 1
        step = self._next(data, inp)
        step.replies.insert(0, said)
        return step

    def _at_offer(self, data: Data, inp: FlowInput) -> FlowStep | None:
        answer = read_offer(inp)
        if answer is None:
            return None
        risk = self._item(data).risk
        data["at"] += 1
        data["step"] = "item"
        if answer == "no":
            return self._next(data, inp)
        wish = Wish("handoff", reason=f"checklist:{risk}")
        if data["at"] < len(self._list):
            return FlowStep([], data, wish=wish)
        return FlowStep([], data, done=True, wish=wish)

    def _next(self, data: Data, inp: FlowInput) -> FlowStep:
        if data["at"] < len(self._list):
            return self._ask(data, "item", inp)
        return FlowStep(self._ending(data, inp.lang, inp.channel), data, done=True)

    def _stop(self, data: Data, inp: FlowInput) -> FlowStep:
        data["stopped"] = True
        buttons = (
            self._texts.button("resume", inp.lang, "checklist:resume"),
            self._texts.button("human", inp.lang),
        )
        return FlowStep([Reply(self._texts.text("stopped", inp.lang, inp.channel), buttons)], data)

    def _take_up(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if not wants_resume(inp):
            return None
        data["stopped"] = False
        return FlowStep(self._question(data, inp.lang, inp.channel), data)

    def _back(self, data: Data, inp: FlowInput) -> FlowStep:
        if data["step"] == "item":
            data["at"] = max(data["at"] - 1, 0)
        if data["step"] != "intro":
            data["answers"].pop(self._item(data).id, None)
            data["step"] = "item"
        return FlowStep(self._question(data, inp.lang, inp.channel), data)

    def _ask(self, data: Data, step: str, inp: FlowInput) -> FlowStep:
        data["step"] = step
        return FlowStep(self._question(data, inp.lang, inp.channel), data)

    # --- saying ------------------------------------------------------------------------------

    def _question(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        if data["step"] == "intro":
            return [self._intro(data, lang, channel)]
        if data["step"] == "offer":
            text = self._texts.text("offer", lang, channel)
            buttons = (("offer_yes", "human"), ("go_on", "no"), ("stop", "stop"))
            return [Reply(text, tuple(self._texts.button(key, lang, to) for key, to in buttons))]
        item = self._item(data)
        text = self._texts.text(
            "item",
            lang,
            channel,
            number=data["at"] + 1,
            all=len(self._list),
            text=item.asked(_voice(data), lang),
        )
        if item.about_children:
            # The duty to notify stands above the first question about children.
            gap = "\n\n" if channel == "web" else " "
            text = f"{self._texts.text('duty', lang, channel)}{gap}{text}"
        return [Reply(text, self._buttons((*ANSWERS, "stop"), lang))]

    def _intro(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        key = "intro" if data["voice"] is None else "intro_ready"
        text = self._texts.text(key, lang, channel, all=len(self._list))
        if data["voice"] is None:
            chosen = [self._texts.button(key, lang, f"choose:{key}") for key in ("self", "other")]
            return Reply(text, (*chosen, self._texts.button("stop", lang)))
        return Reply(text, self._buttons(("yes", "no"), lang))

    def _ending(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """What was recognised, form by form; that one is enough; an offer. Never a count."""
        forms = self._recognised(data)
        unsure = "dont_know" in data["answers"].values()
        if forms:
            names = [self._list.forms[form][lang] for form in forms]
            plain = channel == "web" and data["voice"] == "self"
            shown = [name.plain if plain else name.name for name in names]
            lines = ", ".join(shown) if channel == "sms" else "\n".join(f"- {it}" for it in shown)
            text = self._texts.text("end_some", lang, channel, lines=lines)
        else:
            text = self._texts.text("end_none", lang, channel)
        if unsure:
            gap = "\n\n" if channel == "web" else " "
            text = f"{text}{gap}{self._texts.text('end_unsure', lang, channel)}"
        return [Reply(text, self._ending_buttons(forms, lang))]

    def _ending_buttons(self, forms: list[str], lang: Lang) -> tuple[Button, ...]:
        topics = [topic for topic in (*forms, "is_this_violence") if self._words.has(topic, lang)]
        more = [self._texts.button("read_more", lang, f"topic:{topics[0]}")] if topics else []
        return (self._texts.button("human", lang), *more, self._texts.button("stop", lang))

    def _buttons(self, keys: tuple[str, ...], lang: Lang) -> tuple[Button, ...]:
        return tuple(self._texts.button(key, lang) for key in keys)

    def _reply_text(self, data: Data, item: Item, inp: FlowInput) -> str:
        if data["voice"] == "other":
            key = "risk_other" if item.risk else "reply_other"
            return self._texts.text(key, inp.lang, inp.channel)
        text = self._texts.fill(item.reply[inp.lang], inp.lang)
        return text if inp.channel == "web" else text.replace("**", "")

    # --- what was said -----------------------------------------------------------------------

    def _item(self, data: Data) -> Item:
        return self._list.items[min(int(data["at"]), len(self._list) - 1)]

    def _recognised(self, data: Data) -> list[str]:
        yes = [item.form for item in self._list.items if data["answers"].get(item.id) == "yes"]
        return list(dict.fromkeys(yes))

    def _facts_of(self, data: Data, item: Item, inp: FlowInput) -> dict[str, Any]:
        facts: dict[str, Any] = {"violence": [item.form]}
        if item.risk:
            facts["risks"] = [item.risk]
        words = clip(inp.text)
        if inp.payload is None and " " in words:
            other = data["voice"] == "other"
            facts["own_words"] = [without_others(words, inp.lang) if other else words]
        return facts


def _voice(data: Data) -> Voice:
    return "other" if data["voice"] == "other" else "self"

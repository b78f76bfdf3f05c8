"""“Er dette vold?”: signs of violence, a group at a time (web) or one at a time (SMS).

No score, no verdict, and a person one press away. A pure state machine over JSON data:

    intro   whom it is about; somebody under 18 hears first what adults must pass on
    page    one page of signs; what the person has told already is said back, not asked
    offer   after a sign that cannot wait: a counsellor at once
    pick    the person chooses the groups
    share   what was recognised was said back: may it stand in the summary?

Stopping keeps the place: the flow stays silent until the person takes it up again. What is
answered stays here until the person says yes to having it in the summary.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.channels.flows import Facts, FlowInput, FlowStep
from bot.channels.messages import Channel, Lang, Reply, Wish
from bot.checklists import choosing
from bot.checklists.answers import (
    Given,
    quoted,
    read_choice_of,
    read_group_answer,
    read_groups,
    read_item_answer,
    read_offer,
    read_voice,
    split,
    wants_pick,
    wants_resume,
    wants_show,
)
from bot.checklists.between import about_the_list, turns_to_self
from bot.checklists.ending import Ending
from bot.checklists.items import VOICES, Voice, load_checklist
from bot.checklists.keys import USED
from bot.checklists.saying import Data, Saying, by_gravity
from bot.commands import read_command
from bot.content.fill import CentreView
from bot.content.flow_texts import load_flow_texts
from bot.content.numbers import NumberRegister
from bot.handoff.phone import without_others

STEPS = frozenset({"intro", "page", "offer", "pick", "share"})


class Words(Protocol):
    """What the flow needs of the content."""

    @property
    def numbers(self) -> NumberRegister: ...
    @property
    def centre(self) -> CentreView: ...
    def has(self, topic: str, lang: Lang = "nb") -> bool: ...


class ChecklistFlow:
    """The checklist of content/checklists/."""

    name = "checklist"

    def __init__(self, content_dir: Path, words: Words) -> None:
        folder = content_dir / "checklists"
        texts = load_flow_texts(folder, USED, words.numbers, words.centre)
        self.checklist = load_checklist(folder / "groups", words.numbers)
        self._say = Saying(texts, self.checklist)
        self._end = Ending(self._say, words.has)

    # --- the three of the Flow protocol ------------------------------------------------------

    def start(self, facts: Facts, lang: Lang, channel: Channel, reason: str) -> FlowStep:
        """Say what it is, and ask whom it is about unless that is known.

        `reason` may be a voice: "other" when it was asked about somebody else. "pick": the person
        has been through some of it, and chooses what else to look at.
        """
        data: Data = {
            "step": "intro",
            "voice": _known_voice(facts, reason),
            "pages": [],
            "at": 0,
            "answers": {},
            "words": {},
            "risk": False,
            "duty_at": None,
            "stopped": False,
        }
        known = choosing.told(self.checklist, facts)
        data["pages"] = choosing.pages(self.checklist, facts, known, channel)
        if reason == "pick" and data["voice"] is not None:
            data["step"] = "pick"
        known_now = _facts_of(data["voice"]) if reason in VOICES else {}
        return FlowStep(self._say.question(data, lang, channel), data, facts=known_now)

    def handle(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        """Take an answer; None when the message is none."""
        if not self._is_ours(data):
            return None
        data = copy.deepcopy(data)
        if turns_to_self(data, inp, facts):
            return self._turn_to_self(data, inp, facts)
        if data["stopped"]:
            return self._take_up(data, inp)
        told = about_the_list(data, inp, self._say)
        if told is not None:
            return FlowStep([Reply(told), *self._say.question(data, inp.lang, inp.channel)], data)
        command = read_command(inp.text) if inp.payload is None else None
        if split(inp.payload or "")[0] == "stop" or command == ("stop", ""):
            return self._stop(data, inp)
        if inp.payload == "checklist:resume" or (data["step"] == "share" and wants_resume(inp)):
            return self._go_on(data, inp)
        if inp.payload == "back" or command == ("back", ""):
            return self._back(data, inp)
        if data["voice"] is not None and wants_show(inp):
            self._tick(data, inp)
            return self._show(data, inp)
        if data["voice"] is not None and wants_pick(inp):
            self._tick(data, inp)
            return self._to_pick(data, inp)
        return self._step(data, inp, facts)

    def resume(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The open question once more; nothing while it is stopped."""
        if not self._is_ours(data) or data["stopped"]:
            return []
        return self._say.question(data, lang, channel)

    def _is_ours(self, data: Data) -> bool:
        """False for a state of an older list: its signs may be gone, so it is let go of."""
        asked = [(group, id) for group, ids in data.get("pages", ()) for id in ids]
        known = self.checklist.group_of
        return data.get("step") in STEPS and all(
            id in known and known[id].id == group for group, id in asked
        )

    # --- steps -------------------------------------------------------------------------------

    def _step(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        if data["step"] == "intro":
            return self._at_intro(data, inp, facts)
        if data["step"] == "offer":
            return self._at_offer(data, inp, facts)
        if data["step"] == "pick":
            return self._at_pick(data, inp, facts)
        if data["step"] == "share":
            return self._at_share(data, inp)
        return self._at_page(data, inp, facts)

    def _at_intro(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        if data["voice"] is not None:
            answer = read_choice_of(("yes", "no"), inp)
            if answer is None:
                return None
            return self._begin(data, inp, facts, []) if answer == "yes" else self._stop(data, inp)
        voice = read_voice(inp)
        if voice is None:
            return None
        data["voice"] = voice
        step = self._begin(data, inp, facts, self._say.opening(data, inp.lang, inp.channel))
        step.facts = _facts_of(voice)
        return step

    def _begin(self, data: Data, inp: FlowInput, facts: Facts, before: Sequence[Reply]) -> FlowStep:
        """Say back what was told, and ask the first page, chosen by that."""
        known = choosing.told(self.checklist, facts)
        data["pages"] = choosing.pages(self.checklist, facts, known, inp.channel)
        return self._ask_next(data, inp, facts, [*before])

    def _turn_to_self(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep:
        """What was answered for the other is let go of: it was not about the one who writes."""
        data.update(voice="self", answers={}, words={}, at=0, duty_at=None, stopped=False)
        turned = Reply(self._say.texts.text("turned", inp.lang, inp.channel))
        step = self._begin(data, inp, facts, [turned])
        step.facts = _facts_of("self")
        return step

    def _at_page(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        _, items = self._say.shown(data)
        if inp.channel == "sms":
            items = items[:1]
            answer = read_item_answer(inp, items[0])
            given = _one(items[0].id, answer) if answer else None
        else:
            given = read_group_answer(inp, items, _voice(data))
        if given is None:
            return None
        if given.which:
            asked = Reply(self._say.text("which", data, inp.lang, inp.channel))
            return FlowStep([asked, *self._say.question(data, inp.lang, inp.channel)], data)
        chosen = [item for item in items if item.id in given.ids]
        for item in items:
            if item in chosen:
                data["answers"][item.id] = "yes"
            elif given.rest is not None:
                data["answers"][item.id] = given.rest
        self._keep_words(data, given.ids, inp)
        met = self._say.met(data, chosen, inp.lang, inp.channel)
        if by_gravity(chosen):
            data["step"] = "offer"
            return FlowStep([*met, *self._say.question(data, inp.lang, inp.channel)], data)
        return self._ask_next(data, inp, facts, met)

    def _at_offer(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        answer = read_offer(inp)
        if answer is None:
            return None
        data["step"] = "page"
        step = self._ask_next(data, inp, facts, [])
        if answer == "no":
            return step
        # The person asked for a counsellor because of this: it orders the case, and is told by
        # nobody else than the person. The checklist waits where it was.
        if step.done:
            step.replies = []
        return FlowStep([], step.data, done=step.done, wish=Wish("handoff", reason="risk"))

    def _at_pick(self, data: Data, inp: FlowInput, facts: Facts) -> FlowStep | None:
        left = self._say.groups_left(data)
        picked = read_groups(inp, [(group.id, group.name[inp.lang]) for group in left])
        if picked is None:
            if inp.payload == "next" or read_choice_of(("skip", "wont_say", "no"), inp):
                return self._back(data, inp)
            return None
        groups = [group for group in left if group.id in picked]
        make = choosing.by_sms if inp.channel == "sms" else choosing.as_pages
        asked = [page for page in data["pages"] if any(i in data["answers"] for i in page[1])]
        chosen = make(groups, data["answers"]) or choosing.as_pages(groups, data["answers"])
        data["pages"], data["at"], data["step"] = [*asked, *chosen], len(asked), "page"
        return self._ask_next(data, inp, facts, [])

    def _at_share(self, data: Data, inp: FlowInput) -> FlowStep | None:
        # Only by its own button: a yes to something else must not pass anything on.
        if inp.payload not in ("share:yes", "share:no"):
            return None
        return self._finish(data, inp, shared=inp.payload == "share:yes")

    def _finish(self, data: Data, inp: FlowInput, shared: bool) -> FlowStep:
        reply = self._end.after_share(data, shared, inp.lang, inp.channel)
        facts = self._end.facts(data) if shared else {}
        return FlowStep([reply], data, done=True, facts=facts)

    # --- moving ------------------------------------------------------------------------------

    def _ask_next(self, data: Data, inp: FlowInput, facts: Facts, before: list[Reply]) -> FlowStep:
        """The next page on which something is open, or the end."""
        data["step"] = "page"
        before = [*before, *self._take_told(data, facts, inp)]
        pages = data["pages"]
        while data["at"] < len(pages) and all(id in data["answers"] for id in pages[data["at"]][1]):
            data["at"] += 1
        if data["at"] >= len(pages):
            step = self._show(data, inp)
            return FlowStep([*before, *step.replies], step.data, done=step.done)
        self._note_duty(data)
        return FlowStep([*before, *self._say.question(data, inp.lang, inp.channel)], data)

    def _take_told(self, data: Data, facts: Facts, inp: FlowInput) -> list[Reply]:
        """What was told since, also in between: noted as told and said back once."""
        known = choosing.told(self.checklist, facts).words
        new = [id for id in known if id not in data["answers"]]
        for id in new:
            data["answers"][id] = "told"
            if known[id]:
                data["words"][id] = known[id]
        quotes = [quote for id in new if (quote := known[id])]
        return self._say.told(data, new, quotes, inp.lang, inp.channel)

    def _note_duty(self, data: Data) -> None:
        """The duty to notify is said once; somebody under 18 has heard it at the start."""
        _, items = self._say.shown(data)
        about = next((item.id for item in items if item.about_children), None)
        if data["duty_at"] is None and about and data["voice"] != "young":
            data["duty_at"] = about

    def _show(self, data: Data, inp: FlowInput) -> FlowStep:
        """What was recognised. With nothing yet, and more to ask, the question stands."""
        found = self._end.recognised(data)
        if found:
            data["step"] = "share"
            return FlowStep(self._end.says(data, inp.lang, inp.channel), data)
        if data["at"] < len(data["pages"]):
            data["step"] = "page"
            none_yet = Reply(self._say.text("show_none", data, inp.lang, inp.channel))
            return FlowStep([none_yet, *self._say.question(data, inp.lang, inp.channel)], data)
        return FlowStep(self._end.says(data, inp.lang, inp.channel), data, done=True)

    def _to_pick(self, data: Data, inp: FlowInput) -> FlowStep:
        data["step"] = "pick" if self._say.groups_left(data) else data["step"]
        return FlowStep(self._say.question(data, inp.lang, inp.channel), data)

    def _stop(self, data: Data, inp: FlowInput) -> FlowStep:
        if data["step"] == "share":
            return self._finish(data, inp, shared=False)
        self._tick(data, inp)
        data["stopped"] = True
        go_on = self._say.button("resume", data, inp.lang, "checklist:resume")
        text = self._say.text("stopped", data, inp.lang, inp.channel)
        return FlowStep([Reply(text, (go_on, self._say.human(data, inp.lang)))], data)

    def _take_up(self, data: Data, inp: FlowInput) -> FlowStep | None:
        if data["voice"] is not None and wants_show(inp):
            data["stopped"] = False
            return self._show(data, inp)
        if not wants_resume(inp):
            return None
        data["stopped"] = False
        return FlowStep(self._say.question(data, inp.lang, inp.channel), data)

    def _go_on(self, data: Data, inp: FlowInput) -> FlowStep:
        if data["step"] == "share" and data["at"] < len(data["pages"]):
            data["step"] = "page"
        return FlowStep(self._say.question(data, inp.lang, inp.channel), data)

    def _back(self, data: Data, inp: FlowInput) -> FlowStep:
        """The last page that was answered, once more; from the list of groups to the open page."""
        if data["step"] == "pick" and data["at"] < len(data["pages"]):
            data["step"] = "page"
        elif data["step"] != "intro":
            answered = [
                at
                for at, (_, ids) in enumerate(data["pages"][: data["at"] + 1])
                if any(id in data["answers"] for id in ids)
            ]
            if not answered:
                return FlowStep(self._say.question(data, inp.lang, inp.channel), data)
            data["at"], data["step"] = answered[-1], "page"
            for id in data["pages"][data["at"]][1]:
                data["answers"].pop(id, None)
                data["words"].pop(id, None)
        return FlowStep(self._say.question(data, inp.lang, inp.channel), data)

    # --- what was said -----------------------------------------------------------------------

    def _tick(self, data: Data, inp: FlowInput) -> None:
        """Boxes that were ticked when another button was pressed are kept."""
        if data["step"] != "page":
            return
        _, items = self._say.shown(data)
        ticked = split(inp.payload or "")[1]
        data["answers"] |= {item.id: "yes" for item in items if item.id in ticked}

    def _keep_words(self, data: Data, ids: Sequence[str], inp: FlowInput) -> None:
        words = quoted(inp)
        titles = [self.checklist.items[id].asked(_voice(data), inp.lang) for id in ids]
        if words and ids and words not in titles:
            other = data["voice"] == "other"
            words = without_others(words, inp.lang) if other else words
            data["words"] |= dict.fromkeys(ids, words)


def _facts_of(voice: Voice) -> dict[str, object]:
    """Whom it is about is known to the whole conversation, so that it is not asked twice."""
    young = {"young": True} if voice == "young" else {}
    return {"about": "other" if voice == "other" else "self", **young}


def _known_voice(facts: Facts, reason: str) -> Voice | None:
    if reason in VOICES:
        return reason
    if facts.about == "other":
        return "other"
    if facts.young:
        return "young"
    return "self" if facts.about == "self" else None


def _voice(data: Data) -> Voice:
    voice: Voice = data["voice"] or "self"
    return voice


def _one(id: str, answer: str) -> Given:
    return Given((id,), "left") if answer == "yes" else Given((), answer)

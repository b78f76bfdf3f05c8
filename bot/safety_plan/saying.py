"""What the plan says: its questions, steps and endings, from the words in content/safety_plan."""

from __future__ import annotations

from typing import Any

from bot.channels.flows import FlowInput
from bot.channels.messages import Button, Channel, Lang, Reply
from bot.content.flow_texts import FlowTexts, Used
from bot.safety_plan import plan
from bot.safety_plan.parts import Part, Parts, Step

Data = dict[str, Any]

_NONE: frozenset[str] = frozenset()
_PLAIN = (
    "intro", "first", "intro_young", "intro_other", "intro_uses_violence", "menu", "menu_again",
    "write", "no_words", "not_on_list", "duty", "duty_young", "take", "share", "share_yes",
    "share_no", "end_uses_violence", "empty", "cleared", "stopped", "done",
)  # fmt: skip
USED = Used(
    texts={key: _NONE for key in _PLAIN}
    | {
        "item": frozenset({"title", "number", "all", "text"}),
        "write_hint": frozenset({"hint"}),
        "words_kept": frozenset({"words"}),
        "too_long": frozenset({"most"}),
        "show": frozenset({"lines"}),
        "source": frozenset({"source", "day"}),
        "source_law": frozenset({"source", "day"}),
    },
    buttons=frozenset(
        {"together", "moved", "staying", "other", "stop", "back", "show", "take", "write", "skip"}
        | {"share_yes", "share_no", "clear", "human", "more", "finish", "resume"}
    ),
)

# Title and payload of the choices. "plan:back" has the number 0 by SMS (channels/sms/menu.py).
_BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "first": (
        ("together", "yes"),
        ("moved", "no"),
        ("staying", "choose:staying"),
        ("other", "choose:other"),
        ("stop", "stop"),
    ),
    "item": (
        ("take", "yes"),
        ("write", "plan:write"),
        ("skip", "skip"),
        ("stop", "stop"),
        ("back", "plan:back"),
    ),
    "write": (("skip", "skip"), ("stop", "stop"), ("back", "plan:back")),
    "show": (
        ("share_yes", "yes"),
        ("share_no", "no"),
        ("clear", "plan:clear"),
        ("stop", "stop"),
        ("back", "plan:back"),
    ),
    "after": (("human", "human"), ("more", "plan:more"), ("finish", "plan:finish")),
}


class Saying:
    """The words of the plan, asked for by where it stands."""

    def __init__(self, texts: FlowTexts, parts: Parts) -> None:
        self._texts = texts
        self._parts = parts

    def line(self, key: str, inp: FlowInput, **values: object) -> Reply:
        """A sentence without choices."""
        return Reply(self._texts.text(key, inp.lang, inp.channel, **values))

    def lines(self, data: Data, lang: Lang) -> list[str]:
        """The plan line by line, as it may be passed on."""
        return plan.lines(data, self._parts, lang, self._texts.fill)

    def stopped(self, lang: Lang, channel: Channel) -> Reply:
        """The place is kept; a person is one press away."""
        buttons = (("resume", "safety_plan:resume"), ("human", "human"))
        return Reply(self._texts.text("stopped", lang, channel), self._titled(buttons, lang))

    def opening(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """What the plan is and where it is kept, then the first question."""
        key = "intro" if data["voice"] == "self" else f"intro_{data['voice']}"
        intro = self._texts.text(key, lang, channel)
        return _above(intro, self.question(data, lang, channel), channel, data["step"] == "first")

    def question(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The question of the step that is open."""
        step = str(data["step"])
        if step == "menu":
            return [self._menu(data, lang, channel)]
        if step == "item":
            return self._item(data, lang, channel)
        if step == "show":
            return self._show(data, lang, channel)
        key = f"share_{data['share']}" if step == "after" else step
        if step == "write" and (hint := self._here(data)[1].hint):
            text = self._texts.text("write_hint", lang, channel, hint=hint[lang])
        else:
            text = self._texts.text(key, lang, channel)
        return [Reply(text, self._titled(_BUTTONS[step], lang))]

    def _menu(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        """Parts not yet seen first; the plan itself once there is something in it."""
        shown = self._parts.shown(data["voice"], data["living"] or "together")
        shown.sort(key=lambda part: part.id in data["done"])
        text = self._texts.text("menu_again" if data["done"] else "menu", lang, channel)
        parts = tuple(Button(part.title[lang], f"part:{part.id}") for part in shown)
        ends = [("show", "plan:show")] if data["answers"] else []
        ends += [("stop", "stop")] + ([("back", "plan:back")] if data["voice"] == "self" else [])
        return Reply(text, (*parts, *self._titled(tuple(ends), lang)))

    def _item(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        part, step = self._here(data)
        text = self._texts.text(
            "item",
            lang,
            channel,
            title=part.title[lang],
            number=data["at"] + 1,
            all=len(part.steps),
            text=self._plain(step.text[lang], lang, channel),
        )
        source = self._source(part, step, lang) if channel == "web" else None
        replies = [Reply(text, self._titled(_BUTTONS["item"], lang), source)]
        if step.take:
            replies = _above(self._texts.text("take", lang, channel), replies, channel)
        if part.duty_at == data["at"]:
            duty = "duty_young" if data["voice"] == "young" else "duty"
            replies = _above(self._texts.text(duty, lang, channel), replies, channel)
        return replies

    def _show(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        lines = plan.as_text(data, self._parts, lang, channel, self._texts.fill)
        shown = self._texts.text("show", lang, channel, lines=lines)
        if data["voice"] == "uses_violence":
            # The centre's counsellors are for those exposed; nothing is offered to be passed on.
            ends = (("clear", "plan:clear"), ("finish", "plan:finish"), ("back", "plan:back"))
            text = self._texts.text("end_uses_violence", lang, channel)
            asked = Reply(text, self._titled(ends, lang))
        else:
            text = self._texts.text("share", lang, channel)
            asked = Reply(text, self._titled(_BUTTONS["show"], lang))
        return _above(shown, [asked], channel)

    def _here(self, data: Data) -> tuple[Part, Step]:
        shown = self._parts.shown(data["voice"], data["living"] or "together")
        part = self._parts.by_id.get(str(data["part"])) or shown[0]
        return part, part.steps[min(int(data["at"]), len(part.steps) - 1)]

    def _plain(self, raw: str, lang: Lang, channel: Channel) -> str:
        text = self._texts.fill(raw, lang)
        return text if channel == "web" else text.replace("**", "")

    def source(self, data: Data, lang: Lang) -> str:
        """The source of the step that is open, with the day it was read."""
        return self._source(*self._here(data), lang)

    def _source(self, part: Part, step: Step, lang: Lang) -> str:
        key = "source_law" if "§" in step.source else "source"
        day = f"{part.read_on(step):%d.%m.%Y}"
        return self._texts.text(key, lang, "web", source=step.source, day=day)

    def _titled(self, buttons: tuple[tuple[str, str], ...], lang: Lang) -> tuple[Button, ...]:
        return tuple(self._texts.button(key, lang, payload) for key, payload in buttons)


def _above(text: str, replies: list[Reply], channel: Channel, one: bool = False) -> list[Reply]:
    """`text` before the first of `replies`: on the web in its bubble, by SMS as a message of its
    own unless it is said to fit in `one`."""
    first = replies[0]
    if channel == "sms" and not one:
        return [Reply(text), *replies]
    gap = "\n\n" if channel == "web" else " "
    return [Reply(f"{text}{gap}{first.text}", first.buttons, first.source), *replies[1:]]

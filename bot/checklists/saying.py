"""What the checklist says: its questions, what a yes is met with, and what it offers to press."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.messages import Button, Channel, Lang, Reply
from bot.checklists.answers import ANSWERS
from bot.checklists.items import RISKS, Checklist, Group, Item, Voice
from bot.checklists.keys import in_voice
from bot.content.flow_texts import FlowTexts

Data = dict[str, Any]

MOST_RISK_REPLIES = 2
MOST_QUOTES = 3
LONGEST_QUOTE = {"web": 300, "sms": 60}


class Saying:
    """Puts the words of the frame and of the groups together. Pure."""

    def __init__(self, texts: FlowTexts, checklist: Checklist) -> None:
        self.texts = texts
        self.checklist = checklist

    # --- questions ---------------------------------------------------------------------------

    def question(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """The open question."""
        step, voice = data["step"], data["voice"]
        if step == "intro":
            return self._intro(data, lang, channel)
        if step == "offer":
            return [self._offer(voice, lang, channel)]
        if step == "pick":
            return [self._pick(data, lang, channel)]
        if step == "share":
            return [self._share(data, lang, channel)]
        return [self._page(data, lang, channel)]

    def text(self, key: str, data: Data, lang: Lang, channel: Channel, **values: object) -> str:
        """A text of the frame in the words for this reader."""
        return self.texts.text(in_voice(key, data["voice"]), lang, channel, **values)

    def button(self, key: str, data: Data, lang: Lang, payload: str | None = None) -> Button:
        """A choice in the words for this reader."""
        return self.texts.button(in_voice(key, data["voice"]), lang, payload or key)

    def human(self, data: Data, lang: Lang) -> Button:
        """The way to a person."""
        return self.button("human", data, lang)

    def _intro(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        all = len(data["pages"])
        if data["voice"] is None:
            whom = [self.texts.button(v, lang, f"choose:{v}") for v in ("self", "other", "young")]
            text = self.texts.text("intro", lang, channel, all=all)
            return [Reply(text, (*whom, self.texts.button("stop", lang)))]
        text = self.text("intro_ready", data, lang, channel, all=all)
        keys = (("begin", "yes"), ("pick", "pick"), ("stop", "stop"))
        asked = Reply(text, tuple(self.texts.button(key, lang, to) for key, to in keys))
        return [*self.opening(data, lang, channel), asked]

    def opening(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """To somebody under 18, before anything is asked: what adults must pass on, and 116 111."""
        if data["voice"] != "young":
            return []
        return [Reply(self.texts.text("young_start", lang, channel))]

    def _page(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        group, items = self.shown(data)
        if channel == "sms":
            key = {"text": items[0].asked(_voice(data), lang)}
            text = self.text("item", data, lang, channel, **self._where(data), **key)
            buttons = self._buttons((*ANSWERS, "stop"), lang)
        else:
            text = self.text(
                "group", data, lang, channel, name=group.name[lang], **self._where(data)
            )
            ticks = [Button(item.asked(_voice(data), lang), f"tick:{item.id}") for item in items]
            own = "show" if data["answers"] else "pick"
            keys = ("next", "none", "dont_know", "skip", "wont_say", own, "stop")
            buttons = (*ticks, *self._buttons(keys, lang))
        if data["duty_at"] in [item.id for item in items]:
            # The duty to notify stands above the first question about children.
            gap = "\n\n" if channel == "web" else " "
            text = f"{self.texts.text('duty', lang, channel)}{gap}{text}"
        return Reply(text, buttons)

    def shown(self, data: Data) -> tuple[Group, list[Item]]:
        """The group and the signs that the open page asks about."""
        group_id, ids = data["pages"][data["at"]]
        items = [self.checklist.items[id] for id in ids if id not in data["answers"]]
        return self.checklist.by_id[group_id], items or [self.checklist.items[id] for id in ids]

    def _where(self, data: Data) -> dict[str, int]:
        return {"number": data["at"] + 1, "all": len(data["pages"])}

    def _offer(self, voice: Voice | None, lang: Lang, channel: Channel) -> Reply:
        keys = ((in_voice("offer_yes", voice), "yes"), ("go_on", "no"), ("stop", "stop"))
        text = self.texts.text(in_voice("offer", voice), lang, channel)
        return Reply(text, tuple(self.texts.button(key, lang, to) for key, to in keys))

    def groups_left(self, data: Data) -> list[Group]:
        """The groups in which something has not been asked."""
        answered = data["answers"]
        return [g for g in self.checklist.groups if any(i.id not in answered for i in g.items)]

    def _pick(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        groups = [Button(g.name[lang], f"group:{g.id}") for g in self.groups_left(data)]
        ways = ("next", "back", "stop") if channel == "web" else ("back", "stop")
        text = self.texts.text("pick", lang, channel)
        return Reply(text, (*groups, *self._buttons(ways, lang)))

    def _share(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        yes_no = [
            self.texts.button("share_yes", lang, "share:yes"),
            self.texts.button("share_no", lang, "share:no"),
        ]
        more = []
        if data["at"] < len(data["pages"]):
            more.append(self.texts.button("resume", lang, "checklist:resume"))
        text = self.text("share", data, lang, channel)
        return Reply(text, (*yes_no, self.human(data, lang), *more))

    def _buttons(self, keys: Iterable[str], lang: Lang) -> tuple[Button, ...]:
        return tuple(self.texts.button(key, lang) for key in keys)

    # --- what a yes is met with --------------------------------------------------------------

    def met(self, data: Data, items: Sequence[Item], lang: Lang, channel: Channel) -> list[Reply]:
        """One sentence for what was recognised; a risk has its own words, the gravest first."""
        risky = by_gravity(items)
        if not items:
            return []
        if data["voice"] == "other":
            one = "reply_other" if len(items) == 1 else "reply_many_other"
            return [Reply(self.texts.text("risk_other" if risky else one, lang, channel))]
        if len(items) == 1:
            return [Reply(self._replied(items[0], data, lang, channel))]
        joined = self.text("reply_many", data, lang, channel)
        said = [self._replied(item, data, lang, channel) for item in risky[:MOST_RISK_REPLIES]]
        return [Reply("\n\n".join([joined, *said]))]

    def told(
        self, data: Data, ids: Iterable[str], quotes: Iterable[str], lang: Lang, channel: Channel
    ) -> list[Reply]:
        """What the person has told already is said back in their own words, not asked."""
        longest = LONGEST_QUOTE[channel]
        said = [f"«{clipped(quote, longest)}»" for quote in dict.fromkeys(quotes)]
        said = said or [self.checklist.items[id].named(lang) for id in ids]
        if not said:
            return []
        words = " ".join(said[:MOST_QUOTES]) if channel == "web" else said[0]
        return [Reply(self.text("told", data, lang, channel, words=words))]

    def _replied(self, item: Item, data: Data, lang: Lang, channel: Channel) -> str:
        text = self.texts.fill(item.replied(_voice(data), lang), lang)
        return text if channel == "web" else text.replace("**", "")


def by_gravity(items: Iterable[Item]) -> list[Item]:
    """The signs that cannot wait, the most serious first."""
    return sorted((i for i in items if i.risk), key=lambda item: RISKS.index(item.risk or ""))


def clipped(text: str, longest: int) -> str:
    """At most `longest` characters, cut between words."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]} …"


def _voice(data: Data) -> Voice:
    voice: Voice = data["voice"] or "self"
    return voice

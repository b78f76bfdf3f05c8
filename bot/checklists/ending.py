"""How the checklist ends: what was recognised, in the person's own answers. Never a count."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.channels.messages import Button, Channel, Lang, Reply
from bot.channels.sms.segments import count, to_gsm
from bot.checklists.choosing import topics_of
from bot.checklists.items import Group, Item
from bot.checklists.saying import Data, Saying, by_gravity, clipped

RECOGNISED = ("yes", "told")
MOST_PUNISHABLE = {"web": 20, "sms": 2}
LONGEST_QUOTE = 200
MOST_SEGMENTS = 2
EFFECTS = "effects"
ABOUT_IT = "is_this_violence"
_OUR_NOTES = re.compile(r"\s*\(facts[^)]*\)")

Recognised = list[tuple[Group, list[Item]]]


class Ending:
    """Says back what was answered. `has`: whether there is an answer to a topic."""

    def __init__(self, say: Saying, has: Callable[[str, Lang], bool]) -> None:
        self._say = say
        self._has = has

    def recognised(self, data: Data) -> Recognised:
        """The forms that something was recognised of, and what of each."""
        answers = data["answers"]
        yes = [
            (group, [item for item in group.items if answers.get(item.id) in RECOGNISED])
            for group in self._say.checklist.groups
        ]
        return [(group, items) for group, items in yes if items]

    def says(self, data: Data, lang: Lang, channel: Channel) -> list[Reply]:
        """All that is said at the end; with something recognised, the last one asks about it."""
        found = self.recognised(data)
        if not found:
            return [self._none(data, lang, channel)]
        effects = self._say.text(EFFECTS, data, lang, channel)
        asked = self._say.question(data, lang, channel)
        if channel == "sms":  # one message less
            asked = [Reply(f"{effects} {asked[0].text}", asked[0].buttons)]
        else:
            asked = [Reply(effects, self._effects_button(lang)), *asked]
        some = Reply(self._some(data, found, lang, channel))
        return [some, self._punishable(data, found, lang, channel), *asked]

    def after_share(self, data: Data, shared: bool, lang: Lang, channel: Channel) -> Reply:
        """The answer is taken, and the next step."""
        text = self._say.text
        said = text("share_yes" if shared else "share_no", data, lang, channel)
        after = text("after", data, lang, channel)
        gap = "\n\n" if channel == "web" else " "
        return Reply(f"{said}{gap}{after}", self._buttons(data, lang))

    def facts(self, data: Data) -> dict[str, Any]:
        """What may stand in the summary, once the person has said yes to that."""
        found = self.recognised(data)
        items = [item for _, each in found for item in each]
        denied = [
            i for i in self._say.checklist.items.values() if data["answers"].get(i.id) == "no"
        ]
        return {
            "violence": [group.id for group, _ in found],
            "risks": [str(item.risk) for item in by_gravity(items)],
            "said_no": [item.risk for item in denied if item.risk],
            "own_words": [data["words"][item.id] for item in items if data["words"].get(item.id)],
        }

    # --- parts -------------------------------------------------------------------------------

    def _none(self, data: Data, lang: Lang, channel: Channel) -> Reply:
        text = self._say.text("end_none", data, lang, channel)
        return Reply(self._with_unsure(text, data, lang, channel), self._buttons(data, lang))

    def _some(self, data: Data, found: Recognised, lang: Lang, channel: Channel) -> str:
        if channel == "web":
            said: set[str] = set()
            rows = [f"- {self._form(data, group, items, lang, said)}" for group, items in found]
            text = self._say.text("end_some", data, lang, channel, lines="\n".join(rows))
            return self._with_unsure(text, data, lang, channel)
        # By SMS the signs themselves where they fit, else what the forms are called, else the
        # short headings of the groups.
        called = [group.called[lang] for group, _ in found]
        headings = [_small(group.name[lang]) for group, _ in found]
        with_signs = [
            f"{group.called[lang]} ({self._signs(items, lang)})" for group, items in found
        ]
        for rows in (with_signs, called, headings):
            text = self._say.text("end_some", data, lang, channel, lines=", ".join(rows))
            if count(to_gsm(text)).segments <= MOST_SEGMENTS:
                break
        return text

    def _form(
        self, data: Data, group: Group, items: Sequence[Item], lang: Lang, said: set[str]
    ) -> str:
        """One form; a sentence of the person that tells of several is quoted once."""
        words = [data["words"][item.id] for item in items if data["words"].get(item.id)]
        new = [quote for quote in dict.fromkeys(words) if quote not in said]
        said.update(new)
        quotes = [f"«{clipped(quote, LONGEST_QUOTE)}»" for quote in new]
        signs = " ".join([f"{self._signs(items, lang)}.", *quotes])
        values = {"called": _capital(group.called[lang]), "plain": group.plain[lang]}
        return self._say.text("form", data, lang, "web", **values, signs=signs)

    def _signs(self, items: Sequence[Item], lang: Lang) -> str:
        return "; ".join(item.named(lang).rstrip(".?") for item in items)

    def _punishable(self, data: Data, found: Recognised, lang: Lang, channel: Channel) -> Reply:
        groups = [group for group, _ in found][: MOST_PUNISHABLE[channel]]
        # Two forms may rest on the same sentence; it is said once.
        rows = list(dict.fromkeys(group.punishable.text[lang] for group in groups))
        while True:
            lines = "\n".join(f"- {r}" for r in rows) if channel == "web" else " ".join(rows)
            text = self._say.text("punishable", data, lang, channel, lines=lines)
            fits = channel == "web" or count(to_gsm(text)).segments <= MOST_SEGMENTS
            if fits or len(rows) == 1:
                break
            rows.pop()
        sources = dict.fromkeys(_OUR_NOTES.sub("", group.punishable.source) for group in groups)
        named = "; ".join(sources)
        return Reply(text, source=self._say.text("source", data, lang, channel, sources=named))

    def _with_unsure(self, text: str, data: Data, lang: Lang, channel: Channel) -> str:
        if "dont_know" not in data["answers"].values():
            return text
        gap = "\n\n" if channel == "web" else " "
        return f"{text}{gap}{self._say.text('end_unsure', data, lang, channel)}"

    def _effects_button(self, lang: Lang) -> tuple[Button, ...]:
        if not self._has(EFFECTS, lang):
            return ()
        return (self._say.texts.button(EFFECTS, lang, f"topic:{EFFECTS}"),)

    def _buttons(self, data: Data, lang: Lang) -> tuple[Button, ...]:
        forms = [topic for group, _ in self.recognised(data) for topic in topics_of(group)]
        there = [topic for topic in (*forms, ABOUT_IT) if self._has(topic, lang)]
        more = [self._say.button("read_more", data, lang, f"topic:{there[0]}")] if there else []
        if self._has(EFFECTS, lang) and forms:
            more.append(self._say.texts.button(EFFECTS, lang, f"topic:{EFFECTS}"))
        if self._say.groups_left(data):
            more.append(self._say.button("more_groups", data, lang, "checklist:pick"))
        return (self._say.human(data, lang), *more)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]

"""From a stored reply to what the page shows: escaped, with numbers that can be pressed.

The server draws every bubble, with and without script, so there is one place that escapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.centre import PhoneLine
from bot.channels.messages import Button, Reply
from bot.content.numbers import NumberRegister, tel
from bot.store.messages import Stored

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True)
class Bubble:
    """One message on the page. `seq` is 0 for what could not be stored."""

    seq: int
    who: str  # you, bot, desk
    kind: str  # text, bot, danger, desk, system
    body: Markup
    source: str | None = None
    buttons: tuple[Button, ...] = ()

    @property
    def ticks(self) -> list[Button]:
        """Choices that are boxes to tick, several together."""
        return [button for button in self.buttons if button.ticked]

    @property
    def pressed(self) -> list[Button]:
        """Choices that are pressed, one of them."""
        return [button for button in self.buttons if not button.ticked]


class Drawing:
    """Draws texts. Numbers of the register and of the centre's line become tel: links."""

    def __init__(self, numbers: NumberRegister, line: PhoneLine) -> None:
        self._numbers = numbers
        self._line = line
        self._learn()

    def _learn(self) -> None:
        """The numbers to look for; again when the register has taken newer ones."""
        self._edition = self._numbers.edition
        line = self._line
        links = dict(self._numbers.links())
        links |= {number: tel(number) for number in (line.number, line.under_18)}
        self._links: Mapping[str, str] = links
        longest_first = sorted(links, key=lambda number: (-len(number), number))
        self._number = re.compile(
            r"(?<![\d+])(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\s?\d)"
        )

    def bubble(self, stored: Stored) -> Bubble:
        """A stored message as the page shows it."""
        if stored.author == "person":
            return Bubble(stored.seq, "you", "text", escape(stored.reply.text))
        return self.reply(stored.reply, stored.seq)

    def reply(self, reply: Reply, seq: int = 0) -> Bubble:
        """A reply as the page shows it."""
        who = "desk" if reply.kind == "desk" else "bot"
        body = self.text(reply.text, bold=reply.kind != "desk")
        return Bubble(seq, who, reply.kind, body, reply.source, reply.buttons)

    def text(self, text: str, bold: bool = True) -> Markup:
        """Paragraphs and lists as HTML; everything a text holds is escaped first."""
        return Markup("").join(
            self._paragraph(part, bold) for part in re.split(r"\n{2,}", text.strip()) if part
        )

    def numbers(self, text: str) -> Markup:
        """One line with its numbers as links."""
        return self._inline(text, bold=True)

    def _paragraph(self, text: str, bold: bool) -> Markup:
        drawn = Markup("")
        rows: list[Markup] = []
        items: list[Markup] = []
        for line in [*text.split("\n"), ""]:
            if line.startswith("- "):
                items.append(Markup("<li>{}</li>").format(self._inline(line[2:], bold)))
                continue
            if items:
                drawn += self._rows(rows) + Markup("<ul>{}</ul>").format(Markup("").join(items))
                rows, items = [], []
            if line:
                rows.append(self._inline(line, bold))
        return drawn + self._rows(rows)

    def _rows(self, rows: Sequence[Markup]) -> Markup:
        return Markup("<p>{}</p>").format(Markup("<br>").join(rows)) if rows else Markup("")

    def _inline(self, text: str, bold: bool) -> Markup:
        if self._edition != self._numbers.edition:
            self._learn()
        # Escaping adds no number of the register and no star, so both can run on escaped text.
        safe = self._number.sub(self._link, str(escape(text)))
        return Markup(_BOLD.sub(r"<b>\1</b>", safe) if bold else safe)  # noqa: S704 (escaped above)

    def _link(self, match: re.Match[str]) -> str:
        return f'<a href="{self._links[match[0]]}">{match[0]}</a>'


def with_live_buttons(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """Only what was offered since the person last wrote can still be pressed."""
    last = max((at for at, bubble in enumerate(bubbles) if bubble.who == "you"), default=-1)
    return [
        bubble if at > last or not bubble.buttons else _without_buttons(bubble)
        for at, bubble in enumerate(bubbles)
    ]


def _without_buttons(bubble: Bubble) -> Bubble:
    return Bubble(bubble.seq, bubble.who, bubble.kind, bubble.body, bubble.source)

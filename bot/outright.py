"""What a message asks outright, by words that leave no doubt: answered before anything is guessed.

The list stands in outright.yml, each line with a message that it must hear and one that it must
leave alone. It comes after danger, commands and the open flow, so it never takes their messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import yaml

from bot import handing_over, reader
from bot.channels.messages import Wish
from bot.commands import normal
from bot.understanding.types import Understood

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

FILE = Path(__file__).parent / "outright.yml"
MOST_WORDS = 16
PLAN = "plan"
HERE = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    to: str
    match: re.Pattern[str]
    say: str
    leaves: str
    section: str | None = None
    reader: str | None = None
    after: tuple[str, ...] = ()
    risk: str | None = None
    whole: bool = False
    topic: str | None = None

    @property
    def page(self) -> str | None:
        """The page that is said, when it is not a topic."""
        return self.to.removeprefix("page:") if self.to.startswith("page:") else None

    def hears(self, text: str) -> bool:
        """Whether the words are there, in a message that is short enough to be a question."""
        words = normal(text)
        if len(words.split()) > MOST_WORDS:
            return False
        return bool(self.match.fullmatch(words) if self.whole else self.match.search(words))


def answer(services: Services, turn: Turn) -> bool:
    """Say the page that answers the message. False when there is none for it."""
    line = _line_for(turn)
    if line is None or line.page is None:
        return False
    time = f"{turn.message.at.astimezone(HERE):%H:%M}"
    section = line.section
    if section is None and services.content.has_section(
        line.page, turn.lang, turn.channel, reader.who(turn) or ""
    ):
        section = reader.who(turn)
    state = turn.conversation.state
    turn.topic = line.topic
    state.fails = state.staying = 0  # something else is talked about than a danger before it
    values = {"time": time} if line.page == "what_time" else {}
    said = services.content.reply(line.page, turn.lang, turn.channel, section, **values)
    turn.say(said, *handing_over.resumed(services, turn))
    return True


def understood(turn: Turn) -> Understood | None:
    """The topic that the words name, or None: then the trained model is asked."""
    line = _line_for(turn)
    if line is None or line.page is not None:
        return None
    if line.to == PLAN:
        return Understood("safety_plan", ("safety_plan",), (), 1.0, Wish("safety_plan"))
    return Understood(line.to, (line.to,), (), 1.0, None)


def _line_for(turn: Turn) -> Line | None:
    return next((line for line in lines() if _fits(line, turn)), None)


def _fits(line: Line, turn: Turn) -> bool:
    state = turn.conversation.state
    if line.reader is not None and line.reader != reader.who(turn):
        return False
    if line.after and state.last_topic not in line.after:
        return False
    if line.risk is not None and line.risk not in state.facts.risks:
        return False
    return line.hears(turn.message.text)


@cache
def lines() -> tuple[Line, ...]:
    """The list, in its order."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Line(
            to=one["to"],
            match=re.compile(one["match"]),
            say=one["say"],
            leaves=one["not"],
            section=one.get("section"),
            reader=one.get("reader"),
            after=tuple(one.get("after", ())),
            risk=one.get("risk"),
            whole=one.get("whole", False),
            topic=one.get("topic"),
        )
        for one in raw
    )

"""Flows: small conversations with a memory (handing over, the checklist, the safety plan).

A flow is a pure state machine over JSON data. It knows neither Rasa nor the database, so it keeps
working when they are away, and a test can walk through it in memory.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.channels.messages import Channel, Lang, Reply, Wish

if TYPE_CHECKING:
    from bot.handoff.draft import HandoffDraft


@dataclass
class Facts:
    """What the person has told so far, kept so that nothing is asked twice.

    Lives sealed in the conversation's state and dies with it. `own_words` are whole sentences the
    person wrote; a summary quotes them and never rewrites them.
    """

    about: str | None = None
    own_words: list[str] = field(default_factory=list)
    violence: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)
    said_no: list[str] = field(default_factory=list)  # risks that were asked about and denied
    children: str | None = None
    language: str | None = None
    interpreter: str | None = None
    municipality: str | None = None
    answered: list[str] = field(default_factory=list)
    wants: str | None = None
    not_asked: list[str] = field(default_factory=list)
    would_not_say: list[str] = field(default_factory=list)
    afraid_now: str | None = None
    young: bool = False  # the person is under 18
    contact: str | None = None  # "no_call" or "call", wished for where no form asked
    contact_times: str | None = None  # and when
    plan: list[str] = field(default_factory=list)  # only what may be passed on, as it stands now

    def updated(self, changes: dict[str, Any]) -> Facts:
        """A copy with `changes`; lists are extended without repeats, other fields and the plan
        replaced."""
        values = asdict(self)
        for name, value in changes.items():
            if name not in values:
                raise KeyError(name)
            if isinstance(values[name], list) and name != "plan":
                values[name] = list(dict.fromkeys([*values[name], *value]))
            else:
                values[name] = value
        return Facts(**values)


@dataclass(frozen=True)
class FlowInput:
    """One message to a flow: what was written, or the button that was pressed."""

    text: str
    payload: str | None
    lang: Lang
    channel: Channel


@dataclass
class FlowStep:
    """What a flow answers: the replies, its new state, and what it wants done.

    `facts` are changes to Facts. With `done` the flow is over; `draft` then holds the handoff that
    the person said yes to.
    """

    replies: list[Reply]
    data: dict[str, Any]
    done: bool = False
    wish: Wish | None = None
    draft: HandoffDraft | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class Flow(Protocol):
    """The one shape of every flow; `bot/turn.py` knows no more of them than this."""

    name: str

    def start(self, facts: Facts, lang: Lang, channel: Channel, reason: str) -> FlowStep:
        """Open the flow. `reason` says why: "asked", "danger:<id>", "unsure", "how:be_called" …"""
        ...

    def handle(self, data: dict[str, Any], inp: FlowInput, facts: Facts) -> FlowStep | None:
        """Take an answer; None when the message is no answer to the flow's question."""
        ...

    def resume(self, data: dict[str, Any], lang: Lang, channel: Channel) -> list[Reply]:
        """Say the open question again, after something else came between."""
        ...

"""What a person has said yes to passing on: the way to be reached, and the summary line by line.

A draft is plain values, the same in the flow, in the queue and at the desk. It goes in and out of
the store as JSON; fields that a newer version dropped are ignored, missing ones get their default.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from bot.channels.messages import Channel, Lang

How = Literal["call_self", "be_called", "write_now", "first_talk"]
Urgency = Literal["now", "soon", "when_possible"]
LineStatus = Literal["said", "not_asked", "would_not_say"]

HOWS: tuple[How, ...] = get_args(How)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
STATUSES: tuple[LineStatus, ...] = get_args(LineStatus)

NO_CALL = "no_call"
"""The line that says that nobody is to call."""
THIS_NUMBER = "this_number"
"""Stands for the number an SMS came from; open_handoff() puts the number itself in its place."""


class DraftError(ValueError):
    """A stored draft cannot be read. Names the field, never its content."""


@dataclass(frozen=True)
class Contact:
    """How the person may be reached. None means that it was not said.

    `number` is E.164 (or THIS_NUMBER until the handoff is opened). `voicemail`: may a message be
    left; None is treated as no. `safe_times` without a number is when it is safe to write.
    """

    number: str | None = None
    safe_times: str | None = None
    if_someone_else_answers: str | None = None
    voicemail: bool | None = None


@dataclass(frozen=True)
class Wishes:
    """What the person wishes for a first talk in the day service."""

    time: str | None = None
    place: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class SummaryLine:
    """One line of the summary, as the person saw it.

    `field` is its id (edit:<field>, remove:<field>); `label_key` names its heading in
    content/handoff; `quotes` are whole sentences in the person's own words, which a counsellor
    may open one by one.
    """

    field: str
    label_key: str
    text: str
    status: LineStatus = "said"
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandoffDraft:
    """Everything a counsellor gets to see. `reasons` are ids only ("asked", "danger:strangled")."""

    how: How
    urgency: Urgency
    lang: Lang
    channel: Channel
    reasons: tuple[str, ...] = ()
    contact: Contact = field(default_factory=Contact)
    wishes: Wishes = field(default_factory=Wishes)
    summary: tuple[SummaryLine, ...] = ()

    @property
    def own_words(self) -> tuple[str, ...]:
        """The quoted sentences that a counsellor may open; nothing else of the conversation."""
        return tuple(quote for line in self.summary for quote in line.quotes)

    @property
    def sent_in_danger(self) -> bool:
        """Whether it is the short summary of a danger, which leaves out what can wait."""
        return any(reason.startswith("danger:") for reason in self.reasons)

    @property
    def no_call(self) -> bool:
        """Whether the person has said that nobody is to call."""
        return any(line.field == NO_CALL and line.status == "said" for line in self.summary)

    def with_more_from(self, earlier: HandoffDraft) -> HandoffDraft:
        """This draft, with lines, contact and wishes of an earlier one where it says nothing.

        Who says now that nobody is to call takes back the number; who gives one asks for a call.
        """
        here = {line.field for line in self.summary}
        if self.contact.number:
            here.add(NO_CALL)
        more = tuple(line for line in earlier.summary if line.field not in here)
        keeps_own = self.contact.number or self.no_call
        return replace(
            self,
            summary=(*self.summary, *more),
            contact=self.contact if keeps_own else earlier.contact,
            wishes=earlier.wishes if self.wishes == Wishes() else self.wishes,
        )

    def to_json(self) -> str:
        """As stored (sealed)."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str) -> HandoffDraft:
        """From the store. Raises DraftError."""
        try:
            values = json.loads(raw)
            lines = tuple(_line(line) for line in values.get("summary", ()))
            return cls(
                how=_one_of(values, "how", HOWS),
                urgency=_one_of(values, "urgency", URGENCIES),
                lang=_one_of(values, "lang", get_args(Lang)),
                channel=_one_of(values, "channel", get_args(Channel)),
                reasons=tuple(str(reason) for reason in values.get("reasons", ())),
                contact=Contact(**_known(Contact, values.get("contact", {}))),
                wishes=Wishes(**_known(Wishes, values.get("wishes", {}))),
                summary=lines,
            )
        except (json.JSONDecodeError, AttributeError, TypeError, KeyError) as error:
            # The original error may quote the text, so it is not passed on.
            raise DraftError(f"not a draft ({type(error).__name__})") from None


def _line(raw: dict[str, Any]) -> SummaryLine:
    values = _known(SummaryLine, raw)
    values["quotes"] = tuple(values.get("quotes", ()))
    values["status"] = _one_of(values, "status", STATUSES)
    return SummaryLine(**values)


def _known(cls: type, raw: dict[str, Any]) -> dict[str, Any]:
    names = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return {key: value for key, value in raw.items() if key in names}


def _one_of(values: dict[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:
    if values[name] not in allowed:
        raise DraftError(f"{name} is not one of {', '.join(allowed)}")
    return values[name]

"""The invented people: one file each in people/, read and checked before anybody is met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.channels.messages import Channel, Lang
from bot.handoff.draft import DraftError, HandoffDraft
from bot.handoff.summary import ORDER
from bot.settings import ConfigError

FOLDER = Path(__file__).parent
PEOPLE = FOLDER / "people"

Then = Literal["leaves", "stops"]
T = TypeVar("T", bound=BaseModel)


class Checked(BaseModel):
    """A value of a file: no field may be spelled wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InBoth(Checked):
    """Words for the counsellor, in the desk's two languages."""

    nb: str = Field(min_length=1)
    nn: str = Field(min_length=1)

    def at(self, lang: str) -> str:
        """In the language of the desk."""
        return self.nn if lang == "nn" else self.nb


class Hears(Checked):
    """What is said when the counsellor's words have one of `words` in them (small letters)."""

    words: tuple[str, ...] = Field(min_length=1)
    says: tuple[str, ...] = ()
    then: Then | None = None


class Step(Checked):
    """What the person does when the counsellor has taken the case, or has answered.

    `wait`: seconds before the first words. `then`: the person leaves the page, or stops writing.
    """

    after: Literal["taken", "answer"] = "answer"
    wait: float = Field(8, ge=0, le=600)
    hears: tuple[Hears, ...] = ()
    says: tuple[str, ...] = ()
    then: Then | None = None

    def reacts(self, heard: Sequence[str]) -> tuple[tuple[str, ...], Then | None]:
        """(what is said, what happens then) after these words of the counsellor."""
        words = " ".join(heard).casefold()
        for one in self.hears:
            if any(word in words for word in one.words):
                return one.says, one.then
        return self.says, self.then


class Quiet(Checked):
    """When the counsellor writes nothing for `seconds`: the next of `says`; at last the person
    goes, if she `leaves`."""

    seconds: float = Field(default=150, ge=30, le=1800)
    says: tuple[str, ...] = ()
    leaves: bool = True


class Person(Checked):
    """One invented person. Times are in seconds."""

    id: str
    title: InBoth
    lang: Lang
    channel: Channel
    begins: tuple[str, ...] = Field(min_length=1)  # "[payload]" is a pressed button
    passes_on: dict[str, Any]  # a HandoffDraft; a summary line needs its field alone
    patience: float = Field(1500, ge=60, le=7200)  # how long nobody may take the case
    again: str = ""  # said when somebody takes the case a second time
    picks_time: bool = False  # presses the first time for a talk that the desk offers
    when_quiet: Quiet = Field(default_factory=Quiet)
    script: tuple[Step, ...] = Field(min_length=1)
    notice: tuple[InBoth, ...] = Field(min_length=3, max_length=3)  # what did you notice?

    @field_validator("script")
    @classmethod
    def _taken_first(cls, script: tuple[Step, ...]) -> tuple[Step, ...]:
        if script[0].after != "taken" or any(step.after == "taken" for step in script[1:]):
            raise ValueError("the first step, and no other, comes after: taken")
        return script

    @cached_property
    def draft(self) -> HandoffDraft:
        """The summary the person has approved. Raises DraftError."""
        values = dict(self.passes_on)
        lines = [_whole(line) for line in values["summary"]]
        raw = {**values, "summary": lines, "lang": self.lang, "channel": self.channel}
        draft = HandoffDraft.from_json(json.dumps(raw))
        strange = {line.field for line in draft.summary} - set(ORDER)
        if strange:
            raise DraftError(f"no line of a summary: {', '.join(sorted(strange))}")
        return draft


def _whole(line: dict[str, Any]) -> dict[str, Any]:
    """A line of a summary with what a file may leave out: the text of quotes, and "said"."""
    text = " · ".join(f"«{quote}»" for quote in line.get("quotes", ()))
    return {"label_key": line["field"], "text": text, "status": "said", **line}


def load_people(folder: Path = PEOPLE) -> dict[str, Person]:
    """Everybody, by id, in the order of the files. Raises ConfigError."""
    return {path.stem: load_person(path) for path in sorted(folder.glob("*.yml"))}


def load_person(path: Path) -> Person:
    """One person. Raises ConfigError with the file and the first thing that is wrong."""
    person = read_checked(path, Person)
    try:
        _ = person.draft
    except (DraftError, KeyError, TypeError) as error:
        raise ConfigError(f"passes_on: {error} ({path}): see bot/handoff/draft.py") from None
    return person


def read_checked(path: Path, kind: type[T]) -> T:
    """A YAML file as a checked value, its id the name of the file. Raises ConfigError."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        return kind.model_validate({"id": path.stem, **values})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{where}: {first['msg']} ({path})") from None
    except (yaml.YAMLError, TypeError) as error:
        raise ConfigError(f"{type(error).__name__} ({path}): not as the other files") from None

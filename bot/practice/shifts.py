"""A practice shift: who comes when, and what goes wrong. One file each in shifts/."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import Field, model_validator

from bot.practice.people import FOLDER, Checked, InBoth, read_checked
from bot.settings import ConfigError

SHIFTS = FOLDER / "shifts"


class Scene(Checked):
    """One thing that happens, `at` minutes into the shift."""

    at: float = Field(ge=0, le=240)
    comes: str = ""  # a person's id
    colleague_takes: str = ""  # the case of this person
    colleague_loses_line: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Scene:
        if sum(map(bool, (self.comes, self.colleague_takes, self.colleague_loses_line))) != 1:
            raise ValueError("one of comes, colleague_takes, colleague_loses_line")
        return self


class Shift(Checked):
    """A shift of about an hour."""

    id: str
    title: InBoth
    scenes: tuple[Scene, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Shift:
        times = [scene.at for scene in self.scenes]
        if times != sorted(times):
            raise ValueError("scenes stand in the order of the clock")
        return self


def load_shift(name: str, people: Collection[str], folder: Path = SHIFTS) -> Shift:
    """A shift by its name. Raises ConfigError."""
    known = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    if name not in known:
        raise ConfigError(f"--shift: there is no {name}; there is {', '.join(known)}")
    shift = read_checked(known[name], Shift)
    for scene in shift.scenes:
        wanted = scene.comes or scene.colleague_takes
        if wanted and wanted not in people:
            raise ConfigError(f"{known[name].name}: nobody is called {wanted} (practice/people)")
    return shift

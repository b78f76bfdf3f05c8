"""Reads one content file: front matter in YAML, then the web text in sections.

A file that cannot be used raises ContentError with one line: which file, what is wrong, how to
mend it. The people who edit these files do not program, so the line must be enough on its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.channels.messages import Lang

Audience = Literal["exposed", "child", "relative", "professional", "uses_violence", "all"]

LANGUAGES: tuple[Lang, ...] = ("nb", "nn", "en")
GROUPS = (
    "danger",
    "centre",
    "day_service",
    "violence",
    "safety",
    "police",
    "family",
    "money",
    "health",
    "relatives",
    "professionals",
    "conversation",
    "system",
)
# Sentences of the frame, of the conversation itself and of danger are never offered as "mente du …"
# and need neither a label nor a fixed next step.
FRAME_GROUPS = frozenset({"danger", "conversation", "system"})

# Beside the next step. The frame may have one more: there are four ways to reach a counsellor.
MAX_BUTTONS = 2

FILE_NAME = re.compile(r"^(?P<topic>[a-z][a-z0-9_]*)\.(?P<lang>nb|nn|en)\.md$")
SECTION = re.compile(r"^## +(?P<name>[a-z][a-z0-9_]*) *$")
# The same rules as yaml.safe_load, many times as fast where PyYAML was built with libyaml.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
PAYLOAD = re.compile(
    r"^(topic:[a-z][a-z0-9_]*|human|how:(call_self|be_called|write_now|first_talk)|yes|no|dont_know"
    r"|skip|wont_say|stop|back|more|safe:(yes|no|unknown)|checklist:(start|pick|resume|other|young)"
    r"|callback:(stands|drop)|resume|help|(edit|remove):[a-z][a-z0-9_]*|send|dont_send|lang:(nb|nn|en)|erase|safe_word|safety_plan:start"
    r"|thread:(iphone|android|old)|missed:(yes|no)|feedback:(yes|bit|no)|uncount"
    r"|day:[a-z_]{2,12})$"
)

_MEND = {
    "topic": "add a line such as 'topic: cost', the same word as in the file name",
    "title": "add a line such as 'title: Pris', at most 24 characters",
    "for": "use exposed, child, relative, professional, uses_violence or all, in [ ]",
    "sources": "add a line such as 'sources: [\"krisesenterlova § 2\"]'",
    "text_date": "add the day the source was read, such as 'text_date: 2026-07-28'",
    "review": "add when to read it again, such as 'review: 2027-05-01'",
    "numbers": "list ids from content/numbers.yml, in [ ]",
    "next": "add one next step, such as 'next: {title: \"Snakk med noen\", to: human}'",
    "buttons": 'use at most two, each as \'{title: "…", to: "topic:cost"}\'',
    "sms": "add the text for SMS, such as 'sms: \"Det er gratis.\"'",
    "body": "write the web text under the second '---'",
}


class ContentError(Exception):
    """A content file cannot be used. The message is one line: where, what, how to mend it."""


def content_error(where: str, what: str, mend: str) -> ContentError:
    return ContentError(" ".join(f"{where}: {what}; {mend}".split()))


def _yes_no(value: object) -> object:
    # YAML reads an unquoted yes or no as true or false.
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class Link(BaseModel):
    """A button: what it says and the payload it sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, BeforeValidator(_yes_no), Field(min_length=1)]
    to: Annotated[str, BeforeValidator(_yes_no), Field(pattern=PAYLOAD)]


class FrontMatter(BaseModel):
    """The lines between the two '---' of a content file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    topic: Annotated[str, BeforeValidator(_yes_no), Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str | None = None
    audience: tuple[Audience, ...] = Field(default=("all",), alias="for")
    sources: list[Annotated[str, Field(min_length=1)]] = Field(min_length=1)
    text_date: date
    review: date | Annotated[str, Field(min_length=1)]
    numbers: list[str] = Field(default_factory=list)
    next: Link | None = None
    buttons: list[Link] = Field(default_factory=list, max_length=3)
    related: list[str] = Field(default_factory=list)
    confirmed_fact: str | None = None
    values: list[str] = Field(default_factory=list)
    missing: str | None = None
    web_only: bool = False
    sms: str | None = None


@dataclass(frozen=True)
class Page:
    """One content file as read: a topic in one language."""

    file: str
    group: str
    topic: str
    lang: Lang
    front: FrontMatter
    body: str
    sections: Mapping[str, str]
    sms_sections: Mapping[str, str]

    @property
    def is_frame(self) -> bool:
        return self.group in FRAME_GROUPS

    def text(self, channel: str, section: str | None = None) -> str:
        """Raw text with placeholders; a section the file lacks falls back to the main text."""
        if channel == "sms":
            main = self.front.sms if self.front.sms is not None else self.body
            return self.sms_sections.get(section, main) if section else main
        return self.sections.get(section, self.body) if section else self.body

    def texts(self) -> list[tuple[str, str]]:
        """Every raw text of the file with the name of its place ("text", "more", "sms" …)."""
        found = [("text", self.body), *self.sections.items()]
        if self.front.sms is not None:
            found.append(("sms", self.front.sms))
        return found + [(f"sms_{name}", text) for name, text in self.sms_sections.items()]


def content_paths(root: Path) -> list[Path]:
    """All content files under the root, in a fixed order. README files are not content."""
    return sorted(p for p in root.glob("*/*.md") if p.name != "README.md")


def where(root: Path, path: Path) -> str:
    """The name of a file as an editor knows it, such as content/centre/cost.nb.md."""
    return str(Path(root.name) / path.relative_to(root))


def read_page(root: Path, path: Path, instead: str | None = None) -> Page:
    """Read and validate one file, or what is proposed `instead` of it. Raises ContentError."""
    place = where(root, path)
    name = FILE_NAME.match(path.name)
    lang = language(name["lang"]) if name else None
    if name is None or lang is None:
        raise content_error(
            place,
            "the file name is not <topic>.<nb|nn|en>.md",
            "rename it, such as cost.nb.md",
        )
    if path.parent.name not in GROUPS:
        raise content_error(
            place,
            f"unknown folder {path.parent.name}",
            f"use one of {', '.join(GROUPS)}",
        )
    try:
        text = path.read_text(encoding="utf-8") if instead is None else instead
    except UnicodeDecodeError:
        raise content_error(place, "not UTF-8 text", "save it as UTF-8") from None
    return _page(place, path.parent.name, name["topic"], lang, text)


# The service and its checks read every file again when one has changed: the same text is the same
# page. Larger than the number of files, so that one round does not push out the next.
@lru_cache(maxsize=2048)
def _page(place: str, group: str, topic: str, lang: Lang, text: str) -> Page:
    raw, body = _split(place, text)
    texts = {str(k): v for k, v in raw.items() if str(k).startswith("sms_")}
    front = _front(place, {k: v for k, v in raw.items() if k not in texts})
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise content_error(place, f"{key} is not a text", "write it in quotes")
    main, sections = _sections(place, body)
    page = Page(
        file=place,
        group=group,
        topic=topic,
        lang=lang,
        front=front,
        body=main,
        sections=sections,
        sms_sections={key.removeprefix("sms_"): value.strip() for key, value in texts.items()},
    )
    _require(page)
    return page


def language(text: str) -> Lang | None:
    """The language with this id, or None."""
    return next((lang for lang in LANGUAGES if lang == text), None)


def _split(place: str, text: str) -> tuple[dict[Any, Any], str]:
    parts = _FENCE.split(text.lstrip("\ufeff").replace("\r\n", "\n"), maxsplit=2)
    if len(parts) != 3 or parts[0].strip():
        raise content_error(
            place,
            "front matter not found",
            "begin with '---', then the lines, then '---'",
        )
    try:
        raw = yaml.load(parts[1], Loader=SAFE_LOADER)  # noqa: S506 (the safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark else ""
        raise content_error(
            place,
            f"front matter cannot be read{line}",
            "look for a missing quote or bracket",
        ) from None
    if not isinstance(raw, dict):
        raise content_error(place, "front matter is empty", "see a neighbouring file")
    return raw, parts[2]


def _front(place: str, raw: dict[Any, Any]) -> FrontMatter:
    try:
        return FrontMatter.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "front matter"
        at = ".".join(str(part) for part in first["loc"]) or field
        if first["type"] == "missing":
            what = f"{at} is missing"
        elif first["type"] == "extra_forbidden":
            raise content_error(place, f"unknown line {at}", "remove it or mend its name") from None
        else:
            what = f"{at} is wrong ({first['msg']})"
        raise content_error(place, what, _MEND.get(field, "mend that line")) from None


def _sections(place: str, body: str) -> tuple[str, dict[str, str]]:
    chunks: dict[str, list[str]] = {"": []}
    current = ""
    for line in body.split("\n"):
        heading = SECTION.match(line)
        if heading:
            current = heading["name"]
            if current in chunks:
                raise content_error(place, f"two sections '## {current}'", "join them")
            chunks[current] = []
        elif line.startswith("#"):
            raise content_error(place, f"unknown heading '{line[:30]}'", "use '## more' or remove")
        else:
            chunks[current].append(line)
    texts = {name: _paragraphs(lines) for name, lines in chunks.items()}
    for name, text in texts.items():
        if name and not text:
            raise content_error(place, f"section '## {name}' is empty", "write it or remove it")
    return texts.pop(""), texts


def _paragraphs(lines: list[str]) -> str:
    """Join the lines of a paragraph; lists keep their lines; a blank line parts paragraphs."""
    paragraphs: list[list[str]] = [[]]
    for line in (text.strip() for text in lines):
        if not line:
            paragraphs.append([])
        elif paragraphs[-1] and not line.startswith("- "):
            paragraphs[-1][-1] += f" {line}"
        else:
            paragraphs[-1].append(line)
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs if paragraph)


def _require(page: Page) -> None:
    if page.front.topic != page.topic:
        raise content_error(page.file, f"topic says {page.front.topic}", _MEND["topic"])
    if not page.body:
        raise content_error(page.file, "the web text is missing", _MEND["body"])
    if page.front.sms is not None and not page.front.sms.strip():
        raise content_error(page.file, "sms is empty", _MEND["sms"])
    if page.front.confirmed_fact and "confirmed" not in page.sections:
        raise content_error(
            page.file,
            "confirmed_fact without a section '## confirmed'",
            "write that section",
        )
    if page.is_frame:
        return
    if len(page.front.buttons) > MAX_BUTTONS:
        raise content_error(page.file, "too many buttons", _MEND["buttons"])
    for field in ("title", "next", "sms"):
        if getattr(page.front, field) is None:
            raise content_error(page.file, f"{field} is missing", _MEND[field])

"""Begins a topic: its three files, each line with a word on what to write there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.channels.messages import Lang
from bot.content.files import FILE_NAME, GROUPS, LANGUAGES, content_error, where

_TEMPLATE = """\
---
topic: {topic}
for: [exposed]           # who it is for: exposed, child, relative, professional, uses_violence, all
title: ""                # label of a button, at most 24 characters
sources: []              # law with paragraph, or page with year: ["krisesenterlova § 2"]
text_date: {today}    # the day the source was read, or the state of the law that was read
review:                  # when to read it again: a date such as {next_year}, or an event in words
numbers: []              # ids from content/numbers.yml, for each {{n.…}} used below
next: {{title: "{step}", to: human}}   # one next step
buttons: []              # at most two more: [{{title: "…", to: "topic:cost"}}]
related: []              # neighbouring topics
# missing: ""            # a fact nobody has supplied yet, when the answer is to ask a counsellor
sms: ""                  # plain text; with its menu at most two SMS segments
# sms_more: ""           # the section '## more' by SMS
---
{body}
"""
_STEP: Mapping[Lang, str] = {
    "nb": "Snakk med noen",
    "nn": "Snakk med nokon",
    "en": "Talk to someone",
}
_BODY: Mapping[Lang, str] = {
    "nb": "TODO: anerkjenn først, så høyst tre korte setninger.\n\nTODO: neste steg.",
    "nn": "TODO: anerkjenn først, så høgst tre korte setningar.\n\nTODO: neste steg.",
    "en": "TODO: acknowledge first, then at most three short sentences.\n\nTODO: the next step.",
}


def new_topic(root: Path, group: str, topic: str, today: date) -> list[Path]:
    """Write the three files; all of them or none. Raises ContentError when the group is unknown,
    the id is none, or the topic has a file anywhere."""
    if group not in GROUPS:
        raise content_error(group, "unknown folder", f"use one of {', '.join(GROUPS)}")
    if not FILE_NAME.match(f"{topic}.nb.md"):
        raise content_error(topic, "not an id", "use small letters a to z, digits and _")
    there = sorted(root.glob(f"*/{topic}.*.md"))
    if there:
        raise content_error(where(root, there[0]), "the topic has a text", "edit it")
    paths = [root / group / f"{topic}.{lang}.md" for lang in LANGUAGES]
    for lang, path in zip(LANGUAGES, paths, strict=True):
        path.parent.mkdir(exist_ok=True)
        text = _TEMPLATE.format(
            topic=topic,
            today=today,
            next_year=today.replace(year=today.year + 1, day=1),
            step=_STEP[lang],
            body=_BODY[lang],
        )
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return paths

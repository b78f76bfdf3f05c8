"""`helpline content …`: what those who write the texts need beside their editor."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import ConfigError, Settings, load_settings

app = typer.Typer(no_args_is_help=True, help="Write, look at and check the texts.")

CHANNELS = ("web", "sms")
CentreFile = Annotated[Path | None, typer.Option("--centre", help="another centre.yml")]


@app.command()
def preview(
    topic: str,
    lang: Annotated[str, typer.Option(help="nb, nn or en; all of them without")] = "",
    channel: Annotated[str, typer.Option(help="web or sms; both without")] = "",
    centre: CentreFile = None,
) -> None:
    """Show a topic as a person sees it: text, buttons, source, SMS segments."""
    from bot.centre import load_centre
    from bot.content.files import LANGUAGES
    from bot.content.fill import centre_view
    from bot.content.load import Content
    from bot.content.preview import preview as lines
    from bot.texts import content_of

    settings = load_settings()
    at = load_centre(centre or settings.centre_file)
    content = content_of(settings, at)
    pages = {(page.topic, page.lang): page for page in content.pages()}
    every_fact = Content(pages, content.numbers, centre_view(at, every_fact=True))
    langs = [found for found in LANGUAGES if found == (lang or found)]
    channels = [found for found in CHANNELS if found == (channel or found)]
    if not langs or not channels:
        raise ConfigError("--lang is nb, nn or en, and --channel is web or sms")
    for line in lines(content, every_fact, topic, langs, channels):  # type: ignore[arg-type]
        print(line)


@app.command()
def lint(topics: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Check the texts, or those of some topics alone. Exit code 1 when something falls short."""
    from bot.centre import load_centre
    from bot.content.check import check_content, check_topics

    settings = load_settings()
    centre = load_centre(settings.centre_file)
    folder = settings.content_dir
    findings = check_topics(folder, centre, topics) if topics else check_content(folder, centre)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} problems")
    sys.exit(1 if any(finding.level == "error" for finding in findings) else 0)


@app.command()
def due(centre: CentreFile = None) -> None:
    """List what somebody should look at soon: dates, events, missing facts, what is unconfirmed."""
    from bot.centre import load_centre
    from bot.checks import falls_due, print_due

    settings = load_settings()
    if centre is not None:
        settings = settings.model_copy(update={"centre_file": centre})
    print_due(falls_due(settings, load_centre(settings.centre_file)))


@app.command()
def new(group: str, topic: str) -> None:
    """Begin a topic: makes its three files, with a word on what to write in each line."""
    from bot.content.new_topic import new_topic

    settings: Settings = load_settings()
    for path in new_topic(settings.content_dir, group, topic, date.today()):
        print(path)
    print(f"Fill them in, then: helpline content lint {topic}")
    print("Until they are right, no changed text is taken by a running helpline.")

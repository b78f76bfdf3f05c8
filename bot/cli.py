"""`helpline …`: every command is a few lines here and a function in the room that knows how."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import audit_commands, content_commands, logs
from bot.settings import (
    ROOT,
    ConfigError,
    Secrets,
    Settings,
    create_secrets,
    load_secrets,
    load_settings,
    secrets_file,
)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(content_commands.app, name="content")
app.add_typer(audit_commands.app, name="audit")

JsonOption = Annotated[bool, typer.Option("--json", help="one JSON object a line")]
Ephemeral = Annotated[bool, typer.Option("--ephemeral", help="keep nothing: store in memory")]


def main() -> None:
    """The entry point: configuration errors become one line and exit code 2."""
    from bot.content.files import ContentError
    from bot.safety.finding import SafetyDataError

    try:
        app()
    except (ConfigError, ContentError, SafetyDataError) as error:
        print(f"helpline: {error}", file=sys.stderr)
        sys.exit(2)


@app.command()
def serve() -> None:
    """Serve chat page, SMS webhook and desk on one port."""
    from bot.serve import serve as run

    settings = _start()
    run(settings, _secrets(settings), lambda: _train_if_old(settings))


@app.command()
def train() -> None:
    """Train the model when what it is made of has changed."""
    settings = _start()
    _train_if_old(settings)
    print("The model is trained and up to date.")


@app.command()
def secrets() -> None:
    """Make the secrets of this installation (once)."""
    settings = _start()
    try:
        create_secrets(settings)
    except FileExistsError:
        raise ConfigError(f"there are secrets already ({secrets_file(settings)})") from None
    print(f"Secrets for {settings.env}: {secrets_file(settings)} (mode 0600). Keep a copy offline.")


@app.command()
def invite(
    role: Annotated[
        str, typer.Option(help="counsellor, shift_lead, editor, administrator, auditor; or several")
    ] = "counsellor",
) -> None:
    """Print a one-time link that creates an account at the desk."""
    from bot.serve import invitation_link

    settings = _start()
    print(invitation_link(settings, _secrets(settings), role))


@app.command("desk-code")
def desk_code(username: Annotated[str, typer.Argument(help="who signs in")] = "") -> None:
    """Print the current sign-in code (demo only), so that no authenticator app is needed."""
    from bot.serve import sign_in_code

    settings = _start()
    if not settings.demo:
        raise ConfigError("desk-code works in the demo only: use an authenticator app")
    print(sign_in_code(settings, _secrets(settings), username))


@app.command()
def ask(as_json: JsonOption = False, ephemeral: Ephemeral = False) -> None:
    """Answer JSON lines from standard input, one line each."""
    from bot.ask import answer_lines

    settings = _start("error")
    asyncio.run(answer_lines(settings, _secrets(settings), sys.stdin, sys.stdout, ephemeral))


@app.command()
def chat(
    lang: Annotated[str, typer.Option(help="nb, nn or en")] = "nb",
    channel: Annotated[str, typer.Option(help="web or sms")] = "web",
) -> None:
    """A conversation in the terminal; nothing is kept."""
    from bot.ask import chat_in_terminal

    settings = _start("error")
    asyncio.run(chat_in_terminal(settings, _secrets(settings), lang, channel))


@app.command()
def evaluate(file: Path, as_json: JsonOption = False) -> None:
    """Measure topics and danger on labelled messages (JSON lines)."""
    from bot.evaluate import evaluate_file

    settings = _start("error")
    print(asyncio.run(evaluate_file(settings, _secrets(settings), file, as_json)))


@app.command()
def check(
    production: Annotated[bool, typer.Option(help="also what production needs")] = False,
    due: Annotated[bool, typer.Option(help="list what falls due")] = False,
) -> None:
    """Check all that can be checked without running. Exit code 1 when something falls short."""
    from bot.checks import run_checks

    settings = _start("error")
    sys.exit(0 if run_checks(settings, production=production, due=due) else 1)


@app.command()
def statistics(
    month: Annotated[str, typer.Option(help="such as 2026-11")] = "",
    year: Annotated[str, typer.Option(help="such as 2026")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="for a spreadsheet")] = False,
) -> None:
    """Print the tables of a month or a year that is over; small numbers are held back."""
    from bot.figures.listing import statistics_text

    settings = _start("error")
    if month and year:
        raise ConfigError("a month or a year, not both")
    print(statistics_text(settings, _secrets(settings), month or year, as_csv))


@content_commands.app.command("missed")
def content_missed(
    done: Annotated[str, typer.Option("--done", help="remove the one with this id")] = "",
) -> None:
    """List the questions nobody had written an answer to, as counsellors put them."""
    from bot.missed_list import missed_lines

    settings = _start("error")
    for line in missed_lines(settings, _secrets(settings), done):
        print(line)


@app.command()
def demo() -> None:
    """Play four whole conversations, person to desk and back, and print them."""
    _start("error")
    _run_module("tests.demo")


@app.command()
def practice(
    shift: Annotated[str, typer.Option(help="play a whole shift: night")] = "",
    person: Annotated[
        list[str] | None, typer.Option(help="who comes at once (bot/practice/people)")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="people write six times faster")] = False,
    port: Annotated[int, typer.Option(help="port of this machine", min=1, max=65535)] = 8010,
    lang: Annotated[str, typer.Option(help="nb or nn")] = "nb",
) -> None:
    """Practise at the desk with invented people; nothing is kept, nobody is alarmed."""
    from bot.practice.serve import practise

    practise(_start("error"), port, shift, person or [], fast, lang)


@app.command()
def bench(as_json: JsonOption = False) -> None:
    """Print the figures: latency, throughput, growth, start-up, memory."""
    _start("error")
    _run_module("bench", *(["--json"] if as_json else []))


def _start(level: str = "") -> Settings:
    settings = load_settings()
    logs.configure(level or settings.log_level)
    return settings


def _secrets(settings: Settings) -> Secrets:
    if settings.demo and not secrets_file(settings).exists():
        return create_secrets(settings)
    return load_secrets(settings)


def _train_if_old(settings: Settings) -> None:
    """In a process of its own: TensorFlow's memory goes with it."""
    from bot.understanding.train import trained_model

    if trained_model(ROOT, settings.model_dir) is not None:
        return
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", "bot.understanding.train", str(settings.model_dir)],
        check=False,
    )
    if done.returncode:
        print(
            "helpline: the model could not be trained; the safe path works without it",
            file=sys.stderr,
        )


def _run_module(module: str, *arguments: str) -> None:
    os.chdir(ROOT)
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", module, *arguments], check=False
    )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()

"""`helpline audit …`: for whoever looks after the installation."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot import logs
from bot.settings import load_secrets, load_settings

app = typer.Typer(no_args_is_help=True, help="The audit log.")


@app.callback()
def audit() -> None:
    """So that the only command has a name of its own."""


@app.command()
def verify(
    witness: Annotated[str, typer.Option(help="what an earlier run printed")] = "",
) -> None:
    """Check that no line of the audit log was changed or removed. Exit code 1 when one was."""
    from bot.audit_check import verify as check

    settings = load_settings()
    logs.configure("error")
    report = check(settings, load_secrets(settings), witness)
    print("\n".join(report.lines))
    sys.exit(0 if report.whole else 1)

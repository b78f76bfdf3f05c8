"""Reads one YAML file of the danger lists; one that cannot be read stops the start in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.safety.finding import SafetyDataError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in the file. Raises SafetyDataError."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError):
        raise SafetyDataError(f"{path.name}: cannot be read; put it back as UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark else ""
        raise SafetyDataError(f"{path.name}: not YAML{line}; look for a quote or bracket") from None
    if not isinstance(raw, dict) or not raw:
        raise SafetyDataError(f"{path.name}: empty; put the list back or remove the file")
    return raw

"""The short way for a child: what happened, safe now?, how to be reached, yes or no.

What grown-ups must pass on is told before the first question. Nothing more is asked of a child.
"""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

FIELDS = frozenset(
    {"own_words", "violence", "risks", "safe_now", "number", "safe_times", "no_call", "write_times"}
)
"""Lines of a child's summary. What was not asked stands nowhere."""


def is_young(data: Data) -> bool:
    """Whether a child is being passed on. Data from before this was known has no such key."""
    return bool(data.get("young"))


def begin(data: Data) -> None:
    """A child chooses no way: a counsellor writes here, or calls if a number is given."""
    data["how"] = data["how"] or "write_now"


def route(data: Data) -> list[str]:
    """The questions before the summary, in order."""
    if "no_call" in data["answers"]:
        data["how"] = "write_now"
        return ["own_words", "safe_now", *(["write_times"] if data.get("ask_when") else [])]
    number = data["answers"].get("number", {})
    calls = "text" in number and "number" not in data["removed"]
    data["how"] = "be_called" if calls else "write_now"
    return ["own_words", "safe_now", "number", *(["safe_times"] if calls else [])]


def text_key(step: str) -> str:
    """The plainer words of a question, where it has some."""
    return {"own_words": "own_words_young", "number": "number_young"}.get(step, step)


def call_key(data: Data) -> str:
    """Whom to call: a child has a line of its own."""
    return "call_self_young" if is_young(data) else "call_self"


def not_safe(data: Data) -> bool:
    """The child has said that it is not safe now."""
    return bool(data["answers"].get("safe_now", {}).get("choice") == "no")

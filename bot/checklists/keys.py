"""What the checklist uses of its frame, content/checklists/{nb,nn,en}.yml."""

from __future__ import annotations

from bot.checklists.items import Voice
from bot.content.flow_texts import Used

_PLAIN = (
    "duty", "young_start", "which", "reply_other", "reply_many", "reply_many_other",
    "reply_many_young", "risk_other", "offer", "offer_young", "pick", "show_none", 
    "end_unsure", "end_none", "end_none_other", "end_none_young", "effects", "effects_other",
    "effects_young", "share", "share_young", "share_yes", "share_no", "after", "after_other",
    "after_young", "stopped", "turned", "whom",
)  # fmt: skip
_WITH_VALUES = {
    "intro": {"all"},
    "intro_ready": {"all"},
    "intro_ready_young": {"all"},
    "group": {"name", "number", "all"},
    "group_other": {"name", "number", "all"},
    "item": {"number", "all", "text"},
    "told": {"words"},
    "left": {"left"},
    "meaning": {"called", "plain"},
    "form": {"called", "plain", "signs"},
    "end_some": {"lines"},
    "end_some_other": {"lines"},
    "end_some_young": {"lines"},
    "punishable": {"lines"},
    "source": {"sources"},
}
_BUTTONS = (
    "yes", "no", "dont_know", "skip", "wont_say", "stop", "self", "other", "young", "human",
    "human_young", "offer_yes", "offer_yes_young", "go_on", "resume", "read_more", "next", "none",
    "pick", "more_groups", "show", "back", "effects", "begin", "share_yes", "share_no",
)  # fmt: skip

USED = Used(
    texts={key: frozenset() for key in _PLAIN}
    | {key: frozenset(values) for key, values in _WITH_VALUES.items()},
    buttons=frozenset(_BUTTONS),
)


def in_voice(key: str, voice: Voice | None) -> str:
    """The key of a text or button for this reader, where it has words of its own."""
    own = f"{key}_{voice}"
    return own if own in USED.texts or own in USED.buttons else key

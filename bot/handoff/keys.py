"""The keys of content/handoff/*.yml, and the values the flow gives to each text."""

from __future__ import annotations

from bot.content.flow_texts import Used
from bot.handoff.draft import HOWS, THIS_NUMBER
from bot.handoff.questions import QUESTIONS
from bot.handoff.summary import ORDER

_PLAIN = (
    "how", "call_self", "call_self_codes", "call_self_number", "number_other", "number_talk",
    "number_wrong", "number_needed", "gate", "own_words_other", "municipality_other", "heard",
    "afraid_yes", "duty", "edit_pick", "removed", "corrected", "not_sent", "stopped",
    "call_self_young", "own_words_young", "number_young", "duty_young", "unsafe_now",
    "sent_write_now", "sent_write_now_away", "sent_be_called", "sent_be_called_away",
    "sent_first_talk", "sent_first_talk_away", "still_danger", "sees_when", "no_call_heard",
    "no_call_known",
    "times_heard", "number_heard", "hang_up_heard", "again", "who_reads", "what_happens",
    "ask_withdraw", "withdrawn", "withdrawn_too", "withdraw_stands", "withdraw_taken", *QUESTIONS,
)  # fmt: skip
_WITH_VALUES = {
    "danger_offer": {"lines", "duty"},
    "children": {"duty"},
    "summary": {"lines", "duty"},
    "summary_ask": {"duty"},
    "not_asked": {"list"},
    "would_not_say": {"list"},
    "edit_line": {"label", "text"},
    "edit_fixed": {"label", "text"},
    "sent_call_self": {"code"},
}
_CHOICES = {key for question in QUESTIONS.values() for key in question.choices}
_WAYS_OUT = {key for question in QUESTIONS.values() for key in question.ways_out}

USED = Used(
    texts={key: frozenset() for key in _PLAIN}
    | {key: frozenset(values) for key, values in _WITH_VALUES.items()},
    buttons=frozenset(
        {*HOWS, *_CHOICES, *_WAYS_OUT, THIS_NUMBER, "not_now", "back", "go_on", "send"}
        | {"dont_send", "correct", "remove", "keep", "yes", "no", "dont_know", "resume"}
        | {"withdraw", "leave"}
    ),
    labels=frozenset({"how", *ORDER}),
    names=frozenset({*HOWS, *_CHOICES, THIS_NUMBER, "no_call"}),
)

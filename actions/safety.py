"""Safety at home, on the phone and by law."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerSafety(AnswerTopic):
    """Answers; the safety plan is built step by step by a flow."""

    group = "safety"

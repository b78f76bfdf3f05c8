"""Health, and the road after."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerHealth(AnswerTopic):
    """Answers."""

    group = "health"

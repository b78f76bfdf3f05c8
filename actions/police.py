"""Police and reporting."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerPolice(AnswerTopic):
    """Answers questions about the police."""

    group = "police"

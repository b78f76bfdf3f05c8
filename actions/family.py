"""Children and family."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerFamily(AnswerTopic):
    """Answers; the duty to notify stands in the texts, first."""

    group = "family"

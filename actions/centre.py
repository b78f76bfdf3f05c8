"""What the centre is and who may come."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerCentre(AnswerTopic):
    """Answers questions about the centre."""

    group = "centre"

"""Is this violence?"""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerViolence(AnswerTopic):
    """Answers, and leaves the checklist to the button of the answer."""

    group = "violence"

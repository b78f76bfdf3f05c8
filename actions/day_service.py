"""The day service."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerDayService(AnswerTopic):
    """Answers questions about talks without living at the centre."""

    group = "day_service"

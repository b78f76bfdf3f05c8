"""Relatives, friends and neighbours."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerRelatives(AnswerTopic):
    """Answers those who ask on behalf of somebody."""

    group = "relatives"

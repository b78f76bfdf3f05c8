"""Professionals."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerProfessionals(AnswerTopic):
    """Answers those who ask at work, without naming anybody."""

    group = "professionals"

"""Money, home and papers."""

from __future__ import annotations

from actions.saying import AnswerTopic


class AnswerMoney(AnswerTopic):
    """Answers questions about money, home and residence."""

    group = "money"

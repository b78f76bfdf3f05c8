"""Answer only when sure."""

from __future__ import annotations

import pytest

pytest.importorskip("rasa.core.agent")

from rasa.shared.nlu.training_data.message import Message

from actions.conversation import offerable
from bot.understanding.fallback import OnlyWhenSure

SURE = OnlyWhenSure({"answer_from": 0.6, "ahead_by": 0.2})


def decided(*confidences: float) -> Message:
    names = ("cost", "pets", "men", "referral")
    ranking = [{"name": n, "confidence": c} for n, c in zip(names, confidences, strict=False)]
    message = Message(data={"text": "x", "intent": ranking[0], "intent_ranking": ranking})
    return SURE.process([message])[0]


def test_a_sure_topic_is_answered() -> None:
    assert decided(0.9, 0.05).get("intent")["name"] == "cost"


@pytest.mark.parametrize("confidences", [(0.5, 0.1), (0.62, 0.5)])
def test_an_unsure_or_narrow_topic_is_not(confidences: tuple[float, ...]) -> None:
    message = decided(*confidences)
    assert message.get("intent") == {"name": "nlu_fallback", "confidence": confidences[0]}
    assert [entry["name"] for entry in message.get("intent_ranking")][1] == "cost"


def test_a_message_without_a_ranking_is_unsure() -> None:
    message = Message(data={"text": "x"})
    assert SURE.process([message])[0].get("intent")["name"] == "nlu_fallback"


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="answer_from"):
        OnlyWhenSure.validate_config({"answer_from": 7})


def test_at_most_three_topics_are_offered_and_none_that_nobody_would_choose() -> None:
    names = ("nlu_fallback", "nonsense", "cost", "pets", "greet", "men", "referral")
    ranking = [{"name": name, "confidence": 0.2} for name in names]
    assert offerable(ranking) == ["cost", "pets", "men"]
    assert offerable([{"name": "cost", "confidence": 0.001}]) == []

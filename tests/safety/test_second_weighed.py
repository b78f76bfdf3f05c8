"""What the danger model's scores mean: how near, and when a sure topic speaks against it."""

from __future__ import annotations

import pytest

from bot.safety.second import Guess
from bot.understanding import danger_model
from bot.understanding.danger_model import Scores, guessed, log_odds

LONG = 12


def near(now: float, live: float, topic: float = 0.0) -> Guess:
    return guessed(Scores(now, live, topic, "danger_now", LONG))


def test_sure_danger_is_of_this_minute_whatever_topic_it_is_like() -> None:
    assert near(6.0, 6.0).level == "now"
    assert near(6.0, 6.0, topic=9.0).level == "now"


def test_doubtful_danger_gives_way_to_a_topic_that_is_sure() -> None:
    assert near(-0.5, 0.0).level == "now"
    taxi = near(-0.5, 0.0, topic=7.0)
    assert taxi.level is None
    assert taxi.sure


def test_a_topic_that_is_not_sure_says_nothing() -> None:
    assert near(-0.5, 0.0, topic=-6.0) == near(-0.5, 0.0, topic=1.9)


def test_a_wish_to_die_is_heard_earlier_than_other_danger() -> None:
    scores = Scores(-1.4, -1.4, 0.0, "danger_now", LONG)
    assert guessed(scores).level != "now"
    assert guessed(scores._replace(danger="suicide")).level == "now"


def test_danger_that_goes_on_is_soon() -> None:
    guess = near(-3.0, 3.5)
    assert guess.level == "soon"
    assert not guess.quiet


def test_calm_is_sure_and_quiet() -> None:
    guess = near(-6.0, -6.0, topic=5.0)
    assert (guess.level, guess.sure, guess.quiet) == (None, True, True)


@pytest.mark.parametrize("weights", [danger_model.THIS_MINUTE, danger_model.LIVE])
def test_more_danger_never_makes_it_calmer(weights: danger_model.Weights) -> None:
    scores = Scores(0.0, 0.0, 3.0, "injured", LONG)
    for more in (scores._replace(now=1.0), scores._replace(live=1.0), scores._replace(topic=2.0)):
        assert log_odds(more, weights) > log_odds(scores, weights)

"""From probabilities to a topic: what is answered, and what is named beside it."""

from __future__ import annotations

import pytest

from bot.understanding.deciding import Decision, Ranking, Sure, decide, nearer, without

SURE = Sure(0.6, 0.2)
COST: Ranking = [("cost", 0.98), ("pets", 0.01), ("housing_tonight", 0.01)]
PETS: Ranking = [("pets", 0.98), ("cost", 0.01)]
ROOF: Ranking = [("housing_tonight", 0.98), ("cost", 0.01)]
VAGUE: Ranking = [("cost", 0.4), ("pets", 0.3), ("men", 0.1)]
HELLO: Ranking = [("greet", 0.95), ("cost", 0.01)]


@pytest.mark.parametrize(
    ("name", "whole", "parts", "first", "also"),
    [
        ("one sure question", COST, [], "cost", ()),
        ("nothing sure", VAGUE, [], None, ()),
        ("a story with its question at the end", VAGUE, [(VAGUE, False), (PETS, True)], "pets", ()),
        ("vague parts, a sure whole", COST, [(VAGUE, True), (VAGUE, False)], "cost", ()),
        ("two questions", VAGUE, [(COST, True), (PETS, True)], "cost", ("pets",)),
        ("the whole says which one first", PETS, [(COST, True), (PETS, True)], "pets", ("cost",)),
        ("the urgent one first", COST, [(COST, True), (ROOF, True)], "housing_tonight", ("cost",)),
        ("the same twice", COST, [(COST, True), (COST, True)], "cost", ()),
        ("a greeting is no question", VAGUE, [(HELLO, False), (COST, True)], "cost", ()),
        ("the parts mean something only together", ROOF, [(COST, True), (PETS, True)],
         "housing_tonight", ()),
        ("what is told counts when nothing is asked", VAGUE, [(COST, False)], "cost", ()),
    ],
)  # fmt: skip
def test_what_is_answered_and_what_is_named(name, whole, parts, first, also) -> None:  # type: ignore[no-untyped-def]
    decision = decide(whole, parts, SURE)
    assert (decision.ranking[0][0] if decision.sure else None) == first
    assert decision.also == also


def test_in_a_story_the_question_is_answered_and_not_what_is_told() -> None:
    parts = [(COST, False), (PETS, True)]
    assert decide(COST, parts, SURE, story=True) == Decision(PETS, True)
    assert decide(COST, parts, SURE).ranking == COST
    assert decide(COST, [(COST, False), (VAGUE, True)], SURE, story=True).ranking == COST


def test_a_person_is_wanted_whichever_way_is_meant() -> None:
    some_way: Ranking = [("callback_request", 0.45), ("cost", 0.1), ("human_now", 0.4)]
    assert decide(some_way, [], SURE).ranking[0] == ("human_now", pytest.approx(0.85))
    assert decide(some_way, [], SURE).sure
    perhaps: Ranking = [("callback_request", 0.3), ("cost", 0.3), ("human_now", 0.2)]
    assert decide(perhaps, [], SURE) == Decision(perhaps, sure=False)


def test_of_topics_that_are_alike_the_likeliest_is_answered() -> None:
    mash: Ranking = [("nonsense", 0.5), ("out_of_scope", 0.4), ("cost", 0.1)]
    assert decide(mash, [], SURE).ranking[0] == ("nonsense", pytest.approx(0.9))
    assert decide(mash, [], SURE).sure
    cost: Ranking = [("cost", 0.5), ("nonsense", 0.3), ("out_of_scope", 0.2)]
    assert decide(cost, [], SURE) == Decision(cost, sure=False)


def test_small_talk_need_not_be_sure() -> None:
    thanks: Ranking = [("thanks", 0.5), ("cost", 0.2)]
    assert decide(thanks, [], SURE) == Decision(thanks, sure=True)
    assert not decide([("thanks", 0.45), ("cost", 0.4)], [], SURE).sure
    assert not decide([("yes", 0.5), ("cost", 0.2)], [], SURE).sure


def test_what_a_part_is_likely_to_ask_is_offered_first() -> None:
    pets: Ranking = [("pets", 0.91), ("cost", 0.1)]
    decision = decide(VAGUE, [(VAGUE, False), (pets, True)], SURE)
    assert not decision.sure
    assert [topic for topic, _ in decision.ranking] == ["pets", "cost", "men"]


def test_a_question_beside_what_is_told_is_named() -> None:
    decision = decide(ROOF, [(ROOF, False), (COST, True)], SURE)
    assert decision == Decision(ROOF, True, ("cost",))


def test_a_part_that_the_whole_knows_nothing_of_is_not_heard() -> None:
    must_i: Ranking = [("must_i_report", 0.99)]
    assert not decide(VAGUE, [(VAGUE, False), (must_i, True)], SURE).sure
    assert decide([*VAGUE, ("must_i_report", 0.05)], [(must_i, True)], SURE) == Decision(
        must_i, sure=True
    )


def test_what_was_taken_back_is_not_answered_again() -> None:
    assert decide(VAGUE, [], SURE, ruled_out="cost").ranking[0][0] == "pets"
    assert without(VAGUE, "cost")[0] == ("pets", pytest.approx(0.5))
    assert without(VAGUE, None) == VAGUE
    assert without(VAGUE, "greet") == VAGUE


def test_a_neighbour_of_the_last_answer_is_likelier_in_a_question_that_leans_on_it() -> None:
    ranking = nearer(VAGUE, ["men"])
    assert ranking[0][0] == "men"
    assert sum(share for _, share in ranking) == pytest.approx(1.0)
    assert nearer([], ["men"]) == []

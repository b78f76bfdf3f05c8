"""From probabilities to a topic: answered, offered, or one first and the other named.

Pure: no Rasa. A ranking is topics with calibrated probabilities, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Ranking = list[tuple[str, float]]

#: A topic next to the one just answered is so much likelier in a question that leans on it.
NEAR_FACTOR = 6.0
#: A part of a message says less than the whole: it must be this sure to be heard by itself. On
#: messages by other writers parts heard as easily made a third of the wrong answers.
PART_FROM = 0.97
#: And the whole must know of it: "må jeg?" at the end of a story asks nothing that it is sure of.
PART_AMONG = 10
#: From here on what a part asks is offered.
_OFFER_FROM = 0.9
#: Ways to a person: which of them is meant is asked, so between them nothing needs to be sure.
TO_A_PERSON = ("human_now", "callback_request", "leave_message")
#: Answered much alike: which of them it is matters less than that it is one of them.
ALIKE = (("out_of_scope", "nonsense", "prank"), ("insult", "angry_at_bot"))
#: Small talk need not be sure: a wrong "takk" does no harm, and nobody chooses it from a list.
SMALL_TALK = frozenset(
    {
        *("greet", "thanks", "goodbye", "dont_know", "dont_want_to_say", "insult", "prank"),
        *("nonsense", "out_of_scope", "test_message", "angry_at_bot"),
    }
)
_SMALL_TALK_FROM = 0.4
#: What cannot wait is answered first when a message asks two things.
FIRST = ("human_now", "housing_tonight", "callback_request", "erase", "money_now", "legevakt")
#: Said beside a question, never the question itself.
BESIDE = frozenset(
    {
        "greet", "thanks", "goodbye", "yes", "no", "dont_know", "dont_want_to_say", "more",
        "repeat", "back", "stop", "nonsense", "insult", "prank", "test_message", "out_of_scope",
        "angry_at_bot", "very_long_message", "attachment_sent", "other_language",
        "language_switch", "past_or_other", "simpler", "check_status",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Sure:
    """When a topic is answered; see bot/understanding/fallback.py."""

    answer_from: float
    ahead_by: float

    def __call__(self, ranking: Ranking) -> bool:
        """Whether the first topic is likely enough, and far enough ahead of the next."""
        if not ranking:
            return False
        second = ranking[1][1] if len(ranking) > 1 else 0.0
        return ranking[0][1] >= self.answer_from and ranking[0][1] - second >= self.ahead_by


@dataclass(frozen=True)
class Decision:
    """`ranking` is what counts for the message; `sure` whether its first topic is answered.

    `also`: other things the message asked, each sure by itself.
    """

    ranking: Ranking
    sure: bool
    also: tuple[str, ...] = ()


def decide(
    whole: Ranking,
    parts: Sequence[tuple[Ranking, bool]],
    sure: Sure,
    ruled_out: str | None = None,
    *,
    story: bool = False,
) -> Decision:
    """`parts`: the ranking of each part of the message, and whether it is a question.

    The whole message decides where it is sure. Otherwise, and in a `story`, the question in it
    does: people tell first and ask last. `ruled_out`: the topic that a correction took back.
    """
    whole = without(whole, ruled_out)
    known = {topic for topic, _ in whole[:PART_AMONG]}
    of_a_part = Sure(max(PART_FROM, sure.answer_from), sure.ahead_by)
    heard = [
        (ranking, asks)
        for ranking, asks in ((without(r, ruled_out), asks) for r, asks in parts)
        if of_a_part(ranking) and ranking[0][0] not in BESIDE and ranking[0][0] in known
    ]
    asked = [ranking for ranking, asks in heard if asks] or [ranking for ranking, _ in heard]
    if not asked or (whole and whole[0][0] in BESIDE and sure(whole) and not heard):
        if sure(whole):
            return Decision(whole, sure=True)
        several = _one_of_several(whole, sure)
        return several if several.sure else Decision(_with_parts(whole, parts), sure=False)
    questioned = {ranking[0][0] for ranking, asks in heard if asks}
    found = list(dict.fromkeys(ranking[0][0] for ranking in asked))
    by_topic = {ranking[0][0]: ranking for ranking in reversed(asked)}
    told_only = bool(whole) and whole[0][0] not in questioned
    if story and questioned and told_only:
        found = [topic for topic in found if topic in questioned]
    elif sure(whole) and whole[0][0] not in BESIDE:
        by_topic[whole[0][0]] = whole
        found = [whole[0][0], *(t for t in found if t != whole[0][0])]
        if whole[0][0] not in [r[0][0] for r in asked]:
            if whole[0][0] in {ranking[0][0] for ranking, asks in heard if not asks}:
                # A part by itself says what the whole is about: the question is another thing.
                return Decision(whole, True, tuple(t for t in found[1:] if t in questioned)[:2])
            return Decision(whole, sure=True)  # the parts mean something only together
    found.sort(key=lambda topic: FIRST.index(topic) if topic in FIRST else len(FIRST))
    # What is told beside a question is no second question.
    also = [topic for topic in found[1:3] if topic in questioned or topic == whole[0][0]]
    return Decision(by_topic[found[0]], True, tuple(also) if questioned else ())


def _one_of_several(ranking: Ranking, sure: Sure) -> Decision:
    """A person, when that is what is wanted in one way or another; so with topics that are alike.

    Else not sure.
    """
    if sure(joined := _joined(ranking, TO_A_PERSON, TO_A_PERSON[0])):
        return Decision(joined, sure=True)
    first = ranking[0][0] if ranking else ""
    for alike in ALIKE:
        if first in alike and sure(joined := _joined(ranking, alike, first)):
            return Decision(joined, sure=True)
    little = Sure(_SMALL_TALK_FROM, 0.1)
    return Decision(ranking, sure=first in SMALL_TALK and little(ranking))


def _with_parts(whole: Ranking, parts: Sequence[tuple[Ranking, bool]]) -> Ranking:
    """What may be offered: what a part is likely to ask comes before what the whole may mean."""
    likely = [(ranking[0], asks) for ranking, asks in parts if Sure(_OFFER_FROM, 0.2)(ranking)]
    asked = [first for first, asks in likely if asks] or [first for first, _ in likely]
    offered = {topic: share for topic, share in asked if topic not in BESIDE}
    return [*offered.items(), *((topic, share) for topic, share in whole if topic not in offered)]


def _joined(ranking: Ranking, topics: Collection[str], name: str) -> Ranking:
    """The ranking with all that `topics` have in one place, first."""
    others = [(topic, share) for topic, share in ranking if topic not in topics]
    return [(name, sum(share for topic, share in ranking if topic in topics)), *others]


def without(ranking: Ranking, topic: str | None) -> Ranking:
    """The ranking as it would be if `topic` were known to be wrong."""
    left = [(name, share) for name, share in ranking if name != topic]
    if topic is None or len(left) == len(ranking):
        return ranking
    rest = 1.0 - dict(ranking)[topic]
    return [(name, min(1.0, share / max(rest, 1e-6))) for name, share in left]


def nearer(ranking: Ranking, near: Collection[str]) -> Ranking:
    """The ranking of a question that leans on the last answer: topics next to it are likelier."""
    weighed = [(name, share * (NEAR_FACTOR if name in near else 1.0)) for name, share in ranking]
    total = sum(share for _, share in weighed) or 1.0
    return sorted(((n, s / total) for n, s in weighed), key=lambda entry: -entry[1])

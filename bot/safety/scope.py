"""Whether a danger phrase is live where it stands: negated, long ago, in a film, in a question.

All judgements are local to the phrase: a denial in one clause never cancels danger in another.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.safety.levels import Time
from bot.safety.normalise import COMMA, STOP
from bot.safety.phrases import TIMES

Labels = frozenset[str]

NEG_BEFORE, NEG_AFTER, STRONG_REACH = 5, 5, 8
TIME_NEAR = 10
FRAME_NEAR = 14
_BREAKS = frozenset({f"={STOP}", "contrast"})
CUE_REACH = 30  # further away no cue is looked at: the longest cue and the widest distance
# Nearest first; between equals the more acute.
_ACUTE = {time: rank for rank, time in enumerate(TIMES)}


@dataclass(frozen=True)
class Span:
    """A place in the token row: start and end (exclusive), and what stands there."""

    name: str
    start: int
    end: int
    heads: tuple[int, ...] | None = None  # words that a negation takes away; None: the act


class Scope:
    """Reads the surroundings of spans in one message."""

    def __init__(self, rows: Sequence[Labels], cues: Iterable[Span]) -> None:
        self.rows = rows
        self.cues: dict[str, list[Span]] = {}
        for cue in sorted(cues, key=lambda cue: cue.start):
            self.cues.setdefault(cue.name, []).append(cue)
        self._breaks = [not row.isdisjoint(_BREAKS) for row in rows]
        self._commas = [f"={COMMA}" in row for row in rows]
        self._starts = {name: [cue.start for cue in found] for name, found in self.cues.items()}
        self.words = sum(1 for row in rows if f"={STOP}" not in row and f"={COMMA}" not in row)

    def has(self, at: int, *labels: str) -> bool:
        return 0 <= at < len(self.rows) and any(label in self.rows[at] for label in labels)

    def is_verb(self, at: int) -> bool:
        return self.has(at, "verb", "say_verb") or any("." in label for label in self.rows[at])

    def barrier(self, at: int, *, comma: bool = True) -> bool:
        return self._breaks[at] or (comma and self._commas[at])

    def head(self, span: Span) -> int:
        """The act in the phrase: its first word with a form, or its first word."""
        for at in range(span.start, span.end):
            if any("." in label for label in self.rows[at]):
                return at
        return span.start

    def negated(self, span: Span) -> bool:
        """Whether a negation belongs to an act of the phrase and takes it away."""
        return any(self._negated_at(head) for head in self._heads(span))

    def _heads(self, span: Span) -> tuple[int, ...]:
        return (self.head(span),) if span.heads is None else span.heads

    def _negated_at(self, head: int) -> bool:
        for at in range(head - 1, max(-1, head - STRONG_REACH - 1), -1):
            if self.barrier(at):
                break
            if self.has(at, "neg") and self._reaches_right(at, head):
                return True
        if self._denied_before(head):
            return True
        for at in range(head + 1, min(len(self.rows), head + NEG_AFTER + 1)):
            if self.barrier(at) or (at > head + 1 and self._other_clause(at)):
                break
            # "… slår henne og at hun ikke kommer ut": the second denial has its own subject.
            before = self.has(at - 1, "join", "=at") and not self.has(at - 1, "=å")
            if before and self.has(at, "i", "he", "she", "they"):
                break
            if self.has(at, "nobody") and self.has(at - 1, "=som"):
                break
            # "… kill me and nobody would know": nobody begins the next clause.
            opens = self.has(at, "nobody") and self.has(at - 1, "join")
            if self.has(at, "neg") and not opens:
                return not self.has(at + 1, "only", "dont_do") and not self.has(at, "=uten")
        return False

    def _denied_before(self, head: int) -> bool:
        """ "ikke slik at han slår", "ikke redd for at han skal drepe": the frame denies it."""
        for at in range(head - 1, max(-1, head - STRONG_REACH - 2), -1):
            if self.barrier(at):
                return False
            if self.has(at, "denies") and self.has(at - 1, "neg"):
                return True
        return False

    def _other_clause(self, at: int) -> bool:
        return (self.has(at, "i") and not self.has(at, "me")) or (
            self.is_verb(at) and not self.has(at, "aux", "me", "neg")
        )

    def _reaches_right(self, at: int, head: int) -> bool:
        strong = self.has(at, "strong_neg")
        if head - at > (STRONG_REACH if strong else NEG_BEFORE) or self.has(at + 1, "only"):
            return False
        between = range(at + 1, head)
        if any(self.has(k, "stop_word") for k in between):
            return False
        if any(self.is_verb(k) and not self.has(k, "aux") for k in between):
            return False
        if any(self.has(k, "actor") for k in between) and not strong:
            return False
        # A noun is denied with the verb that governs it: "tenker ikke på selvmord".
        is_act = any("." in label for label in self.rows[head])
        return strong or not is_act or not self._owned_left(at)

    def _owned_left(self, at: int) -> bool:
        """Whether a full verb just in front already owns the negation: "jeg vet ikke … "."""
        for k in range(at - 1, max(-1, at - 3), -1):
            if self.barrier(k):
                return False
            if self.has(k, "aux"):
                return False
            if self.is_verb(k):
                return True
        return False

    def own_act(self, span: Span) -> bool:
        """Whether the writer is the one who does it: "jeg slår barna", "at jeg skal skade"."""
        for head in self._heads(span):
            forms = {label.rpartition(".")[2] for label in self.rows[head] if "." in label}
            if not forms or "perf" in forms:
                continue  # "jeg er redd" is no act; "jeg blir slått" is done to the writer
            at = head - 1
            while at > 0 and self.has(at, "modal", "aux", "neg", "=som", "=å", "=also"):
                at -= 1
            if self.has(at, "i") and not self.has(at, "me", "actor", f"={STOP}", "=i"):
                return True
        return False

    def stopped(self, span: Span) -> bool:
        """ "han har sluttet å slå": a stop word right in front, itself not negated."""
        if span.heads == ():
            return False
        head = min(self._heads(span))
        for at in range(max(0, head - 3), min(head, span.start)):
            if self.has(at, "stop_word"):
                return not any(self.has(k, "neg") for k in range(max(0, at - 3), at + 3))
        return False

    def time(self, span: Span, *, past: bool, story: int) -> Time:
        """The word of time that belongs to the phrase."""
        place = Span(span.name, min(span.heads), max(span.heads) + 1) if span.heads else span
        best: tuple[int, int] | None = None
        found: Time | None = None
        for name in TIMES:
            if past and name == "future":
                continue
            for cue in self._near(name, place):
                # "Vi er skilt nå, han slo meg": now belongs to its own clause; "i går, han slo
                # meg" tells when.
                distance = self._distance(place, cue, comma=past and name == "now")
                key = (distance, _ACUTE[name])
                if distance <= TIME_NEAR and (best is None or key < best):
                    best, found = key, name
        if found is not None:
            return found
        if "asks" in self.cues:
            return "asked"
        return "long_text" if self.words > story else "bare"

    def present(self) -> bool:
        """Whether the message says that somebody dangerous is close or on the way."""
        return any(not self.negated(cue) for cue in self.cues.get("presence", []))

    def framed(self, span: Span) -> bool:
        """Whether a film, a rule or a hypothetical question holds the phrase."""
        return any(
            self._distance(span, cue, comma=False) <= FRAME_NEAR
            for name in ("film", "rules", "what_if")
            for cue in self._near(name, span)
        )

    def _near(self, name: str, span: Span) -> list[Span]:
        """The cues of a name that begin close enough to matter."""
        starts = self._starts.get(name, [])
        first = bisect_left(starts, span.start - CUE_REACH)
        return self.cues.get(name, [])[first : bisect_right(starts, span.end + CUE_REACH)]

    def _distance(self, span: Span, cue: Span, *, comma: bool) -> int:
        """Words between; far away when a barrier lies between. Overlap is 0."""
        first, last = (cue.end, span.start) if cue.end <= span.start else (span.end, cue.start)
        if last <= first:
            return 0
        if any(self.barrier(at, comma=comma) for at in range(first, last)):
            return 1_000
        return last - first

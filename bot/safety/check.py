"""The danger check: one message in, at most one finding out. In memory, pure, never raises.

text → words (normalise) → symbols (lexicon) → idioms taken out → phrases found (spaCy Matcher)
     → each judged where it stands (scope, levels) → the strongest finding (precedence)
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import spacy

from bot.channels.messages import Level
from bot.safety import reading_along
from bot.safety.answers import answer_to
from bot.safety.finding import LEVELS, PRECEDENCE, Finding, SafetyContext, SafetyResult
from bot.safety.genders import swapped
from bot.safety.levels import KINDS
from bot.safety.lexicon import UNKNOWN, Lexicon
from bot.safety.near import NearMatcher
from bot.safety.normalise import STOP, Word, readable, split
from bot.safety.ordered import OrderedMatcher
from bot.safety.other import OtherLanguages, in_another_language
from bot.safety.pattern import compile_phrase
from bot.safety.phrases import Lists, Rule
from bot.safety.scope import Scope, Span
from bot.safety.second import SHOWN, Guess, SecondSignal, lowered, weighed

log = logging.getLogger(__name__)

# A message of more words than this is a story: violence in it is ongoing rather than this minute,
# unless something in it says now.
STORY = 14
# Dangers that are of this minute when whoever is dangerous is close, or on the way.
CLOSE_IS_NOW = frozenset(
    {
        "danger_now",
        "weapon_or_kill_threat",
        "strangled",
        "child_in_danger",
        "sexual_assault_recent",
        "found_address",
        "ban_broken",
    }
)
_NO_CONTEXT = SafetyContext()
# Words that are English and not Norwegian.
_ENGLISH = frozenset({"the", "he", "she", "my", "is", "i'm", "and", "they", "his", "you"})


@dataclass(frozen=True)
class Hit:
    """A rule that was found live, where, and how near the danger is."""

    rule: Rule
    level: Level
    start: int
    end: int


@dataclass(frozen=True)
class Listed:
    """A message as the lists read it, and what they found."""

    words: list[Word]
    symbols: list[str]
    scope: Scope
    finding: Finding | None


class SafetyCheck:
    """Made once by load_safety; `check` may be called from any thread."""

    def __init__(self, lexicon: Lexicon, lists: Lists, others: OtherLanguages) -> None:
        #: Set by the wiring; without it the lists alone decide.
        self.second: SecondSignal | None = None
        self._lexicon = lexicon
        self._others = others
        vocab = spacy.blank("nb").vocab
        self._rules = {rule.id: rule for rule in lists.rules}
        self._idioms = OrderedMatcher(vocab)
        self._phrases = OrderedMatcher(vocab)
        self._near = NearMatcher()
        self._stops = frozenset(lexicon.with_label(f"={STOP}"))
        self._violence = frozenset(item.name for item in lexicon.classes.values() if item.violence)
        for number, idiom in enumerate(lists.idioms):
            pattern = compile_phrase(idiom.where, idiom.match, lexicon)
            self._idioms.add(f"idiom {number}", pattern)
        for rule in lists.rules:
            for number, phrase in enumerate(rule.phrases):
                pattern = compile_phrase(phrase.where, phrase.match, lexicon)
                name = f"rule {rule.id} {number}"
                if phrase.near:
                    self._near.add(name, phrase.match, pattern)
                else:
                    self._phrases.add(name, pattern)
        for name, cues in lists.cues.items():
            for number, cue in enumerate(cues):
                pattern = compile_phrase(cue.where, cue.match, lexicon)
                self._phrases.add(f"cue {name} {number}", pattern)

    def check(self, text: str, context: SafetyContext = _NO_CONTEXT) -> SafetyResult:
        """What danger the message holds. `text` is any str; time is bounded by its length."""
        read = readable(text)
        listed = self._listed(read)
        words, scope, finding, symbols = listed.words, listed.scope, listed.finding, listed.symbols
        other = swapped(read)
        if other != read:
            finding = _nearest(finding, self._listed(other).finding, read)
        finding = reading_along.shaped(finding, read)
        if context.asked_for and not context.asked_suicide:
            finding = lowered(finding, self._guess(read) if finding else None, read)
            finding = in_another_language(finding, self._others.told(read), read, _is_young(scope))
            return SafetyResult(_beside_an_answer(finding), False, asked_for=True)
        if context.asked_suicide or context.last_danger is not None:
            answered = answer_to(words, context, finding, self._violent(symbols))
            if answered.answer is not None:
                return answered  # "no, that was yesterday" is believed, whatever it sounds like
        guess = None if context.chosen else self._guess(read)
        finding = weighed(finding, guess, read, _is_young(scope))
        told = self._others.told(read)
        finding = in_another_language(finding, told, read, _is_young(scope))
        now = guess is not None and (guess.danger, guess.level) == (reading_along.FOUND_OUT, "now")
        finding = reading_along.shaped(finding, read, now=now)
        return SafetyResult(finding, finding is None and self._violent(symbols))

    def _listed(self, read: str) -> Listed:
        """What the lists alone make of a message."""
        words = self._words(read)
        symbols = [self._lexicon.symbol(word.text) for word in words]
        masked = self._without_idioms(symbols)
        spans = self._all_spans(masked)
        scope = Scope(
            [self._lexicon.labels[symbol] for symbol in masked],
            (Span(span.name.split()[1], *_place(span)) for span in spans if span.name[0] == "c"),
        )
        hits = [
            hit
            for span in spans
            if span.name[0] == "r" and (hit := self._judge(span, scope)) is not None
        ]
        return Listed(words, symbols, scope, self._finding(hits, scope, read, words))

    def matched(self, text: str) -> frozenset[str]:
        """Names "rule <id> <n>", "cue <name> <n>", "idiom <n>" of all that stands in the text,
        before any judgement: so that a test can try every phrase of the lists."""
        symbols = [self._lexicon.symbol(word.text) for word in self._words(readable(text))]
        idioms = {span.name for span in self._idioms.spans(symbols)}
        masked = self._without_idioms(symbols)
        return frozenset(idioms | {span.name for span in self._all_spans(masked)})

    def _guess(self, read: str) -> Guess | None:
        # Boundary: what the model raises must not take the lists away. Its text may hold words.
        try:
            return self.second.guess(read) if self.second is not None else None
        except Exception as error:
            log.error("the second signal failed: %s", type(error).__name__)
            return None

    def _words(self, read: str) -> list[Word]:
        found: list[Word] = []
        for word in split(read):
            parts = self._lexicon.split_clitic(word.text)
            if parts is None:
                found.append(word)
            else:
                found.extend(Word(part, word.start, word.end) for part in parts)
        return _english_no(found)

    def _all_spans(self, symbols: Sequence[str]) -> list[Span]:
        return self._phrases.spans(symbols) + self._near.spans(symbols, self._stops)

    def _without_idioms(self, symbols: Sequence[str]) -> list[str]:
        kept = list(symbols)
        for span in self._idioms.spans(symbols):
            for at in range(span.start, span.end):
                if "=." not in self._lexicon.labels[kept[at]]:
                    kept[at] = UNKNOWN
        return kept

    def _judge(self, span: Span, scope: Scope) -> Hit | None:
        rule = self._rules[span.name.split()[1]]
        if rule.neg and (scope.negated(span) or scope.stopped(span)):
            return None
        if rule.frames and scope.framed(span):
            return None
        if rule.act and scope.own_act(span):
            return None
        past = rule.kind.endswith(("done", "once"))
        level = KINDS[rule.kind][scope.time(span, past=past, story=STORY)]
        if level == "soon" and rule.danger in CLOSE_IS_NOW and scope.present():
            level = "now"
        return None if level is None else Hit(rule, level, span.start, span.end)

    def _finding(
        self, hits: Sequence[Hit], scope: Scope, read: str, words: Sequence[Word]
    ) -> Finding | None:
        if not hits:
            return None
        young = any(hit.rule.young for hit in hits) or _is_young(scope)
        strongest: dict[str, Hit] = {}
        for hit in hits:
            danger = _for_child(hit.rule.danger, young)
            known = strongest.get(danger)
            if known is None or LEVELS.index(hit.level) < LEVELS.index(known.level):
                strongest[danger] = hit
        order = sorted(
            strongest,
            key=lambda name: (LEVELS.index(strongest[name].level), PRECEDENCE.index(name)),
        )
        lead = next((name for name in order if name != "found_out"), order[0])
        hit = strongest[lead]
        danger_hits = [h for h in hits if _for_child(h.rule.danger, young) == lead]
        return Finding(
            danger=lead,
            level=hit.level,
            words=_around(read, words, hit),
            all=tuple(order),
            neutral="found_out" in strongest,
            other=_about_someone_else(danger_hits, scope),
            young=young,
        )

    def _violent(self, symbols: Sequence[str]) -> bool:
        return any(self._violence & self._lexicon.labels[symbol] for symbol in set(symbols))


def _nearest(here: Finding | None, there: Finding | None, read: str) -> Finding | None:
    """The nearer of what was found in a message and in the same one about the other gender."""
    if there is None or (here is not None and _rank(here) <= _rank(there)):
        return here
    # The words shown to the desk are the person's own.
    return replace(there, words=here.words if here else read.strip()[:SHOWN])


def _beside_an_answer(finding: Finding | None) -> Finding | None:
    """What stands beside an answer that was asked for: danger to somebody, now or soon, and that
    somebody reads along now."""
    if finding is None or finding.level == "gentle":
        return None
    return None if (finding.danger, finding.level) == ("found_out", "soon") else finding


def _rank(finding: Finding) -> tuple[int, int]:
    return LEVELS.index(finding.level), PRECEDENCE.index(finding.danger)


def _is_young(scope: Scope) -> bool:
    return "young" in scope.cues and "adult" not in scope.cues


def _english_no(words: list[Word]) -> list[Word]:
    # "no" is "nå" in Nynorsk and a denial in English; the words around it tell which.
    if _ENGLISH.isdisjoint(word.text for word in words):
        return words
    return [replace(word, text="not") if word.text == "no" else word for word in words]


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _about_someone_else(hits: Sequence[Hit], scope: Scope) -> bool:
    """A rule about others was met, and no word in any hit points at the one who writes."""
    own = any(
        scope.has(at, "me") and not scope.has(at, "my", "her")
        for hit in hits
        for at in range(hit.start, hit.end)
    )
    return any(hit.rule.other for hit in hits) and not own


def _for_child(danger: str, young: bool) -> str:
    # topics.md: a child that writes itself is child_in_danger, whatever is done to it.
    return "child_in_danger" if young and danger == "danger_now" else danger


def _around(read: str, words: Sequence[Word], hit: Hit) -> str:
    """The person's own words around the hit: from break to break, at most SHOWN letters."""
    first, last = hit.start, hit.end
    while first > 0 and not words[first - 1].is_break and hit.start - first < 8:
        first -= 1
    while last < len(words) and not words[last].is_break and last - hit.end < 8:
        last += 1
    kept = [word for word in words[first:last] if not word.is_break]
    if not kept:
        return read.strip()[:SHOWN]
    return read[kept[0].start : kept[-1].end].strip()[:SHOWN]

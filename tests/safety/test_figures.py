"""How much danger is found in the development set, by the lists alone and with the trained model.

The set was met by whoever wrote the lists and by the model, so it can only show that nothing was
lost. What new messages meet is measured on the blind set: bench/safety/README.md.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bench.safety.sets import Seen, by_slice, look, named, rates
from bot.safety import PRECEDENCE, Finding, SafetyCheck, load_check
from bot.safety.genders import in_one_gender, swapped
from bot.safety.second import Guess, weighed
from bot.settings import ROOT
from bot.understanding.danger_model import MODEL, DangerModel
from bot.understanding.danger_training import fingerprint
from tests.safety.support import check

LIVE = ("now", "soon")


@cache
def lists_alone() -> list[Seen]:
    return look(lambda text: check().check(text).finding, named("dev"))


@cache
def both() -> list[tuple[Seen, Finding | None]]:
    """What the whole check makes of each message, and of it about the other gender."""
    whole = load_check()
    whole.second = DangerModel(ROOT / MODEL)
    whole.second.load()
    return [
        (Seen(m, whole.check(m.text).finding), whole.check(swapped(m.text)).finding)
        for m in named("dev")
    ]


def told(seen: list[Seen]) -> str:
    wrong = [s for s in seen if s.missed or s.false_alarm]
    return "\n".join(f"{s.message} found {s.level}" for s in wrong)


def test_the_model_is_that_of_the_messages() -> None:
    with np.load(ROOT / MODEL, allow_pickle=False) as stored:
        made_of = str(stored["made_of"])
    assert made_of == fingerprint(ROOT), (
        "run: .venv/bin/python -m bot.understanding.danger_training"
    )


def test_every_message_is_labelled_with_a_known_danger_and_level() -> None:
    messages = named("dev")
    assert len({m.text for m in messages}) == len(messages) >= 1000
    for message in messages:
        assert (message.danger == "none") == (message.level == "none")
    assert {m.danger for m in messages} == {*PRECEDENCE, "none"}


def test_the_lists_alone_find_what_they_were_made_on() -> None:
    found = rates(lists_alone())
    assert found["now"].share >= 0.98, told(lists_alone())
    assert found["now+soon"].share >= 0.98, told(lists_alone())
    assert found["false alarms"].share <= 0.015, told(lists_alone())
    assert found["right danger"].share >= 0.97


def test_with_the_model_nothing_is_lost_and_little_is_cried_for_nothing() -> None:
    seen = [s for s, _ in both()]
    found = rates(seen)
    for alone, together in zip(lists_alone(), seen, strict=True):
        live = alone.message.level in LIVE and alone.level in LIVE
        assert together.level in LIVE or not live, alone.message.text
    assert found["now"].share >= 0.99, told(seen)
    assert found["suicide found"].share >= 0.99, told(seen)
    assert found["false alarms"].share <= 0.02, told(seen)
    for name, rate in by_slice(seen):
        assert rate.of < 20 or rate.share >= 0.95, f"{name}: {rate}"


def test_danger_is_the_same_for_women_and_men() -> None:
    differing = [
        f"{here.message.text} / {swapped(here.message.text)}"
        for here, there in both()
        if gist(here.finding) != gist(there)
    ]
    assert differing == []


def gist(finding: Finding | None) -> tuple[str, str] | None:
    return (finding.danger, finding.level) if finding else None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Hun slår moren sin", "Han slår faren sin"),
        ("KONA MI ER HER", "MANNEN MI ER HER"),
        ("she hit her brother", "he hit his brother"),
        ("han er her", "han er her"),
        ("ho er her no", "han er her no"),
    ],
)
def test_the_model_reads_every_message_in_one_gender(text: str, other: str) -> None:
    assert in_one_gender(text) == other
    assert in_one_gender(swapped(text)) == in_one_gender(other)


# --- what the second signal may do ------------------------------------------------------------


class Says:
    """A second signal that always guesses the same, or fails."""

    ready = True

    def __init__(self, guess: Guess | Exception | None) -> None:
        self._guess = guess

    def load(self) -> None: ...

    def guess(self, text: str) -> Guess | None:
        if isinstance(self._guess, Exception):
            raise self._guess
        return self._guess


def hears(guess: Guess | Exception | None) -> SafetyCheck:
    whole = load_check()
    whole.second = Says(guess)
    return whole


def test_either_signal_can_raise() -> None:
    calm, danger = "hva koster det å bo hos dere", "han står her med kniv"
    for guess in (None, Guess(None, "suicide"), Guess("soon", "suicide")):
        finding = hears(guess).check(danger).finding
        assert finding and (finding.danger, finding.level) == ("weapon_or_kill_threat", "now")
    finding = hears(Guess("now", "injured")).check(calm).finding
    assert finding and (finding.danger, finding.level) == ("injured", "now")
    assert finding.words == calm


def test_what_only_the_lists_take_for_this_minute_stays_live_and_a_cry_stays_now() -> None:
    sure = Guess(None, "danger_now", sure=True)
    told = "vi bor på landet og han står her med kniv i kjøkkenet"
    lowered = hears(sure).check(told).finding
    assert lowered and (lowered.danger, lowered.level) == ("weapon_or_kill_threat", "soon")
    cry = hears(sure).check("han har kniv").finding
    assert cry and cry.level == "now"


def test_a_word_of_the_lists_is_not_believed_where_nothing_is_live_but_a_cry_is() -> None:
    quiet = Guess(None, "danger_now", sure=True, quiet=True)
    told = "vi bor på landet og han står her med kniv i kjøkkenet"
    assert hears(quiet).check(told).finding is None
    cry = hears(quiet).check("han har kniv").finding
    assert cry and cry.level == "now"


def test_what_one_signal_alone_takes_for_this_minute_and_the_trained_one_doubts_is_doubtful() -> (
    None
):
    calm, told = "hva koster det å bo hos dere", "vi bor på landet og han står her med kniv i huset"
    unsure, doubts = Guess(None, "danger_now"), Guess("now", "injured", doubtful=True)
    for text, guess, doubtful in (
        (calm, doubts, True),
        (calm, Guess("now", "injured"), False),
        (told, unsure, True),
        (told, Guess("now", "danger_now"), False),
        (told, doubts, False),
        ("han har kniv", unsure, False),
    ):
        finding = hears(guess).check(text).finding
        assert finding and (finding.level, finding.doubtful) == ("now", doubtful), text


def test_a_guess_raises_what_the_lists_found_gentle() -> None:
    gentle = check().check("han tok kvelertak på meg for ti år siden").finding
    assert gentle and gentle.level == "gentle"
    nearer = weighed(gentle, Guess("now", "danger_now"), "", young=False)
    assert nearer and nearer.level == "now" and nearer.all == ("danger_now", "strangled")


def test_a_guess_about_a_child_is_child_in_danger_and_reading_along_makes_it_neutral() -> None:
    young = weighed(None, Guess("now", "danger_now"), "pappa er her", young=True)
    assert young and young.danger == "child_in_danger" and young.young
    along = weighed(None, Guess("now", "found_out"), "hei", young=False)
    assert along and along.neutral


def test_a_second_signal_that_fails_takes_nothing_away() -> None:
    finding = hears(RuntimeError("han slår")).check("han slår meg nå").finding
    assert finding and finding.level == "now"

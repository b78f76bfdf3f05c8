"""Plain words of danger in thirteen languages: what raises, what does not, and nothing of ours."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench.safety.sets import named
from bot.safety import SafetyDataError
from bot.safety.other import load_other_languages
from bot.settings import ROOT
from tests.safety.support import check

LISTS = load_other_languages()
LANGUAGES = ("ar", "de", "es", "fa", "fr", "pl", "ru", "se", "so", "ti", "tr", "uk", "ur")

# language, message, danger, level
RAISES = [
    ("ar", "زوجي يضربني", "danger_now", "now"),
    ("ar", "معه سكين", "weapon_or_kill_threat", "now"),
    ("ar", "أُريدُ أن أموت", "suicide", "soon"),
    ("ar", "ydrbni", "danger_now", "now"),
    ("de", "Er schlägt mich gerade", "danger_now", "now"),
    ("de", "er hat ein messer", "weapon_or_kill_threat", "now"),
    ("de", "Ich will nicht mehr leben", "suicide", "soon"),
    ("es", "mi marido me esta pegando", "danger_now", "now"),
    ("es", "¡Socorro!", "danger_now", "now"),
    ("es", "me van a obligar a casarme", "sent_abroad_forced_marriage", "soon"),
    ("fa", "شوهرم مرا می‌زند", "danger_now", "now"),
    ("fa", "چاقو دارد", "weapon_or_kill_threat", "now"),
    ("fa", "ميخواهم بميرم", "suicide", "soon"),
    ("fr", "il me frappe", "danger_now", "now"),
    ("fr", "il m’a étranglée", "strangled", "soon"),
    ("fr", "Il n'arrête pas de me frapper", "danger_now", "now"),
    ("pl", "on mnie bije", "danger_now", "now"),
    ("pl", "maz bije dziecko", "child_in_danger", "now"),
    ("pl", "nie moge oddychac", "panic_now", "now"),
    ("ru", "муж меня бьет", "danger_now", "now"),
    ("ru", "он меня душит", "strangled", "now"),
    ("ru", "Меня вчера изнасиловали", "sexual_assault_recent", "soon"),
    ("se", "son cábmá mu", "danger_now", "now"),
    ("se", "sus lea niibi", "weapon_or_kill_threat", "now"),
    ("se", "mun vardan", "injured", "now"),
    ("so", "ninkaygu wuu i garaacayaa", "danger_now", "now"),
    ("so", "mindi ayuu haystaa", "weapon_or_kill_threat", "now"),
    ("so", "ma neefsan karo", "panic_now", "now"),
    ("ti", "ሰብኣየይ ይወቅዓኒ ኣሎ", "danger_now", "now"),
    ("ti", "ካራ ሒዙ ኣሎ", "weapon_or_kill_threat", "now"),
    ("ti", "ክመውት እደሊ", "suicide", "soon"),
    ("tr", "kocam beni dövüyor", "danger_now", "now"),
    ("tr", "İMDAT", "danger_now", "now"),
    ("tr", "beni öldürmekle tehdit ediyor", "weapon_or_kill_threat", "soon"),
    ("uk", "він мене б’є", "danger_now", "now"),
    ("uk", "у нього ніж", "weapon_or_kill_threat", "now"),
    ("uk", "не хочу жити", "suicide", "soon"),
    ("ur", "وہ مجھے مار رہا ہے", "danger_now", "now"),
    ("ur", "اس کے ہاتھ میں چاقو ہے", "weapon_or_kill_threat", "now"),
    ("ur", "میں مرنا چاہتی ہوں", "suicide", "soon"),
]

# language, message: denied, or about something else
SILENT = [
    ("ar", "زوجي لا يضربني"),
    ("ar", "أريد مساعدة في الترجمة"),
    ("de", "Er schlägt mich nicht"),
    ("de", "ich brauche hilfe bei einem antrag"),
    ("es", "él no me pega"),
    ("es", "necesito ayuda con los papeles"),
    ("fa", "شوهرم مرا نمی‌زند"),
    ("fa", "برای ترجمه کمک می‌خواهم"),
    ("fr", "il ne me frappe pas"),
    ("fr", "je cherche un avocat pour mon divorce"),
    ("pl", "mąż mnie nie bije"),
    ("pl", "potrzebuję pomocy przy wniosku"),
    ("ru", "муж меня не бьёт"),
    ("ru", "мне нужна помощь с документами"),
    ("se", "son ii cábmá mu"),
    ("se", "mun dárbbašan dulkka"),
    ("so", "ima garaaco"),
    ("so", "waxaan u baahanahay turjumaan"),
    ("ti", "ኣይወቅዓንን እዩ"),
    ("ti", "ተርጓሚ እደሊ ኣለኹ"),
    ("tr", "kocam beni dövmüyor"),
    ("tr", "evraklar için yardım lazım"),
    ("uk", "чоловік мене не б'є"),
    ("uk", "потрібна допомога з документами"),
    ("ur", "وہ مجھے نہیں مار رہا"),
    ("ur", "مجھے مترجم چاہیے"),
]


@pytest.mark.parametrize(("language", "text", "danger", "level"), RAISES)
def test_plain_words_of_danger_are_heard(language: str, text: str, danger: str, level: str) -> None:
    finding = check().check(text).finding
    assert finding is not None
    assert (finding.tongue, finding.danger, finding.level) == (language, danger, level)
    assert finding.words


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_what_is_denied_or_about_something_else_raises_nothing(language: str, text: str) -> None:
    assert LISTS.told(text) is None


def test_every_language_has_three_that_raise_and_two_that_do_not() -> None:
    for language in LANGUAGES:
        assert sum(row[0] == language for row in RAISES) >= 3
        assert sum(row[0] == language for row in SILENT) >= 2
    assert tuple(LISTS.languages) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_danger_of_a_first_cry_is_in_the_list(language: str) -> None:
    phrases = LISTS.languages[language].phrases
    assert {phrase.danger for phrase in phrases} >= {
        *("danger_now", "weapon_or_kill_threat", "injured", "strangled", "suicide"),
        *("child_in_danger", "sexual_assault_recent", "sent_abroad_forced_marriage", "panic_now"),
    }


def test_no_norwegian_or_english_message_is_taken_for_another_language() -> None:
    assert [message.text for message in named("dev") if LISTS.told(message.text)] == []


def test_no_example_of_a_topic_is_taken_for_another_language() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    examples = [
        line.removeprefix("- ")
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for intent in yaml.load(path.read_text(encoding="utf-8"), Loader=loader)["nlu"]
        for line in str(intent.get("examples") or "").splitlines()
    ]
    assert len(examples) > 3000
    assert [text for text in examples if LISTS.told(text)] == []


def test_the_past_is_not_this_minute() -> None:
    told = LISTS.told("вчора він мене б'є")
    assert told is not None
    assert told.level == "soon"


def test_the_other_lists_raise_and_never_lower() -> None:
    both = check().check("han har kniv nå. quiero morir").finding
    assert both is not None
    assert (both.danger, both.level, both.tongue) == ("weapon_or_kill_threat", "now", "es")


def test_a_phrase_never_goes_across_sentences() -> None:
    assert LISTS.told("tiene razón. cuchillo") is None


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    LISTS.told(text)


@pytest.mark.parametrize("text", ["", "\0", "🔪" * 50, "<b>он</b>", "меня " * 2500])
def test_odd_text_is_read_in_time(text: str) -> None:
    begun = perf_counter()
    LISTS.told(text)
    assert perf_counter() - begun < 2


def test_it_takes_well_under_a_millisecond() -> None:
    texts = [row[1] for row in RAISES] + [message.text for message in named("dev")[:300]]
    times = []
    for text in texts:
        begun = perf_counter()
        LISTS.told(text)
        times.append(perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.001


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("language: no\n", "language is not xx"),
        ("language: xx\nnow: {dangerous: [on bije]}\n", "unknown danger dangerous"),
        ("language: xx\nnow: {injured: ['~ bije']}\n", "cannot be used"),
        ("language: xx\nnow: {injured: ['ab* bije']}\n", "cannot be used"),
        ("language: xx\nnever: x\n", "unknown line never"),
    ],
)
def test_a_list_that_is_wrong_says_what(lines: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "xx.yml").write_text(lines, encoding="utf-8")
    with pytest.raises(SafetyDataError, match=said) as raised:
        load_other_languages(tmp_path)
    assert "\n" not in str(raised.value)

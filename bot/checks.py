"""`helpline check`: all that can be seen without running. Each line says what, where and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from bot.centre import Centre, load_centre, unconfirmed
from bot.content.check import check_content
from bot.content.due import DUE_DAYS, Due, content_due, listed, unconfirmed_numbers
from bot.content.files import ContentError
from bot.content.load import load_content
from bot.content.other_languages import read_other_languages, unread
from bot.safety import load_safety
from bot.safety.other import load_other_languages
from bot.safety_plan.flow import SafetyPlanFlow
from bot.safety_plan.parts import overdue
from bot.settings import ROOT, ConfigError, Settings

Problem = str


def run_checks(settings: Settings, *, production: bool = False, due: bool = False) -> bool:
    """Print what falls short. True when nothing does."""
    centre = load_centre(settings.centre_file)
    problems: list[Problem] = []
    for finding in check_content(settings.content_dir, centre):
        if finding.level == "error":
            problems.append(str(finding))
    for name, check in CHECKS.items():
        problems += _found_by(name, check, settings, problems)
    if production:
        problems += _production(settings, centre)
    for problem in problems:
        print(problem)
    try:
        found = list(falls_due(settings, centre))
    except ContentError:
        print(f"{len(problems)} problems; what falls due is listed when the texts can be read")
        return False
    if due:
        print_due(found)
    print(f"{len(problems)} problems; {len(found)} things fall due (helpline check --due)")
    return not problems


def _found_by(
    name: str,
    check: Callable[[Settings], Iterable[Problem]],
    settings: Settings,
    known: list[Problem],
) -> list[Problem]:
    """What one check finds. A text that cannot be read stops it, and is named once."""
    try:
        return [f"{name}: {found}" for found in check(settings)]
    except ContentError as error:
        place = str(error).partition(": ")[0]
        return [] if any(place in problem for problem in known) else [f"{name}: {error}"]


def print_due(found: Iterable[Due]) -> None:
    """What falls due, in groups with headings."""
    for line in listed(found):
        print(line)


def falls_due(settings: Settings, centre: Centre) -> Iterable[Due]:
    """Everything that somebody should look at soon, in all rooms. Raises ContentError."""
    today = date.today()
    yield from content_due(settings.content_dir, centre, today)
    content = load_content(settings.content_dir, centre)
    for part in SafetyPlanFlow(settings.content_dir, content).parts.by_id.values():
        if part.review <= today + timedelta(days=DUE_DAYS):
            yield Due(
                "date", f"{settings.content_dir.name}/safety_plan/{part.id}", f"{part.review}"
            )
    for name in unconfirmed(centre):
        yield Due("line" if name == "phone_line" else "fact", settings.centre_file.name, name)
    for line in _unread(settings):
        place, _, what = line.partition(" ")
        yield Due("reader", place, what)


def _production(settings: Settings, centre: Centre) -> Iterable[Problem]:
    """What must be so before people use it: a named person stands for numbers and local facts."""
    if centre.demo:
        yield "demo: true (centre.yml): describe your own centre"
    for name in unconfirmed(centre):
        yield f"{name} has no confirmed_by (centre.yml)"
    for key in unconfirmed_numbers(settings.content_dir, centre):
        yield (
            f"the number {key} has no confirmed_by: ring it, then write "
            f"numbers.{key}: {{confirmed_by: …, date: …}} (centre.yml)"
        )
    yield from _unread(settings)


def _safety_lists(settings: Settings) -> Iterable[Problem]:
    """Loading validates every phrase; a wrong one raises with its own line."""
    load_safety(load_content(settings.content_dir, load_centre(settings.centre_file)))
    return []


def _other_languages(settings: Settings) -> Iterable[Problem]:
    """Loading validates every fixed text, also its size by SMS; its list of danger words exists."""
    content = load_content(settings.content_dir, load_centre(settings.centre_file))
    try:
        texts = read_other_languages(settings.content_dir, content.numbers, content.centre)
    except ContentError as error:
        return [str(error)]
    lists = load_other_languages().languages
    return [
        f"{code} has a list of danger words or fixed texts, not both: write the other file"
        for code in sorted(set(texts) ^ set(lists))
    ]


def _unread(settings: Settings) -> list[Problem]:
    """Languages on offer whose texts no native reader has confirmed."""
    centre = load_centre(settings.centre_file)
    content = load_content(settings.content_dir, centre)
    try:
        texts = read_other_languages(settings.content_dir, content.numbers, content.centre)
    except ContentError:
        return []  # said by its own check
    return list(unread(texts, centre.other_languages))


def _safety_plan(settings: Settings) -> Iterable[Problem]:
    """Loading validates every step in all languages, also its size by SMS; then the dates."""
    content = load_content(settings.content_dir, load_centre(settings.centre_file))
    try:
        flow = SafetyPlanFlow(settings.content_dir, content)
    except ContentError as error:
        return [str(error)]
    return overdue(flow.parts, date.today())


def _settings_documented(settings: Settings) -> Iterable[Problem]:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in type(settings).model_fields:
        if f"HELPLINE_{name.upper()}" not in text:
            yield f"HELPLINE_{name.upper()} is not in docs/settings.md: describe it there"


def _topics_answered(settings: Settings) -> Iterable[Problem]:
    """Every intent has a text, and every text an intent (dangers and frame sentences apart)."""
    import yaml

    content = load_content(settings.content_dir, load_centre(settings.centre_file))
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]}
    answered = {t for t in content.topics() if t not in content.topics("danger")}
    for topic in sorted(intents - answered - {"nlu_fallback"}):
        yield f"{topic} is in domain.yml but has no text: write content/<group>/{topic}.nb.md"
    for topic in sorted(answered - intents):
        yield f"{topic} has a text but is not in domain.yml: nobody can ask for it in words"


def _facts_used(settings: Settings) -> Iterable[Problem]:
    """A local fact that no text asks for would never be said: a misspelt name, most likely."""
    centre = load_centre(settings.centre_file)
    content = load_content(settings.content_dir, centre)
    used = {page.front.confirmed_fact for page in content.pages()}
    for name in sorted(set(centre.facts) - used):
        yield f"facts.{name} ({settings.centre_file.name}) is said by no text: see docs/adopting.md"


def _examples_load(_settings: Settings) -> Iterable[Problem]:
    for example in sorted((ROOT / "examples").glob("centre.*.yml")):
        try:
            load_centre(example)
        except ConfigError as error:
            yield str(error)


CHECKS: dict[str, Callable[[Settings], Iterable[Problem]]] = {
    "safety lists": _safety_lists,
    "safety plan": _safety_plan,
    "other languages": _other_languages,
    "settings": _settings_documented,
    "topics": _topics_answered,
    "examples": _examples_load,
    "local facts": _facts_used,
}

"""A list of lines that cannot be used stops the start, in one line that says how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from bot.safety import SafetyDataError, answers, reading_along
from bot.safety.lines import Line, read_lines

GOOD = '{match: "$who sa ja", say: "han sa ja", not: "nei"}'


def read(folder: Path, text: str) -> tuple[Line[str], ...]:
    file = folder / "list.yml"
    file.write_text(text, encoding="utf-8")
    return read_lines(file, ("safe", "unsafe"), str, classes=("who",)).all


def test_the_lines_come_in_the_order_of_the_kinds(tmp_path: Path) -> None:
    lines = read(tmp_path, f"who: han hun\nunsafe: [{GOOD}]\nsafe: [{GOOD}]")
    assert [line.kind for line in lines] == ["safe", "unsafe"]
    assert lines[0] == Line("safe", "$who sa ja", "han sa ja", "nei")


def test_a_class_stands_for_each_of_its_words(tmp_path: Path) -> None:
    file = tmp_path / "list.yml"
    file.write_text(f"who: han hun\nsafe: [{GOOD}]", encoding="utf-8")
    patterns = read_lines(file, ("safe",), str, classes=("who",)).patterns
    assert patterns["safe"].pattern == "han|hun sa ja"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"safe: [{GOOD}]\nunsafe: [{GOOD}]", "who is missing"),
        (f"who: han\nsafe: [{GOOD}]", "unsafe is missing"),
        (
            f"who: han\nsafe: [{GOOD}]\nunsafe: [{GOOD}]\nperhaps: [{GOOD}]",
            "perhaps is missing or unk",
        ),
        (f"who: han\nsafe: [{GOOD}]\nunsafe:", "unsafe has no lines"),
        (f"who: han\nsafe: [{GOOD}]\nunsafe: [nei]", "unsafe has a line that is not match"),
        (
            f'who: han\nsafe: [{GOOD}]\nunsafe: [{{match: " ", say: a, not: b}}]',
            "unsafe has an empty match",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SafetyDataError, match=rf"^list\.yml: {said}"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("module", "load"),
    [(answers, answers.load_answers), (reading_along, reading_along.load_reading_along)],
    ids=["answers", "reading_along"],
)
def test_both_files_stop_the_start(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: ModuleType,
    load: Callable[[], Sequence[object]],
) -> None:
    file = tmp_path / "changed.yml"
    file.write_text("safe: []", encoding="utf-8")
    module._lists.cache_clear()
    monkeypatch.setattr(module, "FILE", file)
    with pytest.raises(SafetyDataError, match=r"^changed\.yml: .* missing"):
        load()
    monkeypatch.undo()
    module._lists.cache_clear()
    assert load()

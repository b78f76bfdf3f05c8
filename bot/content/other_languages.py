"""The fixed texts in languages that the helpline does not write itself: content/other_languages/.

    text      what the helpline is, a person, an interpreter
    danger    begins with the police's number
    suicide   begins with warmth, then the numbers

Each file names the native reader who has confirmed it. In production only confirmed texts are said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.messages import Button, Channel, Lang, Reply
from bot.content.files import content_error
from bot.content.fill import CentreView, fill, number_ids, placeholders, unknown_placeholders
from bot.content.flow_texts import LONGEST_TITLE, MOST_SEGMENTS, Words, first_error, read_yaml
from bot.content.numbers import NumberRegister
from bot.content.sms_size import sms_size
from bot.content.style import typed_numbers

Kind = Literal["text", "danger", "suicide"]
KINDS: tuple[Kind, ...] = ("text", "danger", "suicide")
FOLDER = "other_languages"
# Written from right to left: a space would let the two halves of a number change places. The web
# page keeps a number together by its style; an SMS has no such means.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur"})

Short = Annotated[str, Field(min_length=1)]


class OtherSheet(BaseModel):
    """One language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Short
    name: dict[Lang, Short]
    native_reader: str | None = None
    button: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    text: Words
    danger: Words
    suicide: Words


class OtherTexts:
    """The texts of the languages that this centre offers. Pure and in memory."""

    def __init__(
        self, sheets: Mapping[str, OtherSheet], numbers: NumberRegister, centre: CentreView
    ) -> None:
        self._sheets = dict(sheets)
        self._numbers = numbers
        self._centre = centre

    def has(self, language: str | None) -> bool:
        """Whether there is a text in this language (ISO 639-1)."""
        return language in self._sheets

    def name(self, language: str, lang: Lang) -> str:
        """What the language is called, for the summary."""
        return self._sheets[language].name[lang]

    def reply(self, language: str, kind: Kind, channel: Channel) -> Reply:
        """A fixed text with a button to a counsellor."""
        sheet = self._sheets[language]
        words: Words = getattr(sheet, kind)
        raw = words.sms if channel == "sms" else words.web
        text = self._filled(raw.strip(), language, channel)
        way = (Button(sheet.button, "human"),)
        return Reply(text, way) if kind == "text" else Reply(text, way, kind="danger")

    def first(self, language: str, danger: str, level: str, channel: Channel) -> Reply:
        """What is said first of a danger."""
        kind: Kind = "danger" if level == "now" else "text"
        said = self.reply(language, "suicide" if danger == "suicide" else kind, channel)
        return Reply(said.text, said.buttons, kind="danger")

    def _filled(self, raw: str, language: str, channel: Channel) -> str:
        if channel == "sms" and language in RIGHT_TO_LEFT:
            for name in placeholders(raw):
                number = self._fill(f"{{{name}}}")
                raw = raw.replace(f"{{{name}}}", number.replace(" ", ""))
        return self._fill(raw)

    def _fill(self, raw: str) -> str:
        return fill(raw, "en", centre=self._centre, numbers=self._numbers)


def read_other_languages(
    content_dir: Path, numbers: NumberRegister, centre: CentreView
) -> dict[str, OtherSheet]:
    """Every file, each checked: placeholders, numbers, two SMS segments. Raises ContentError."""
    sheets = {path.stem: _read(path) for path in sorted((content_dir / FOLDER).glob("*.yml"))}
    texts = OtherTexts(sheets, numbers, centre)
    for code, sheet in sheets.items():
        for kind in KINDS:
            _check(f"content/{FOLDER}/{code}.yml: {kind}", getattr(sheet, kind), numbers)
            size = sms_size(texts.reply(code, kind, "sms"), "nb")
            if size.segments > MOST_SEGMENTS:
                raise content_error(
                    f"content/{FOLDER}/{code}.yml",
                    f"{kind}.sms takes {size.segments} segments ({size.units} characters)",
                    f"shorten it to {MOST_SEGMENTS}",
                )
    return sheets


def load_other_texts(
    content_dir: Path,
    numbers: NumberRegister,
    centre: CentreView,
    offered: Collection[str] | None = None,
    confirmed_only: bool = False,
) -> OtherTexts:
    """The texts that may be said. `offered`: the languages of the centre, None for all."""
    sheets = {
        code: sheet
        for code, sheet in read_other_languages(content_dir, numbers, centre).items()
        if (offered is None or code in offered) and (sheet.native_reader or not confirmed_only)
    }
    return OtherTexts(sheets, numbers, centre)


def unread(sheets: Mapping[str, OtherSheet], offered: Collection[str] | None) -> Iterator[str]:
    """One line for each language on offer that no native reader has confirmed, or has no text."""
    for code in sorted(sheets if offered is None else offered):
        place = f"content/{FOLDER}/{code}.yml"
        if code not in sheets:
            yield f"{place} is missing: write it, or remove {code} in centre.yml"
        elif not sheets[code].native_reader:
            yield (
                f"{place} needs a native reader: have it and bot/safety/{FOLDER}/{code}.yml read, "
                f"write the name as native_reader, or leave {code} out of other_languages "
                f"(centre.yml)"
            )


def _read(path: Path) -> OtherSheet:
    place = f"content/{FOLDER}/{path.name}"
    try:
        sheet = OtherSheet.model_validate(read_yaml(path, place))
    except ValidationError as error:
        raise first_error(place, error) from None
    if sheet.language != path.stem or set(sheet.name) != {"nb", "nn", "en"}:
        raise content_error(
            place, "language is not that of the file, or name lacks one of nb, nn, en", "mend it"
        )
    return sheet


def _check(place: str, words: Words, numbers: NumberRegister) -> None:
    for raw in (words.web, words.sms):
        if unknown := unknown_placeholders(raw, numbers, (), has_fact=False):
            raise content_error(
                place, f"unknown placeholder {{{unknown[0]}}}", "use {line} or {n.<id>}"
            )
        if typed := typed_numbers(raw):
            raise content_error(place, f"a typed number ({typed[0]})", "use {line} or {n.<id>}")
        for key in sorted(number_ids(placeholders(raw))):
            if not numbers[key].may_be_shown:
                raise content_error(place, f"the number {key} is not sure", "use another")

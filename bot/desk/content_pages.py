"""The texts at the desk: the list by group, a topic as a person sees it, what was missed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.content import ContentError
from bot.content.files import GROUPS, LANGUAGES, Page
from bot.content.preview import looks
from bot.desk import access
from bot.desk.content_shelf import DUES, OVERDUE, SOON, Row, Shelf, Shelves
from bot.desk.web import PATH, Desk, field, go, signed
from bot.desk.wording import HERE
from bot.settings import ConfigError
from bot.store import audit, counsellors, missed, text_changes
from bot.store.database import Tx
from bot.store.text_changes import Change

LIST = f"{PATH}/content"
ORDER = (OVERDUE, SOON)


@dataclass(frozen=True)
class Chosen:
    """What of the list is shown: ids of fixed lists, and words searched for among the titles."""

    group: str = ""
    due: str = ""
    words: str = ""


@dataclass(frozen=True)
class Beside:
    """What the store knows beside the files."""

    missed: list[missed.Missed]
    opened: list[Change]
    lives: list[Change]
    names: dict[str, str]


def register(bp: Blueprint, desk: Desk, shelves: Shelves) -> None:
    """Add the routes."""
    services = desk.services

    async def page_of(request: Request, chosen: Chosen) -> HTTPResponse:
        beside = await services.db.run(_beside, reads_missed(request))
        try:
            shelf = await shelves.now()
        except (ContentError, ConfigError) as error:
            return desk.page(request, "content_broken.html", problem=str(error))
        today = services.db.clock().astimezone(HERE).date()
        rows = [row for row in shelf.rows() if _fits(row, chosen, today)]
        return desk.page(
            request,
            "content_list.html",
            here="content",
            first=[row for row in rows if row.due(today) in ORDER],
            groups=_grouped([row for row in rows if row.due(today) not in ORDER]),
            count=len(rows),
            today=today,
            chosen=chosen,
            all_groups=GROUPS,
            dues=DUES,
            beside=beside,
            older=older_languages(beside.lives),
            trouble=getattr(services, "troubles", {}).get("texts"),
        )

    @bp.get("/content", name="content")
    async def content(request: Request) -> HTTPResponse:
        group, due = request.args.get("group") or "", request.args.get("due") or ""
        return await page_of(
            request, Chosen(group if group in GROUPS else "", due if due in DUES else "")
        )

    @bp.post("/content/search", name="content_search")
    async def search(request: Request) -> HTTPResponse:
        # Words that somebody searches for are sent in the form: an address may end up in a log.
        group, due = field(request, "group"), field(request, "due")
        words = " ".join(field(request, "words", 60).split())
        return await page_of(
            request, Chosen(group if group in GROUPS else "", due if due in DUES else "", words)
        )

    @bp.post("/content/missed/<question_id:str>/done", name="content_missed_done")
    async def done(request: Request, question_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        removed = await services.db.run(_missed_done, question_id, me)
        if not removed:
            raise NotFound("no such question")
        services.db.checkpoint()  # else the words live on in the log
        return go(f"{LIST}#ikke-forstatt")

    @bp.get("/content/topic/<topic:str>/<lang:str>", name="content_topic")
    async def topic_page(request: Request, topic: str, lang: str) -> HTTPResponse:
        shelf = await readable(shelves)
        page = page_in(shelf, topic, lang)
        beside = await services.db.run(_beside, reads_missed(request))
        history = await services.db.run(text_changes.of_place, topic)
        return desk.page(
            request,
            "content_topic.html",
            here="content",
            page=page,
            row=next(row for row in shelf.rows() if row.topic == topic),
            langs=[one for one in LANGUAGES if (topic, one) in shelf.paths],
            looks=looks(shelf.content, shelf.as_confirmed, topic, page.lang),
            today=services.db.clock().astimezone(HERE).date(),
            related=[(one, shelf.content.title(one, page.lang)) for one in page.front.related],
            missed=[one for one in beside.missed if topic in one.topics],
            changes=[one for one in history if one.lang == lang],
            names=beside.names,
            older=older_languages(beside.lives).get(topic, {}),
            in_use=services.content.has_own(topic, page.lang)
            and services.content.page(topic, page.lang) == page,
        )


def reads_missed(request: Request) -> bool:
    """What was not understood is for those who write the answers, and nobody else."""
    return access.may(signed(request).counsellor.roles, "content_missed_done")


async def readable(shelves: Shelves) -> Shelf:
    """The texts, or 404 while a file cannot be read: the list says which."""
    try:
        return await shelves.now()
    except (ContentError, ConfigError):
        raise NotFound("the texts cannot be read") from None


def page_in(shelf: Shelf, topic: str, lang: str) -> Page:
    """The file of a topic in a language. Raises NotFound."""
    page = next((page for one, page in shelf.pages(topic).items() if one == lang), None)
    if page is None:
        raise NotFound("no such text")
    return page


def older_languages(lives: Collection[Change]) -> dict[str, dict[str, Change]]:
    """Topic → language → the newer change in another language that it has not followed.

    `lives`: newest first. What was changed in words alone asks nothing of the other languages.
    """
    found: dict[str, dict[str, Change]] = {}
    followed: dict[str, set[str]] = {}
    for change in lives:
        if change.lang is None or change.place in found:
            continue
        newer = followed.setdefault(change.place, set())
        if change.words_only:
            newer.add(change.lang)
            continue
        beside = {one.lang for one in lives if one.batch == change.batch}
        found[change.place] = {
            lang: change for lang in LANGUAGES if lang not in newer and lang not in beside
        }
    return found


def _beside(tx: Tx, with_missed: bool) -> Beside:
    return Beside(
        missed.listed(tx) if with_missed else [],
        text_changes.opened(tx),
        text_changes.lives(tx),
        counsellors.names(tx),
    )


def _missed_done(tx: Tx, question_id: str, me: str) -> bool:
    removed = missed.remove(tx, question_id)
    if removed:
        audit.write(tx, "missed_done", me, question_id)
    return removed


def _fits(row: Row, chosen: Chosen, today: date) -> bool:
    if chosen.group and row.group != chosen.group:
        return False
    if chosen.due == "missing" and not row.missing:
        return False
    if chosen.due and chosen.due != "missing" and row.due(today) != chosen.due:
        return False
    said = f"{row.topic} {row.title}".casefold()
    return all(word in said for word in chosen.words.casefold().split())


def _grouped(rows: Collection[Row]) -> list[tuple[str, list[Row]]]:
    return [
        (group, [row for row in rows if row.group == group])
        for group in GROUPS
        if any(row.group == group for row in rows)
    ]

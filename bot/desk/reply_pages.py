"""The ready replies of the centre: read, change, add, hide, bring back an earlier version."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.channels.messages import LANGS, Lang
from bot.desk.ready_replies import (
    LONGEST_SMS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    TITLES,
    NotKept,
    Ready,
    all_of,
    filled,
    keep,
    reveals,
    started,
)
from bot.desk.speech import say
from bot.desk.web import PATH, Desk, field, go, signed
from bot.store import counsellors, ready_replies
from bot.store.database import Tx
from bot.store.ready_replies import Version

NEW = "new"
"""Stands in the address for a reply that is not there yet."""
START = "start"
"""Stands for the text of the starting set among the versions."""


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _read(bp, desk)
    _change(bp, desk)


def _read(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.get("/replies", name="replies")
    async def replies(request: Request) -> HTTPResponse:
        return await listed(desk, request, "nb")

    @bp.get("/replies/<lang:str>", name="replies_in")
    async def replies_in(request: Request, lang: str) -> HTTPResponse:
        return await listed(desk, request, read_lang(lang))

    @bp.get("/replies/<lang:str>/<key:str>", name="reply_form")
    async def reply_form(request: Request, lang: str, key: str) -> HTTPResponse:
        spoken = read_lang(lang)
        reply = Ready("", "", "", "")
        if key != NEW:
            reply = await services.db.run(_one, desk, key, spoken)
        return await form(desk, request, spoken, key, reply)


def _change(bp: Blueprint, desk: Desk) -> None:
    services = desk.services

    @bp.post("/replies/<lang:str>/<key:str>", name="reply_save")
    async def reply_save(request: Request, lang: str, key: str) -> HTTPResponse:
        spoken, me = read_lang(lang), signed(request).counsellor.id
        written = Ready(
            "" if key == NEW else key,
            field(request, "title", LONGEST_TITLE + 1),
            field(request, "web", LONGEST_TEXT + 1).replace("\r\n", "\n"),
            field(request, "sms", LONGEST_TEXT + 1).replace("\r\n", "\n"),
            hidden=field(request, "hidden") == "yes",
        )
        if key != NEW:
            await services.db.run(_one, desk, key, spoken)
        try:
            kept = await services.db.run(_keep, desk, written, spoken, me)
        except NotKept as error:
            return await form(desk, request, spoken, key, written, str(error))
        return go(f"{PATH}/replies/{spoken}#r-{kept}")

    @bp.post("/replies/<lang:str>/<key:str>/restore", name="reply_restore")
    async def reply_restore(request: Request, lang: str, key: str) -> HTTPResponse:
        spoken, me = read_lang(lang), signed(request).counsellor.id
        wanted = field(request, "version", 40)
        earlier = await services.db.run(_earlier, desk, key, spoken, wanted)
        await services.db.run(_keep, desk, earlier, spoken, me)
        return go(f"{PATH}/replies/{spoken}/{key}")


async def listed(desk: Desk, request: Request, lang: Lang) -> HTTPResponse:
    """All replies in a language."""
    content = desk.services.content
    found, names = await desk.services.db.run(_all, desk, lang)
    marked = {
        one.key for one in found if reveals(content, filled(content, one.sms_text, lang), lang)
    }
    return desk.page(
        request,
        "replies.html",
        replies=found,
        marked=marked,
        starting=TITLES,
        names=names,
        lang=lang,
        langs=LANGS,
    )


async def form(
    desk: Desk, request: Request, lang: Lang, key: str, reply: Ready, error: str | None = None
) -> HTTPResponse:
    """One reply to change, and its history."""
    history, names = await desk.services.db.run(_history, key, lang)
    return desk.page(
        request,
        "reply.html",
        422 if error else 200,
        error=error,
        reply=reply,
        key=key,
        lang=lang,
        history=history,
        names=names,
        from_start=key in TITLES,
        title=say(reply.title) if reply.key in TITLES else reply.title,
        longest=(LONGEST_TITLE, LONGEST_TEXT, LONGEST_SMS),
    )


def read_lang(text: str) -> Lang:
    """A language from an address. Raises NotFound."""
    for lang in LANGS:
        if text == lang:
            return lang
    raise NotFound("no such language")


def _all(tx: Tx, desk: Desk, lang: Lang) -> tuple[list[Ready], dict[str, str]]:
    return all_of(tx, desk.services.content, lang), counsellors.names(tx)


def _one(tx: Tx, desk: Desk, key: str, lang: Lang) -> Ready:
    for reply in all_of(tx, desk.services.content, lang):
        if reply.key == key:
            return reply
    raise NotFound("no such reply")


def _keep(tx: Tx, desk: Desk, reply: Ready, lang: Lang, me: str) -> str:
    return keep(
        *(tx, desk.services.content, reply.key, lang, me),
        title=reply.title,
        web_text=reply.web_text,
        sms_text=reply.sms_text,
        hidden=reply.hidden,
    )


def _earlier(tx: Tx, desk: Desk, key: str, lang: Lang, wanted: str) -> Ready:
    if wanted == START and key in TITLES:
        return started(desk.services.content, key, lang)
    for row in ready_replies.history(tx, key, lang):
        if row.id == wanted:
            return Ready(key, row.title, row.web_text, row.sms_text, row.hidden)
    raise NotFound("no such version")


def _history(tx: Tx, key: str, lang: Lang) -> tuple[list[Version], dict[str, str]]:
    return ready_replies.history(tx, key, lang), counsellors.names(tx)

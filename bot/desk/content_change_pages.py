"""One change of a text or of a local fact: old and new, who said what, approve, send back, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.desk import access
from bot.desk.content_changes import Changes, Refused, back, label, unpacked
from bot.desk.content_diff import Line, diff
from bot.desk.content_pages import LIST
from bot.desk.content_shelf import Shelves
from bot.desk.content_words import all_words, refused
from bot.desk.web import Desk, field, go, signed
from bot.store import audit, counsellors, text_changes
from bot.store.database import Tx
from bot.store.text_changes import Change, Wanted

LONGEST_WORD = 300


def register(bp: Blueprint, desk: Desk, shelves: Shelves, changes: Changes) -> None:
    """Add the routes."""
    services = desk.services

    async def show(
        request: Request, change_id: str, status: int = 200, error: str | None = None
    ) -> HTTPResponse:
        me = signed(request).counsellor
        change, beside, names = await services.db.run(_read, change_id)
        if change is None or (change.state == "draft" and change.proposed_by != me.id):
            raise NotFound("no such change")
        group = await _group(changes, change, beside)
        problems: list[str] = []
        if change.state in text_changes.OPEN:
            problems = all_words(await changes.findings(group))
        decides = access.may(me.roles, "content_approve") and change.state == "waiting"
        return desk.page(
            request,
            "content_change.html",
            here="content",
            status=status,
            error=error,
            change=change,
            group=[(one, lines_of(one)) for one in group],
            looks=await changes.preview(group) if change.lang else {},
            problems=problems,
            names=names,
            mine=change.proposed_by == me.id,
            others_too=any(one.proposed_by == me.id for one in group),
            decides=decides,
            undone=[one for one in beside if one.undoes == change.id],
            trouble=getattr(services, "troubles", {}).get("texts"),
        )

    @bp.get("/content/change/<change_id:str>", name="content_change")
    async def change_page(request: Request, change_id: str) -> HTTPResponse:
        return await show(request, change_id)

    @bp.post("/content/change/<change_id:str>/approve", name="content_approve")
    async def approve(request: Request, change_id: str) -> HTTPResponse:
        change, beside, _names = await services.db.run(_read, change_id)
        if change is None or change.state == "draft":
            raise NotFound("no such change")
        seen = set(field(request, "seen", 400).split(","))
        group = await _group(changes, change, beside)
        try:
            # What is approved is what she saw, not what came to wait since.
            if change.state != "waiting" or {one.id for one in group} != seen:
                raise Refused("decided")
            await changes.approve(group, signed(request).counsellor.id)
        except Refused as error:
            return await show(request, change_id, 422, refused(error.why))
        return go(f"{LIST}/change/{change_id}")

    @bp.post("/content/change/<change_id:str>/send-back", name="content_send_back")
    async def send_back(request: Request, change_id: str) -> HTTPResponse:
        word = " ".join(field(request, "answer", LONGEST_WORD).split())
        if not word:
            return await show(request, change_id, 422, refused("word"))
        me = signed(request).counsellor.id
        if not await services.db.run(_decided, change_id, me, "sent_back", word):
            return await show(request, change_id, 422, refused("decided"))
        return go(f"{LIST}/change/{change_id}")

    @bp.post("/content/change/<change_id:str>/withdraw", name="content_withdraw")
    async def withdraw(request: Request, change_id: str) -> HTTPResponse:
        me = signed(request).counsellor.id
        if not await services.db.run(_decided, change_id, me, "withdrawn", ""):
            return await show(request, change_id, 422, refused("decided"))
        return go(LIST)

    @bp.post("/content/change/<change_id:str>/undo", name="content_undo")
    async def undo(request: Request, change_id: str) -> HTTPResponse:
        """Propose that it is put back: a second person approves it like any other proposal."""
        batch = await services.db.run(_batch, change_id)
        note = " ".join(field(request, "note", LONGEST_WORD).split())
        wanted = [_undoing(one, note) for one in batch]
        if not note:
            return await show(request, change_id, 422, refused("word"))
        if any(changes.stale(one) for one in wanted):
            return await show(request, change_id, 422, refused("changed"))
        made = await services.db.run(_proposed, signed(request).counsellor.id, wanted)
        return go(f"{LIST}/change/{made[0]}")

    @bp.post("/content/change/<change_id:str>/undo-now", name="content_undo_now")
    async def undo_now(request: Request, change_id: str) -> HTTPResponse:
        batch = await services.db.run(_batch, change_id)
        note = " ".join(field(request, "note", LONGEST_WORD).split())
        try:
            if not note:
                raise Refused("word")
            await changes.undo_now(batch, signed(request).counsellor.id, note)
        except Refused as error:
            return await show(request, change_id, 422, refused(error.why))
        return go(f"{LIST}/change/{change_id}")


def lines_of(change: Change) -> list[Line]:
    """Old and new as lines; the fields of a local fact one a line."""
    if change.lang is not None:
        return diff(change.before, change.after)
    return diff(_as_lines(change.before), _as_lines(change.after))


def _as_lines(packed: str) -> str:
    return "\n".join(f"{name}: {value or '–'}" for name, value in unpacked(packed).items())


async def _group(changes: Changes, change: Change, beside: Sequence[Change]) -> list[Change]:
    """The change and what must be approved with it; when decided, what was decided with it."""
    if change.state == "waiting":
        waiting = [one for one in beside if one.state == "waiting"]
        return await changes.together(change, waiting)
    if change.state == "live":
        return [change, *(o for o in beside if o.batch == change.batch and o.id != change.id)]
    return [change]


def _read(tx: Tx, change_id: str) -> tuple[Change | None, list[Change], dict[str, str]]:
    change = text_changes.get(tx, change_id)
    beside = text_changes.of_place(tx, change.place) if change else []
    return change, beside, counsellors.names(tx)


def _decided(tx: Tx, change_id: str, me: str, state: Any, word: str) -> bool:
    change = text_changes.get(tx, change_id)
    if change is None or (change.proposed_by == me) != (state == "withdrawn"):
        return False
    if not text_changes.decide(tx, [change_id], me, state, answer=word):
        return False
    if change.state != "draft":
        action: audit.Action = "text_withdrawn" if state == "withdrawn" else "text_sent_back"
        audit.write(tx, action, me, change_id, label(change))
    return True


def _batch(tx: Tx, change_id: str) -> list[Change]:
    """What went live together with this. Raises NotFound when it did not."""
    change = text_changes.get(tx, change_id)
    if change is None or change.state != "live" or change.batch is None:
        raise NotFound("no such change")
    return text_changes.of_batch(tx, change.batch)


def _undoing(change: Change, note: str) -> Wanted:
    turned = back(change)
    return Wanted(
        *(change.place, change.lang, turned.before, turned.after, note),
        words_only=change.words_only,
        undoes=change.id,
    )


def _proposed(tx: Tx, me: str, wanted: Sequence[Wanted]) -> list[str]:
    made = []
    for one in wanted:
        new = text_changes.save(tx, me, one, "waiting")
        audit.write(tx, "text_proposed", me, new, label(one))
        made.append(new)
    return made

"""Local facts and numbers: what the answers use of centre.yml, and who has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from bot.centre_entries import CentreEntry, entries, entry
from bot.content.edit import may_write
from bot.content.finding import Finding
from bot.desk.content_changes import Changes, label, packed, unpacked
from bot.desk.content_diff import diff
from bot.desk.content_pages import LIST, readable
from bot.desk.content_shelf import Shelf, Shelves
from bot.desk.content_words import all_words, refused
from bot.desk.web import Desk, field, fresh, go, signed
from bot.store import audit, counsellors, text_changes
from bot.store.database import Tx
from bot.store.text_changes import Change, Wanted

LONGEST_VALUE = 400
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Shown:
    """One line of the list: the entry, whether it is in use, and what waits for it."""

    entry: CentreEntry
    in_use: bool
    waiting: Change | None


def register(bp: Blueprint, desk: Desk, shelves: Shelves, changes: Changes) -> None:
    """Add the routes."""
    services = desk.services

    async def form(
        request: Request,
        one: CentreEntry,
        values: dict[str, str],
        status: int = 200,
        **more: object,
    ) -> HTTPResponse:
        history, names = await services.db.run(_history, one.key)
        shown = {"problems": None, "lines": None, "error": None, "note": ""} | more
        return desk.page(
            request,
            "content_fact.html",
            here="content",
            status=status,
            entry=one,
            values=values,
            base=fresh(packed(one.values)),
            history_of=history,
            names=names,
            writable=may_write(services.settings.centre_file),
            **shown,
        )

    @bp.get("/content/facts", name="content_facts")
    async def facts(request: Request) -> HTTPResponse:
        shelf = await readable(shelves)
        opened = await services.db.run(text_changes.opened)
        waits = {one.place: one for one in opened if one.state == "waiting" and not one.lang}
        return desk.page(
            request,
            "content_facts.html",
            here="content",
            shown=[
                Shown(one, _in_use(desk, shelf, one), waits.get(one.key))
                for one in entries(shelf.centre_text, shelf.content)
            ],
            municipalities=shelf.content.centre.facts.get("municipalities", {}).get("nb", ""),
        )

    @bp.get("/content/facts/<key:str>", name="content_fact")
    async def fact(request: Request, key: str) -> HTTPResponse:
        one = _known(await readable(shelves), key)
        return await form(request, one, one.values)

    @bp.post("/content/facts/<key:str>", name="content_fact_save")
    async def save(request: Request, key: str) -> HTTPResponse:
        one = _known(await readable(shelves), key)
        values = {name: field(request, name, LONGEST_VALUE).strip() for name in one.values}
        note = " ".join(field(request, "note", LONGEST_NOTE).split())
        wanted = Wanted(one.key, None, packed(one.values), packed(values), note)
        if field(request, "base") != fresh(packed(one.values)):
            return await form(request, one, values, 409, error=refused("changed"), note=note)
        findings = await changes.findings([wanted])
        do = field(request, "do")
        error = _refusal(wanted, findings) if do == "propose" else None
        if do != "propose" or error:
            lines = diff(_lines(wanted.before), _lines(wanted.after))
            return await form(
                *(request, one, values, 422 if error else 200),
                error=error,
                note=note,
                problems=all_words(findings),
                lines=lines,
            )
        made = await services.db.run(_propose, signed(request).counsellor.id, wanted)
        return go(f"{LIST}/change/{made}")


def _known(shelf: Shelf, key: str) -> CentreEntry:
    found = entry(shelf.centre_text, shelf.content, key)
    if found is None:
        raise NotFound("no such fact")
    return found


def _in_use(desk: Desk, shelf: Shelf, one: CentreEntry) -> bool:
    """Whether the running service says what the file says."""
    said, name = desk.services.content, one.key.partition(".")[2]
    if one.kind == "facts":
        return said.centre.facts.get(name) == shelf.content.centre.facts.get(name)
    if one.kind == "numbers":
        return name in said.numbers and said.numbers[name] == shelf.content.numbers[name]
    return said.centre.line == shelf.content.centre.line


def _refusal(wanted: Wanted, findings: list[Finding]) -> str | None:
    if wanted.before == wanted.after:
        return refused("same")
    if findings:
        return refused("problems")
    return None if wanted.note else refused("word")


def _lines(text: str) -> str:
    return "\n".join(f"{name}: {value or '–'}" for name, value in unpacked(text).items())


def _history(tx: Tx, key: str) -> tuple[list[Change], dict[str, str]]:
    return text_changes.of_place(tx, key), counsellors.names(tx)


def _propose(tx: Tx, me: str, wanted: Wanted) -> str:
    made = text_changes.save(tx, me, wanted, "waiting")
    audit.write(tx, "text_proposed", me, made, label(wanted))
    return made

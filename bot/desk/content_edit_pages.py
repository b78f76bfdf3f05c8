"""Changing a text: a form for one language, checked at once, kept as a draft or proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.content import ContentError
from bot.content.edit import LONGEST, Fields, NotWritten, fields_of, may_write, with_fields
from bot.content.files import LANGUAGES, Page
from bot.content.finding import Finding, from_error
from bot.desk.content_changes import Changes, label
from bot.desk.content_diff import diff
from bot.desk.content_pages import LIST, older_languages, page_in, readable
from bot.desk.content_shelf import Shelves
from bot.desk.content_words import all_words, refused
from bot.desk.web import Desk, field, fresh, go, signed
from bot.store import audit, text_changes
from bot.store.database import Tx
from bot.store.text_changes import Change, Wanted

DIFFERS = "differs between languages"
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Draft:
    """What the form holds: the whole file, or its fields; and a short word on why."""

    text: str
    fields: Fields | None
    base: str
    note: str = ""
    words_only: bool = False
    change_id: str = ""
    everywhere: bool = False


def register(bp: Blueprint, desk: Desk, shelves: Shelves, changes: Changes) -> None:
    """Add the routes."""
    services = desk.services

    async def form(
        request: Request, page: Page, draft: Draft, status: int = 200, **values: object
    ) -> HTTPResponse:
        shown = {"problems": None, "lines": None, "looks": None, "error": None} | values
        return desk.page(
            request,
            "content_edit.html",
            here="content",
            status=status,
            page=page,
            draft=draft,
            writable=may_write(shelves.path(page.topic, page.lang)),
            **shown,
        )

    @bp.get("/content/topic/<topic:str>/<lang:str>/edit", name="content_edit")
    async def edit(request: Request, topic: str, lang: str) -> HTTPResponse:
        page = page_in(await readable(shelves), topic, lang)
        stands = changes.standing(topic, lang)
        older = older_languages(await services.db.run(text_changes.lives)).get(topic, {})
        draft = Draft(stands, fields_of(stands), fresh(stands), words_only=lang in older)
        mine = await services.db.run(text_changes.get, request.args.get("change") or "")
        if mine is not None and _goes_on(mine, signed(request).counsellor.id, topic, lang):
            draft = _from_change(mine, stands)
        if request.args.get("raw") or draft.fields is None:
            draft = replace(draft, fields=None)
        return await form(request, page, draft)

    @bp.post("/content/topic/<topic:str>/<lang:str>/edit", name="content_save")
    async def save(request: Request, topic: str, lang: str) -> HTTPResponse:
        page = page_in(await readable(shelves), topic, lang)
        me = signed(request).counsellor.id
        stands = changes.standing(topic, lang)
        try:
            draft = _read(request, stands)
        except ContentError as error:
            fields = _fields(request, fields_of(stands))
            wrong = all_words([from_error(error)])
            draft = Draft(stands, fields, fresh(stands), field(request, "note", LONGEST_NOTE))
            return await form(request, page, draft, 422, problems=wrong)
        wanted = Wanted(topic, lang, stands, draft.text, draft.note, draft.words_only)
        if draft.base != fresh(stands):
            again = replace(draft, base=fresh(stands))
            return await form(
                request, page, again, 409, error=refused("changed"), lines=diff(stands, draft.text)
            )
        if len(draft.text) > LONGEST:
            return await form(request, page, draft, 422, error=refused("long"))
        findings = await changes.findings([wanted])
        do = field(request, "do")
        why_not = _not_kept(do, wanted, findings)
        if do == "check" or why_not is not None:
            return await form(
                request,
                page,
                draft,
                422 if why_not else 200,
                error=why_not,
                problems=all_words(findings),
                lines=diff(stands, draft.text),
                looks=(await changes.preview([wanted])).get(lang),
            )
        also = _everywhere(shelves, changes, page, draft) if draft.everywhere else []
        made = await services.db.run(_keep, me, wanted, also, do, draft.change_id)
        return go(f"{LIST}/change/{made}")


def _goes_on(change: Change, me: str, topic: str, lang: str) -> bool:
    mine = change.proposed_by == me and change.state in ("draft", "sent_back")
    return mine and (change.place, change.lang) == (topic, lang)


def _from_change(change: Change, stands: str) -> Draft:
    """A draft as it was left. Written for an older text, it is read against the one that stands."""
    fields = None
    try:
        found = fields_of(change.after)
        if with_fields(stands, found) == change.after:
            fields = found
    except ContentError:
        pass
    base = fresh(change.before)
    return Draft(change.after, fields, base, change.note, change.words_only, change.id)


def _read(request: Request, stands: str) -> Draft:
    """The form as sent. Raises ContentError when its fields cannot be put into the file."""
    fields = None
    if field(request, "raw"):
        text = field(request, "text", 2 * LONGEST).strip("\n") + "\n"
    else:
        fields = _fields(request, fields_of(stands))
        text = with_fields(stands, fields)
    return Draft(
        text=text,
        fields=fields,
        base=field(request, "base"),
        note=" ".join(field(request, "note", LONGEST_NOTE).split()),
        words_only=not field(request, "others"),
        change_id=field(request, "change"),
        everywhere=bool(field(request, "everywhere")),
    )


def _fields(request: Request, now: Fields) -> Fields:
    lines = (line.strip() for line in field(request, "sources", 2000).splitlines())
    return Fields(
        body=field(request, "body", 2 * LONGEST).strip("\n"),
        title=field(request, "title", 200).strip(),
        sources=tuple(line for line in lines if line),
        text_date=field(request, "text_date", 40).strip(),
        review=field(request, "review", 200).strip(),
        sms={name: field(request, name, 4000).strip() for name in now.sms},
    )


def _not_kept(do: str, wanted: Wanted, findings: list[Finding]) -> str | None:
    """Why this is neither kept nor proposed; None when it is."""
    if do not in ("draft", "propose"):
        return None if do == "check" else refused("problems")
    if wanted.after == wanted.before:
        return refused("same")
    if do == "propose" and not wanted.note:
        return refused("word")
    # What has to agree with the other languages may wait for their proposals.
    if do == "propose" and any(not found.what.endswith(DIFFERS) for found in findings):
        return refused("problems")
    return None


def _everywhere(shelves: Shelves, changes: Changes, page: Page, draft: Draft) -> list[Wanted]:
    """The same date and time limit in the other languages, with nothing else changed."""
    if draft.fields is None:
        return []
    found = []
    for lang in LANGUAGES:
        if lang == page.lang:
            continue
        try:
            stands = changes.standing(page.topic, lang)
            same = replace(fields_of(stands), text_date=draft.fields.text_date)
            if draft.fields.review[:1].isdigit():
                same = replace(same, review=draft.fields.review)
            text = with_fields(stands, same)
        except (ContentError, NotWritten):
            continue  # a language that has no text
        if text != stands:
            found.append(Wanted(page.topic, lang, stands, text, draft.note, words_only=True))
    return found


def _keep(tx: Tx, me: str, wanted: Wanted, also: list[Wanted], do: str, change_id: str) -> str:
    state: text_changes.Kept = "waiting" if do == "propose" else "draft"
    made = text_changes.save(tx, me, wanted, state, change_id)
    kept = [(made, wanted), *((text_changes.save(tx, me, one, state), one) for one in also)]
    if state == "waiting":
        for new, one in kept:
            audit.write(tx, "text_proposed", me, new, label(one))
    return made

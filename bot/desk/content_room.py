"""All content pages: one shelf of files and one way of changing them, shared."""

from __future__ import annotations

from sanic import Blueprint

from bot.desk import content_change_pages, content_edit_pages, content_facts, content_pages
from bot.desk.content_changes import Changes
from bot.desk.content_filters import FILTERS
from bot.desk.content_shelf import Shelves
from bot.desk.web import Desk


def register(bp: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    desk.add_filters(FILTERS)
    shelves = Shelves(desk.services)
    changes = Changes(desk.services, shelves)
    content_pages.register(bp, desk, shelves)
    content_edit_pages.register(bp, desk, shelves, changes)
    content_change_pages.register(bp, desk, shelves, changes)
    content_facts.register(bp, desk, shelves, changes)

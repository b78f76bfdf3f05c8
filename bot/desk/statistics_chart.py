"""A table as bars: an SVG made here, without style or script in it, beside the table it shows.

What is held back has a dashed frame instead of a bar, and says so: no length tells how much.
"""

from __future__ import annotations

from markupsafe import escape

from bot.desk.speech import say
from bot.figures.report import Row, Shown

WIDTH = 360
LINE = 40  # height of a row: its words, and the bar under them
BAR = 14
ROOM = 250  # the longest bar; to the right of it stands the number
MOST_ROWS = 15  # of topics; the table has the rest


def chart(shown: Shown) -> str:
    """The chart of a table, or nothing where no number is shown."""
    rows = [row for row in shown.rows if row.value != 0][:MOST_ROWS]
    largest = max((row.value or 0 for row in rows), default=0)
    if shown.quiet or not largest:
        return ""
    title, height = escape(say(shown.table.title)), LINE * len(rows)
    words = escape(_in_words(rows))
    name = f"figur-{shown.table.id}"
    drawn = "".join(_bar(row, LINE * number, largest) for number, row in enumerate(rows))
    return (
        f'<svg class="bars" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name} {name}-ord">'
        f'<title id="{name}">{title}</title><desc id="{name}-ord">{words}</desc>{drawn}</svg>'
    )


def _in_words(rows: list[Row]) -> str:
    return ", ".join(f"{say(row.title)}: {say(row.shown)}" for row in rows)


def _bar(row: Row, top: int, largest: int) -> str:
    label = f'<text class="name" x="0" y="{top + 14}">{escape(say(row.title))}</text>'
    if row.value is None:
        frame = f'<rect class="held" x="1" y="{top + 20}" width="40" height="{BAR}"/>'
        return f"{label}{frame}{_number(row, 48, top)}"
    long = max(2, round(ROOM * row.value / largest))
    bar = f'<rect class="bar" x="0" y="{top + 20}" width="{long}" height="{BAR}"/>'
    return f"{label}{bar}{_number(row, long + 6, top)}"


def _number(row: Row, left: int, top: int) -> str:
    return (
        f'<text class="number" x="{left}" y="{top + 20 + BAR - 2}">{escape(say(row.shown))}</text>'
    )

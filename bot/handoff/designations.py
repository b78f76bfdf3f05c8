"""Invented names for people whose name nobody asked: a colour and a bird, such as "Blå Måke".

Staff say them aloud on the phone, so the words are short, sound different, and carry no opinion
of a person (no crow, no cuckoo, no white or black).
"""

from __future__ import annotations

import secrets

from bot.store import Tx, alarms, handoffs

COLOURS = ("Blå", "Grønn", "Rød", "Grå", "Lilla", "Rosa", "Turkis", "Oransje", "Gyllen", "Sølvgrå")
BIRDS = (
    "Måke", "Svale", "Lerke", "Trost", "Spurv", "Ugle", "Ørn", "Falk", "Svane", "Terne",
    "Alke", "Lunde", "Teist", "Havsule", "Skarv", "Tjeld", "Vipe", "Spove", "Rype", "Orrfugl",
    "Trane", "Hegre", "Linerle", "Bokfink", "Kjøttmeis", "Dompap", "Stær", "Sisik", "Nattergal",
    "Isfugl", "Rødstrupe", "Fiskeørn", "Ærfugl", "Lappugle",
)  # fmt: skip


def designation_for(tx: Tx, conversation_id: str | None) -> str:
    """The name this conversation has already, or a new one that no open case or alarm bears."""
    open_cases = [(row.conversation_id, row.designation) for row in handoffs.all_open(tx)]
    live_alarms = [(row.conversation_id, row.designation) for row in alarms.live(tx)]
    in_use = [*open_cases, *live_alarms]
    if conversation_id is not None:
        for owner, name in in_use:
            if owner == conversation_id:
                return name
    return _new({name for _, name in in_use})


def _new(taken: set[str]) -> str:
    free = [f"{c} {b}" for c in COLOURS for b in BIRDS if f"{c} {b}" not in taken]
    if free:
        return secrets.choice(free)
    number = 2
    while f"{COLOURS[0]} {BIRDS[0]} {number}" in taken:
        number += 1
    return f"{COLOURS[0]} {BIRDS[0]} {number}"

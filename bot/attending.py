"""Keeping how agencies took part in a meeting: one row for each, all in one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from board.hearing import attendance
from board.records import Attendance
from sharepoint.schema import ATTENDANCE
from sharepoint.together import Together

HOW = {
    "present": "Present",
    "deputy": "Deputy",
    "apologies": "Apologies, no information",
    "apologies no information": "Apologies, no information",
    "apologies, no information": "Apologies, no information",
    "apologies sent": "Apologies, information sent",
    "apologies information sent": "Apologies, information sent",
    "apologies, information sent": "Apologies, information sent",
    "absent": "Absent",
}
"""How an agency took part, as people type it."""

TYPED = ("present", "deputy", "apologies", "apologies sent", "absent")
"""The shortest word for each, for whoever typed something else."""


async def keep_attendance(
    batch: Together, meeting: str, before: Mapping[str, Attendance], said: Mapping[str, str]
) -> dict[str, Attendance]:
    """Keep what is said of each agency (by code) over what was said before; the rows that are now.

    Raises Conflict when somebody else keeps the same at this moment, NotUnderstood for what is no way of taking part.
    """
    rows = dict[str, Attendance]()
    for code, each in said.items():
        row = attendance(meeting, code, each)
        old = before.get(code)
        if old is None:
            batch.add(ATTENDANCE, row, why="attendance")
        else:
            row = replace(old, status=row.status, information_sent=row.information_sent)
            batch.change(ATTENDANCE, old, row, why="attendance")
        rows[code] = row
    await batch.send()
    return rows

"""The fictional board's lessons: told in earlier months, told this week, waiting for a chair, and one withdrawn.

Everything has a fixed key, as in the rest of the fictional board.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from board.records import Lesson
from board.vocabulary import LessonStatus
from bot.house import BOT, DEFAULT_FORUM
from sharepoint.schema import LESSONS
from sharepoint.store import Store

WHY = "fictional data"

KEPT = (
    (
        "Three agencies held a piece each, and nobody asked the fourth.",
        "The fire service is asked about every referral of fire setting on the day it comes in.",
        "Triage, and the subgroup's chair",
        75,
        70,
        0,
    ),
    (
        "An officer waited four hours because the place of safety was thought to be full: one bed had been free.",
        "The bed call's list is sent to the control room each time it changes.",
        "Control room, bed managers, street triage",
        48,
        40,
        0,
    ),
    (
        "'Discharge planned' meant three different things to three services.",
        "Whoever says it gives the day, who decided, and what would stop it.",
        "All who answer for an agency",
        9,
        4,
        0,
    ),
    (
        "Nobody rang the carer back, because each service thought that another would.",
        "The plan names who rings, and by when.",
        "",
        3,
        0,
        0,
    ),
    (
        "The form asked for two signatures.",
        "One signature is enough.",
        "Approved mental health professionals",
        60,
        55,
        20,
    ),
)
"""What happened, what changes, who should know; days ago raised, disseminated and withdrawn (0: not)."""


async def load(store: Store, now: datetime) -> str:
    """Write the lessons; say how many."""
    for number, (what, changes, audience, raised, told, back) in enumerate(KEPT):
        state = LessonStatus.WITHDRAWN if back else LessonStatus.DISSEMINATED if told else LessonStatus.RAISED
        row = Lesson(
            key=f"demo:lesson-{number}",
            what=what,
            changes=changes,
            audience=audience,
            forum=DEFAULT_FORUM,
            status=state,
            open=not back,
            raised_on=now - timedelta(days=raised),
            disseminated_on=now - timedelta(days=told) if told else None,
            disseminated_by="Avery Example" if told else "",
            withdrawn_on=now - timedelta(days=back) if back else None,
            withdrawn_why="The Code of Practice asks for two after all." if back else "",
        )
        kept, _ = await store.add_once(LESSONS, row, by=BOT, why=WHY)
        if not kept.reference:
            await store.number(LESSONS, kept, by=BOT)
    return f"{len(KEPT)} lessons"

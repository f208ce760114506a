"""How the fictional agencies took part: at the boards, at another forum's conferences, and what one says against it.

Everything has a fixed key, as in the rest of the fictional board.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from board.conference import key_of
from board.disputes import BEGINS, KIND, Dispute, written
from board.engagement import Part, span_meant
from board.hearing import NOT_SENT, SENT, attendance
from board.records import Forum, Meeting
from board.vocabulary import Attended, MeetingKind, MeetingStatus
from bot import demo_data as data
from bot.house import BOT, DEFAULT_FORUM
from sharepoint.bookkeeping import Event
from sharepoint.schema import ATTENDANCE, EVENTS, FORUMS, MEETINGS
from sharepoint.store import Store

WHY = "fictional data"
MAPPA = "MAPPA"
DAYS_AGO = (120, 92, 64, 36, 8)
"""When the other forum's conferences were."""

HOW = (Attended.PRESENT, Attended.PRESENT, Attended.DEPUTY, Attended.PRESENT, SENT, Attended.PRESENT, NOT_SENT)
"""One way of taking part after another."""


async def load(store: Store, today: date, now: datetime, boards: Sequence[Meeting]) -> str:
    """Write who came to what; say to how many conferences."""
    for number, board in enumerate(each for each in boards if each.status == MeetingStatus.HELD):
        await _came(store, board.reference, [code for code, _, _ in data.PARTNERS], number)
    forum = Forum(key=f"forum:{MAPPA}", code=MAPPA, name="Fictonshire MAPPA", kind="MAPPA")
    await store.add_once(FORUMS, forum, by=BOT, why=WHY)
    for number, ago in enumerate(DAYS_AGO):
        conference = await _conference(store, today - timedelta(days=ago))
        await _came(store, conference.reference, ["POL", "MHT", "ASC", "PRO", "HOU"], number * 2)
    await _dispute(store, today, now)
    return f"{len(DAYS_AGO)} conferences"


async def _conference(store: Store, day: date) -> Meeting:
    row = Meeting(
        key=key_of(MAPPA, day),
        forum=MAPPA,
        held_on=day,
        status=MeetingStatus.HELD,
        kind=MeetingKind.CONFERENCE,
        open=False,
    )
    kept, _ = await store.add_once(MEETINGS, row, by=BOT, why=WHY)
    return kept if kept.reference else await store.number(MEETINGS, kept, by=BOT)


async def _came(store: Store, meeting: str, codes: Sequence[str], shift: int) -> None:
    for number, code in enumerate(codes):
        how = str(HOW[(number * 3 + shift) % len(HOW)])
        await store.add_once(ATTENDANCE, attendance(meeting, code, how), by=BOT, why=WHY)


async def _dispute(store: Store, today: date, now: datetime) -> None:
    words = "One of the boards counts us as absent: our deputy joined by telephone, and the chair greeted them."
    said = Dispute("ASC", Part.MEETINGS, span_meant("", today), words, "Harper Notreal", now - timedelta(days=2))
    row = Event(key=f"{BEGINS}{DEFAULT_FORUM}/ASC/demo", kind=KIND, reference="ASC", until=said.on, value=written(said))
    await store.add_once(EVENTS, row, by="Harper Notreal", why=WHY)

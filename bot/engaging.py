"""Reading what engagement is counted from: bounded by the days that are looked at, whatever the history before them."""

from __future__ import annotations

from datetime import time
from typing import Any

from board.calendar import at_uk, uk_date
from board.disputes import BEGINS, KIND, Dispute, read
from board.engagement import Records, Span
from board.records import Meeting
from board.vocabulary import Answer, MeetingStatus
from bot.directory import People
from sharepoint import queries as ask
from sharepoint.schema import ATTENDANCE, EVENTS, HEARINGS, REFERRALS, RETURNS
from sharepoint.store import Store


async def records(store: Store, people: People, span: Span) -> tuple[Records, list[Dispute]]:
    """What happened in these days, and what agencies said against their figures.

    One request, one for a hundred meetings and a quarter of as many cases that were heard, and one for a hundred cases
    on which some agency knew nothing.
    """
    since = at_uk(span.first, time(0))
    meetings, actions, heard, events = await store.gather(
        ask.meetings_since(span.first),
        ask.actions_due_between(span.first, span.last),
        ask.hearings_since(since),
        ask.keyed_below(EVENTS, f"{BEGINS}{people.home}/"),
    )
    held = [each for each in meetings if _is_held(each, span)]
    cases = sorted({row.reference for row in heard if row.heard_on and uk_date(row.heard_on) <= span.last})
    numbers = [int(each[2:]) for each in cases if each[:2] == "R-" and each[2:].isdecimal()]
    attendance, hearings, returns, referrals = await _together(
        store,
        [ask.about(ATTENDANCE, each.reference) for each in held],
        [ask.about(HEARINGS, each) for each in cases],
        [ask.about(RETURNS, each) for each in cases],
        [ask.numbered(REFERRALS, each, select=ask.FACE) for each in numbers],
    )
    nil = sorted({each.reference for each in returns if each.answer == Answer.NOT_KNOWN})
    of = Records(
        forums=people.forums,
        meetings=held,
        attendance=attendance,
        hearings=hearings,
        referrals=referrals,
        returns=returns,
        looks=(await _together(store, [ask.looks(each) for each in nil]))[0],
        actions=actions,
    )
    return of, _disputes(events)


def _is_held(meeting: Meeting, span: Span) -> bool:
    happened = meeting.status in (MeetingStatus.HELD, MeetingStatus.IN_PROGRESS)
    return happened and bool(meeting.reference) and span.holds(meeting.held_on)


async def _together(store: Store, *asked: list[ask.Query]) -> list[list[Any]]:
    """The rows that each of these lists of queries finds, a hundred queries to a request whichever list they are of."""
    found = iter(await store.each([query for queries in asked for query in queries]))
    return [[row for _ in queries for row in next(found)] for queries in asked]


def _disputes(events: list[Any]) -> list[Dispute]:
    found = [read(each.reference, each.value, each.until) for each in events if each.kind == KIND]
    return [each for each in found if each is not None]

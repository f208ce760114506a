"""The month's list of records to keep or dispose of, told to those who may decide about them."""

from __future__ import annotations

from board import retention
from board.entitlement import Act
from board.months import Month
from board.notices import NoticeKind
from board.records import Member, Referral
from bot.directory import Directory
from bot.monthly import MonthlyNotice
from bot.scopes import for_member
from bot.turn import Message
from cards import retention as show
from sharepoint import queries as ask
from sharepoint.store import Store


class RecordsDue:
    """Counts what is to be decided by the end of the month in which it is told. Nothing due is nothing told."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    @property
    def notice(self) -> MonthlyNotice:
        """What it is among the monthly notices. It tells how things stand, so a month that was missed is not told."""
        return MonthlyNotice(NoticeKind.RECORDS_DUE, Act.RETAIN, self.make, as_things_stand=True)

    async def make(self, month: Month, member: Member) -> Message | None:
        """The notice at the end of this month, of the member's boards: one request."""
        until = month.next.last
        store = for_member(self._store, await self._directory.current(), member)
        found: list[Referral] = await store.find(ask.records_due(until))
        rows = retention.due(found, until)
        if not rows:
            return None
        overdue = sum(1 for row in rows if row.review_on is not None and row.review_on <= month.last)
        return Message(show.TITLE, card=show.monthly_card(len(rows), overdue, until))

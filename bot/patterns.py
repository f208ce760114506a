"""A month's unusual looks, read from `Disclosures`: told to the information governance leads once a month."""

from __future__ import annotations

from collections.abc import Iterable

from board import references
from board.entitlement import Act
from board.errors import NotUnderstood
from board.months import Month
from board.notices import NoticeKind
from board.patterns import Patterns, unusual
from board.records import Disclosure, Member, Referral
from bot.directory import Directory, People
from bot.monthly import MonthlyNotice
from bot.scopes import for_member
from bot.turn import Message
from cards import patterns as show
from sharepoint import queries as ask
from sharepoint.client import BATCH_LIMIT
from sharepoint.errors import TooManyRows
from sharepoint.schema import REFERRALS
from sharepoint.store import Store


class MonthlyPatterns:
    """Makes the monthly notice. A month in which nobody looked is not told of; one without anything unusual is."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    @property
    def notice(self) -> MonthlyNotice:
        """What it is among the monthly notices."""
        return MonthlyNotice(NoticeKind.PATTERNS, Act.DISCLOSURES, self.make)

    async def make(self, month: Month, member: Member) -> Message | None:
        """The notice of a month, of the member's boards."""
        people = await self._directory.current()
        found = await read_patterns(for_member(self._store, people, member), people, month)
        return message(found) if found.people else None


def message(found: Patterns) -> Message:
    """A month's patterns as a message."""
    return Message(show.TITLE, card=show.patterns_card(found))


async def read_patterns(store: Store, people: People, month: Month) -> Patterns:
    """What is unusual in a month: two requests for up to a hundred cases looked at."""
    rows = await _looks(store, month)
    return unusual(rows, await _involved(store, rows), people.members, month)


async def _looks(store: Store, month: Month) -> list[Disclosure]:
    """The month's looks. Where the list holds more since then than SharePoint filters, from the newest backwards."""
    try:
        found: list[Disclosure] = await store.find(ask.disclosures_between(month.first, month.last))
    except TooManyRows:
        found = []
        async for page in store.pages(ask.newest_disclosures()):
            found += page
            if all(row.looked_on is None or row.looked_on.date() < month.first for row in page):
                break
    return found


async def _involved(store: Store, rows: Iterable[Disclosure]) -> dict[str, frozenset[str]]:
    """The agencies of each case that was looked at."""
    numbers = sorted({number for row in rows if (number := _number(row.reference))})
    found: dict[str, frozenset[str]] = {}
    for start in range(0, len(numbers), BATCH_LIMIT):
        some = numbers[start : start + BATCH_LIMIT]
        asked = [ask.numbered(REFERRALS, number, select=("reference", "agency", "asked")) for number in some]
        cases: list[Referral] = [case for answer in await store.gather(*asked) for case in answer]
        found |= {references.reference(references.REFERRAL, case.id): _codes(case) for case in cases}
    return found


def _codes(case: Referral) -> frozenset[str]:
    return case.asked | {case.agency.upper()}


def _number(reference: str) -> int:
    try:
        return references.item_id(reference, references.REFERRAL)
    except NotUnderstood:  # typed into the list
        return 0

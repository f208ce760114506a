"""The doctor's questions about an open site: reads what each rule needs and returns what it finds. Changes nothing.

Each raises the store's errors; `bot.check` bounds them and tells those too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from board import health
from board.calendar import uk_date
from board.findings import Finding, Level, must
from board.vocabulary import Retention, Role
from bot import ready
from bot.house import DEFAULT_FORUM, utc_now
from bot.rounds import DONE
from bot.settings import Settings
from bot.turn import Reference
from bot.uses.setup import CODE
from bot.watch import FEED_KEY
from sharepoint import doctor, provision, upkeep
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation, Event, PostStatus
from sharepoint.client import SharePoint
from sharepoint.examination import Examination
from sharepoint.schema import AGENCIES, AGREEMENTS, CONVERSATIONS, EVENTS, FORUMS, MEMBERS, POSTS, SETTINGS
from sharepoint.sign_in import static
from sharepoint.store import Store

if TYPE_CHECKING:
    from board.records import Agency, Forum, Member
from board.scopes import scopes

WITHIN = 15.0
"""Seconds for one request: somebody sits at the terminal."""
COUNTED = 100
"""The most undelivered posts that are counted."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at: the settings, the board's time, the open site, and an ordinary member's token if any.

    `everything` has the whole record verified, and not what changed lately alone.
    """

    settings: Settings
    now: datetime
    site: SharePoint
    member: str = ""
    everything: bool = False
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The typed store over the site."""
        return Store(self.site, within=WITHIN)

    async def records(self) -> tuple[list[Member], list[Agency], list[Forum]]:
        """The three lists about people: read once, shared by the checks."""
        if not self.people:
            rows = await self.store.gather(ask.open_rows(MEMBERS), ask.open_rows(AGENCIES), ask.open_rows(FORUMS))
            self.people.update(rows=rows)
        members, agencies, forums = self.people["rows"]
        return members, agencies, forums


async def _rights(case: Case) -> list[Finding]:
    return await Examination(case.site).rights(embedded=bool(case.settings.sharepoint_token) or case.settings.embedded)


async def _structure(case: Case) -> list[Finding]:
    found = doctor.structure(await provision.plan(case.site))
    if all(each.level is Level.GOOD for each in found) and not await ready.is_current(case.store):
        found = [must("The site was last provisioned by another version, so the bot does not start.", doctor.PROVISION)]
    return found


async def _sizes(case: Case) -> list[Finding]:
    return await Examination(case.site).sizes()


async def _zones(case: Case) -> list[Finding]:
    examination = Examination(case.site)
    found = await examination.zones()
    if case.member:
        member = SharePoint(case.site.site_url, static(case.member))
        try:
            found += await examination.as_member(member)
        finally:
            await member.close()
    return found


async def _members(case: Case) -> list[Finding]:
    members, agencies, forums = await case.records()
    rows, chats = await case.store.gather(ask.keyed(SETTINGS, CODE), ask.open_rows(CONVERSATIONS))
    found = health.chairs(members, forums) + health.members(members, agencies)
    found += health.chats(members, (each.audience for each in chats)) if case.settings.bot_app_id else []
    if rows:
        chaired = any(member.has(Role.CHAIR) for member in members)
        found += health.set_up(open_=rows[0].open, tries=rows[0].tries, chaired=chaired)
    return found


async def _agencies(case: Case) -> list[Finding]:
    members, agencies, _ = await case.records()
    return health.agencies(agencies, members, uk_date(case.now))


async def _agreements(case: Case) -> list[Finding]:
    return health.agreements(await case.store.find(ask.open_rows(AGREEMENTS)))


async def _measures(case: Case) -> list[Finding]:
    return health.measures(await case.store.find(ask.measures()))


async def _forums(case: Case) -> list[Finding]:
    members, agencies, forums = await case.records()
    return health.forums(forums, agencies) + health.parted(forums, members)


async def _channel(case: Case) -> list[Finding]:
    """One line for each board: with one, its code needs no mention."""
    _, _, forums = await case.records()
    codes = [each.code for each in scopes(forums)]
    found = list[Finding]()
    for code in codes or [DEFAULT_FORUM]:
        rows: list[Conversation] = await case.store.find(ask.keyed(CONVERSATIONS, f"forum:{code}"))
        bound = bool(rows) and rows[0].open
        readable, serving = bound and _is_reference(rows[0].stored), bool(case.settings.bot_app_id)
        found += upkeep.channel(bound, readable, serving=serving, code=code if codes else "")
    return found


def _is_reference(stored: str) -> bool:
    try:
        Reference.from_text(stored)
    except ValueError:
        return False
    return True


async def _posts(case: Case) -> list[Finding]:
    failed = ask.Query(POSTS, f"Status eq '{PostStatus.FAILED}'", order="Id desc", top=COUNTED, select=("status",))
    waiting, undelivered = await case.store.gather(ask.open_rows(POSTS), failed)
    return upkeep.posts(waiting, len(undelivered), utc_now(), at_most=COUNTED)


async def _running(case: Case) -> list[Finding]:
    keys = ("lease:poster", FEED_KEY, DONE)
    rows = await case.store.gather(*(ask.keyed(EVENTS, key) for key in keys))
    lease, feed, done = [found[0] if found else None for found in rows]
    return [
        *upkeep.lease(lease, utc_now(), serving=bool(case.settings.bot_app_id)),
        *upkeep.feed(feed, utc_now()),
        *health.daily_round(_day(done), case.now),
    ]


async def _records(case: Case) -> list[Finding]:
    today = uk_date(case.now)
    asked = (ask.records_due(today), ask.records_at(Retention.IN_PART), ask.records_at(Retention.DISPOSE))
    found = {row.id: row for rows in await case.store.gather(*asked) for row in rows}
    return health.records(list(found.values()), today)


def _day(row: Event | None) -> date | None:
    try:
        return date.fromisoformat(row.value) if row else None
    except ValueError:
        return None


CHECKS: tuple[tuple[str, Callable[[Case], Awaitable[list[Finding]]]], ...] = (
    ("Rights", _rights),
    ("Lists", _structure),
    ("Sizes", _sizes),
    ("Zones", _zones),
    # Webhook subscriptions join here: ours that are there, lapsing or missing, and strangers'.
    ("Members", _members),
    ("Agencies", _agencies),
    ("Forums", _forums),
    ("Agreements", _agreements),
    ("Measures", _measures),
    ("Channel", _channel),
    ("Records", _records),
    ("Posts", _posts),
    ("Running", _running),
)
"""What is asked of an open site, in the order in which one would put things right."""

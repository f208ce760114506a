"""What follows from plans, sign-offs and trigger reports: agreed when all signed, told once, alerted at any hour.

It follows from the lists, so an alert outlives a crash between the report and its posts, and a report typed into the
list alerts as well.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from board import references
from board.alerting import (
    RUNNING,
    alert,
    alerted_agencies,
    channel_alert,
    due,
    members_of,
    read_unsigned,
    told,
    unsigned,
    unsigned_about,
)
from board.errors import BoardError, Conflict
from board.notices import Notice, NoticeKind
from board.path import planned
from board.records import Plan, SignOff, TriggerReport
from board.rounds import Window
from board.signing import Signed, as_of, named, settled, superseded
from board.vocabulary import PlanStatus
from bot.directory import Directory
from bot.house import BOT
from bot.logs import tell
from bot.plan_papers import PlanPapers
from bot.poster import Poster
from bot.scopes import among, of_board
from bot.turn import Message
from cards import plans as show
from cards import words
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.schema import PLANS, POSTS, REFERRALS, SIGN_OFFS, TRIGGER_REPORTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.plans")

UK = ZoneInfo("Europe/London")
FOLLOWED = (PLANS.name, SIGN_OFFS.name, TRIGGER_REPORTS.name)
URGENT_EVERY = 2.0
"""Seconds between two looks for trigger reports while the cards of many referrals wait for Teams' limits."""
IN_FLIGHT = frozenset({PostStatus.SENT, PostStatus.CLAIMED, PostStatus.WAITING, PostStatus.UNCERTAIN})


class Beside(NamedTuple):
    """What there is beside a plan: the sign-offs of its version, and the keys of what was told of it."""

    signs: Sequence[SignOff]
    told: Container[str]


class Plans:
    """Looks at what changed. Safe to repeat: every notice has its key, every write its ETag."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        self._unsettled: set[int] = set()
        self._asked_at = time.monotonic()
        self._papers = PlanPapers(store, directory, now)
        poster.between = self.urgent
        poster.outbox.makers[NoticeKind.TRIGGER] = self._alert_again
        poster.outbox.makers[NoticeKind.PLAN] = self._told_again

    async def look(self, changed: Mapping[str, frozenset[int]]) -> None:
        """Act on the rows of the three lists that changed; alerts come first."""
        for row in await self._store.rows(TRIGGER_REPORTS, changed.get(TRIGGER_REPORTS.name, ())):
            await self._alert(row)
        numbers = set(changed.get(PLANS.name, ()))
        for sign in await self._store.rows(SIGN_OFFS, changed.get(SIGN_OFFS.name, ())):
            numbers |= {found} if (found := _number(sign.reference)) else set()
        await self._settle_all(await self._store.rows(PLANS, numbers))

    async def everything(self) -> None:
        """Look at all that is open, when what changed is not known."""
        reports, plans = await self._store.gather(ask.open_rows(TRIGGER_REPORTS), ask.open_rows(PLANS))
        for report in reports:
            await self._alert(report)
        await self._settle_all(plans)

    async def _settle_all(self, plans: Sequence[Plan]) -> None:
        beside = await self._beside(plans)
        await self._papers.file([await self._settle(plan, beside[plan.id]) for plan in plans])

    async def _beside(self, plans: Sequence[Plan]) -> dict[int, Beside]:
        """What there is beside each of these plans. One request for fifty."""
        asked = [query for plan in plans for query in _queries(plan)]
        found = iter(await self._store.each(asked))
        return {plan.id: Beside(next(found), {post.key for post in next(found)}) for plan in plans}

    async def urgent(self) -> None:
        """Alert on what was reported while many cards are posted: asks at most every few seconds, one request each."""
        if time.monotonic() - self._asked_at >= URGENT_EVERY:
            for report in await self._store.find(ask.open_rows(TRIGGER_REPORTS)):
                await self._alert(report)
            self._asked_at = time.monotonic()

    async def _alert(self, report: TriggerReport) -> None:
        """Tell everybody whom it concerns at once; the channel where nobody of an agency can be told."""
        plans = await self._store.rows(PLANS, [_number(report.reference)])
        if not plans or not report.open:
            return
        people = among(await self._directory.current(), plans[0].forum)
        message = await self._alert_message(report)
        everybody = people.members.values()
        by_agency = {code: members_of(code, everybody) for code in alerted_agencies(plans[0])}
        running = [m for m in everybody if m.open and m.has(*RUNNING)]
        posted = {post.key for post in await self._posts(report)}
        wanted = [alert(report, m.user_id) for m in [*(m for members in by_agency.values() for m in members), *running]]
        await self._poster.say_all({n.key: (n, message) for n in wanted if n.key not in posted}.values())
        posts = await self._posts(report)
        reached = {post.key for post in posts if post.status in IN_FLIGHT}
        keys = {code: {alert(report, m.user_id).key for m in members} for code, members in by_agency.items()}
        missed = [code for code in by_agency if reached.isdisjoint(keys[code])]
        if missed:
            notice = channel_alert(report, missed, people.home)
            await self._poster.say(notice, _channel(report, missed))
        tell(log, logging.INFO, "trigger alerted", agencies=len(by_agency), by_channel=len(missed))
        await self._close(report, done=not any(post.open for post in posts))

    async def _close(self, report: TriggerReport, *, done: bool) -> None:
        """Look at a report again until no post of its waits any more: one that fails late sends for the channel."""
        self._unsettled.add(report.id)
        if done:
            try:
                await self._store.change(TRIGGER_REPORTS, report, replace(report, open=False), by=BOT, why="alerted")
            except Conflict:
                return
            self._unsettled.discard(report.id)

    async def follow(self) -> None:
        """Look again at the reports whose alerts still wait; costs nothing when there are none."""
        for report in await self._store.rows(TRIGGER_REPORTS, self._unsettled):
            if not report.open:
                self._unsettled.discard(report.id)
            await self._alert(report)

    async def _posts(self, report: TriggerReport) -> list[Post]:
        return await self._store.find(ask.about(POSTS, f"trigger/{report.id}"))

    async def _alert_message(self, report: TriggerReport) -> Message:
        agency = (await self._directory.current()).agencies.get(report.agency.upper())
        name = agency.name if agency else "a partner"
        reported = report.reported_on or self._now()
        when = words.when(reported)
        number = _number(report.reference)
        reference = f"{references.reference(references.PLAN, number)}.{report.reference.rpartition('.')[2]}"
        case = report.case if _is_case(report.case) else ""
        return Message(
            f"A trigger was reported: {reference}",
            card=show.alert_card(reference, case, name, when, str(report.id)),
        )

    async def _alert_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        parts = post.key.split("/")
        rows = await self._store.rows(TRIGGER_REPORTS, [int(parts[1])])
        if not rows:
            return None
        return _channel(rows[0], parts[3].split("+")) if parts[2] == "channel" else await self._alert_message(rows[0])

    async def _settle(self, row: Plan, beside: Beside) -> Plan:
        """Write what the sign-offs and the clock make of a plan, tell those who wait for it, and return it."""
        if not row.open:
            return row
        now = self._now()
        today = now.astimezone(UK).date()
        plan = settled(as_of(row, today), beside.signs, now=now, today=today)
        if plan.status != row.status:
            try:
                plan = await self._store.change(PLANS, row, plan, by=BOT, why=plan.status.lower())
            except Conflict:
                tell(log, logging.INFO, "plan changed meanwhile", reference=named(row))
                return row
        if plan.status == PlanStatus.AGREED and row.status != plan.status:
            await self._supersede(plan)
            await self._move_cases([plan], just_agreed=True)
        people = among(await self._directory.current(), plan.forum)
        wanted = told(plan, Signed.of(plan, beside.signs), people.members.values())
        await self._poster.say_all((each, _told(each, plan.case)) for each in wanted if each.key not in beside.told)
        return plan

    async def daily(self, span: Window) -> list[str]:
        """A working day's round: plans that ran out, what is to be reviewed, and who has still to sign."""
        plans: list[Plan] = await self._store.find(ask.open_rows(PLANS))
        people, said = await self._directory.current(), list[str]()
        beside = await self._beside(plans)
        for row in plans:
            plan = as_of(row, span.until)
            await self._settle(row, beside[row.id])
            wanted = due(plan, people.members.values(), span.until)
            news = [(each, _told(each, plan.case)) for each in wanted if each.key not in beside[row.id].told]
            said += await self._poster.say_all(news)
        stand = [as_of(row, span.until) for row in plans]
        said += await self._chase(stand, beside, span.until)
        await self._move_cases(stand, just_agreed=False)
        await self._papers.file(stand)
        return said

    async def _chase(self, plans: Sequence[Plan], beside: Mapping[int, Beside], until: date) -> list[str]:
        """Remind those who have still to sign: each once a day, of all that waits for them."""
        people = await self._directory.current()
        waiting = [(plan, Signed.of(plan, beside[plan.id].signs)) for plan in plans]
        wanted = unsigned(waiting, people.members.values(), people.home, until)
        if not wanted:
            return []
        told = {post.key for post in await self._store.find(ask.about(POSTS, unsigned_about(people.home, until)))}
        return await self._poster.say_all((each, _unsigned(theirs)) for each, theirs in wanted if each.key not in told)

    async def _move_cases(self, plans: Iterable[Plan], *, just_agreed: bool) -> None:
        """Let the cases of agreed plans say so. One request, and one more for each case that it changes.

        A case that is not heard yet when its plan is agreed is looked at again by each day's round.
        """
        agreed = {plan.case: named(plan) for plan in plans if plan.status == PlanStatus.AGREED and _is_case(plan.case)}
        numbers = [references.item_id(case, references.REFERRAL) for case in agreed]
        for case in await self._store.rows(REFERRALS, numbers):
            plan = agreed.get(case.reference, "")
            after = planned(case, show.because_agreed(plan), just_agreed=just_agreed)
            if plan and after != case:
                try:
                    await self._store.change(REFERRALS, case, after, by=BOT, why="plan agreed")
                except Conflict:
                    tell(log, logging.INFO, "a case changed meanwhile", reference=case.reference)

    async def _supersede(self, plan: Plan) -> None:
        others: list[Plan] = await self._store.find(ask.plans_of(plan.case))
        by_id = {each.id: each for each in others}
        for over in superseded(others, plan):
            await self._store.change(PLANS, by_id[over.id], over, by=BOT, why=f"superseded by {named(plan)}")

    async def _unsigned_again(self, home: str, user_id: str) -> Message | None:
        """What waits for somebody's signature now; None when nothing does any more."""
        store, people = of_board(self._store, await self._directory.current(), home)
        plans: list[Plan] = await store.find(ask.open_rows(PLANS))
        beside, today = await self._beside(plans), self._now().astimezone(UK).date()
        waiting = [(as_of(plan, today), Signed.of(plan, beside[plan.id].signs)) for plan in plans]
        wanted = unsigned(waiting, people.members.values(), people.home, today)
        return next((_unsigned(theirs) for notice, theirs in wanted if notice.audience.member == user_id), None)

    async def _told_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        chased = read_unsigned(post.key)
        if chased is not None:
            return await self._unsigned_again(*chased)
        _, reference, what, _ = post.key.split("/")
        if what.partition("-")[0] not in show.SAID:  # a reminder of one plan, which an earlier version told
            return None
        rows = await self._store.rows(PLANS, [_number(reference)])
        return _message(what, reference, rows[0].case) if rows and named(rows[0]) == reference else None


def _queries(plan: Plan) -> tuple[ask.Query, ask.Query]:
    """Its sign-offs, and what was told of it: both are of its version, whatever the day makes of its state."""
    reference = named(as_of(plan, date.min))
    return ask.about(SIGN_OFFS, reference), ask.about(POSTS, reference)


def _number(reference: str) -> int:
    """The plan's number in a reference such as P-14.2; 0, which no row has, for what was typed otherwise."""
    try:
        return references.item_id(reference.partition(".")[0], references.PLAN)
    except BoardError:
        return 0


def _is_case(reference: str) -> bool:
    try:
        return bool(references.item_id(reference, references.REFERRAL))
    except BoardError:
        return False


def _channel(report: TriggerReport, agencies: Iterable[str]) -> Message:
    reference = f"{references.reference(references.PLAN, _number(report.reference))}"
    return Message(f"A trigger was reported: {reference}", card=show.alert_channel(reference, list(agencies)))


def _told(notice: Notice, case: str) -> Message:
    _, reference, what, _ = notice.key.split("/")
    return _message(what, reference, case)


def _unsigned(plans: Sequence[Plan]) -> Message:
    shown = [(named(plan), plan.case) for plan in plans]
    what = f"Plan {shown[0][0]}" if len(shown) == 1 else words.count(len(shown), "plan")
    return Message(f"{what}: sign-off awaited", card=show.unsigned_card(shown))


def _message(what: str, reference: str, case: str) -> Message:
    return Message(f"Plan {reference}", card=show.told_card(what, reference, case))

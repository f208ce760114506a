"""Where the parts meet: one bot over one site, served over HTTP until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from board.errors import BoardError
from bot import credentials
from bot.actions import Actions
from bot.agreements import Agreements
from bot.behind import Behind
from bot.briefing import Briefing
from bot.calendars import Calendars
from bot.chats import Chats
from bot.clock import Clock
from bot.cycle import Cycle
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.disposing import Disposing
from bot.escalating import Escalating
from bot.gate import Gate
from bot.house import House, utc_now
from bot.instance import Instance
from bot.learning import Learning
from bot.lease import RENEWED_AFTER, Lease
from bot.logs import tell
from bot.meetings import Meetings
from bot.minutes import Minutes
from bot.monthly import Monthly
from bot.notifications import Notifications
from bot.operating import Operating
from bot.outbox import Outbox
from bot.packs import Packs
from bot.patterns import MonthlyPatterns
from bot.persons import Persons
from bot.plans import Plans
from bot.poster import Poster
from bot.records_due import RecordsDue
from bot.repair import Repair
from bot.risks import RiskReviews
from bot.rounds import Rounds
from bot.scopes import Job, board_by_board
from bot.sealing import Sealing
from bot.settings import Settings, SettingsError
from bot.teams.connector import TeamsChannel
from bot.teams.edge import Edge
from bot.teams.settings import OPENID_METADATA, EdgeSettings
from bot.watch import Watch
from bot.webhooks import PATH, Webhooks
from cards import words
from sharepoint.client import SharePoint
from sharepoint.errors import StoreError
from sharepoint.store import Store

log = logging.getLogger("mhrmb.app")

BACKGROUND = 30.0
"""Seconds background work waits for the store before its round counts as failed."""


def edge_settings(settings: Settings) -> EdgeSettings:
    """What the Teams edge needs of the settings."""
    return EdgeSettings(
        app_id=settings.bot_app_id,
        tenant_id=settings.tenant_id,
        allowed_tenants=settings.allowed_tenants,
        allowed_service_hosts=settings.allowed_service_hosts,
        openid_metadata_url=settings.openid_metadata_url or OPENID_METADATA,
        sender_per_minute=settings.sender_rate,
    )


class Bot:
    """The running bot: its HTTP application and the loop behind it. `start` and `stop` are each called once."""

    def __init__(
        self, settings: Settings, site: SharePoint, instance: str, *, may_send: Callable[[], bool] | None = None
    ) -> None:
        edge = edge_settings(settings)
        background = Store(site, within=BACKGROUND)
        self.store = Store(site)
        self.channel = TeamsChannel(edge.hosts(), credentials.for_teams(settings))
        self.directory = Directory(self.store)
        self.chats = Chats(self.store)
        self.lease = Lease(background, "poster", instance)
        self.outbox = Outbox(background, self.channel, now=utc_now, may_send=may_send or self.lease.held)
        self.poster = Poster(background, self.directory, self.outbox, self.chats, now=utc_now)
        self.clock = Clock(settings.clock)
        self.rounds = Rounds(background, self.directory, self.poster, self._monthly(background))
        self.sealing = Sealing(background, self.clock.now)
        self.watch = self._watching(background, settings.poll_seconds)
        self.disposing = Disposing(background, self.directory, self.poster, self.lease, self.clock.now)
        self.behind = Behind(self.channel)
        house = House(
            store=self.store,
            directory=self.directory,
            channel=self.channel,
            chats=self.chats,
            nudge=self.watch.nudge,
            reconcile=self.watch.reconcile,
            now=self.clock.now,
            dispose=self.disposing.nudge,
            announce=self.poster.say,
            behind=self.behind.begin,
        )
        self._every = min(settings.poll_seconds, RENEWED_AFTER)
        self.operating = Operating(self.watch, self.outbox, self.channel, stale_after=self._every * 3 + BACKGROUND)
        self.operating.count(site, self.lease)
        self.app = web.Application()
        self.operating.add_routes(self.app)
        Edge(
            edge,
            Dispatch(house, self.operating.metrics.turn),
            self.channel,
            sorry=words.SORRY,
            not_here=words.NOT_HERE,
            too_fast=words.TOO_FAST,
            summary=words.BOT_NAME,
            on_refused=self.operating.metrics.refused,
        ).add_routes(self.app)
        self.webhooks: Webhooks | None = None
        if settings.public_url:
            self.webhooks = Webhooks(background, settings.public_url + PATH, keeps=self.lease.held)
            Notifications(self.webhooks, self.watch.pace.notified).add_routes(self.app)
        self.port = settings.port
        self._tasks: list[asyncio.Task[None]] = []
        self._scheduler: AsyncIOScheduler | None = None

    def _watching(self, background: Store, poll_seconds: float) -> Watch:
        """What follows the lists, and what each working day does, in its order."""
        plans = Plans(background, self.directory, self.poster, self.clock.now)
        self._each_board(Cycle(background, self.directory, self.poster, self.clock.now))
        self._each_board(plans)
        minutes = Minutes(background, self.directory, self.clock.now)
        self.rounds.also.append(minutes.daily)
        calendars = Calendars(background, self.directory, self.clock.now)
        self.rounds.also.append(calendars.daily)
        self._each_board(Meetings(background, self.directory, self.poster, self.clock.now))
        gate = Gate(background, self.directory, self.poster, self.clock.now)
        self._each_board(gate)
        self._each_board(Briefing(background, self.directory, self.poster, self.clock.now))
        self._each_board(Escalating(background, self.directory, self.poster, self.clock.now))
        self._each_board(Packs(background, self.directory, self.poster, self.clock.now))
        agreements = Agreements(background, self.directory, self.poster, self.clock.now)
        self._each_board(agreements)
        self._each_board(RiskReviews(background, self.directory, self.poster, self.clock.now))
        actions = Actions(background, self.directory, self.poster, self.clock.now)
        self._each_board(actions.reaching)  # last: it tells of what all others could not bring
        return Watch(
            background,
            self.directory,
            self.lease,
            self.poster,
            repair=Repair(background, self.directory, self.clock.now),
            actions=actions,
            plans=plans,
            minutes=minutes,
            calendars=calendars,
            sealing=self.sealing,
            gate=gate,
            agreements=agreements,
            persons=Persons(background, self.directory, self.poster, self.clock.now),
            poll_seconds=poll_seconds,
        )

    def _monthly(self, background: Store) -> Monthly:
        """What is told once a month."""
        told = (RecordsDue(background, self.directory).notice, MonthlyPatterns(background, self.directory).notice)
        monthly = Monthly(background, self.directory, self.poster, told)
        monthly.also.append(Learning(background, self.poster).tell)
        return monthly

    def _each_board(self, job: Job) -> None:
        """Have a job of the daily round done for each board by itself."""
        self.rounds.also.append(board_by_board(job, self.directory))

    def start(self) -> None:
        """Begin to watch the lists and the clock."""
        self._tasks.append(asyncio.create_task(self.watch.run()))
        self._tasks.append(asyncio.create_task(self.disposing.run()))
        if self.webhooks is not None:
            self._tasks.append(asyncio.create_task(self.webhooks.run()))
        self._scheduler = AsyncIOScheduler(timezone="Europe/London")
        self._scheduler.add_job(self.tick, "interval", seconds=self._every, max_instances=1, coalesce=True)
        self._scheduler.start()

    async def tick(self) -> None:
        """Do the day's round when it is due, if this process is the one that posts."""
        self.operating.ticked()
        if not self.lease.held():
            return
        try:
            await self.rounds.run(self.clock.now())
            await self.sealing.daily(self.clock.now())
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "the round waits", error=type(error).__name__, says=error)

    async def stop(self) -> None:
        """Stop the loop, finish what is being written, and let another process take over."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.watch.pace.stop()
        await self.chats.settled()
        await self.behind.settled()
        with suppress(StoreError):
            await self.lease.give_up()
        await self.channel.close()


@asynccontextmanager
async def running(settings: Settings, site: SharePoint) -> AsyncIterator[Bot]:
    """A bot that serves while the block runs."""
    async with AsyncExitStack() as stack:
        instance = Instance(settings.data_dir)
        stack.callback(instance.close)
        bot = Bot(settings, site, instance.name)
        runner = web.AppRunner(bot.app, access_log=None, shutdown_timeout=10)
        await runner.setup()
        stack.push_async_callback(bot.stop)
        stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} on {settings.host} cannot be served ({error.strerror}): "
                "is the bot running already? Set MHRMB_PORT to another port."
            ) from error
        bot.port = runner.addresses[0][1]
        bot.start()
        yield bot

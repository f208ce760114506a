"""Webhooks as a nudge: the subscriptions kept alive behind the scenes, and what a notification has to carry.

One process keeps them, the one that posts. Every process knows the secret, since a notification reaches any of them;
the keeper alone knows the subscriptions' ids, and alone can look.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from board.errors import BoardError
from bot.house import BOT, utc_now
from bot.logs import tell
from sharepoint import queries as ask
from sharepoint.bookkeeping import Setting
from sharepoint.errors import StoreError, StoreRefused
from sharepoint.schema import SETTINGS
from sharepoint.store import Store
from sharepoint.subscriptions import Subscriptions, Wanted

log = logging.getLogger("mhrmb.webhooks")

PATH = "/api/sharepoint/changes"
STATE = "webhooks:state"
"""The key in `Settings` of the secret that every notification of ours carries (SharePoint's clientState)."""

CHECKED_EVERY = timedelta(days=1)
FIRST = timedelta(seconds=5)
SOON = timedelta(minutes=1)
LATER = timedelta(minutes=10)
LOOK = 2.0
WITHIN = 20.0
"""Seconds for one request. SharePoint waits five for our answer to its handshake before it answers us."""

LONGEST = 180.0
"""Seconds for a whole check: seven lists, two requests each at the worst."""


class Heard(Enum):
    """What a notification turned out to be."""

    VALID = "valid"
    UNKNOWN = "no subscription of ours"
    FOREIGN = "without our secret"
    NOT_YET = "our secret is not read yet"


class Webhooks:
    """`url` is where SharePoint reaches this bot; `keeps` says whether this process is the one that keeps them."""

    def __init__(
        self, store: Store, url: str, *, keeps: Callable[[], bool], now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._subscriptions = Subscriptions(store.site)
        self._url = url
        self._keeps = keeps
        self._now = now
        self._state = ""
        self._ids: frozenset[str] | None = None
        self._due: datetime | None = None
        self._kept = False
        self._said = ""

    def heard(self, notifications: Iterable[dict[str, Any]]) -> Heard:
        """Judge what arrived: one good notification among them is enough."""
        if not self._state:
            return Heard.NOT_YET
        ours = [each for each in notifications if self._carries_secret(each)]
        if not ours:
            return Heard.FOREIGN
        if self._ids is not None and not any(str(each.get("subscriptionId")).lower() in self._ids for each in ours):
            return Heard.UNKNOWN
        return Heard.VALID

    async def run(self) -> None:
        """Keep them until cancelled: at the start, daily, and soon again after a failure."""
        while True:
            await self.check()
            await asyncio.sleep(LOOK)

    async def check(self) -> None:
        """Do what is due now, bounded in time. Nothing is raised: what fails is said once, and polling goes on."""
        try:
            async with asyncio.timeout(LONGEST):
                await self._check()
        except StoreRefused as refused:
            self._put_off(*_sentence(refused))
        except (StoreError, BoardError, TimeoutError) as error:
            self._put_off(SOON, f"webhooks could not be checked ({type(error).__name__}); polling goes on")
        except Exception as error:  # noqa: BLE001 - the bot must outlive any one fault here
            self._put_off(LATER, f"checking webhooks broke ({type(error).__name__}); polling goes on")

    async def _check(self) -> None:
        keeps, now = self._keeps(), self._now()
        if keeps != self._kept:
            self._kept, self._due, self._ids = keeps, None, None
        if self._due is not None and now < self._due:
            return
        self._state = await self._secret(make=keeps)
        if keeps:
            self._ids = await self._subscriptions.keep(Wanted(self._url, self._state, now), within=WITHIN)
            tell(log, logging.INFO, "webhooks are in place", lists=len(self._ids))
            self._said = ""
        self._due = now + (CHECKED_EVERY if self._state else FIRST)

    def _put_off(self, wait: timedelta, sentence: str) -> None:
        self._due = self._now() + wait
        if sentence != self._said:  # once, not every time it is tried
            self._said = sentence
            tell(log, logging.WARNING, sentence)

    async def _secret(self, *, make: bool) -> str:
        rows: list[Setting] = await self._store.find(ask.keyed(SETTINGS, STATE))
        if not rows and make:
            row = Setting(key=STATE, name="webhooks", value=secrets.token_urlsafe(32))
            made, _ = await self._store.add_once(SETTINGS, row, by=BOT, why="a secret for webhooks")
            rows = [made]
        return rows[0].value if rows else ""

    def _carries_secret(self, notification: dict[str, Any]) -> bool:
        said = notification.get("clientState")
        return isinstance(said, str) and hmac.compare_digest(said.encode(errors="replace"), self._state.encode())


def _sentence(refused: StoreRefused) -> tuple[timedelta, str]:
    """How long to wait after a refusal, and what the log says of it."""
    if refused.status in (401, 403):
        return CHECKED_EVERY, (
            "SharePoint does not let this app keep webhooks, so the lists are polled as before. To have webhooks, "
            "grant it the right to manage the site's lists"
        )
    if "InvalidOperationException" in refused.code:
        return LATER, (
            "SharePoint could not reach this bot at MHRMB_PUBLIC_URL, so the lists are polled as before. "
            "The address must be public, https, and lead to this bot"
        )
    return LATER, f"SharePoint refused a webhook (HTTP {refused.status} {refused.code}); polling goes on"

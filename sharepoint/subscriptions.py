"""Webhook subscriptions of the lists the board follows: one of ours on each, renewed well before it lapses.

SharePoint tells a subscriber that something changed, not what; the change feed is asked for that. Its rules
(learn.microsoft.com, "SharePoint list webhooks"): at most 180 days, only their maker may change or delete one, and to
see all of a list takes the right to manage it. Subscriptions have been seen to get lost (report:
SharePoint/sp-dev-docs#6742), so what is there is compared with what should be, never with what was made.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from board.errors import NotFound
from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.columns import read_moment
from sharepoint.errors import StoreRefused
from sharepoint.schema import ACTIONS, AGENCIES, FORUMS, MEMBERS, REFERRALS, RETURNS, SUBJECTS, ListOf

FOLLOWED: tuple[ListOf[Any], ...] = (REFERRALS, ACTIONS, RETURNS, SUBJECTS, MEMBERS, AGENCIES, FORUMS)
"""The lists whose changes the bot acts on."""

LASTS = timedelta(days=170)
"""Ten days short of SharePoint's most, so that clocks may differ."""

RENEWED_BELOW = timedelta(days=90)
"""Renewed while this much is left: whoever runs the bot may be away for three months."""

_PLAIN = "application/json"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of a list: what SharePoint says of it, and the secret it sends along (`state`)."""

    id: str
    url: str
    expires: datetime | None
    state: str = ""

    def has(self, state: str) -> bool:
        """Whether it carries this secret; how long the comparison takes tells nothing of it."""
        return bool(state) and hmac.compare_digest(self.state.encode(), state.encode())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What each list should have: notifications to `url` with `state`, as things stand at `now`."""

    url: str
    state: str
    now: datetime

    def is_ours(self, there: Subscription) -> bool:
        """Ours is what carries our secret, wherever it points, and what points to us. Anything else is left alone."""
        return there.url == self.url or there.has(self.state)

    def is_right(self, there: Subscription) -> bool:
        """Whether one that points to us needs nothing."""
        return there.has(self.state) and there.expires is not None and there.expires - self.now >= RENEWED_BELOW

    @property
    def body(self) -> JSON:
        """What makes or renews one."""
        expires = f"{self.now + LASTS:%Y-%m-%dT%H:%M:%SZ}"
        return {"notificationUrl": self.url, "expirationDateTime": expires, "clientState": self.state}


class Subscriptions:
    """Raises the store's errors; a missing right is StoreRefused 401 or 403, an unreachable URL says so in its code."""

    def __init__(self, site: SharePoint) -> None:
        self._site = site

    async def there(self, *, within: float) -> dict[str, list[Subscription]]:
        """The subscriptions of every list followed, whoever made them: one request."""
        answers = await self._site.batch([_path(of) for of in FOLLOWED], within=within)
        return {
            of.name: [_read(each) for each in answer.get("value", [])]
            for of, answer in zip(FOLLOWED, answers, strict=True)
        }

    async def keep(self, wanted: Wanted, *, within: float) -> frozenset[str]:
        """See to it that each list has one right subscription of ours; the ids of these. One request when all is well.

        `within` bounds each request. What was done before an error stays done, so it may simply be called again.
        """
        there = await self.there(within=within)
        return frozenset([await self._one(of, there[of.name], wanted, within) for of in FOLLOWED])

    async def _one(self, of: ListOf[Any], there: Iterable[Subscription], wanted: Wanted, within: float) -> str:
        ours = [each for each in there if wanted.is_ours(each)]
        pointing = sorted((each for each in ours if each.url == wanted.url), key=wanted.is_right)
        kept = await self._right(of, pointing[-1], wanted, within) if pointing else ""
        kept = kept or await self._make(of, wanted, within)
        for each in ours:  # last, so that there is no moment without one
            if each.id != kept:
                with suppress(NotFound, StoreRefused):  # gone already, or somebody else's by now
                    await self._site.post(_path(of, each.id), within=within, method="DELETE")
        return kept

    async def _right(self, of: ListOf[Any], there: Subscription, wanted: Wanted, within: float) -> str:
        """Put one that points to us right; its id, or nothing when it cannot be changed: lost, or another app's."""
        if wanted.is_right(there):
            return there.id
        body = {name: value for name, value in wanted.body.items() if name != "notificationUrl"}
        try:
            await self._site.post(_path(of, there.id), body, within=within, method="PATCH", content_type=_PLAIN)
        except StoreRefused as refused:
            if refused.status in (403, 404):
                return ""
            raise
        return there.id

    async def _make(self, of: ListOf[Any], wanted: Wanted, within: float) -> str:
        # The body's form is the documented one: plain JSON, without a type.
        body = {"resource": f"{self._site.site_url}/_api/web/lists/getByTitle('{of.name}')", **wanted.body}
        made = await self._site.post(_path(of), body, within=within, content_type=_PLAIN)
        return str(made.get("id") or "").lower()


def _path(of: ListOf[Any], number: str = "") -> str:
    return f"web/lists/getByTitle('{of.name}')/subscriptions" + (f"('{number}')" if number else "")


def _read(value: JSON) -> Subscription:
    return Subscription(
        id=str(value.get("id") or "").lower(),
        url=str(value.get("notificationUrl") or ""),
        expires=read_moment(value.get("expirationDateTime")),
        state=str(value.get("clientState") or ""),
    )

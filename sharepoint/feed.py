"""The change feed: which items changed since a token, by polling `getChanges` on the whole site in one request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.errors import StoreRefused
from sharepoint.schema import LISTS

LIMIT = 1000
"""The most changes SharePoint gives in one answer (ChangeQuery.FetchLimit)."""


OLDEST = timedelta(days=55)
"""SharePoint keeps changes for 60 days (documented), and has been seen to answer an older token with nothing at all
instead of a refusal (report: SharePoint/sp-dev-docs#10389). So a token near that age is not asked with."""

MOST_PAGES = 50
"""How far a look through the whole log goes: 50,000 deletions, more than anybody makes by hand in 60 days."""

DELETED = 3
"""SharePoint's ChangeType for an item that went to the recycle bin or for good."""


_TICKS = re.compile(r"1;[123];[0-9a-fA-F-]{36};([0-9]{1,19});")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: item ids by list name (`deleted` among them), the token to ask from next, whether there is more."""

    items: dict[str, frozenset[int]]
    token: str
    more: bool = False
    deleted: dict[str, frozenset[int]] = field(default_factory=dict)


class Feed:
    """Reads the changes of the lists the board knows; a change of any other list is passed over."""

    def __init__(self, site: SharePoint, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._site = site
        self._now = now
        self._names: dict[str, str] = {}

    async def now(self, *, within: float) -> str:
        """The token of this moment: changes from here on."""
        answer = await self._site.get("web?$select=CurrentChangeToken", within=within, background=True)
        return _token(answer.get("CurrentChangeToken"))

    async def since(self, token: str, *, within: float) -> Changes | None:
        """Changes since a token; None when the token is too old or not understood, so that everything is read anew."""
        made = _made(token)
        if made is not None and self._now() - made > OLDEST:
            return None
        await self._learn_names(within)
        try:
            return await self._page(_query(token), token, within)
        except StoreRefused as refused:
            if refused.status in (400, 404, 500):
                return None
            raise

    async def deleted(self, *, within: float) -> dict[str, frozenset[int]]:
        """Items deleted since the log begins, by list name, among them what was restored since.

        For whoever lost its token: rows that are there can be read, those that went are told of by the log alone.
        """
        await self._learn_names(within)
        found: dict[str, frozenset[int]] = {}
        token = ""
        for _ in range(MOST_PAGES):
            page = await self._page(_query(token, "DeleteObject"), token, within)
            for name, numbers in page.deleted.items():
                found[name] = found.get(name, frozenset()) | numbers
            token = page.token
            if not page.more:
                break
        return found

    async def _page(self, query: JSON, token: str, within: float) -> Changes:
        answer = await self._site.post("web/getChanges", {"query": query}, within=within, background=True)
        return self._read(answer.get("value", []), token)

    async def _learn_names(self, within: float) -> None:
        if self._names:
            return
        answer = await self._site.get("web/lists?$select=Id,Title&$top=500", within=within, background=True)
        ours = {of.name for of in LISTS}
        self._names = {
            str(each["Id"]).lower(): each["Title"] for each in answer.get("value", []) if each["Title"] in ours
        }

    def _read(self, rows: Iterable[JSON], token: str) -> Changes:
        items: dict[str, set[int]] = {}
        deleted: dict[str, set[int]] = {}
        count = 0
        for row in rows:
            count += 1
            token = _token(row.get("ChangeToken")) or token
            name = self._names.get(str(row.get("ListId", "")).lower())
            item_id = row.get("ItemId")
            if name and isinstance(item_id, int):
                items.setdefault(name, set()).add(item_id)
                if row.get("ChangeType") == DELETED:
                    deleted.setdefault(name, set()).add(item_id)
        return Changes(_frozen(items), token, more=count >= LIMIT, deleted=_frozen(deleted))


def _frozen(ids: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    return {name: frozenset(numbers) for name, numbers in ids.items()}


def _query(token: str, *kinds: str) -> JSON:
    """Changes of items; without a token from where the log begins."""
    wanted = kinds or ("Add", "Update", "DeleteObject", "Restore")
    query = {"__metadata": {"type": "SP.ChangeQuery"}, "Item": True, "FetchLimit": str(LIMIT)}
    if token:
        query["ChangeTokenStart"] = {"__metadata": {"type": "SP.ChangeToken"}, "StringValue": token}
    return query | dict.fromkeys(wanted, True)


def _made(token: str) -> datetime | None:
    """When a token was given: its fourth part, in units of 100 ns since the year 1. None for one of another shape."""
    found = _TICKS.match(token)
    if not found:
        return None
    try:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[1]) // 10)
    except OverflowError:
        return None


def _token(value: object) -> str:
    text = value.get("StringValue") if isinstance(value, dict) else ""
    return text if isinstance(text, str) else ""

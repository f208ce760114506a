"""The change feed: which items changed since a token, by polling `getChanges` on the whole site in one request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.errors import StoreRefused
from sharepoint.schema import LISTS

LIMIT = 1000
"""The most changes SharePoint gives in one answer (ChangeQuery.FetchLimit)."""


DELETED = 3
"""SharePoint's ChangeType for an item that went to the recycle bin or for good."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: item ids by list name (`deleted` among them), the token to ask from next, whether there is more."""

    items: dict[str, frozenset[int]]
    token: str
    more: bool = False
    deleted: dict[str, frozenset[int]] = field(default_factory=dict)


class Feed:
    """Reads the changes of the lists the board knows; a change of any other list is passed over."""

    def __init__(self, site: SharePoint) -> None:
        self._site = site
        self._names: dict[str, str] = {}

    async def now(self, *, within: float) -> str:
        """The token of this moment: changes from here on."""
        answer = await self._site.get("web?$select=CurrentChangeToken", within=within, background=True)
        return _token(answer.get("CurrentChangeToken"))

    async def since(self, token: str, *, within: float) -> Changes | None:
        """Changes since a token; None when the token is too old or not understood, so that everything is read anew."""
        if not self._names:
            self._names = await self._list_names(within)
        try:
            answer = await self._site.post("web/getChanges", {"query": _query(token)}, within=within, background=True)
        except StoreRefused as refused:
            if refused.status in (400, 404, 500):
                return None
            raise
        return self._read(answer.get("value", []), token)

    async def _list_names(self, within: float) -> dict[str, str]:
        answer = await self._site.get("web/lists?$select=Id,Title&$top=500", within=within, background=True)
        ours = {of.name for of in LISTS}
        return {str(each["Id"]).lower(): each["Title"] for each in answer.get("value", []) if each["Title"] in ours}

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


def _query(token: str) -> JSON:
    return {
        "__metadata": {"type": "SP.ChangeQuery"},
        "Item": True,
        "Add": True,
        "Update": True,
        "DeleteObject": True,
        "Restore": True,
        "FetchLimit": str(LIMIT),
        "ChangeTokenStart": {"__metadata": {"type": "SP.ChangeToken"}, "StringValue": token},
    }


def _token(value: object) -> str:
    text = value.get("StringValue") if isinstance(value, dict) else ""
    return text if isinstance(text, str) else ""

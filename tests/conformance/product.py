"""The product's own client doing those operations of the table that it has; see sharepoint/client.py."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from board.errors import Conflict, NotFound
from sharepoint.client import SharePoint
from sharepoint.errors import Duplicate, StoreBusy, StoreRefused
from sharepoint.sign_in import static
from tests.conformance.outcome import Failed, Refusal
from tests.conformance.shape import pick

SECONDS = 30
_AS_IT_CAME = 0.5
"""How long to go on asking a busy server: less than any Retry-After here, so that the first answer is what is told."""


def do(site: str, operation: str, told: dict[str, Any], token: str) -> object:
    """The value that an operation gives, or Refusal (without a message: the client keeps none), or Failed."""
    return asyncio.run(_do(site, operation, told, token))


async def _do(site: str, operation: str, told: dict[str, Any], token: str) -> object:
    client = SharePoint(site, static(token))
    try:
        return await OPERATIONS[operation](client, told)
    except Conflict:
        return Refusal(412, "-1, Microsoft.SharePoint.Client.ClientServiceException")
    except NotFound:
        return Refusal(404, "-2130575338, System.ArgumentException")
    except Duplicate:
        return Refusal(400, "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException")
    except ValueError as error:  # it refuses what SharePoint would, before anything is sent
        return Failed(str(error))
    except StoreRefused as refused:
        return Refusal(refused.status, refused.code)
    except StoreBusy as busy:
        status = re.search(r"HTTP (\d{3})", str(busy))
        return Refusal(int(status[1]), retry_after=f"{busy.retry_after:g}") if status else Failed("no answer")
    finally:
        await client.close()


def _list(a: dict[str, Any]) -> str:
    title = a["list"].replace("'", "''")
    return f"web/lists/getByTitle('{quote(title, safe='')}')"


def _query(a: dict[str, Any]) -> str:
    way = "asc" if a.get("ascending", True) else "desc"
    options = {
        "$select": ",".join(a.get("select", ())),
        "$expand": ",".join(a.get("expand", ())),
        "$filter": a.get("filter", ""),
        "$orderby": f"{a['orderby']} {way}" if "orderby" in a else "",
        "$top": str(a.get("top", "")),
        **a.get("options", {}),
    }
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items() if value)


def _heads(a: dict[str, Any]) -> list[str]:
    return [name.partition("/")[0] for name in a["select"]]


async def _get(client: SharePoint, path: str, a: dict[str, Any]) -> Any:
    within = SECONDS if a.get("patient") else _AS_IT_CAME
    return pick(await client.get(f"{path}?{_query(a)}", within=within), _heads(a))


async def _page(client: SharePoint, a: dict[str, Any]) -> Any:
    told = await client.get(f"{_list(a)}/items?{_query(a)}", within=SECONDS)
    return [pick(one, _heads(a)) for one in told["value"]]


async def _add_etag(client: SharePoint, a: dict[str, Any]) -> Any:
    return (await client.add(a["list"], a["values"], within=SECONDS))[1]


async def _update(client: SharePoint, a: dict[str, Any]) -> Any:
    return await client.merge(a["list"], a["id"], a["values"], etag=a["etag"], within=SECONDS)


async def _batch(client: SharePoint, a: dict[str, Any]) -> Any:
    paths = [f"{_list(a)}/items({number})?{_query(a)}" for number in a["ids"]]
    return [pick(one, a["select"]) for one in await client.batch(paths, within=SECONDS)]


async def _changes(client: SharePoint, path: str, a: dict[str, Any]) -> Any:
    query = {"__metadata": {"type": "SP.ChangeQuery"}, **a["query"]}
    query["ChangeTokenStart"] = {"__metadata": {"type": "SP.ChangeToken"}, "StringValue": a["token"]}
    told = await client.post(f"{path}/getChanges", {"query": query}, within=SECONDS)
    return [pick(one, a["select"]) for one in told["value"]]


Operation = Callable[[SharePoint, dict[str, Any]], Awaitable[Any]]
OPERATIONS: dict[str, Operation] = {
    "web.read": lambda client, a: _get(client, "web", a),
    "lists.read": lambda client, a: _get(client, _list(a), a),
    "items.read": lambda client, a: _get(client, f"{_list(a)}/items({a['id']})", a),
    "items.add_etag": _add_etag,
    "items.update": _update,
    "items.page": _page,
    "batch.read": _batch,
    "changes.list": lambda client, a: _changes(client, _list(a), a),
    "changes.web": lambda client, a: _changes(client, "web", a),
}

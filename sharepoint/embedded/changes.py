"""The change log: what was added, updated or deleted, in order, read by tokens that only their own scope understands.

A token is `1;<scope>;<guid>;<ticks>;<seq>`; scope 3 is a list, 2 the web, 1 the site collection.
"""

from __future__ import annotations

import re
from typing import Any

from sharepoint.embedded import moments
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Many, Reply
from sharepoint.embedded.errors import BadQuery, BadToken
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

ADD, UPDATE, DELETE = 1, 2, 3
ITEM, LIST, FIELD, VIEW = "Item", "List", "Field", "View"
_OPERATIONS = {ADD: ("Add",), UPDATE: ("Update", "SystemUpdate"), DELETE: ("DeleteObject",)}
_TOKEN = re.compile(r"1;([123]);([0-9a-fA-F-]{36});(\d{1,19});(-?\d{1,18})$")
FETCH, MOST = 1000, 2000


def record(
    site: Site, info: ListInfo, person: Person, *, change: int, about: str = ITEM, item: int | None = None, guid: str
) -> None:
    """Write one change, inside the transaction of the write it tells of."""
    site.database.run(
        "INSERT INTO changes (ticks, list_no, list_guid, object, change, item, guid, editor) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (moments.ticks(), info.no, info.guid, about, change, item, guid, person.id),
    )


def prune(site: Site) -> None:
    """Forget the changes that no good token can reach."""
    with site.database.write():
        site.database.run("DELETE FROM changes WHERE ticks < ?", (moments.days_ago(site.change_days),))


def current_token(site: Site, scope: int, guid: str) -> Complex:
    """The token of this moment."""
    row = site.database.one("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    return _token(scope, guid, moments.ticks(), row["seq"] if row else 0)


def of_list(site: Site, call: Call) -> Reply:
    """POST lists/…/getChanges."""
    info = site.open(call.person, call.keys[0])
    return _answer(site, call, (3, info.guid), "list_no = ?", [info.no])


def of_web(site: Site, call: Call) -> Reply:
    """POST web/getChanges: the changes of the lists the person may read."""
    return _across(site, call, (2, site.guid))


def of_site(site: Site, call: Call) -> Reply:
    """POST site/getChanges."""
    return _across(site, call, (1, site.collection_guid))


def _across(site: Site, call: Call, scope: tuple[int, str]) -> Reply:
    closed = [info.no for info in site.lists() if Right.READ not in site.people.rights(call.person, info)]
    marks = ",".join("?" * len(closed))
    return _answer(site, call, scope, f"list_no NOT IN ({marks})", closed)


def _answer(site: Site, call: Call, scope: tuple[int, str], where: str, values: list[Any]) -> Reply:
    query = call.parameter("query", "SP.ChangeQuery")
    start = _position(
        site, query.get("ChangeTokenStart"), scope, lenient=bool(query.get("IgnoreStartTokenNotFoundError"))
    )
    end = _position(site, query.get("ChangeTokenEnd"), scope)
    objects = [name for name in (ITEM, LIST, FIELD, VIEW) if query.get(name)]
    kinds = [kind for kind, names in _OPERATIONS.items() if any(query.get(name) for name in names)]
    rows = site.database.all(
        f"SELECT * FROM changes WHERE {where} AND seq > ? AND seq <= ? AND object IN ({_marks(objects)}) "  # noqa: S608
        f"AND change IN ({_marks(kinds)}) ORDER BY seq {'DESC' if query.get('LatestFirst') else ''} LIMIT ?",
        [*values, start or 0, 2**62 if end is None else end, *objects, *kinds, _limit(query.get("FetchLimit"))],
    )
    return Reply(Many([_entity(site, dict(row), scope) for row in rows], metadata="SP.ApiData.Changes"))


def _marks(values: list[Any]) -> str:
    return ",".join("?" * len(values))


def _limit(value: Any) -> int:
    if value is None:
        return FETCH
    if not str(value).isdigit() or not 1 <= int(value) <= MOST:
        raise BadQuery(f"FetchLimit must be a whole number from 1 to {MOST}.")
    return int(value)


def _position(site: Site, value: Any, scope: tuple[int, str], *, lenient: bool = False) -> int | None:
    text = value.get("StringValue") if isinstance(value, dict) else value
    if text is None:
        return None
    found = _TOKEN.match(text) if isinstance(text, str) else None
    if not found:
        raise BadToken("Invalid change token: it is malformed.")
    if (int(found[1]), found[2].lower()) != scope:
        raise BadToken("The changeToken refers to another list, web or site than the one asked.")
    if int(found[3]) < moments.days_ago(site.change_days):
        if lenient:
            return None
        raise BadToken("The changeToken refers to a time before the start of the current change log.")
    return int(found[4])


def _token(scope: int, guid: str, ticks: int, seq: int) -> Complex:
    return Complex("SP.ChangeToken", {"StringValue": f"1;{scope};{guid};{ticks};{seq}"})


def _entity(site: Site, row: dict[str, Any], scope: tuple[int, str]) -> Entity:
    values: dict[str, Any] = {
        "ChangeToken": _token(*scope, row["ticks"], row["seq"]),
        "ChangeType": row["change"],
        "SiteId": site.collection_guid,
        "Time": moments.from_ticks(row["ticks"]),
    }
    if row["object"] == ITEM:
        values |= {"Editor": "", "EditorEmailHint": None, "ItemId": row["item"], "UniqueId": row["guid"]}
    elif row["object"] == FIELD:
        values["FieldId"] = row["guid"]
    elif row["object"] == VIEW:
        values["ViewId"] = row["guid"]
    values |= {"ListId": row["list_guid"], "WebId": site.guid}
    kind = f"SP.Change{row['object']}"
    return Entity(kind, f"{kind}{row['guid']}", values)

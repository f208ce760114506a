"""The change log: what was added, updated, deleted or restored, in order, read by tokens that know their scope.

A token is `1;<scope>;<guid>;<ticks>;<seq>`; scope 3 is a list, 2 the web, 1 the site collection. A `seq` of -1 means
whatever came after the instant, which is how clients make a token of their own. Changes of items, lists and columns
are in the log, and the rights given and taken on them; those of groups, alerts and content types are not, so asking for
them finds nothing. A file or folder of a library changes as its item does: ChangeFile and ChangeFolder are of what lies
in no library (doc: SP.ChangeFile Class), and there is none here. Nobody is told of what they may not read (see
trimming).
"""

from __future__ import annotations

import re
from typing import Any

from sharepoint.embedded import moments, trimming
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Many, Reply
from sharepoint.embedded.errors import BadQuery, TokenMalformed, TokenOfAnother, TokenTooOld, UnknownProperty
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

ADD, UPDATE, DELETE, RENAME, MOVE_AWAY, MOVE_INTO, RESTORE, SYSTEM_UPDATE = 1, 2, 3, 4, 5, 6, 7, 15
"""Numbers of SharePoint's ChangeType."""
RIGHTS_ADDED, RIGHTS_REMOVED = 11, 12
"""Of the same, AssignmentAdd and AssignmentDelete (doc)."""

ITEM, LIST, FIELD, VIEW, FILE, FOLDER = "Item", "List", "Field", "View", "File", "Folder"
_OBJECTS = (ITEM, LIST, FIELD, VIEW, FILE, FOLDER)
_OPERATIONS = {
    ADD: "Add", UPDATE: "Update", DELETE: "DeleteObject", RENAME: "Rename", MOVE_AWAY: "Move", MOVE_INTO: "Move",
    RESTORE: "Restore", RIGHTS_ADDED: "RoleAssignmentAdd", RIGHTS_REMOVED: "RoleAssignmentDelete",
    SYSTEM_UPDATE: "SystemUpdate",
}  # fmt: skip
# The rest of SP.ChangeQuery's properties (documented); the log holds nothing that most of these would select.
_OTHERS = (
    "Activity", "Alert", "ContentType", "Group", "GroupMembershipAdd", "GroupMembershipDelete", "Navigation",
    "RoleDefinitionAdd", "RoleDefinitionDelete", "RoleDefinitionUpdate",
    "SecurityPolicy", "Site", "User", "Web", "RecursiveAll", "RequireSecurityTrim", "LatestFirst",
    "IgnoreStartTokenNotFoundError",
)  # fmt: skip
_FLAGS = frozenset({*_OBJECTS, *_OPERATIONS.values(), *_OTHERS})
_KNOWN = _FLAGS | {"ChangeTokenStart", "ChangeTokenEnd", "FetchLimit"}
_TOKEN = re.compile(r"1;([123]);([0-9a-fA-F-]{36});(\d{1,19});(-1|\d{1,18})$")
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
    for tell in site.on_change:
        tell()


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
    # The log names every item, so seeing some of them is not enough.
    site.people.require(call.person, Right.READ, info)
    return _answer(site, call, (3, info.guid), trimming.of_list(site, call.person, info))


def of_web(site: Site, call: Call) -> Reply:
    """POST web/getChanges: the changes of the lists the person may read."""
    return _answer(site, call, (2, site.guid), trimming.of_all(site, call.person))


def of_site(site: Site, call: Call) -> Reply:
    """POST site/getChanges."""
    return _answer(site, call, (1, site.collection_guid), trimming.of_all(site, call.person))


def _answer(site: Site, call: Call, scope: tuple[int, str], where: str) -> Reply:
    query = _query(call)
    lenient = bool(query.get("IgnoreStartTokenNotFoundError"))
    start = _position(site, query.get("ChangeTokenStart"), scope, lenient=lenient)
    end = _position(site, query.get("ChangeTokenEnd"), scope)
    objects = [name for name in _OBJECTS if query.get(name)]
    kinds = [kind for kind, name in _OPERATIONS.items() if query.get(name)]
    rows = site.database.all(
        f"SELECT * FROM changes WHERE {where} AND seq > ? AND seq <= ? AND object IN ({_marks(objects)}) "  # noqa: S608
        f"AND change IN ({_marks(kinds)}) ORDER BY seq {'DESC' if query.get('LatestFirst') else ''} LIMIT ?",
        [start or 0, 2**62 if end is None else end, *objects, *kinds, _limit(query.get("FetchLimit"))],
    )
    return Reply(Many([_entity(site, dict(row), scope) for row in rows], metadata="SP.ApiData.Changes"))


def _query(call: Call) -> dict[str, Any]:
    """The ChangeQuery asked with; BadQuery for a flag that is none, UnknownProperty for a name it lacks."""
    query = call.parameter("query", "SP.ChangeQuery")
    for name, value in query.items():
        if name not in _KNOWN:
            raise UnknownProperty(name, "SP.ChangeQuery")
        if name in _FLAGS and not isinstance(value, bool):
            raise wrong_type("Edm.Boolean")
    return query


def _marks(values: list[Any]) -> str:
    return ",".join("?" * len(values))


def _limit(value: Any) -> int:
    if value is None:
        return FETCH
    if not (str(value).isascii() and str(value).isdigit()) or len(str(value)) > 9 or not 1 <= int(value) <= MOST:
        raise BadQuery(f"FetchLimit must be a whole number from 1 to {MOST}.")
    return int(value)


def _position(site: Site, value: Any, scope: tuple[int, str], *, lenient: bool = False) -> int | None:
    text = value.get("StringValue") if isinstance(value, dict) else value
    if text is None:
        return None
    found = _TOKEN.match(text) if isinstance(text, str) else None
    if not found:
        raise TokenMalformed
    if (int(found[1]), found[2].lower()) != scope:
        raise TokenOfAnother
    ticks, seq = int(found[3]), int(found[4])
    if ticks < moments.days_ago(site.change_days):
        if lenient:
            return None
        raise TokenTooOld
    return seq if seq >= 0 else _last_before(site, ticks)


def _last_before(site: Site, ticks: int) -> int:
    """The last change up to an instant."""
    row = site.database.one("SELECT max(seq) AS seq FROM changes WHERE ticks <= ?", (ticks,))
    return int(row["seq"] or 0) if row else 0


def _token(scope: int, guid: str, ticks: int, seq: int) -> Complex:
    return Complex("SP.ChangeToken", {"StringValue": f"1;{scope};{guid};{ticks};{seq}"})


def _entity(site: Site, row: dict[str, Any], scope: tuple[int, str]) -> Entity:
    values: dict[str, Any] = {
        "ChangeToken": _token(*scope, row["ticks"], row["seq"]),
        "ChangeType": row["change"],
        "SiteId": site.collection_guid,
        "Time": moments.from_ticks(row["ticks"]),
    }
    if row["object"] in (ITEM, FILE, FOLDER):
        values |= {"Editor": "", "EditorEmailHint": None, "ItemId": row["item"], "UniqueId": row["guid"]}
    elif row["object"] in (FIELD, VIEW):
        values[f"{row['object']}Id"] = row["guid"]
    values |= {"ListId": row["list_guid"], "WebId": site.guid}
    kind = f"SP.Change{row['object']}"
    return Entity(kind, f"{kind}{row['guid']}", values)

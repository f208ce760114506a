"""POST lists/…/renderListDataAsStream: a page of a view as SharePoint's own list pages read it.

The answer is plain JSON whatever the Accept header says. Ids are strings, people and lookups arrays, yes/no is "Yes"
with "1" beside it (report: SharePoint/sp-dev-solutions and TypeScript models of rows, with `isSecretFieldValue`).
Sorting and filtering by the query string (SortField, FilterField1), and the render options that ask for what is not
here, answer 501.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from sharepoint.embedded import addresses, caml, getitems, rows, schemas, viewtable
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply, Single, Streamed
from sharepoint.embedded.errors import BadQuery, NotBuilt, UnknownProperty
from sharepoint.embedded.filters import And
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.selection import Selection
from sharepoint.embedded.site import Site

ROWS = 30  # of a view that does not say how many (memory)
_NO_VIEW = "00000000-0000-0000-0000-000000000000"
_CONTEXT, _DATA, _SCHEMA = 1, 2, 4
# FileSystemItemId, DisableAutoHyperlink and EnableMediaTAUrls change nothing about items without files.
_ANSWERED = _CONTEXT | _DATA | _SCHEMA | 32 | 2048 | 4096
_KNOWN = frozenset(
    {"AddRequiredFields", "AllowMultipleValueFilterForTaxonomyFields", "DatesInUtc", "ExpandGroups", "ExpandUserField",
     "FilterOutChannelFoldersInDefaultDocLib", "FirstGroupOnly", "FolderServerRelativeUrl", "MergeDefaultView",
     "OverrideViewXml", "Paging", "RenderOptions", "ReplaceGroup", "ViewXml"}
)  # fmt: skip
_PAGING = frozenset({"paged", "pagedprev", "pagefirstrow", "view"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked: the view, where its page begins, and how values are written."""

    view: caml.View
    view_id: str
    folder: str
    token: str
    first: int
    utc: bool
    required: bool
    options: int


def render(site: Site, call: Call) -> Reply:
    """One page, with NextHref if the view is paged and there is more."""
    info = site.open(call.person, call.keys[0])
    asked = _asked(site, info, call)
    fields = asked.view.fields if asked.view.fields is not None else _visible(info)
    data = _list_data(site, info, call, asked, fields)
    if asked.options & ~_DATA == 0:
        return Reply(Streamed(data))
    shown: dict[str, Any] = {"wpq": "", "Templates": {}}
    if asked.options & _DATA:
        shown["ListData"] = data
    if asked.options & _SCHEMA:
        shown["ListSchema"] = schemas.of_view(info, fields)
    if asked.options & _CONTEXT:
        shown |= schemas.context(site, info)
    return Reply(Streamed(shown))


def render_text(site: Site, call: Call) -> Reply:
    """POST lists/…/renderListData(@viewXml): the same page as a text of JSON, by ViewXml alone."""
    info = site.open(call.person, call.keys[0])
    view = caml.read(call.arg("viewxml"), info.columns, call.person)
    fields = view.fields if view.fields is not None else _visible(info)
    asked = _Asked(view, "", "", "", 1, utc=False, required=False, options=_DATA)
    return Reply(Single("RenderListData", orjson.dumps(_list_data(site, info, call, asked, fields)).decode()))


def default_view(site: Site, info: ListInfo, person: Person, view_id: str) -> str:
    """The ViewXml of a view by its id, or of the list's default view; ViewMissing if the person has none of that id."""
    key = Key("id", view_id) if view_id and view_id != _NO_VIEW else Key("default", "")
    return str(viewtable.entity(info, viewtable.find(site, info, person, key)).values["ListViewXml"])


def _asked(site: Site, info: ListInfo, call: Call) -> _Asked:
    given = call.parameter("parameters", "SP.RenderListDataParameters") if call.json().get("parameters") else {}
    for name in given.keys() - _KNOWN:
        raise UnknownProperty(name, "SP.RenderListDataParameters")
    if any(value not in (None, "") for value in _override(call).values()):
        raise NotBuilt("overrideParameters are not built in this server.")
    in_query = {name: value for name, value in call.options.pairs if not name.startswith(("$", "@"))}
    for name in in_query:
        if name.lower() not in (*_PAGING, "rootfolder") and not name.startswith("p_"):
            raise NotBuilt(f"The query parameter '{name[:40]}' of a view is not built in this server.")
    paging = str(given.get("Paging") or "").lstrip("?&") or urlencode(in_query)
    placed = dict(parse_qsl(paging, keep_blank_values=True))
    view_id = _guid(in_query.get("View") or placed.get("View", ""))
    xml = caml.text_of(given.get("ViewXml")) or default_view(site, info, call.person, view_id)
    view = caml.read(xml, info.columns, call.person)
    override = caml.read_where(caml.text_of(given.get("OverrideViewXml")), info.columns, call.person)
    both = [node for node in (view.where, override) if node is not None]
    return _Asked(
        view=replace(view, where=And(tuple(both)) if len(both) > 1 else both[0] if both else None),
        view_id=view_id,
        folder=addresses.asked_folder(given) or in_query.get("RootFolder", ""),
        token=paging if placed.get("Paged", "").upper() == "TRUE" else "",
        first=_number(placed.get("PageFirstRow", "1")),
        utc=given.get("DatesInUtc") is True,
        required=given.get("AddRequiredFields") is True,
        options=_options(given.get("RenderOptions")),
    )


def _override(call: Call) -> dict[str, Any]:
    given = call.json().get("overrideParameters") or {}
    if not isinstance(given, dict):
        raise BadQuery("overrideParameters is not an object.")
    return {name: value for name, value in given.items() if name != "__metadata"}


def _guid(text: str) -> str:
    return text.strip().strip("{}").lower()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadQuery(f"PageFirstRow '{text[:40]}' is not a number.")
    return int(text)


def _options(given: Any) -> int:
    if given is None:
        return _DATA
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise BadQuery("RenderOptions must be a number.")
    if given & ~_ANSWERED:
        raise NotBuilt(f"RenderOptions {given & ~_ANSWERED} are not built in this server.")
    return given


def _visible(info: ListInfo) -> tuple[Field, ...]:
    return tuple(one for one in info.fields if not one.hidden and (not one.builtin or one.name == "Title"))


def _list_data(site: Site, info: ListInfo, call: Call, asked: _Asked, fields: tuple[Field, ...]) -> dict[str, Any]:
    view = replace(asked.view, limit=asked.view.limit or ROWS)
    chosen = Selection({field.name: field for field in fields}, {})
    within = addresses.within(site, call.person, info, (asked.folder, view.scope))
    page = getitems.Page(view, f"{chosen.sql}, {rows.placed(info)}", within, asked.token)
    found, following = getitems.read(site, info, page)
    how = rows.How(asked.utc, asked.required, lambda scope: rows.mask(site, info, call.person, scope))
    last = asked.first + len(found) - 1
    shown: dict[str, Any] = {
        "Row": [rows.row(site, info, fields, one, how) for one in found],
        "FirstRow": asked.first,
        "FolderPermissions": how.mask(0),
        "LastRow": last,
        "RowLimit": view.limit,
    }
    seen = asked.view_id or _NO_VIEW
    if view.paged and following:
        shown["NextHref"] = f"?{following}&PageFirstRow={last + 1}&View={seen}"
    if view.paged and asked.first > 1 and found:
        shown["PrevHref"] = f"?{_back(found[0])}&PageFirstRow={max(1, asked.first - view.limit)}&View={seen}"
    return {
        **shown, "FilterLink": "?", "ForceNoHierarchy": "1", "HierarchyHasIndention": "", "CurrentFolderSpItemUrl": "",
    }  # fmt: skip


def _back(first: sqlite3.Row) -> str:
    return f"Paged=TRUE&PagedPrev=TRUE&p_ID={first['id']}"

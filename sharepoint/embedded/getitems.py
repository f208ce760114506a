"""POST lists/…/GetItems: items by CAML, shown as `items` shows them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from sharepoint.embedded import addresses, caml, query, selection
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Many, Reply
from sharepoint.embedded.errors import BadQuery, Throttled, UnknownProperty
from sharepoint.embedded.query import Order, Plan
from sharepoint.embedded.schema import THRESHOLD, Field, ListInfo
from sharepoint.embedded.selection import Selection
from sharepoint.embedded.site import Site
from sharepoint.embedded.where import column

_KNOWN = frozenset(
    {"AllowIncrementalResults", "DatesInUtc", "FolderServerRelativePath", "FolderServerRelativeUrl",
     "ListItemCollectionPosition", "ViewXml"}
)  # fmt: skip


def get_items(site: Site, call: Call) -> Reply:
    """POST getItems. Without `$select` an item shows its built-in columns and the ViewFields, all columns if none."""
    info = site.open(call.person, call.keys[0])
    given = call.parameter("query", "SP.CamlQuery")
    for name in given.keys() - _KNOWN:
        raise UnknownProperty(name, "SP.CamlQuery")
    if call.options.filter or call.options.orderby:
        raise BadQuery("A CAML query is filtered and sorted by its ViewXml, not by $filter and $orderby.")
    view = caml.read(caml.text_of(given.get("ViewXml")), info.columns, call.person)
    chosen = _chosen(info, call, view)
    within = addresses.within(site, call.person, info, (addresses.asked_folder(given), view.scope))
    rows, _ = read(site, info, Page(view, chosen.sql, within, _position(given.get("ListItemCollectionPosition"))))
    shown = [selection.item(site, info, row, chosen) for row in rows]
    return Reply(Many(shown, metadata=f"SP.ListData.{info.entity}ListItems"))


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be read of a view: the SQL of what is `selected` (the id first), the rows it reaches, and where the
    page begins."""

    view: caml.View
    selected: str
    within: query.Condition
    token: str


def read(site: Site, info: ListInfo, page: Page) -> tuple[list[sqlite3.Row], str]:
    """The rows of a view's page and the token of the next one; Throttled beyond the list view threshold."""
    view = page.view
    order = [Order(_sortable(info, name), descending) for name, descending in view.order]
    fields = view.fields if view.fields is not None else [field for field in info.fields if not field.builtin]
    query.refuse_joins(info.columns, [field.shown_as for field in fields], view.where, order)
    top = min(view.limit or THRESHOLD, THRESHOLD)
    rows, following = query.read(
        site, info, page.selected, Plan(view.where, order, top, page.token, notes=True, within=page.within)
    )
    if following and not 0 < view.limit <= THRESHOLD:
        raise Throttled  # nothing bounds the query, and there is more than it may touch
    return rows, following


def _sortable(info: ListInfo, name: str) -> Any:
    found = column(info.columns, name)
    if not found.kind.filterable or found.several:
        raise caml.Malformed
    return found


def _chosen(info: ListInfo, call: Call, view: caml.View) -> Selection:
    options = call.options
    chosen = selection.choose(info.columns, options)
    if options.select or view.fields is None:
        return chosen
    wanted = {field.no for field in view.fields}
    plain: dict[str, Field] = {
        name: field
        for name, field in {**info.columns.shown, **{field.shown_as: field for field in view.fields}}.items()
        if field.no in wanted or (field.builtin and field.name != "Title")
    }
    return Selection(plain, chosen.joined, chosen.linked)


def _position(given: Any) -> str:
    if given is None:
        return ""
    paging = given.get("PagingInfo") if isinstance(given, dict) else given
    if paging is None:
        return ""
    if not isinstance(paging, str):
        raise BadQuery("ListItemCollectionPosition needs a PagingInfo.")
    return paging

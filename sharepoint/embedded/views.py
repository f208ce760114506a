"""Views: read, made, changed and deleted, and the columns they show. Showing their rows is not this module's work."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sharepoint.embedded import branches, changes, collection
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Reply
from sharepoint.embedded.errors import BadQuery, BadRequest, NotBuilt, Refused, UnknownProperty
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site
from sharepoint.embedded.viewsettings import applied, checked, title, typed
from sharepoint.embedded.viewtable import (
    View,
    entity,
    find,
    insert,
    known,
    new,
    page_for,
    shown_fields,
    store,
    views_of,
)
from sharepoint.embedded.viewxml import USUAL_ROWS, Drawn, read

_KINDS = {1: "HTML", 2048: "GRID", 524288: "CALENDAR", 131072: "CHART", 67108864: "GANTT"}  # doc: ViewType

# What a ViewCreationInformation may hold (doc, and report: cli-microsoft365's `spo list view add`), and the view's own
# name for it.
_CREATION = {
    "Title": "Title", "PersonalView": "PersonalView", "SetAsDefaultView": "DefaultView", "Query": "ViewQuery",
    "ViewTypeKind": "ViewTypeKind", "ViewFields": "ViewFields", "Paged": "Paged", "RowLimit": "RowLimit",
    "baseViewId": "baseViewId", "CustomFormatter": "CustomFormatter", "ViewData": "ViewData", "ViewType2": "ViewType2",
    "CalendarViewStyles": "CalendarViewStyles", "ViewJoins": "ViewJoins",
}  # fmt: skip


def read_all(site: Site, call: Call) -> Reply:
    """GET views, with the OData options; $expand=ViewFields."""
    info = site.open(call.person, call.keys[0])
    return collection.page(call, [entity(info, view) for view in views_of(site, info, call.person)], "Views")


def read_one(site: Site, call: Call) -> Reply:
    """GET one view."""
    info = site.open(call.person, call.keys[0])
    return branches.reply(call, entity(info, find(site, info, call.person, call.keys[1])))


def read_fields(site: Site, call: Call) -> Reply:
    """GET a view's viewFields: their names in order, and as XML."""
    info = site.open(call.person, call.keys[0])
    return Reply(shown_fields(info, find(site, info, call.person, call.keys[1])).pick(call.options.select))


def create(site: Site, call: Call) -> Reply:
    """POST views. Its columns are added afterwards: a `ViewFields` here is refused (report: pnp/pnpjs#1243)."""
    return _create(site, call, call.entity("SP.View"))


def add(site: Site, call: Call) -> Reply:
    """POST views/add, with the columns and the query in one ViewCreationInformation."""
    asked = call.parameter("parameters", "SP.ViewCreationInformation")
    for name in asked:
        if name not in _CREATION:
            raise UnknownProperty(name, "SP.ViewCreationInformation")
    fields = asked.pop("ViewFields", None)
    given = {_CREATION[name]: value for name, value in asked.items() if value is not None}
    return _create(site, call, given, None if fields is None else _names(fields))


def update(site: Site, call: Call) -> Reply:
    """MERGE a view."""
    info, view = _open(site, call)
    given = call.entity("SP.View")
    with site.database.write():
        store(site, info, applied(info, view, given))
        _tell(site, info, call.person, changes.UPDATE, view)
    return Reply(status=204)


def delete(site: Site, call: Call) -> Reply:
    """DELETE a view. The default one is refused (memory: its settings page has no delete button); some client
    libraries are said to get it through, so the strict side is taken."""
    info, view = _open(site, call)
    if view.default:
        raise Refused("The default view of a list cannot be deleted. Choose another default view first.", status=400)
    with site.database.write():
        site.database.run("DELETE FROM views WHERE no = ?", (view.no,))
        _tell(site, info, call.person, changes.DELETE, view)
    return Reply(status=200)


def set_xml(site: Site, call: Call) -> Reply:
    """POST SetViewXml: query, columns and row limit replaced in one go. Parameter names are taken in any case."""
    info, view = _open(site, call)
    given = {name.lower(): value for name, value in call.json().items()}
    text = call.arg("viewxml") or given.get("viewxml")
    if not isinstance(text, str):
        raise BadQuery("The parameter viewXml is missing.")
    return _redrawn(site, call, (info, view), read(text))


def add_field(site: Site, call: Call) -> Reply:
    """POST addViewField('name'): by internal name or title, at the end; one that is there stays where it is."""
    info, view = _open(site, call)
    name = known(info, _named(call, "strfield"))
    names = view.drawn.fields if name in view.drawn.fields else (*view.drawn.fields, name)
    return _redrawn(site, call, (info, view), replace(view.drawn, fields=names))


def remove_field(site: Site, call: Call) -> Reply:
    """POST removeViewField('name')."""
    info, view = _open(site, call)
    name = known(info, _named(call, "strfield"))
    names = tuple(one for one in view.drawn.fields if one != name)
    return _redrawn(site, call, (info, view), replace(view.drawn, fields=names))


def remove_all_fields(site: Site, call: Call) -> Reply:
    """POST removeAllViewFields."""
    info, view = _open(site, call)
    return _redrawn(site, call, (info, view), replace(view.drawn, fields=()))


def move_field(site: Site, call: Call) -> Reply:
    """POST moveViewFieldTo with the column and its new place, from 0."""
    info, view = _open(site, call)
    name, index = known(info, _named(call, "field")), _index(call)
    rest = [one for one in view.drawn.fields if one != name]
    if name not in view.drawn.fields or not 0 <= index <= len(rest):
        raise BadRequest("Value does not fall within the expected range.", code="-2147024809, System.ArgumentException")
    rest.insert(index, name)
    return _redrawn(site, call, (info, view), replace(view.drawn, fields=tuple(rest)))


def _create(site: Site, call: Call, given: dict[str, Any], fields: tuple[str, ...] | None = None) -> Reply:
    personal = typed(given.pop("PersonalView", False), bool)
    # Public views take the right to manage lists; one's own takes only the right to contribute.
    info = site.open(call.person, call.keys[0], Right.WRITE if personal else Right.SHAPE)
    name = title(given.get("Title"))
    kind = given.pop("ViewTypeKind", 1)
    given.pop("baseViewId", None)
    shown = ("LinkTitle",) if fields is None else tuple(dict.fromkeys(known(info, name) for name in fields))
    view = new(name, page_for(site, info, name), Drawn("", shown, USUAL_ROWS, True))
    if not isinstance(kind, int) or kind not in _KINDS:
        raise NotBuilt(f"A view of kind {str(kind)[:20]} is not built in this server.")
    view = replace(view, owner=call.person.id if personal else 0, settings={"ViewType": _KINDS[kind]})
    with site.database.write():
        view = replace(view, no=insert(site, info, view))
        view = applied(info, view, given)
        store(site, info, view)
        _tell(site, info, call.person, changes.ADD, view)
    shown_view = entity(info, view)
    return Reply(shown_view, status=201, headers={"Location": site.api + shown_view.path})


def _redrawn(site: Site, call: Call, at: tuple[ListInfo, View], drawn: Drawn) -> Reply:
    info, view = at
    with site.database.write():
        store(site, info, replace(view, drawn=checked(info, drawn)))
        _tell(site, info, call.person, changes.UPDATE, view)
    return Reply(status=204)


def _open(site: Site, call: Call) -> tuple[ListInfo, View]:
    """A view that the person may change: their own, or a public one with the right to shape the list."""
    info = site.open(call.person, call.keys[0])
    view = find(site, info, call.person, call.keys[1])
    site.people.require(call.person, Right.WRITE if view.owner else Right.SHAPE, info)
    return info, view


def _tell(site: Site, info: ListInfo, person: Person, change: int, view: View) -> None:
    changes.record(site, info, person, change=change, about=changes.VIEW, guid=view.guid)


def _names(value: Any) -> tuple[str, ...]:
    items = value.get("results") if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
        raise wrong_type("Collection(Edm.String)")
    return tuple(items)


def _named(call: Call, name: str) -> str:
    value = call.arg(name) or {key.lower(): one for key, one in call.json().items()}.get(name)
    if not isinstance(value, str) or not value:
        raise BadQuery(f"The parameter {name} is missing.")
    return value


def _index(call: Call) -> int:
    value = call.named.get("index") or (call.args[1] if len(call.args) > 1 else call.json().get("index"))
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value)):
        raise BadQuery("The parameter index is not a whole number.")
    return int(str(value))

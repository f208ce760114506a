"""Views as kept in the database: found, added, written back and shown as SharePoint shows them."""

from __future__ import annotations

import re
import sqlite3
import uuid
from dataclasses import dataclass, replace
from typing import Any

import orjson

from sharepoint.embedded.call import Key
from sharepoint.embedded.entities import Complex, Entity, Strings
from sharepoint.embedded.errors import FieldMissing, ResourceMissing, ViewMissing
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site
from sharepoint.embedded.viewxml import USUAL_ROWS, Drawn, fields_xml, view_xml

ALL_ITEMS, ALL_DOCUMENTS = "All Items", "All Documents"
_DOCUMENTS = ("DocIcon", "LinkFilename", "Modified", "Editor")
BY_ID = '<OrderBy><FieldRef Name="ID" /></OrderBy>'
COMPUTED = frozenset(
    {"LinkTitle", "LinkTitleNoMenu", "Edit", "DocIcon", "LinkFilename", "LinkFilenameNoMenu", "SelectTitle",
     "FileSizeDisplay", "FolderChildCount", "ItemChildCount", "ContentType"}
)  # fmt: skip
"""Columns a view may show that hold nothing of their own, so that no list here has them among its fields."""
# SP.View.Scope by number, as the XML of a view names it (doc: SPViewScope); 0 is no Scope.
_SCOPES = {1: "Recursive", 2: "RecursiveAll", 3: "FilesOnly"}
INERT: dict[str, type] = {
    "Aggregations": str, "AggregationsStatus": str, "CalendarViewStyles": str, "ColumnWidth": str, "JSLink": str,
    "IncludeRootFolder": bool, "MobileDefaultView": bool, "MobileView": bool, "Scope": int, "TabularView": bool,
    "Toolbar": str, "ViewData": str, "ViewJoins": str, "ViewType2": str,
}  # fmt: skip
"""Settings kept and shown, without effect here."""


@dataclass(frozen=True, slots=True)
class View:
    """One view. `owner` is the person whose own it is, 0 for a public one; `page` is the last step of its address."""

    no: int
    guid: str
    title: str
    page: str
    drawn: Drawn
    default: bool
    hidden: bool
    owner: int
    settings: dict[str, Any]

    @classmethod
    def of(cls, row: sqlite3.Row) -> View:
        """From a row of the table `views`."""
        drawn = Drawn(row["query"], tuple(orjson.loads(row["fields"])), row["row_limit"], bool(row["paged"]))
        settings = orjson.loads(row["settings"])
        flags = (bool(row["is_default"]), bool(row["hidden"]), row["owner"])
        return cls(row["no"], row["guid"], row["title"], row["page"], drawn, *flags, settings)

    @property
    def formatter(self) -> str:
        """Its CustomFormatter, empty if it has none."""
        return str(self.settings.get("CustomFormatter") or "")


def views_of(site: Site, info: ListInfo, person: Person) -> list[View]:
    """The views of a list that a person sees: the public ones and their own, oldest first."""
    rows = site.database.all(
        "SELECT * FROM views WHERE list_no = ? AND owner IN (0, ?) ORDER BY no", (info.no, person.id)
    )
    return [View.of(row) for row in rows]


def find(site: Site, info: ListInfo, person: Person, key: Key) -> View:
    """The view a path names: by id, title, or `default`; ViewMissing otherwise."""
    wanted = key.value.strip("{}").lower() if key.by == "id" else key.value
    for view in views_of(site, info, person):
        held = {"id": view.guid, "title": view.title, "default": view.default}
        if key.by not in held:
            raise ResourceMissing(f"getby{key.by}")
        if key.by == "default" and view.default:
            return view
        if held[key.by] == wanted:
            return view
    raise ViewMissing


def first(site: Site, info: ListInfo) -> None:
    """The one view of a new list or library, inside the transaction that makes it (memory: a library's)."""
    if info.library:
        files = Drawn('<OrderBy><FieldRef Name="FileLeafRef" /></OrderBy>', _DOCUMENTS, USUAL_ROWS, True)
        insert(site, info, new(ALL_DOCUMENTS, "AllItems.aspx", files, default=True))
    else:
        rows = Drawn(BY_ID, ("LinkTitle",), USUAL_ROWS, True)
        insert(site, info, new(ALL_ITEMS, "AllItems.aspx", rows, default=True))


def default_url(site: Site, info: ListInfo) -> str:
    """The server-relative address of the list's default view."""
    row = site.database.one("SELECT page FROM views WHERE list_no = ? AND is_default", (info.no,))
    return f"{_folder(info)}/{row['page']}" if row else ""


def entity(info: ListInfo, view: View) -> Entity:
    """A view as shown; the properties and their order are those recorded in cli-microsoft365's tests (report)."""
    url = f"{_folder(info)}/{view.page}"
    kind = view.settings.get("ViewType", "HTML")
    attributes = {
        "Name": f"{{{view.guid.upper()}}}", "DefaultView": view.default, "MobileView": True,
        "MobileDefaultView": view.default, "Type": kind, "Personal": bool(view.owner), "Hidden": view.hidden,
        "DisplayName": view.title, "Url": url, "Level": "1", "BaseViewID": "1", "ContentTypeID": "0x",
        "ImageUrl": "/_layouts/15/images/generic.png?rev=47",
        "Scope": _SCOPES.get(view.settings.get("Scope") or 0, False),
    }  # fmt: skip
    xml = view_xml(attributes, view.drawn, view.formatter)
    values: dict[str, Any] = {
        "Aggregations": None, "AggregationsStatus": None, "BaseViewId": "1", "ColumnWidth": None,
        "ContentTypeId": Complex("SP.ContentTypeId", {"StringValue": "0x"}), "CustomFormatter": view.formatter or None,
        "DefaultView": view.default, "DefaultViewForContentType": False, "EditorModified": False, "Formats": None,
        "Hidden": view.hidden, "HtmlSchemaXml": xml, "Id": view.guid, "ImageUrl": attributes["ImageUrl"],
        "IncludeRootFolder": False, "ViewJoins": None, "JSLink": "clienttemplates.js", "ListViewXml": xml,
        "Method": None, "MobileDefaultView": view.default, "MobileView": True, "ModerationType": None,
        "NewDocumentTemplates": None, "OrderedView": False, "Paged": view.drawn.paged,
        "PersonalView": bool(view.owner), "ViewProjectedFields": None, "ViewQuery": view.drawn.query,
        "ReadOnlyView": False, "RequiresClientIntegration": False, "RowLimit": view.drawn.row_limit, "Scope": 0,
        "ServerRelativePath": Complex("SP.ResourcePath", {"DecodedUrl": url}), "ServerRelativeUrl": url,
        "StyleId": None, "TabularView": True, "Threaded": False, "Title": view.title, "Toolbar": "",
        "ToolbarTemplateName": None, "ViewType": kind, "ViewType2": None, "ViewData": None, "VisualizationInfo": None,
        **{name: value for name, value in view.settings.items() if name in INERT},
    }  # fmt: skip
    ways = {"ViewFields": lambda: shown_fields(info, view)}
    return Entity("SP.View", _path(info, view), values, links=tuple(ways), ways=ways)


def insert(site: Site, info: ListInfo, view: View) -> int:
    """Keep a new view, inside the transaction of whoever asks; answers its number."""
    no = site.database.run(
        "INSERT INTO views (list_no, guid, title, page, query, fields, row_limit, paged, is_default, hidden, owner,"
        " settings) VALUES (?, ?, ?, ?, '', '[]', 0, 0, 0, 0, ?, '{}')",
        (info.no, view.guid, view.title, view.page, view.owner),
    )
    store(site, info, replace(view, no=no))
    return no


def store(site: Site, info: ListInfo, view: View) -> None:
    """Write a view back; a default one takes the word from the one that was."""
    if view.default:
        site.database.run("UPDATE views SET is_default = 0 WHERE list_no = ?", (info.no,))
    drawn = view.drawn
    site.database.run(
        "UPDATE views SET title = ?, query = ?, fields = ?, row_limit = ?, paged = ?, is_default = ?, hidden = ?,"
        " settings = ? WHERE no = ?",
        (view.title, drawn.query, orjson.dumps(drawn.fields).decode(), drawn.row_limit, drawn.paged, view.default,
         view.hidden, orjson.dumps(view.settings).decode(), view.no),
    )  # fmt: skip


def show_in_default(site: Site, info: ListInfo, name: str) -> None:
    """Add a column to the end of the list's default view."""
    for view in _all(site, info):
        if view.default:
            store(site, info, replace(view, drawn=replace(view.drawn, fields=(*view.drawn.fields, name))))


def forget_field(site: Site, info: ListInfo, name: str) -> None:
    """Take a deleted column out of every view that shows it; a query that names it stays, as in SharePoint (memory)."""
    for view in _all(site, info):
        if name in view.drawn.fields:
            names = tuple(one for one in view.drawn.fields if one != name)
            store(site, info, replace(view, drawn=replace(view.drawn, fields=names)))


def _all(site: Site, info: ListInfo) -> list[View]:
    return [View.of(row) for row in site.database.all("SELECT * FROM views WHERE list_no = ?", (info.no,))]


def shown_fields(info: ListInfo, view: View) -> Entity:
    """A view's columns as shown."""
    names = view.drawn.fields
    values = {"SchemaXml": fields_xml(names), "Items": Strings(names)}
    return Entity("SP.ViewFieldCollection", f"{_path(info, view)}/ViewFields", values)


def new(title: str, page: str, drawn: Drawn, *, default: bool = False) -> View:
    """A public view that is not kept yet."""
    return View(0, str(uuid.uuid4()), title, page, drawn, default, False, 0, {})


def known(info: ListInfo, name: str) -> str:
    """The internal name of a column a view may show; FieldMissing otherwise (report: pnp/PnP-Sites-Core#2207)."""
    if name in COMPUTED:
        return name
    for field in info.fields:
        if name in (field.name, field.title):
            return field.name
    raise FieldMissing(name)


def page_for(site: Site, info: ListInfo, title: str) -> str:
    """The page of a new view, named after its title; a second of that name gets a number (report: pnpframework#944)."""
    stem = re.sub(r"[^\w -]", "", title).strip() or "View"
    rows = site.database.all("SELECT page FROM views WHERE list_no = ?", (info.no,))
    taken = {row["page"].lower() for row in rows}
    names = (f"{stem}{number or ''}.aspx" for number in range(len(taken) + 1))
    return next(name for name in names if name.lower() not in taken)


def _folder(info: ListInfo) -> str:
    """Where a view's page is: a list is under `Lists`, a library's pages are in its `Forms`."""
    return f"{info.root}/Forms" if info.library else info.root


def _path(info: ListInfo, view: View) -> str:
    return f"{info.path}/Views(guid'{view.guid}')"

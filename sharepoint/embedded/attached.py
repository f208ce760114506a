"""What hangs on items and lists besides their columns, for `$expand`: files, attachments, texts, lists, permissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sharepoint.embedded import (
    attachments,
    branches,
    contenttypes,
    fields,
    fieldtext,
    lists,
    permissions,
    places,
    selection,
    shelves,
    writing,
)
from sharepoint.embedded.entities import Entity
from sharepoint.embedded.people import APP_LOGIN, Person
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.secured import Secured
from sharepoint.embedded.site import Site

Names = tuple[str, ...]
# Whoever asks has been let see the item already; how many things a folder holds is counted as the app sees it.
_APP = Person(0, APP_LOGIN, "", admin=True)


def _shaped(read: Callable[[Site, ListInfo, int], Any]) -> selection.Linked:
    def linked(site: Site, info: ListInfo, item: int, select: Names, expand: Names) -> Any:
        return branches.Branch("", select, expand).of(read(site, info, item))

    return linked


def _node(site: Site, info: ListInfo, item: int) -> places.Node:
    row = writing.find(site, info, item)
    return places.Node(f"{row['dir']}/{row['leaf']}", info, row)


def _file(site: Site, info: ListInfo, item: int) -> Entity | None:
    found = _node(site, info, item) if info.library else None
    return shelves.file(site, _APP, found) if found and not found.folder else None


def _folder(site: Site, info: ListInfo, item: int) -> Entity | None:
    found = _node(site, info, item) if info.library else None
    return shelves.folder(site, _APP, found) if found and found.folder else None


def _unique(site: Site, info: ListInfo, item: int, _select: Names, _expand: Names) -> bool:
    return Secured(info, writing.find(site, info, item)).unique


def _assignments(site: Site, info: ListInfo, item: int) -> list[Entity]:
    return permissions.assigned(site, Secured(info, writing.find(site, info, item)))


def register() -> None:
    """Let `$expand` of items and of lists reach these."""
    lists.LINKED.update(
        {
            "ContentTypes": lambda _site, info: contenttypes.of_list(info),
            "Fields": lambda _site, info: [fields.entity(info, one) for one in info.fields],
            "ParentWeb": lambda site, _info: lists.web(site),
            "RootFolder": lambda site, info: shelves.folder(site, _APP, places.Node(info.root, info)),
        }
    )
    selection.LINKED.update(
        {
            "AttachmentFiles": _shaped(attachments.listed),
            "ContentType": _shaped(contenttypes.of_item),
            "FieldValuesAsHTML": _shaped(fieldtext.as_html),
            "FieldValuesAsHtml": _shaped(fieldtext.as_html),
            "FieldValuesAsText": _shaped(fieldtext.as_text),
            "File": _shaped(_file),
            "Folder": _shaped(_folder),
            "HasUniqueRoleAssignments": _unique,
            "ParentList": _shaped(lambda site, info, _item: lists.entity(site, info)),
            "RoleAssignments": _shaped(_assignments),
        }
    )

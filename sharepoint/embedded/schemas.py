"""What renderListDataAsStream tells of a list beside its rows: the columns shown and where it lives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sharepoint.embedded import region
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import PATH, Site


def of_view(info: ListInfo, fields: Iterable[Field]) -> dict[str, Any]:
    """ListSchema: yes and no are "TRUE" and "FALSE" in it, as everything in it is text."""
    return {
        "Field": [_column(field) for field in fields],
        "LCID": str(region.LOCALE), "List": f"{{{info.guid.upper()}}}", "ListTemplateType": str(info.row["template"]),
        "IsDocLib": "1" if info.library else "", "Userid": "", "RecursiveView": "", "Toolbar": "",
    }  # fmt: skip


def _column(field: Field) -> dict[str, Any]:
    def said(value: bool) -> str:
        return "TRUE" if value else "FALSE"

    return {
        "ID": field.guid, "Name": field.name, "RealFieldName": field.name, "StaticName": field.name,
        "DisplayName": field.title, "FieldType": field.kind, "Type": field.kind, "ReadOnly": said(field.read_only),
        "ReadOnlyField": said(field.read_only), "Required": said(field.required),
        "Filterable": said(field.type.filterable), "Sortable": said(field.type.filterable),
        "AllowMultipleValues": said(field.kind.endswith("Multi")),
    }  # fmt: skip


def context(site: Site, info: ListInfo) -> dict[str, Any]:
    """What ContextInfo adds: the list's name and addresses."""
    return {
        "listName": f"{{{info.guid.upper()}}}", "listTitle": info.title, "listUrlDir": info.root,
        "HttpRoot": site.url, "HttpPath": f"{PATH}/_vti_bin/owssvr.dll?CS=65001",
        "rootFolder": info.root, "listTemplate": str(info.row["template"]), "listBaseType": int(info.library),
        "ListTemplateType": info.row["template"], "regionalSettings": {"locale": region.LOCALE},
    }  # fmt: skip

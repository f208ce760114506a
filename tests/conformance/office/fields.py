"""Columns of a list."""

from __future__ import annotations

from typing import Any

from office365.sharepoint.fields.type import FieldType

from tests.conformance.shape import pick

_KINDS = {
    "boolean": FieldType.Boolean,
    "choice": FieldType.Choice,
    "date": FieldType.DateTime,
    "lookup": FieldType.Lookup,
    "multichoice": FieldType.MultiChoice,
    "note": FieldType.Note,
    "number": FieldType.Number,
    "text": FieldType.Text,
    "user": FieldType.User,
}


def _fields(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"]).fields


def _add(context: Any, a: dict[str, Any]) -> Any:
    if a["kind"] in ("choice", "multichoice"):
        made = _fields(context, a).add_choice_field(a["title"], a["values"]["Choices"], a["kind"] == "multichoice")
    else:
        made = _fields(context, a).add(_KINDS[a["kind"]], Title=a["title"], **a["values"])
    return pick(made.execute_query().properties, a["select"])


def _xml(context: Any, a: dict[str, Any]) -> Any:
    return pick(_fields(context, a).create_field_as_xml(a["xml"]).execute_query().properties, a["select"])


def _filter(context: Any, a: dict[str, Any]) -> Any:
    found = _fields(context, a).filter(a["filter"]).select(a["select"]).get().execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _one(context: Any, a: dict[str, Any]) -> Any:
    return _fields(context, a).get_by_internal_name_or_title(a["name"])


def _read(context: Any, a: dict[str, Any]) -> Any:
    return pick(_one(context, a).select(a["select"]).get().execute_query().properties, a["select"])


def _update(context: Any, a: dict[str, Any]) -> None:
    found = _one(context, a)
    for name, value in a["values"].items():
        found.set_property(name, value)
    found.update().execute_query()


def _delete(context: Any, a: dict[str, Any]) -> None:
    _one(context, a).delete_object().execute_query()


OPERATIONS = {
    "fields.add": _add,
    "fields.xml": _xml,
    "fields.filter": _filter,
    "fields.read": _read,
    "fields.update": _update,
    "fields.delete": _delete,
}

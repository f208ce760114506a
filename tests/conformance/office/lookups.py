"""Columns that look up another list, or hold several values; CAML; pages as a stream; form values."""

from __future__ import annotations

import warnings
from typing import Any

from office365.sharepoint.fields.creation_information import FieldCreationInformation
from office365.sharepoint.fields.type import FieldType
from office365.sharepoint.listitems.caml.query import CamlQuery

from tests.conformance.shape import pick, plain


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _add_lookup(context: Any, a: dict[str, Any]) -> Any:
    asked = FieldCreationInformation(
        Title=a["title"], FieldTypeKind=FieldType.Lookup, LookupListId=a["target"], LookupFieldName="Title"
    )
    return pick(_list(context, a).fields.add_field(asked).execute_query().properties, a["select"])


def _caml(context: Any, a: dict[str, Any]) -> Any:
    query = CamlQuery()
    query.ViewXml = a["xml"]
    with warnings.catch_warnings():  # it warns of every query without pages, and then sends it
        warnings.simplefilter("ignore")
        return [pick(one.properties, a["select"]) for one in _list(context, a).get_items(query).execute_query()]


def _stream(context: Any, a: dict[str, Any]) -> Any:
    return _list(context, a).render_list_data_as_stream(a["xml"]).execute_query().value


def _values(a: dict[str, Any]) -> dict[str, str]:
    return {one["FieldName"]: one["FieldValue"] for one in a["values"]}


def _form_results(found: Any, a: dict[str, Any]) -> Any:
    return [{name: plain(getattr(one, name)) for name in a["select"]} for one in found.execute_query().value]


def _update(context: Any, a: dict[str, Any]) -> Any:
    return _form_results(_list(context, a).get_item_by_id(a["id"]).validate_update_list_item(_values(a)), a)


def _texts(context: Any, a: dict[str, Any]) -> Any:
    found = _list(context, a).get_item_by_id(a["id"]).field_values_as_text.get().execute_query()
    return pick(found.properties, a["select"])


OPERATIONS = {
    "fields.add_lookup": _add_lookup,
    "caml.items": _caml,
    "stream.rows": _stream,
    "stream.next": _stream,
    "forms.update": _update,
    "items.texts": _texts,
}

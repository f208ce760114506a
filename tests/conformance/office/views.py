"""Views of a list, and how a column looks in its forms."""

from __future__ import annotations

import re
from typing import Any

from office365.sharepoint.views.create_information import ViewCreationInformation

from tests.conformance.shape import pick, plain

_SPELT = {"ViewQuery": "Query"}
"""ViewCreationInformation calls some of a view's properties otherwise."""


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _view(context: Any, a: dict[str, Any]) -> Any:
    return _list(context, a).views.get_by_title(a["title"])


def _shown(view: Any, a: dict[str, Any]) -> Any:
    return pick(view.select(a["select"]).get().execute_query().properties, a["select"])


def _fields(context: Any, a: dict[str, Any]) -> Any:
    return plain(_view(context, a).view_fields.get().execute_query().properties["Items"])


def _all(context: Any, a: dict[str, Any]) -> Any:
    found = _list(context, a).views.select(a["select"]).get().execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _add(context: Any, a: dict[str, Any]) -> Any:
    values = {_SPELT.get(name, name): value for name, value in a["values"].items()}
    asked = ViewCreationInformation(Title=a["title"], PersonalView=False, **values)
    return pick(_list(context, a).views.add(asked).execute_query().properties, a["select"])


def _update(context: Any, a: dict[str, Any]) -> None:
    found = _view(context, a)
    for name, value in a["values"].items():
        found.set_property(name, value)
    found.update().execute_query()


def _field_change(name: str, *told: str) -> Any:
    def change(context: Any, a: dict[str, Any]) -> Any:
        getattr(_view(context, a).view_fields, name)(*(a[one] for one in told))
        context.execute_query()
        return _fields(context, a)

    return change


def _hide(context: Any, a: dict[str, Any]) -> Any:
    found = _list(context, a).fields.get_by_internal_name_or_title(a["name"])
    found.set_show_in_new_form(False)
    found.set_show_in_edit_form(False)
    found.set_show_in_display_form(False)
    context.execute_query()
    found = _list(context, a).fields.get_by_internal_name_or_title(a["name"]).select(["SchemaXml"])
    xml = found.get().execute_query().properties["SchemaXml"]
    return len(re.findall('ShowIn(?:New|Edit|Display)Form="FALSE"', xml))


OPERATIONS = {
    "views.all": _all,
    "views.default": lambda context, a: _shown(_list(context, a).default_view, a),
    "views.by_id": lambda context, a: _shown(_list(context, a).get_view(a["id"]), a),
    "views.add": _add,
    "views.read": lambda context, a: _shown(_view(context, a), a),
    "views.fields": _fields,
    "views.update": _update,
    "views.delete": lambda context, a: _view(context, a).delete_object().execute_query() and None,
    "views.set_xml": lambda context, a: _view(context, a).set_view_xml(a["xml"]).execute_query() and None,
    "views.add_field": _field_change("add_view_field", "field"),
    "views.remove_field": _field_change("remove_view_field", "field"),
    "views.move_field": _field_change("move_view_field_to", "field", "index"),
    "views.remove_all_fields": _field_change("remove_all_view_fields"),
    "fields.hide_in_forms": _hide,
}

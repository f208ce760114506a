"""The site and its lists."""

from __future__ import annotations

from typing import Any

from office365.sharepoint.lists.creation_information import ListCreationInformation

from tests.conformance.shape import pick


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _web(context: Any, a: dict[str, Any]) -> Any:
    return pick(context.web.select(a["select"]).get().execute_query().properties, a["select"])


def _context_info(context: Any, a: dict[str, Any]) -> Any:
    context.web.get().execute_query()  # the client asks for a digest before the first write, and for its own use
    context.pending_request().warm_up()
    told = context.context_info
    return {name: getattr(told, name) for name in a["select"]}


def _add(context: Any, a: dict[str, Any]) -> Any:
    asked = ListCreationInformation(a["title"], a["description"], 100)
    return pick(context.web.lists.add(asked).execute_query().properties, a["select"])


def _read(context: Any, a: dict[str, Any]) -> Any:
    return pick(_list(context, a).select(a["select"]).get().execute_query().properties, a["select"])


def _by_id(context: Any, a: dict[str, Any]) -> Any:
    return pick(context.web.lists.get_by_id(a["id"]).select(a["select"]).get().execute_query().properties, a["select"])


def _filter(context: Any, a: dict[str, Any]) -> Any:
    found = context.web.lists.filter(a["filter"]).select(a["select"]).get().execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _update(context: Any, a: dict[str, Any]) -> None:
    found = _list(context, a)
    for name, value in a["values"].items():
        found.set_property(name, value)
    found.update()
    context.before_execute(lambda request: request.set_header("IF-MATCH", a["etag"]))
    context.execute_query()


def _delete(context: Any, a: dict[str, Any]) -> None:
    _list(context, a).delete_object().execute_query()


OPERATIONS = {
    "web.read": _web,
    "context.info": _context_info,
    "lists.add": _add,
    "lists.read": _read,
    "lists.by_id": _by_id,
    "lists.filter": _filter,
    "lists.update": _update,
    "lists.delete": _delete,
}

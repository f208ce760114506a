"""Items one by one."""

from __future__ import annotations

from typing import Any

from tests.conformance.shape import pick


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _item(context: Any, a: dict[str, Any]) -> Any:
    return _list(context, a).get_item_by_id(a["id"])


def _etag(context: Any, run: Any) -> Any:
    """The client keeps no ETag (its answers' own is dropped), so it is read from the header."""
    seen: list[str] = []
    context.after_execute(lambda response: seen.append(response.headers.get("ETag", "")), include_response=True)
    run.execute_query()
    return seen[-1]


def _add(context: Any, a: dict[str, Any]) -> Any:
    return pick(_list(context, a).add_item(a["values"]).execute_query().properties, a["select"])


def _add_etag(context: Any, a: dict[str, Any]) -> Any:
    return _etag(context, _list(context, a).add_item(a["values"]))


def _read(context: Any, a: dict[str, Any]) -> Any:
    item = _item(context, a).select(a["select"])
    if "expand" in a:
        item = item.expand(a["expand"])
    return pick(item.get().execute_query().properties, [name.partition("/")[0] for name in a["select"]])


def _read_etag(context: Any, a: dict[str, Any]) -> Any:
    return _etag(context, _item(context, a).get())


def _update(context: Any, a: dict[str, Any]) -> Any:
    item = _item(context, a)
    for name, value in a["values"].items():
        item.set_property(name, value)
    item.update()
    if "etag" in a:
        context.before_execute(lambda request: request.set_header("IF-MATCH", a["etag"]))
    return _etag(context, context)


def _delete(context: Any, a: dict[str, Any]) -> None:
    _item(context, a).delete_object()
    if "etag" in a:
        context.before_execute(lambda request: request.set_header("IF-MATCH", a["etag"]))
    context.execute_query()


def _recycle(context: Any, a: dict[str, Any]) -> Any:
    return _item(context, a).recycle().execute_query().value


def _versions(context: Any, a: dict[str, Any]) -> Any:
    found = _item(context, a).versions.select(a["select"]).get().execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _version(context: Any, a: dict[str, Any]) -> Any:
    found = _item(context, a).versions.get_by_id(a["version"]).select(a["select"]).get().execute_query()
    return pick(found.properties, a["select"])


OPERATIONS = {
    "items.add": _add,
    "items.add_etag": _add_etag,
    "items.read": _read,
    "items.read_etag": _read_etag,
    "items.update": _update,
    "items.delete": _delete,
    "items.recycle": _recycle,
    "items.versions": _versions,
    "items.version": _version,
}

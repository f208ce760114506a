"""What list and library pages ask: with what hangs on it, in one request."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.conformance.shape import pick


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _heads(a: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(name.partition("/")[0] for name in a["select"]))


def _asked(query: Any, a: dict[str, Any]) -> Any:
    if "filter" in a:
        query = query.filter(quote(a["filter"], safe=""))
    if "orderby" in a:
        query.query_options.custom["$orderby"] = f"{a['orderby']} {'asc' if a.get('ascending', True) else 'desc'}"
    if "expand" in a:
        query = query.expand(a["expand"])
    return query.select(a["select"]).get()


def _many(query: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, _heads(a)) for one in _asked(query, a).execute_query()]


def _one(query: Any, a: dict[str, Any]) -> Any:
    return pick(_asked(query, a).execute_query().properties, _heads(a))


OPERATIONS = {
    "browse.lists": lambda context, a: _many(context.web.lists, a),
    "browse.list": lambda context, a: _one(_list(context, a), a),
    "browse.list_at": lambda context, a: _one(context.web.get_list(a["address"]), a),
    "browse.fields": lambda context, a: _many(_list(context, a).fields, a),
    "browse.items": lambda context, a: _many(_list(context, a).items, a),
    "browse.item_list": lambda context, a: _one(_list(context, a).get_item_by_id(a["id"]).parent_list, a),
    "browse.files": lambda context, a: _many(context.web.get_folder_by_server_relative_path(a["folder"]).files, a),
}

"""Webhook subscriptions of a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.conformance.shape import pick


def _subscriptions(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"]).subscriptions


def _add(context: Any, a: dict[str, Any]) -> Any:
    made = _subscriptions(context, a).add(a["url"], datetime.fromisoformat(a["until"])).execute_query()
    return pick(made.properties, a["select"])


def _all(context: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, a["select"]) for one in _subscriptions(context, a).get().execute_query()]


def _read(context: Any, a: dict[str, Any]) -> Any:
    return pick(_subscriptions(context, a).get_by_id(a["id"]).get().execute_query().properties, a["select"])


def _delete(context: Any, a: dict[str, Any]) -> Any:
    _subscriptions(context, a).get_by_id(a["id"]).delete_object().execute_query()
    return len(_subscriptions(context, a).get().execute_query())


OPERATIONS = {"hooks.add": _add, "hooks.all": _all, "hooks.read": _read, "hooks.delete": _delete}

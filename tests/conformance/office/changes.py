"""What changed since a token."""

from __future__ import annotations

from typing import Any

from office365.sharepoint.changes.query import ChangeQuery

from tests.conformance.shape import pick


def _query(a: dict[str, Any]) -> ChangeQuery:
    return ChangeQuery(**a["query"], ChangeTokenStart={"StringValue": a["token"]})


def _of_list(context: Any, a: dict[str, Any]) -> Any:
    found = context.web.lists.get_by_title(a["list"]).get_changes(_query(a)).execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _of_web(context: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, a["select"]) for one in context.web.get_changes(_query(a)).execute_query()]


def _of_site(context: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, a["select"]) for one in context.site.get_changes(_query(a)).execute_query()]


OPERATIONS = {"changes.list": _of_list, "changes.web": _of_web, "changes.site": _of_site}

"""$batch."""

from __future__ import annotations

import warnings
from typing import Any

from office365.runtime.client_request_exception import ClientRequestException

from tests.conformance.shape import pick


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _add(context: Any, a: dict[str, Any]) -> Any:
    _list(context, a).items.queue_records(a["rows"])
    context.execute_batch(items_per_batch=a["most"])
    return ["done"] * len(a["rows"])


def _refused(context: Any, a: dict[str, Any]) -> Any:
    """The client raises for the first part that was refused."""
    try:
        _add(context, a)
    except ClientRequestException as error:
        return [error.response.status_code]
    return []


def _read(context: Any, a: dict[str, Any]) -> Any:
    found = [_list(context, a).get_item_by_id(number).select(a["select"]).get() for number in a["ids"]]
    with warnings.catch_warnings():  # it warns that a batch is too long, and then sends it
        warnings.simplefilter("ignore")
        context.execute_batch(items_per_batch=a["most"])
    return [pick(one.properties, a["select"]) for one in found]


OPERATIONS = {"batch.add": _add, "batch.refused": _refused, "batch.read": _read}

"""office365-rest-python-client doing the operations of the table, each in a fresh context as the product does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from office365.runtime.auth.token_response import TokenResponse
from office365.sharepoint.client_context import ClientContext

from tests.conformance.office import (
    batches,
    browsing,
    changes,
    fields,
    hooks,
    items,
    libraries,
    lists,
    lookups,
    people,
    queries,
    views,
)
from tests.conformance.outcome import Failed, Refusal

Operation = Callable[[Any, dict[str, Any]], Any]
OPERATIONS: dict[str, Operation] = {
    name: operation
    for module in (batches, browsing, changes, fields, hooks, items, libraries, lists, lookups, people, queries, views)
    for name, operation in module.OPERATIONS.items()
}


def do(site: str, operation: str, told: dict[str, Any], token: str) -> object:
    """The value that an operation gives, or Refusal, or Failed."""
    signed = TokenResponse(access_token=token, token_type="Bearer", expires_in=3600)
    context = ClientContext(site).with_transport(timeout=(2.0, 60.0)).with_access_token(lambda: signed)
    if told.get("patient"):
        context.with_auto_retry(max_retry=3, timeout_secs=0)
    try:
        return OPERATIONS[operation](context, told)
    except requests.RequestException as error:
        return _refusal(error)
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}")
    finally:
        context.close()


def _refusal(error: requests.RequestException) -> object:
    response = error.response
    if response is None:
        return Failed("no answer")
    told = response.json()
    told = told.get("error") or told["odata.error"]
    return Refusal(
        response.status_code, told["code"], told["message"]["value"], response.headers.get("Retry-After", "")
    )

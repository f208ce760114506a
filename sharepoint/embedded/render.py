"""The three JSON dialects of OData v3 as SharePoint speaks them: verbose, minimal metadata and no metadata."""

from __future__ import annotations

from enum import Enum
from typing import Any

import orjson

from sharepoint.embedded.entities import Complex, Entity, Many, Reply, Single, Streamed, Strings
from sharepoint.embedded.errors import SharePointError


class Dialect(Enum):
    """How much of the model an answer spells out."""

    VERBOSE = "verbose"
    MINIMAL = "minimalmetadata"
    NONE = "nometadata"

    @property
    def content_type(self) -> str:
        """The Content-Type of an answer in this dialect."""
        streaming = "" if self is Dialect.VERBOSE else "streaming=true;"
        return f"application/json;odata={self.value};{streaming}charset=utf-8"


def dialect(accept: str) -> Dialect:
    """What an Accept header asks for; anything without an odata parameter is minimal metadata."""
    lowered = accept.replace(" ", "").lower()
    if "odata=verbose" in lowered:
        return Dialect.VERBOSE
    if "odata=nometadata" in lowered or "odata.metadata=none" in lowered:
        return Dialect.NONE
    return Dialect.MINIMAL


def body(reply: Reply, spoken: Dialect, api: str) -> bytes:
    """The bytes of an answer; `api` is the address of the site's `_api/`."""
    if isinstance(reply.value, Streamed):
        return orjson.dumps(reply.value.value)
    return orjson.dumps(_whole(reply.value, spoken, api))


def envelope(error: SharePointError, spoken: Dialect) -> bytes:
    """The bytes of a refusal: `error` in verbose, `odata.error` otherwise."""
    inside = {"code": error.code, "message": {"lang": "en-US", "value": error.message}}
    return orjson.dumps({"error" if spoken is Dialect.VERBOSE else "odata.error": inside})


def _whole(value: Any, spoken: Dialect, api: str) -> Any:
    if spoken is Dialect.VERBOSE:
        return {"d": _verbose_top(value, api)}
    if isinstance(value, Single):
        inner = _value(value.value, spoken, api)
        shown = inner if isinstance(value.value, Complex) else {"value": inner}
        return _with_metadata(shown, value.name, spoken, api)
    if isinstance(value, Many):
        return _page(value, spoken, api)
    name = f"{value.type.rpartition('.')[2]}/@Element" if isinstance(value, (Entity, Complex)) else ""
    shown = _value(value, spoken, api)
    return _with_metadata(shown, name, spoken, api) if isinstance(shown, dict) else shown


def _verbose_top(value: Any, api: str) -> Any:
    if isinstance(value, Single):
        return {value.name: _value(value.value, Dialect.VERBOSE, api)}
    if isinstance(value, Many):
        shown: dict[str, Any] = {"results": [_value(item, Dialect.VERBOSE, api) for item in value.items]}
        if value.next_link:
            shown["__next"] = value.next_link
        return shown
    return _value(value, Dialect.VERBOSE, api)


def _page(many: Many, spoken: Dialect, api: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": [_value(item, spoken, api) for item in many.items]}
    if many.next_link:
        shown["odata.nextLink"] = many.next_link
    return _with_metadata(shown, many.metadata or "Collection", spoken, api)


def _with_metadata(shown: dict[str, Any], name: str, spoken: Dialect, api: str) -> dict[str, Any]:
    return {"odata.metadata": f"{api}$metadata#{name}", **shown} if spoken is Dialect.MINIMAL else shown


def _value(value: Any, spoken: Dialect, api: str) -> Any:
    if isinstance(value, Entity):
        return _entity(value, spoken, api)
    if isinstance(value, Complex):
        shown = {name: _value(inner, spoken, api) for name, inner in value.values.items()}
        return {"__metadata": {"type": value.type}, **shown} if spoken is Dialect.VERBOSE else shown
    if isinstance(value, Strings):
        items = list(value.items)
        return _results(items, value.of) if spoken is Dialect.VERBOSE else items
    if isinstance(value, (list, tuple)):
        shown_items = [_value(item, spoken, api) for item in value]
        return {"results": shown_items} if spoken is Dialect.VERBOSE else shown_items
    return value


def _results(items: list[Any], type_name: str) -> dict[str, Any]:
    return {"__metadata": {"type": f"Collection({type_name})"}, "results": items}


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _entity(entity: Entity, spoken: Dialect, api: str) -> dict[str, Any]:
    shown = {
        name: value if value.__class__ in _PLAIN else _value(value, spoken, api)  # most are, and a call is not free
        for name, value in entity.values.items()
    }
    if spoken is Dialect.NONE:
        return shown
    address = api + entity.path
    if spoken is Dialect.MINIMAL:
        head = {"odata.type": entity.type, "odata.id": address, "odata.editLink": entity.path}
        if entity.etag:
            head["odata.etag"] = entity.etag
        return {**head, **shown}
    metadata = {"id": address, "uri": address, "type": entity.type}
    if entity.etag:
        metadata["etag"] = entity.etag
    deferred = {link: {"__deferred": {"uri": f"{address}/{link}"}} for link in entity.links if link not in shown}
    return {"__metadata": metadata, **deferred, **shown}

"""What a view may be set to: each property checked where it enters."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sharepoint.embedded.errors import BadRequest, Refused, UnknownProperty
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.viewtable import INERT, View, known
from sharepoint.embedded.viewxml import Drawn, checked_query, read

LARGEST_LIMIT = 2_147_483_647  # doc: SP.View.rowLimit
_SHAPES = frozenset({"KANBAN", "TILES", "COMPACTLIST", "MODERNCALENDAR"})


def applied(info: ListInfo, view: View, given: dict[str, Any]) -> View:
    """The view with these properties set; UnknownProperty for one that is not a view's or cannot be set."""
    for name, value in given.items():
        view = _set(info, view, name, value)
    if view.default and view.owner:
        raise Refused("A personal view cannot be the default view of a list.", status=400)
    return view


def _set(info: ListInfo, view: View, name: str, value: Any) -> View:
    drawn = view.drawn
    match name:
        case "Title":
            return replace(view, title=title(value))
        case "ViewQuery":
            drawn = replace(drawn, query=checked_query(typed(value or "", str)))
        case "RowLimit":
            drawn = replace(drawn, row_limit=_limit(value))
        case "Paged":
            drawn = replace(drawn, paged=typed(value, bool))
        case "ListViewXml":
            drawn = checked(info, read(typed(value, str)))
        case "DefaultView":  # a list always has one, so taking the word from it does nothing
            return replace(view, default=typed(value, bool) or view.default)
        case "Hidden":
            return replace(view, hidden=typed(value, bool))
        case _:
            return _set_kept(view, name, value)
    return replace(view, drawn=drawn)


def _set_kept(view: View, name: str, value: Any) -> View:
    if name == "CustomFormatter":
        return replace(view, settings={**view.settings, name: formatter(value)})
    if name not in INERT:
        raise UnknownProperty(name, "SP.View")
    if name == "ViewType2" and value not in (None, "", *_SHAPES):
        raise BadRequest(f"'{str(value)[:40]}' is not a kind of view.", code="-1, System.ArgumentException")
    return replace(view, settings={**view.settings, name: value if value is None else typed(value, INERT[name])})


def formatter(value: Any) -> str | None:
    """A CustomFormatter: JSON of an object, or nothing. SharePoint's own panel refuses anything else (memory)."""
    text: str = typed(value or "", str)
    try:
        held = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise BadRequest("CustomFormatter is not valid JSON.", code="-1, System.ArgumentException") from error
    if not isinstance(held, dict):
        raise BadRequest("CustomFormatter is not a JSON object.", code="-1, System.ArgumentException")
    return text or None


def title(value: Any) -> str:
    """A view's title; Refused when it is blank or longer than 255 characters."""
    given: str = typed(value, str)
    if not given.strip() or len(given) > 255:
        raise Refused("Cannot use an empty value or more than 255 characters for the title of a view.", status=400)
    return given


def _limit(value: Any) -> int:
    if not 1 <= typed(value, int) <= LARGEST_LIMIT:
        raise BadRequest(f"RowLimit must be from 1 to {LARGEST_LIMIT}.", code="-1, System.ArgumentException")
    return int(value)


def typed(value: Any, kind: type) -> Any:
    """The value, if it is of that JSON type."""
    if type(value) is not kind:
        raise wrong_type({str: "Edm.String", bool: "Edm.Boolean", int: "Edm.Int32"}[kind])
    return value


def checked(info: ListInfo, drawn: Drawn) -> Drawn:
    """What a view is to show, its columns known to the list and its row limit possible."""
    return replace(drawn, fields=tuple(known(info, name) for name in drawn.fields), row_limit=_limit(drawn.row_limit))

"""How a view or a column's formatting is told from one that somebody changed: by its shape, not by how it is written.

A view or a formatting is still the bot's while its shape is one of those it has ever been given (`shipped`). Once
somebody has changed it, its shape is another, and it is theirs: provisioning leaves it alone from then on.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET

from sharepoint.answers import JSON

AS_SHAREPOINT_MAKES_IT = frozenset({"LinkTitle", "LinkTitleNoMenu", "Title", "Attachments", "Edit", "DocIcon"})
"""What an `All Items` that nobody has touched may show."""


def of_view(query: str, fields: tuple[str, ...], rows: int) -> str:
    """The shape of a view: its columns in order, its query however it is spaced, how many rows a page has."""
    return _digest(["view", fields, _canonical(query), rows])


def of_answer(view: JSON) -> str:
    """The shape of a view as SharePoint answers it."""
    return of_view(str(view.get("ViewQuery") or ""), fields_of(view), int(view.get("RowLimit") or 0))


def of_formatting(text: str) -> str:
    """The shape of a CustomFormatter: its JSON however it is spaced and ordered."""
    try:
        return _digest(["format", json.loads(text)])
    except ValueError:
        return _digest(["text", text])


def fields_of(view: JSON) -> tuple[str, ...]:
    """The columns that a view shows, from its ListViewXml."""
    try:
        root = ET.fromstring(str(view.get("ListViewXml") or "<View />"))  # noqa: S314 - SharePoint's own answer
    except ET.ParseError:
        return ()
    return tuple(ref.get("Name", "") for ref in root.findall("ViewFields/FieldRef"))


def untouched(view: JSON) -> bool:
    """Whether a view is the one that SharePoint gives a new list: the title, by id, no condition."""
    return set(fields_of(view)) <= AS_SHAREPOINT_MAKES_IT and "<Where" not in str(view.get("ViewQuery"))


def _canonical(query: str) -> Any:
    try:
        root = ET.fromstring(f"<Query>{query}</Query>")  # noqa: S314 - SharePoint's own answer, or ours
    except ET.ParseError:
        return query
    # The order of Where, OrderBy and GroupBy says nothing; within them it does.
    return sorted((_node(part) for part in root), key=lambda node: str(node[0]))


def _node(element: ET.Element) -> list[Any]:
    attributes = {name: value.upper() for name, value in element.attrib.items() if name != "Name"}
    if attributes.get("Ascending") == "TRUE":  # what an absent one means
        del attributes["Ascending"]
    names = [element.get("Name", "")]
    return [
        element.tag,
        names,
        sorted(attributes.items()),
        (element.text or "").strip(),
        [_node(child) for child in element],
    ]


def _digest(shape: Any) -> str:
    return hashlib.sha256(json.dumps(shape, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:12]

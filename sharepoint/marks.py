"""Telling a write of our own, whose answer was lost, from somebody else's.

A repeated add meets its own key as a Duplicate, a repeated change its own new ETag as a Conflict. To compare what is
there with what was to be written is not enough: two processes that claim the same post write the same values, and each
would take the other's row for its own and post twice. So every write carries a mark that no other write has, and what
holds the mark is ours. A person who edits the row in SharePoint leaves the mark as it stands, so the item's versions
are asked which of them it came with: only while that is the newest is the item as we wrote it, and its ETag ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

JSON = dict[str, Any]
Read = Callable[[str], JSON]

MARK: Final = "WriteMark"
LOOKED_AT: Final = 20
"""How many versions back a change is looked for: far more than anybody writes while one request is repeated."""


def fresh() -> str:
    """A mark that no other write has."""
    return secrets.token_hex(8)


def added(read: Read, list_name: str, values: JSON, mark: str) -> tuple[int, str] | None:
    """The id and ETag of the item that this add made; None when the key is somebody else's. `read` GETs a path."""
    key = str(values.get("Key") or "")
    if not key:
        return None
    condition = quote(f"Key eq '{key.replace(chr(39), chr(39) * 2)}'", safe="")
    rows = read(f"{_items(list_name)}?$select=Id&$filter={condition}&$top=1").get("value") or []
    if not rows:
        return None
    item_id = int(rows[0]["Id"])
    etag = changed(read, list_name, item_id, mark)
    return None if etag is None else (item_id, etag)


def changed(read: Read, list_name: str, item_id: int, mark: str) -> str | None:
    """The ETag of an item that the write with this mark made or changed; empty when it was changed again since.

    None when that write never came about.
    """
    # In this order: if the newest version is ours now, it was when the ETag was read.
    item = read(f"{_items(list_name)}({item_id})?$select=Id,{MARK}")
    versions = read(f"{_items(list_name)}({item_id})/versions?$top={LOOKED_AT}").get("value") or []
    marks = [version.get(MARK) for version in versions]
    if mark not in marks:
        return None
    newest_of_ours = marks.count(mark) == 1 and marks[0] == mark
    return str(item.get("odata.etag") or "") if newest_of_ours and item.get(MARK) == mark else ""


def _items(list_name: str) -> str:
    return f"web/lists/getByTitle('{list_name}')/items"

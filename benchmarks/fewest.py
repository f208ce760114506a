"""The floor of each thing: the fewest REST calls that could do it, ready for anything that speaks HTTP.

A step is one request: its method, URL, headers and body. Reads go together, a hundred to a `$batch`, as SharePoint
allows; a change is one MERGE whatever the ETag, a paper one upload of bytes made beforehand, what is added or changed
in numbers one `$batch` for each hundred. Nothing is made or decided between the steps.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import orjson

from sharepoint.answers import Write, batch_body, write_body
from sharepoint.client import BATCH_LIMIT
from sharepoint.queries import entity_type
from tests.running import TOKEN

JSON = dict[str, Any]

ACCEPT = "application/json;odata=minimalmetadata"
BOUNDARY = "batch_1"


def reads(site: str, paths: Iterable[str]) -> list[JSON]:
    """Ask for all of these, which are paths below `_api/`."""
    urls = [f"{site}/_api/{path}" for path in dict.fromkeys(paths)]
    return [_batch(site, batch_body(some, BOUNDARY, ACCEPT)) for some in _hundreds(urls)]


def changes(site: str, of: str, ids: Sequence[int], values: JSON) -> list[JSON]:
    """Change these rows of a list alike: one by itself, several together."""
    path = f"web/lists/getByTitle('{of}')/items"
    if len(ids) == 1:
        headers = {"X-HTTP-Method": "MERGE", "If-Match": "*", "Content-Type": "application/json;odata=nometadata"}
        return [_step(f"{site}/_api/{path}({ids[0]})", headers, orjson.dumps(values))]
    return _writes(site, [Write("MERGE", f"{path}({each})", _typed(of, values), "*") for each in ids])


def adds(site: str, of: str, rows: Iterable[JSON]) -> list[JSON]:
    """Add these rows to a list."""
    path = f"web/lists/getByTitle('{of}')/items"
    return _writes(site, [Write("POST", path, _typed(of, row)) for row in rows])


def file(site: str, folder: str, name: str, content: bytes) -> list[JSON]:
    """File a paper; `folder` is below the site, and there."""
    root = "/" + site.split("/", 3)[3]
    where = f"web/getFolderByServerRelativePath(decodedurl='{quote(f'{root}/{folder}')}')"
    call = f"files/addUsingPath(decodedurl='{quote(name)}',overwrite=true)"
    return [_step(f"{site}/_api/{where}/{call}", {"Content-Type": "application/octet-stream"}, content)]


def _typed(of: str, values: JSON) -> JSON:
    return {"__metadata": {"type": entity_type(of)}, **values}


def _writes(site: str, writes: Sequence[Write]) -> list[JSON]:
    return [
        _batch(site, write_body([(f"{site}/_api/{each.path}", each) for each in some], BOUNDARY, ACCEPT))
        for some in _hundreds(writes)
    ]


def _hundreds(every: Sequence[Any]) -> list[Sequence[Any]]:
    return [every[at : at + BATCH_LIMIT] for at in range(0, len(every), BATCH_LIMIT)]


def _batch(site: str, body: bytes) -> JSON:
    return _step(f"{site}/_api/$batch", {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}, body)


def _step(url: str, headers: JSON, body: bytes) -> JSON:
    signed = {"Authorization": f"Bearer {TOKEN}", "Accept": ACCEPT, **headers}
    return {"method": "POST", "url": url, "headers": signed, "body": base64.b64encode(body).decode()}

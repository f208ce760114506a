"""`$batch`: up to 100 operations in one multipart body, each answered in order with its own status.

As in SharePoint the operations do not stand or fall together. They are committed once, before the answer is sent: a
batch is one fsync, and what is acknowledged is kept.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sharepoint.embedded.contents import takes_bytes
from sharepoint.embedded.dispatch import Answer, Asked, answer
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.people import Person
from sharepoint.embedded.site import PATH, Site

MOST = 100
Operate = Callable[[Site, Asked, Person], Answer]
_API = f"{PATH}/_api/"
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^;\s]+))", re.IGNORECASE)
_PART_HEAD = (b"Content-Type: application/http", b"Content-Transfer-Encoding: binary", b"")
_REASONS = {
    200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    412: "Precondition Failed", 429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
    503: "Service Unavailable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    headers: dict[str, str]
    body: bytes


def read(body: bytes, content_type: str) -> list[Asked]:
    """The operations of a batch, changesets flattened; BadQuery if it does not parse or has more than 100."""
    found: list[Asked] = []
    for part in _parts(body, _boundary(content_type)):
        inner = part.headers.get("content-type", "")
        if inner.lower().startswith("multipart/mixed"):
            operations = [_operation(one) for one in _parts(part.body, _boundary(inner))]
            if any(one.method == "GET" for one in operations):
                raise BadQuery("A changeset cannot hold a GET.")
            found += operations
        else:
            found.append(_operation(part))
    if any(one.body and one.method != "GET" and takes_bytes(one.path) for one in found):
        raise BadQuery("A batch cannot carry the bytes of a file. Send each file in a request of its own.")
    if not found or len(found) > MOST:
        raise BadQuery(f"A batch holds from 1 to {MOST} operations; this one holds {len(found)}.")
    return found


def run(site: Site, operations: list[Asked], person: Person, do: Operate = answer) -> list[Answer]:
    """Every operation, in order, as `do` does them. Reads alone take no write lock."""
    if all(one.meant == "GET" for one in operations):
        return [do(site, one, person) for one in operations]
    with site.database.write():
        return [do(site, one, person) for one in operations]


def write(answers: list[Answer]) -> Answer:
    """The multipart answer; like SharePoint's it has no changesets."""
    boundary = f"batchresponse_{uuid.uuid4()}"
    lines: list[bytes] = []
    for one in answers:
        lines += [f"--{boundary}".encode(), *_PART_HEAD]
        lines.append(f"HTTP/1.1 {one.status} {_REASONS.get(one.status, 'Error')}".encode())
        lines += [f"{name.upper()}: {value}".encode() for name, value in one.headers.items()]
        lines += [b"", one.body]
    lines += [f"--{boundary}--".encode(), b""]
    return Answer(200, {"Content-Type": f"multipart/mixed; boundary={boundary}"}, b"\r\n".join(lines))


def _boundary(content_type: str) -> str:
    found = _BOUNDARY.search(content_type)
    if not found or "multipart/mixed" not in content_type.lower():
        raise BadQuery("A batch must be multipart/mixed with a boundary.")
    return found.group(1) or found.group(2)


def _parts(body: bytes, boundary: str) -> list[_Part]:
    """The parts between boundary lines; whatever stands before the first is skipped, and lines may end either way."""
    mark = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|$)")
    marks = list(mark.finditer(body))
    if not marks:
        raise BadQuery("The batch's boundary does not occur in its body.")
    found = []
    for here, following in zip(marks, [*marks[1:], None], strict=True):
        if here.group(1):
            break
        found.append(_part(body[here.end() : following.start() if following else len(body)]))
    return found


def _part(raw: bytes) -> _Part:
    # The line end that closes the boundary line, then headers up to an empty line.
    head, rest = _head(re.sub(rb"^\r?\n", b"", raw, count=1))
    return _Part(_headers(head), rest)


def _head(raw: bytes) -> tuple[bytes, bytes]:
    if raw.startswith((b"\r\n", b"\n")):
        return b"", raw.lstrip(b"\r\n")
    pieces = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    return pieces[0], pieces[1] if len(pieces) > 1 else b""


def _headers(head: bytes) -> dict[str, str]:
    found = {}
    for line in head.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _operation(part: _Part) -> Asked:
    head, body = _head(part.body.lstrip(b"\r\n"))
    first, _, rest = head.partition(b"\n")
    # Between the first space and the last: clients have been seen to leave spaces of a list's title unencoded.
    verb, _, address = first.decode("utf-8", "replace").strip().partition(" ")
    address, _, version = address.rpartition(" ")
    if not address or not version.upper().startswith("HTTP/"):
        raise BadQuery("A part of the batch has no request line.")
    target = urlsplit(address.strip())
    # SharePoint wants absolute addresses in a batch; a server-relative one is taken too.
    at = target.path.lower().find(_API)
    if at < 0:
        raise BadQuery(f"A part of the batch asks for '{target.path[:200]}', which is outside this site.")
    return Asked(verb.upper(), target.path[at + len(_API) :], target.query, _headers(rest), body.strip(b"\r\n"))

"""One operation in, one answer out, whether it came alone or in a batch. Nothing here knows HTTP sockets."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sharepoint.embedded import options, paths, places, render
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Many, Raw, Reply, Single
from sharepoint.embedded.errors import BadQuery, HandshakeNeeded, NotBuilt, ResourceMissing, SharePointError
from sharepoint.embedded.people import Person
from sharepoint.embedded.routes import NOT_BUILT, PATTERNS, QUERYABLE, ROUTES, canonical
from sharepoint.embedded.site import Site

LONGEST_ADDRESS = 8_190  # what the HTTP parser takes, held in batches too
# How OData v3 says that a link leads nowhere.
_NOTHING = Complex("Edm.Null", {"odata.null": True})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation as it arrived: `path` and `query` raw, `path` below `_api/`, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    validated: str | None = None

    @property
    def meant(self) -> str:
        """The verb meant: X-HTTP-Method of a POST counts, and PATCH is MERGE."""
        verb = self.headers.get("x-http-method", self.method) if self.method == "POST" else self.method
        return {"PATCH": "MERGE"}.get(verb.upper(), verb.upper())


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def answer(site: Site, asked: Asked, person: Person) -> Answer:
    """Do one operation; every failure is an answer too, and none tells what an item holds.

    Raises HandshakeNeeded when the sender first has to call a notification URL, if it said that it can.
    """
    spoken = render.dialect(asked.headers.get("accept", ""))
    try:
        reply = _do(site, asked, person)
        headers = dict(reply.headers)
        if reply.value is None:
            return Answer(reply.status, headers)
        if isinstance(reply.value, Raw):
            return Answer(reply.status, {"Content-Type": "application/octet-stream", **headers}, reply.value.data)
        headers["Content-Type"] = spoken.content_type
        return Answer(reply.status, headers, render.body(reply, spoken, site.api))
    except HandshakeNeeded as needed:
        if asked.validated is not None:
            raise
        return refusal(needed, spoken)
    except SharePointError as error:
        return refusal(error, spoken)
    except Exception as error:  # noqa: BLE001 — the last line of defence: a 500 with a number, never a traceback
        return unexpected(error, spoken)


def refusal(error: SharePointError, spoken: render.Dialect) -> Answer:
    """A refusal as an answer."""
    return Answer(error.status, {"Content-Type": spoken.content_type}, render.envelope(error, spoken))


def counted_as(asked: Asked) -> str:
    """How this operation is named in the request counts: its verb and pattern, lists by their own names."""
    try:
        segments = paths.parse(asked.path, options.parse(asked.query).aliases)
        pattern, keys = canonical(segments)
    except SharePointError:
        return f"{asked.meant} (unreadable)"
    if pattern not in PATTERNS and pattern.rpartition("/")[0] not in PATTERNS:
        return f"{asked.meant} (unknown)"
    if keys and pattern.startswith("web/lists/*"):
        pattern = pattern.replace("*", keys[0].value[:80], 1)
    return f"{asked.meant} {pattern[:200]}"


def _do(site: Site, asked: Asked, person: Person) -> Reply:
    if len(asked.path) + len(asked.query) > LONGEST_ADDRESS or not _is_text(asked.path + asked.query):
        raise BadQuery("The address is too long, or is not text.")
    asked_options = options.parse(asked.query)
    segments = paths.parse(asked.path, asked_options.aliases)
    pattern, named = canonical(segments)
    keys = places.resolved(site, person, named)
    if keys is None:  # a root folder has no item, and SharePoint says so in these words
        return Reply(_NOTHING)
    last = segments[-1] if segments else None
    call = Call(
        method=asked.meant,
        address=site.api + asked.path,
        headers=asked.headers,
        body=asked.body,
        options=asked_options,
        person=person,
        keys=keys,
        args=last.args if last else (),
        named=last.named if last else {},
        validated=asked.validated,
        pattern=pattern,
    )
    handler = ROUTES.get(f"{asked.meant} {pattern}")
    if handler:
        if pattern not in QUERYABLE and (asked_options.expand or asked_options.orderby):
            raise NotBuilt("$expand and $orderby are built for items only in this server.")
        return handler(site, call)
    if asked.meant == "GET" and last and not last.args and pattern not in PATTERNS:
        parent = ROUTES.get(f"GET {pattern.rpartition('/')[0]}")
        if parent:
            return _property(site, call, last.written, parent(site, replace(call, options=options.parse(""))))
    raise _missing(pattern, last.written if last else "")


def _is_text(raw: str) -> bool:
    try:
        raw.encode()
    except UnicodeEncodeError:  # bytes that were not UTF-8
        return False
    return True


def _property(site: Site, call: Call, name: str, reply: Reply) -> Reply:
    """GET of one property by its own address, such as `lists/…/ItemCount` or `web/CurrentChangeToken`."""
    if isinstance(reply.value, Entity):
        for known, way in reply.value.ways.items():
            if known.lower() == name.lower():
                found = way()
                return Reply(Many(found) if isinstance(found, list) else _NOTHING if found is None else found)
        for known in [*reply.value.values, *reply.value.more]:
            if known.lower() == name.lower():
                value = reply.value.read(known)
                return Reply(value if isinstance(value, Complex) else Single(known, value))
    raise _missing(name.lower(), name)


def _missing(pattern: str, name: str) -> SharePointError:
    if pattern in PATTERNS and pattern.rpartition("/")[2] not in NOT_BUILT:
        return SharePointError(
            f"The HTTP method cannot be used to access the resource '{name}'. "
            "Please use correct HTTP method to invoke the resource.",
            status=405,
            code="-1, Microsoft.SharePoint.Client.ClientServiceException",
        )
    for part in pattern.split("/"):
        if part in NOT_BUILT:
            return NotBuilt(f"'{part}' is not built in this server; see the docstring of sharepoint.embedded.")
    return ResourceMissing(name)


def unexpected(error: Exception, spoken: render.Dialect) -> Answer:
    """A failure of ours as a 500 with a number, logged without what an item holds."""
    number = str(uuid.uuid4())
    # The traceback's lines are code, but an exception's text may quote an item; so the type and the place alone.
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    _log.error("unexpected %s at %s, correlation %s", type(error).__name__, place, number)
    told = SharePointError(f"An unexpected error has occurred. Correlation: {number}", code="-1, System.Exception")
    return refusal(told, spoken)

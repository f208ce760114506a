"""The one door to the site's REST API: reads go direct, writes go through the typed client, both off the event loop.

Only this module imports office365. It is wrapped the way its measured defects ask for: a fresh context for every
request (one shared between tasks mixes up If-Match), our own retries (its own ignore Retry-After), entity type and form
digest known beforehand (else one write is three requests), explicit timeouts (its own read without end).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

import orjson
import requests
from office365.runtime.auth.token_response import TokenResponse
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.http.http_method import HttpMethod
from office365.runtime.http.request_options import RequestOptions
from office365.runtime.queries.service_operation import ServiceOperationQuery
from office365.sharepoint.client_context import ClientContext
from office365.sharepoint.listitems.listitem import ListItem
from office365.sharepoint.webs.context_web_information import ContextWebInformation

from board.errors import BoardError, Conflict
from sharepoint.answers import JSON, Answer, Write, batch_body, batch_parts, check, write_body
from sharepoint.asking import THREADS, Asking, Call
from sharepoint.chain import Keys
from sharepoint.errors import Duplicate, StoreBusy, StoreError, StoreRefused, Unreadable
from sharepoint.marks import MARK, added, changed, fresh
from sharepoint.pace import ALLOWANCE, WRITE, Pace, cost
from sharepoint.sign_in import SignIn
from sharepoint.transport import Session

ACCEPT: Final = "application/json;odata=minimalmetadata"
VERBOSE: Final = "application/json;odata=verbose"
ORGANISATION: Final = "MHRMB"
BATCH_LIMIT: Final = 100
BATCH_TAKES: Final = (2.0, 60.0)
"""Seconds to connect, and between bytes, for a batch of writes."""

# What a handler of ours raises (a form digest refused, say) is raised to us as well, and told in a sentence.
logging.getLogger("office365.runtime.types.event_handler").setLevel(logging.CRITICAL)

T = TypeVar("T")

# It logs a traceback for every form digest that could not be fetched, which we raise and tell ourselves.
logging.getLogger("office365.runtime.types.event_handler").setLevel(logging.CRITICAL)


class SharePoint:
    """A site, and how patiently it is asked. Safe to use from many tasks; `requests_made` counts what was sent.

    Every call takes `within`, the seconds it may last whatever happens, and `background`, which is for what nobody
    waits for: it goes at most three at a time, and stands back while SharePoint is short of room. `organisation` names
    the operator in the user agent, by which Microsoft tells one caller from another. `keys` seal what the store writes
    to it; without them rows are written unsealed.
    """

    def __init__(
        self,
        site_url: str,
        sign_in: SignIn,
        *,
        timeout: tuple[float, float] = (2.0, 10.0),
        organisation: str = ORGANISATION,
        pace: Pace | None = None,
        keys: Keys | None = None,
    ) -> None:
        self.site_url = site_url.rstrip("/")
        self.keys = keys
        self._sign_in = sign_in
        self._user_agent = f"NONISV|{organisation}|MHRMB/0.1"  # the form Microsoft asks for (doc)
        # SharePoint Online is https; the embedded server, which alone is not, sets no allowance.
        self.pace = pace or Pace(ALLOWANCE if self.site_url.startswith("https:") else None)
        self._asking = Asking(self.pace, sign_in.drop)
        self.requests_made = 0
        self._digest = ContextWebInformation()
        self._root = ClientContext(self.site_url).with_transport(
            timeout=timeout, session=Session(THREADS, self.pace.told)
        )
        # The client's own cache renews only after expiry, with every thread waiting behind its lock, and never drops a
        # token for a 401. So it keeps this placeholder, and `_sign` puts the real token into each request.
        self._root.with_access_token(lambda: TokenResponse(access_token="placeholder", token_type="Bearer"))  # noqa: S106

    async def close(self) -> None:
        """Let requests under way finish and close every connection."""
        await self._asking.close()
        self._root.close()

    async def get(self, path: str, *, within: float, background: bool = False) -> JSON:
        """GET a path below `_api/`, its query already encoded, and return the object."""
        call = Call(within, background, cost("GET", path))
        return await self._asking.ask(lambda _again: self._direct("GET", path).json(), call)

    async def batch(self, paths: Sequence[str], *, within: float, background: bool = False) -> list[JSON]:
        """GET up to 100 paths in one request, and return their objects in order; raises for the first that was refused.

        Parts that SharePoint was too busy for are asked again without the others.
        """
        if len(paths) > BATCH_LIMIT:
            raise ValueError("a batch holds at most 100 requests")
        call = Call(within, background, sum(cost("GET", path) for path in paths))
        found: dict[int, JSON] = {}
        await self._asking.ask(lambda _again: self._batch(paths, found), call)
        return [found[at] for at in range(len(paths))]

    async def write_batch(self, writes: Sequence[Write], *, within: float, background: bool = False) -> list[Answer]:
        """Do up to 100 writes of items in one request, and return each one's answer in order, refusals among them.

        A batch is not transactional: an operation that fails leaves the others as they are (doc: "Make batch requests
        with the REST APIs"). One whose answer is lost may be sent again: each write has a unique key or an ETag.
        """
        if len(writes) > BATCH_LIMIT:
            raise ValueError("a batch holds at most 100 requests")
        marked = [replace(write, body={**write.body, MARK: fresh()}) for write in writes]
        call = Call(within, background, WRITE * len(writes), writes=True)
        return await self._asking.ask(lambda _again: self._write_batch(marked), call)

    async def change_together(
        self, changes: Sequence[tuple[str, str, JSON | None]], *, within: float, background: bool = False
    ) -> list[StoreError | BoardError | None]:
        """Make up to 100 changes (verb, path below `_api/`, body) in one request, each by itself and in order; answers
        what became of each, None being done. Raises StoreBusy, and does not try again, when it is not known which
        were made: unlike other writes these carry no key, so whoever asks looks again first."""
        if len(changes) > BATCH_LIMIT:
            raise ValueError("a batch holds at most 100 requests")
        units = sum(cost(verb, path) for verb, path, _ in changes)
        call = Call(within, background, units, writes=True, blindly=False)
        return await self._asking.ask(lambda _again: self._change_together(changes), call)

    async def post(
        self,
        path: str,
        body: JSON | None = None,
        *,
        within: float,
        method: str = "POST",
        content_type: str = VERBOSE,
        background: bool = False,
    ) -> JSON:
        """POST (or `MERGE`, `PATCH`, `DELETE`) a path below `_api/`; an empty answer is an empty object."""
        call = Call(within, background, cost(method, path), writes=True)

        def work(_again: bool) -> JSON:
            answer = self._direct(method, path, body, content_type=content_type)
            return answer.json() if answer.body.strip() else {}

        return await self._asking.ask(work, call)

    async def upload(self, path: str, content: bytes, *, within: float, background: bool = False) -> JSON:
        """POST bytes to a path below `_api/` that files them. May be sent twice when an answer is lost: the path says
        that it writes over what is there."""

        def work(_again: bool) -> JSON:
            request = RequestOptions(f"{self.site_url}/_api/{path}")
            request.method = HttpMethod.Post
            request.data = content
            request.timeout = BATCH_TAKES
            request.set_header("Accept", ACCEPT)
            request.set_header("Content-Type", "application/octet-stream")
            return self._send(request, f"POST {path.split('(', 1)[0]}").json()

        return await self._asking.ask(work, Call(within, background, WRITE, writes=True))

    async def download(self, path: str, *, within: float, background: bool = False) -> bytes:
        """GET the bytes at a path below `_api/`, such as a file's `$value`."""
        call = Call(within, background, cost("GET", path))
        return await self._asking.ask(lambda _again: self._direct("GET", path).body, call)

    async def add(self, list_name: str, values: JSON, *, within: float, background: bool = False) -> tuple[int, str]:
        """Add an item, and return its id and ETag. Raises Duplicate when a unique column already holds the value.

        A Duplicate of this very add, whose answer was lost, is no Duplicate. The ETag is empty when somebody has
        changed the item since.
        """
        mark = fresh()

        def work(again: bool) -> tuple[int, str]:
            try:
                return self._add(list_name, {**values, MARK: mark})
            except Duplicate:
                made = self._unless_busy(lambda read: added(read, list_name, values, mark)) if again else None
                if made is None:
                    raise
                return made

        return await self._asking.ask(work, Call(within, background, WRITE, writes=True))

    async def merge(
        self, list_name: str, item_id: int, values: JSON, *, etag: str, within: float, background: bool = False
    ) -> str:
        """Change columns of one item if it is still at `etag`, and return the new one. Raises Conflict, NotFound.

        A Conflict with this very change, whose answer was lost, is no Conflict. The ETag is empty when somebody has
        changed the item since.
        """
        mark = fresh()

        def work(again: bool) -> str:
            try:
                return self._merge(list_name, item_id, {**values, MARK: mark}, etag)
            except Conflict:
                made = self._unless_busy(lambda read: changed(read, list_name, item_id, mark)) if again else None
                if made is None:
                    raise
                return made

        return await self._asking.ask(work, Call(within, background, WRITE, writes=True))

    def _unless_busy(self, look: Callable[[Callable[[str], JSON]], T]) -> T:
        """Look for a write of our own; while that cannot be done, it may have been made."""
        try:
            return look(lambda path: self._direct("GET", path).json())
        except (StoreBusy, Unreadable) as busy:
            wait = busy.retry_after if isinstance(busy, StoreBusy) else 0.0
            raise StoreBusy(str(busy), retry_after=wait, uncertain=True) from busy

    def _context(self, *, digest: bool = True) -> ClientContext:
        """A context of its own for one request, sharing sign-in, connections and form digest with the others."""
        context = self._root.clone(self.site_url)
        fresh = context.pending_request()
        # The client has no public way to share a digest or to do without, and fetches one with retries of its own,
        # which sleep for minutes in our threads.
        fresh._ctx_web_info = self._digest if digest else ContextWebInformation(FormDigestValue="")
        fresh._fetch_context_web_information = self._fetch_digest
        # Here, not in the handler: the client logs a traceback of whatever a handler raises.
        fresh.beforeExecute += partial(self._sign, self._sign_in.token().value)
        self.requests_made += 1
        return context

    def _sign(self, token: str, request: RequestOptions) -> None:
        request.set_header("Authorization", f"Bearer {token}")
        request.set_header("User-Agent", self._user_agent)
        if not request.headers.get("X-RequestDigest"):
            request.headers.pop("X-RequestDigest", None)

    def _fetch_digest(self) -> ContextWebInformation:
        """The form digest that SharePoint asks of writes: one request, good for half an hour, kept for all."""
        request = RequestOptions(f"{self.site_url}/_api/contextinfo")
        request.method = HttpMethod.Post
        request.set_header("Accept", ACCEPT)
        told = self._send(request, "contextinfo", digest=False).json()
        value, seconds = told.get("FormDigestValue"), told.get("FormDigestTimeoutSeconds")
        if not isinstance(value, str) or not isinstance(seconds, int):
            raise StoreRefused("SharePoint gave no form digest")
        self._digest = ContextWebInformation(FormDigestValue=value, FormDigestTimeoutSeconds=seconds)
        return self._digest

    def _direct(self, method: str, path: str, body: JSON | None = None, *, content_type: str = VERBOSE) -> Answer:
        request = RequestOptions(f"{self.site_url}/_api/{path}")
        request.set_header("Accept", ACCEPT)
        if method != "GET":
            request.method = HttpMethod.Post
            request.data = orjson.dumps(body or {})
            request.set_header("Content-Type", content_type)
        if method in ("MERGE", "PATCH", "DELETE"):
            request.set_header("X-HTTP-Method", method)
            request.set_header("If-Match", "*")
        return self._send(request, f"{method} {path.split('?', 1)[0]}", digest=method != "GET")

    def _batch(self, paths: Sequence[str], found: dict[int, JSON]) -> None:
        """Ask for what is not found yet; raises StoreBusy for what SharePoint was too busy for, the rest being kept."""
        asked = [at for at in range(len(paths)) if at not in found]
        boundary = f"batch_{secrets.token_hex(8)}"
        request = self._batch_request(boundary)
        request.data = batch_body([f"{self.site_url}/_api/{paths[at]}" for at in asked], boundary, ACCEPT)
        parts = batch_parts(self._send(request, "$batch"))
        if len(parts) != len(asked):
            raise StoreBusy("SharePoint answered only part of a batch")
        waits: list[float] = []
        for at, part in zip(asked, parts, strict=True):
            try:
                found[at] = check(part, f"GET {paths[at].split('?', 1)[0]}").json()
            except StoreBusy as busy:
                self.pace.told(part.status, part.headers)
                waits.append(busy.retry_after)
        if waits:
            raise StoreBusy(f"{len(waits)} of the parts of a batch", retry_after=max(waits))

    def _write_batch(self, writes: Sequence[Write]) -> list[Answer]:
        boundary = f"batch_{secrets.token_hex(8)}"
        request = self._batch_request(boundary)
        request.timeout = BATCH_TAKES  # a hundred writes take longer than one read
        request.data = write_body([(f"{self.site_url}/_api/{each.path}", each) for each in writes], boundary, ACCEPT)
        parts = batch_parts(self._send(request, "$batch"))
        if len(parts) != len(writes):
            raise StoreBusy("SharePoint answered only part of a batch", uncertain=True)
        return parts

    def _batch_request(self, boundary: str) -> RequestOptions:
        request = RequestOptions(f"{self.site_url}/_api/$batch")
        request.method = HttpMethod.Post
        request.set_header("Content-Type", f"multipart/mixed; boundary={boundary}")
        request.set_header("Accept", "multipart/mixed")
        return request

    def _change_together(self, changes: Sequence[tuple[str, str, JSON | None]]) -> list[StoreError | BoardError | None]:
        parts = self._write_batch(
            [Write(verb, path, body or {}, "" if verb == "POST" else "*") for verb, path, body in changes]
        )
        return [_outcome(part, f"{verb} {path}") for part, (verb, path, _) in zip(parts, changes, strict=True)]

    def _send(self, request: RequestOptions, what: str, *, digest: bool = True) -> Answer:
        context = self._context(digest=digest)
        with _translated(what):
            return check(_answer(context.pending_request().execute_request_direct(request)), what)

    def _add(self, list_name: str, values: JSON) -> tuple[int, str]:
        context, answers = self._context(), list[Answer]()
        target = _list(context, list_name)
        item = ListItem(context, None, target)
        target.items.add_child(item)
        _filled(item, list_name, values)
        context.add_query(ServiceOperationQuery(target, "items", None, item, None, item))
        context.after_execute(lambda response: answers.append(_answer(response)), include_response=True)
        with _translated(f"add to {list_name}"):
            context.execute_query()
            made = answers[-1].json()
            made = made.get("d", made)
            return int(made["Id"]), _etag(answers[-1], made)

    def _merge(self, list_name: str, item_id: int, values: JSON, etag: str) -> str:
        if not etag:  # an answer came without one: what is there now is not known, so nothing may be written over it
            raise Conflict
        context, answers = self._context(), list[Answer]()
        item = _filled(_list(context, list_name).get_item_by_id(item_id), list_name, values)
        item.update()
        context.before_execute(lambda request: request.set_header("IF-MATCH", etag))
        context.after_execute(lambda response: answers.append(_answer(response)), include_response=True)
        with _translated(f"change {list_name}({item_id})"):
            context.execute_query()
        if answers[-1].status != 204:  # a sign-in page, say: SharePoint answers a change with nothing
            raise Unreadable(f"change {list_name}({item_id}): not SharePoint's answer", status=answers[-1].status)
        return _etag(answers[-1], {})


def _outcome(answer: Answer, what: str) -> StoreError | BoardError | None:
    try:
        check(answer, what)
    except (StoreError, BoardError) as error:
        return error
    return None


def _list(context: ClientContext, name: str) -> Any:
    return context.web.lists.get_by_title(name)


def _filled(item: Any, list_name: str, values: JSON) -> Any:
    """Give an item its values and its type; without the type the client asks for it before every write."""
    item._entity_type_name = entity_type(list_name)
    for name, value in values.items():
        item.set_property(name, value, True)
    return item


def entity_type(list_name: str) -> str:
    """The OData type of a list's items. Fixed by the name the list was made with: ASCII, no spaces."""
    return f"SP.Data.{list_name}ListItem"


def _etag(answer: Answer, made: JSON) -> str:
    """The ETag an answer tells; empty when it tells none."""
    meta = made.get("__metadata")
    inner = meta.get("etag") if isinstance(meta, dict) else made.get("odata.etag")
    return str(answer.headers.get("etag") or inner or "")


def _answer(response: requests.Response) -> Answer:
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Turn whatever the client raises into the store's own errors, in one place."""
    try:
        yield
    except ClientRequestException as error:
        if error.response is None:
            raise StoreBusy(f"{what}: no answer", uncertain=True) from error
        check(_answer(error.response), what)
        raise StoreBusy(f"{what}: an answer that could not be read", uncertain=True) from error
    except requests.ConnectionError as error:
        raise StoreBusy(f"{what}: SharePoint could not be reached", uncertain=True) from error
    except requests.RequestException as error:
        if error.response is not None:
            check(_answer(error.response), what)
        raise StoreBusy(f"{what}: no answer in time", uncertain=True) from error
    except (AttributeError, IndexError, KeyError, TypeError) as error:  # the client met JSON of another shape
        raise StoreBusy(f"{what}: an answer that could not be read", uncertain=True) from error

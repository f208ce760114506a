"""The one door to the site's REST API: reads go direct on the loop, writes on threads through the client."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from board.errors import BoardError, Conflict
from sharepoint.answers import ACCEPT, JSON, VERBOSE, Answer, Write, batch_body, batch_headers, batch_parts, check
from sharepoint.asking import Asking, Call, was_lost
from sharepoint.chain import Keys
from sharepoint.errors import Duplicate, StoreBusy, StoreError, Unreadable
from sharepoint.marks import MARK, added, changed, fresh
from sharepoint.pace import ALLOWANCE, WRITE, Pace, cost
from sharepoint.reading import Reader
from sharepoint.sign_in import SignIn

if TYPE_CHECKING:
    from sharepoint.writing import Writer

ORGANISATION: Final = "MHRMB"
BATCH_LIMIT: Final = 100

T = TypeVar("T")


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
        self._sign_in, self._timeout = sign_in, timeout
        self._user_agent = f"NONISV|{organisation}|MHRMB/0.1"  # the form Microsoft asks for (doc)
        # SharePoint Online is https; the embedded server, which alone is not, sets no allowance.
        self.pace = pace or Pace(ALLOWANCE if self.site_url.startswith("https:") else None)
        self._asking = Asking(self.pace, sign_in.drop)
        self.requests_made = 0
        self._reader = Reader(self.site_url, sign_in, self._user_agent, self.pace.told, takes=timeout)
        self._writer: Writer | None = None
        self._making = threading.Lock()

    async def close(self) -> None:
        """Let requests under way finish and close every connection."""
        await self._asking.close()
        await self._reader.close()
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)

    async def get(self, path: str, *, within: float, background: bool = False) -> JSON:
        """GET a path below `_api/`, its query already encoded, and return the object."""
        call = Call(within, background, cost("GET", path))

        async def work() -> JSON:
            return (await self._read(path)).json()

        return await self._asking.read(work, call)

    async def batch(self, paths: Sequence[str], *, within: float, background: bool = False) -> list[JSON]:
        """GET up to 100 paths in one request, and return their objects in order; raises for the first that was refused.

        Parts that SharePoint was too busy for are asked again without the others.
        """
        if len(paths) > BATCH_LIMIT:
            raise ValueError("a batch holds at most 100 requests")
        call = Call(within, background, sum(cost("GET", path) for path in paths))
        found: dict[int, JSON] = {}
        await self._asking.read(lambda: self._batch(paths, found), call)
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
        return await self._asking.ask(lambda _again: self._writes().batch(marked), call)

    async def change_together(
        self, changes: Sequence[tuple[str, str, JSON | None]], *, within: float, background: bool = False
    ) -> list[StoreError | BoardError | None]:
        """Make up to 100 changes (verb, path below `_api/`, body) in one request, each by itself and in order; answers
        what became of each, None being done. Raises StoreBusy, and does not try again, when it is not known which
        were made: unlike other writes these carry no key, so whoever asks looks again first."""
        if len(changes) > BATCH_LIMIT:
            raise ValueError("a batch holds at most 100 requests")
        units = sum(cost(verb, path) for verb, path, _ in changes)
        writes = [Write(verb, path, body or {}, "" if verb == "POST" else "*") for verb, path, body in changes]
        call = Call(within, background, units, writes=True, blindly=False)
        parts = await self._asking.ask(lambda _again: self._writes().batch(writes), call)
        return [_outcome(part, f"{verb} {path}") for part, (verb, path, _) in zip(parts, changes, strict=True)]

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
            answer = self._writes().post(method, path, body, content_type)
            return answer.json() if answer.body.strip() else {}

        return await self._asking.ask(work, call)

    async def upload(self, path: str, content: bytes, *, within: float, background: bool = False) -> JSON:
        """POST bytes to a path below `_api/` that files them. May be sent twice when an answer is lost: the path says
        that it writes over what is there."""
        call = Call(within, background, WRITE, writes=True)
        return await self._asking.ask(lambda _again: self._writes().upload(path, content).json(), call)

    async def download(self, path: str, *, within: float, background: bool = False) -> bytes:
        """GET the bytes at a path below `_api/`, such as a file's `$value`."""
        call = Call(within, background, cost("GET", path))
        return (await self._asking.read(lambda: self._read(path), call)).body

    async def add(self, list_name: str, values: JSON, *, within: float, background: bool = False) -> tuple[int, str]:
        """Add an item, and return its id and ETag. Raises Duplicate when a unique column already holds the value.

        A Duplicate of this very add, whose answer was lost, is no Duplicate. The ETag is empty when somebody has
        changed the item since.
        """
        mark = fresh()

        def work(again: bool) -> tuple[int, str]:
            try:
                return self._writes().add(list_name, {**values, MARK: mark})
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
                return self._writes().merge(list_name, item_id, {**values, MARK: mark}, etag)
            except Conflict:
                made = self._unless_busy(lambda read: changed(read, list_name, item_id, mark)) if again else None
                if made is None:
                    raise
                return made

        try:
            return await self._asking.ask(work, Call(within, background, WRITE, writes=True))
        except Conflict:
            was_lost()
            raise

    def _unless_busy(self, look: Callable[[Callable[[str], JSON]], T]) -> T:
        """Look for a write of our own; while that cannot be done, it may have been made."""
        try:
            return look(self._writes().read)
        except (StoreBusy, Unreadable) as busy:
            wait = busy.retry_after if isinstance(busy, StoreBusy) else 0.0
            raise StoreBusy(str(busy), retry_after=wait, uncertain=True) from busy

    def _writes(self) -> Writer:
        """Made on the thread of the first write: neither a start nor a read needs its hundred modules."""
        with self._making:
            if self._writer is None:
                from sharepoint.writing import Writer  # noqa: PLC0415 - see above

                self._writer = Writer(
                    self.site_url, self._sign_in, self._user_agent, self.pace.told, self._sent, takes=self._timeout
                )
            return self._writer

    def _sent(self) -> None:
        self.requests_made += 1

    async def _read(self, path: str) -> Answer:
        self._sent()
        what = f"GET {path.split('?', 1)[0]}"
        return await self._reader.read("GET", f"{self.site_url}/_api/{path}", {"Accept": ACCEPT}, what)

    async def _batch(self, paths: Sequence[str], found: dict[int, JSON]) -> None:
        """Ask for what is not found yet; raises StoreBusy for what SharePoint was too busy for, the rest being kept."""
        asked = [at for at in range(len(paths)) if at not in found]
        boundary = f"batch_{secrets.token_hex(8)}"
        body = batch_body([f"{self.site_url}/_api/{paths[at]}" for at in asked], boundary, ACCEPT)
        self._sent()
        url = f"{self.site_url}/_api/$batch"
        parts = batch_parts(await self._reader.read("POST", url, batch_headers(boundary), "$batch", body))
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


def _outcome(answer: Answer, what: str) -> StoreError | BoardError | None:
    try:
        check(answer, what)
    except (StoreError, BoardError) as error:
        return error
    return None

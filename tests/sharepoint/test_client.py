"""The one door to the site: how many requests it makes, when it asks again, and what its errors say."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from board.errors import BoardError, Conflict, NotFound
from sharepoint.client import SharePoint
from sharepoint.errors import Duplicate, StoreBusy, StoreError, StoreRefused
from sharepoint.queries import items_path
from sharepoint.schema import AGENCIES, EVENTS, MEMBERS, SETTINGS
from sharepoint.sign_in import static
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client, path_of

SECRET = "Zebedee Planted"
EVENT = items_path(EVENTS)


def served(server: EmbeddedServer) -> dict[str, int]:
    """What the server counted, by kind, since it was last asked to forget."""
    return dict(server.requests_served()["by"])


async def add_event(site: SharePoint, key: str, within: float = 10) -> tuple[int, str]:
    """A row to work on."""
    return await site.add("Events", {"Key": key, "Kind": "test"}, within=within)


class TestCounting:
    """Requests cost money, time and allowance, so each call makes exactly what it needs."""

    async def test_the_first_write_of_a_process_costs_one_more(self, server: EmbeddedServer, site: SharePoint) -> None:
        """The form digest is fetched once; after that an add, a change and a post are one request each."""
        server.forget_requests()
        item_id, etag = await add_event(site, "count:1")
        assert server.requests_served()["total"] == 2
        assert served(server)["POST contextinfo"] == 1
        server.forget_requests()
        await add_event(site, "count:2")
        assert server.requests_served()["total"] == 1
        await site.merge("Events", item_id, {"Kind": "changed"}, etag=etag, within=10)
        assert server.requests_served()["total"] == 2
        await site.post("web/getChanges", {"query": {"__metadata": {"type": "SP.ChangeQuery"}}}, within=10)
        assert server.requests_served()["total"] == 3
        assert site.requests_made == 5

    async def test_a_read_is_one_request(self, server: EmbeddedServer, site: SharePoint) -> None:
        """Reading needs no form digest, not even the first time."""
        server.forget_requests()
        await site.get("web?$select=Title", within=10)
        await site.get("web?$select=Title", within=10)
        assert served(server) == {"GET web": 2}
        assert site.requests_made == 2

    async def test_seven_reads_in_a_batch_are_one_request(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A batch is one request however many it holds, answered in the order asked."""
        await add_event(site, "count:3")
        server.forget_requests()
        names = ("Events", "Members", "Agencies", "Forums", "Posts", "Referrals", "Settings")
        answers = await site.batch([f"web/lists/getByTitle('{n}')?$select=Title" for n in names], within=10)
        assert [answer["Title"] for answer in answers] == list(names)
        assert server.requests_served()["total"] == 1
        assert sum(server.requests_served()["parts"].values()) == 7

    async def test_a_batch_holds_a_hundred(self, site: SharePoint) -> None:
        """SharePoint takes a hundred operations in one batch; more are refused before they are sent."""
        assert len(await site.batch(["web?$select=Title"] * 100, within=10)) == 100
        with pytest.raises(ValueError, match="100"):
            await site.batch(["web?$select=Title"] * 101, within=10)


class TestAskingAgain:
    """What is busy is asked again, as long as the caller allows and no sooner than SharePoint says."""

    @pytest.mark.parametrize("status", [429, 502, 503, 504, "drop"])
    async def test_a_busy_read_is_asked_again(self, server: EmbeddedServer, site: SharePoint, status: object) -> None:
        """Two failures and a success are a success, in three requests; aiohttp makes one of a dropped one's itself."""
        server.fault(status=status, count=2)
        answer = await site.get("web?$select=Title", within=10)
        assert "Title" in answer
        assert server.faults()[0]["struck"] == 2
        assert site.requests_made == (2 if status == "drop" else 3)

    @pytest.mark.parametrize("status", [429, 503, 504, "drop"])
    @pytest.mark.parametrize("after", [False, True], ids=["not done", "done"])
    async def test_a_busy_add_makes_one_row(
        self, server: EmbeddedServer, site: SharePoint, status: object, after: bool
    ) -> None:
        """An add is safe to repeat: whether or not the first attempt made the row, it is told, and there once."""
        key = f"again:{status}:{after}"
        server.fault(status=status, count=1, after=after, match="POST .*Events.*items")
        item_id, etag = await add_event(site, key)
        assert [row["Id"] for row in await rows(site, f"Key eq '{key}'")] == [item_id]
        await site.merge("Events", item_id, {"Kind": "goes on from there"}, etag=etag, within=5)

    async def test_a_change_that_was_made_is_not_made_twice(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A change whose answer was lost is recognised when repeated: told as made, one version, and a good ETag."""
        item_id, etag = await add_event(site, "again:merge")
        server.fault(status="drop", count=1, after=True, match="MERGE")
        etag = await site.merge("Events", item_id, {"Kind": "changed"}, etag=etag, within=10)
        assert versions_of(server, item_id) == ["changed", "test"]
        await site.merge("Events", item_id, {"Kind": "more"}, etag=etag, within=10)
        assert versions_of(server, item_id) == ["more", "changed", "test"]

    async def test_somebody_elses_equal_change_is_a_conflict(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A change that was not made, of an item that somebody else changed the same way meanwhile, is a Conflict."""
        item_id, etag = await add_event(site, "again:theirs")
        await site.merge("Events", item_id, {"Kind": "same"}, etag=etag, within=10)
        server.fault(status=503, count=1, match="MERGE")
        with pytest.raises(Conflict):
            await site.merge("Events", item_id, {"Kind": "same"}, etag=etag, within=10)
        assert versions_of(server, item_id) == ["same", "test"]

    async def test_somebody_elses_equal_row_is_a_duplicate(self, server: EmbeddedServer, site: SharePoint) -> None:
        """Two who claim one key with the same values: the one whose first attempt failed is told that it came late."""
        await add_event(site, "again:claim")
        server.fault(status=503, count=1, match="POST .*Events.*items")
        with pytest.raises(Duplicate):
            await add_event(site, "again:claim")

    async def test_a_change_overwritten_before_it_was_told_gives_no_etag(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """Made, its answer lost, and the row edited by a person: it was made, and nothing may be built on it unread."""
        item_id, etag = await add_event(site, "again:edited")
        server.fault(status="drop", count=1, after=True, match="MERGE")
        server.fault(status=503, count=1, retry_after=1, match="MERGE")
        change = asyncio.create_task(site.merge("Events", item_id, {"Kind": "ours"}, etag=etag, within=10))
        path = path_of(EVENTS, item_id)
        while server.get(path)["Kind"] != "ours":
            await asyncio.sleep(0.02)
        server.post(path, {"Holder": "a person"}, x_http_method="PATCH", if_match="*")
        etag = await change
        assert etag == ""
        with pytest.raises(Conflict):
            await site.merge("Events", item_id, {"Kind": "blind"}, etag=etag, within=5)
        assert versions_of(server, item_id) == ["ours", "ours", "test"]

    async def test_retry_after_is_waited_for(self, server: EmbeddedServer, site: SharePoint) -> None:
        """No request is sent before SharePoint's own time is up."""
        server.fault(status=429, retry_after=0.8, count=1)
        begun = time.monotonic()
        await site.get("web?$select=Title", within=10)
        assert 0.8 <= time.monotonic() - begun < 3

    async def test_a_wait_too_long_is_told_at_once(self, server: EmbeddedServer, site: SharePoint) -> None:
        """When SharePoint asks for more time than the caller has, the caller is told so without waiting."""
        server.fault(status=503, retry_after=30)
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as busy:
            await site.get("web?$select=Title", within=5)
        assert time.monotonic() - begun < 2
        assert busy.value.retry_after == 30
        assert not busy.value.uncertain

    @pytest.mark.parametrize("status", [503, "drop"])
    async def test_patience_ends(self, server: EmbeddedServer, site: SharePoint, status: object) -> None:
        """A site that stays busy is given up when the caller's time is over, after more than one attempt."""
        server.fault(status=status)
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as busy:
            await site.get("web?$select=Title", within=0.8)
        assert time.monotonic() - begun < 1.8
        assert site.requests_made > 2
        assert busy.value.uncertain is (status == "drop")

    async def test_a_slow_site_is_given_up_in_time(self, server: EmbeddedServer, site: SharePoint) -> None:
        """An answer that does not come is StoreBusy when the caller's time is over, and what was done is unknown."""
        server.fault(latency=1.5, count=1)
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as busy:
            await site.get("web?$select=Title", within=0.4)
        assert time.monotonic() - begun < 1.2
        assert busy.value.uncertain

    async def test_a_busy_digest_is_waited_for_like_anything_else(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """The form digest before the first write obeys the same rules: Retry-After, then on."""
        server.fault(status=503, retry_after=0.5, count=2, match="contextinfo")
        begun = time.monotonic()
        await add_event(site, "again:digest")
        assert 1.0 <= time.monotonic() - begun < 4

    async def test_a_digest_that_never_comes_keeps_no_thread(self, server: EmbeddedServer) -> None:
        """A site too busy for the first write is given up in time; reads go on meanwhile and closing is quick."""
        site = client(server)
        server.fault(status=503, match="contextinfo")
        begun = time.monotonic()
        failed = await asyncio.gather(
            *(add_event(site, f"never:{n}", within=0.6) for n in range(20)), return_exceptions=True
        )
        assert {type(each) for each in failed} == {StoreBusy}
        await site.get("web?$select=Title", within=2)
        server.no_faults()
        await add_event(site, "never:after", within=5)
        await site.close()
        assert time.monotonic() - begun < 6


class TestRefusing:
    """What asking again cannot help is not asked again, and says which person must act."""

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 423, 500, 501])
    async def test_a_refusal_is_asked_once(self, server: EmbeddedServer, site: SharePoint, status: int) -> None:
        """No 4xx, and no 500 with SharePoint's own code, is tried a second time."""
        server.fault(status=status)
        with pytest.raises(StoreRefused) as refused:
            await site.get("web?$select=Title", within=10)
        assert refused.value.status == status
        assert site.requests_made == 1

    async def test_an_unknown_token_is_refused(self, server: EmbeddedServer) -> None:
        """401 is for a person: signing in has to be put right."""
        await self._refused(server, "wrong-token", f"{EVENT}?$top=1", 401)

    async def test_a_missing_right_is_refused(self, server: EmbeddedServer) -> None:
        """403 is for a person: somebody has to grant it."""
        await self._refused(server, MEMBER, f"{EVENT}?$top=1", 403)

    async def test_a_missing_list_is_refused(self, server: EmbeddedServer) -> None:
        """A list that is not there has to be provisioned, which is not the same as a missing item."""
        await self._refused(server, server.token, "web/lists/getByTitle('Nowhere')/items", 404)

    async def _refused(self, server: EmbeddedServer, token: str, path: str, status: int) -> None:
        site = client(server, token)
        try:
            with pytest.raises(StoreRefused) as refused:
                await site.get(path, within=5)
            assert refused.value.status == status
            with pytest.raises(StoreRefused):
                await site.batch([path, path], within=5)
        finally:
            await site.close()

    async def test_a_missing_item_is_not_found(self, site: SharePoint) -> None:
        """Reading or changing an item that is not there is NotFound."""
        with pytest.raises(NotFound):
            await site.get(f"{EVENT}(999999)", within=5)
        with pytest.raises(NotFound):
            await site.merge("Events", 999999, {"Kind": "x"}, etag='"1"', within=5)

    async def test_a_stale_etag_is_a_conflict_and_changes_nothing(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """A change from an old state is refused, asked once, and the item stays as the other left it."""
        item_id, etag = await add_event(site, "stale:1")
        await site.merge("Events", item_id, {"Kind": "theirs"}, etag=etag, within=5)
        before = site.requests_made
        with pytest.raises(Conflict):
            await site.merge("Events", item_id, {"Kind": "ours"}, etag=etag, within=5)
        assert site.requests_made == before + 1
        assert server.get(path_of(EVENTS, item_id))["Kind"] == "theirs"

    async def test_a_key_that_is_there_is_a_duplicate(self, site: SharePoint) -> None:
        """Unique columns hold, whatever the case of the letters, and it is not tried twice."""
        await add_event(site, "dup:1")
        before = site.requests_made
        with pytest.raises(Duplicate):
            await add_event(site, "DUP:1")
        assert site.requests_made == before + 1

    async def test_no_error_repeats_what_was_written(self, site: SharePoint) -> None:
        """Error texts go to logs, so none holds what an item holds or what a filter asked for."""
        item_id, etag = await site.add("Events", {"Key": SECRET, "Kind": SECRET}, within=5)
        await site.merge("Events", item_id, {"Holder": SECRET}, etag=etag, within=5)
        wrong: tuple[Callable[[], Any], ...] = (
            lambda: site.add("Events", {"Key": SECRET}, within=5),
            lambda: site.add("Events", {"Key": "secret:2", "Kind": SECRET * 30}, within=5),
            lambda: site.add("Events", {"Key": "secret:3", "Nothing": SECRET}, within=5),
            lambda: site.add(SETTINGS.name, {"Key": "secret:4", "Tries": SECRET}, within=5),
            lambda: site.merge("Events", item_id, {"Kind": SECRET * 30}, etag="*", within=5),
            lambda: site.merge("Events", item_id, {"Kind": SECRET}, etag=etag, within=5),
            lambda: site.get(f"{EVENT}?$filter=Nothing%20eq%20'{SECRET.replace(' ', '%20')}'", within=5),
            lambda: site.batch([f"{EVENT}?$filter=Key%20xx%20'{SECRET.replace(' ', '%20')}'"] * 2, within=5),
        )
        for call in wrong:
            with pytest.raises((StoreError, BoardError)) as raised:
                await call()
            assert "Zebedee" not in f"{raised.value!r} {raised.value}"
            assert "Planted" not in f"{raised.value!r} {raised.value}"


class TestManyAtOnce:
    """One client is shared by every task of the bot."""

    async def test_no_stale_update_ever_wins(self, server: EmbeddedServer, site: SharePoint) -> None:
        """160 stale updates among good ones: every good one is made, every stale one is a Conflict.

        The client this one is built on let 52 of 160 win when tasks shared a context.
        """
        made = [await add_event(site, f"many:{n}") for n in range(16)]
        fresh = [await site.merge("Events", i, {"Kind": "theirs"}, etag=etag, within=10) for i, etag in made]

        async def change(n: int, stale: bool) -> bool:
            item_id, old = made[n]
            try:
                value = {"Holder": "stale" if stale else "good"}
                await site.merge("Events", item_id, value, etag=old if stale else fresh[n], within=60)
            except Conflict:
                return False
            return True

        work = [change(n % 16, stale=True) for n in range(160)] + [change(n, stale=False) for n in range(16)]
        mixed = [work[(n * 53) % 176] for n in range(176)]
        won = await asyncio.gather(*mixed)
        by_kind = Counter(("stale" if (n * 53) % 176 < 160 else "good", done) for n, done in enumerate(won))
        assert by_kind == {("stale", False): 160, ("good", True): 16}
        holders = [server.get(path_of(EVENTS, item_id))["Holder"] for item_id, _ in made]
        assert holders == ["good"] * 16

    async def test_one_key_makes_one_row(self, site: SharePoint) -> None:
        """Of 32 adds with one key at the same moment exactly one is made, and the others are told so."""

        async def attempt() -> str:
            try:
                await add_event(site, "race:1", within=30)
            except Duplicate:
                return "duplicate"
            return "made"

        assert Counter(await asyncio.gather(*(attempt() for _ in range(32)))) == {"made": 1, "duplicate": 31}
        assert len(await rows(site, "Key eq 'race:1'")) == 1

    async def test_reads_and_writes_do_not_mix(self, site: SharePoint) -> None:
        """Sixty tasks that read and write at once each get their own answer."""

        async def turn(n: int) -> bool:
            item_id, _ = await site.add("Events", {"Key": f"mix:{n}", "Value": f"text {n}"}, within=30)
            one = await site.get(f"{EVENT}({item_id})", within=30)
            two, _ = await site.batch([f"{EVENT}({item_id})", f"{items_path(MEMBERS)}?$top=1"], within=30)
            return bool(one["Value"] == two["Value"] == f"text {n}" and one["Id"] == item_id)

        assert all(await asyncio.gather(*(turn(n) for n in range(60))))


class TestClosing:
    """Nothing of the client outlives it."""

    async def test_closing_leaves_no_thread(self, server: EmbeddedServer) -> None:
        """After close() none of the client's threads works."""
        site = client(server)
        await asyncio.gather(*(add_event(site, f"thread:{number}") for number in range(20)))
        assert _threads()
        await site.close()
        assert not _threads()

    async def test_closing_lets_what_is_under_way_finish(self, server: EmbeddedServer) -> None:
        """A write that was sent before close() is made, and its sender learns so."""
        site = client(server)
        await add_event(site, "closing:0")
        server.fault(latency=0.4, count=1)
        task = asyncio.create_task(add_event(site, "closing:1"))
        await asyncio.sleep(0.1)
        await site.close()
        assert (await task)[0] > 0
        assert not _threads()
        server.no_faults()

    async def test_a_killed_server_is_busy_and_back_after_its_restart(self, tmp_path: Path) -> None:
        """A server that dies with requests under way is StoreBusy in time; the same client goes on when it is back."""
        server = EmbeddedServer(tmp_path).start()
        site = client(server)
        try:
            await site.get("web?$select=Title", within=5)
            server.fault(latency=20)
            begun = time.monotonic()
            tasks = [asyncio.create_task(site.get("web?$select=Title", within=1.5)) for _ in range(12)]
            await asyncio.sleep(0.3)
            server.kill()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert {type(each) for each in results} == {StoreBusy}
            assert time.monotonic() - begun < 2.5
            server.start()
            assert "Title" in await site.get("web?$select=Title", within=5)
        finally:
            await site.close()
            server.stop()


Reply = tuple[int, dict[str, str], bytes]
PAGE: Reply = (200, {"Content-Type": "text/html"}, b"<html><body>Please sign in</body></html>")
DIGEST = dumps({"FormDigestValue": "0x1,now", "FormDigestTimeoutSeconds": 1800}).encode()
VERBOSE = dumps(
    {"d": {"GetContextWebInformation": {"FormDigestValue": "0x1,now", "FormDigestTimeoutSeconds": 1800}}}
).encode()


class Odd:
    """A server that answers whatever `reply` says, except a form digest, which it gives as SharePoint does."""

    def __init__(self) -> None:
        self.reply: Callable[[str, str], Reply | None] = lambda _verb, _path: PAGE
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        odd = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                verb = self.headers.get("X-HTTP-Method", self.command)
                odd.seen.append((verb, self.path, dict(self.headers)))
                if self.path.lower().endswith("/contextinfo"):
                    verbose = "verbose" in self.headers.get("Accept", "")
                    reply: Reply | None = (200, {"Content-Type": "application/json"}, VERBOSE if verbose else DIGEST)
                else:
                    reply = odd.reply(verb, self.path)
                if reply is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                if int(headers.get("Content-Length", len(body))) != len(body):
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the standard library names it

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A connection that we dropped ourselves is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sites/odd"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @contextmanager
    def running(self) -> Iterator[Odd]:
        """Serve while the block runs."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@pytest.fixture(scope="module")
def odd_server() -> Iterator[Odd]:
    with Odd().running() as server:
        yield server


@pytest.fixture
def odd(odd_server: Odd) -> Odd:
    odd_server.seen.clear()
    return odd_server


@pytest.fixture
async def odd_site(odd: Odd) -> AsyncIterator[SharePoint]:
    site = SharePoint(odd.url, static("token"), timeout=(1.0, 1.0))
    yield site
    await site.close()


CALLS: dict[str, Callable[[SharePoint], Any]] = {
    "get": lambda site: site.get("web", within=0.12),
    "batch": lambda site: site.batch(["web", "web"], within=0.12),
    "post": lambda site: site.post("web/getChanges", {}, within=0.12),
    "add": lambda site: site.add("Events", {"Key": "k"}, within=0.12),
    "merge": lambda site: site.merge("Events", 1, {"Kind": "k"}, etag='"1"', within=0.12),
}

JSON_TYPE = {"Content-Type": "application/json"}
BATCH_TYPE = {"Content-Type": "multipart/mixed; boundary=b"}
ONE_PART = b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nCONTENT-TYPE: x\r\n\r\n{}\r\n--b--\r\n"
REPLIES: dict[str, Reply | None] = {
    "a sign-in page": PAGE,
    "an error page": (500, {"Content-Type": "text/html"}, b"<html>Server Error</html>"),
    "a proxy's page": (502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"),
    "a page of 404": (404, {"Content-Type": "text/html"}, b"<html>Not here</html>"),
    "a page of 403": (403, {"Content-Type": "text/html"}, b"<html>No</html>"),
    "a list": (200, JSON_TYPE, b"[1, 2]"),
    "a text": (200, JSON_TYPE, b'"text"'),
    "null": (200, JSON_TYPE, b"null"),
    "half an object": (200, JSON_TYPE, b'{"d": {"Id":'),
    "odd d": (200, JSON_TYPE, b'{"d": 5}'),
    "half a body": (200, JSON_TYPE | {"Content-Length": "500"}, b'{"d": {'),
    "nothing but a closed connection": None,
    "part of a batch": (200, BATCH_TYPE, ONE_PART),
    "bytes": (200, {"Content-Type": "application/octet-stream"}, b"\xff\xfe\x00\x01"),
}


ANY_OBJECT_WILL_DO = {("get", "odd d"), ("post", "odd d")}
PAIRS = [(call, what) for call in CALLS for what in REPLIES if (call, what) not in ANY_OBJECT_WILL_DO]


@pytest.mark.parametrize(("call", "what"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
async def test_a_server_that_answers_nonsense_is_an_error_of_ours(
    odd: Odd, odd_site: SharePoint, call: str, what: str
) -> None:
    """Whatever answers instead of SharePoint, no other library's error gets out, and nothing passes for success."""
    odd.reply = lambda _verb, _path: REPLIES[what]
    with pytest.raises(StoreError):
        await CALLS[call](odd_site)


@pytest.mark.parametrize("call", ["add", "post"])
async def test_an_object_without_what_was_asked_is_an_error_of_ours(odd: Odd, odd_site: SharePoint, call: str) -> None:
    """An added item without an id is no added item; an object is enough for a post."""
    odd.reply = lambda _verb, _path: (200, JSON_TYPE, b"{}")
    if call == "post":
        assert await CALLS[call](odd_site) == {}
    else:
        with pytest.raises(StoreError):
            await CALLS[call](odd_site)


@pytest.mark.parametrize("call", ["add", "merge"])
async def test_a_write_without_a_new_etag_cannot_be_built_on(odd: Odd, odd_site: SharePoint, call: str) -> None:
    """When the new ETag is lost on the way, the next change must not overwrite blindly: it is a Conflict, unsent."""
    item = dumps({"d": {"Id": 1, "__metadata": {"type": "SP.Data.EventsListItem"}}}).encode()
    odd.reply = lambda verb, _path: (204, {}, b"") if verb == "MERGE" else (201, JSON_TYPE, item)
    answer = await CALLS[call](odd_site)
    etag = answer[1] if isinstance(answer, tuple) else answer
    assert etag != "*"
    asked = len(odd.seen)
    with pytest.raises(Conflict):
        await odd_site.merge("Events", 1, {"Kind": "blind"}, etag=etag, within=1)
    assert len(odd.seen) == asked


async def test_retry_after_of_a_page_is_honoured(odd: Odd, odd_site: SharePoint) -> None:
    """A proxy's 429 with Retry-After is waited for as SharePoint's own is, with no request meanwhile."""
    times: list[float] = []

    def reply(_verb: str, _path: str) -> Reply:
        times.append(time.monotonic())
        return (429, {"Retry-After": "1"}, b"<html>slow down</html>") if len(times) == 1 else (200, JSON_TYPE, b"{}")

    odd.reply = reply
    assert await odd_site.get("web", within=5) == {}
    assert len(times) == 2
    assert times[1] - times[0] >= 1


async def test_every_request_says_who_asks(odd: Odd, odd_site: SharePoint) -> None:
    """Microsoft asks that traffic be named, and every request carries the token; a MERGE its exact ETag."""
    odd.reply = lambda verb, _path: (204, {"ETag": '"2"'}, b"") if verb == "MERGE" else (200, JSON_TYPE, b"{}")
    await CALLS["get"](odd_site)
    assert await CALLS["merge"](odd_site) == '"2"'
    for _, path, headers in odd.seen:
        assert headers["Authorization"] == "Bearer token"
        if not path.endswith("contextInfo"):
            assert headers["User-Agent"].startswith("NONISV|MHRMB|")
    assert [headers.get("If-Match") for verb, _, headers in odd.seen if verb == "MERGE"] == ['"1"']


async def test_a_form_digest_that_ran_out_is_fetched_again(odd: Odd, odd_site: SharePoint) -> None:
    """SharePoint may void a digest early: the write is sent again with a new one, and later writes use that."""
    code = {"error": {"code": "-2130575251, Microsoft.SharePoint.SPException", "message": {"value": "expired"}}}
    replies = [(403, JSON_TYPE, dumps(code).encode())]
    odd.reply = lambda _verb, _path: replies.pop() if replies else (204, {"ETag": '"2"'}, b"")
    assert await odd_site.merge("Events", 1, {"Kind": "k"}, etag='"1"', within=10) == '"2"'
    assert await odd_site.merge("Events", 1, {"Kind": "k"}, etag='"1"', within=10) == '"2"'
    verbs = [verb if verb == "MERGE" else path.rpartition("/")[2].lower() for verb, path, _ in odd.seen]
    assert verbs == ["contextinfo", "MERGE", "contextinfo", "MERGE", "MERGE"]


def versions_of(server: EmbeddedServer, item_id: int) -> list[str]:
    """The kinds an event had, the newest first."""
    return [row["Kind"] for row in server.get(f"{path_of(EVENTS, item_id)}/versions?$select=Kind")["value"]]


async def rows(site: SharePoint, condition: str) -> list[Any]:
    """The rows of Events that a filter finds."""
    found: list[Any] = (await site.get(f"{EVENT}?$filter={condition.replace(' ', '%20')}", within=5))["value"]
    return found


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("sharepoint")]


def test_the_lists_of_this_file_are_there() -> None:
    """The names written out above are lists of the schema."""
    assert {EVENTS.name, SETTINGS.name, MEMBERS.name, AGENCIES.name} >= {"Events", "Settings", "Members", "Agencies"}

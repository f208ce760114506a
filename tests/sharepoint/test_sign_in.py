"""A token is kept, renewed early behind everybody's back, shared by all who wait, and dropped once for a 401."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from sharepoint import sign_in
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy, StoreError, StoreRefused
from sharepoint.sign_in import Kept, Token, static
from tests.embedded_server import EmbeddedServer

HOUR = 3_600.0


class Issuer:
    """Hands out token-1, token-2 and so on, or raises `failure`; `gate` holds it up. `now` is the clock."""

    def __init__(self, *, life: float = HOUR) -> None:
        self.asked, self.now, self.life = 0, 0.0, life
        self.failure: StoreError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.threads: set[str] = set()

    def __call__(self) -> Token:
        self.asked += 1
        self.threads.add(threading.current_thread().name)
        assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        return Token(f"token-{self.asked}", self.life)

    def kept(self) -> Kept:
        """A keeper of its tokens, on its clock."""
        return Kept(self, clock=lambda: self.now)


def until(so: Callable[[], bool]) -> None:
    """Wait until something is so, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.002)


def test_a_token_is_fetched_once() -> None:
    """It is fetched when first asked for, and given to everybody until it nears its end."""
    issuer = Issuer()
    kept = issuer.kept()
    assert issuer.asked == 0
    assert kept.ready() is None
    assert [kept.token().value for _ in range(3)] == ["token-1"] * 3
    issuer.now = HOUR - sign_in.EARLY - 1
    assert kept.token().value == "token-1"
    assert issuer.asked == 1


def test_a_renewal_makes_nobody_wait() -> None:
    """Five minutes before the end the next is fetched in a thread; whoever asks meanwhile is given the old one."""
    issuer = Issuer()
    kept = issuer.kept()
    kept.token()
    issuer.now = HOUR - sign_in.EARLY
    issuer.gate.clear()
    assert [kept.token().value for _ in range(5)] == ["token-1"] * 5
    until(lambda: issuer.asked == 2)
    issuer.gate.set()
    until(lambda: kept.token().value == "token-2")
    assert issuer.asked == 2
    assert "MainThread" in issuer.threads
    assert len(issuer.threads) == 2


@pytest.mark.parametrize("failure", [StoreBusy("the issuer is down"), StoreRefused("the certificate expired")])
def test_a_renewal_that_fails_goes_on_with_the_old(failure: StoreError, caplog: pytest.LogCaptureFixture) -> None:
    """While the old token is good it is used, the log says why, and the issuer is asked again after half a minute."""
    issuer = Issuer()
    kept = issuer.kept()
    kept.token()
    issuer.now, issuer.failure = HOUR - 200, failure
    with caplog.at_level(logging.WARNING):
        assert kept.token().value == "token-1"
        until(lambda: bool(caplog.records))
    assert "170 s more" in caplog.text
    assert str(failure) in caplog.text
    assert kept.token().value == "token-1"
    assert issuer.asked == 2
    issuer.now += sign_in.AGAIN
    issuer.failure = None
    until(lambda: kept.token().value == "token-3")
    issuer.now, issuer.failure = 3 * HOUR, failure
    with pytest.raises(type(failure)):
        kept.token()


def test_those_who_wait_share_one_fetch() -> None:
    """Twenty threads without a token cost one request, and all get its answer."""
    issuer = Issuer()
    kept = issuer.kept()
    issuer.gate.clear()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(kept.token) for _ in range(20)]
        until(lambda: issuer.asked == 1)
        issuer.gate.set()
        assert {each.result(10).value for each in asked} == {"token-1"}
    assert issuer.asked == 1


def test_those_who_wait_share_one_failure() -> None:
    """A failure is told to all who waited for that fetch; whoever asks later makes a fetch of their own."""
    issuer = Issuer()
    kept = issuer.kept()
    issuer.failure = StoreRefused("no such app")
    issuer.gate.clear()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(kept.token) for _ in range(20)]
        until(lambda: kept._fetching.locked() and pool._work_queue.qsize() == 0)
        time.sleep(0.1)
        issuer.gate.set()
        assert {str(each.exception(10)) for each in asked} == {"no such app"}
    assert issuer.asked == 1
    issuer.failure = None
    assert kept.token().value == "token-2"


def test_a_wait_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the fetch of another takes too long, whoever waits is told so."""
    monkeypatch.setattr(sign_in, "SHARED_WAIT", 0.05)
    issuer = Issuer()
    kept = issuer.kept()
    issuer.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(kept.token)
        until(lambda: issuer.asked == 1)
        with pytest.raises(StoreBusy, match="slow to answer"):
            kept.token()
        issuer.gate.set()
        assert first.result(10).value == "token-1"


@pytest.mark.parametrize("life", [0.0, 1.0, 60.0, 600.0])
def test_a_short_life(life: float) -> None:
    """A token shorter than our margins is used for at least half of its life, and never after it."""
    issuer = Issuer(life=life)
    kept = issuer.kept()
    assert kept.token().value == "token-1"
    issuer.now = life * 0.49
    assert kept.token().value == ("token-1" if life else "token-2")
    issuer.now = life + 1
    assert kept.token().value != "token-1"


def test_a_drop() -> None:
    """A token the site refused is fetched anew, once a minute; one newer than the refused request is kept."""
    issuer = Issuer()
    kept = issuer.kept()
    assert not kept.drop(0.0), "there is none to drop"
    issuer.now = 100.0
    kept.token()
    assert kept.drop(99.0)
    assert kept.token().value == "token-1"
    issuer.now = 200.0
    assert kept.drop(200.0)
    assert kept.token().value == "token-2"
    issuer.now = 259.0
    assert not kept.drop(259.0)
    assert kept.token().value == "token-2"
    issuer.now = 260.0
    assert kept.drop(260.0)
    assert kept.token().value == "token-3"


def test_tokens_are_not_shown() -> None:
    """Neither a token nor its keeper describes itself with it."""
    assert "hush" not in f"{Token('hush', 1)!r} {static('hush')!r} {Kept(lambda: Token('hush', 1))!r}"


class TestTheSiteRefuses:
    """What a 401 from the site leads to."""

    @pytest.fixture
    def tokens(self) -> list[str]:
        """What the issuer hands out next, the last one for ever."""
        return []

    @pytest.fixture
    def kept(self, tokens: list[str]) -> Kept:
        """A keeper of those."""
        return Kept(lambda: Token(tokens.pop(0) if len(tokens) > 1 else tokens[0], HOUR))

    async def test_a_token_revoked_early_is_replaced(
        self, server: EmbeddedServer, kept: Kept, tokens: list[str]
    ) -> None:
        """The request is made again with a new one, and so is a write: SharePoint looks at the token first."""
        tokens += ["revoked", "test-token"]
        site = SharePoint(server.url, kept)
        assert kept.token().value == "revoked"
        assert await site.get("web?$select=Title", within=10)
        kept._token, kept._dropped_at = Token("revoked too", HOUR), float("-inf")
        number, _ = await site.add("Events", {"Key": "after-a-401", "Kind": "test"}, within=10)
        assert number
        await site.close()

    async def test_a_token_refused_when_new_is_told(
        self, server: EmbeddedServer, kept: Kept, tokens: list[str]
    ) -> None:
        """The first calls try twice, the second with another token; then, within a minute, each tries once."""
        tokens += ["wrong"]
        site = SharePoint(server.url, kept)
        for requests in (2, 4, 5, 6):
            with pytest.raises(StoreRefused, match="did not accept the sign-in") as refused:
                await site.get("web?$select=Title", within=10)
            assert refused.value.status == 401
            assert site.requests_made == requests
        assert "wrong" not in str(refused.value)
        await site.close()

    async def test_many_at_once_drop_one_token(self, server: EmbeddedServer) -> None:
        """Eight requests refused together lead to one new token, and all are answered."""
        issued = ["old"] + ["test-token"] * 20
        asked: list[str] = []

        def fetch() -> Token:
            asked.append(issued.pop(0))
            return Token(asked[-1], HOUR)

        kept = Kept(fetch)
        kept.token()
        site = SharePoint(server.url, kept)
        await asyncio.gather(*(site.get("web?$select=Title", within=10) for _ in range(8)))
        assert asked == ["old", "test-token"]
        await site.close()

    async def test_who_asks(self, server: EmbeddedServer) -> None:
        """The user agent has the form Microsoft asks for, with the organisation in it."""
        site = SharePoint(server.url, static(server.token), organisation="Borsetshire Police")
        assert site._user_agent == "NONISV|Borsetshire Police|MHRMB/0.1"
        await site.close()

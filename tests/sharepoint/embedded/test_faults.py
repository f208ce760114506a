"""Faults on request: each does what it says to the request it matches and leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.embedded_server import EmbeddedServer


@pytest.fixture(autouse=True)
def _no_faults_left(server: EmbeddedServer) -> Iterator[None]:
    yield
    server.no_faults()


def test_retry_after_as_a_date_and_ratelimit_headers(server: EmbeddedServer) -> None:
    """A refusal may tell its time as an HTTP date, and carries the RateLimit headers it was given."""
    limits = {"limit": 1250, "remaining": 0, "reset": 31}
    server.fault(status=429, retry_after=90, as_date=True, ratelimit=limits, count=1)
    answer = server.call("GET", "web")
    until = parsedate_to_datetime(answer.headers["Retry-After"]) - parsedate_to_datetime(answer.headers["Date"])
    assert timedelta(seconds=88) <= until <= timedelta(seconds=92)
    told = [answer.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")]
    assert (answer.status_code, told) == (429, ["1250", "0", "31"])


def test_ratelimit_headers_go_with_a_true_answer(server: EmbeddedServer) -> None:
    """Without a status the work is done and answered, with the headers beside it."""
    server.fault(ratelimit={"limit": 1250, "remaining": 200, "reset": 12}, count=1)
    answer = server.call("GET", "web")
    assert (answer.status_code, answer.headers["RateLimit-Remaining"]) == (200, "200")
    assert answer.json()["Title"]


def test_half_an_answer(server: EmbeddedServer, new_list: Callable[..., str]) -> None:
    """The work is done, and the connection is cut in the middle of the answer."""
    path = new_list()
    server.fault(answer="half", count=1, match="POST .*/items")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        server.post(f"{path}/items", {"Title": "made"})
    assert [row["Title"] for row in server.get(f"{path}/items")["value"]] == ["made"]


def test_an_answer_in_drops_arrives_whole(server: EmbeddedServer) -> None:
    """It takes its time and is complete."""
    whole = server.get("web")
    server.fault(answer="drip", drip=0.4, count=1)
    answer = server.call("GET", "web")
    assert answer.json() == whole
    assert answer.elapsed < timedelta(seconds=5)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [None, 503])
def test_a_page_instead_of_json(
    server: EmbeddedServer, new_list: Callable[..., str], status: int | None, after: bool
) -> None:
    """A page with a status or as if all were well; what was asked is done only with `after`."""
    path = new_list()
    server.fault(answer="html", status=status, after=after, count=1, match="POST .*/items")
    answer = server.call("POST", f"{path}/items", {"Title": "x"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status or 200, "text/html; charset=utf-8")
    assert "<h1>" in answer.text
    assert server.get(f"{path}/ItemCount") == {"value": int(after)}


def test_truncated_json_and_a_wrong_type(server: EmbeddedServer) -> None:
    """JSON that ends too soon, with a length that fits; and JSON that calls itself text."""
    whole = server.call("GET", "web")
    server.fault(answer="truncated", count=1)
    cut = server.call("GET", "web")
    assert whole.content.startswith(cut.content)
    assert 0 < len(cut.content) < len(whole.content)
    server.fault(answer="type", count=1)
    assert server.call("GET", "web").headers["Content-Type"] == "text/plain"


def test_parts_of_a_batch_fail_by_themselves(server: EmbeddedServer, new_list: Callable[..., str]) -> None:
    """The batch is 200; the parts that match are refused with their headers and not done, the others are."""
    path = new_list()
    server.fault(status=429, retry_after=3, part=True, match="POST .*/items", count=2)
    answers = server.batch([("POST", f"{path}/items", {"Title": str(n)}) for n in range(4)])
    assert [status for status, _ in answers] == [429, 429, 201, 201]
    assert [row["Title"] for row in server.get(f"{path}/items")["value"]] == ["2", "3"]
    server.no_faults()
    server.fault(status=503, part=True, after=True, count=1)
    assert server.batch([("POST", f"{path}/items", {"Title": "4"})])[0][0] == 503
    assert server.get(f"{path}/ItemCount") == {"value": 3}


def test_a_code_of_ones_own(server: EmbeddedServer) -> None:
    """A refusal may carry any of SharePoint's codes."""
    server.fault(status=409, code="-2130575305, Microsoft.SharePoint.SPException", count=1)
    assert server.call("GET", "web").json()["odata.error"]["code"].startswith("-2130575305")


def test_a_seed_makes_the_same_trouble_again(server: EmbeddedServer) -> None:
    """With the same seed the same requests are struck, as often as the counts say, and in the share asked for."""

    def struck(seed: int) -> tuple[list[int], list[int]]:
        server.fault(status=503, share=0.2, seed=seed)
        server.fault(status=429, share=0.2)
        statuses = [server.call("GET", "web").status_code for _ in range(80)]
        counts = [fault["struck"] for fault in server.faults()]
        server.no_faults()
        return statuses, counts

    first, counts = struck(5)
    assert (first, counts) == struck(5)
    assert first != struck(6)[0]
    assert counts == [first.count(503), first.count(429)]
    assert 15 <= sum(counts) <= 45


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 200},
        {"status": "x"},
        {"answer": "nothing"},
        {"match": "("},
        {"part": True},
        {"ratelimit": {"limit": "x"}},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(server: EmbeddedServer, fault: dict[str, object]) -> None:
    """It is refused with 400 and none is in force."""
    with pytest.raises(requests.HTTPError, match="400"):
        server.fault(**fault)
    assert server.faults() == []

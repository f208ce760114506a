"""SharePoint at its worst: everything completes or fails in time with an error of ours, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from board.errors import Conflict
from sharepoint.asking import BACKGROUND_AT_ONCE, THREADS
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy, StoreRefused, Unreadable
from sharepoint.pace import Pace
from sharepoint.schema import EVENTS
from sharepoint.sign_in import static
from sharepoint.store import one_turn
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client, path_of
from tests.sharepoint.ledger import Ledger, trouble
from tests.sharepoint.mix import everything, found

pytestmark = pytest.mark.long

WEB = "web?$select=Title"
SLOW = "web?$select=Id"
LISTS = "web/lists?$select=Title"


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_doubled_or_told_wrongly(server: EmbeddedServer, site: SharePoint, seed: int) -> None:
    """With three in ten requests failing in every way: told done is there once, told refused is not, none is twice."""
    await site.get(WEB, within=5)
    ledger = Ledger()
    trouble(server, seed)
    watcher = await everything(site, ledger, seed=seed, callers=9, steps=5)
    server.no_faults()
    ledger.holds(found(server, ledger, seed))
    done = Counter(ledger.told.values())
    assert done["done"] >= 10, ledger.said()  # enough was done, on a busy machine too, to say something
    await watcher.looks()
    rows = server.get(f"{path_of(EVENTS)}?$select=Id,Key&$filter=startswith(Key,'s{seed}c')&$top=5000")["value"]
    assert {row["Id"] for row in rows} <= watcher.heard


class TestThreads:
    """Eight threads serve everybody, so none is kept by what nobody waits for."""

    @pytest.mark.parametrize("fault", [{"answer": "drip", "drip": 60}, {"latency": 60}], ids=["drops", "silence"])
    async def test_answers_that_do_not_end_keep_no_thread(
        self, server: EmbeddedServer, site: SharePoint, fault: dict[str, Any]
    ) -> None:
        """Twice as many callers as threads give up in time, and the next one finds a thread."""
        server.fault(**fault, count=THREADS)
        given_up = await asyncio.gather(
            *(site.get(SLOW, within=0.5) for _ in range(2 * THREADS)), return_exceptions=True
        )
        assert sum(isinstance(each, StoreBusy) for each in given_up) >= THREADS
        assert "Title" in await site.get(WEB, within=10)

    async def test_the_last_attempt_cut_short_does_not_hide_why_it_was_made(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """What SharePoint refused with is told, not only that the attempt after it had no answer in time."""
        server.fault(status=503, count=1)
        server.fault(latency=60, count=1)
        with pytest.raises(StoreBusy, match="503"):
            await site.get(SLOW, within=1.5)

    async def test_what_a_turn_asks_again_is_counted_by_itself(self, server: EmbeddedServer, site: SharePoint) -> None:
        """Two requests, one of them since SharePoint was busy; so is a write that somebody else's change made void."""
        item, etag = await site.add("Events", {"Key": "spent"}, within=10)
        server.merge(path_of(EVENTS, item), {"Kind": "by hand"})
        with one_turn() as spent:
            server.fault(status=503, count=1)
            await site.get(WEB, within=10)
            assert (spent.requests, spent.again, spent.lost) == (2, 1, 0)
            with pytest.raises(Conflict):
                await site.merge("Events", item, {"Kind": "ours"}, etag=etag, within=10)
            assert (spent.again, spent.lost) == (1, 1)

    async def test_a_cancelled_request_frees_its_thread(self, server: EmbeddedServer, site: SharePoint) -> None:
        """When nobody waits any more, the threads are free at once, though the answers would take a minute."""
        server.fault(latency=60, count=THREADS)
        tasks = [asyncio.create_task(site.get(SLOW, within=60)) for _ in range(THREADS)]
        while server.faults()[0]["struck"] < THREADS:
            await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        assert {type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)} == {asyncio.CancelledError}
        assert "Title" in await site.get(WEB, within=10)

    async def test_what_waited_in_vain_for_a_thread_was_not_sent(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """A write that found no thread in its time was not made, is told so, and is not sent afterwards."""
        await site.add("Events", {"Key": "thread:0"}, within=5)
        server.fault(latency=1.2, match="POST .*Events.*items", count=THREADS)
        slow = [asyncio.create_task(site.add("Events", {"Key": f"thread:slow:{n}"}, within=5)) for n in range(THREADS)]
        await asyncio.sleep(0.2)
        with pytest.raises(StoreBusy) as busy:
            await site.add("Events", {"Key": "thread:1"}, within=0.3)
        assert not busy.value.uncertain
        await asyncio.gather(*slow)
        server.no_faults()
        assert server.get(f"{path_of(EVENTS)}?$filter=Key eq 'thread:1'")["value"] == []

    async def test_people_find_a_thread_beside_background_work(self, server: EmbeddedServer, site: SharePoint) -> None:
        """However much background work hangs, a person's request is answered within a second."""
        server.fault(latency=60, match="GET .*/lists$")
        background = [asyncio.create_task(site.get(LISTS, within=60, background=True)) for _ in range(4 * THREADS)]
        while server.faults()[0]["struck"] < BACKGROUND_AT_ONCE:
            await asyncio.sleep(0.02)
        for _ in range(3):
            assert "Title" in await site.get(WEB, within=1)
        assert server.faults()[0]["struck"] == BACKGROUND_AT_ONCE
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)


class TestPace:
    """Background work slows before people do."""

    @pytest.mark.parametrize(
        "fault",
        [
            {"status": 429, "retry_after": 3},
            {"status": 503, "retry_after": 3, "as_date": True},
            {"ratelimit": {"limit": 1250, "remaining": 249, "reset": 3}},
        ],
        ids=["429", "503 with a date", "little left"],
    )
    async def test_background_waits_while_people_go_on(
        self, server: EmbeddedServer, site: SharePoint, fault: dict[str, Any]
    ) -> None:
        """After a refusal to anybody, or when little is left, background requests wait; a person's are sent."""
        server.fault(**fault, count=1)
        try:
            await site.get(WEB, within=0.5)
        except StoreBusy:
            assert "status" in fault
        server.forget_requests()
        with pytest.raises(StoreBusy) as busy:
            await site.get(LISTS, within=0.5, background=True)
        assert busy.value.retry_after > 1
        assert not busy.value.uncertain
        assert "Title" in await site.get(WEB, within=1)
        assert server.requests_served()["by"] == {"GET web": 1}
        assert (await site.get(LISTS, within=8, background=True))["value"]

    async def test_background_keeps_below_its_share(self, server: EmbeddedServer) -> None:
        """Of an allowance of 40 units a minute background work spends 20 and then waits; people spend on."""
        site = SharePoint(server.url, static(server.token), pace=Pace(40.0))
        try:
            server.forget_requests()
            asked = [site.get(LISTS, within=0.5, background=True) for _ in range(15)]
            results = await asyncio.gather(*asked, return_exceptions=True)
            assert Counter(type(each) for each in results) == {dict: 10, StoreBusy: 5}
            await asyncio.gather(*(site.get(LISTS, within=2) for _ in range(30)))
            assert server.requests_served()["by"] == {"GET web/lists": 40}
        finally:
            await site.close()


class TestBatches:
    """A batch is 200 even when some of its parts were refused."""

    @pytest.mark.parametrize("status", [429, 503])
    async def test_busy_parts_are_asked_again_alone(
        self, server: EmbeddedServer, site: SharePoint, status: int
    ) -> None:
        """Of five parts two are refused: the second batch asks for these two, and all five come back in order."""
        names = ("Events", "Members", "Agencies", "Forums", "Posts")
        await site.batch([WEB], within=5)  # which fetches the form digest
        server.forget_requests()
        server.fault(status=status, retry_after=0.2, part=True, match="Members|Forums", count=2)
        answers = await site.batch([f"web/lists/getByTitle('{name}')?$select=Title" for name in names], within=5)
        assert [answer["Title"] for answer in answers] == list(names)
        served = server.requests_served()
        assert served["total"] == 2
        assert sum(served["parts"].values()) == 7

    async def test_a_part_that_stays_busy_ends_in_time(self, server: EmbeddedServer, site: SharePoint) -> None:
        """It is StoreBusy with the time SharePoint told; a part that is refused for good is told at once."""
        server.fault(status=429, retry_after=60, part=True, match="Members")
        paths = ["web/lists/getByTitle('Events')?$select=Title", "web/lists/getByTitle('Members')?$select=Title"]
        with pytest.raises(StoreBusy) as busy:
            await site.batch(paths, within=2)
        assert busy.value.retry_after == 60
        with pytest.raises(StoreRefused):
            await site.batch([paths[0], "web/lists/getByTitle('Nowhere')"], within=2)


class TestOddAnswers:
    """What is no answer of SharePoint's passes for none."""

    @pytest.mark.parametrize("answer", ["half", "truncated", "html"])
    async def test_a_broken_answer_is_asked_for_again(
        self, server: EmbeddedServer, site: SharePoint, answer: str
    ) -> None:
        """Once broken, a read and a write come right the second time; the write is there once."""
        server.fault(answer=answer, after=True, count=1, match="GET")
        assert "Title" in await site.get(WEB, within=5)
        server.fault(answer=answer, after=True, count=1, match="POST .*items")
        item_id, etag = await site.add("Events", {"Key": f"odd:{answer}", "Kind": "x"}, within=5)
        rows = server.get(f"{path_of(EVENTS)}?$filter=Key eq 'odd:{answer}'")["value"]
        assert [row["Id"] for row in rows] == [item_id]
        server.fault(answer=answer, after=True, count=1, match="MERGE")
        await site.merge("Events", item_id, {"Kind": "y"}, etag=etag, within=5)
        assert len(server.get(f"{path_of(EVENTS, item_id)}/versions")["value"]) == 2

    async def test_a_page_that_stays_is_for_a_person_unless_a_write_may_be_made(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """A read is refused after a few attempts; a write is told as uncertain, because it may be there."""
        server.fault(answer="html", after=True)
        with pytest.raises(Unreadable):
            await site.get(WEB, within=5)
        assert site.requests_made == 3
        server.no_faults()
        server.fault(answer="html", after=True, match="items")
        with pytest.raises(StoreBusy) as busy:
            await site.add("Events", {"Key": "odd:stays"}, within=5)
        assert busy.value.uncertain

    async def test_a_text_that_is_json_is_read(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A proxy that loses the content type does no harm."""
        server.fault(answer="type", count=1)
        assert "Title" in await site.get(WEB, within=5)


class TestConflictsAndLocks:
    """409 and 423 are 4xx that say "not just now"."""

    @pytest.mark.parametrize("after", [False, True], ids=["not made", "made"])
    async def test_a_save_conflict_is_tried_again(self, server: EmbeddedServer, site: SharePoint, after: bool) -> None:
        """Two saves in one instant: the change is asked again and made once, whichever of them it was."""
        item_id, etag = await site.add("Events", {"Key": f"save:{after}", "Kind": "x"}, within=5)
        code = "-2130575305, Microsoft.SharePoint.SPException"
        server.fault(status=409, code=code, after=after, count=1, match="MERGE")
        await site.merge("Events", item_id, {"Kind": "y"}, etag=etag, within=5)
        assert len(server.get(f"{path_of(EVENTS, item_id)}/versions")["value"]) == 2

    async def test_a_locked_file_is_not_hammered(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A file somebody has open is told as busy at once: asking again within seconds is of no use."""
        server.fault(status=423, code="-2147018894, Microsoft.SharePoint.SPFileLockException")
        with pytest.raises(StoreBusy) as busy:
            await site.get(WEB, within=5)
        assert not busy.value.uncertain
        assert site.requests_made == 1


class TestUncertainty:
    """Once an attempt may have been made, nothing said later makes it certain."""

    async def test_a_refusal_after_a_lost_answer_stays_uncertain(
        self, server: EmbeddedServer, site: SharePoint
    ) -> None:
        """Made, its answer lost, then throttled until the time is over, or refused: the caller hears "maybe"."""
        await site.add("Events", {"Key": "unsure:0"}, within=5)
        for n, then in enumerate(({"status": 429}, {"status": 403}), 1):
            server.no_faults()
            server.fault(status="drop", after=True, count=1, match="POST .*items")
            server.fault(**then)
            with pytest.raises(StoreBusy) as busy:
                await site.add("Events", {"Key": f"unsure:{n}"}, within=1)
            assert busy.value.uncertain
            server.no_faults()
            assert len(server.get(f"{path_of(EVENTS)}?$filter=Key eq 'unsure:{n}'")["value"]) == 1

    async def test_a_first_refusal_is_certain(self, server: EmbeddedServer) -> None:
        """Throttled from the first attempt to the last, it was not made and is told so."""
        site = client(server)
        try:
            server.fault(status=429)
            with pytest.raises(StoreBusy) as busy:
                await site.add("Events", {"Key": "sure"}, within=0.5)
            assert not busy.value.uncertain
        finally:
            server.no_faults()
            await site.close()

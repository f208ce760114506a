"""The watch over a real site: what it does when its change token is lost, and how often it asks."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import lease as leases
from bot import watch as watches
from bot.actions import Actions
from bot.agreements import Agreements
from bot.calendars import Calendars
from bot.chats import Chats
from bot.directory import Directory
from bot.gate import Gate
from bot.lease import Lease
from bot.minutes import Minutes
from bot.outbox import Outbox
from bot.persons import Persons
from bot.plans import Plans
from bot.poster import Poster
from bot.repair import Repair
from bot.sealing import Sealing
from bot.turn import Message, Reference, Scope, Sent
from bot.watch import FEED_KEY, Watch
from sharepoint.client import SharePoint
from sharepoint.schema import (
    ACTIONS,
    AGENCIES,
    CONVERSATIONS,
    EVENTS,
    FORUMS,
    MEMBERS,
    POSTS,
    REFERRALS,
    RETURNS,
    SUBJECTS,
)
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client, path_of

TEAM = "00000000-0000-4000-8000-0000000000aa"
WHERE = Reference("http://127.0.0.1:9/", "19:board@thread.tacv2", Scope.CHANNEL, channel_id="19:board@thread.tacv2")
POLLED = "POST web/getchanges"


@dataclass
class Spoken:
    """A channel that keeps what it is told, as text by activity id."""

    posts: dict[str, str] = field(default_factory=dict)
    down: bool = False
    down_for: float = 0.0

    async def room(self, _where: Reference) -> None:
        """There always is."""

    async def start(self, where: Reference, message: Message, **_: object) -> Sent:
        number = str(len(self.posts) + 1)
        self.posts[number] = repr(message.card)
        return Sent(number, where.conversation_id)

    async def send(self, where: Reference, message: Message) -> Sent:
        return await self.start(where, message)

    async def update(self, _where: Reference, activity_id: str, message: Message, **_: object) -> None:
        self.posts[activity_id] = repr(message.card)


@dataclass
class House:
    """One process's watch over a site of the test's own."""

    server: EmbeddedServer
    store: Store
    watch: Watch
    lease: Lease
    directory: Directory
    channel: Spoken
    task: asyncio.Task[None]

    def stop(self) -> None:
        """The process dies, as far as the lists can tell."""
        self.task.cancel()

    async def until(self, so: Callable[[], Any], what: str, within: float = 10) -> Any:
        """Wait until something is so; fails naming it otherwise."""
        async with asyncio.timeout(within):
            try:
                while not (found := so()):
                    await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                raise AssertionError(f"waited in vain for {what}") from None
        return found

    def rows(self, of: Any, **options: str) -> list[dict[str, Any]]:
        asked = "&".join(f"${name}={value}" for name, value in options.items())
        found: list[dict[str, Any]] = self.server.get(f"{path_of(of)}?$top=5000&{asked}")["value"]
        return found

    def polls(self) -> int:
        return int(self.server.requests_served()["by"].get(POLLED, 0))

    async def looks_no_more(self) -> None:
        """By itself, that is: the next look is an hour away."""
        self.watch.pace._poll = 3600
        await self.until(lambda: self.watch._look_at > time.monotonic() + 1800, "the last look")

    async def looked(self) -> None:
        """Wait until the lists were looked at once more from their start to their end."""
        before = self.polls()
        await self.until(lambda: self.polls() > before + 1, "two more polls")


@pytest.fixture
async def own(template: Path, tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    """A provisioned site with a board: two agencies, a member of the mental health team, a bound channel."""
    shutil.copytree(template, tmp_path / "site")
    server = EmbeddedServer(tmp_path / "site").start()
    server.post(path_of(FORUMS), {"Forum": "MHRMB", "ForumName": "MHRMB", "Key": "forum:MHRMB"})
    for code in ("POL", "MHT"):
        server.post(path_of(AGENCIES), {"Agency": code, "AgencyName": code})
    server.post(path_of(MEMBERS), {"UserId": TEAM, "MemberName": "Ivy", "Roles": "Mental health team", "Agency": "MHT"})
    bound = {"Key": "forum:MHRMB", "Audience": "forum:MHRMB", "Scope": "channel", "Stored": WHERE.to_text()}
    server.post(path_of(CONVERSATIONS), bound)
    yield server
    server.stop()


@asynccontextmanager
async def watching(
    server: EmbeddedServer, poll: float = 0.1, holder: str = "one", *, first: bool = True, after: Spoken | None = None
) -> AsyncIterator[House]:
    """A process that watches; unless it is the `first`, it is not waited for. `after` is what was posted before it."""
    site: SharePoint = client(server)
    store, channel = Store(site, within=20), after or Spoken()
    directory, lease = Directory(store), Lease(store, "poster", holder)
    outbox = Outbox(store, channel, now=_now, may_send=lease.held)
    poster = Poster(store, directory, outbox, Chats(store), now=_now)
    watch = Watch(
        store,
        directory,
        lease,
        poster,
        repair=Repair(store, directory, _now),
        actions=Actions(store, directory, poster, _now),
        plans=Plans(store, directory, poster, _now),
        minutes=Minutes(store, directory, _now),
        calendars=Calendars(store, directory, _now),
        sealing=Sealing(store, _now),
        gate=Gate(store, directory, poster, _now),
        agreements=Agreements(store, directory, poster, _now),
        persons=Persons(store, directory, poster, _now),
        poll_seconds=poll,
    )
    task = asyncio.create_task(watch.run())
    house = House(server, store, watch, lease, directory, channel, task)
    try:
        if first:
            await house.until(lambda: watch._token is not None and watch._token.value, "the first reading")
        yield house
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        watch.pace.stop()
        await lease.give_up()
        await site.close()


def _now() -> datetime:
    return datetime.now(UTC)


async def test_nobody_waits_for_people_that_changed(own: EmbeddedServer) -> None:
    """Who was added is known without a request, once the lists were looked at."""
    async with watching(own) as house:
        await house.directory.current()
        own.post(path_of(MEMBERS), {"UserId": "new", "MemberName": "New", "Agency": "POL"})
        await house.looked()
        await house.looks_no_more()
        before = house.store.site.requests_made
        assert "new" in (await house.directory.current()).members
        assert house.store.site.requests_made == before


def card(house: House, reference: str) -> str:
    """What the channel's card of a referral shows now."""
    return next((shown for shown in house.channel.posts.values() if f"Referral {reference}" in shown), "")


def missed(server: EmbeddedServer) -> None:
    """What people do in the lists while nobody follows them: rows typed, changed and deleted in each list followed."""
    server.post(path_of(REFERRALS), {"Title": "typed meanwhile"})
    server.post(path_of(RETURNS), {"Reference": "R-1", "Agency": "POL", "Answer": "Not known", "Key": "typed:1"})
    server.delete(path_of(RETURNS, 1))
    server.merge(path_of(AGENCIES, 2), {"AgencyName": "Renamed Trust"})
    server.post(path_of(MEMBERS), {"UserId": "late", "MemberName": "Late", "Agency": "POL"})
    server.merge(path_of(FORUMS, 1), {"ForumName": "Renamed Board"})
    server.post(path_of(ACTIONS), {"What": "typed meanwhile"})
    server.delete(path_of(ACTIONS, 1))
    server.post(path_of(SUBJECTS), {"Key": "half-subject", "PersonName": "Zebedee"})


async def put_right(house: House, *, deletions: bool = True) -> None:
    """All of `missed` is made good."""
    await house.until(lambda: card(house, "R-3"), "the card of a referral typed meanwhile")
    await house.until(lambda: "Awaited: Renamed Trust." in card(house, "R-1"), "who is awaited now for R-1")
    assert "1 of 2 agencies answered" in card(house, "R-1")
    assert "0 of 2 agencies answered" in card(house, "R-2"), "the answer was deleted"
    await house.until(lambda: "A-3" in {row["Reference"] for row in house.rows(ACTIONS)}, "A-3 to be numbered")
    numbered = {"Key": "half-subject", "Reference": "R-2"}
    await house.until(lambda: [r for r in house.rows(SUBJECTS) if numbered.items() <= r.items()], "a loose subject")
    people = await house.directory.current()
    assert "late" in people.members
    assert people.forums["MHRMB"].name == "Renamed Board"
    if deletions:
        await house.until(lambda: f"report/A-1/deleted/{TEAM}" in posted(house), "the report of A-1")


def posted(house: House) -> list[str]:
    return [str(row["Key"]) for row in house.rows(POSTS)]


async def begin(server: EmbeddedServer, house: House) -> None:
    """Two referrals, the second answered by the police and with half a subject to come, and two actions."""
    server.post(path_of(REFERRALS), {"Title": "typed"})
    server.post(path_of(REFERRALS), {"Key": "half", "Forum": "MHRMB", "Asked": "MHT,POL", "Status": "Received"})
    await house.until(lambda: card(house, "R-1") and card(house, "R-2"), "both cards")
    answer = {"Reference": "R-2", "Agency": "POL", "Answer": "Known", "Key": "typed:0"}
    server.post(path_of(RETURNS), answer)
    await house.until(lambda: "1 of 2 agencies answered" in card(house, "R-2"), "the answer to R-2")
    for number in (1, 2):
        server.post(path_of(ACTIONS), {"What": f"typed {number}"})
    await house.until(lambda: house.rows(ACTIONS)[-1]["Reference"] == "A-2", "A-2 to be numbered")
    assert "late" not in (await house.directory.current()).members


async def test_a_deleted_answer_is_awaited_again(own: EmbeddedServer) -> None:
    """The row that is gone does not say whose it was, and the card is put right all the same."""
    async with watching(own) as house:
        await begin(own, house)
        own.delete(path_of(RETURNS, 1))
        await house.until(lambda: "0 of 2 agencies answered" in card(house, "R-2"), "R-2 to be awaited again")


LOST = {
    "garbage": "rubbish",
    "of a list": "1;3;00000000-0000-0000-0000-000000000000;639000000000000000;1",
    "of another web": "1;2;00000000-0000-0000-0000-000000000000;639000000000000000;1",
    "from another year": "1;2;{web};600000000000000000;1",
}


@pytest.mark.parametrize("token", LOST)
async def test_a_token_that_is_no_good_has_everything_read(own: EmbeddedServer, token: str) -> None:
    """Whatever people did in any list followed since is made good, though the feed cannot tell of it."""
    async with watching(own) as house:
        await begin(own, house)
        channel = house.channel
    missed(own)
    (row,) = [each for each in own.get(f"{path_of(EVENTS)}?$top=100")["value"] if each["Key"] == FEED_KEY]
    own.merge(path_of(EVENTS, row["Id"]), {"Value": LOST[token].format(web=own.get("web")["Id"])})
    async with watching(own, after=channel) as house:
        await put_right(house)
        await house.looked()
        assert [key for key in posted(house) if "deleted" in key] == [f"report/A-1/deleted/{TEAM}"]


@pytest.mark.long
async def test_a_token_too_old_has_everything_read(own: EmbeddedServer) -> None:
    """In the running bot too: the log it followed has been forgotten, deletions with it, and all else is made good."""
    async with watching(own) as house:
        await begin(own, house)
        await house.looks_no_more()
        missed(own)
        await asyncio.sleep(3.1)
        own.kill()
        own.extra = ("--change-days", str(3 / 86_400))
        own.start()
        house.watch.nudge("R-1")
        await put_right(house, deletions=False)


async def test_a_site_that_refuses_every_token_is_not_read_over_and_over(own: EmbeddedServer) -> None:
    """Should SharePoint refuse its own tokens, everything is read once a minute and not at every poll."""
    async with watching(own) as house:
        own.fault(status=400, match="getchanges")
        before = own.requests_served()["by"].get("GET web/lists/Referrals/items", 0)
        await house.until(lambda: own.requests_served()["by"]["GET web/lists/Referrals/items"] > before, "a reading")
        read = own.requests_served()["by"]["GET web/lists/Referrals/items"]
        await asyncio.sleep(1)
        assert own.requests_served()["by"]["GET web/lists/Referrals/items"] == read
        own.no_faults()
        own.post(path_of(REFERRALS), {"Title": "typed"})
        await house.until(lambda: card(house, "R-1"), "the card, once tokens are taken again")


async def test_a_burst_is_followed_to_its_end_in_one_round(own: EmbeddedServer) -> None:
    """Over a thousand changes between two looks are paged through: the last of them counts like the first."""
    async with watching(own) as house:
        await house.looks_no_more()
        own.post(path_of(REFERRALS), {"Title": "the first"})
        for start in range(0, 1100, 100):
            rows = [("POST", path_of(EVENTS), {"Key": f"burst:{n}", "Kind": "x"}) for n in range(start, start + 100)]
            assert {status for status, _ in own.batch(rows)} == {201}
        own.post(path_of(REFERRALS), {"Title": "the last"})
        before = house.polls()
        house.watch.pace.notified()
        await house.until(lambda: card(house, "R-1") and card(house, "R-2"), "both cards")
        assert house.polls() - before == 2


@pytest.mark.long
async def test_the_lease_is_kept_however_seldom_the_lists_are_looked_at(
    own: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a poll of an hour the holder renews all the same, and may post at any time."""
    monkeypatch.setattr(leases, "LASTS", 4.0)
    monkeypatch.setattr(leases, "MARGIN", 2.5)
    monkeypatch.setattr(leases, "RENEWED_AFTER", 0.2)
    monkeypatch.setattr(watches, "RENEWED_AFTER", 0.2)
    async with watching(own, poll=3600) as house:
        before = house.polls()
        for _ in range(20):
            await asyncio.sleep(0.15)
            assert house.lease.held()
        assert house.polls() == before


@pytest.mark.long
async def test_of_two_processes_one_looks_and_the_other_takes_over(own: EmbeddedServer) -> None:
    """The standby looks at nothing until the lease is free, and then follows from where the first left off."""
    async with watching(own, poll=0.2) as first, watching(own, poll=0.2, holder="two", first=False) as other:
        await first.looked()
        assert not other.lease.held()
        assert other.watch._token is None
        own.post(path_of(REFERRALS), {"Title": "typed"})
        await first.until(lambda: card(first, "R-1"), "the card, by the first")
        first.watch.pace.notified()
        other.watch.pace.notified()
        await asyncio.sleep(1.3)
        assert other.channel.posts == {}, "a notification gives it no right to post"
        first.stop()
        await first.lease.give_up()
        await other.until(other.lease.held, "the second to take over")
        own.post(path_of(REFERRALS), {"Title": "typed"})
        other.watch.pace.notified()
        await other.until(lambda: card(other, "R-2"), "the card, by the second")
        assert list(first.channel.posts) == list(other.channel.posts) == ["1"]


async def test_a_token_whose_row_somebody_changed_is_read_again(own: EmbeddedServer) -> None:
    """A late write of a process that died, or a lost answer, does not stop the lists from being followed."""
    async with watching(own) as house:
        (row,) = own.get("web/lists/getByTitle('Events')/items?$filter=Key eq 'feed:token'")["value"]
        own.merge(f"web/lists/getByTitle('Events')/items({row['Id']})", {"ChangeReason": "late"})
        own.post(path_of(REFERRALS), {"Title": "typed meanwhile"})
        await house.until(lambda: card(house, "R-3") or card(house, "R-1"), "the card")
        own.post(path_of(REFERRALS), {"Title": "typed later"})
        await asyncio.sleep(1)
        again = own.get("web/lists/getByTitle('Events')/items?$filter=Key eq 'feed:token'")["value"][0]
        assert again["ChangeReason"] == "feed", "the token is kept again"

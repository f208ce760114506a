"""What waited is posted afterwards: all of it, in order, within Teams' limits, merged where that is allowed.

Time is the test's own, so that an outage may last an hour; Teams and SharePoint are spoken to over HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from board.notices import Audience, Notice, NoticeKind
from bot.chats import Chats
from bot.directory import Directory
from bot.house import BOT
from bot.outbox import MOST_UNKNOWN, Outbox
from bot.poster import Poster
from bot.teams.breaker import Breaker
from bot.teams.connector import TeamsChannel
from bot.teams.hosts import ServiceHosts
from bot.teams.limits import CONVERSATION, Limits
from bot.turn import Message, Reference, Scope
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation, Post, PostStatus
from sharepoint.errors import StoreRefused
from sharepoint.schema import CONVERSATIONS, POSTS
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.teams import BOT_ID, TENANT, Teams

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class World:
    """A poster and its outbox, Teams beside it, and a time that only the test and the limits move."""

    def __init__(self, store: Store) -> None:
        self.seconds = 0.0
        self.mine = True
        self.teams = Teams(clock=lambda: self.seconds)
        self.channel = TeamsChannel(
            ServiceHosts(loopback_only=True),
            attempts=2,
            first_wait=0.001,
            longest_wait=0.01,
            timeout=2,
            limits=Limits(clock=lambda: self.seconds, sleep=self.sleep),
        )
        self.channel.breaker = Breaker(clock=lambda: self.seconds)
        self.store = store.patient(20)
        self.outbox = Outbox(self.store, self.channel, now=self.now, may_send=lambda: self.mine)
        self.poster = Poster(self.store, Directory(self.store), self.outbox, Chats(self.store), now=self.now)
        for kind in NoticeKind:
            self.outbox.makers[kind] = self.made

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    async def made(self, post: Post, within: Sequence[Post]) -> Message | None:
        return Message("S", text=" and ".join([post.key, *(each.key for each in within)]))

    async def say(self, kind: NoticeKind, key: str, audience: str = "forum:MHRMB") -> bool:
        to = Audience.parse(audience)
        assert to is not None
        return await self.poster.say(Notice(key, kind, to, ""), Message("S", text=key))

    async def bind(self, audience: str, conversation_id: str, scope: Scope) -> None:
        where = Reference(self.teams.service_url, conversation_id, scope, TENANT, channel_id="", bot_id=BOT_ID)
        row = Conversation(key=audience, audience=audience, scope=scope, stored=where.to_text(), tenant_id=TENANT)
        found: list[Conversation] = await self.store.find(ask.keyed(CONVERSATIONS, audience))
        kept = found[0] if found else await self.store.add(CONVERSATIONS, row, by=BOT, why="test")
        await self.store.change(CONVERSATIONS, kept, replace(kept, stored=where.to_text()), by=BOT, why="test")

    async def pass_time(self, minutes: float, step: float = 5.0) -> None:
        """Go round every few seconds, as the watch does."""
        until = self.seconds + minutes * 60
        while self.seconds < until:
            await self.outbox.retry()
            self.seconds += step

    async def rows(self) -> dict[str, Post]:
        every: list[Post] = await self.store.find(ask.Query(POSTS))
        return {row.key: row for row in every}

    def said(self) -> list[str]:
        """What Teams was made to show, in order."""
        return [post.text for post in self.teams.posts.values()]


@pytest.fixture
async def world(store: Store, server: EmbeddedServer) -> AsyncIterator[World]:
    made = World(store)
    async with made.teams:
        await made.bind("forum:MHRMB", "19:board@thread.tacv2", Scope.CHANNEL)
        await made.bind("member:amy", "a:amy", Scope.PERSONAL)
        yield made
        await made.channel.close()
    for row in server.get("web/lists/getByTitle('Posts')/items?$select=Id&$top=5000")["value"]:
        server.delete(f"web/lists/getByTitle('Posts')/items({row['Id']})")


def most_within(moments: list[float], seconds: float) -> int:
    return max((sum(1 for other in moments if moment <= other < moment + seconds) for moment in moments), default=0)


def sends(world: World) -> list[float]:
    return [call.at for call in world.teams.calls if call.method == "POST" and call.status == 201]


async def test_an_hours_outage(world: World) -> None:
    """Refusals of every sort, then nothing for an hour: afterwards everything is there, in order, within limits."""
    keys = [f"referral/R-{number}" for number in range(1, 31)]
    for key in keys[:3]:
        assert await world.say(NoticeKind.REFERRAL, key)
    world.teams.fail_next(429, headers={"Retry-After": "30"})
    world.teams.fail_next(502)
    world.teams.fail_next("html")
    world.teams.fail_next("drop")
    for key in keys[3:10]:
        await world.say(NoticeKind.REFERRAL, key)
    await world.teams.stop()
    for key in keys[10:]:
        await world.say(NoticeKind.REFERRAL, key)
        world.seconds += 20
    for day in (23, 24, 25):
        await world.say(NoticeKind.DIGEST, f"digest/forum:MHRMB/2026-11-{day}")
    await world.pass_time(5)
    before = world.store.site.requests_made
    await world.pass_time(60)
    asked = world.store.site.requests_made - before
    assert world.outbox.waiting >= 20
    assert world.outbox.late == 0  # nothing is stuck: Teams is down
    await world.teams.start()
    await world.pass_time(10)

    said, rows = world.said(), await world.rows()
    digest = " and ".join(f"digest/forum:MHRMB/2026-11-{day}" for day in (25, 23, 24))
    certain = [key for key in keys if not rows[key].unknown_outcomes]
    assert [text for text in dict.fromkeys(said) if text in certain] == certain
    assert set(keys) <= set(said)
    assert 20 <= len(certain) < 30
    assert said.count(digest) == 1
    assert said.index(digest) > said.index(keys[-1])
    unknown = sum(row.unknown_outcomes for row in rows.values())
    assert sum(count - 1 for count in Counter(said).values()) <= unknown
    assert {row.status for row in rows.values()} <= {PostStatus.SENT, PostStatus.MERGED}
    assert (world.outbox.waiting, world.outbox.merged) == (0, 2)
    for count, seconds in CONVERSATION:
        assert most_within(sends(world), seconds) <= count
    # An hour at a poll each five seconds: a probe a minute, with its read and its row, and no row for any other post.
    assert asked <= 65 * 3


async def test_an_immediate_risk_goes_first(world: World) -> None:
    """It does not wait behind what waits for its conversation, and never merges."""
    world.teams.fail_next(429, headers={"Retry-After": "60"})
    assert not await world.say(NoticeKind.DIGEST, "digest/member:amy/2026-11-23", "member:amy")
    assert not await world.say(NoticeKind.RECEIPT, "receipt/R-1", "member:amy")
    assert await world.say(NoticeKind.IMMEDIATE, "immediate/A-1/amy", "member:amy")
    assert world.said() == ["immediate/A-1/amy"]
    await world.pass_time(3)
    assert world.said() == ["immediate/A-1/amy", "digest/member:amy/2026-11-23", "receipt/R-1"]


def notice(key: str, audience: str) -> tuple[Notice, Message]:
    """A digest to be said, which says its key."""
    to = Audience.parse(audience)
    assert to is not None
    return Notice(key, NoticeKind.DIGEST, to, ""), Message("S", text=key)


async def test_many_are_told_side_by_side(world: World) -> None:
    """Whoever's chat Teams is slow with holds up nobody else; in each conversation what was first is first."""
    for name in ("bea", "cat", "dee"):
        await world.bind(f"member:{name}", f"a:{name}", Scope.PERSONAL)
    await world.say(NoticeKind.RECEIPT, "told before", "member:cat")
    world.teams.fail_next("timeout")  # whoever is sent to first hears nothing for two seconds
    wanted = [notice(f"{number} to amy", "member:amy") for number in (1, 2)]
    wanted += [notice(f"{number} to {name}", f"member:{name}") for number in (1, 2) for name in ("bea", "cat", "dee")]
    told = await world.poster.say_all([*wanted, notice("told before", "member:cat")])

    said = world.said()
    (held,) = {each.key for each, _ in wanted} - set(told)
    assert told == [each.key for each, _ in wanted if each.key != held]
    assert sorted(said) == sorted([*told, "told before"])
    other = held.replace("1", "2", 1)
    assert said.index(other) >= len(said) - 2, f"{other} came before others who did not have to wait for it"
    for name in ("amy", "bea", "cat", "dee"):
        its = [text for text in said if text.endswith(name)]
        assert its == sorted(its)


async def test_what_cannot_be_claimed_holds_up_nobody_else(world: World, server: EmbeddedServer) -> None:
    """A row that SharePoint refuses is the round's error, once everybody else was told."""
    await world.bind("member:bea", "a:bea", Scope.PERSONAL)
    server.fault(status=403, match="POST .*Posts.*items", count=1)
    with pytest.raises(StoreRefused):
        await world.poster.say_all(notice(f"to {name}", f"member:{name}") for name in ("amy", "bea"))
    assert len(world.said()) == 1
    again = await world.poster.say_all(notice(f"to {name}", f"member:{name}") for name in ("amy", "bea"))
    assert len(again) == 1
    assert sorted(world.said()) == ["to amy", "to bea"]


async def test_a_burst_keeps_the_limits(world: World) -> None:
    """Three hundred notices at once go out as fast as Teams allows, and no faster."""
    for number in range(100):
        await world.say(NoticeKind.REFERRAL, f"referral/R-{number + 1}")
    await world.pass_time(5)
    assert world.said() == [f"referral/R-{number + 1}" for number in range(100)]
    for count, seconds in CONVERSATION:
        assert most_within(sends(world), seconds) <= count
    assert max(sends(world)) <= 70  # 100 at 60 in 30 s, with the time that polls add


async def test_a_post_that_always_breaks_teams(world: World) -> None:
    """A card that Teams chokes on is tried ever less often, holds up nobody, and ends as not delivered."""
    world.teams.fail_next(500)
    await world.say(NoticeKind.REFERRAL, "referral/R-1")
    assert await world.say(NoticeKind.REFERRAL, "referral/R-2")
    tries = 1
    while (row := (await world.rows())["referral/R-1"]).open:
        world.teams.recover()
        world.teams.fail_next(500, count=10)
        await world.pass_time(10, step=60)
        tries += 1
        assert tries < 200
    assert (row.status, row.unknown_outcomes) == (PostStatus.FAILED, MOST_UNKNOWN)
    assert world.said() == ["referral/R-2"]


async def test_who_lost_the_lease_sends_nothing(world: World) -> None:
    """A process that may no longer send leaves what it claimed to the next one."""
    world.mine = False
    assert not await world.say(NoticeKind.REFERRAL, "referral/R-1")
    await world.pass_time(2)
    assert world.said() == []
    world.mine = True
    await world.pass_time(2)
    assert world.said() == ["referral/R-1"]


async def test_one_that_cannot_be_sent_holds_up_nobody(world: World) -> None:
    """A conversation Teams refuses, or one that cannot be read, is told in its row; the others go on."""
    await world.say(NoticeKind.REFERRAL, "referral/R-1")
    world.teams.fail_next(403)
    assert not await world.say(NoticeKind.REFERRAL, "referral/R-2")
    assert await world.say(NoticeKind.REFERRAL, "referral/R-3")
    (row,) = [row for key, row in (await world.rows()).items() if key == "referral/R-2"]
    assert (row.status, row.open) == (PostStatus.FAILED, False)
    assert row.failure.startswith("Teams refused it (403")


async def test_limits_of_one_conversation_are_not_another_s(world: World) -> None:
    """While the channel is full a person still hears at once."""
    for number in range(8):
        await world.say(NoticeKind.REFERRAL, f"referral/R-{number + 1}")
    before: Any = world.seconds
    assert await world.say(NoticeKind.RECEIPT, "receipt/R-1", "member:amy")
    assert world.seconds == before


class Crashed(Exception):
    """The process died: nothing that would follow happens."""


def dies_after_a_post(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next post is made, and its maker does not live to write so; then another process goes on."""
    start = world.channel.start

    async def start_and_die(*of: Any, **more: Any) -> Any:
        await start(*of, **more)
        monkeypatch.setattr(world.channel, "start", start)
        raise Crashed

    monkeypatch.setattr(world.channel, "start", start_and_die)


async def told_too_often(world: World) -> tuple[int, int]:
    """How many times more than once notices were told, alone or within another, and how many outcomes are unknown."""
    told = Counter(key for text in world.said() for key in text.split(" and "))
    unknown = sum(row.unknown_outcomes for row in (await world.rows()).values())
    return sum(told.values()) - len(told), unknown


@pytest.mark.parametrize(
    ("first", "wait"), [(429, 1), (502, 1), (None, 2)], ids=["waiting", "uncertain", "claimed by one that died"]
)
async def test_a_crash_right_after_a_post_is_owned_up(
    world: World, monkeypatch: pytest.MonkeyPatch, first: int | None, wait: float
) -> None:
    """Whatever the row said before a try, a crash after it makes no duplicate that is not counted."""
    if first is None:
        dies_after_a_post(world, monkeypatch)
        with pytest.raises(Crashed):
            await world.say(NoticeKind.REFERRAL, "referral/R-1")
    else:
        world.teams.fail_next(first, count=2, made=first == 502)
        await world.say(NoticeKind.REFERRAL, "referral/R-1")
    world.teams.recover()
    dies_after_a_post(world, monkeypatch)
    with pytest.raises(Crashed):
        await world.pass_time(wait + 1)
    await world.pass_time(wait + 1)
    twice, unknown = await told_too_often(world)
    assert world.said().count("referral/R-1") >= 2
    assert (await world.rows())["referral/R-1"].status == PostStatus.SENT
    assert 1 <= twice <= unknown


async def test_a_crash_after_a_merged_post_is_owned_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those told within a post are as uncertain as the post itself."""
    world.teams.fail_next(429, count=2, headers={"Retry-After": "30"})
    for day in (23, 24, 25):
        await world.say(NoticeKind.DIGEST, f"digest/forum:MHRMB/2026-11-{day}")
    world.teams.recover()
    dies_after_a_post(world, monkeypatch)
    with pytest.raises(Crashed):
        await world.pass_time(2)
    await world.pass_time(3)
    assert {row.status for row in (await world.rows()).values()} == {PostStatus.SENT, PostStatus.MERGED}
    twice, unknown = await told_too_often(world)
    assert 1 <= twice <= unknown


async def test_a_claim_that_ran_out_is_not_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever claimed a post and then came to nothing for a minute leaves it: another may be sending it."""
    let_pass = world.channel.room

    async def room(where: Reference) -> None:
        world.seconds += 58
        await let_pass(where)

    monkeypatch.setattr(world.channel, "room", room)
    assert not await world.say(NoticeKind.REFERRAL, "referral/R-1")
    assert world.teams.calls == []
    monkeypatch.setattr(world.channel, "room", let_pass)
    await world.pass_time(2)
    assert world.said() == ["referral/R-1"]


async def test_a_post_that_another_process_took_is_left_alone(world: World) -> None:
    """Who finds that a row was changed since it was read does not send: the other does."""
    world.teams.fail_next(429, count=2)
    await world.say(NoticeKind.REFERRAL, "referral/R-1")
    world.teams.recover()
    (waiting,) = (await world.rows()).values()

    async def slowly(post: Post, _within: Sequence[Post]) -> Message:
        taken = replace(waiting, status=PostStatus.CLAIMED, next_attempt=world.now() + timedelta(minutes=1))
        await world.store.change(POSTS, waiting, taken, by=BOT, why="another process")
        return Message("S", text=post.key)

    world.outbox.makers[NoticeKind.REFERRAL] = slowly
    world.seconds += 30
    await world.outbox.retry()
    assert world.said() == []


async def test_updates_that_crossed_end_with_the_newest_words(world: World) -> None:
    """Two processes update a card at once, the stale one last: it is brought up to date once more."""
    assert await world.say(NoticeKind.REFERRAL, "referral/R-1")
    (post,) = (await world.rows()).values()
    newest = Message("Newest", text="newest words")

    async def made(_post: Post, _within: Sequence[Post]) -> Message:
        return newest

    world.outbox.makers[NoticeKind.REFERRAL] = made
    await world.outbox.update(post, newest)
    await world.outbox.update(post, Message("Stale", text="stale words"))
    assert world.said() == ["stale words"]
    await world.pass_time(1)
    assert world.said() == ["newest words"]
    assert not (await world.rows())["referral/R-1"].open

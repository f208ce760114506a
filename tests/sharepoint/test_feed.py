"""The change feed: what changed since a token, whoever changed it, and what happens to a token that is no good."""

from __future__ import annotations

import asyncio
from pathlib import Path
from shutil import copytree

import pytest

from board.records import Member, Referral
from sharepoint.bookkeeping import Event
from sharepoint.client import SharePoint
from sharepoint.errors import StoreRefused
from sharepoint.feed import LIMIT, Changes, Feed
from sharepoint.schema import EVENTS, MEMBERS, REFERRALS, SUBJECTS
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client, path_of


async def since(feed: Feed, token: str) -> Changes:
    """Changes since a good token."""
    changes = await feed.since(token, within=10)
    assert changes is not None
    return changes


async def test_nothing_changed_is_nothing(site: SharePoint) -> None:
    """From this moment's token there is nothing, and the token stays good."""
    feed = Feed(site)
    token = await feed.now(within=10)
    changes = await since(feed, token)
    assert changes == Changes({}, token, more=False)


async def test_adds_updates_and_deletes_are_seen(server: EmbeddedServer, site: SharePoint, store: Store) -> None:
    """Each way a row can change names its list and its number, once; the next token starts after them."""
    kept = await store.add(MEMBERS, Member(key="feed:kept", user_id="u", name="U"), by="Ada", why="x")
    gone = server.post(path_of(SUBJECTS), {"Title": "goes"})["Id"]
    feed = Feed(site)
    token = await feed.now(within=10)
    added = await store.add(REFERRALS, Referral(key="feed:1", agency="POL"), by="Ada", why="x")
    await store.number(REFERRALS, added, by="Ada")
    server.merge(path_of(MEMBERS, kept.id), {"Roles": "Chair"})
    server.delete(path_of(SUBJECTS, gone))
    changes = await since(feed, token)
    assert changes.items == {
        "Referrals": frozenset({added.id}),
        "Members": frozenset({kept.id}),
        "Subjects": frozenset({gone}),
    }
    assert not changes.more
    assert (await since(feed, changes.token)).items == {}


async def test_a_recycled_row_is_seen(server: EmbeddedServer, site: SharePoint) -> None:
    """A row that a person puts in the recycle bin is a change too."""
    row = server.post(path_of(MEMBERS), {"Title": "goes"})["Id"]
    feed = Feed(site)
    token = await feed.now(within=10)
    server.post(f"{path_of(MEMBERS, row)}/recycle()")
    assert (await since(feed, token)).items == {"Members": frozenset({row})}


async def test_other_lists_are_passed_over(server: EmbeddedServer, site: SharePoint) -> None:
    """What people do in lists of their own is nothing of ours, but the token moves past it."""
    path = server.list("Birthdays")
    feed = Feed(site)
    token = await feed.now(within=10)
    server.post(f"{path}/items", {"Title": "cake"})
    changes = await since(feed, token)
    assert changes.items == {}
    assert changes.token != token


async def test_two_requests_at_first_and_one_after(server: EmbeddedServer, site: SharePoint) -> None:
    """The names of the lists are read once; after that a poll is one request."""
    feed = Feed(site)
    token = await feed.now(within=10)
    await since(feed, token)
    before = site.requests_made
    await since(feed, token)
    assert site.requests_made == before + 1


@pytest.mark.parametrize(
    "token",
    [
        "rubbish",
        "1;2;;;",
        "1;3;00000000-0000-0000-0000-000000000000;638000000000000000;1",
        "1;2;00000000-0000-0000-0000-000000000000;638000000000000000;1",
        "' or 1 eq 1",
        "x" * 5000,
    ],
)
async def test_a_token_that_is_no_good_means_read_everything(site: SharePoint, token: str) -> None:
    """A malformed, foreign or forgotten token is None, which tells the caller to read everything once."""
    assert await Feed(site).since(token, within=10) is None


async def test_a_token_too_old_means_read_everything(template: Path, tmp_path: Path) -> None:
    """SharePoint keeps changes for some weeks; a token from before that is None."""
    copytree(template, tmp_path, dirs_exist_ok=True)
    with EmbeddedServer(tmp_path, extra=("--change-days", "0.000001")) as server:
        site = client(server)
        try:
            feed = Feed(site)
            token = await feed.now(within=10)
            server.post(path_of(MEMBERS), {"Title": "later"})
            await asyncio.sleep(0.15)
            assert await feed.since(token, within=10) is None
        finally:
            await site.close()


async def test_a_missing_right_is_no_old_token(server: EmbeddedServer) -> None:
    """A refusal for want of a right must reach a person, not be taken for an old token."""
    site = client(server, "unknown-token")
    try:
        with pytest.raises(StoreRefused):
            await Feed(site).since("rubbish", within=5)
    finally:
        await site.close()


async def test_a_member_sees_no_change_of_a_closed_list(server: EmbeddedServer, site: SharePoint) -> None:
    """Somebody who may not open a list is told nothing of what happens in it."""
    token = await Feed(site).now(within=10)
    server.post(path_of(SUBJECTS), {"Title": "someone"})
    member = client(server, MEMBER)
    try:
        assert (await since(Feed(member), token)).items == {}
    finally:
        await member.close()


async def test_a_token_survives_a_restart(template: Path, tmp_path: Path) -> None:
    """A token is good after the server was killed and started again, and misses nothing in between."""
    copytree(template, tmp_path, dirs_exist_ok=True)
    server = EmbeddedServer(tmp_path).start()
    site = client(server)
    try:
        token = await Feed(site).now(within=10)
        before = server.post(path_of(MEMBERS), {"Title": "before"})["Id"]
        server.kill()
        server.start()
        after = server.post(path_of(MEMBERS), {"Title": "after"})["Id"]
        assert (await since(Feed(site), token)).items == {"Members": frozenset({before, after})}
    finally:
        await site.close()
        server.stop()


async def test_more_than_a_thousand_changes_come_in_pages(
    server: EmbeddedServer, site: SharePoint, store: Store
) -> None:
    """A flood of changes is read a thousand at a time until there is no more, each row once among them."""
    feed = Feed(site)
    token = await feed.now(within=10)
    for start in range(0, 1100, 100):
        rows = [("POST", path_of(EVENTS), {"Key": f"flood:{n}", "Kind": "x"}) for n in range(start, start + 100)]
        assert {status for status, _ in server.batch(rows)} == {201}
    pages: list[Changes] = []
    while not pages or pages[-1].more:
        pages.append(await since(feed, pages[-1].token if pages else token))
    sizes = [len(page.items["Events"]) for page in pages]
    assert sizes == [LIMIT, 100]
    assert len(frozenset().union(*(page.items["Events"] for page in pages))) == 1100
    last, _ = await store.add_once(EVENTS, Event(key="flood:after", kind="x"), by="Ada", why="x")
    assert (await since(feed, pages[-1].token)).items == {"Events": frozenset({last.id})}

"""Members, agencies and forums: read at most once a minute, and whose row counts when there are two."""

from __future__ import annotations

import asyncio
import time

import pytest

from board.records import Agency, Forum, Member
from board.vocabulary import Role
from bot import directory as directories
from bot.directory import Directory, people
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy
from sharepoint.pace import HOLD
from sharepoint.queries import open_rows
from sharepoint.schema import AGENCIES, MEMBERS
from sharepoint.store import Store, one_turn
from tests.embedded_server import EmbeddedServer
from tests.provisioned import path_of


def member(id_: int, user_id: str, name: str = "", **more: object) -> Member:
    """A member with a row number."""
    return Member(id=id_, user_id=user_id, name=name or f"M{id_}", **more)  # type: ignore[arg-type]


async def test_a_minute_is_one_request(site: SharePoint, store: Store) -> None:
    """However often it is asked, the directory is read once, all three lists in one request."""
    await store.find(*directories.queries()[:1])
    await store.gather(*directories.queries())
    directory = Directory(store)
    before = site.requests_made
    for _ in range(10):
        await directory.current()
    await asyncio.gather(*(directory.current() for _ in range(20)))
    assert site.requests_made == before + 1


async def test_many_who_ask_first_together_are_one_request(site: SharePoint, store: Store) -> None:
    """A burst at the start reads once, and all get the same."""
    await store.gather(*directories.queries())
    directory = Directory(store)
    before = site.requests_made
    answers = await asyncio.gather(*(directory.current() for _ in range(30)))
    assert site.requests_made == before + 1
    assert all(answer is answers[0] for answer in answers)


async def test_what_is_too_old_is_read_again(site: SharePoint, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its minute the directory is read at the next question."""
    assert directories.KEPT_SECONDS <= 60
    monkeypatch.setattr(directories, "KEPT_SECONDS", 0.2)
    directory = Directory(store)
    await directory.current()
    before = site.requests_made
    await asyncio.sleep(0.25)
    await directory.current()
    assert site.requests_made == before + 1


async def test_what_the_feed_vouches_for_is_not_read_again(
    site: SharePoint, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is known that nothing changed, nobody waits for the lists; what expired is read all the same."""
    monkeypatch.setattr(directories, "KEPT_SECONDS", 0.2)
    directory = Directory(store)
    directory.unchanged(time.monotonic())  # of what was never read nothing is known
    await directory.current()
    before = site.requests_made
    await asyncio.sleep(0.25)
    directory.unchanged(time.monotonic())
    await directory.current()
    assert site.requests_made == before
    directory.expire()
    directory.unchanged(time.monotonic())
    await directory.current()
    assert site.requests_made == before + 1


async def test_what_is_asked_for_since_a_moment_is_read_once(
    site: SharePoint, server: EmbeddedServer, store: Store
) -> None:
    """One request for all who ask together, and none where it was read or known to stand since that moment."""
    directory = Directory(store)
    await directory.current()
    server.post(path_of(MEMBERS), {"UserId": "SINCE", "MemberName": "Ada"})
    asked, before = time.monotonic(), site.requests_made
    with one_turn() as spent:
        found = await asyncio.gather(*(directory.since(asked) for _ in range(10)))
    assert (spent.requests, spent.people) == (1, 1)
    assert all(each.standing("since").member is not None for each in found)
    assert site.requests_made == before + 1
    assert (await directory.since(asked)) is found[0]
    asked = time.monotonic()
    directory.unchanged(time.monotonic())
    assert (await directory.since(asked)) is found[0]
    assert site.requests_made == before + 1


async def test_it_is_read_afresh_with_something_else(site: SharePoint, server: EmbeddedServer, store: Store) -> None:
    """In one request, however lately it was read; what was read counts from then on."""
    directory = Directory(store)
    await directory.current()
    server.post(path_of(MEMBERS), {"UserId": "AFRESH", "MemberName": "Ada"})
    before = site.requests_made
    found, (agencies, members) = await directory.afresh(open_rows(AGENCIES), open_rows(MEMBERS))
    assert site.requests_made == before + 1
    assert found.standing("afresh").member in members
    assert sorted(each.code.upper() for each in agencies) == sorted(found.agencies)
    assert (await directory.current()).standing("afresh").member is not None
    assert site.requests_made == before + 1


async def test_expiring_reads_again(server: EmbeddedServer, store: Store) -> None:
    """A change that the feed told of counts at the next question; until told, the old one stands."""
    directory = Directory(store)
    await directory.current()
    row = server.post(path_of(MEMBERS), {"UserId": "EXPIRE", "MemberName": "Ada", "Roles": "Chair"})
    assert (await directory.current()).standing("expire").member is None
    directory.expire()
    found = (await directory.current()).standing("expire").member
    assert found is not None
    assert (found.id, found.roles) == (row["Id"], frozenset({Role.CHAIR}))
    server.merge(path_of(MEMBERS, row["Id"]), {"Open": False})
    directory.expire()
    assert (await directory.current()).standing("expire").member is None


async def test_a_change_while_reading_is_not_missed(server: EmbeddedServer, site: SharePoint, store: Store) -> None:
    """What expires while the lists are being read makes the next question read them again."""
    await store.gather(*directories.queries())
    directory = Directory(store)
    server.fault(latency=0.3, count=1)
    reading = asyncio.create_task(directory.current())
    await asyncio.sleep(0.1)
    directory.expire()
    await reading
    before = site.requests_made
    await directory.current()
    assert site.requests_made == before + 1
    await directory.current()
    assert site.requests_made == before + 1


async def test_a_store_that_fails_is_told_and_asked_again(server: EmbeddedServer, store: Store) -> None:
    """Without a fresh reading nobody's standing is guessed: the error is the caller's, and the next question reads."""
    directory = Directory(store.patient(0.3))
    server.fault(status=503)
    with pytest.raises(StoreBusy):
        await directory.current()
    server.no_faults()
    await asyncio.sleep(HOLD)  # background work stands back for so long after a refusal
    await directory.current()


async def test_ids_and_codes_are_found_in_any_case(server: EmbeddedServer, store: Store) -> None:
    """People type codes and ids in capitals or not, and with spaces; it is the same member and agency."""
    server.post(path_of(AGENCIES), {"Agency": " pol ", "AgencyName": "Police"})
    server.post(path_of(MEMBERS), {"UserId": " ABCDEF-1 ", "Agency": "Pol", "MemberName": "Bo"})
    found = (await Directory(store).current()).standing("abcdef-1")
    assert found.member is not None
    assert found.member.name == "Bo"
    assert found.agency is not None
    assert found.agency.name == "Police"


def test_of_two_rows_the_older_counts() -> None:
    """A second row for somebody cannot raise them, in whichever order SharePoint gives the rows."""
    old = member(3, "u", "old", roles=frozenset({Role.OBSERVER}))
    new = member(9, "U", "new", roles=frozenset({Role.CHAIR}))
    for rows in ([old, new], [new, old]):
        assert people(rows, [], []).standing("u").member == old
    agencies = [Agency(id=2, code="POL", name="new"), Agency(id=1, code="pol", name="old")]
    forums = [Forum(id=2, code="MHRMB", name="new"), Forum(id=1, code="mhrmb", name="old")]
    found = people([], agencies, forums)
    assert found.agencies["POL"].name == "old"
    forum = found.forum("Mhrmb")
    assert forum is not None
    assert forum.name == "old"


def test_a_row_without_an_id_is_nobody() -> None:
    """A member row typed without a user id stands for no one, least of all for whoever has no id."""
    found = people([member(1, "", roles=frozenset({Role.CHAIR})), member(2, "  ")], [], [])
    assert found.members == {}
    assert found.standing("").member is None


def test_a_member_of_an_unknown_agency_has_none() -> None:
    """A code that no agency row has leaves the member without an agency, not with somebody else's."""
    standing = people([member(1, "u", agency="XXX")], [Agency(id=1, code="POL", name="Police")], []).standing("u")
    assert standing.member is not None
    assert standing.agency is None


def test_whom_to_ask() -> None:
    """The forum's contact and those who run it, the mental health team before the chairs, by name."""
    rows = [
        member(1, "a", "Zoe", roles=frozenset({Role.CHAIR})),
        member(2, "b", "Ann", roles=frozenset({Role.CHAIR})),
        member(3, "c", "Yan", roles=frozenset({Role.MENTAL_HEALTH_TEAM})),
        member(4, "d", "Bob", roles=frozenset({Role.OBSERVER})),
    ]
    found = people(rows, [], [Forum(id=1, code="MHRMB", name="Board", contact="01632 960000")])
    contact, names = found.whom_to_ask("mhrmb")
    assert contact == "01632 960000"
    assert names[0] == "Yan"
    assert names == ["Yan", *sorted(names[1:])]
    assert "Bob" not in names
    assert found.whom_to_ask("nowhere")[0] == ""

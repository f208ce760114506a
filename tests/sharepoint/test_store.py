"""Records in and out of lists over HTTP: what is written, what is read back, and what it costs on long lists."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from board.errors import Conflict, NotFound
from board.records import Agency, Forum, Member, Referral, Return, Stored, Subject
from board.vocabulary import INDICATORS, Answer, Role, Urgency
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.client import SharePoint
from sharepoint.errors import Duplicate, StoreBusy, StoreRefused
from sharepoint.schema import (
    AGENCIES,
    AGENDA_ITEMS,
    EVENTS,
    FORUMS,
    LESSONS,
    LISTS,
    MEMBERS,
    POSTS,
    REFERRALS,
    RETURNS,
    SUBJECTS,
    ListOf,
)
from sharepoint.store import Store, from_item, one_turn
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client, path_of

BY, WHY = "Ada Example", "a test"

WHOLE = Referral(
    key="whole",
    agency="POL",
    referrer_id="id-1",
    referrer_name="Ada Example",
    contact="01632 960001",
    concern="Fire setting",
    indicators=INDICATORS[:3],
    urgency=Urgency.URGENT,
    urgency_reason="because",
    why_now="line one\nline two\n\nline four",
    how_known="x" * 4000,
    asked_for="All: is this person known?",
    police_involvement="yes",
    mental_health_act="s37/41",
    sharing_basis="Vital interests",
    person_aware="No",
    crime_reference="42/1",
    manager_sign_off="Di",
    forum="MHRMB",
    asked=frozenset({"MHT", "ASC"}),
    received_on=datetime(2026, 7, 14, 9, 30, 15, tzinfo=UTC),
)

AWKWARD = (
    "O'Brien",
    "''",
    "Smith & Sons",
    "100% + more",
    "a#b?c=d&e/f\\g",
    "%27%20or%201%20eq%201",
    "' or 1 eq 1 or Key eq '",
    "Zoë Ångström-Łuczak",
    "日本語 — “quoted” …",
    "🙂🙃",
    'double " quote',
    "semi;colon,comma",
    "tab\tinside",
    "<script>alert(1)</script>",
    "{curly} $filter=Id eq 1",
)


def versions(server: EmbeddedServer, of: ListOf[Any], item_id: int) -> list[dict[str, Any]]:
    """An item's versions, oldest first."""
    found: list[dict[str, Any]] = server.get(f"{path_of(of, item_id)}/versions")["value"]
    return found[::-1]


class TestAdding:
    """A record is added once, under its key."""

    async def test_a_record_comes_back_whole(self, store: Store) -> None:
        """Everything a referral holds is the same after it was stored and read."""
        added = await store.add(REFERRALS, WHOLE, by=BY, why=WHY)
        assert added.id > 0
        assert added == replace(WHOLE, id=added.id, etag=added.etag)
        assert added == await store.read(REFERRALS, added.id)
        assert [added] == await store.find(ask.keyed(REFERRALS, "whole"))

    async def test_every_list_takes_its_least_record(self, store: Store) -> None:
        """A record of which nothing but the key is filled can be added to each list and read back."""
        for of in LISTS:
            blank = from_blanks(of, key=f"least:{of.name}")
            added = await store.add(of, blank, by=BY, why=WHY)
            assert added == await store.read(of, added.id), of.name

    async def test_dates_come_back_over_http(self, store: Store) -> None:
        """A summer's and a winter's birthday are stored and read as the same calendar day."""
        for born in (date(1984, 7, 1), date(1984, 1, 1), date(1984, 3, 25), date(1984, 10, 28), date(2000, 2, 29)):
            subject = Subject(key=f"born:{born}", name="X", date_of_birth=born)
            added = await store.add(SUBJECTS, subject, by=BY, why=WHY)
            assert (await store.read(SUBJECTS, added.id)).date_of_birth == born

    async def test_a_record_without_a_key_is_not_added(self, store: Store) -> None:
        """Without a key a repeated write could not be told from a new one, so it is refused before it is sent."""
        with pytest.raises(ValueError, match="Events"):
            await store.add(EVENTS, Event(kind="x"), by=BY, why=WHY)
        assert store.site.requests_made == 0

    async def test_adding_again_is_a_duplicate(self, store: Store) -> None:
        """The same key a second time is told, and adds nothing."""
        event = Event(key="add:twice", kind="x")
        await store.add(EVENTS, event, by=BY, why=WHY)
        with pytest.raises(Duplicate):
            await store.add(EVENTS, event, by=BY, why=WHY)
        assert len(await store.find(ask.keyed(EVENTS, "add:twice"))) == 1

    async def test_adding_once_gives_back_what_is_there(self, store: Store) -> None:
        """The second attempt returns the row of the first, unchanged, and says that it is not new."""
        first, new = await store.add_once(EVENTS, Event(key="once", kind="first"), by=BY, why=WHY)
        assert new
        second, new = await store.add_once(EVENTS, Event(key="once", kind="second"), by=BY, why=WHY)
        assert not new
        assert first == second

    async def test_adding_once_survives_a_lost_answer(self, server: EmbeddedServer, store: Store) -> None:
        """When the answer to an add is lost, the row that was made is found, and there is one of it."""
        server.fault(status="drop", count=1, after=True, match="POST .*Events.*items")
        event, _ = await store.add_once(EVENTS, Event(key="once:lost", kind="x"), by=BY, why=WHY)
        assert [event] == await store.find(ask.keyed(EVENTS, "once:lost"))

    async def test_who_and_why_are_written_with_it(self, server: EmbeddedServer, store: Store) -> None:
        """A new row says in its own columns who made it and why; its title is computed."""
        added = await store.add(AGENCIES, Agency(key="who", code="POL", name="Police"), by=BY, why=WHY)
        row = server.get(path_of(AGENCIES, added.id))
        assert (row["ChangedBy"], row["ChangeReason"], row["Title"]) == (BY, WHY, "Police")

    async def test_a_number_makes_the_reference(self, store: Store) -> None:
        """A reference is the list's letter and the item's own id."""
        added = await store.add(REFERRALS, Referral(key="numbered", agency="POL"), by=BY, why=WHY)
        named = await store.number(REFERRALS, added, by=BY)
        assert named.reference == f"R-{added.id}"
        assert named == await store.read(REFERRALS, added.id)


class TestAwkwardTexts:
    """Nothing a person types is lost, and nothing they type is taken for a command."""

    async def test_every_text_comes_back(self, store: Store) -> None:
        """Quotes, ampersands, hashes, percent signs, emoji: all read as they were written."""
        for n, text in enumerate(AWKWARD):
            subject = Subject(key=f"awkward:{n}", name=text, other_ids=text * 3)
            added = await store.add(SUBJECTS, subject, by=text, why=text)
            assert added == await store.read(SUBJECTS, added.id)

    @pytest.mark.parametrize("text", AWKWARD)
    async def test_a_filter_finds_exactly_it(self, store: Store, text: str) -> None:
        """A value is found by a filter, alone, whether it is asked for by itself or in a batch."""
        reference = f"{text}!"
        added = await store.add(EVENTS, Event(key=text, kind="filter", reference=reference), by=BY, why=WHY)
        assert [added] == await store.find(ask.keyed(EVENTS, text))
        assert [[added], [added]] == await store.gather(ask.keyed(EVENTS, text), ask.about(EVENTS, reference))

    async def test_a_hostile_value_finds_nothing(self, store: Store) -> None:
        """A value that is shaped like a filter is looked for as a text."""
        await store.add(MEMBERS, Member(key="hostile", user_id="someone", name="S"), by=BY, why=WHY)
        assert await store.find(ask.member("x' or UserId ne 'x")) == []
        assert await store.find(ask.member("x') or (1 eq 1")) == []
        assert len(await store.find(ask.member("someone"))) == 1


class TestChanging:
    """A change is written whole, from the state it was decided on, with who and why."""

    async def test_only_what_differs_is_written(self, server: EmbeddedServer, store: Store) -> None:
        """A column that somebody else filled meanwhile with the same ETag's state is not touched; the story is told."""
        added = await store.add(REFERRALS, replace(WHOLE, key="differs"), by="Ada", why="made")
        server.forget_requests()
        after = replace(added, urgency=Urgency.ROUTINE, contact="none")
        changed = await store.change(REFERRALS, added, after, by="Bo", why="less urgent")
        assert changed == replace(after, etag=changed.etag)
        assert changed.etag != added.etag
        first, second = versions(server, REFERRALS, added.id)
        differing = {name for name in second if second[name] != first.get(name)} - _VERSION_KEEPING
        assert differing == {"Urgency", "Contact", "ChangedBy", "ChangeReason", "WriteMark"}
        assert (second["ChangedBy"], second["ChangeReason"]) == ("Bo", "less urgent")
        assert (first["ChangedBy"], first["ChangeReason"]) == ("Ada", "made")

    async def test_what_is_sent_is_no_more_than_what_differs(self, server: EmbeddedServer, store: Store) -> None:
        """A value by hand that reads as the same record is left as it stands, for only differences are sent."""
        row = server.post(path_of(MEMBERS), {"UserId": "U-9", "Roles": "chair, King", "MemberName": "Old"})
        old = await store.read(MEMBERS, row["Id"])
        assert old.roles == frozenset({Role.CHAIR})
        await store.change(MEMBERS, old, replace(old, name="New"), by=BY, why=WHY)
        assert server.get(path_of(MEMBERS, row["Id"]))["Roles"] == "chair, King"

    async def test_nothing_different_is_no_request(self, server: EmbeddedServer, store: Store) -> None:
        """Writing a record over itself costs nothing and makes no version."""
        added = await store.add(EVENTS, Event(key="same", kind="x"), by=BY, why=WHY)
        before = store.site.requests_made
        assert await store.change(EVENTS, added, replace(added), by="Other", why="none") is added
        assert store.site.requests_made == before
        assert len(versions(server, EVENTS, added.id)) == 1

    async def test_every_change_says_who_and_why_even_twice_the_same(
        self, server: EmbeddedServer, store: Store
    ) -> None:
        """Two changes by one person for one reason both carry it in their version."""
        state = await store.add(EVENTS, Event(key="twice", kind="x"), by="Ada", why="made")
        for value in ("one", "two"):
            state = await store.change(EVENTS, state, replace(state, value=value), by="Bo", why="again")
        told = [(row["ChangedBy"], row["ChangeReason"], row["Value"]) for row in versions(server, EVENTS, state.id)]
        assert told == [("Ada", "made", None), ("Bo", "again", "one"), ("Bo", "again", "two")]

    async def test_a_change_from_an_old_state_is_a_conflict(self, store: Store) -> None:
        """Whoever decided on an old state is told, and what came first stands."""
        added = await store.add(EVENTS, Event(key="stale", kind="x"), by=BY, why=WHY)
        theirs = await store.change(EVENTS, added, replace(added, value="theirs"), by=BY, why=WHY)
        with pytest.raises(Conflict):
            await store.change(EVENTS, added, replace(added, value="ours"), by=BY, why=WHY)
        assert theirs == await store.read(EVENTS, added.id)

    async def test_a_state_without_an_etag_changes_nothing(self, store: Store) -> None:
        """Without knowing what is there, nothing is written over it."""
        added = await store.add(EVENTS, Event(key="blind", kind="x"), by=BY, why=WHY)
        blind = replace(added, etag="")
        with pytest.raises(Conflict):
            await store.change(EVENTS, blind, replace(blind, value="blind"), by=BY, why=WHY)
        assert added == await store.read(EVENTS, added.id)

    async def test_a_cleared_value_is_cleared(self, store: Store) -> None:
        """A date or text that is taken away is blank afterwards."""
        agency = Agency(key="clear", code="C", name="C", isa_signed_on=date(2026, 1, 1), spoc="someone")
        added = await store.add(AGENCIES, agency, by=BY, why=WHY)
        await store.change(AGENCIES, added, replace(added, isa_signed_on=None, spoc=""), by=BY, why=WHY)
        read = await store.read(AGENCIES, added.id)
        assert (read.isa_signed_on, read.spoc) == (None, "")

    async def test_a_row_that_is_gone_is_not_found(self, server: EmbeddedServer, store: Store) -> None:
        """Reading or changing a deleted row says so."""
        added = await store.add(EVENTS, Event(key="gone", kind="x"), by=BY, why=WHY)
        server.delete(path_of(EVENTS, added.id))
        with pytest.raises(NotFound):
            await store.read(EVENTS, added.id)
        with pytest.raises(NotFound):
            await store.change(EVENTS, added, replace(added, value="y"), by=BY, why=WHY)


_VERSION_KEEPING = {
    "Modified",
    "Created",
    "VersionId",
    "VersionLabel",
    "IsCurrentVersion",
    "OData__x005f_UIVersionString",
}


class TestLimits:
    """A single line holds 255 UTF-16 units; SharePoint refuses more, and so the bot must know."""

    async def test_255_fit_and_256_do_not(self, store: Store) -> None:
        """The last length that fits is kept whole; one more is refused, and says nothing of the text."""
        await store.add(SUBJECTS, Subject(key="fits", name="n" * 255), by=BY, why=WHY)
        with pytest.raises(StoreRefused) as refused:
            await store.add(SUBJECTS, Subject(key="long", name="n" * 256), by=BY, why=WHY)
        assert "nnn" not in str(refused.value)
        assert await store.find(ask.keyed(SUBJECTS, "long")) == []

    async def test_a_long_name_or_reason_of_a_change_is_cut(self, server: EmbeddedServer, store: Store) -> None:
        """Who, why and the title may be longer than a line and never stand in the way of the write."""
        for key, letter in (("cut", "w"), ("cut emoji", "🙂")):
            event = Event(key=key, kind="k" * 255)
            added = await store.add(EVENTS, event, by=letter * 300, why=letter * 300)
            row = server.get(path_of(EVENTS, added.id))
            assert row["ChangedBy"] == row["ChangeReason"]
            assert set(row["ChangedBy"]) == {letter}
            assert len(row["ChangedBy"].encode("utf-16-le")) // 2 > 250

    async def test_notes_are_as_long_as_they_are(self, store: Store) -> None:
        """A paragraph column keeps tens of thousands of characters."""
        given = Return(key="note", agency="A", answer="x", information="i" * 60000)
        added = await store.add(RETURNS, given, by=BY, why="")
        assert len((await store.read(RETURNS, added.id)).information) == 60000


class TestRowsByHand:
    """People edit lists in SharePoint itself; whatever they leave must still read."""

    async def test_an_empty_row_of_every_list_reads(self, server: EmbeddedServer, store: Store) -> None:
        """A row of which nothing is filled in reads as a record that is open."""
        for of in LISTS:
            row = server.post(path_of(of), {"Title": "typed"})
            record = await store.read(of, row["Id"])
            assert record.open
            assert record.key == record.reference == ""

    async def test_wrong_words_read_as_they_are_or_as_nothing(self, server: EmbeddedServer, store: Store) -> None:
        """Codes in small letters, unknown roles, choices nobody offers and blank dates do not break the row."""
        row = server.post(
            path_of(REFERRALS),
            {"Asked": " mht,, asc ;", "Concern": "Something else", "Urgency": "ASAP", "Status": "Done", "Open": None,
             "Indicators": "\n a \n\nb", "ReceivedOn": None, "Reference": "r 14", "Key": None},
        )  # fmt: skip
        read = await store.read(REFERRALS, row["Id"])
        assert read.asked == frozenset({"MHT", "ASC"})
        assert (read.concern, read.urgency, read.status) == ("Something else", "ASAP", "Done")
        assert read.indicators == ("a", "b")
        assert (read.received_on, read.open, read.key) == (None, True, "")
        member = server.post(path_of(MEMBERS), {"Roles": "boss; chair", "UserId": "ABC"})
        assert (await store.read(MEMBERS, member["Id"])).roles == frozenset({Role.CHAIR})
        post = server.post(path_of(POSTS), {"Attempts": 2.7})
        assert (await store.read(POSTS, post["Id"])).attempts == 2

    async def test_a_typed_row_says_who_typed_it(self, server: EmbeddedServer, store: Store) -> None:
        """What SharePoint keeps of a row: its title, its author and when it was made."""
        row = server.post(path_of(REFERRALS), {"Title": "  Somebody's name "})
        typed = await store.typed_row(REFERRALS, row["Id"])
        assert typed.title == "Somebody's name"
        assert typed.author == "SharePoint App"
        assert typed.created is not None
        assert abs((datetime.now(UTC) - typed.created).total_seconds()) < 60


class TestReadingMany:
    """Several lists in one request, and long lists a page at a time."""

    async def test_seven_lists_are_one_request(self, server: EmbeddedServer, store: Store) -> None:
        """gather reads any number of lists in one request, each as its own records."""
        await store.add(EVENTS, Event(key="gather", kind="x"), by=BY, why=WHY)
        before = store.site.requests_made
        asked = [ask.open_rows(of) for of in (MEMBERS, AGENCIES, FORUMS, POSTS, RETURNS, SUBJECTS)]
        found = await store.gather(*asked, ask.keyed(EVENTS, "gather"))
        assert store.site.requests_made == before + 1
        assert [row.key for row in found[-1]] == ["gather"]
        kinds = (Member, Agency, Forum, Post, Return, Subject, Event)
        assert all(isinstance(row, kind) for rows, kind in zip(found, kinds, strict=True) for row in rows)

    async def test_pages_follow_the_link(self, server: EmbeddedServer, store: Store) -> None:
        """A query is read to its end over more than two pages, each row once and in order, filter and all."""
        keys = [f"page'&{n:02}" for n in range(23)]
        server.batch([("POST", path_of(EVENTS), {"Key": key, "Reference": "paged"}) for key in keys])
        query = ask.Query(EVENTS, "Reference eq 'paged'", order="Id", top=5)
        pages = [[event.key for event in page] async for page in store.pages(query)]
        assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
        assert [key for page in pages for key in page] == keys

    async def test_an_empty_list_is_one_empty_page(self, store: Store) -> None:
        """Nothing found is one page with nothing in it."""
        query = ask.Query(EVENTS, "Reference eq 'nowhere'", top=5)
        assert [page async for page in store.pages(query)] == [[]]

    async def test_rows_by_their_numbers(self, server: EmbeddedServer, store: Store) -> None:
        """Rows named by number are read in one request, in that order; one that is gone is left out."""
        made = [await store.add(EVENTS, Event(key=f"rows:{n}", kind="x"), by=BY, why=WHY) for n in range(4)]
        server.delete(path_of(EVENTS, made[1].id))
        before = store.site.requests_made
        assert await store.rows(EVENTS, [made[3].id, made[0].id, made[1].id]) == [made[0], made[3]]
        assert store.site.requests_made == before + 1
        assert await store.rows(EVENTS, []) == []
        assert store.site.requests_made == before + 1

    async def test_selected_columns_leave_the_rest_unread(self, store: Store) -> None:
        """A query for a referral's face brings none of what people wrote."""
        added = await store.add(REFERRALS, replace(WHOLE, key="face", reference="R-face"), by=BY, why=WHY)
        (found,) = await store.find(ask.numbered(REFERRALS, added.id, select=ask.FACE))
        assert (found.urgency, found.asked, found.etag) == (added.urgency, added.asked, added.etag)
        assert found.why_now == found.asked_for == found.contact == found.referrer_name == ""

    async def test_a_turn_shares_its_seconds(self, server: EmbeddedServer, site: SharePoint) -> None:
        """All that one person's turn asks shares one patience, and is counted."""
        server.fault(latency=0.25)
        store = Store(site)
        with one_turn(5) as spent:
            await store.find(ask.keyed(EVENTS, "none"))
            await store.find(ask.keyed(EVENTS, "none"))
        assert spent.requests == 2
        with one_turn(0.4):
            await store.find(ask.keyed(EVENTS, "none"))
            with pytest.raises(StoreBusy):
                await store.find(ask.keyed(EVENTS, "none"))


def from_blanks(of: ListOf[Any], key: str) -> Any:
    """A record of a list with nothing filled in but its key."""
    blanks = {column.attribute: column.read(None) for column in of.mapped}
    return of.record(**blanks | {"key": key})


MANY = 5_200
"""Rows of every list in the long site: over the threshold of 5,000."""


NEW: dict[str, dict[str, str]] = {
    "Members": {"UserId": "someone"},
    "Actions": {"OwnerUserId": "someone", "ClosedOn": "2026-06-01T00:00:00Z"},
    "Meetings": {"Forum": "MHRMB"},
    "Risks": {"ReviewOn": "2026-12-01T12:00:00Z"},
}
"""What the one open row of a list holds, for the questions that ask for it."""


@pytest.fixture(scope="module")
def long_site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A site whose every list holds MANY closed rows and one open one, copied row by row in SQLite from a real one."""
    data = tmp_path_factory.mktemp("long")
    copytree(template, data, dirs_exist_ok=True)
    server = EmbeddedServer(data).start()
    try:
        for of in LISTS:
            server.post(path_of(of), {"Title": "old", "Open": False, "Key": "k-0", "Reference": "R-0"})
        server.stop()
        _multiply(data / "sharepoint.db")
        server.start()
        for of in LISTS:
            server.post(path_of(of), {"Title": "new", "Key": "new", "Reference": "R-9999", **NEW.get(of.name, {})})
        yield server
    finally:
        server.stop()


def _multiply(path: Path) -> None:
    """Copy the one row of every list until there are MANY, each with a key and a reference of its own."""
    database = sqlite3.connect(path)
    for no, title in database.execute("SELECT no, title FROM lists").fetchall():
        sql = dict(database.execute("SELECT name, sql FROM fields WHERE list_no = ?", (no,)).fetchall())
        if "Key" not in sql:
            continue
        table = _table_of(database, sql["Key"], no)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        own = {
            "guid": "lower(hex(randomblob(16)))",
            sql["Key"]: "'k-' || n",
            sql["Reference"]: "'R-' || n",
        }
        picked = ", ".join(own.get(column, column) for column in columns)
        database.execute(
            f"WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < {MANY - 1}) "
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table}, counting"
        )
        total = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        assert total == MANY, title
        database.execute("UPDATE lists SET item_count = ? WHERE no = ?", (total, no))
    database.commit()
    database.close()


def _table_of(database: sqlite3.Connection, column: str, no: int) -> str:
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        names = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        if column in names and table.endswith(str(no)):
            return str(table)
    raise AssertionError(f"no table for list {no}")


@pytest.fixture
async def long_store(long_site: EmbeddedServer) -> AsyncIterator[Store]:
    opened = client(long_site)
    yield Store(opened, within=20)
    await opened.close()


SOMEBODY = Subject(name="x", nhs_number="9434765870", pnc_id="2014/0123456D", date_of_birth=date(1984, 3, 17))

QUESTIONS: dict[str, list[tuple[ask.Query, int]]] = {
    "open_rows": [(ask.open_rows(of), 1) for of in LISTS],
    "newest_open_referrals": [(ask.newest_open_referrals(), 1)],
    "member": [(ask.member("someone"), 1), (ask.member("nobody"), 0)],
    "risks_due": [(ask.risks_due(date(2026, 11, 30)), 0), (ask.risks_due(date(2026, 12, 1)), 1)],
    "open_actions": [(ask.open_actions(), 1)],
    "measures": [(ask.measures(), 1)],
    "figures_of": [(ask.figures_of("2026-10"), 0)],
    "of_programme": [(ask.of_programme("nobody's"), 0)],
    "owned_actions": [(ask.owned_actions("someone"), 1), (ask.owned_actions("nobody"), 0)],
    "actions_closed_since": [(ask.actions_closed_since(datetime(2026, 1, 1, tzinfo=UTC)), 1)],
    "numbered": [(ask.numbered(of, 17), 1) for of in LISTS],
    "about": [(ask.about(of, "R-17"), 1) for of in LISTS],
    "unnumbered": [(ask.unnumbered(of), 0) for of in LISTS],
    "undelivered_since": [(ask.undelivered_since(datetime(2026, 1, 1, tzinfo=UTC)), 0)],
    "joining": [(ask.joining(), 0)],
    "papers_filed": [(ask.papers_filed("pack"), 0)],
    "keyed_below": [(ask.keyed_below(EVENTS, "nobody's/"), 0)],
    "alike": [(query, 0) for query in ask.alike(SOMEBODY)],
    "looks": [(ask.looks("R-17"), 0)],
    "keyed": [(ask.keyed(of, "k-17"), 1) for of in LISTS],
    "restricted_referrals": [(ask.restricted_referrals(), 0)],
    "plans_of": [(ask.plans_of("R-17"), 0)],
    "signed_of": [(ask.signed_of("R-17"), 0)],
    "newest_disclosures": [(ask.newest_disclosures(), ask.MOST)],
    "actions_of": [(ask.actions_of("R-17"), 0)],
    "reports_of": [(ask.reports_of("R-17"), 0)],
    "disclosures_about": [(ask.disclosures_about("R-17"), 1)],
    "disclosures_of": [(ask.disclosures_of("nobody", None), 0), (ask.disclosures_of("nobody", date(2026, 1, 1)), 0)],
    "sources": [(ask.sources(), ask.MOST)],
    "sealings": [(ask.sealings(), 0), (ask.sealings(1), 0)],
    "records_due": [(ask.records_due(date(2026, 1, 1)), 0)],
    "records_at": [(ask.records_at("Dispose"), 0)],
    "for_the_list": [(ask.for_the_list(), 1)],
    "boards_since": [(ask.boards_since(date(2299, 1, 1)), 0)],
    "agenda_items": [(ask.agenda_items(), 0)],
    "items_of": [(ask.items_of("B-17"), 0)],
    "raised_since": [(ask.raised_since(LESSONS, datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "disseminated_since": [(ask.disseminated_since(datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "withdrawn_since": [(ask.withdrawn_since(datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "newest_lessons": [(ask.newest_lessons(), 1)],
    "actions_due_between": [(ask.actions_due_between(date(2199, 1, 1), date(2199, 1, 31)), 0)],
    "meetings_since": [(ask.meetings_since(date(2199, 1, 1)), 0)],
    "hearings_of": [(ask.hearings_of("S-17"), 0)],
    "hearings_since": [(ask.hearings_since(datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "referrals_closed_since": [(ask.referrals_closed_since(datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "plans_agreed_since": [(ask.plans_agreed_since(datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "plans_expired_between": [(ask.plans_expired_between(date(2199, 1, 1), date(2199, 1, 31)), 0)],
    "items_since": [(ask.items_since(AGENDA_ITEMS, datetime(2199, 1, 1, tzinfo=UTC)), 0)],
    "disclosures_between": [(ask.disclosures_between(date(2199, 1, 1), date(2199, 1, 31)), 0)],
}
"""Every question the product asks, with how many rows of the long site answer it."""


class TestLongLists:
    """SharePoint refuses a query that touches more than 5,000 rows, so no working query may."""

    def test_every_question_is_asked_here(self) -> None:
        """A query added to sharepoint/queries.py has to be added here as well."""
        made = {
            name
            for name, one in inspect.getmembers(ask, inspect.isfunction)
            if one.__module__ == ask.__name__ and one.__annotations__.get("return") in ("Query", "list[Query]")
        }
        assert made == set(QUESTIONS)

    def test_every_attribute_asked_for_is_a_column(self) -> None:
        """A misspelt attribute in a query's selection would read as blank for ever; none is there."""
        for query, _ in (one for asked in QUESTIONS.values() for one in asked):
            assert set(query.select) <= {column.attribute for column in query.of.mapped} | {"chain"}
        assert set(ask.FACE) <= {column.attribute for column in REFERRALS.mapped}

    def test_every_row_is_read_with_its_forum(self) -> None:
        """A row read without it would be taken for the first board's: left out of its own, and shown to another."""
        for query, _ in (one for asked in QUESTIONS.values() for one in asked):
            column = next((each.name for each in query.of.mapped if each.attribute == "forum"), "")
            if column and query.select:
                assert column in parse_qs(urlsplit(query.path).query)["$select"][0].split(","), query.path

    @pytest.mark.parametrize("name", QUESTIONS)
    async def test_a_question_is_answered_on_a_long_list(self, long_store: Store, name: str) -> None:
        """Each query of the product is answered with the right rows on lists of more than 5,000."""
        for query, expected in QUESTIONS[name]:
            assert len(await long_store.find(query)) == expected, f"{query.of.name}: {query.filter}"

    @pytest.mark.parametrize(
        "query",
        [
            ask.Query(REFERRALS, "Contact eq 'x'"),
            ask.Query(REFERRALS, "Open eq 0"),
            ask.Query(REFERRALS, "Open eq 0 and Key eq 'k-17'"),
            ask.Query(REFERRALS, order="Contact"),
        ],
        ids=lambda query: query.filter or query.order,
    )
    async def test_a_wide_or_unindexed_question_is_refused(self, long_store: Store, query: ask.Query) -> None:
        """The threshold is really there: without an index, or with a wide leading condition, a person must act."""
        with pytest.raises(StoreRefused) as refused:
            await long_store.find(query)
        assert "SPQueryThrottledException" in refused.value.code

    async def test_old_and_new_rows_are_read_by_number(self, long_store: Store) -> None:
        """Rows far apart, or old ones of a long list, are read by their numbers: a hundred a request."""
        wanted = [1, 17, 2600, MANY]
        assert [row.id for row in await long_store.rows(REFERRALS, wanted)] == wanted
        before = long_store.site.requests_made
        assert len(await long_store.rows(REFERRALS, range(1, 251))) == 250
        assert long_store.site.requests_made == before + 3

    async def test_everything_can_be_paged_through(self, long_store: Store) -> None:
        """Reading all referrals by id, as after a lost change token, meets no threshold and misses no row."""
        pages = long_store.pages(ask.Query(REFERRALS, order="Id", top=2000))
        numbers = [row.id async for page in pages for row in page]
        assert numbers == list(range(1, MANY + 2))

    async def test_writing_to_a_long_list_works(self, long_store: Store) -> None:
        """A record is added, found by its key, numbered and changed whatever the length of its list."""
        added, new = await long_store.add_once(REFERRALS, Referral(key="late", agency="POL"), by=BY, why=WHY)
        again, new_again = await long_store.add_once(REFERRALS, Referral(key="late", agency="POL"), by=BY, why=WHY)
        assert (new, new_again) == (True, False)
        assert (await long_store.number(REFERRALS, again, by=BY)).reference == f"R-{added.id}"


def test_the_records_say_what_the_tests_rely_on() -> None:
    """Every list's record is a Stored, and the answers a return may hold are words."""
    assert all(issubclass(of.record, Stored) for of in LISTS)
    assert Answer.KNOWN in tuple(Answer)


@pytest.mark.parametrize("of", LISTS, ids=lambda of: of.name)
def test_a_record_is_made_as_its_class_makes_it(of: ListOf[Any]) -> None:
    """What an item is read into equals, attribute by attribute, what the record's own constructor gives."""
    item = {"Id": 7, "odata.etag": '"a,2"', "Reference": "X-7", "Key": "k", "Open": False}
    blanks = {column.attribute: column.read(None) for column in of.mapped}
    built = of.record(**blanks | {"id": 7, "etag": '"a,2"', "reference": "X-7", "key": "k", "open": False})
    read = from_item(of, item)
    assert type(read) is of.record
    assert {each.name: getattr(read, each.name) for each in fields(read)} == {
        each.name: getattr(built, each.name) for each in fields(built)
    }
    assert hash(read) == hash(built)

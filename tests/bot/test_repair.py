"""Rows typed by hand, or broken off half way, are completed so that they work like any other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from board.records import Referral, Subject
from board.vocabulary import Status
from bot.directory import Directory
from bot.house import BOT
from bot.repair import Repair
from sharepoint import queries as ask
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy
from sharepoint.schema import REFERRALS, SUBJECTS, ListOf
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import path_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def agencies(server: EmbeddedServer) -> None:
    """Three open agencies and a closed one, all of the default forum."""
    for code in ("POL", "MHT", "ASC"):
        server.post("web/lists/getByTitle('Agencies')/items", {"Agency": code, "AgencyName": code})
    server.post("web/lists/getByTitle('Agencies')/items", {"Agency": "OLD", "AgencyName": "Old", "Open": False})


@pytest.fixture
def repair(store: Store) -> Repair:
    """A repair whose clock stands still."""
    return Repair(store, Directory(store), lambda: NOW)


def typed(server: EmbeddedServer, of: ListOf[Any] = REFERRALS, **values: Any) -> int:
    """A row as somebody types it into SharePoint."""
    return int(server.post(path_of(of), values)["Id"])


async def test_a_row_with_only_a_title_is_completed(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """It gets what every referral has, says who typed it, and tells in its versions what was done to it."""
    row = typed(server, Title="Zebedee Planted")
    assert await repair.referrals([row]) == {f"R-{row}"}
    found = await store.read(REFERRALS, row)
    assert (found.reference, found.key, found.open) == (f"R-{row}", f"row:R-{row}", True)
    assert (found.status, found.forum) == (Status.RECEIVED, "MHRMB")
    assert found.asked == frozenset({"POL", "MHT", "ASC"})
    assert found.received_on is not None
    assert abs((datetime.now(UTC) - found.received_on).total_seconds()) < 60
    assert found.referrer_name == "SharePoint App"
    item = server.get(path_of(REFERRALS, row))
    assert (item["ChangedBy"], item["ChangeReason"]) == (BOT, "completed a row typed into the list")


async def test_a_name_in_the_title_moves_where_names_belong(
    server: EmbeddedServer, store: Store, repair: Repair
) -> None:
    """What was typed into Title is in Subjects afterwards, under the reference, and no longer in Title."""
    row = typed(server, Title="  Zebedee O'Planted ")
    await repair.referrals([row])
    assert server.get(path_of(REFERRALS, row))["Title"] == f"R-{row}"
    (person,) = await store.find(ask.about(SUBJECTS, f"R-{row}"))
    assert (person.name, person.key) == ("Zebedee O'Planted", f"row:R-{row}-title")
    assert person.role == "Subject"
    subject = server.get(path_of(SUBJECTS, person.id))
    assert "Planted" not in subject["Title"]
    assert "Planted" not in subject["ChangeReason"]


async def test_a_name_goes_even_when_the_reference_was_typed_right(
    server: EmbeddedServer, store: Store, repair: Repair
) -> None:
    """Somebody who knows how references are made and types one still must not leave a name in Title."""
    guess = typed(server, Title="x") + 1
    row = typed(server, Title="Zebedee Planted", Reference=f"R-{guess}")
    assert row == guess
    await repair.referrals([row])
    assert server.get(path_of(REFERRALS, row))["Title"] == f"R-{row}"
    assert [person.name for person in await store.find(ask.about(SUBJECTS, f"R-{row}"))] == ["Zebedee Planted"]


async def test_a_row_without_a_title_makes_no_subject(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """An empty title, or one that is the reference already, is nobody's name."""
    blank = typed(server, WhyNow="something")
    await repair.referrals([blank])
    named = typed(server, Title=f"R-{blank + 1}")
    assert named == blank + 1
    await repair.referrals([named])
    for row in (blank, named):
        assert await store.find(ask.about(SUBJECTS, f"R-{row}")) == []


async def test_what_was_typed_is_kept(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """Only what is missing is filled in; the agency that refers is not asked."""
    row = typed(
        server,
        Agency="POL",
        Urgency="As soon as you can",
        Forum="SUB",
        Status="Withdrawn",
        ReceivedOn="2026-01-05T10:00:00Z",
        ReferrerName="Bo",
        Reference="R-1",
        Concern="Fire setting",
    )
    await repair.referrals([row])
    found = await store.read(REFERRALS, row)
    assert (found.urgency, found.forum, found.status) == ("As soon as you can", "SUB", "Withdrawn")
    assert (found.referrer_name, found.concern) == ("Bo", "Fire setting")
    assert found.received_on == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert found.reference == f"R-{row}", "a reference is the row's own number, whatever was typed"
    assert found.asked == frozenset({"MHT", "ASC"})


async def test_repairing_again_changes_nothing(server: EmbeddedServer, site: SharePoint, repair: Repair) -> None:
    """A row that is whole is only read: no write, no version, no second subject."""
    row = typed(server, Title="Zebedee Planted")
    await repair.referrals([row])
    before = len(server.get(f"{path_of(REFERRALS, row)}/versions")["value"])
    server.forget_requests()
    for _ in range(3):
        assert await repair.referrals([row]) == {f"R-{row}"}
    assert {kind.split()[0] for kind in server.requests_served()["by"]} == {"GET"}
    assert len(server.get(f"{path_of(REFERRALS, row)}/versions")["value"]) == before


async def test_a_break_half_way_is_made_good(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """Broken off between the subject and the referral, the next round finishes: one subject, no name in Title."""
    row = typed(server, Title="Zebedee Planted")
    hasty = Repair(store.patient(0.3), Directory(store), lambda: NOW)
    server.fault(status=503, match="MERGE .*Referrals")
    with pytest.raises(StoreBusy):
        await hasty.referrals([row])
    server.no_faults()
    assert len(await store.find(ask.about(SUBJECTS, f"R-{row}"))) == 1
    await repair.referrals([row])
    assert len(await store.find(ask.about(SUBJECTS, f"R-{row}"))) == 1
    assert server.get(path_of(REFERRALS, row))["Title"] == f"R-{row}"


async def test_a_row_changed_meanwhile_is_left_for_the_next_round(
    server: EmbeddedServer, store: Store, repair: Repair
) -> None:
    """Somebody still typing does not lose what they typed, and the feed brings the row again."""
    row = typed(server, WhyNow="first")
    old = await store.read(REFERRALS, row)
    server.merge(path_of(REFERRALS, row), {"WhyNow": "second"})
    assert await repair.rows([old]) == {f"R-{row}"}
    assert (await store.read(REFERRALS, row)).key == ""
    await repair.referrals([row])
    found = await store.read(REFERRALS, row)
    assert (found.why_now, found.reference) == ("second", f"R-{row}")


async def test_a_broken_off_referral_is_only_numbered(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """A referral of the bot's own that lost only its reference keeps all else, closed or not."""
    added = await store.add(REFERRALS, Referral(key="form-1", agency="POL", open=False), by="Ada", why="referred")
    await repair.referrals([added.id])
    found = await store.read(REFERRALS, added.id)
    assert (found.reference, found.key, found.open, found.asked) == (f"R-{added.id}", "form-1", False, frozenset())
    assert server.get(path_of(REFERRALS, added.id))["ChangeReason"] == "numbered by the feed"


async def test_a_subject_without_a_reference_gets_its_own(store: Store, repair: Repair) -> None:
    """A referral that broke off after its subject is found again by the key they share."""
    referral = await store.add(REFERRALS, Referral(key="form-2", agency="POL"), by="Ada", why="referred")
    subject = await store.add(SUBJECTS, Subject(key="form-2-subject", name="Zed"), by="Ada", why="referred")
    assert await repair.subjects([subject.id]) == {f"R-{referral.id}"}
    found = await store.read(SUBJECTS, subject.id)
    assert (found.reference, found.name) == (f"R-{referral.id}", "Zed")
    assert await repair.subjects([subject.id]) == set()


async def test_a_subject_of_nothing_is_left_alone(server: EmbeddedServer, store: Store, repair: Repair) -> None:
    """A subject whose referral is not there yet, or that was typed by hand, is not given to anybody."""
    orphan = await store.add(SUBJECTS, Subject(key="form-3-subject", name="Zed"), by="Ada", why="referred")
    by_hand = typed(server, SUBJECTS, Title="Zed", PersonName="Zed")
    assert await repair.subjects([orphan.id, by_hand]) == set()
    assert (await store.read(SUBJECTS, by_hand)).reference == ""


async def test_rows_far_apart_cost_one_read(server: EmbeddedServer, site: SharePoint, repair: Repair) -> None:
    """Several changed rows are read in one request, and one that was deleted meanwhile is passed over."""
    rows = [typed(server, Title="") for _ in range(4)]
    await repair.referrals(rows)
    server.delete(path_of(REFERRALS, rows[1]))
    before = site.requests_made
    assert await repair.referrals(rows) == {f"R-{row}" for row in rows if row != rows[1]}
    assert site.requests_made == before + 1
    assert await repair.referrals([]) == set()
    assert site.requests_made == before + 1

"""Our subscriptions are kept: one right one on each list followed, others' left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharepoint.client import SharePoint
from sharepoint.errors import StoreRefused
from sharepoint.schema import MEMBERS
from sharepoint.subscriptions import FOLLOWED, LASTS, RENEWED_BELOW, Subscriptions, Wanted
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client
from tests.receiver import Receiver

NAMES = {"Referrals", "Actions", "Returns", "Subjects", "Members", "Agencies", "Forums"}
NOW = datetime.now(UTC).replace(microsecond=0)
"""SharePoint minds the real time when it takes an expiry, so a test's moments are relative to it."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture(autouse=True)
def none_left(server: EmbeddedServer) -> Iterator[None]:
    """Each test begins without subscriptions."""
    yield
    for name in NAMES:
        for each in there(server, name):
            server.delete(f"{path(name)}('{each['id']}')")


def path(name: str = MEMBERS.name) -> str:
    return f"web/lists/getByTitle('{name}')/subscriptions"


def there(server: EmbeddedServer, name: str = MEMBERS.name) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get(path(name))["value"]
    return found


def add(server: EmbeddedServer, url: str, state: str | None, days: float = 30, token: str = "") -> str:
    """A subscription that is there already."""
    expires = f"{NOW + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    body = {"resource": "x", "notificationUrl": url, "expirationDateTime": expires, "clientState": state or ""}
    response = server.call("POST", path(), body, token=token)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def keep(site: SharePoint, receiver: Receiver, now: datetime = NOW, state: str = "secret") -> frozenset[str]:
    return await Subscriptions(site).keep(Wanted(receiver.url, state, now), within=20)


def test_every_list_that_is_followed() -> None:
    """The lists whose changes the bot acts on, by name."""
    assert {of.name for of in FOLLOWED} == NAMES
    assert timedelta(days=30) < RENEWED_BELOW < LASTS < timedelta(days=180)


async def test_each_list_gets_one(server: EmbeddedServer, site: SharePoint, receiver: Receiver) -> None:
    """With our address and secret, for 170 days; the ids are told."""
    ids = await keep(site, receiver)
    found = {name: there(server, name) for name in NAMES}
    assert {each["id"] for rows in found.values() for each in rows} == ids
    assert {len(rows) for rows in found.values()} == {1}
    (one,) = found["Members"]
    assert (one["notificationUrl"], one["clientState"]) == (receiver.url, "secret")
    assert one["expirationDateTime"] == f"{NOW + timedelta(days=170):%Y-%m-%dT%H:%M:%SZ}"
    assert len(receiver.handshakes) == 7


async def test_when_all_is_well_it_is_one_request(server: EmbeddedServer, site: SharePoint, receiver: Receiver) -> None:
    """A check that finds nothing to do changes nothing."""
    ids = await keep(site, receiver)
    before = site.requests_made
    assert await keep(site, receiver) == ids
    assert site.requests_made == before + 1


@pytest.mark.parametrize(
    ("left", "renewed"), [(100, False), (91, False), (89, True), (1, True)], ids=["100", "91", "89", "1"]
)
async def test_it_is_renewed_well_before_it_lapses(
    server: EmbeddedServer, site: SharePoint, receiver: Receiver, left: int, renewed: bool
) -> None:
    """Under 90 days before its end it is given 170 again; it stays the same subscription."""
    made = add(server, receiver.url, "secret", days=left)
    await keep(site, receiver)
    (one,) = there(server)
    assert one["id"] == made
    days = 170 if renewed else left
    assert one["expirationDateTime"] == f"{NOW + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


async def test_half_a_year_goes_by(server: EmbeddedServer, site: SharePoint, receiver: Receiver) -> None:
    """With a check a day there is never a day without a subscription that is good for another three months."""
    begun = NOW - timedelta(days=160)
    for day in range(0, 161, 20):
        now = begun + timedelta(days=day)
        await keep(site, receiver, now)
        (one,) = there(server)
        left = datetime.fromisoformat(one["expirationDateTime"]) - now
        assert left >= timedelta(days=90)


async def test_ones_of_ours_too_many_are_removed(server: EmbeddedServer, site: SharePoint, receiver: Receiver) -> None:
    """Of two that point to us one stays; one with our secret that points to an old address goes."""
    with Receiver() as old:
        ours = [add(server, receiver.url, "secret", days=days) for days in (40, 120, 50)]
        add(server, old.url, "secret")
        await keep(site, receiver)
    assert [each["id"] for each in there(server)] == [ours[1]], "the one that needed nothing"


async def test_foreign_ones_are_left_alone(server: EmbeddedServer, site: SharePoint, receiver: Receiver) -> None:
    """Another product's subscription stays as it is, with another secret or with none."""
    with Receiver() as other:
        foreign = [add(server, other.url, "theirs"), add(server, other.url, None)]
        before = there(server)
        await keep(site, receiver)
    assert [each for each in there(server) if each["id"] in foreign] == before
    assert len(there(server)) == 3


async def test_one_that_points_to_us_gets_the_secret(
    server: EmbeddedServer, site: SharePoint, receiver: Receiver
) -> None:
    """After the secret was lost and made anew, what points to us carries the new one."""
    made = add(server, receiver.url, "lost", days=120)
    await keep(site, receiver)
    (one,) = there(server)
    assert (one["id"], one["clientState"]) == (made, "secret")


async def test_one_of_another_app_at_our_address_is_left(
    server: EmbeddedServer, site: SharePoint, receiver: Receiver
) -> None:
    """Only its maker may change a subscription: one we may not change does not keep us from having our own."""
    group = server.get("web/associatedmembergroup")["Id"]
    roles = (
        f"web/lists/getByTitle('Members')/roleassignments/addroleassignment(principalid={group},roledefid=1073741827)"
    )
    server.post(roles)
    try:
        theirs = add(server, receiver.url, "theirs", token=MEMBER)
        await keep(site, receiver)
        states = {each["id"]: each["clientState"] for each in there(server)}
        assert states.pop(theirs) == "theirs"
        assert list(states.values()) == ["secret"]
    finally:
        for each in there(server):
            server.call("DELETE", f"{path()}('{each['id']}')", token=MEMBER)
        server.post(roles.replace("addrole", "removerole"))


@pytest.mark.parametrize("manner", ["wrong token", "status 500"])
async def test_an_address_that_does_not_answer_is_refused(
    server: EmbeddedServer, site: SharePoint, receiver: Receiver, manner: str
) -> None:
    """The refusal names SharePoint's code and neither the secret nor the address."""
    receiver.manner = manner
    with pytest.raises(StoreRefused) as refused:
        await keep(site, receiver, state="planted-secret")
    assert refused.value.code == "-1, System.InvalidOperationException"
    assert "planted-secret" not in str(refused.value)
    assert there(server) == []


async def test_a_missing_right_is_refused(server: EmbeddedServer, receiver: Receiver) -> None:
    """Whoever may not manage the lists is told so, and nothing was made."""
    member = client(server, MEMBER)
    try:
        with pytest.raises(StoreRefused) as refused:
            await keep(member, receiver)
    finally:
        await member.close()
    assert refused.value.status == 403
    assert receiver.handshakes == []

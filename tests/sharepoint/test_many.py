"""Many rows at once: a hundred to a request, each part read, and nothing doubled whatever SharePoint does."""

from __future__ import annotations

import pytest

from board.actions import Action
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy, StoreRefused
from sharepoint.many import Many, Row
from sharepoint.schema import ACTIONS
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer


def rows(name: str, count: int, what: str = "Ring them") -> list[Row[Action]]:
    """So many new actions with keys of their own."""
    return [Row(Action(key=f"{name}:{n}", what=f"{what} {n}", owner_name="Cy Nurse"), f"row {n}") for n in range(count)]


def many(store: Store, within: float = 30.0) -> Many[Action]:
    """The actions of the module's site in bulk."""
    return Many(store, ACTIONS, by="A test", within=within)


async def added(store: Store, some: list[Row[Action]], within: float = 30.0) -> list[Action]:
    """Add rows and number them, as the importer does; what is in the list afterwards under their keys."""
    bulk = many(store, within)
    async for batch in bulk.add(some):
        await bulk.number(batch)
    return list((await many(store).by_keys(row.record.key for row in some)).values())


async def test_two_hundred_and_fifty_rows(store: Store, server: EmbeddedServer) -> None:
    """They are there with their references and reasons, in a request for each hundred and one for their numbers."""
    server.forget_requests()
    found = await added(store, rows("plain", 250))
    assert sorted(found, key=lambda a: a.id) == [
        a for a in sorted(found, key=lambda a: a.id) if a.reference == f"A-{a.id}"
    ]
    assert len(found) == 250
    counted = server.requests_served()
    assert counted["total"] == 9 + 1, (
        "three batches of adds, three of numbers, three reads of this test, one form digest"
    )
    versions = server.get(f"web/lists/getByTitle('Actions')/items({found[0].id})/versions")["value"]
    assert [(v["ChangeReason"], v["ChangedBy"]) for v in versions][-1][1] == "A test"
    assert {v["ChangeReason"] for v in versions} == {"numbered", f"row {found[0].key.split(':')[1]}"}


async def test_the_same_rows_again(store: Store) -> None:
    """Keys that are there are no failure: the rows are given as they are, and none is added or changed."""
    first = await added(store, rows("again", 30))
    second = await added(store, rows("again", 40, what="Other words"))
    assert len(second) == 40
    kept = {row.key: row for row in second}
    assert all(kept[row.key] == row for row in first)


async def test_rows_that_broke_off_before_their_number(store: Store) -> None:
    """Adding them again gives them their references."""
    async for _ in many(store).add(rows("halfway", 5)):
        pass
    found = await many(store).by_keys(f"halfway:{n}" for n in range(5))
    assert {row.reference for row in found.values()} == {""}
    assert {row.reference for row in await added(store, rows("halfway", 5))} == {
        f"A-{row.id}" for row in found.values()
    }


async def test_a_row_changed_before_it_was_numbered(store: Store) -> None:
    """Whoever changed it meanwhile is not written over."""
    (made,) = [row async for batch in many(store).add(rows("changed", 1)) for row in batch]
    (fresh,) = await store.find(ask.keyed(ACTIONS, made.key))
    numbered = await store.number(ACTIONS, fresh, by="Another")
    await many(store).number([made])
    assert await store.read(ACTIONS, made.id) == numbered


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503, "retry_after": 0.1, "count": 2},
        {"status": 429, "retry_after": 0.1, "count": 2},
        {"status": "drop", "count": 1},
        {"status": "drop", "after": True, "count": 2},
        {"status": 502, "after": True, "count": 2},
    ],
    ids=["503", "429", "dropped", "dropped after it was done", "502 after it was done"],
)
async def test_trouble_on_the_way(store: Store, server: EmbeddedServer, fault: dict[str, object]) -> None:
    """A batch whose answer is lost is sent again, and what it did is found by its keys: every row once."""
    name = "-".join(str(value) for value in fault.values())
    server.fault(match="batch", **fault)
    found = await added(store, rows(name, 120))
    assert sorted(row.key for row in found) == sorted(row.record.key for row in rows(name, 120))
    assert all(row.reference == f"A-{row.id}" for row in found)


async def test_busy_parts_are_asked_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a batch whose parts were throttled only those are sent again."""
    sent: list[int] = []
    real = store.site.write_batch

    async def throttled(writes, *, within):  # type: ignore[no-untyped-def]
        sent.append(len(writes))
        if len(sent) > 1:
            return await real(writes, within=within)
        answers = await real(writes[:40], within=within)
        return [*answers, *[type(answers[0])(429, {"retry-after": "0.1"}, b"") for _ in writes[40:]]]

    monkeypatch.setattr(store.site, "write_batch", throttled)
    monkeypatch.setattr("sharepoint.many.AT_ONCE", 0.05)
    made = [row async for batch in many(store).add(rows("busy", 60)) for row in batch]
    assert sent == [60, 20]
    assert [row.key for row in made] == [f"busy:{n}" for n in range(60)]


async def test_a_site_that_stays_busy(store: Store, server: EmbeddedServer) -> None:
    """It is given up after its time."""
    server.fault(match="batch", status=503, retry_after=0.2)
    with pytest.raises(StoreBusy):
        await added(store, rows("never", 3), within=0.5)


async def test_a_row_that_is_refused(store: Store) -> None:
    """A part that SharePoint refuses stops the import with its code, and not its text."""
    bad = rows("refused", 3)
    bad[1] = Row(Action(key="refused:long", what="x", source="PLANTED" * 50), "row 1")
    with pytest.raises(StoreRefused) as told:
        await added(store, bad)
    assert "PLANTED" not in str(told.value)


async def test_long_rows_make_smaller_batches(store: Store, server: EmbeddedServer) -> None:
    """A batch stays below the megabyte that SharePoint takes."""
    heavy = [Row(Action(key=f"heavy:{n}", what="x", note="é" * 30_000), "long") for n in range(40)]
    server.forget_requests()
    async for _ in many(store).add(heavy):
        pass
    assert 3 <= server.requests_served()["by"]["POST $batch"] <= 5

"""Six weeks of the subgroup up to a board, lived by its members, and counted again from the rows alone."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from tests.scenarios.actions import provisioned
from tests.scenarios.recount import Held, Row, faults
from tests.scenarios.year import Year, live

__all__ = ["provisioned"]

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

LAST = date(2026, 12, 29)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[tuple[Year, Held]]:
    """Six weeks from 18 November to 29 December 2026, with a board on 16 December."""
    async with live(tmp_path_factory.mktemp("weeks"), provisioned) as year:
        yield year, await year.live(6)


async def test_the_record_of_six_weeks_is_in_order(lived: tuple[Year, Held]) -> None:
    """Every answer was as expected, and counted again from the rows no rule is broken and each figure is right."""
    year, of = lived
    assert year.unsaid == []
    assert faults(of, LAST) == []


async def test_much_happened_in_them(lived: tuple[Year, Held]) -> None:
    """A record in which nothing happened would be in order too."""
    year, of = lived
    assert year.done["referred"] > 25
    assert len(of.rows["Hearings"]) > 15
    assert len(of.rows["Actions"]) > 8
    assert {row["Status"] for row in of.rows["Referrals"]} >= {"Redirected", "Declined", "No plan", "Closed"}
    assert {row["Status"] for row in of.rows["Plans"]} >= {"Agreed"}
    assert [board for board, _, _ in of.reports] == ["2026-12-15"]
    assert of.reports[0][1]["Cases heard"] not in ("0", "1")


def _first(of: Held, name: str, **wanted: object) -> Row:
    return next(row for row in of.rows[name] if all(row[each] == value for each, value in wanted.items()))


def _jump(of: Held) -> None:
    number = _first(of, "Referrals", Status="Declined")["Id"]
    of.versions["Referrals"][number].append({**of.versions["Referrals"][number][-1], "Status": "Heard"})


def _reopened(of: Held) -> None:
    _first(of, "Referrals", Status="Closed")["Open"] = True


def _no_rationale(of: Held) -> None:
    for version in of.versions["Referrals"][_first(of, "Referrals", Status="Declined")["Id"]]:
        version["Rationale"] = " "


def _unheard(of: Held) -> None:
    of.officer = ""


def _named(of: Held) -> None:
    of.rows["Events"][0]["Note"] = "Hortensia was seen"


def _in_the_channel(of: Held) -> None:
    of.channel += "SNODGRASS"


def _nobodys(of: Held) -> None:
    of.rows["Actions"][0]["OwnerUserId"] = None


def _twice(of: Held) -> None:
    of.rows["Hearings"].append(of.rows["Hearings"][0])


def _unlinked(of: Held) -> None:
    next(row for row in of.rows["Referrals"] if row["RepeatOf"])["RepeatOf"] = None


def _miscounted(of: Held) -> None:
    of.reports[0][2]["Cases heard"] = "99"


BREAKS: dict[str, Callable[[Held], None]] = {
    "went from Declined to Heard": _jump,
    "is Closed and open is True": _reopened,
    "became Declined without a rationale": _no_rationale,
    "and nobody was told": _unheard,
    "Hortensia is in Events": _named,
    "Snodgrass is in the channel": _in_the_channel,
    "has no OwnerUserId": _nobodys,
    "was heard 2 times": _twice,
    "is linked to none": _unlinked,
    "told as 99": _miscounted,
}


@pytest.mark.parametrize("fault", BREAKS)
async def test_the_count_finds_what_is_broken(lived: tuple[Year, Held], fault: str) -> None:
    """The same record with one thing broken is found to be broken, and nothing else of it."""
    broken = copy.deepcopy(lived[1])
    BREAKS[fault](broken)
    found = faults(broken, LAST)
    assert found
    assert all(fault in each for each in found), found

"""The page on data protection is kept true: every list and library has its row, with the zone provisioning gives it."""

from __future__ import annotations

import re

import pytest

from sharepoint.libraries import Place
from sharepoint.schema import Zone
from sharepoint.zones import PLACES
from tests.running import ROOT

PAGE = (ROOT / "DATA-PROTECTION.md").read_text()
ROWS = {found[1]: found[0] for found in re.findall(r"^(\| `(\w+)` \|.*)$", PAGE, re.MULTILINE)}
ZONES = {Zone.TEAM: "team", Zone.CASES: "cases", Zone.ADMINISTRATORS: "administrators"}


@pytest.mark.parametrize("of", PLACES, ids=lambda of: of.name)
def test_every_list_has_its_row_and_zone(of: Place) -> None:
    """A list that is not on the page, or that opens to others than it says, would be processing nobody assessed."""
    cells = [cell.strip() for cell in ROWS[of.name].strip("|").split("|")]
    assert len(cells) == 5
    assert ZONES[of.zone] in re.findall(r"\w+", cells[3])
    assert all(cells)


def test_no_row_is_of_a_list_that_is_not_there() -> None:
    """A row of a list that was taken away would say that something is kept that is not."""
    assert ROWS.keys() == {of.name for of in PLACES}


def test_links_lead_somewhere() -> None:
    """Each page it points to is there."""
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (ROOT / target).is_file(), target

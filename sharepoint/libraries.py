"""The document libraries as data: provisioning makes them from this, and papers are filed by it.

A file's name, and its folder's, are made of references alone: they show in addresses, in the recycle bin and in logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sharepoint.columns import Column, text
from sharepoint.schema import ListOf, Zone


@dataclass(frozen=True)
class Library:
    """One library: its name, who may open it, and what it is for. Each file keeps who last made it, and why."""

    name: str
    zone: Zone
    purpose: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of ours, which every library has."""
        return (text("ChangedBy", "", label="Made for"), text("ChangeReason", "", label="Why it was made"))


BOARD_PAPERS = Library("BoardPapers", Zone.TEAM, "Published papers of the boards. Nothing about a person.")

CASE_PAPERS = Library("CasePapers", Zone.CASES, "Papers of a case, in a folder for each: OFFICIAL-SENSITIVE.")

LIBRARIES = (BOARD_PAPERS, CASE_PAPERS)

Place = ListOf[Any] | Library
"""Whatever holds something in the site and belongs to a zone."""

"""Which sheet of a workbook is the tracker: the one the person named, else the one that looks most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from board.importing.cells import Sheet, squeezed
from board.importing.headings import Field, Headings, data_rows, find


def choose(sheets: Sequence[Sheet], named: str, told: Mapping[str, Field | None]) -> tuple[Sheet, Headings] | None:
    """The sheet with its headings; None when the named one is not there, or none has headings that can be read.

    A sheet Excel hides is taken only when it is named. Most columns understood wins, then most rows, then the first.
    """
    wanted = [sheet for sheet in sheets if (squeezed(sheet.name) == squeezed(named) if named else not sheet.hidden)]
    found = [(sheet, headings) for sheet in wanted if (headings := find(sheet, told)) is not None]
    return max(found, key=lambda pair: (pair[1].known, len(data_rows(*pair)))) if found else None

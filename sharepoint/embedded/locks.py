"""Files that somebody has checked out: nobody else may change, move or delete them."""

from __future__ import annotations

import sqlite3

from sharepoint.embedded.errors import SharePointError
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import ListInfo


class CheckedOut(SharePointError):
    """The file is checked out by another (423 as for a lock; the code is from memory)."""

    status = 423
    code = "-2130575306, Microsoft.SharePoint.SPFileCheckOutException"

    def __init__(self) -> None:
        super().__init__("The file is checked out for editing by another user.")


def refuse(info: ListInfo, row: sqlite3.Row, person: Person) -> None:
    """CheckedOut if somebody else has the file."""
    if info.library and row["holder"] not in (None, person.id):
        raise CheckedOut

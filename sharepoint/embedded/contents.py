"""The bytes of files and attachments, kept in the database in pieces of 1 MiB.

In the database and not in files beside it, because then one commit covers the bytes, the item, its version and its
change: after `kill -9` all of them are there or none, and nothing has to be swept up. Bytes go with the last version,
attachment or upload that holds them (the triggers in migration).

SharePoint takes 250 MB in one request (doc). This server holds a request in memory, so it takes 64 MiB in one, and
files of up to 250 MiB in pieces.
"""

from __future__ import annotations

import re

from sharepoint.embedded.errors import TooLarge
from sharepoint.embedded.site import Site

PIECE = 1024 * 1024
LARGEST_BODY = 64 * PIECE
LARGEST_FILE = 250 * PIECE
# The operations whose body is a file: nothing else may send more than the edge's own limit.
_FILE_BODIES = re.compile(
    r"/(add|addusingpath|startupload|continueupload|finishupload|savebinarystream|uploadwithchecksum)\(.*$"
    r"|/(\$value|savebinarystream)/?$",
    re.IGNORECASE,
)


def takes_bytes(raw_path: str) -> bool:
    """Whether a request to this address (below `_api/`, raw) carries a file."""
    return bool(_FILE_BODIES.search(raw_path))


def store(site: Site, data: bytes) -> int:
    """Keep bytes; answers the number that finds them again."""
    number = site.database.run("INSERT INTO contents (length) VALUES (0)")
    append(site, number, data)
    return number


def append(site: Site, number: int, data: bytes) -> int:
    """Put more bytes at the end; answers the whole length. TooLarge beyond 250 MiB."""
    held = length(site, number)
    if held + len(data) > LARGEST_FILE:
        raise TooLarge(f"The file is larger than {LARGEST_FILE} bytes.")
    for start in range(0, len(data), PIECE):
        site.database.run("INSERT INTO pieces VALUES (?, ?, ?)", (number, held + start, data[start : start + PIECE]))
    site.database.run("UPDATE contents SET length = ? WHERE no = ?", (held + len(data), number))
    return held + len(data)


def length(site: Site, number: int) -> int:
    """How many bytes there are."""
    row = site.database.one("SELECT length FROM contents WHERE no = ?", (number,))
    return int(row["length"]) if row else 0


def read(site: Site, number: int | None) -> bytes:
    """All the bytes."""
    rows = site.database.all("SELECT bytes FROM pieces WHERE content = ? ORDER BY at", (number,))
    return b"".join(row["bytes"] for row in rows)

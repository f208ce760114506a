"""Names and addresses of files and folders, and which of them SharePoint refuses.

The rules are Microsoft's "Restrictions and limitations in OneDrive and SharePoint" (doc); the codes of the refusals are
from memory. `#` and `%` are allowed. Lengths are in UTF-16 units, as SharePoint counts.
"""

from __future__ import annotations

import re

from sharepoint.embedded.errors import Refused

LONGEST_PATH = 400
LONGEST_NAME = 255
_FORBIDDEN = re.compile('["*:<>?/\\\\|\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_RESERVED = re.compile(r"(\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini)$", re.IGNORECASE)


class BadName(Refused):
    """A file or folder name that SharePoint does not take."""

    status = 400
    code = "-2130575245, Microsoft.SharePoint.SPException"


class PathTooLong(Refused):
    """An address of more than 400 characters."""

    status = 400
    code = "-2147024690, System.IO.PathTooLongException"


def check(directory: str, name: str) -> str:
    """The address of `name` in a folder; BadName or PathTooLong if SharePoint would refuse it."""
    if not name or _FORBIDDEN.search(name):
        raise BadName(
            "The file or folder name contains characters that are not permitted, or is empty. Please use a different "
            "name."
        )
    # A name that ends in a period is refused by the clients that sync it; refused here too (memory).
    if name != name.strip(" ") or name.endswith(".") or _units(name) > LONGEST_NAME:
        raise BadName("A file or folder name cannot begin or end with a space, end with a period, or be too long.")
    if _RESERVED.match(name) or name.startswith("~$") or "_vti_" in name.lower():
        raise BadName("The file or folder name is reserved. Please use a different name.")
    path = f"{directory}/{name}"
    if _units(path) - 1 > LONGEST_PATH:
        raise PathTooLong(
            "The specified file or folder name is too long. The URL path for all files and folders must be "
            f"{LONGEST_PATH} characters or less. Please type a shorter file or folder name."
        )
    return path


def split(path: str) -> tuple[str, str]:
    """The folder of an address, and the name in it."""
    directory, _, name = path.rpartition("/")
    return directory, name


def extension(name: str) -> str | None:
    """What stands after the last period, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

"""Reading a .csv file into a sheet: its encoding and its delimiter found out, not asked."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from board.importing.cells import Row, Sheet
from board.importing.headings import find
from bot.spreadsheet import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Unreadable, read_workbook

_DELIMITERS = (",", ";", "\t", "|")
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The signature of an OLE file: a workbook of before 2007, or one of today behind a password."""


def read_file(path: Path) -> list[Sheet]:
    """The sheets of a tracker, whatever its name ends in: the first bytes tell what it is. Raises Unreadable."""
    try:
        if path.is_dir():
            raise Unreadable(f"{path} is a folder. Name the file itself.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be opened: {error.strerror}.") from error
    if not data.strip():
        raise Unreadable(f"{path.name} is empty.")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, which no tracker is.")
    if data.startswith(b"PK"):
        return read_workbook(path)
    if data.startswith(_OLD_OR_LOCKED):
        raise Unreadable(_old_or_locked(path.name, data))
    return [_read_text(path.name, data)]


def _old_or_locked(name: str, data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{name} is protected by a password. In Excel: File, Info, Protect Workbook, take it out, and save."
    return f"{name} is in Excel's old format (.xls). In Excel: File, Save As, Excel Workbook (.xlsx), and try that."


def _read_text(name: str, data: bytes) -> Sheet:
    text = _decoded(name, data)
    first, _, below = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == 5:  # Excel's own hint, which it does not show as a row
        return _sheet(name, below, said[4])
    read = [_sheet(name, text, delimiter) for delimiter in _DELIMITERS]
    return max(read, key=_likeliness)


def _decoded(name: str, data: bytes) -> str:
    """The text: by its byte order mark, else UTF-8, else as Excel in Western Europe writes it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data[:2000]:
        encodings = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be",) if b"\0" in data[:2] else ()
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{name} is neither a workbook nor text. Save the tracker as .xlsx or .csv and try that.")


def _sheet(name: str, text: str, delimiter: str) -> Sheet:
    """The records, numbered as Excel numbers them: a line break within quotation marks starts no new row."""
    found, beyond = list[Row](), 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                if number > MOST_ROWS:
                    beyond = number
                    break
                found.append(Row(number, tuple(cells[:MOST_COLUMNS])))
    except csv.Error as error:
        raise Unreadable(
            f"{name} cannot be taken apart into rows: a quotation mark is not closed, or a cell is far too long. "
            "Save it as .xlsx and try that."
        ) from error
    return Sheet(name, tuple(found), beyond=beyond)


def _likeliness(sheet: Sheet) -> tuple[int, int]:
    """The right delimiter is the one by which headings are understood; failing that, the one that makes columns."""
    headings = find(sheet, {})
    widths = sorted(len(row.cells) for row in sheet.rows)
    return headings.known if headings else 0, widths[len(widths) // 2] if widths else 0

"""Reading the bytes of a workbook into sheets: streamed, bounded, and with a sentence for whatever cannot be read.

openpyxl in its streaming mode, because a cell in the last corner of a sheet then costs nothing. Values are what Excel
last worked out; macros, pictures and links to other files are never opened. XML entities are refused, since the
parser beneath is the standard library's.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from board.importing.cells import EPOCH_1900, EPOCH_1904, Cell, Row, Sheet

MOST_ROWS = 20_000
"""Rows of one sheet: four times what SharePoint lets be open at once, so years of history fit."""

MOST_COLUMNS = 100
MOST_BYTES = 50_000_000
MOST_UNPACKED = 250_000_000
"""Bytes of a file, and of all that is packed in it: what it declares, which the reader then holds it to."""

MOST_PARTS = 5_000
_LAST_ROW = 1_048_576
_PIECE = 1 << 20

_HIDDEN_ROW = re.compile(rb"<row\b[^>]*\shidden=\"(?:1|true)\"")
_HIDDEN_COLUMN = re.compile(rb"<col\b[^>]*\shidden=\"(?:1|true)\"[^>]*>")
_SPAN = re.compile(rb"\b(min|max)=\"(\d{1,5})\"")


class Unreadable(Exception):
    """The file cannot be brought in; its message is the sentence a person reads."""


def read_workbook(path: Path) -> list[Sheet]:
    """Every sheet of an .xlsx or .xlsm file; raises Unreadable."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a quarter of a second that no other command needs

    try:
        _check(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drop-down lists and formats that reading does not need
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                epoch = EPOCH_1904 if book.epoch.year == EPOCH_1904.year else EPOCH_1900
                return [_sheet(path, sheet, epoch) for sheet in book.worksheets]
            finally:
                book.close()
    except Unreadable:
        raise
    except Exception as error:  # damaged bytes break each unpacker, and the reader, in a way of its own
        raise Unreadable(
            f"{path.name} is damaged and cannot be read. Open it in Excel, save it as a new .xlsx file, and try that."
        ) from error


def _check(path: Path) -> None:
    """Refuse what is no workbook, or more than can be meant, before anything is unpacked."""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable(_PROTECTED.format(path.name))
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable(f"{path.name} unpacks to far more than a tracker holds, so it was not opened.")
        _check_kind(path.name, {part.filename for part in parts})
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _beginning(packed, part):
                raise Unreadable(f"{path.name} was not made by a spreadsheet program, so it was not opened.")


_PROTECTED = "{} is protected by a password. In Excel: File, Info, Protect Workbook, take the password out, and save."


def _check_kind(name: str, parts: set[str]) -> None:
    if "xl/workbook.bin" in parts:
        raise Unreadable(f"{name} is a binary workbook (.xlsb). In Excel, save it as .xlsx and try that.")
    if "content.xml" in parts and "mimetype" in parts:
        raise Unreadable(f"{name} is an OpenDocument file. Save it as .xlsx or .csv and try that.")
    if not any(part.startswith("xl/") for part in parts):
        raise Unreadable(f"{name} is no spreadsheet. Save the tracker as .xlsx or .csv and try that.")


def _beginning(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with packed.open(part) as stream:
        return stream.read(4096)


def _sheet(path: Path, sheet: Any, epoch: date) -> Sheet:
    rows, beyond = list[Row](), 0
    streamed = sheet.iter_rows(min_row=1, max_row=_LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(streamed, start=1):
        if any(value is not None for value in values):
            if number > MOST_ROWS:
                beyond = number
                break
            rows.append(Row(number, _cells(values)))
    hidden_rows, hidden_columns = _hidden(path, sheet)
    return Sheet(
        str(sheet.title),
        tuple(rows),
        epoch,
        hidden=sheet.sheet_state != "visible",
        hidden_rows=hidden_rows,
        hidden_columns=hidden_columns,
        beyond=beyond,
    )


def _cells(values: tuple[Any, ...]) -> tuple[Cell, ...]:
    """The cells of a row, without the blank ones at its end."""
    last = max(i for i, value in enumerate(values) if value is not None)
    return tuple(_cell(value) for value in values[: last + 1])


def _cell(value: Any) -> Cell:
    """A value as a cell; whatever is no plain value (a duration, say) as its text."""
    return value if value is None or isinstance(value, str | int | float | bool | date | datetime) else str(value)


def _hidden(path: Path, sheet: Any) -> tuple[int, int]:
    """How many rows and columns Excel does not show, which the streaming mode does not tell.

    Counted in the sheet's own XML, whose place in the file openpyxl knows under a private name.
    """
    place = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    rows, columns, rest = 0, set[int](), b""
    with zipfile.ZipFile(path) as packed:
        if place not in packed.namelist():
            return 0, 0
        with packed.open(place) as stream:
            while piece := stream.read(_PIECE):
                text = rest + piece
                whole, _, rest = text.rpartition(b"<")
                rows += len(_HIDDEN_ROW.findall(whole))
                for column in _HIDDEN_COLUMN.findall(whole):
                    ends = {key: int(value) for key, value in _SPAN.findall(column)}
                    columns |= set(range(ends.get(b"min", 1), min(ends.get(b"max", 0), MOST_COLUMNS) + 1))
                rest = b"<" + rest
    return rows, len(columns)

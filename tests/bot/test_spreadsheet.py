"""The bytes of a tracker: workbooks and text files as they come, and a sentence for those that cannot be read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from board.importing.cells import Row, Sheet
from board.importing.days import read_day
from bot.delimited import read_file
from bot.spreadsheet import MOST_ROWS, Unreadable

HEADINGS = ("Ref", "Action", "Owner", "Due")
ROW = ("1", "Ring them", "Cy Nurse", "3/4/2026")


def workbook(path: Path, fill: Callable[[Workbook], None]) -> Path:
    """A workbook with a sheet `Tracker` whose row 1 holds the headings, and what `fill` adds."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tracker"
    sheet.append(HEADINGS)
    fill(book)
    book.save(path)
    return path


def repacked(path: Path, changes: dict[str, bytes], name: str = "changed.xlsx") -> Path:
    """The same workbook with some of its parts exchanged or added."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in changes:
                new.writestr(part, old.read(part))
        for part, data in changes.items():
            new.writestr(part, data)
    return target


def sheet_xml(rows: str, dimension: str = "A1:D2") -> dict[str, bytes]:
    """A hand-made first sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return {"xl/worksheets/sheet1.xml": xml.encode()}


def test_a_workbook_as_boards_keep_it(tmp_path: Path) -> None:
    """Row numbers are the spreadsheet's; merged, hidden and struck cells are read; dates are dates."""

    def fill(book: Workbook) -> None:
        sheet = book["Tracker"]
        sheet.append(())
        sheet["A4"], sheet["B4"], sheet["D4"] = 1, "Ring\nthem", datetime(2026, 4, 3)  # noqa: DTZ001 - Excel has no zone
        sheet["D4"].number_format = "dd/mm/yyyy"
        sheet["A6"] = "CLOSED"
        sheet.merge_cells("A6:D6")
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True
        hidden = book.create_sheet("Old")
        hidden.sheet_state = "hidden"

    first, second = read_file(workbook(tmp_path / "tracker.xlsx", fill))
    assert [row.number for row in first.rows] == [1, 4, 6]
    assert first.rows[1].cells[:2] == (1, "Ring\nthem")
    assert read_day(first.rows[1].cells[3]).day == date(2026, 4, 3)
    assert (first.name, first.hidden, first.hidden_rows, first.hidden_columns) == ("Tracker", False, 1, 1)
    assert (second.name, second.hidden) == ("Old", True)


def test_the_calendar_that_starts_in_1904(tmp_path: Path) -> None:
    """Dates and bare serial numbers of such a workbook mean the same days."""

    def fill(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book["Tracker"].append(("1", "Ring them", datetime(2026, 4, 3), 46115 - 1462))  # noqa: DTZ001

    (sheet,) = read_file(workbook(tmp_path / "mac.xlsx", fill))
    days = [read_day(cell, sheet.epoch).day for cell in sheet.rows[1].cells[2:4]]
    assert days == [date(2026, 4, 3)] * 2


def test_a_formula_is_what_excel_last_worked_out(tmp_path: Path) -> None:
    """The value beside the formula is read, never the formula; text of a formula is no formula."""
    rows = (
        '<row r="1"><c r="A1" t="str"><f>HYPERLINK("http://x.invalid")</f><v>Action</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><f>A9/0</f><v>#DIV/0!</v></c></row>'
    )
    plain = workbook(tmp_path / "plain.xlsx", lambda book: None)
    (sheet,) = read_file(repacked(plain, sheet_xml(rows)))
    assert [row.cells for row in sheet.rows] == [("Action",), (2, "#DIV/0!")]


@pytest.mark.long
def test_a_cell_in_the_last_corner(tmp_path: Path) -> None:
    """It costs nothing: what lies beyond the bounds is not read, and a sheet too long says from which row."""
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    far += '<row r="1048576"><c r="{}1048576"><v>2</v></c></row>'
    plain = workbook(tmp_path / "plain.xlsx", lambda book: None)
    for column, beyond in (("XFD", 0), ("A", 1_048_576)):
        (sheet,) = read_file(repacked(plain, sheet_xml(far.format(column), "A1:XFD1048576")))
        assert (sheet.rows, sheet.beyond) == ((Row(1, (1,)),), beyond)


def ole(*names: str) -> bytes:
    """The beginning of an OLE file that names these streams."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"".join(name.encode("utf-16-le") for name in names)


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \r\n ", "is empty"),
        (ole("Workbook"), "old format (.xls)"),
        (ole("EncryptionInfo", "EncryptedPackage"), "protected by a password"),
        (b"PK\x03\x04 and then nothing of the kind", "damaged"),
        (packed({"xl/workbook.bin": b"x"}), "binary workbook (.xlsb)"),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
            "OpenDocument",
        ),
        (packed({"word/document.xml": b"<x/>"}), "is no spreadsheet"),
        (packed({"xl/workbook.xml": b"<not a workbook"}), "damaged"),
        (packed({"xl/workbook.xml": BOMB}), "not made by a spreadsheet program"),
        (packed({"xl/workbook.xml": b"<x/>", "xl/media/image1.png": bytes(260_000_000)}), "unpacks to far more"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither a workbook nor text"),
        (b"Action,Owner\n\x81\x8d\x8f", "neither a workbook nor text"),
    ],
    ids=[
        "empty",
        "blank",
        "xls",
        "encrypted",
        "cut",
        "xlsb",
        "ods",
        "docx",
        "broken",
        "entities",
        "bomb",
        "png",
        "bytes",
    ],
)
def test_what_cannot_be_read(tmp_path: Path, data: bytes, says: str) -> None:
    """Each has a sentence that names the file and what to do, whatever its name ends in."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=r"^tracker\.xlsx ") as told:
        read_file(path)
    assert says in str(told.value)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    """Neither is a traceback."""
    for path, says in ((tmp_path / "none.xlsx", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(Unreadable, match=says):
            read_file(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(some.data())
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, data: some.DataObject) -> None:
    """Bytes changed anywhere in a workbook give its sheets or a sentence, and nothing else."""
    path = tmp_path / "whole.xlsx"
    whole = bytearray(
        (path if path.exists() else workbook(path, lambda book: book["Tracker"].append(ROW))).read_bytes()
    )
    for _ in range(data.draw(some.integers(1, 5))):
        whole[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(whole)
    try:
        found: list[Sheet] | str = read_file(bad)
    except Unreadable as told:
        found = str(told)
    assert "bad.xlsx" in found if isinstance(found, str) else all(isinstance(sheet, Sheet) for sheet in found)


TEXT = 'Ref;Action;Owner;Due\r\n1;"Ring Renée;\r\nthem";Cy Nurse;3/4/2026\r\n\r\n2;Write;Bo Officer;\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_text_files(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Any usual encoding and delimiter; a quoted line break stays in its cell, and rows keep Excel's numbers."""
    path = tmp_path / "tracker.csv"
    path.write_bytes(TEXT.replace(";", delimiter).encode(encoding))
    (sheet,) = read_file(path)
    quoted = f"Ring Renée{delimiter}\r\nthem"
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (1, HEADINGS),
        (2, ("1", quoted, "Cy Nurse", "3/4/2026")),
        (4, ("2", "Write", "Bo Officer", "")),
    ]


def test_excels_own_hint_of_the_delimiter(tmp_path: Path) -> None:
    """`sep=;` is followed, and is no row."""
    path = tmp_path / "tracker.csv"
    path.write_text("sep=;\nAction;Owner\nRing, and write;Cy\n")
    (sheet,) = read_file(path)
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("Action", "Owner")), (2, ("Ring, and write", "Cy"))]


def test_a_text_file_that_is_too_long(tmp_path: Path) -> None:
    """The first row beyond the bound is named; blank lines do not count as something."""
    path = tmp_path / "tracker.csv"
    path.write_text("Action,Owner\n" + "\n" * (MOST_ROWS + 3) + "Ring,Cy\n")
    (sheet,) = read_file(path)
    assert (len(sheet.rows), sheet.beyond) == (1, MOST_ROWS + 5)


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    """A cell that swallows the file is refused."""
    path = tmp_path / "tracker.csv"
    path.write_text('Action,Owner\n"Ring,Cy\n' + "Write,Bo\n" * 20_000)
    with pytest.raises(Unreadable, match="quotation mark"):
        read_file(path)

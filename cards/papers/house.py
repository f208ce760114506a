"""The house style of every Word document: the marking on each page, numbered pages, real headings, tables that repeat.

`Paper` is all that the documents are written with, so that they look alike and read well aloud: headings are headings,
the language is English (United Kingdom), tables name their columns, and nothing is said by colour alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from board.records import Agency
from cards import words

FONT = "Arial"
"""A face without serifs that every machine has, or has the measure of."""

INK, GREY, SHADE, RULE = "1F2933", "52606D", "E8EEF2", "9AA5B1"
"""Colours of text, of what is quiet, behind a table's head, and of lines; each text on its ground has 7:1 or more."""

A4 = (21.0, 29.7)
MARGIN = 2.0
"""Centimetres."""

EDGE = 1.0
"""Centimetres between the paper's edge and the marking."""

WIDTH = A4[0] - 2 * MARGIN
"""Centimetres between the margins of an upright page."""

TOGETHER = 14
"""Rows of labels and values that are kept on one page."""

SMALL = 0.88
"""How much smaller everything is in a document that is to fit on one page: its text is 9 points still."""

CLOSE = 0.5
"""How much less room is between the parts of such a document."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Paper:
    """A document being written, from its title down. `made` is told in the footer and in the document's properties."""

    def __init__(self, title: str, *, reference: str, made: datetime, made_for: str, small: bool = False) -> None:
        from docx import Document  # noqa: PLC0415 - python-docx takes a third of a second, and few runs need it

        self._docx: Any = Document()
        self._scale, self._room = (SMALL, CLOSE) if small else (1.0, 1.0)
        self._describe(title, made)
        self._set_styles()
        self._set_page(f"{reference} · made {words.when(made)} for {clean(made_for)}")
        self._docx.add_paragraph(clean(title), style="Title")

    def heading(self, text: str, level: int = 1) -> None:
        """A heading; level 1 is a part of the document, 2 something inside it."""
        self._docx.add_heading(clean(text), level)

    def contents(self, titles: Sequence[str]) -> None:
        """The list of chapters, numbered, with their pages; the chapters follow in this order by `chapter`.

        The pages are fields that Word fills in when it opens the document, and each line leads to its chapter.
        """
        from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER  # noqa: PLC0415 - as above
        from docx.shared import Cm  # noqa: PLC0415

        self._docx.add_paragraph("Contents", style="Heading 2")
        for number, title in enumerate(titles, start=1):
            line = self._docx.add_paragraph(style="Detail")
            line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            link = _element("w:hyperlink", {"w:anchor": _chapter(number), "w:history": "1"})
            run = line.add_run(f"{number}  {clean(title)}")
            line._p.append(link)
            link.append(run._r)
            line.add_run("\t")
            _field(line, f"PAGEREF {_chapter(number)} \\h", dirty=True)

    def chapter(self, number: int, title: str, *, fresh_page: bool = False) -> None:
        """A numbered part of the document that the contents lead to."""
        heading = self._docx.add_heading(f"{number}  {clean(title)}", 1)
        heading.paragraph_format.page_break_before = fresh_page
        for kind, extra in (("bookmarkStart", {"w:name": _chapter(number)}), ("bookmarkEnd", {})):
            heading._p.append(_element(f"w:{kind}", {"w:id": str(number), **extra}))

    def paragraph(self, text: str, *, quiet: bool = False, bold: bool = False) -> None:
        """A paragraph of plain text; line breaks in it are kept."""
        run = self._docx.add_paragraph(style="Quiet" if quiet else None).add_run(clean(text))
        run.bold = bold or None

    def labelled(self, label: str, text: str, *, indented: bool = False) -> None:
        """A line that begins with what it is about, in bold."""
        line = self._docx.add_paragraph(style="Detail" if indented else None)
        line.add_run(clean(label)).bold = True
        line.add_run(f" {clean(text)}")

    def step(self, when: str, what: str) -> None:
        """The first line of something that happened; it stays on the page of what follows."""
        line = self._docx.add_paragraph(style="Step")
        line.add_run(f"{clean(when)}  ").bold = True
        line.add_run(clean(what))

    def bullets(self, items: Iterable[str]) -> None:
        """A list of points."""
        for item in items:
            self._docx.add_paragraph(clean(item), style="List Bullet")

    def boxes(self, items: Iterable[str]) -> None:
        """A list to be ticked by hand."""
        for item in items:
            self._docx.add_paragraph(f"☐  {clean(item)}", style="Detail")

    def note(self, text: str) -> None:
        """A paragraph in a frame, for what must not be missed."""
        line = self._docx.add_paragraph(clean(text), style="Note")
        line.paragraph_format.keep_together = True

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Labels and values side by side; nothing when there are none."""
        rows = list(pairs)
        if rows:
            table = self._table(len(rows), (0.3, 0.7))
            for number, (cells, (label, value)) in enumerate(zip(_cells(table), rows, strict=True), start=1):
                _keep_whole(table.rows[number - 1])
                for cell in cells:  # few rows stay together, and with what is above them
                    cell.paragraphs[0].paragraph_format.keep_with_next = number < len(rows) <= TOGETHER
                _fill(cells[0], label, bold=True)
                _fill(cells[1], value)
                _shade(cells[0], SHADE)
            self._after_table()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], shares: Sequence[float]) -> None:
        """A table whose head is repeated on each page, and whose rows each stay on one. `shares` of the page's width
        add up to one."""
        self._filled(heads, ([(said, "") for said in row] for row in rows), shares)

    def grid(self, heads: Sequence[str], rows: Iterable[Sequence[tuple[str, str]]], shares: Sequence[float]) -> None:
        """A table of squares, each with its words and the colour behind them; the first of a row names the row."""
        self._filled(heads, rows, shares, bold=True)

    def pictures(self, drawn: Sequence[tuple[bytes, str]]) -> None:
        """Pictures two by two across the page, each with what it shows in words for whoever does not see it."""
        from docx.shared import Cm  # noqa: PLC0415 - as above

        table = self._docx.add_table((len(drawn) + 1) // 2, 2)
        table.autofit = False
        cells = [cell for row in _cells(table) for cell in row]
        for number, (cell, (picture, said)) in enumerate(zip(cells, drawn, strict=False), start=1):
            cell.width = Cm(WIDTH / 2)
            cell.paragraphs[0].paragraph_format.space_after = 0
            shape = cell.paragraphs[0].add_run().add_picture(io.BytesIO(picture), width=Cm(WIDTH / 2 - 0.5))
            shape._inline.docPr.set("descr", clean(said))
            shape._inline.docPr.set("name", f"Chart {number}")
        for row in table.rows:
            _keep_whole(row)

    def page_break(self) -> None:
        """Go on at the top of the next page."""
        self._docx.add_page_break()

    def to_bytes(self) -> bytes:
        """The document as a .docx file."""
        out = io.BytesIO()
        self._docx.save(out)
        return out.getvalue()

    def _describe(self, title: str, made: datetime) -> None:
        core = self._docx.core_properties
        core.title, core.author, core.last_modified_by = clean(title), words.BOT_NAME, words.BOT_NAME
        core.comments, core.category, core.language = "", words.MARKING, "en-GB"
        core.created = core.modified = made.replace(tzinfo=None)

    def _set_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415 - as above
        from docx.shared import Cm, Pt  # noqa: PLC0415

        def dress(style: Any, *, size: float, after: float, before: float = 0, **look: Any) -> None:
            size = round(size * self._scale * 2) / 2
            _dress(style, size=size, after=after * self._room, before=before * self._room, **look)

        styles = self._docx.styles
        dress(styles["Normal"], size=10.5, after=6)
        dress(styles["Title"], size=20, after=10, bold=True)
        _border(styles["Title"].element, {})
        dress(styles["Heading 1"], size=15, before=16, after=6, bold=True)
        dress(styles["Heading 2"], size=12, before=10, after=4, bold=True)
        dress(styles["List Bullet"], size=10.5, after=3)
        for name in ("Quiet", "Detail", "Step", "Note"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        dress(styles["Quiet"], size=9, after=4, colour=GREY)
        dress(styles["Detail"], size=10, after=2)
        styles["Detail"].paragraph_format.left_indent = Cm(0.8)
        dress(styles["Step"], size=10.5, before=8, after=2)
        styles["Step"].paragraph_format.keep_with_next = True
        dress(styles["Note"], size=10.5, before=6, after=10)
        _border(styles["Note"].element, dict.fromkeys(("top", "left", "bottom", "right"), RULE))
        styles["Note"].paragraph_format.left_indent = styles["Note"].paragraph_format.right_indent = Pt(6)

    def _set_page(self, footer: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT  # noqa: PLC0415 - as above
        from docx.shared import Cm, Pt  # noqa: PLC0415

        page = self._docx.sections[0]
        page.page_width, page.page_height = Cm(A4[0]), Cm(A4[1])
        page.left_margin = page.right_margin = Cm(MARGIN)
        page.top_margin = page.bottom_margin = Cm(MARGIN * self._scale)
        page.header_distance = page.footer_distance = Cm(EDGE)
        page.footer.paragraphs[0].paragraph_format.space_before = Pt(6)
        for part in (page.header, page.footer):
            line = part.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.add_run(words.MARKING).bold = True
        line = page.footer.add_paragraph(style="Quiet")
        line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{footer}\tPage ")
        _field(line, "PAGE")
        line.add_run(" of ")
        _field(line, "NUMPAGES")

    def _table(self, rows: int, shares: Sequence[float]) -> Any:
        from docx.shared import Cm  # noqa: PLC0415 - as above

        table = self._docx.add_table(rows, len(shares))
        table.style, table.autofit = "Table Grid", False
        _frame(table)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Cm(WIDTH * share)
        for cells in _cells(table):
            for cell, share in zip(cells, shares, strict=True):
                cell.width = Cm(WIDTH * share)
        return table

    def _filled(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[tuple[str, str]]],
        shares: Sequence[float],
        *,
        bold: bool = False,
    ) -> None:
        body = list(rows)
        table = self._table(len(body) + 1, shares)
        first, *others = _cells(table)
        for cell, head in zip(first, heads, strict=True):
            _fill(cell, head, bold=True)
            _shade(cell, SHADE)
        _repeat(table.rows[0])
        for row, cells, values in zip(list(table.rows)[1:], others, body, strict=True):
            _keep_whole(row)
            for cell, (said, colour) in zip(cells, values, strict=True):
                _fill(cell, said, bold=bold)
                if colour:
                    _shade(cell, colour)
        self._after_table()

    def _after_table(self) -> None:
        from docx.shared import Pt  # noqa: PLC0415 - as above

        look = self._docx.add_paragraph().paragraph_format
        look.space_after = 0
        if self._room < 1:
            look.line_spacing = Pt(4)


def agency_name(code: str, agencies: Mapping[str, Agency]) -> str:
    """What an agency is called on paper: its name with its code, or the code alone where no name is known."""
    agency = agencies.get(code.upper())
    return f"{agency.name} ({code})" if agency and agency.name else code or "No agency stated"


def clean(text: str) -> str:
    """A text as XML can hold it, without characters that turn the reading direction of what stands beside it."""
    return _TURNING.sub("", _NOT_XML.sub("", text))


def _cells(table: Any) -> list[list[Any]]:
    """The cells by row, read once: python-docx computes all of a table's cells anew for each row that is asked for."""
    wide, cells = len(table.columns), table._cells  # the public way takes the square of the rows
    return [cells[at : at + wide] for at in range(0, len(cells), wide)]


def _fill(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = 0
    paragraph.add_run(clean(text)).bold = bold or None


def _dress(style: Any, *, size: float, after: float, before: float = 0, bold: bool = False, colour: str = INK) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    style.element.get_or_add_rPr().append(_element("w:lang", {"w:val": "en-GB", "w:eastAsia": "en-GB"}))
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def _border(style: Any, sides: dict[str, str]) -> None:
    """Give a style's paragraphs these borders, and no others."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    properties = style.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if sides:
        borders = _element("w:pBdr", {})
        for side, colour in sides.items():
            look = {"w:val": "single", "w:sz": "8", "w:space": "4", "w:color": colour}
            borders.append(_element(f"w:{side}", look))
        properties.insert_element_before(
            borders, *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
        )


def _frame(table: Any) -> None:
    """Thin lines around a table's cells, and room within them."""
    borders, room = _element("w:tblBorders", {}), _element("w:tblCellMar", {})
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": RULE}))
    for side, twentieths in (("top", "45"), ("left", "100"), ("bottom", "45"), ("right", "100")):
        room.append(_element(f"w:{side}", {"w:w": twentieths, "w:type": "dxa"}))
    properties = table._tbl.tblPr
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(room, "w:tblLook")


def _shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": colour}))


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))


def _keep_whole(row: Any) -> None:
    """Go on with the row at the top of the next page rather than tear it; one longer than a page is torn all the same.

    A torn row's rest would stand there without its first column: words without whose they are.
    """
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", {"w:val": "true"}))


def _chapter(number: int) -> str:
    return f"chapter{number}"


def _field(line: Any, code: str, *, dirty: bool = False) -> None:
    """A field that Word fills in, such as the page's number; a `dirty` one is filled in when the document is opened."""
    run = line.add_run()
    for kind in ("begin", "separate", "end"):
        look = {"w:fldCharType": kind}
        run._r.append(_element("w:fldChar", {**look, "w:dirty": "true"} if dirty and kind == "begin" else look))
        if kind == "begin":
            said = _element("w:instrText", {"xml:space": "preserve"})
            said.text = f" {code} "
            run._r.append(said)
        if kind == "separate":
            shown = _element("w:t", {})
            shown.text = "1"
            run._r.append(shown)

"""Writes a sample document as a PDF with ruled tables and embedded Chinese fonts. Lengths are in points."""

from functools import lru_cache
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from samples.fonts import BODY, TITLE, register_fonts
from samples.model import Cell, Form, PageBreak, Paragraph, ParagraphStyle, SampleDocument

MARGIN = 62.0
CELL_PADDING = 3.0
CLOSERS = "，。；：、）》”%"  # never first in a line
CELL_SIZE = 9.0
LEADING = 1.3  # line height as a multiple of the font size
TEXT_STYLES: dict[ParagraphStyle, tuple[str, float, float]] = {  # font, size, space above
    "cover": (TITLE, 24, 26),
    "part": (TITLE, 16, 14),
    "heading": (TITLE, 13, 8),
    "body": (BODY, 12, 4),
    "list": (BODY, 12, 3),
}


Rules = Literal["all", "rows", "heads", "bands", "tints", "none"]
"""The printed rules of tables: all; those between rows; those above and below the head and at the end (and short ones below
merged heads); none but every other row tinted, as a whole or cell by cell; none."""
TINT = 0.92


def render_pdf(
    document: SampleDocument, is_landscape: bool = False, password: str = "", rules: Rules = "all"
) -> tuple[bytes, int]:
    """The file's bytes and its number of pages; the same document always gives the same bytes."""
    register_fonts()
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1, pageCompression=1, encrypt=password or None)
    canvas.setTitle(document.stem)
    writer = PageWriter(canvas, is_landscape, rules)
    for block in document.blocks:
        writer.write(block)
    writer.finish()
    return written.getvalue(), writer.page_count


@lru_cache(maxsize=200_000)
def text_width(text: str, font: str, size: float) -> float:
    """Width of a string."""
    return float(pdfmetrics.stringWidth(text, font, size))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width`, between any two characters, as Chinese text is broken.

    A closing mark takes the character before it along to the next line.
    """
    lines, line, used = [], "", 0.0
    for character in text:
        advance = text_width(character, font, size)
        if line and used + advance > width:
            kept = len(line) - 1 if character in CLOSERS and len(line) > 1 else len(line)
            lines.append(line[:kept])
            line = line[kept:]
            used = text_width(line, font, size) if line else 0.0
        line += character
        used += advance
    return [*lines, line]


class PageWriter:
    """Keeps the place on the page while blocks are written."""

    def __init__(self, canvas: Canvas, is_landscape: bool, rules: Rules) -> None:
        self.canvas, self.is_landscape, self.rules = canvas, is_landscape, rules
        self.page_count = 0
        self.top = 0.0
        self.is_open = self.is_tinted = False
        self.width, self.height = 0.0, 0.0

    def write(self, block: Paragraph | Form | PageBreak) -> None:
        if isinstance(block, PageBreak):
            self._close_page()
        elif isinstance(block, Form):
            self._write_form(block)
        else:
            self._write_paragraph(block)

    def finish(self) -> None:
        self._close_page()
        self.canvas.save()

    def _open_page(self, is_landscape: bool) -> None:
        self._close_page()
        size = landscape(A4) if is_landscape else A4
        self.canvas.setPageSize(size)
        self.width, self.height = size
        self.top, self.is_open = self.height - MARGIN, True
        self.page_count += 1
        self.canvas.setLineWidth(0.5)

    def _close_page(self) -> None:
        if self.is_open:
            self.canvas.showPage()
            self.is_open = False

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        font, size, space = TEXT_STYLES[paragraph.style]
        if not self.is_open:
            self._open_page(self.is_landscape)
            if paragraph.style == "cover":
                self.top -= self.height / 4
        indent = "　　" if paragraph.style == "body" else ""
        self.top -= space
        for line in wrap(indent + paragraph.text, font, size, self.width - 2 * MARGIN):
            if self.top - size * LEADING < MARGIN:
                self._open_page(self.is_landscape)
            self.top -= size * LEADING
            self._text(
                line,
                MARGIN,
                self.width - MARGIN,
                self.top,
                font,
                size,
                "center" if paragraph.style in ("cover", "part") else "left",
            )

    def _write_form(self, form: Form) -> None:
        self._open_page(form.landscape)
        edge, right = MARGIN, self.width - MARGIN
        if form.number:
            self.top -= 12
            self._text(form.number, edge, right, self.top, BODY, 10.5, "left")
        self.top -= 20
        self._text(form.title, edge, right, self.top, TITLE, 15, "center")
        self.top -= 18
        self._text(form.issuer_line, edge, right, self.top, BODY, 9, "left")
        self._text(form.unit_line, edge, right, self.top, BODY, 9, "right")
        self.top -= 6
        scale = (right - edge) / sum(form.widths)
        lefts = [edge]
        for width in form.widths:
            lefts.append(lefts[-1] + width * scale)
        self._write_table(form, lefts)
        for note in form.notes:
            for line in wrap(note, BODY, CELL_SIZE, right - edge):
                self.top -= CELL_SIZE * LEADING + 2
                self._text(line, edge, right, self.top, BODY, CELL_SIZE, "left")
        self._close_page()

    def _write_table(self, form: Form, lefts: list[float]) -> None:
        rows: list[list[tuple[int, Cell, list[str]]]] = [[] for _ in form.header + form.body]
        for row_no, column, cell in form.grid():
            room = lefts[column + cell.span] - lefts[column] - 2 * CELL_PADDING
            rows[row_no].append((column, cell, wrap(cell.text, BODY, CELL_SIZE, room)))
        heights = [
            max((len(lines) for _, cell, lines in row if cell.depth == 1), default=1) * CELL_SIZE * LEADING
            + 6
            for row in rows
        ]
        _raise_deep_rows(rows, heights)
        head, floor = len(form.header), MARGIN + 24
        self._draw_rows(rows, heights, range(head), lefts)
        start = head
        while start < len(rows):
            end, height = start, 0.0
            while end < len(rows) and (end == start or self.top - height - heights[end] >= floor):
                height += heights[end]
                end += 1
            self._draw_rows(rows, heights, range(start, end), lefts)
            start = end
            if start < len(rows):
                self._open_page(form.landscape)
                if form.repeats_header:
                    self._draw_rows(rows, heights, range(head), lefts)

    def _draw_rows(
        self,
        rows: list[list[tuple[int, Cell, list[str]]]],
        heights: list[float],
        chosen: range,
        lefts: list[float],
    ) -> None:
        """Draw the rows of one page; a cell that a page cuts keeps its text and continues empty on the next page."""
        for above in range(chosen.start):
            for column, cell, _ in rows[above]:
                if above + cell.depth > chosen.start:
                    self._box(
                        lefts, column, cell, sum(heights[chosen.start : min(above + cell.depth, chosen.stop)])
                    )
        if self.rules == "heads":
            self.canvas.line(lefts[0], self.top, lefts[-1], self.top)
        for row_no in chosen:
            self.is_tinted = row_no % 2 == 1
            if self.rules == "bands" and self.is_tinted:
                self._tint(lefts, heights[row_no])
            for column, cell, lines in rows[row_no]:
                height = sum(heights[row_no : min(row_no + cell.depth, chosen.stop)])
                self._box(lefts, column, cell, height)
                if (
                    self.rules == "heads"
                    and cell.span > 1
                    and chosen.start == 0
                    and row_no + cell.depth < chosen.stop
                ):
                    level = self.top - height
                    self.canvas.line(lefts[column] + 2, level, lefts[column + cell.span] - 2, level)
                block = len(lines) * CELL_SIZE * LEADING
                baseline = self.top - (height - block) / 2 - CELL_SIZE
                left, right = lefts[column] + CELL_PADDING, lefts[column + cell.span] - CELL_PADDING
                for line in lines:
                    self._text(line, left, right, baseline, BODY, CELL_SIZE, cell.align)
                    baseline -= CELL_SIZE * LEADING
            self.top -= heights[row_no]
        if self.rules == "heads":
            self.canvas.line(lefts[0], self.top, lefts[-1], self.top)

    def _tint(self, lefts: list[float], height: float) -> None:
        self.canvas.setFillGray(TINT)
        self.canvas.rect(lefts[0], self.top - height, lefts[-1] - lefts[0], height, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def _box(self, lefts: list[float], column: int, cell: Cell, height: float) -> None:
        left, right = lefts[column], lefts[column + cell.span]
        if self.rules == "tints" and self.is_tinted:
            self.canvas.setFillGray(TINT)
            self.canvas.rect(left, self.top - height, right - left, height, stroke=0, fill=1)
            self.canvas.setFillGray(0)
        if self.rules == "all":
            self.canvas.rect(left, self.top - height, right - left, height)
        elif self.rules == "rows":
            for level in (self.top, self.top - height):
                self.canvas.line(left, level, right, level)

    def _text(
        self, text: str, left: float, right: float, baseline: float, font: str, size: float, align: str
    ) -> None:
        if not text:
            return
        width = 0.0 if align == "left" else text_width(text, font, size)
        start = {"left": left, "center": (left + right - width) / 2, "right": right - width}[align]
        self.canvas.setFont(font, size)
        self.canvas.drawString(start, baseline, text)


def _raise_deep_rows(rows: list[list[tuple[int, Cell, list[str]]]], heights: list[float]) -> None:
    """Make the last row of a cell that spans rows tall enough for its text."""
    for row_no, row in enumerate(rows):
        for _, cell, lines in row:
            needed = len(lines) * CELL_SIZE * LEADING + 6
            spanned = sum(heights[row_no : row_no + cell.depth])
            if needed > spanned:
                heights[row_no + cell.depth - 1] += needed - spanned

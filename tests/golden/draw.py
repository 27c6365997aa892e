"""Draws the golden cases' PDFs: lines of text and ruled tables at given places. Lengths are in points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import fontTools.ttLib
from pylopdf_fonts_zh_cn import serif_path
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.document.text import is_amount
from samples.fonts import truetype

LEFT, RIGHT, ROW = 50.0, 545.0, 18.0


@dataclass(frozen=True)
class Line:
    """A line of text: ``left``, ``center`` or ``right``."""

    text: str
    align: str = "left"
    size: float = 9.0


@dataclass(frozen=True)
class Grid:
    """A table: rows of cells, '' for an empty cell, '<' for one merged with the cell on its left, '^' above.

    ``sides`` False leaves out the outer vertical rules; ``rules`` False leaves out the horizontal ones
    between body rows, below ``head`` rows. ``columns`` False leaves out all vertical rules and prints figures at the right
    side of their columns; ``levels`` False leaves out all horizontal rules.
    """

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    sides: bool = True
    rules: bool = True
    head: int = 1
    columns: bool = True
    levels: bool = True


Page = tuple[Line | Grid, ...]


def draw(pages: tuple[Page, ...]) -> bytes:
    """The PDF's bytes; the same pages always give the same bytes."""
    name = _font()
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        top = A4[1] - 50
        canvas.setLineWidth(0.5)
        for block in page:
            top = (
                _line(canvas, block, name, top)
                if isinstance(block, Line)
                else _grid(canvas, block, name, top)
            )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _font() -> str:
    """The one font of all cases, with the characters that their programs print.

    It has its own name: the PDF library takes fonts with the same name for one font.
    """
    programs = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*/document.py")]
    characters = frozenset(map(ord, "".join(programs))) | frozenset(range(0x20, 0x7F))
    font = fontTools.ttLib.TTFont(BytesIO(truetype(serif_path(), characters)))
    for record in font["name"].names:
        record.string = "Golden"
    named = BytesIO()
    font.save(named)
    named.seek(0)
    pdfmetrics.registerFont(TTFont("Golden", named))
    return "Golden"


def _line(canvas: Canvas, line: Line, font: str, top: float) -> float:
    canvas.setFont(font, line.size)
    width = canvas.stringWidth(line.text, font, line.size)
    start = {"left": LEFT, "center": (LEFT + RIGHT - width) / 2, "right": RIGHT - width}[line.align]
    canvas.drawString(start, top - line.size, line.text)
    return top - line.size * 1.6


def _grid(canvas: Canvas, grid: Grid, font: str, top: float) -> float:
    scale = (RIGHT - LEFT) / sum(grid.widths)
    edges = [LEFT]
    for width in grid.widths:
        edges.append(edges[-1] + width * scale)
    last_row, last_col = len(grid.rows) - 1, len(grid.widths) - 1
    canvas.setFont(font, 7)
    for row_no, row in enumerate(grid.rows):
        for col_no, text in enumerate(row):
            y = top - row_no * ROW
            left_open = text == "<" or (col_no == 0 and not grid.sides) or not grid.columns
            above_open = text == "^" or (row_no > grid.head and not grid.rules) or not grid.levels
            if not left_open:
                canvas.line(edges[col_no], y, edges[col_no], y - ROW)
            if not above_open:
                canvas.line(edges[col_no], y, edges[col_no + 1], y)
            if col_no == last_col and grid.sides and grid.columns:
                canvas.line(edges[-1], y, edges[-1], y - ROW)
            if row_no == last_row and grid.levels:
                canvas.line(edges[col_no], y - ROW, edges[col_no + 1], y - ROW)
            if text not in ("<", "^", ""):
                is_right = not grid.columns and is_amount(text) and "." in text
                start = canvas.stringWidth(text, font, 7) if is_right else 0.0
                side = edges[col_no + 1] - 2 - start if is_right else edges[col_no] + 2
                canvas.drawString(side, y - 12, text)
    return top - len(grid.rows) * ROW - 6

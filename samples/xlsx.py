"""Writes a sample document as a workbook: a sheet per run of paragraphs and per form.

Figures are stored as numbers under the format that prints them as the form does; codes and words are texts.
"""

import io
import re

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as StoredCell
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.model import Cell, Form, PageBreak, Paragraph, SampleDocument
from samples.package import without_clock

_FIGURE = re.compile(r"-?(?:\d{1,3}(?P<commas>(?:,\d{3})+)|\d{1,15})(?:\.(?P<decimals>\d{1,4}))?")
_RULES = Border(**{side: Side("thin") for side in ("left", "right", "top", "bottom")})


def render_xlsx(document: SampleDocument) -> bytes:
    """The workbook's bytes."""
    book = Workbook()
    book.remove(book.active)
    sheet: Worksheet | None = None
    for block in document.blocks:
        if isinstance(block, Form):
            _write_form(book.create_sheet(f"表{len(book.worksheets) + 1}"), block)
            sheet = None
        elif isinstance(block, Paragraph):
            sheet = sheet or book.create_sheet(f"说明{len(book.worksheets) + 1}")
            sheet.append([block.text])
        elif isinstance(block, PageBreak):
            sheet = None
    written = io.BytesIO()
    book.save(written)
    return without_clock(written.getvalue())


def _write_form(sheet: Worksheet, form: Form) -> None:
    width = len(form.widths)
    for line in (form.number, form.title):
        if line:
            sheet.append([line])
            sheet.merge_cells(
                start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=width
            )
    sheet.append([form.issuer_line or None, *[None] * (width - 2), form.unit_line])
    first_row = sheet.max_row + 1
    for row_no, column, cell in form.grid():
        row = first_row + row_no
        _store(sheet.cell(row, column + 1), cell)
        sheet.cell(row, column + 1).border = _RULES
        if cell.depth > 1 or cell.span > 1:
            sheet.merge_cells(
                start_row=row,
                end_row=row + cell.depth - 1,
                start_column=column + 1,
                end_column=column + cell.span,
            )
    for note in form.notes:
        sheet.append([note])


def _store(stored: StoredCell, cell: Cell) -> None:
    figure = _FIGURE.fullmatch(cell.text) if cell.facts else None
    if figure:
        decimals = len(figure["decimals"] or "")
        number = cell.text.replace(",", "")
        stored.value = float(number) if decimals else int(number)
        stored.number_format = ("#,##0" if figure["commas"] else "0") + (
            "." + "0" * decimals if decimals else ""
        )
    elif cell.text:
        stored.value = cell.text
        stored.data_type = "s"

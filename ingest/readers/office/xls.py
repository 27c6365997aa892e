"""XLS (Excel 5 to 2003) -> sheets of printed cells, by xlrd. For a formula, the result stored in the file is read."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile
import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.formatting import XF
from xlrd.sheet import Sheet as StoredSheet

from ingest.config import LIMITS
from ingest.document.model import Document
from ingest.outcomes import DocumentError, Reason
from ingest.readers.office.number_format import CHINESE_DATES, printed_number, printed_text
from ingest.readers.office.sheets import Sheet, document_of

MEDIA_TYPE = "application/vnd.ms-excel"
_LEAST_BIFF = 50
"""Workbooks of Excel 4 and earlier have one sheet and other formats."""


def read_xls(data: bytes) -> Document:
    """The visible sheets of a workbook as pages of lines and tables; hidden sheets, rows and columns are not read.

    Raises DocumentError: OFFICE_DAMAGED, OFFICE_ENCRYPTED, OFFICE_TOO_OLD, CONTENT_TOO_LARGE, or NO_CONTENT where no
    sheet prints anything.
    """
    stream = _stream(data)
    try:
        book = xlrd.open_workbook(
            file_contents=stream,
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
    except Exception as error:  # xlrd raises many kinds of errors for damaged bytes
        if "encrypted" in str(error).lower():
            raise DocumentError(
                Reason.OFFICE_ENCRYPTED, "the workbook is encrypted and needs a password"
            ) from error
        raise DocumentError(Reason.OFFICE_DAMAGED, f"the workbook cannot be read: {error!r}") from error
    if book.biff_version < _LEAST_BIFF:
        raise DocumentError(
            Reason.OFFICE_TOO_OLD,
            "the bytes are a workbook of Excel 4 or earlier, which is too old; save it in a newer format",
        )
    return document_of(MEDIA_TYPE, _sheets(book))


def _stream(data: bytes) -> bytes:
    """The workbook's own stream, extracted from its container if it has one.

    olefile extracts it, since xlrd follows circular chains of sectors in a damaged container without end.
    """
    if not olefile.isOleFile(data=data):
        return data
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            name = next(name for name in ("Workbook", "Book") if container.exists(name))
            return bytes(container.openstream(name).read())
    except Exception as error:  # a damaged container raises many kinds of errors
        raise DocumentError(
            Reason.OFFICE_DAMAGED, f"the OLE2 container holds no readable workbook: {error!r}"
        ) from error


def _sheets(book: Book) -> Iterator[Sheet]:
    for number, name in enumerate(book.sheet_names(), start=1):
        try:
            stored = book.sheet_by_index(number - 1)
        except Exception as error:  # as above: sheets are parsed one by one
            raise DocumentError(Reason.OFFICE_DAMAGED, f"sheet {name!r} cannot be read: {error!r}") from error
        sheet = Sheet(number, name)
        if stored.visibility:
            sheet.unread = "hidden, not read"
        else:
            _fill(sheet, stored, book)
        book.unload_sheet(number - 1)
        yield sheet


def _fill(sheet: Sheet, stored: StoredSheet, book: Book) -> None:
    sheet.merges = [
        (first_row, first_col, max(first_row, stop_row - 1), max(first_col, stop_col - 1))
        for first_row, stop_row, first_col, stop_col in stored.merged_cells
    ]
    sheet.hidden_rows = {
        row for row, about in stored.rowinfo_map.items() if about.hidden or about.height == 0
    }
    sheet.hidden_cols = {col for col, about in stored.colinfo_map.items() if about.hidden or about.width == 0}
    printed = 0
    for row in range(stored.nrows):
        for col in range(stored.row_len(row)):
            kind, style = stored.cell_type(row, col), _style(sheet, book, stored.cell_xf_index(row, col))
            if style.border.left_line_style or style.border.right_line_style:
                sheet.ruled_rows.add(row)
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            printed += 1
            if printed > LIMITS.cells:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"sheet {sheet.name!r} has more than {LIMITS.cells} cells"
                )
            code = _code(book, style.format_key)
            sheet.put(row, col, _printed(kind, stored.cell_value(row, col), code, stored, book))


def _style(sheet: Sheet, book: Book, number: int) -> XF:
    try:
        return book.xf_list[number]
    except IndexError as error:
        raise DocumentError(
            Reason.OFFICE_DAMAGED, f"sheet {sheet.name!r} uses style {number}, which the workbook lacks"
        ) from error


def _code(book: Book, key: int) -> str:
    """The number format of a style; where it depends on the country, the Chinese one."""
    if key in CHINESE_DATES and key not in book.format_map:
        return CHINESE_DATES[key]
    known = book.format_map.get(key)
    code: str = (known and known.format_str) or "General"
    return CHINESE_DATES.get(key, code) if code == "General" or key in (14, 22) else code


def _printed(kind: int, value: float | str, code: str, stored: StoredSheet, book: Book) -> str:
    if kind == xlrd.XL_CELL_TEXT:
        return printed_text(str(value), code)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(error_text_from_code.get(int(value), "#N/A"))
    if value == 0 and not stored.show_zero_values:
        return ""
    return printed_number(float(value), code, starts_1904=book.datemode == 1)

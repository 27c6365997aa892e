"""PDF with a text layer -> Document, by pdfplumber. Knows pages, rules and characters; nothing about budgets."""

from __future__ import annotations

import io
from bisect import bisect_left
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
from pdfplumber.page import Page
from pdfplumber.table import Table as RuledTable

from ingest.model import Block, Box, Cell, Document, Table, TextLine
from ingest.model import Page as PageRecord
from ingest.outcomes import DocumentError, Reason
from ingest.readers.scanned import is_scan

MEDIA_TYPE = "application/pdf"
_LEAST_COLUMN = 8.0
"""How far, in points, rules must go beyond a table's side to hold another column."""


def read_pdf(data: bytes) -> Document:
    """The pages of a PDF as lines and ruled tables in reading order.

    Raises DocumentError: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_TEXT where nothing is printed, or SCAN_UNREADABLE where OCR can
    read none of what is.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            blocks: list[Block] = []
            pages: list[PageRecord] = []
            pictures = _pictures(data)
            for page in pdf.pages:
                seen = _scanned(pictures, page.page_number) or (
                    _page_blocks(page),
                    PageRecord(page.page_number, page.width, page.height, "pdfplumber"),
                )
                blocks.extend(seen[0])
                pages.append(seen[1])
                page.close()
            page_count = len(pdf.pages)
    except Exception as error:
        if "PDFPasswordIncorrect" in repr(error):  # pdfplumber wraps pdfminer's errors in its own
            raise DocumentError(
                Reason.PDF_ENCRYPTED, "the PDF is encrypted and asks for a password"
            ) from error
        raise DocumentError(Reason.PDF_DAMAGED, f"the PDF cannot be read: {error!r}") from error
    if page_count == 0:
        raise DocumentError(Reason.PDF_DAMAGED, "the PDF has no pages")
    if not blocks and any(page.confidence is not None for page in pages):
        raise DocumentError(
            Reason.SCAN_UNREADABLE, f"OCR finds no readable word on the {page_count} pages of the PDF"
        )
    if not blocks:
        raise DocumentError(Reason.PDF_NO_TEXT, f"nothing is printed on the {page_count} pages of the PDF")
    return Document(MEDIA_TYPE, blocks, page_count, pages)


def _pictures(data: bytes) -> pdfium.PdfDocument | None:
    """The document for OCR; None where only pdfplumber can read it."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return None


def _scanned(pictures: pdfium.PdfDocument | None, page_no: int) -> tuple[list[Block], PageRecord] | None:
    """What OCR reads of a page that is a scan; None for a page with text."""
    if pictures is None or not is_scan(pictures[page_no - 1]):
        return None
    from ingest.readers.scan import read_page  # takes a second to import

    return read_page(pictures[page_no - 1], page_no)


def _page_blocks(page: Page) -> list[Block]:
    ruled = page.find_tables()
    closing = _closing_rules(page, ruled)
    if closing:
        ruled = page.find_tables({"explicit_vertical_lines": closing})
    tables = [_table(found, page.page_number, number) for number, found in enumerate(ruled, start=1)]
    boxes = [found.bbox for found in ruled]
    outside = page.filter(lambda item: not _inside_any(item, boxes)) if boxes else page
    lines = [
        TextLine(
            text=line["text"],
            ref=f"p{page.page_number}l{number}",
            page_no=page.page_number,
            line_no=number,
            box=(line["x0"], line["top"], line["x1"], line["bottom"]),
        )
        for number, line in enumerate(outside.extract_text_lines(return_chars=False), start=1)
    ]
    blocks: list[Block] = [*lines, *(table for table in tables if any(cell.text for cell in table.cells))]
    return sorted(blocks, key=lambda block: (block.box or (0, 0, 0, 0))[1])


def _closing_rules(page: Page, ruled: list[RuledTable]) -> list[dict[str, Any]]:
    """The outer vertical rules that tables lack whose horizontal rules go on beyond their last vertical ones."""
    closing = []
    levels = [edge for edge in page.edges if edge["orientation"] == "h"] if ruled else []
    for found in ruled:
        left, top, right, bottom = found.bbox
        across = [
            edge
            for edge in levels
            if top - 1 <= edge["top"] <= bottom + 1 and edge["x0"] < right + 1 and edge["x1"] > left - 1
        ]
        ends = (
            min((edge["x0"] for edge in across), default=left),
            max((edge["x1"] for edge in across), default=right),
        )
        for end, side in zip(ends, (left, right), strict=True):
            if abs(end - side) > _LEAST_COLUMN:
                closing.append(
                    {
                        "object_type": "line",
                        "orientation": "v",
                        "x0": end,
                        "x1": end,
                        "top": top,
                        "bottom": bottom,
                    }
                    | {"width": 0, "height": bottom - top}
                )
    return closing


def _inside_any(item: dict[str, Any], boxes: list[Box]) -> bool:
    if item["object_type"] != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)


def _table(found: RuledTable, page_no: int, table_no: int) -> Table:
    lefts = sorted({cell[0] for cell in found.cells})
    tops = sorted({cell[1] for cell in found.cells})
    texts = found.extract()
    cells = []
    for row_no, row in enumerate(found.rows):
        for col_no, box in enumerate(row.cells):
            if box is None:
                continue
            cells.append(
                Cell(
                    text=texts[row_no][col_no] or "",
                    row=row_no,
                    col=col_no,
                    ref=f"p{page_no}t{table_no}r{row_no + 1}c{col_no + 1}",
                    row_span=max(1, bisect_left(tops, box[3] - 0.1) - row_no),
                    col_span=max(1, bisect_left(lefts, box[2] - 0.1) - col_no),
                    box=box,
                )
            )
    return Table(
        cells=cells,
        row_count=len(tops),
        col_count=len(lefts),
        page_no=page_no,
        box=found.bbox,
        has_spans=True,
        col_edges=(*lefts, max(cell[2] for cell in found.cells)),
    )

"""A page of a PDF as pdfplumber reads it: the reference for the fast way, and what is used where that is unsure."""

from __future__ import annotations

from typing import Any

from pdfplumber.page import Page

from ingest.model import Block, Box
from ingest.readers.page_blocks import closing_rules, in_order, table_of, text_line


def read_page(page: Page) -> list[Block]:
    """The page's tables and the lines outside them. Raises what pdfplumber raises where the content is damaged."""
    ruled = page.find_tables()
    levels = [(edge["top"], edge["x0"], edge["x1"]) for edge in page.edges if edge["orientation"] == "h"]
    closing = closing_rules([found.bbox for found in ruled], levels) if ruled else []
    if closing:
        ruled = page.find_tables({"explicit_vertical_lines": [_as_line(*rule) for rule in closing]})
    tables = []
    for number, found in enumerate(ruled, start=1):
        texts = {
            box: text or ""
            for row, row_texts in zip(found.rows, found.extract(), strict=True)
            for box, text in zip(row.cells, row_texts, strict=True)
            if box
        }
        tables.append(table_of(list(texts), texts, page.page_number, number))
    boxes = [found.bbox for found in ruled]
    outside = page.filter(lambda item: not _inside_any(item, boxes)) if boxes else page
    lines = [
        text_line(
            line["text"],
            (line["x0"], line["top"], line["x1"], line["bottom"]),
            page.page_number,
            number,
        )
        for number, line in enumerate(outside.extract_text_lines(return_chars=False), start=1)
    ]
    return in_order(lines, [table for table in tables if any(cell.text for cell in table.cells)])


def _as_line(x: float, top: float, bottom: float) -> dict[str, Any]:
    return {
        "object_type": "line",
        "orientation": "v",
        "x0": x,
        "x1": x,
        "top": top,
        "bottom": bottom,
        "width": 0,
        "height": bottom - top,
    }


def _inside_any(item: dict[str, Any], boxes: list[Box]) -> bool:
    if item["object_type"] != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

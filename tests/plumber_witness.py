"""A PDF as pdfplumber itself reads it, word by word and cell by cell: the reference with which the reader is compared.

It groups characters by the boxes that fonts claim, reads slanted text and text that is drawn twice, and takes
invisible shapes for rules. On a page without any of these, both must read the same.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pdfplumber
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.geometry import filter_edges, snap_objects

from ingest.document.model import Block, Box, Document
from ingest.readers.page.page_blocks import closing, in_order, table_of, text_line
from ingest.readers.page.printed import as_rows
from ingest.readers.page.ruled_tables import LEAST_PIECE, TOLERANCE, bands


def read_pdf(data: bytes, has_white: bool = True) -> Document:
    """The whole document; without the boxes that are painted white where not ``has_white``."""
    with pdfplumber.open(BytesIO(data)) as pdf:
        pages = [page if has_white else page.filter(_is_no_white_box) for page in pdf.pages]
        return Document("", [block for page in pages for block in read_page(page)], len(pages))


def _is_no_white_box(item: dict[str, Any]) -> bool:
    if item["object_type"] != "rect" or item["stroke"]:
        return True
    return item["non_stroking_color"] not in (1, (1,), (1.0,), (1, 1, 1), (0, 0, 0, 0))


def read_page(page: Page) -> list[Block]:
    """The page's tables and the lines outside them."""
    ruled = _find_tables(page, [], [])
    across = [(edge["top"], edge["x0"], edge["x1"]) for edge in page.edges if edge["orientation"] == "h"]
    down = [(edge["x0"], edge["top"], edge["bottom"]) for edge in page.edges if edge["orientation"] == "v"]
    rules, levels = closing([found.bbox for found in ruled], as_rows(down, 3), as_rows(across, 3))
    if rules or levels:
        ruled = _find_tables(page, rules, levels)
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


def _find_tables(
    page: Page, rules: list[tuple[float, float, float]], levels: list[tuple[float, float, float]]
) -> list[Table]:
    """The page's tables, vertical rules drawn together band by band; pdfplumber does so over the page."""
    across = filter_edges(page.edges, "h", min_length=LEAST_PIECE)
    down = filter_edges(page.edges, "v", min_length=LEAST_PIECE)
    down.extend(_as_line(*rule) for rule in rules)
    if not across or len(down) < 2:
        return []
    numbers = bands(
        np.array([(edge["x0"], edge["top"], edge["bottom"]) for edge in down]),
        np.array([(edge["top"], edge["x0"], edge["x1"]) for edge in across] + levels),
    ).tolist()
    of_band: dict[int, list[dict[str, Any]]] = {}
    for number, edge in zip(numbers, down, strict=True):
        of_band.setdefault(number, []).append(_as_line(edge["x0"], edge["top"], edge["bottom"]))
    drawn = [edge for edges in of_band.values() for edge in snap_objects(edges, "x0", TOLERANCE)]
    return page.find_tables(
        {
            "vertical_strategy": "explicit",
            "explicit_vertical_lines": drawn,
            "explicit_horizontal_lines": [_as_level(*level) for level in levels],
            "snap_x_tolerance": 0,
        }
    )


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


def _as_level(y: float, left: float, right: float) -> dict[str, Any]:
    return {
        "object_type": "line",
        "orientation": "h",
        "x0": left,
        "x1": right,
        "top": y,
        "bottom": y,
        "width": right - left,
        "height": 0,
    }


def _inside_any(item: dict[str, Any], boxes: list[Box]) -> bool:
    if item["object_type"] != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

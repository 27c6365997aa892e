"""A page of a PDF as pdfplumber sees it: the reference for every other reader of PDF pages, and their fallback."""

from __future__ import annotations

import numpy as np
from pdfplumber.page import Page

from ingest.readers.printed import Geometry, PrintedPage, as_rows


def geometry_of(page: Page) -> Geometry:
    """The page's size and the matrix of its content, by its MediaBox and rotation."""
    x0, y0, x1, y1 = (float(side) for side in page.page_obj.mediabox)
    matrix = {
        90: (0.0, -1.0, 1.0, 0.0, -y0, x1),
        180: (-1.0, 0.0, 0.0, -1.0, x1, y1),
        270: (0.0, 1.0, -1.0, 0.0, y1, -x0),
    }.get(page.page_obj.rotate, (1.0, 0.0, 0.0, 1.0, -x0, -y0))
    a, b, c, d, e, f = matrix
    left, top = float(page.mediabox[0]), float(page.mediabox[1])
    height = float(page.height)
    return Geometry(float(page.width), height, (a, -b, c, -d, e + left, height - f + top))


def read_page(page: Page) -> PrintedPage:
    """The page's characters and rules. Raises what pdfplumber raises where the content is damaged."""
    chars = page.chars
    edges = page.edges
    return PrintedPage(
        width=float(page.width),
        height=float(page.height),
        texts=[char["text"] for char in chars],
        boxes=as_rows([(char["x0"], char["top"], char["x1"], char["bottom"]) for char in chars], 4),
        upright=np.array([bool(char["upright"]) for char in chars], dtype=np.bool_),
        verticals=as_rows(
            [(edge["x0"], edge["top"], edge["bottom"]) for edge in edges if edge["orientation"] == "v"], 3
        ),
        horizontals=as_rows(
            [(edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h"], 3
        ),
    )

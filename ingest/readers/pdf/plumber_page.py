"""A page of a PDF as pdfplumber sees it: used for files that pdfium cannot open or would misread."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfplumber.page import Page

from ingest.document.model import Block
from ingest.readers.page.page_blocks import blocks_of
from ingest.readers.page.printed import Numbers, PrintedPage, as_rows
from ingest.readers.page.visible import DESCENT, PALE, WHITE, Mask, orientations, seen, unseen
from ingest.readers.pdf.streams import EXPONENT

_DOWNWARD = 0.25
"""The distance, in ems, from which the pen is inside a character's box: it moves down, and the font gives the box."""
logging.getLogger("pdfminer").setLevel(logging.ERROR)
"""Silenced: it warns about each font; the page's record says what cannot be read of a page."""


def read_page(page: Page, before: Sequence[float] | None = None) -> list[Block]:
    """The page's tables and the lines outside them; ``before`` as for ``blocks_of``.

    Raises what pdfplumber raises where the content is damaged.
    """
    _mend_numbers(page.page_obj)
    verticals, horizontals = _rules(page)
    printed = PrintedPage(float(page.width), float(page.height), *_chars(page), verticals, horizontals)
    return blocks_of(printed, page.page_number, before)


def _mend_numbers(page: PDFPage) -> None:
    """Write the numbers with an exponent that the page's content and forms have as PDF knows them, where they are read
    from: pdfminer takes 6.1e-17 for 6.1.
    """
    for stream in _streams(page):
        content = stream.get_data()
        if EXPONENT.search(content):
            stream.data = EXPONENT.sub(lambda found: b"%.9f" % float(found[0]), content)


def _streams(page: PDFPage) -> Iterator[PDFStream]:
    """The page's content, and its forms' as far as they can be found."""
    for content in page.contents:
        stream = resolve1(content)
        if isinstance(stream, PDFStream):
            yield stream
    seen: list[PDFStream] = []
    open_resources = [page.resources]
    while open_resources:
        resources = resolve1(open_resources.pop())
        objects = resolve1(resources.get("XObject")) if isinstance(resources, dict) else None
        for reference in objects.values() if isinstance(objects, dict) else ():
            form = resolve1(reference)
            if isinstance(form, PDFStream) and _is_form(form) and form not in seen:
                seen.append(form)
                open_resources.append(form.get("Resources"))
                yield form


def _is_form(stream: PDFStream) -> bool:
    kind = resolve1(stream.get("Subtype"))
    return isinstance(kind, PSLiteral) and kind.name == "Form"


def _chars(page: Page) -> tuple[list[str], Numbers, Mask, Numbers]:
    """The characters that are print, where they stand on the page: raised ones on the line that they are raised from."""
    chars = page.chars
    matrices = as_rows([char["matrix"] for char in chars], 6)
    steps = np.array([float(char["adv"]) for char in chars])
    left, top, right, bottom = as_rows(
        [[char[side] for side in ("x0", "top", "x1", "bottom")] for char in chars], 4
    ).T
    a, b, c, d, e, f = matrices.T
    width, height = right - left, bottom - top
    is_level = np.abs(d) >= np.abs(c)
    size = np.where(is_level, height - np.abs(b * steps), width - np.abs(a * steps))
    em = size / np.maximum(np.where(is_level, np.abs(d), np.abs(c)), 1e-12)
    sign = np.where(steps < 0, -1.0, 1.0)
    ahead, upward = (
        np.stack([a, -b], axis=1) * sign[:, None],
        np.stack([c, -d], axis=1) * (sign * em)[:, None],
    )
    x, y = e + float(page.mediabox[0]), float(page.height) - f + float(page.mediabox[1])
    origins, advances = np.stack([x, y], axis=1), np.hypot(a, b) * np.abs(steps)
    down = (b == 0) & (np.minimum(x - left, right - x) > _DOWNWARD * size)
    origins[down] = np.stack([left, bottom - DESCENT * height], axis=1)[down]
    ahead[down], advances[down] = (1.0, 0.0), width[down]
    upward[down] = np.stack([0 * height, -height], axis=1)[down]
    return seen(
        [char["text"] for char in chars],
        origins,
        ahead,
        advances,
        upward,
        lambda some: np.array([_is_bright(chars[n]["non_stroking_color"], PALE) for n in some], np.bool_),
    )


def _rules(page: Page) -> tuple[Numbers, Numbers]:
    """The vertical and horizontal rules of the page's painted paths; a side of a box is a rule too."""
    shapes = [*page.rects, *page.curves, *page.lines]
    hidden = {id(shape) for shape, is_hidden in zip(shapes, _unseen(shapes), strict=True) if is_hidden}
    edges = page.filter(lambda item: id(item) not in hidden).edges if hidden else page.edges
    left, right, top, bottom = as_rows(
        [[edge[side] for side in ("x0", "x1", "top", "bottom")] for edge in edges], 4
    ).T
    level, upright = orientations(right - left, bottom - top)
    verticals = np.stack([(left + right) / 2, top, bottom], axis=1)
    horizontals = np.stack([(top + bottom) / 2, left, right], axis=1)
    return verticals[upright], horizontals[level]


def _unseen(shapes: list[dict[str, Any]]) -> Mask:
    is_filled = np.array([bool(shape["fill"]) for shape in shapes], np.bool_)
    is_white = np.array(
        [
            (not shape["fill"] or _is_bright(shape["non_stroking_color"], WHITE))
            and (not shape["stroke"] or _is_bright(shape["stroking_color"], WHITE))
            for shape in shapes
        ],
        np.bool_,
    )
    boxes = as_rows([[shape[side] for side in ("x0", "top", "x1", "bottom")] for shape in shapes], 4)
    return unseen(is_white, is_filled, boxes)


def _is_bright(colour: Any, least: float) -> bool:
    """Whether a colour of one (grey), three (RGB) or four (CMYK) parts is at least that bright; a pattern is not."""
    parts = list(colour) if isinstance(colour, tuple | list) else [colour]
    if not all(isinstance(part, int | float) for part in parts):
        return False
    if len(parts) == 4:
        return all(part <= 1 - least for part in parts)
    return len(parts) in (1, 3) and all(part >= least for part in parts)

"""Text that only its place on the page makes a table: pieces with their places -> lines and grids without rules.

Used for pages that converters place piece by piece (web) and for columns that blanks align (plain text). A page of such
pieces is a printed page without rules, and is read as one of a PDF is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from ingest.document.model import Box
from ingest.readers.pdf.open_lines import has_rows
from ingest.readers.pdf.open_tables import OpenTable, open_tables
from ingest.readers.pdf.printed import PrintedPage, as_rows
from ingest.readers.pdf.printed_text import lines_of, text_of

_EM = 10.0
"""The height of most pieces in points, whatever the unit of their places."""
_DESCENT = 0.12
"""Ems from the base line to the lower side of a character's box."""


@dataclass(slots=True)
class Piece:
    """A text and where it stands: its left side, where each of its characters ends, the middle of its line and its height,
    in any unit; ``line_no`` is the line of the file.
    """

    text: str
    left: float
    ends: list[float]
    middle: float
    height: float
    line_no: int


@dataclass(slots=True)
class PlacedLine:
    """A line of text."""

    text: str
    line_no: int


@dataclass(slots=True)
class PlacedCell:
    """A cell: its row and column, how many of them it spans, and its text."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    line_no: int


@dataclass(slots=True)
class PlacedGrid:
    """A table's cells, the edges of its columns in the page's measure, and the first and last line of the file in it."""

    cells: list[PlacedCell]
    row_count: int
    col_count: int
    edges: list[float]
    lines: tuple[int, int]


@dataclass(slots=True)
class PlacedPage:
    """The lines and tables of a page from top to bottom.

    ``edges`` are those of the columns with which it ends, for a table that goes on on the next page.
    """

    items: list[PlacedLine | PlacedGrid]
    edges: list[float] | None


def arrange(pieces: Sequence[Piece], before: Sequence[float] | None = None) -> PlacedPage:
    """The lines and tables of a page; ``before`` are the edges with which the page before it ended."""
    page, owners = _printed(pieces)
    everything = range(len(page.texts))
    tables: list[OpenTable] = []
    rest: Iterable[int] = everything
    if has_rows(text for text, _, _ in lines_of(page, everything)):
        tables = open_tables(page, everything, [], before)
        taken = {char for table in tables for char in table.chars}
        rest = [char for char in everything if char not in taken]
    placed: list[tuple[float, PlacedLine | PlacedGrid]] = [
        (box[1], PlacedLine(text, owners[chars[0]].line_no)) for text, box, chars in lines_of(page, list(rest))
    ]
    placed += [(min(top for _, top, _, _ in table.cells), _grid(page, table, owners)) for table in tables]
    placed.sort(key=lambda each: each[0])
    items = [item for _, item in placed]
    ends = [item for item in items[-_LAST:] if isinstance(item, PlacedGrid)]
    return PlacedPage(items, ends[-1].edges if ends else None)


_LAST = 3
"""From behind, the lines and tables of a page among which its last table stands if it may go on on the next page."""


def _printed(pieces: Sequence[Piece]) -> tuple[PrintedPage, list[Piece]]:
    """A page with the characters of the pieces, and the piece of each character."""
    scale = _EM / median([piece.height for piece in pieces]) if pieces else 1.0
    texts: list[str] = []
    owners: list[Piece] = []
    boxes: list[list[float]] = []
    for piece in sorted(pieces, key=lambda each: (each.middle, each.left)):
        top, bottom = piece.middle - piece.height / 2, piece.middle + piece.height / 2
        starts = [piece.left, *piece.ends[:-1]]
        texts += piece.text
        owners += [piece] * len(piece.text)
        boxes += [[start, top, end, bottom] for start, end in zip(starts, piece.ends, strict=True)]
    placed = as_rows(boxes, 4) * scale
    heights = placed[:, 3] - placed[:, 1]
    width, height = (float(placed[:, side].max()) if len(placed) else 0.0 for side in (2, 3))
    levels = placed[:, 3] - _DESCENT * heights
    upright = np.ones(len(texts), np.bool_)
    return PrintedPage(width, height, texts, placed, upright, levels, as_rows([], 3), as_rows([], 3)), owners


def _grid(page: PrintedPage, table: OpenTable, owners: Sequence[Piece]) -> PlacedGrid:
    lefts = sorted({box[0] for box in table.cells})
    tops = sorted({box[1] for box in table.cells})
    lines = [owners[char].line_no for char in table.chars]
    cells = list(_cells(page, table.cells, lefts, tops, owners))
    return PlacedGrid(cells, len(tops), len(lefts), list(table.edges), (min(lines), max(lines)))


def _cells(
    page: PrintedPage,
    cells: dict[Box, list[int]],
    lefts: Sequence[float],
    tops: Sequence[float],
    owners: Sequence[Piece],
) -> Iterator[PlacedCell]:
    """The cells row by row; one that prints nothing is on the line of those beside it."""
    line_of = {
        top: min(owners[char].line_no for box, chars in cells.items() if box[1] == top for char in chars)
        for top in tops
        if any(chars for box, chars in cells.items() if box[1] == top)
    }
    last = min(line_of.values())
    for box, chars in sorted(cells.items(), key=lambda each: (each[0][1], each[0][0])):
        row, col = tops.index(box[1]), lefts.index(box[0])
        last = line_of.get(box[1], last)
        yield PlacedCell(
            row,
            col,
            max(1, bisect_left(tops, box[3] - 0.1) - row),
            max(1, bisect_left(lefts, box[2] - 0.1) - col),
            text_of(page, sorted(chars)),
            min((owners[char].line_no for char in chars), default=last),
        )

"""Text that only its place on the page makes a table: pieces with their places -> lines and grids without rules.

Used for pages that converters place piece by piece (web) and for columns that blanks align (plain text). A page of such
pieces is a printed page without rules, and is read as one of a PDF is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from ingest.readers.page.open_lines import has_rows
from ingest.readers.page.open_tables import OpenTable, open_tables
from ingest.readers.page.page_blocks import last_table, places_of
from ingest.readers.page.printed import Numbers, PrintedPage, as_rows
from ingest.readers.page.printed_text import lines_of, text_of
from ingest.readers.page.visible import DESCENT

_EM = 10.0
"""The height of most pieces in points, whatever the unit of their places."""
_ONE_LINE = 0.5
"""Heights by which the middles of the pieces of one line differ at most."""
_STEP, _MOST_STEPS = 0.15, 8
"""The heights by which the level of a font is tried, and how often up and down."""
_LEAST_OF_FONT, _MOSTLY = 4, 0.6
"""How many pieces of a font tell its level, and the share of them that is enough."""
_LEAST_GAP = 0.35
"""Heights between two pieces of a line."""


@dataclass(slots=True)
class Piece:
    """A text and where it stands: its left side, where each of its characters ends, the middle of its line and its height,
    in any unit; ``line_no`` is the line of the file, ``font`` a name of its font.
    """

    text: str
    left: float
    ends: list[float]
    middle: float
    height: float
    line_no: int
    font: str = ""


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
    levelled = _levelled(pieces) if pieces else []
    page, owners = _printed(pieces if levelled is None else levelled)
    everything = range(len(page.texts))
    tables: list[OpenTable] = []
    rest: Iterable[int] = everything
    if levelled is not None and has_rows(text for text, _, _ in lines_of(page, everything)):
        tables = open_tables(page, everything, [], before)
        taken = {char for table in tables for char in table.chars}
        rest = [char for char in everything if char not in taken]
    placed: list[tuple[float, PlacedLine | PlacedGrid]] = [
        (box[1], PlacedLine(text, owners[chars[0]].line_no))
        for text, box, chars in lines_of(page, list(rest))
    ]
    placed += [(min(top for _, top, _, _ in table.cells), _grid(page, table, owners)) for table in tables]
    placed.sort(key=lambda each: each[0])
    items = [item for _, item in placed]
    last = last_table(items, PlacedGrid)
    return PlacedPage(items, last.edges if last else None)


def _printed(pieces: Sequence[Piece]) -> tuple[PrintedPage, list[Piece]]:
    """A page with the characters of the pieces, and the piece of each character."""
    scale = _EM / median([piece.height for piece in pieces]) if pieces else 1.0
    pieces = list(_apart(pieces))
    texts: list[str] = []
    owners: list[Piece] = []
    boxes: list[list[float]] = []
    for piece in pieces:
        top, bottom = piece.middle - piece.height / 2, piece.middle + piece.height / 2
        starts = [piece.left, *piece.ends[:-1]]
        texts += piece.text
        owners += [piece] * len(piece.text)
        boxes += [[start, top, end, bottom] for start, end in zip(starts, piece.ends, strict=True)]
    placed = as_rows(boxes, 4) * scale
    heights = placed[:, 3] - placed[:, 1]
    width, height = (float(placed[:, side].max()) if len(placed) else 0.0 for side in (2, 3))
    levels = placed[:, 3] - DESCENT * heights
    upright = np.ones(len(texts), np.bool_)
    return PrintedPage(width, height, texts, placed, upright, levels, as_rows([], 3), as_rows([], 3)), owners


def _levelled(pieces: Sequence[Piece]) -> list[Piece] | None:
    """The pieces with their fonts on one level: converters place a text by how high its font reaches, so that figures may stand
    above or below the names of their row by a distance of their own. None where the distance may be one to another row.
    """
    middles: dict[str, list[float]] = {}
    for piece in pieces:
        middles.setdefault(piece.font, []).append(piece.middle)
    height = median([piece.height for piece in pieces])
    common = np.array(sorted(middles[max(middles, key=lambda font: len(middles[font]))]))
    shifts: dict[str, float] = {}
    for font, own in middles.items():
        met = {
            step: _count_near(common, np.array(own) - step * _STEP * height, _STEP * height)
            for step in range(-_MOST_STEPS, _MOST_STEPS + 1)
        }
        best = max(met, key=lambda step: (met[step], -abs(step)))
        if met[best] < max(_LEAST_OF_FONT, _MOSTLY * len(own)) or met[0] > _MOSTLY * met[best]:
            continue
        others = [count for step, count in met.items() if abs(step - best) * _STEP > _ONE_LINE]
        if max(others, default=0) > _MOSTLY * met[best]:
            return None
        shifts[font] = best * _STEP * height
    return [replace(piece, middle=piece.middle - shifts.get(piece.font, 0.0)) for piece in pieces]


def _count_near(levels: Numbers, places: Numbers, reach: float) -> int:
    """How many places are within a distance of one of the levels, which are in order."""
    first = np.searchsorted(levels, places - reach, "left")
    return int((first < np.searchsorted(levels, places + reach, "right")).sum())


def _apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces line by line, none reaching into the next one of its line: how wide letters are is an estimate."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: each.middle):
        if not lines or piece.middle - lines[-1][0].middle > _ONE_LINE * piece.height:
            lines.append([])
        lines[-1].append(piece)
    for line in lines:
        line.sort(key=lambda each: each.left)
        for piece, after in pairwise(line):
            width, room = piece.ends[-1] - piece.left, after.left - _LEAST_GAP * piece.height - piece.left
            part = min(1.0, max(room / width, 0.5))
            yield replace(piece, ends=[piece.left + (end - piece.left) * part for end in piece.ends])
        yield line[-1]


def _grid(page: PrintedPage, table: OpenTable, owners: Sequence[Piece]) -> PlacedGrid:
    """A table with the lines of its cells; one that prints nothing is on the line of those beside it."""
    placed = places_of(table.cells)
    line_of = {
        box: min(owners[char].line_no for char in chars) for box, chars in table.cells.items() if chars
    }
    line_of_row: dict[int, int] = {}
    for box, line in line_of.items():
        row = placed.of_cell[box][0]
        line_of_row[row] = min(line, line_of_row.get(row, line))
    last = min(line_of_row.values())
    cells: list[PlacedCell] = []
    for box, place in placed.of_cell.items():
        last = line_of_row.get(place[0], last)
        cells.append(PlacedCell(*place, text_of(page, sorted(table.cells[box])), line_of.get(box, last)))
    lines = [owners[char].line_no for char in table.chars]
    return PlacedGrid(cells, len(placed.tops), len(placed.lefts), list(table.edges), (min(lines), max(lines)))

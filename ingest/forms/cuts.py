"""Joins rows that a page break cuts, cell by cell, before any recogniser sees them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.text import PAGE_NUMBER, fold, is_amount
from ingest.forms.grid import CODE, Row, is_header_row, starts_item

_FIGURE = re.compile(r"[-+]?[\d,.]+%?")
_WELL_FORMED = re.compile(r"[-+]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?%?")
_TOKEN = re.compile(r"[!-~]+|.")
_GLYPH = 2
"""Width of an ideograph in columns of half an ideograph."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A cell at the foot of a page and the cell below it at the head of the next, in the tables above and below."""

    upper: Cell
    lower: Cell
    above: Table
    below: Table

    @property
    def column(self) -> list[str]:
        """What the column prints in the other rows of both pages."""
        reach = _reach(self.above)
        left, right = _sides(self.lower, self.below)
        found: list[str] = []
        for table in (self.above, self.below):
            edges = table.col_edges or ()
            starts = {col for col, edge in enumerate(edges) if abs(edge - left) <= reach}
            stops = {col for col, edge in enumerate(edges) if abs(edge - right) <= reach}
            found += [
                other.text
                for other in table.cells
                if other.col in starts
                and min(other.col + other.col_span, len(edges) - 1) in stops
                and other is not self.upper
                and other is not self.lower
            ]
        return found


def join_cut_rows(document: Document) -> list[Block]:
    """The document's blocks, in which a row that a page break cuts is one row of the table above it.

    Where the print does not show whether a figure continues, the cells of both rows are marked ``is_cut``.
    """
    blocks: list[Block] = []
    at: int | None = None
    page_no: int | None = None
    for block in document.blocks:
        if isinstance(block, TextLine):
            blocks.append(block)
            if not PAGE_NUMBER.match(fold(block.text)):
                at = None
            continue
        above = blocks[at] if at is not None else None
        below: Table | None = block
        if (
            isinstance(above, Table)
            and at is not None
            and page_no is not None
            and block.page_no == page_no + 1
        ):
            blocks[at], below = _joined(above, block)
        page_no = block.page_no
        if below is not None:
            blocks.append(below)
            at = len(blocks) - 1
    return blocks


def _joined(above: Table, below: Table) -> tuple[Table, Table | None]:
    """Two tables on pages that follow each other, after the cut row is put together."""
    first = _first_body_row(above, below)
    pairs = _pairs(above, below, first) if first is not None else None
    if first is None or not pairs:
        return above, below
    last = above.row_count - 1
    verdict = _is_one_row(pairs, above, below.grid[first])
    if verdict is None:
        return _mark(above, last), _mark(below, first)
    if not verdict:
        return above, below
    rest = {id(pair.upper): pair.lower.text for pair in pairs}
    cells = [
        replace(cell, text=f"{cell.text}\n{rest[id(cell)]}") if id(cell) in rest else cell
        for cell in above.cells
    ]
    return replace(above, cells=cells), _without_row(below, first)


def _first_body_row(above: Table, below: Table) -> int | None:
    """The first row of the lower table below the header that it repeats."""
    number = 0
    while number < min(above.row_count, below.row_count):
        row = Row(below.grid[number], below.page_no)
        texts = [fold(cell.text) for cell in row.distinct()]
        former = [fold(cell.text) for cell in Row(above.grid[number], above.page_no).distinct()]
        if texts != former or not is_header_row(row, bool(number)):
            break
        number += 1
    return number if number < below.row_count and above.row_count else None


def _pairs(above: Table, below: Table, first: int) -> list[_Pair] | None:
    """The printed cells of the lower row with the cells above them; None where one has no printed cell above it."""
    if not above.col_edges or not below.col_edges or not above.has_spans or not below.has_spans:
        return None
    reach = _reach(above)
    uppers = [(other, _sides(other, above)) for other in Row(above.grid[-1], above.page_no).distinct()]
    pairs = []
    for cell in Row(below.grid[first], below.page_no).distinct():
        sides = _sides(cell, below)
        upper = next((other for other, others in uppers if _are_near(others, sides, reach)), None)
        if upper is None or cell.row != first or cell.row_span > 1:
            return None
        pairs.append(_Pair(upper, cell, above, below))
    return pairs


def _reach(table: Table) -> float:
    """How far apart sides of one column may be on two pages."""
    edges = table.col_edges or (0.0,)
    return 0.01 * (edges[-1] - edges[0])


def _sides(cell: Cell, table: Table) -> tuple[float, float]:
    edges = table.col_edges or ()
    return edges[cell.col], edges[min(cell.col + cell.col_span, len(edges) - 1)]


def _are_near(one: tuple[float, float], other: tuple[float, float], reach: float) -> bool:
    return abs(one[0] - other[0]) <= reach and abs(one[1] - other[1]) <= reach


def _is_one_row(pairs: list[_Pair], above: Table, lower: list[Cell | None]) -> bool | None:
    """Whether the lower row is the rest of the upper; None where the print does not show it."""
    if len(pairs) > 1 and is_header_row(Row(lower, None), True):
        return False
    upper = Row(above.grid[-1], None).distinct()
    lines = max(cell.text.count("\n") for cell in upper)
    texts = [pair for pair in pairs if not _holds_figures(pair)]
    if any(
        starts_item(fold(pair.lower.text)) or pair.upper.text.count("\n") < lines - 1 or not _is_full(pair)
        for pair in texts
    ):
        return False
    figures = [_is_one_figure(pair) for pair in pairs if _holds_figures(pair)]
    if len(pairs) == len(upper) and not (figures and all(figures)):
        return False
    if any(figure is False for figure in figures):
        return False
    return None if None in figures else True


def _holds_figures(pair: _Pair) -> bool:
    return bool(_FIGURE.fullmatch(fold(pair.upper.text)) and _FIGURE.fullmatch(fold(pair.lower.text)))


def _is_one_figure(pair: _Pair) -> bool | None:
    """Whether two figures are the parts of one, by the decimals of the column; None where the column does not show it."""
    if CODE.match(fold(pair.lower.text)) and CODE.match(fold(pair.upper.text)):
        return False
    whole = fold(pair.upper.text + pair.lower.text)
    decimals = {_decimals(text) for text in pair.column if is_amount(text)}
    is_whole = bool(_WELL_FORMED.fullmatch(whole)) and _decimals(whole) in decimals
    stands_alone = all(
        _WELL_FORMED.fullmatch(text) and _decimals(text) in decimals
        for text in (fold(pair.upper.text), fold(pair.lower.text))
    )
    if is_whole == stands_alone:
        return None
    return is_whole


def _decimals(text: str) -> int:
    return len(fold(text).rstrip("%").partition(".")[2])


def _is_full(pair: _Pair) -> bool:
    """Whether the upper text fills its last line, so that the lower text continues it."""
    last = pair.upper.text.split("\n")[-1]
    if not any(char.isalnum() for char in pair.upper.text):
        return False
    rest = pair.lower.text.lstrip()
    token = _TOKEN.match(rest)
    widest = max(
        _width(line) for text in (*pair.column, pair.upper.text, pair.lower.text) for line in text.split("\n")
    )
    return _width(last) + _width(token.group() if token else rest) > widest - _GLYPH


def _width(text: str) -> int:
    return sum(_GLYPH if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text.strip())


def _mark(table: Table, number: int) -> Table:
    marked = {id(cell) for cell in table.grid[number] if cell}
    return replace(
        table, cells=[replace(cell, is_cut=True) if id(cell) in marked else cell for cell in table.cells]
    )


def _without_row(table: Table, number: int) -> Table | None:
    """A table without one of its rows; None where it had no other."""
    if table.row_count == 1:
        return None
    return replace(table, cells=list(_moved_up(table, number)), row_count=table.row_count - 1)


def _moved_up(table: Table, number: int) -> Iterator[Cell]:
    for cell in table.cells:
        if cell.row > number:
            yield replace(cell, row=cell.row - 1)
        elif cell.row + cell.row_span <= number:
            yield cell
        elif cell.row_span > 1:
            yield replace(cell, row_span=cell.row_span - 1)

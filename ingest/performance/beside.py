"""Tables that stand side by side on a page and are one: rules between them were not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.document.model import Block, Box, Cell, Table

_SHARE = 0.8
"""The share of the lower table's height beside which the other must stand."""
_REACH = 5.0
"""The most distance, in points, between tables that touch; between others a column is missing."""


def join_beside(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, in which two tables that stand side by side are one, with the rows of the one that has more."""
    at = 0
    while at < len(blocks):
        block, following = blocks[at], blocks[at + 1] if at + 1 < len(blocks) else None
        if isinstance(block, Table) and isinstance(following, Table):
            joined = _joined(*sorted((block, following), key=lambda table: (table.box or (0.0,))[0]))
            if joined:
                yield joined
                at += 2
                continue
        yield block
        at += 1


def _joined(left: Table, right: Table) -> Table | None:
    """The two as one table; None where they do not stand side by side."""
    if not (left.box and right.box and left.has_spans and right.has_spans and left.page_no == right.page_no):
        return None
    overlap = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    least = min(left.box[3] - left.box[1], right.box[3] - right.box[1])
    if left.box[2] > right.box[0] + _REACH or overlap < _SHARE * least or overlap <= 0:
        return None
    middles = _middles(max(left, right, key=lambda table: len({cell.row for cell in table.cells})))
    first = left.col_count + (right.box[0] - left.box[2] > _REACH)
    cells: list[Cell] = []
    for table, shift in ((left, 0), (right, first)):
        for cell in table.cells:
            rows = [
                row for row, middle in middles.items() if cell.box and cell.box[1] <= middle <= cell.box[3]
            ]
            if not rows and cell.text.strip():
                return None
            if rows:
                cells.append(replace(cell, row=rows[0], row_span=len(rows), col=cell.col + shift))
    box: Box = (left.box[0], min(left.box[1], right.box[1]), right.box[2], max(left.box[3], right.box[3]))
    return Table(cells, len(middles), first + right.col_count, left.page_no, box, has_spans=True)


def _middles(table: Table) -> dict[int, float]:
    """Where the middle of each of a table's rows is."""
    tops = {cell.row: cell.box[1] for cell in table.cells if cell.box}
    bottom = max((cell.box[3] for cell in table.cells if cell.box), default=0.0)
    ends = [*[tops[row] for row in sorted(tops)][1:], bottom]
    return {
        number: (tops[row] + end) / 2
        for number, (row, end) in enumerate(zip(sorted(tops), ends, strict=True))
    }

"""Joins a table that goes on over a page break to the form it continues; the only place that does."""

from __future__ import annotations

from ingest.forms.grid import Piece, Row
from ingest.model import Cell
from ingest.text import fold, is_amount


def repeats_header(piece: Piece, header: list[Row]) -> bool:
    """Whether a piece begins with the header of the form before it."""
    return bool(piece.header) and _header_texts(piece.header) == _header_texts(header)


def _header_texts(header: list[Row]) -> list[str]:
    return [fold(cell.text) for row in header for cell in row.distinct()]


def continue_columns(piece: Piece, first: Piece) -> list[Row] | None:
    """The rows of a headerless piece on the columns of the form that it continues; None where they do not fit.

    On ruled pages columns are matched by position, so that a total row whose label cell is merged, alone on
    its page, still finds its columns. Flat text has no positions: its columns must be as many, or fewer
    where the missing ones are empty at the right.
    """
    edges, target = piece.table.col_edges, first.table.col_edges
    if edges and target:
        return _align_by_position(piece, edges, target)
    if piece.col_count == first.col_count:
        return piece.body
    width = max((_used_width(row) for row in piece.body), default=0)
    if width <= first.col_count and (piece.col_count > 1 or first.col_count == 1):
        return [
            Row((row.cells + [None] * first.col_count)[: first.col_count], row.page_no) for row in piece.body
        ]
    return None


def _used_width(row: Row) -> int:
    return max((col + 1 for col, cell in enumerate(row.cells) if cell and cell.text.strip()), default=0)


def _align_by_position(piece: Piece, edges: tuple[float, ...], target: tuple[float, ...]) -> list[Row] | None:
    width = target[-1] - target[0]
    if width <= 0 or abs(edges[0] - target[0]) > 0.05 * width or abs(edges[-1] - target[-1]) > 0.05 * width:
        return None
    slack = 0.01 * width
    if any(min(abs(edge - other) for other in target) > slack for edge in edges):
        return None
    rows = []
    for row in piece.body:
        cells: list[Cell | None] = [None] * (len(target) - 1)
        for col, cell in enumerate(row.cells):
            if cell is None or cell.col != col:
                continue
            start = min(range(len(target)), key=lambda at: abs(target[at] - edges[cell.col]))
            stop_edge = edges[min(cell.col + cell.col_span, len(edges) - 1)]
            stop = min(range(len(target)), key=lambda at: abs(target[at] - stop_edge))
            moved = Cell(
                cell.text,
                cell.row,
                start,
                cell.ref,
                cell.row_span,
                max(1, stop - start),
                cell.line_no,
                cell.box,
            )
            for at in range(start, max(stop, start + 1)):
                cells[at] = moved
        rows.append(Row(cells, row.page_no))
    return rows


def is_cut_label(row: Row) -> bool:
    """Whether a page's first row holds nothing but the rest of a label that the page break cut."""
    cells = row.distinct()
    return len(cells) == 1 and not is_amount(cells[0].text) and len(fold(cells[0].text)) <= 20

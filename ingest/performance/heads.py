"""The columns of a header printed in several rows: what stands over each, from the top down."""

from __future__ import annotations

from ingest.performance.model import PrintedCell, PrintedRow
from ingest.performance.words import bare_label


def paths(rows: list[PrintedRow]) -> dict[int, tuple[PrintedCell, ...]]:
    """{column: the header's cells over it from the top down} for the columns at which the lowest cells begin.

    A cell covers the columns that it spans; where the medium does not say which these are, all up to the next cell of
    its row.
    """
    columns = sorted({cell.col for row in rows for cell in row.cells})
    found: dict[int, list[PrintedCell]] = {column: [] for column in columns}
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        starts = [cell.col for cell in row.cells] + [columns[-1] + 1]
        for cell, following in zip(row.cells, starts[1:], strict=True):
            reach = cell.span or (1 if is_last else following - cell.col)
            for column in columns:
                if cell.col <= column < cell.col + reach:
                    found[column].append(cell)
    lowest = {path[-1].col for path in found.values() if path}
    return {column: tuple(path) for column, path in found.items() if path and column in lowest}


def column_label(path: tuple[PrintedCell, ...]) -> PrintedCell:
    """What heads a column of amounts: the lowest head, or the one above a mere total."""
    last = path[-1]
    if len(path) > 1 and bare_label(last.text) in ("合计", "小计"):
        return path[-2]
    return last

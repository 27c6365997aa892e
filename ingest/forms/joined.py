"""Finds where a table continues as another: converters join neighbouring tables into one, people put them on one sheet.

The merged cells of such a table still show which columns each table had. Merged labels and heads prove nothing, because
every form has them. Merged figures do: they stand across columns that the figures of other rows keep apart. Where the
tables share columns, their content decides: names stand where the figures were, and figures where the names were.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.document.model import Cell, Table
from ingest.document.text import fold, is_amount
from ingest.registry import any_of

_TOTAL = re.compile(any_of("form.total"))
_LEAST_ROWS = 2
"""How many rows must differ from all others: a single row may hold a figure in merged cells, or a stray text."""


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows of a table on columns of their own: ``columns`` are those of the table at which they begin."""

    rows: range
    columns: tuple[int, ...]

    def placed(self, table: Table) -> list[list[Cell | None]]:
        """The part's grid, its cells numbered by its own columns."""
        if len(self.columns) == table.col_count:
            return table.grid[self.rows.start : self.rows.stop]
        at = {column: index for index, column in enumerate(self.columns)}
        moved: dict[int, Cell] = {}
        for row in self.rows:
            for cell in table.grid[row]:
                if cell and id(cell) not in moved:
                    width = sum(1 for column in self.columns if 0 <= column - cell.col < cell.col_span)
                    moved[id(cell)] = replace(cell, col=at[cell.col], col_span=width)
        return [
            [moved[id(cell)] if (cell := table.grid[row][column]) else None for column in self.columns]
            for row in self.rows
        ]


def part_table(table: Table) -> list[Part]:
    """The parts of a table whose rows stand on different columns, from the top down; one where all share theirs."""
    whole = range(table.row_count)
    bands = _bands(table) if table.has_spans else []
    if len(bands) < 2:
        return [Part(whole, tuple(range(table.col_count)))]
    parts, first = [], 0
    for number in range(1, len(bands)):
        upper, lower = bands[first:number], bands[number]
        if _contradict(upper, lower):
            above = number
            while (
                above - 1 > first and not bands[above - 1].figures and bands[above - 1].starts < lower.starts
            ):
                above -= 1
            if not _is_crossed(table, bands[above].rows.start):
                parts.append(bands[first:above])
                first = above
    parts.append(bands[first:])
    if len(parts) == 1:
        return [Part(whole, tuple(range(table.col_count)))]
    return [
        Part(range(part[0].rows.start, part[-1].rows.stop), tuple(sorted(frozenset[int]().union(*(band.starts for band in part)))))
        for part in parts
    ]  # fmt: skip


def find_seam(rows: Sequence[Sequence[Cell | None]]) -> int | None:
    """The first of the rows from which on names stand where figures stood, and figures where names stood, or None."""
    counted = [
        number for number, row in enumerate(rows) if any(cell and is_amount(cell.text) for cell in row)
    ]
    if len(counted) < 2 * _LEAST_ROWS:
        return None
    figures, names = ([_columns(rows[number], kind) for number in counted] for kind in (True, False))
    upper, lower = ([Counter[int](), Counter[int]()] for _ in range(2))
    for kind, columns in enumerate((figures, names)):
        for each in columns:
            lower[kind].update(each)
    for at in range(len(counted)):
        if at >= _LEAST_ROWS and len(counted) - at >= _LEAST_ROWS:
            shifts = (_changes(upper, lower, kind) for kind in (0, 1))
            if all(shifts):
                return counted[at]
        for kind, columns in enumerate((figures, names)):
            upper[kind].update(columns[at])
            lower[kind].subtract(columns[at])
    return None


def _columns(row: Sequence[Cell | None], is_figure: bool) -> list[int]:
    """The columns of a row at which a figure begins, and those at which another text begins."""
    return [
        col
        for col, cell in enumerate(row)
        if cell and cell.col == col and any(map(str.isalnum, cell.text)) and is_amount(cell.text) is is_figure
    ]


def _changes(upper: list[Counter[int]], lower: list[Counter[int]], kind: int) -> bool:
    """Whether a column holds nothing but this kind in the upper rows and nothing but the other in the lower ones."""
    return any(
        count >= _LEAST_ROWS
        and not upper[1 - kind][col]
        and not lower[kind][col]
        and lower[1 - kind][col] >= _LEAST_ROWS
        for col, count in upper[kind].items()
    )


@dataclass(slots=True)
class _Band:
    """Consecutive rows whose cells begin at the same columns.

    ``figures`` has for each row with figures, totals aside, for each figure the columns inside its cell, at which no
    cell of the row begins.
    """

    rows: range
    starts: frozenset[int]
    figures: list[list[range]]


def _bands(table: Table) -> list[_Band]:
    starts = [frozenset(cell.col for cell in row if cell) for row in table.grid]
    found = []
    for columns, group in groupby(range(table.row_count), lambda row: starts[row]):
        numbers = list(group)
        figures = [inside for row in numbers if (inside := _inside_figures(table, row))]
        found.append(_Band(range(numbers[0], numbers[-1] + 1), columns, figures))
    return found


def _inside_figures(table: Table, row: int) -> list[range]:
    cells = {id(cell): cell for cell in table.grid[row] if cell and cell.text.strip()}.values()
    if any(_TOTAL.search(fold(cell.text)) for cell in cells):
        return []
    return [range(cell.col + 1, cell.col + cell.col_span) for cell in cells if is_amount(cell.text)]


def _contradict(upper: list[_Band], lower: _Band) -> bool:
    """Whether the figures of one side stand across columns of the other, in more than a stray row.

    Where one side's columns are all among the other's, a single figure in a row may as well be merged cells.
    """
    above = [figures for band in upper for figures in band.figures]
    if not above or not lower.figures:
        return False
    used = frozenset[int]().union(*(band.starts for band in upper if band.figures))
    least = 2 if used <= lower.starts or lower.starts <= used else 1
    return any(
        sum(1 for figures in rows if _count_across(figures, columns) >= least) >= _LEAST_ROWS
        for rows, columns in ((above, lower.starts), (lower.figures, used))
    )


def _count_across(figures: list[range], columns: frozenset[int]) -> int:
    return sum(1 for inside in figures if not columns.isdisjoint(inside))


def _is_crossed(table: Table, row: int) -> bool:
    """Whether a cell stands both in this row and in the one above it."""
    return any(
        cell is not None and cell is other
        for cell, other in zip(table.grid[row - 1], table.grid[row], strict=True)
    )

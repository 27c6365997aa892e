"""One table that lists the indicators of several projects: each project's rows are a form of their own."""

from __future__ import annotations

from dataclasses import replace

from ingest.document.text import fold, is_amount
from ingest.performance.model import PrintedRow
from ingest.performance.stream import Segment, indicator_roles, is_project_label


def split_list(segment: Segment) -> list[Segment]:
    """The forms of a segment: one for each project where the header of indicators has a column of projects.

    The columns before the indicators (amounts, goals) belong to the project whose first row they stand on.
    """
    at = next((at for at, row in enumerate(segment.rows) if indicator_roles(row)), None)
    if at is None:
        return [segment]
    header = segment.rows[at]
    column = next((cell.col for cell in header.cells if is_project_label(cell.text)), None)
    if column is None:
        return [segment]
    first = min(header.cells[number].col for number in indicator_roles(header))
    found: list[Segment] = []
    for row in segment.rows[at + 1 :]:
        if indicator_roles(row):
            continue
        name = next((cell for cell in row.cells if cell.col == column and len(row.cells) > 2), None)
        if name and (not found or fold(name.text) != fold(found[-1].project_name or "")):
            found.append(
                replace(
                    segment,
                    source_ref=name.ref,
                    page_no=row.page_no,
                    project_name=name.text,
                    has_project=True,
                    rows=[_amounts(header, row, first), _indicators(header, first)],
                )
            )
        if found:
            found[-1].rows.append(_indicators(row, first))
    return found or [segment]


def _indicators(row: PrintedRow, first: int) -> PrintedRow:
    return replace(row, cells=[cell for cell in row.cells if cell.col >= first])


def _amounts(header: PrintedRow, row: PrintedRow, first: int) -> PrintedRow:
    """The project's amounts, each behind the header of its column, as a row of labels and amounts."""
    heads = {cell.col: cell for cell in header.cells if cell.col < first}
    pairs = [(heads[cell.col], cell) for cell in row.cells if cell.col in heads and is_amount(cell.text)]
    return replace(row, cells=[cell for pair in pairs for cell in pair])

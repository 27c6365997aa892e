"""Small tables for the unit tests of reading."""

from __future__ import annotations

from ingest.document.model import Cell, Document, Table
from ingest.readers.plain.reader import read_text


def table(*rows: tuple[str, ...], has_spans: bool = False, is_ragged: bool = False) -> Table:
    """A table of the given rows; '<' continues the cell on its left, '^' the one above."""
    cells: dict[tuple[int, int], Cell] = {}
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for row_no, row in enumerate(rows):
        for col_no, text in enumerate(row):
            place = (row_no, col_no)
            before = {"<": (row_no, col_no - 1), "^": (row_no - 1, col_no)}.get(text)
            origin = covered[before] if before else place
            covered[place] = origin
            if before:
                grown = cells[origin]
                cells[origin] = Cell(
                    grown.text, *origin, grown.ref, row_no - origin[0] + 1, col_no - origin[1] + 1
                )
            else:
                cells[place] = Cell(text, row_no, col_no, f"r{row_no + 1}c{col_no + 1}")
    width = max(len(row) for row in rows)
    return Table(list(cells.values()), len(rows), width, has_spans=has_spans, is_ragged=is_ragged)


def document(text: str) -> Document:
    """A text document; → stands for a tab."""
    return read_text(text.replace("→", "\t").encode())

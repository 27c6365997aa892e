"""Puts the cells of ragged rows on their columns: in text with one cell per line a merged cell counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.document.model import Cell
from ingest.document.text import fold, is_amount

_LABEL_KINDS = ("code", "name", "project", "economic")


def align_header(rows: list[list[Cell]], width: int) -> list[list[Cell | None]] | None:
    """Header rows, from the top down, as full rows of ``width`` columns; None where the print does not show them.

    The lowest row must be whole. An empty cell continues the cell above it; a run of filled cells lies
    under one cell, or under several that share it evenly or begin where the run's first word comes again.
    """
    if not rows or len(rows[-1]) != width:
        return None
    spans = [[1] * width]
    for above, below in zip(rows[-2::-1], rows[:0:-1], strict=True):
        counts = _children(
            len(above), [bool(cell.text.strip()) for cell in below], [fold(cell.text) for cell in below]
        )
        if counts is None:
            return None
        starts = [sum(counts[:at]) for at in range(len(counts))]
        spans.append(
            [sum(spans[-1][start : start + count]) for start, count in zip(starts, counts, strict=True)]
        )
    return [_spread(row, row_spans) for row, row_spans in zip(rows, reversed(spans), strict=True)]


def _children(parents: int, filled: list[bool], texts: list[str]) -> list[int] | None:
    """How many cells of the row below each of ``parents`` cells covers."""
    if parents == len(filled):
        return [1] * parents
    segments = [
        (is_filled, list(run)) for is_filled, run in groupby(range(len(filled)), key=lambda at: filled[at])
    ]
    blanks = sum(len(run) for is_filled, run in segments if not is_filled)
    runs = [run for is_filled, run in segments if is_filled]
    left = parents - blanks
    if left < len(runs) or (len(runs) > 1 and left != len(runs)):
        return None
    counts: list[int] = []
    for is_filled, run in segments:
        if not is_filled:
            counts += [1] * len(run)
        elif left == len(runs):
            counts.append(len(run))
        else:
            shares = _shares([texts[at] for at in run], left)
            if shares is None:
                return None
            counts += shares
    return counts


def _shares(texts: list[str], parents: int) -> list[int] | None:
    begins = [at for at, text in enumerate(texts) if text == texts[0]]
    if len(begins) == parents:
        return [after - at for at, after in zip(begins, [*begins[1:], len(texts)], strict=True)]
    if len(texts) % parents == 0:
        return [len(texts) // parents] * parents
    return None


def _spread(row: list[Cell], spans: list[int]) -> list[Cell | None]:
    cells: list[Cell | None] = []
    for cell, span in zip(row, spans, strict=True):
        cells += [replace(cell, col=len(cells), col_span=span)] * span
    return cells


def align_row(row: list[Cell], kinds: Sequence[str]) -> list[Cell | None] | None:
    """A short body row on its columns: a label takes the next label column, any other text the next amount column.

    ``kinds`` are the columns' kinds. None where the cells do not fit.
    """
    cells: list[Cell | None] = [None] * len(kinds)
    at = 0
    for cell in row:
        text = cell.text.strip()
        is_label = bool(text) and not is_amount(text) and any(char.isalpha() for char in text)
        while at < len(kinds) and (kinds[at] in _LABEL_KINDS) != is_label:
            at += 1
        if at == len(kinds):
            return None
        cells[at] = replace(cell, col=at)
        at += 1
    return cells

"""Puts the cells of a row on the columns of a form, by their content as well as by their position."""

from __future__ import annotations

from collections.abc import Callable

from ingest.performance.model import PrintedCell

_FITS_IN_PLACE = -2
_IN_PLACE = 2
_SHIFT_CHANGES = 3
_MOST_FOR_SHIFT = 3
_LEFT_OUT = 8


def align(cells: list[PrintedCell], columns: list[int], fit: Callable[[int, int], int]) -> list[int | None]:
    """For each cell the number of its column, or None where it fits none; printed order is kept.

    ``columns`` are the positions at which the columns' headers stand, ``fit(cell, column)`` how well a cell's
    text is a value of a column. A row all of whose cells stand under headers that they fit stays as it is, and one with
    as many cells as there are columns takes them in order where they fit.
    Otherwise a cell under its header scores more, and each change of the row's shift against the header costs points, so
    that the cells behind a lost or added cell all shift alike.
    """
    in_place = [columns.index(cell.col) for cell in cells if cell.col in columns]
    is_in_order = len(in_place) == len(cells) and in_place == sorted(set(in_place))
    if is_in_order and all(fit(at, number) >= _FITS_IN_PLACE for at, number in enumerate(in_place)):
        return list(in_place)
    if len(cells) == len(columns) and all(fit(at, at) >= _FITS_IN_PLACE for at in range(len(cells))):
        return list(range(len(cells)))
    best: list[list[tuple[int, tuple[int, int] | None]]] = []
    for at, cell in enumerate(cells):
        best.append([])
        for number, position in enumerate(columns):
            shift = position - cell.col
            value = fit(at, number) + (_IN_PLACE if shift == 0 else -min(abs(shift), _MOST_FOR_SHIFT))
            score, came = value - _LEFT_OUT * at, None
            for former in range(at):
                left_out = _LEFT_OUT * (at - former - 1)
                for column in range(number):
                    changed = columns[column] - cells[former].col != shift
                    total = best[former][column][0] + value - left_out - _SHIFT_CHANGES * changed
                    if total > score:
                        score, came = total, (former, column)
            best[at].append((score, came))
    placed: list[int | None] = [None] * len(cells)
    ends = [
        (score - _LEFT_OUT * (len(cells) - at - 1), -at, -number)
        for at, reached in enumerate(best)
        for number, (score, _) in enumerate(reached)
    ]
    step = max(ends, default=None)
    key = (-step[1], -step[2]) if step and step[0] > -_LEFT_OUT * len(cells) else None
    while key is not None:
        placed[key[0]] = key[1]
        key = best[key[0]][key[1]][1]
    return placed

"""Rules -> tables: the cells that crossing rules enclose, by the rules of pdfplumber's table finder.

Rules of one band of the page within 3 points of each other are one rule, rules on one line within 3 points of each
other are joined, rules that come within 3 points of each other cross; a cell is the smallest rectangle of crossings
whose sides are rules; cells that share a corner are a table. A band ends where no rule stands for 3 points: rules
nearly in one line that belong to tables one below the other stay apart, which pdfplumber by itself draws together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.config import LIMITS
from ingest.document.model import Box
from ingest.outcomes import DocumentError, Reason
from ingest.readers.page.printed import Numbers

TOLERANCE = 3.0
LEAST_PIECE = 1.0
_LEAST_RULE = 3.0
_CHUNK = 4_000_000
"""How many pairs of rules are compared at a time."""


def find_tables(
    verticals: Numbers, horizontals: Numbers, closing: Numbers, levels: Numbers
) -> list[list[Box]]:
    """The cells of each table, tables from top to bottom.

    ``verticals`` are (x, top, bottom), ``horizontals`` (y, left, right), ``closing`` verticals and ``levels`` horizontals
    that are taken whatever their length. Raises DocumentError CONTENT_TOO_LARGE where rules cross more often than
    LIMITS.cells.
    """
    verticals = np.concatenate([_longer(verticals, LEAST_PIECE), closing])
    horizontals = np.concatenate([_longer(horizontals, LEAST_PIECE), levels])
    if len(verticals) == 0 or len(horizontals) == 0:
        return []
    down = _merged(verticals, bands(verticals, horizontals))
    across = _merged(horizontals, np.zeros(len(horizontals), np.int64))
    down, across = _longer(down, _LEAST_RULE), _longer(across, _LEAST_RULE)
    if not len(down) or not len(across):  # a bar or a square of one or two points has no other rules
        return []
    return _tables(*_crossings(down, across))


def bands(verticals: Numbers, horizontals: Numbers) -> npt.NDArray[np.int64]:
    """The number of the band that each of ``verticals`` stands in, for rules as in ``find_tables``."""
    tops = np.concatenate([verticals[:, 1], horizontals[:, 0]])
    bottoms = np.concatenate([verticals[:, 2], horizontals[:, 0]])
    order = np.argsort(tops, kind="stable")
    gaps = tops[order][1:] - np.maximum.accumulate(bottoms[order])[:-1]
    numbers = np.zeros(len(tops), np.int64)
    numbers[order[1:]] = np.cumsum(gaps > TOLERANCE)
    return numbers[: len(verticals)]


def _longer(rules: Numbers, least: float) -> Numbers:
    return rules[rules[:, 2] - rules[:, 1] >= least]


def _merged(rules: Numbers, groups: npt.NDArray[np.int64]) -> Numbers:
    """Rules of one group and nearly one position on their mean position, joined where they nearly touch."""
    order = np.lexsort((rules[:, 0], groups))
    ordered = rules[order]
    steps = np.diff(ordered[:, 0], prepend=-np.inf)
    steps[1:][np.diff(groups[order]) > 0] = np.inf
    starts = np.flatnonzero(steps > TOLERANCE)
    counts = np.diff(starts, append=len(ordered))
    ordered[:, 0] = np.repeat(np.add.reduceat(ordered[:, 0], starts) / counts, counts)
    ordered = ordered[np.lexsort((ordered[:, 1], ordered[:, 0]))]
    lines = np.cumsum(np.diff(ordered[:, 0], prepend=-np.inf) != 0)
    apart = lines * (2 * np.abs(ordered[:, 1:]).max() + TOLERANCE + 1)  # lines one behind the other
    reached = np.maximum.accumulate(ordered[:, 2] + apart)
    starts = np.flatnonzero(np.append(True, (ordered[:, 1] + apart)[1:] > reached[:-1] + TOLERANCE))
    joined = ordered[starts]
    joined[:, 2] = np.maximum.reduceat(ordered[:, 2], starts)
    return joined


def _crossings(
    down: Numbers, across: Numbers
) -> tuple[list[float], list[float], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The x and y positions of crossings, the crossings as x_no * len(ys) + y_no in ascending order, and for each
    how far down (a y_no) and to the right (an x_no) a rule that goes through it reaches.
    """
    pairs: list[npt.NDArray[np.int64]] = []
    count, step = 0, max(1, _CHUNK // max(1, len(across)))
    for start in range(0, len(down), step):
        x, top, bottom = (down[start : start + step, axis, None] for axis in range(3))
        y, left, right = across.T
        meets = (
            (top <= y + TOLERANCE)
            & (bottom >= y - TOLERANCE)
            & (x >= left - TOLERANCE)
            & (x <= right + TOLERANCE)
        )
        found = np.argwhere(meets)
        found[:, 0] += start
        pairs.append(found)
        count += len(found)
        if count > LIMITS.cells:
            raise DocumentError(Reason.CONTENT_TOO_LARGE, f"rules cross more than {LIMITS.cells} times")
    down_no, across_no = np.concatenate(pairs).T
    xs, x_no = np.unique(down[down_no, 0], return_inverse=True)
    ys, y_no = np.unique(across[across_no, 0], return_inverse=True)
    lowest, rightmost = np.zeros(len(down), np.int64), np.zeros(len(across), np.int64)
    np.maximum.at(lowest, down_no, y_no)
    np.maximum.at(rightmost, across_no, x_no)
    crossings, crossing_no = np.unique(x_no * len(ys) + y_no, return_inverse=True)
    reaches_down, reaches_right = np.zeros(len(crossings), np.int64), np.zeros(len(crossings), np.int64)
    np.maximum.at(reaches_down, crossing_no, lowest[down_no])
    np.maximum.at(reaches_right, crossing_no, rightmost[across_no])
    return xs.tolist(), ys.tolist(), crossings, reaches_down, reaches_right


def _tables(
    xs: list[float],
    ys: list[float],
    crossings: npt.NDArray[np.int64],
    reaches_down: npt.NDArray[np.int64],
    reaches_right: npt.NDArray[np.int64],
) -> list[list[Box]]:
    height = len(ys)
    cells = _cells(height, crossings.tolist(), reaches_down.tolist(), reaches_right.tolist())
    tables = []
    for group in _connected(height, cells):
        boxes = [(xs[left], ys[top], xs[right], ys[bottom]) for left, top, right, bottom in group]
        if len(boxes) > 1:
            tables.append(boxes)
    return sorted(tables, key=lambda boxes: min((box[1], box[0]) for box in boxes))


def _cells(
    height: int, crossings: list[int], reaches_down: list[int], reaches_right: list[int]
) -> list[tuple[int, int, int, int]]:
    """The smallest closed rectangle below and right of each crossing, as numbers of x and y positions."""
    places = [divmod(crossing, height) for crossing in crossings]
    number_of = {crossing: number for number, crossing in enumerate(crossings)}
    rows: dict[int, list[int]] = defaultdict(list)
    place_in_row = []
    for x, y in places:
        place_in_row.append(len(rows[y]))
        rows[y].append(x)
    cells = []
    steps, last = 0, len(crossings)
    for number, (x, y) in enumerate(places):
        row, first = rows[y], place_in_row[number] + 1
        is_found = False
        below = number + 1
        while (
            not is_found
            and below < last
            and places[below][0] == x
            and places[below][1] <= reaches_down[number]
        ):
            low, reach = places[below][1], min(reaches_right[number], reaches_right[below])
            place = first
            while place < len(row) and row[place] <= reach:
                right = row[place]
                if right * height + low in number_of and reaches_down[number_of[right * height + y]] >= low:
                    cells.append((x, y, right, low))
                    is_found = True
                    break
                place += 1
                steps += 1
            below += 1
            steps += 1
        if steps > 10 * LIMITS.cells:
            raise DocumentError(Reason.CONTENT_TOO_LARGE, "rules cross too often without enclosing cells")
    return cells


def _connected(
    height: int, cells: Sequence[tuple[int, int, int, int]]
) -> list[list[tuple[int, int, int, int]]]:
    """Groups of cells that share corners."""
    leader = list(range(len(cells)))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    first_at: dict[int, int] = {}
    for number, (left, top, right, bottom) in enumerate(cells):
        for x in (left, right):
            for y in (top, bottom):
                other = first_at.setdefault(x * height + y, number)
                if other != number:
                    leader[find(number)] = find(other)
    groups: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for number, cell in enumerate(cells):
        groups[find(number)].append(cell)
    return list(groups.values())

"""Printed rules of a page's picture -> grids with their merged cells. Knows lines, and nothing about text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
_LEAST_ACROSS, _LEAST_DOWN = 18.0, 9.0
"""Minimum length of a horizontal and of a vertical rule, in points."""
_THICKEST = 4.0
_LONGEST_STROKE = 30.0
_LONGEST_TEXT = 200.0
_JOINT = 2.5
"""Distances, in points, at which rules count as touching, and as one rule."""
_PRINTED = 0.6
"""The fraction of a cell's side that must be ink for the side to exist."""
_LEAST_COLUMN = 8.0
"""How far, in points, rules must go beyond a table's side to hold another column."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell's place in its grid and its box in pixels (left, top, right, bottom) on the rules' centres."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: tuple[int, int, int, int]


@dataclass(slots=True)
class Grid:
    """A ruled table: positions of its rules in pixels, and its cells row by row."""

    lefts: list[int]
    tops: list[int]
    cells: list[GridCell]


def find_rules(ink: Mask, scale: float) -> tuple[Mask, Mask]:
    """The horizontal and the vertical rules of an ink mask (255 = ink); ``scale`` is pixels per point."""
    across = _runs(ink, round(_LEAST_ACROSS * scale), round(_THICKEST * scale), is_across=True)
    down = _runs(ink, round(_LEAST_DOWN * scale), round(_THICKEST * scale), is_across=False)
    return across, down


def _runs(ink: Mask, length: int, thickest: int, is_across: bool) -> Mask:
    """The ink in runs of at least a length and at most a thickness; gaps and steps of one pixel are bridged."""
    run, block, step = (
        ((1, length), (thickest + 2, 1), (3, 1)) if is_across else ((length, 1), (1, thickest + 2), (1, 3))
    )
    stepped = cv2.dilate(ink, np.ones(step, np.uint8))
    whole = cv2.morphologyEx(stepped, cv2.MORPH_CLOSE, np.ones(step[::-1], np.uint8))
    runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones(run, np.uint8))
    thin = cv2.subtract(runs, cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones(block, np.uint8)))
    return np.asarray(thin, np.uint8)


def find_grids(across: Mask, down: Mask, scale: float) -> list[Grid]:
    """The ruled tables of a page from top to bottom; a single frame is not a table."""
    near = max(1, round(_JOINT * scale))
    across = _joined_ends(across, down, _LONGEST_TEXT * scale, near)
    down = _joined_ends(down.T, across.T, _LONGEST_STROKE * scale, 1).T
    joined = cv2.dilate(cv2.bitwise_or(across, down), np.ones((near, near), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    grids = []
    for x, y, width, height, _ in stats[1:count]:
        area = (slice(y, y + height), slice(x, x + width))
        grid = _grid(across[area], down[area], scale, near, (int(x), int(y)))
        if grid:
            grids.append(grid)
    return sorted(grids, key=lambda grid: (grid.tops[0], grid.lefts[0]))


def _joined_ends(across: Mask, down: Mask, longest: float, near: int) -> Mask:
    """The horizontal rules that come ``near`` a vertical one at both ends, or are longer than letters in a row can be."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(across))
    kept = np.zeros(count, bool)
    for number in range(1, count):
        x, y, width, height, _ = stats[number]
        beside = slice(max(0, y - near), y + height + near)
        last = x + width - 1
        ends = down[beside, max(0, x - near) : x + near + 1], down[beside, last - near : last + near + 1]
        kept[number] = width > longest or all(end.any() for end in ends)
    return np.where(kept[labels], np.uint8(255), np.uint8(0))


def _grid(across: Mask, down: Mask, scale: float, near: int, at: tuple[int, int]) -> Grid | None:
    tops = _levels(across, near, is_across=True)
    lefts = _levels(down, near, is_across=False)
    if len(tops) < 2 or len(lefts) < 2:
        return None
    open_left, open_right = _open_sides(across, lefts, tops, near, _LEAST_COLUMN * scale)
    lefts = [*open_left, *lefts, *open_right]
    above, beside = _sides(across, tops, lefts, near), _sides(down.T, lefts, tops, near).T
    kept = [y for row, y in enumerate(tops) if above[row].any()]
    kept_lefts = [x for col, x in enumerate(lefts) if beside[:, col].any() or x in (*open_left, *open_right)]
    if (kept, kept_lefts) != (tops, lefts):
        tops, lefts = kept, kept_lefts
        if len(tops) < 2 or len(lefts) < 2:
            return None
        above, beside = _sides(across, tops, lefts, near), _sides(down.T, lefts, tops, near).T
    if open_left:
        beside[:, 0] = above[:-1, 0] & above[1:, 0]
    if open_right:
        beside[:, -1] = above[:-1, -1] & above[1:, -1]
    cells = [
        GridCell(
            row,
            col,
            row_span,
            col_span,
            (
                lefts[col] + at[0],
                tops[row] + at[1],
                lefts[col + col_span] + at[0],
                tops[row + row_span] + at[1],
            ),
        )
        for row, col, row_span, col_span in _cells(above, beside)
    ]
    if len(cells) < 2:
        return None
    return Grid([x + at[0] for x in lefts], [y + at[1] for y in tops], cells)


def _levels(rules: Mask, near: int, is_across: bool) -> list[int]:
    """The positions of rules; rules on one line (broken, double or slightly slanted) count as one."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(rules)
    at = sorted(
        (float(centres[number][1 if is_across else 0]), int(stats[number][2 if is_across else 3]))
        for number in range(1, count)
    )
    groups: list[list[tuple[float, int]]] = []
    for place in at:
        if groups and place[0] - groups[-1][-1][0] <= near:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [
        round(sum(y * length for y, length in group) / sum(length for _, length in group)) for group in groups
    ]


def _open_sides(
    across: Mask, lefts: list[int], tops: list[int], near: int, least: float
) -> tuple[list[int], list[int]]:
    """The sides without a vertical rule, where most horizontal rules extend beyond the last vertical one."""
    starts, ends = [], []
    for y in tops:
        inked = np.flatnonzero(across[max(0, y - near) : y + near + 1].any(axis=0))
        starts.append(int(inked[0]))
        ends.append(int(inked[-1]))
    left, right = int(np.median(starts)), int(np.median(ends))
    return ([left] if lefts[0] - left > least else []), ([right] if right - lefts[-1] > least else [])


def _sides(across: Mask, tops: list[int], lefts: list[int], near: int) -> NDArray[np.bool_]:
    """By rule and column: whether most of the rule between two vertical rules is printed."""
    sides = np.zeros((len(tops), len(lefts) - 1), bool)
    for row, y in enumerate(tops):
        inked: NDArray[np.bool_] = np.logical_or.reduce(across[max(0, y - near) : y + near + 1] > 0, axis=0)
        for col, (start, end) in enumerate(pairwise(lefts)):
            rest = (end - start) // 8
            sides[row, col] = inked[start + rest : end - rest].mean() >= _PRINTED
    return sides


def _cells(above: NDArray[np.bool_], beside: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """(row, column, row span, column span) of the cells between the existing sides."""
    rows, cols = beside.shape[0], above.shape[1]
    number = np.arange(rows * cols).reshape(rows, cols)
    is_changed = True
    while is_changed:  # squares without a side between them take the lower number
        before = number.copy()
        for row in range(rows):
            for col in range(cols):
                if col and not beside[row, col]:
                    number[row, col - 1] = number[row, col] = min(number[row, col - 1], number[row, col])
                if row and not above[row, col]:
                    number[row - 1, col] = number[row, col] = min(number[row - 1, col], number[row, col])
        is_changed = bool((before != number).any())
    found = []
    for each in np.unique(number):
        squares = np.argwhere(number == each)
        (top, left), (bottom, right) = squares.min(axis=0), squares.max(axis=0)
        if _is_open(squares, above, beside):
            continue
        if len(squares) == (bottom - top + 1) * (right - left + 1):
            found.append((int(top), int(left), int(bottom - top + 1), int(right - left + 1)))
        else:
            found.extend((int(row), int(col), 1, 1) for row, col in squares)
    return sorted(found)


def _is_open(squares: NDArray[np.int64], above: NDArray[np.bool_], beside: NDArray[np.bool_]) -> bool:
    """Whether squares lie open to the outside of the grid."""
    last_row, last_col = beside.shape[0] - 1, above.shape[1] - 1
    return any(
        (row == 0 and not above[0, col])
        or (row == last_row and not above[-1, col])
        or (col == 0 and not beside[row, 0])
        or (col == last_col and not beside[row, -1])
        for row, col in squares
    )

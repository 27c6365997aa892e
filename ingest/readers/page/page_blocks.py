"""A printed page -> its lines and ruled tables, as blocks of a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ingest.document.model import Block, Box, Cell, Table, TextLine
from ingest.document.text import printed_unit
from ingest.readers.page.banded_tables import banded_tables, has_blank
from ingest.readers.page.open_lines import OpenLine, has_rows, lines_in
from ingest.readers.page.open_tables import open_tables
from ingest.readers.page.printed import Numbers, PrintedPage, as_meant, as_rows
from ingest.readers.page.printed_text import lines_of, text_of, words_of
from ingest.readers.page.ruled_tables import find_tables

T = TypeVar("T")
_LEAST_COLUMN = 8.0
"""How far, in points, rules must go beyond a table's side to hold another column."""
_LEAST_ROW = 8.0
"""How far, in points, rules must extend beyond a table's upper or lower rule to enclose a piece of a row."""
_LEAST_SIDES = 3
"""Minimum number of vertical rules of a piece of a table row; two are only a frame."""
_REACH = 2.0
"""Maximum distance, in points, between the ends of rules that end together."""
_HIGHEST_ROW = 6.0
"""Ems that a row between tinted rows is high at most."""
_FARTHEST_STRIPE = 2.5
"""How many times its height a tinted row may be away from the next."""
_ROW = 0.9
"""The part of a row's height by which the lines of two rows are apart at least; those of one figure are nearer."""
_HEAD_ROWS = 8.0
"""Rows above the first tinted row of names and figures in which tinted pieces of their head stand."""
_MOST_CUT = 4
"""How many lines of heads a page break parts from the rest of their table at most."""
_PAGE_NUMBER = re.compile(r"[-－—–·第\s]{0,4}\d{1,4}[-－—–·页\s]{0,4}")
_NO_HEAD = re.compile(r"[\d。；，,:：]")
"""What says that a line is none of heads."""
_ROOM = 15.0
"""Points above and below a table in which the next row begins that has no rules."""
_MOST_BELOW = 2
"""How many lines may stand below a table that continues on the next page: page numbers and the like."""
_TOUCHING = 0.5
"""Maximum distance, in points, between two characters of one text."""
_MOST_HELD = 2_000
"""Characters of a cell whose blanks are measured."""
_LONGEST_END, _LEAST_HELD = 2, 4
"""Characters of a text that may stand beyond its cell on either side, and that must stand in it."""


def blocks_of(page: PrintedPage, page_no: int, before: Sequence[float] | None = None) -> list[Block]:
    """The tables and the lines of the text outside them, from top to bottom.

    ``before`` are the edges of the columns of a table without vertical rules with which the page before ended; empty where it
    ended with the first heads of this page's first table.

    Raises DocumentError CONTENT_TOO_LARGE where the page's rules cross more often than LIMITS.cells.
    """
    tables = _Tables(page)
    found, drawn = _ruled(page, tables.middles)
    for cells in found:
        tables.add(cells)
    tables.drop_torn(drawn)
    ruled = len(tables.found)
    tables.add_banded(before, is_read=False)
    partial = tables.set_aside_partial()
    rest = tables.rest()
    lines = list(lines_of(page, rest))
    if has_rows(text for text, _, _ in lines):
        for table in open_tables(page, rest, tables.boxes(), before, tables.edges()):
            if not tables.lacks_heads(table.chars, partial):
                tables.add(list(table.cells), table.head, table.cells, table.chars)
    for part in partial:
        tables.put_back(part.cells)
    tables.add_banded(before, is_read=True)
    if before is not None and not before:
        tables.drop_headless(ruled, [box[1] for text, box, _ in lines if printed_unit(text)])
    if len(left := tables.rest()) < len(rest):
        lines = list(lines_of(page, left))
    return in_order(
        [text_line(text, box, page_no, number) for number, (text, box, _) in enumerate(lines, start=1)],
        [
            table_of(cells, own, page_no, number)
            for number, (cells, own) in enumerate(zip(tables.found, tables.texts, strict=True), start=1)
            if any(own.values())
        ],
    )


def _ruled(page: PrintedPage, middles: Numbers) -> tuple[list[list[Box]], set[Box]]:
    """The cells of each table that rules enclose, those that a table's outer side or a page break lacks added; and the cells
    all whose rules are drawn.
    """
    found = find_tables(page.verticals, page.horizontals, as_rows([], 3), as_rows([], 3))
    drawn = {cell for cells in found for cell in cells}
    down, across = closing([box_around(cells) for cells in found], page.verticals, page.horizontals)
    beside, ends, bare = between_stripes(page, found)
    down, across = [*down, *beside], [*across, *ends]
    if down or across:
        found = find_tables(page.verticals, page.horizontals, as_rows(down, 3), as_rows(across, 3))
    cut = [box_around(cells) for cells in found if has_loose(cells, middles)]
    if cut:
        down += [(x, top, bottom) for left, top, right, bottom in cut for x in (left, right)]
        across += [(y, left, right) for left, top, right, bottom in cut for y in (top, bottom)]
        found = find_tables(page.verticals, page.horizontals, as_rows(down, 3), as_rows(across, 3))
    return [cells for cells in found if not _lies_in(box_around(cells), bare)], drawn


@dataclass(frozen=True, slots=True)
class _Part:
    """A table that is only a part of one: its cells, the characters in it, and those of the line of heads right above."""

    cells: list[Box]
    chars: frozenset[int]
    above: frozenset[int]


class _Tables:
    """The tables of a page that were found so far, each with its cells and their texts, and which characters stand in none."""

    def __init__(self, page: PrintedPage) -> None:
        self.page = page
        self.middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
        self.found: list[list[Box]] = []
        self.texts: list[dict[Box, str]] = []
        self._outside = np.ones(len(self.middles), np.bool_)

    def rest(self) -> list[int]:
        """The characters outside tables."""
        numbers: list[int] = np.flatnonzero(self._outside).tolist()
        return numbers

    def boxes(self) -> list[Box]:
        return [box_around(cells) for cells in self.found]

    def edges(self) -> list[list[float]]:
        """The edges of the columns of each table."""
        return [_edges_of(cells) for cells in self.found]

    def add(
        self,
        cells: list[Box],
        head: int | None = None,
        held: Mapping[Box, Sequence[int]] | None = None,
        chars: Sequence[int] = (),
    ) -> None:
        """Add a table, or to the table that is its ``head``; ``held`` are the characters of its cells and ``chars`` all of
        them, where they are not those that stand in the cells.
        """
        if held is None:
            inside = _inside(self.middles, box_around(cells)) & self._outside
            own = _texts_in(self.page, cells, np.flatnonzero(inside), self.middles)
            self._outside[inside] = False
        else:
            own = {box: text_of(self.page, sorted(some)) for box, some in held.items()}
            self._outside[list(chars)] = False
        if head is None:
            self.found.append(cells)
            self.texts.append(own)
        else:
            self.found[head] = [*self.found[head], *cells]
            self.texts[head] |= own

    def add_banded(self, before: Sequence[float] | None, is_read: bool) -> None:
        """Add the tables that have horizontal rules only; the arguments are those of ``banded_tables``."""
        for table in banded_tables(self.page, self.rest(), self.edges(), self.boxes(), before, is_read):
            self.add(table.cells, table.head)

    def drop_torn(self, drawn: set[Box]) -> None:
        """Drop the rows of tables from the first one on with a cell that is not ``drawn`` and holds the texts of two: the rules
        between columns are not drawn.
        """
        tables = list(zip(self.found, self.texts, strict=True))
        self.found, self.texts = [], []
        for cells, own in tables:
            torn = [
                box[1] for box, text in own.items() if " " in text and box not in drawn and self._is_torn(box)
            ]
            if not torn:
                self.found.append(cells)
                self.texts.append(own)
                continue
            self._outside[_inside(self.middles, box_around(cells))] = True
            if whole := [box for box in cells if box[3] <= min(torn)]:
                self.add(whole)

    def set_aside_partial(self) -> list[_Part]:
        """Take out the tables that are only a part of one, as where only some of its cells are tinted: text stands among
        their cells and in none, or rows stand right above and below them. All of it may be read as a table without rules;
        else they are put back.
        """
        partial = []
        for cells in self.found:
            box = box_around(cells)
            is_loose = has_loose(cells, self.middles)
            if not is_loose and not self._has_row_below(box):
                continue
            above = self._line_beside(box, -1)
            if is_loose or above:
                chars = np.flatnonzero(_inside(self.middles, box)).tolist()
                heads = [char for word in above.words for char in word.chars] if above else []
                partial.append(_Part(cells, frozenset(chars), frozenset(heads)))
        for part in partial:
            at = self.found.index(part.cells)
            del self.found[at], self.texts[at]
            self._outside[list(part.chars)] = True
        return partial

    def _line_beside(self, box: Box, side: int) -> OpenLine | None:
        """The line of a table's heads or rows right above (-1) or below it (0)."""
        left, top, right, bottom = box
        strip = (left, top - _ROOM, right, top) if side else (left, bottom, right, bottom + _ROOM)
        inside = np.flatnonzero(_inside(self.middles, strip) & self._outside).tolist()
        line = lines[side] if inside and (lines := lines_in(self.page, inside)) else None
        return None if line and (line.is_caption or line.is_prose) else line

    def _has_row_below(self, box: Box) -> bool:
        below = self._line_beside(box, 0)
        return below is not None and below.has_figures and len(below.words) > 1

    def lacks_heads(self, chars: Sequence[int], partial: Sequence[_Part]) -> bool:
        """Whether a table that is read of these characters leaves out heads above a part of it."""
        taken = set(chars)
        return any(not taken.isdisjoint(part.chars) and not part.above <= taken for part in partial)

    def drop_headless(self, ruled: int, units: Sequence[float]) -> None:
        """Drop the page's first table, some of whose heads stand on the page before, unless it is one of the first ``ruled`` ones,
        or begins on this page, below one of the levels of money ``units``.
        """
        tops = [box[1] for box in self.boxes()]
        if not tops or any(level < min(tops) for level in units):
            return
        if (first := tops.index(min(tops))) >= ruled:
            self._outside[_inside(self.middles, box_around(self.found[first]))] = True
            del self.found[first], self.texts[first]

    def put_back(self, cells: list[Box]) -> None:
        """Add a table that was set aside, unless some of its texts have become another one's."""
        if self._outside[_inside(self.middles, box_around(cells))].all():
            self.add(cells)

    def _is_torn(self, box: Box) -> bool:
        chars: list[int] = np.flatnonzero(_inside(self.middles, box)).tolist()
        return len(chars) <= _MOST_HELD and has_blank(self.page, chars)


def open_edges(blocks: Sequence[Block]) -> tuple[float, ...] | None:
    """The edges of the columns of the page's last table, unless a text stands below it; empty where only heads of the next
    page's table stand there. ``blocks`` are those of a page.
    """
    if table := last_table(blocks, Table):
        return table.col_edges
    return () if _ends_in_heads(blocks) else None


def _ends_in_heads(blocks: Sequence[Block]) -> bool:
    """Whether the page ends with lines that can only be heads below a money unit, or prints nothing else, page numbers left
    aside.
    """
    heads: list[str] = []
    for number, block in enumerate(reversed(blocks[-_MOST_BELOW - _MOST_CUT - 1 :])):
        if not isinstance(block, TextLine):
            return False
        if printed_unit(block.text):
            return any(" " in text for text in heads)
        if number < _MOST_BELOW and not heads and _PAGE_NUMBER.fullmatch(block.text):
            continue
        if _NO_HEAD.search(block.text):
            return False
        heads.append(block.text)
    return len(heads) <= _MOST_CUT and any(" " in text for text in heads)


def last_table(items: Sequence[object], kind: type[T]) -> T | None:
    """The last table (a ``kind``) of a page's lines and tables, unless more than page numbers and the like stand below it."""
    below = items[-1 - _MOST_BELOW :]
    return next((item for item in reversed(below) if isinstance(item, kind)), None)


def in_order(lines: list[TextLine], tables: list[Table]) -> list[Block]:
    """Lines and tables of a page from top to bottom."""
    blocks: list[Block] = [*lines, *tables]
    return sorted(blocks, key=lambda block: (block.box or (0, 0, 0, 0))[1])


def text_line(text: str, box: Box, page_no: int, number: int) -> TextLine:
    """The ``number``-th line of a page."""
    return TextLine(text=as_meant(text), ref=f"p{page_no}l{number}", page_no=page_no, line_no=number, box=box)


def table_of(cells: Sequence[Box], texts: Mapping[Box, str], page_no: int, table_no: int) -> Table:
    """The ``table_no``-th table of a page, made of its cells' boxes and their texts."""
    placed = places_of(cells)
    name = f"p{page_no}t{table_no}"
    return Table(
        cells=[
            Cell(
                as_meant(texts.get(box, "")), row, col, f"{name}r{row + 1}c{col + 1}", down, across, None, box
            )
            for box, (row, col, down, across) in placed.of_cell.items()
        ],
        row_count=len(placed.tops),
        col_count=len(placed.lefts),
        page_no=page_no,
        box=box_around(cells),
        has_spans=True,
        col_edges=(*placed.lefts, max(cell[2] for cell in cells)),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows and columns of a table begin, and of each cell, in reading order, the row and column and how many it spans."""

    tops: list[float]
    lefts: list[float]
    of_cell: dict[Box, tuple[int, int, int, int]]


def places_of(cells: Iterable[Box]) -> Places:
    """The rows and columns that the boxes of a table's cells make."""
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    tops, lefts = sorted({cell[1] for cell in ordered}), sorted({cell[0] for cell in ordered})
    row_of, col_of = ({place: number for number, place in enumerate(each)} for each in (tops, lefts))
    row_after = {bottom: bisect_left(tops, bottom - 0.1) for bottom in {cell[3] for cell in ordered}}
    col_after = {right: bisect_left(lefts, right - 0.1) for right in {cell[2] for cell in ordered}}
    of_cell = {
        box: (
            (row := row_of[box[1]]),
            (col := col_of[box[0]]),
            max(1, row_after[box[3]] - row),
            max(1, col_after[box[2]] - col),
        )
        for box in ordered
    }
    return Places(tops, lefts, of_cell)


def closing(
    tables: Sequence[Box], verticals: Numbers, horizontals: Numbers
) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """The outer rules that tables of the page lack: verticals as (x, top, bottom), horizontals as (y, left, right).

    ``tables`` are the boxes of those that are closed, ``verticals`` and ``horizontals`` the page's rules.
    """
    rows = [*tables, *_open_rows(tables, verticals, horizontals)]
    if not rows:
        return [], []
    return _closing_rules(tables, horizontals), _closing_levels(rows, verticals)


def _open_rows(tables: Sequence[Box], verticals: Numbers, horizontals: Numbers) -> list[Box]:
    """The rules outside tables that verticals may hang from or stand on, as flat boxes; those that touch as one."""
    if len(verticals) < _LEAST_SIDES or not len(horizontals):
        return []
    outside = np.ones(len(horizontals), np.bool_)
    for left, top, right, bottom in tables:
        level, start, end = horizontals.T
        near = (level >= top - _REACH) & (level <= bottom + _REACH)
        outside &= ~(near & (start <= right + _REACH) & (end >= left - _REACH))
    joined: list[list[float]] = []
    for level, start, end in sorted(horizontals[outside].tolist()):
        if joined and level - joined[-1][0] <= _REACH / 2 and start <= joined[-1][2] + _REACH:
            joined[-1][2] = max(joined[-1][2], end)
        else:
            joined.append([level, start, end])
    return [(start, level, end, level) for level, start, end in joined]


def _closing_rules(tables: Sequence[Box], horizontals: Numbers) -> list[tuple[float, float, float]]:
    """The missing outer vertical rules of tables whose horizontal rules extend beyond their last vertical ones."""
    closing = []
    for left, top, right, bottom in tables:
        level, start, end = horizontals.T
        across = (top - 1 <= level) & (level <= bottom + 1) & (start < right + 1) & (end > left - 1)
        first, last = (start[across].min(), end[across].max()) if across.any() else (left, right)
        for reach, side in ((float(first), left), (float(last), right)):
            if abs(reach - side) > _LEAST_COLUMN:
                closing.append((reach, top, bottom))
    return closing


def _closing_levels(tables: Sequence[Box], verticals: Numbers) -> list[tuple[float, float, float]]:
    """The missing upper and lower rules of tables whose vertical rules extend beyond their last horizontal ones.

    A browser prints a row cut by a page break in this way: its sides continue to the foot of the page and from the head
    of the next. Both outer sides must end with the others; of a table without another row (a flat box) three sides.
    """
    closing = []
    for left, top, right, bottom in tables:
        least = _LEAST_SIDES if top == bottom else 2
        x, start, end = verticals.T
        beside = (left - _REACH <= x) & (x <= right + _REACH)
        below = beside & (start <= bottom + _REACH) & (end > bottom + _LEAST_ROW)
        above = beside & (end >= top - _REACH) & (start < top - _LEAST_ROW)
        for going, ends, is_last in ((below, end[below], np.max), (above, start[above], np.min)):
            if len(ends) < least:
                continue
            level, at = float(is_last(ends)), x[going]
            is_closed = at.min() <= left + _REACH and at.max() >= right - _REACH
            if is_closed and (np.abs(ends - level) <= _REACH).all():
                closing.append((level, left, right))
    return closing


def between_stripes(
    page: PrintedPage, tables: Sequence[Sequence[Box]]
) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]], set[Box]]:
    """The sides of the rows between tinted rows of the same columns, as verticals (x, top, bottom); the outer rules,
    horizontals (y, left, right), of the head above the first tinted row and of such a row below the last; and the tinted
    rows whose head cannot be told.
    """
    stripes = sorted((cells[0][1], _edges_of(cells), box_around(cells), len(cells)) for cells in tables)
    sides: list[tuple[float, float, float]] = []
    ends: list[tuple[float, float, float]] = []
    bare: set[Box] = set()
    run: list[Box] = []
    parted: list[float] = []
    for number, (_, edges, box, _) in enumerate(stripes):
        run.append(box)
        if number + 1 < len(stripes):
            top, others, after, count = stripes[number + 1]
            is_next = count == len(others) - 1 and top - box[3] <= _FARTHEST_STRIPE * (after[3] - top)
            if is_next and _are_same(edges, others) and _holds_row(page, edges, box[3], top, 0):
                levels = _levels_between(page, edges[0], box[3], edges[-1], top, after[3] - top)
                if levels is not None:
                    parted += levels
                    continue
        if len(run) > 1:
            height = median(lower[1] - upper[3] for upper, lower in pairwise(run))
            upper, lower = run[0][1] - height, run[-1][3] + height
            above = _heads_above(page, edges, upper, run[0][1])
            if above is None:
                bare.update(run)
                bare.update(
                    other
                    for _, _, other, _ in stripes
                    if run[0][1] - _HEAD_ROWS * height < other[1] < run[0][1]
                    and other[2] - other[0] <= run[0][2] - run[0][0]
                )
                run, parted = [], []
                continue
            ends += [(level, edges[0], edges[-1]) for level in parted]
            sides += [(x, one[3], next_one[1]) for one, next_one in pairwise(run) for x in edges]
            if above:
                sides += [(x, upper, run[0][1]) for x in above]
                ends.append((upper, edges[0], edges[-1]))
            if _holds_row(page, edges, run[-1][3], lower, 2):
                sides += [(x, run[-1][3], lower) for x in edges]
                ends.append((lower, edges[0], edges[-1]))
        run, parted = [], []
    return sides, ends, bare


def _lies_in(box: Box, others: set[Box]) -> bool:
    """Whether the middle of a box lies in one of others."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in others)


def has_loose(cells: Sequence[Box], middles: Numbers) -> bool:
    """Whether text stands among a table's cells and in none: a page break has cut a merged cell, and left it open."""
    inside = middles[_inside(middles, box_around(cells))]
    return bool((_cells_at(cells, inside) < 0).any())


def _inside(places: Numbers, box: Box) -> npt.NDArray[np.bool_]:
    """Which places (x, y) are in a box."""
    left, top, right, bottom = box
    x, y = places.T
    within: npt.NDArray[np.bool_] = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return within


def _cells_at(cells: Sequence[Box], places: Numbers) -> npt.NDArray[np.int64]:
    """The number of the cell that holds each place (x, y), with its left and upper side; -1 where none does."""
    left, top, right, bottom = np.array(cells).T
    xs, ys = np.unique(np.concatenate([left, right])), np.unique(np.concatenate([top, bottom]))
    numbers = np.full((len(ys) + 1, len(xs) + 1), -1, np.int64)
    across = zip(
        (np.searchsorted(xs, left) + 1).tolist(), (np.searchsorted(xs, right) + 1).tolist(), strict=True
    )
    down = zip(
        (np.searchsorted(ys, top) + 1).tolist(), (np.searchsorted(ys, bottom) + 1).tolist(), strict=True
    )
    for number, ((x0, x1), (y0, y1)) in enumerate(zip(across, down, strict=True)):
        numbers[y0:y1, x0:x1] = number
    x, y = places.T
    found: npt.NDArray[np.int64] = numbers[np.searchsorted(ys, y, "right"), np.searchsorted(xs, x, "right")]
    return found


def _edges_of(cells: Sequence[Box]) -> list[float]:
    return [*sorted({cell[0] for cell in cells}), max(cell[2] for cell in cells)]


def _are_same(edges: Sequence[float], others: Sequence[float]) -> bool:
    return len(edges) == len(others) and all(
        abs(one - other) <= _REACH for one, other in zip(edges, others, strict=True)
    )


def _heads_above(page: PrintedPage, edges: Sequence[float], top: float, bottom: float) -> list[float] | None:
    """The edges of the heads between two levels, each in the middle of its columns; empty where there are no heads, None
    where they do not stand so.
    """
    middles = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    inside = np.flatnonzero((middles > top) & (middles < bottom)).tolist()
    places = [
        (min(page.lefts[char] for char in word), max(page.rights[char] for char in word))
        for word in words_of(page, inside)
    ]
    if not places or any(line.is_caption for line in lines_in(page, inside)):
        return []
    found = [edges[0]]
    for left, right in sorted(places):
        end = next((edge for edge in edges if abs(found[-1] + edge - left - right) <= _REACH), None)
        if end is None or end <= right or left < found[-1]:
            return None
        found.append(end)
    return found if found[-1] == edges[-1] and len(found) > 2 else None


def _levels_between(
    page: PrintedPage, left: float, top: float, right: float, bottom: float, height: float
) -> list[float] | None:
    """What parts the rows between two tinted ones, one of which is as high as ``height``: usually they are one, and nothing
    does. None where some lines are rows, and others may belong to several.
    """
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    lines = lines_in(page, np.flatnonzero(_inside(middles, (left, top, right, bottom))).tolist())
    rows = [line for line in lines if sum(word.is_number for word in line.words) > 1]
    if len(rows) < 2 or any(lower.level - upper.level < _ROW * height for upper, lower in pairwise(rows)):
        return []
    return [(upper.bottom + lower.top) / 2 for upper, lower in pairwise(rows)] if rows == lines else None


def _holds_row(page: PrintedPage, edges: Sequence[float], top: float, bottom: float, least: int) -> bool:
    """Whether between two levels text stands in so many columns at least, and none across an edge."""
    left, upper, right, lower = page.boxes.T
    middle = (upper + lower) / 2
    inside = (middle > top) & (middle < bottom) & (right > edges[0]) & (left < edges[-1])
    if not inside.any():
        return False
    if bottom - top < _LEAST_ROW or bottom - top > _HIGHEST_ROW * (lower - upper)[inside].max():
        return False
    columns = np.searchsorted(edges, (left[inside] + right[inside]) / 2)
    inner = np.array(edges)[:, None]
    is_crossed = (left[inside] < inner - _REACH / 2) & (right[inside] > inner + _REACH / 2)
    return len(np.unique(columns)) >= least and not is_crossed.any()


def box_around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _texts_in(
    page: PrintedPage, cells: Sequence[Box], members: npt.NDArray[np.int64], middles: Numbers
) -> dict[Box, str]:
    """The content of each cell that is not empty: the ``members`` of the page whose middle is in it.

    A text that is wider than its cell, so that its ends stand in the cells beside it, is that of its own cell.
    """
    cell_of = _cells_at(cells, middles[members])
    for start, end in _divided_runs(page, members, cell_of):
        home = _home(cell_of[start:end].tolist())
        if home is not None and cells[home][1] <= middles[members[start], 1] < cells[home][3]:
            cell_of[start:end] = home
    order = np.argsort(cell_of, kind="stable")
    order = order[np.searchsorted(cell_of[order], 0) :]
    held, chars = cell_of[order], members[order].tolist()
    starts = np.flatnonzero(np.diff(held, prepend=-1))
    ends = np.append(starts[1:], len(chars)) if len(starts) else starts
    return {
        cells[cell]: text_of(page, chars[start:end])
        for cell, start, end in zip(held[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
    }


def _divided_runs(
    page: PrintedPage, chars: npt.NDArray[np.int64], cell_of: npt.NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Runs of upright characters that the content prints one after the other, each right behind the one before, and that
    stand in several cells: where each starts and ends among ``chars``.
    """
    if len(chars) < 2:
        return []
    levels = np.array(page.levels)[chars]
    is_next = (
        (chars[1:] == chars[:-1] + 1)
        & page.upright[chars[1:]]
        & (levels[1:] == levels[:-1])
        & (np.abs(page.boxes[chars[1:], 0] - page.boxes[chars[:-1], 2]) <= _TOUCHING)
    )
    divided = np.flatnonzero(is_next & (cell_of[1:] != cell_of[:-1]))
    if not len(divided):
        return []
    starts = np.flatnonzero(np.append(True, ~is_next))
    ends = np.append(starts[1:], len(chars))
    runs = np.unique(np.searchsorted(starts, divided, "right") - 1)
    return list(zip(starts[runs].tolist(), ends[runs].tolist(), strict=True))


def _home(held: Sequence[int]) -> int | None:
    """The cell of a run of characters that stand in the cells ``held`` (-1: none) and of which only the ends stand in others;
    None where there is no such cell.
    """
    home = max(dict.fromkeys(held), key=held.count)
    first, last = held.index(home), len(held) - 1 - held[::-1].index(home)
    ends = (first, len(held) - 1 - last)
    is_one = all(cell == home for cell in held[first : last + 1])
    is_home = is_one and max(ends) <= _LONGEST_END and last - first + 1 >= _LEAST_HELD
    return home if is_home and home >= 0 else None

"""Tables without vertical rules: with horizontal rules only, or with none. Their columns are told by ``open_columns``.

A table is made only where every figure stands in one column and under one head, or continues a table of the page
before; else its lines stay lines, and its figures count as unread.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise
from statistics import median

import numpy as np

from ingest.document.model import Box
from ingest.document.paragraphs import item_level
from ingest.readers.page.open_columns import Column, UncertainError, edges_of, find_columns, take_heads
from ingest.readers.page.open_heads import Heads, read_heads
from ingest.readers.page.open_lines import LEAST_FIGURES, OpenLine, Word, lines_in
from ingest.readers.page.printed import Numbers, PrintedPage

_MOST_CHARS = 20_000
_FARTHEST = 5.0
"""Ems between the base lines of rows of one table."""
_NEAR_LINE, _NEAR_ROW = 1.45, 2.2
"""Ems up to which a line of words is in one cell with the next one, and belongs to the row beside it."""
_TIGHT = 0.75
"""The part of the rows' usual distance up to which it does."""
_LOOSE, _INDENT = 1.3, 0.3
"""How much farther than usual a row may stand below another one, and the ems by which it may begin elsewhere."""
_FULL = 1.3
"""Ems that a line which continues below leaves of its column."""
_UNLIKE = 0.4
"""Ems by which the figures of a row stand away from their place in it at most."""
_CLEARLY = 0.95
"""The part of the distance to one row up to which another one is clearly nearer."""
_MOST_HEAD_LINES = 16
_LARGER = 1.25
"""How much larger than a table's rows a line is that is none of its heads."""
_LARGEST = 2.0
"""How much larger than its rows the heads of a table are at most."""
_MOSTLY = 0.6
"""The part of a table's width from which a rule is one of its own."""
_MOSTLY_IN = 0.7
"""The part of a name that stands in its column at least."""
_ONE_RULE = 2.0
_ROOM = 1.5
"""Ems between a ruled head and the first row of its table at most."""
_FURNITURE = 3
"""How many lines may stand above the rest of a table that began on the page before."""


@dataclass(slots=True)
class OpenTable:
    """A table's cells, the characters in each, and the edges of its columns."""

    cells: dict[Box, list[int]]
    edges: list[float]
    chars: list[int] = field(default_factory=list)
    head: int | None = None
    """The number of the ruled table that is its head."""


@dataclass(slots=True)
class _Rules:
    """The horizontal rules of a part of the page: those over most of its width, and the shorter ones (y, left, right).

    ``are_bands``: the first one is the upper side of a row's tint, and the table may begin above it.
    """

    levels: list[float]
    short: list[tuple[float, float, float]]
    left: float
    right: float
    are_bands: bool = False

    def between(self, upper: float, lower: float) -> bool:
        return any(upper < level < lower for level in self.levels)


def open_tables(
    page: PrintedPage,
    chars: Sequence[int],
    ruled: Sequence[Box],
    before: Sequence[float] | None,
    edges: Sequence[Sequence[float]] = (),
) -> list[OpenTable]:
    """The tables that the characters outside ``ruled`` tables make, from top to bottom.

    ``before`` are the edges of a table's columns with which the page before ended, ``edges`` those of the ruled tables, one of
    which may be the head of an open one. A page with more characters than people print on one has none.
    """
    if len(chars) > _MOST_CHARS:
        return []
    lines = lines_in(page, chars)
    tables: list[OpenTable] = []
    start = 0
    furniture = _FURNITURE
    for begin, last, count in _runs(lines, ruled):
        first = max(begin, start)
        if first > last or (count < LEAST_FIGURES and not (tables and before)):
            continue
        above = _head_above(lines, lines[first : last + 1], ruled) if edges else None
        try:
            if above is not None:
                table = _table(page, lines, first, last, ruled, edges[above], _FURNITURE)
                table.head = above
            else:
                table = _table(page, lines[start:], first - start, last - start, ruled, before, furniture)
        except UncertainError:
            continue
        tables.append(table)
        taken = set(table.chars)
        start = 1 + max(
            n for n, line in enumerate(lines) if any(not taken.isdisjoint(w.chars) for w in line.words)
        )
        before, furniture = (None if table.head is not None else table.edges), 0
    return tables


def _head_above(lines: Sequence[OpenLine], body: Sequence[OpenLine], ruled: Sequence[Box]) -> int | None:
    """The number of the ruled table right above a body, which is about as wide, and has no further head above its rules."""
    left = min(word.left for line in body for word in line.words)
    right = max(word.right for line in body for word in line.words)
    for number, (start, top, end, bottom) in enumerate(ruled):
        if any(0 < top - line.level < _ROOM * line.em and not line.is_caption for line in lines):
            continue
        room = body[0].top - bottom
        is_wide = start - 1 <= left and right <= end + 1 and right - left >= _MOSTLY * (end - start)
        if -1 <= room <= _ROOM * body[0].em and is_wide:
            return number
    return None


def _runs(lines: Sequence[OpenLine], ruled: Sequence[Box]) -> list[tuple[int, int, int]]:
    """The first and last lines, and the number of figures, of each run of lines that may be one table, or the rest of one."""
    runs: list[list[int]] = []
    for number, line in enumerate(lines):
        if line.has_figures and not line.is_prose and not line.is_caption:
            goes_on = bool(runs) and not _is_broken(lines[runs[-1][-1] : number + 1], ruled)
            if goes_on and (len(line.words) > 1 or _is_below(lines[runs[-1][-1]], line)):
                runs[-1].append(number)
            elif len(line.words) > 1:
                runs.append([number])
    counts = [sum(word.is_figure for number in run for word in lines[number].words) for run in runs]
    return [(run[0], run[-1], count) for run, count in zip(runs, counts, strict=True) if count > 1]


def _is_below(upper: OpenLine, lower: OpenLine) -> bool:
    """Whether a figure that stands alone in its line, the name of its row beside it in two lines, ends below one of the line
    above.
    """
    return any(
        abs(word.right - lower.words[0].right) <= _INDENT * word.em for word in upper.words if word.is_figure
    )


def _is_broken(lines: Sequence[OpenLine], ruled: Sequence[Box]) -> bool:
    """Whether something between the first and the last line ends a table."""
    return any(
        lower.is_prose
        or lower.is_caption
        or lower.level - upper.level > _FARTHEST * upper.em
        or lower.em > _LARGER * lines[0].em
        or _is_parted(upper, lower, ruled)
        for upper, lower in pairwise(lines)
    )


def _is_parted(upper: OpenLine, lower: OpenLine, ruled: Sequence[Box]) -> bool:
    return any(upper.level < (top + bottom) / 2 < lower.level for _, top, _, bottom in ruled)


def _table(
    page: PrintedPage,
    lines: Sequence[OpenLine],
    first: int,
    last: int,
    ruled: Sequence[Box],
    before: Sequence[float] | None,
    furniture: int,
) -> OpenTable:
    """The table whose first and last lines with figures are given. Raises UncertainError.

    ``before`` are the edges of the table that it may go on, with ``furniture`` lines at most between.
    """
    body = list(lines[first : last + 1])
    rules = _rules_of(page.horizontals, page.verticals, body)
    head = _head_lines(lines, first, ruled, rules)
    above = first - len(head)
    columns = find_columns(body)
    first -= _rows_above(head, columns, rules)
    body = [*lines[first : last + 1], *_rows_below(lines, last, rules, body, columns)]
    columns = find_columns(body)
    if _is_caption_of(head, columns):
        head = head[1:]
    is_rest_of = before if above <= furniture else None
    try:
        body = take_heads(columns, body)
        heads = read_heads(head, columns, _foot(head, body, rules), rules.short)
        columns = heads.columns
    except UncertainError:
        if not is_rest_of:
            raise
        body = [*head, *body]
        return _laid_out([], None, _rows(body, find_columns(body), rules), list(is_rest_of))
    edges = edges_of(columns)
    edges[0], edges[-1] = min(edges[0], rules.left), max(edges[-1], rules.right)
    if is_rest_of and _fit(columns, is_rest_of):
        edges = list(is_rest_of)
    return _laid_out(head, heads, _rows(body, columns, rules), edges)


def _is_caption_of(head: Sequence[OpenLine], columns: Sequence[Column]) -> bool:
    """Whether the upper line is a text over the first column alone, below which every column has its head."""
    return (
        len(head) > 1
        and len(head[0].words) == 1
        and len(columns) == len(head[1].words) > 1
        and head[0].words[0].right <= columns[1].left
    )


def _foot(head: Sequence[OpenLine], body: Sequence[OpenLine], rules: _Rules) -> float:
    """Where the body begins: at the rule below the heads, or in the middle between them and the first row."""
    if not head:
        return body[0].top
    upper, lower = max(line.bottom for line in head), body[0].top
    between = [level for level in rules.levels if upper - 1 <= level <= lower + 1]
    return between[0] if between else (upper + lower) / 2


def _rules_of(horizontals: Numbers, verticals: Numbers, body: Sequence[OpenLine]) -> _Rules:
    """The rules that run along a table's body, and over its heads."""
    left = min(word.left for line in body for word in line.words)
    right = max(word.right for line in body for word in line.words)
    near = [
        (level, start, end)
        for level, start, end in sorted(horizontals.tolist())
        if start < right and end > left
    ]
    rules = _Rules([], [], left - 2, right + 2)
    whole: list[tuple[float, float, float]] = []
    groups: list[list[tuple[float, float, float]]] = []
    for rule in near:
        if groups and rule[0] - groups[-1][-1][0] <= _ONE_RULE:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    for group in groups:
        pieces: list[list[float]] = []
        for level, start, end in sorted(group, key=lambda rule: rule[1]):
            if pieces and start <= pieces[-1][2] + _ONE_RULE:
                pieces[-1][2] = max(pieces[-1][2], end)
            else:
                pieces.append([level, start, end])
        length = sum(min(end, right) - max(start, left) for _, start, end in pieces)
        if length >= _MOSTLY * (right - left) and (len(pieces) == 1 or length >= 0.9 * (right - left)):
            whole.append((group[0][0], pieces[0][1], max(piece[2] for piece in pieces)))
        else:
            rules.short += [(level, start, end) for level, start, end in pieces]
    usual_left, usual_right = (median(rule[side] for rule in whole) if whole else 0.0 for side in (1, 2))
    for level, start, end in whole:
        if start >= usual_left - _ONE_RULE or end <= usual_right + _ONE_RULE:  # else it is the page's
            rules.levels.append(level)
            rules.left, rules.right = min(rules.left, start), max(rules.right, end)
    if rules.levels:
        x, top, bottom = verticals.T
        sides = (np.abs(x - rules.left) < _ONE_RULE) & (np.abs(top - rules.levels[0]) < _ONE_RULE)
        rules.are_bands = bool((sides & (bottom < rules.levels[-1] - _ONE_RULE)).any())
    return rules


def _head_lines(lines: Sequence[OpenLine], first: int, ruled: Sequence[Box], rules: _Rules) -> list[OpenLine]:
    """The lines above the first row that may be a table's head, from top to bottom."""
    em = lines[first].em
    head: list[OpenLine] = []
    at = first - 1
    largest = _LARGER * em
    if at >= 0 and len(lines[at].words) > 1:
        largest = max(largest, _LARGER * min(lines[at].em, _LARGEST * em))
    while at >= 0 and len(head) < _MOST_HEAD_LINES:
        line, below = lines[at], lines[at + 1]
        if (
            line.is_caption
            or line.is_prose
            or line.has_figures
            or line.em > largest
            or below.level - line.level > _FARTHEST * em
            or _is_parted(line, below, ruled)
        ):
            break
        head.insert(0, line)
        at -= 1
    top = [level for level in rules.levels if level < lines[first].top]
    ruled_above = [level for level in top if head and level < head[-1].top + 0.3 * em]
    if ruled_above and not rules.are_bands:  # what stands above a table's upper rule is no head
        upper = (
            ruled_above[0]
            if not head
            else min(level for level in ruled_above if _is_lined(level, ruled_above, head))
        )
        head = [line for line in head if line.top + 0.3 * em > upper]
    while len(head) > 1 and len(head[0].words) == 1 and _is_wide_title(head[0], head[1:]):
        head = head[1:]
    return head


def _is_lined(level: float, levels: Sequence[float], head: Sequence[OpenLine]) -> bool:
    """Whether a line stands between a level and the next one below it, or the level is the last one."""
    below = [other for other in levels if other > level]
    return not below or any(level < line.level < below[0] + 0.3 * line.em for line in head)


def _is_wide_title(line: OpenLine, below: Sequence[OpenLine]) -> bool:
    """Whether a single text stands over everything below it, as a title does."""
    left = min(word.left for each in below for word in each.words)
    right = max(word.right for each in below for word in each.words)
    return abs(line.words[0].middle - (left + right) / 2) < line.em and len(below[0].words) > 1


def _rows_above(head: list[OpenLine], columns: Sequence[Column], rules: _Rules) -> int:
    """How many lines above the first row with figures are rows too (taken off ``head``): of names, of column numbers."""
    figures = [column for column in columns if column.has_figures]
    count = 0
    while len(head) > 1:
        line, above = head[-1], head[-2]
        is_over = any(column.overlaps(word) for word in line.words for column in figures)
        if not line.is_order and (is_over or not _is_apart(above, line, rules)):
            break
        if not line.is_order and not any(
            column.overlaps(word) for other in head[:-1] for word in other.words for column in figures
        ):
            break
        head.pop()
        count += 1
    return count


def _is_apart(upper: OpenLine, lower: OpenLine, rules: _Rules) -> bool:
    """Whether a rule stands between two lines, or, without rules, more room than between the lines of a cell."""
    if any(level < upper.top for level in rules.levels):
        return rules.between(upper.level, lower.level)
    return lower.level - upper.level > _NEAR_LINE * lower.em


def _rows_below(
    lines: Sequence[OpenLine],
    last: int,
    rules: _Rules,
    body: Sequence[OpenLine],
    columns: Sequence[Column],
) -> list[OpenLine]:
    """The lines below the last row with figures that belong to the table: above its last rule, the rest of a name, or
    names at the rows' usual distance that begin where those above begin.
    """
    found: list[OpenLine] = []
    lowest = max((level for level in rules.levels if level > lines[last].top), default=None)
    usual = _usual_distance(body)
    for line in lines[last + 1 :]:
        upper = found[-1] if found else lines[last]
        if line.is_caption or line.is_prose or line.level - upper.level > _FARTHEST * line.em:
            break
        is_near = line.level - upper.level <= min(_NEAR_ROW * line.em, _TIGHT * usual)
        is_above_rule = lowest is not None and line.level <= lowest + 0.2 * line.em
        is_usual = line.level - upper.level <= _LOOSE * usual < float("inf")
        if not is_above_rule and not is_near and not (is_usual and _are_names(line, columns)):
            break
        found.append(line)
    return found


def _are_names(line: OpenLine, columns: Sequence[Column]) -> bool:
    """Whether every word of a line begins where a column of words begins, or is a number of one."""
    names = [column for column in columns if not column.has_figures]
    return all(
        any(
            abs(word.left - column.left) <= _INDENT * word.em or (word.is_number and column.overlaps(word))
            for column in names
        )
        for word in line.words
    )


def _usual_distance(body: Sequence[OpenLine]) -> float:
    """The usual distance of rows of one line that follow each other; infinite where there are none."""
    steps = [
        lower.level - upper.level
        for upper, lower in pairwise(body)
        if upper.has_figures and lower.has_figures
    ]
    return sorted(steps)[len(steps) // 4] if steps else float("inf")


def _fit(columns: Sequence[Column], edges: Sequence[float]) -> bool:
    """Whether each column lies between two edges of its own."""
    return len(columns) == len(edges) - 1 and all(
        start - 1 <= column.left and column.right <= end + 1
        for column, (start, end) in zip(columns, pairwise(edges), strict=True)
    )


# ---------------------------------------------------------------------------------------------------- rows


def _rows(body: Sequence[OpenLine], columns: Sequence[Column], rules: _Rules) -> list[list[OpenLine]]:
    """The lines of each row: what stands between two rules, or the lines of names beside a line with figures."""
    numbers = [number for number, line in enumerate(body) if _is_row(line, columns)]
    counted = [body[number] for number in numbers]
    if len(counted) > 1 and all(
        rules.between(upper.level, lower.level) for upper, lower in pairwise(counted)
    ):
        number_of = {id(line): sum(level < line.level for level in rules.levels) for line in body}
        return [list(rows) for _, rows in groupby(body, key=lambda line: number_of[id(line)])]
    usual = _usual_distance(body)
    owners = list(range(len(body)))
    coded = _coded(counted, columns)
    places = (
        list(accumulate((_step(*pair, columns) for pair in pairwise(body)), initial=0.0)) if coded else []
    )
    for number in sorted(set(owners).difference(numbers)):
        owners[number] = _owner(body, number, columns, usual, owners)
        if owners[number] == number and coded and _are_in(body[number], coded):
            owners[number] = _nearest_row(number, numbers, places)
    found = [
        [body[number] for number in rows] for _, rows in groupby(range(len(body)), key=owners.__getitem__)
    ]
    _refuse_unlike(found[1:-1], columns)
    return found


def _refuse_unlike(rows: Sequence[Sequence[OpenLine]], columns: Sequence[Column]) -> None:
    """Refuse rows of several lines whose figures do not all stand at one height: at the top, in the middle or at the bottom.

    Raises UncertainError: some of the lines are the next row's.
    """
    places = []
    for row in rows:
        levels = [line.level for line in row if _is_row(line, columns)]
        if len(row) > 1 and len(levels) == 1:
            first, last = row[0].level, row[-1].level
            places.append([abs(place - levels[0]) for place in (first, (first + last) / 2, last)])
    em = max((line.em for row in rows for line in row), default=0.0)
    if places and all(max(off) > _UNLIKE * em for off in zip(*places, strict=True)):
        raise UncertainError("the lines of names cannot be shared among the rows")


def _coded(rows: Sequence[OpenLine], columns: Sequence[Column]) -> list[Column]:
    """The columns of names that have a code beside every name: what stands there without one is the rest of a name."""
    found = []
    for codes, names in pairwise(columns):
        if codes.has_figures or names.has_figures:
            continue
        named = [
            row for row in rows if any(names.overlaps(word) and not word.is_number for word in row.words)
        ]
        if named and all(
            [word.text.isdigit() for word in row.words if codes.overlaps(word)] == [True] for row in named
        ):
            found.append(names)
    return found


def _are_in(line: OpenLine, columns: Sequence[Column]) -> bool:
    """Whether every word of a line stands in one of the columns."""
    return all(
        any(column.left - 1 <= word.left and word.right <= column.right + 1 for column in columns)
        for word in line.words
    )


def _nearest_row(number: int, rows: Sequence[int], places: Sequence[float]) -> int:
    """Of the row above and the one below a line of names, the one whose name stands clearly nearer; the line's own where none does.

    All are numbers of lines; ``places`` says how far below the first each line stands.
    """
    at = bisect_left(rows, number)
    if not 0 < at < len(rows):
        return number
    (nearer, row), (farther, _) = sorted(
        (abs(places[each] - places[number]), each) for each in rows[at - 1 : at + 1]
    )
    return row if nearer < _CLEARLY * farther else number


def _step(line: OpenLine, other: OpenLine, columns: Sequence[Column]) -> float:
    """How far two lines stand apart: their words of one column, where there are such, else the lines."""
    tops = [
        abs(word.top - beside.top)
        for column in columns
        for word in line.words
        for beside in other.words
        if column.overlaps(word) and column.overlaps(beside)
    ]
    return min(tops, default=abs(other.level - line.level))


def _is_row(line: OpenLine, columns: Sequence[Column]) -> bool:
    """Whether a line has a figure, or a number in a column of figures, or begins with a code."""
    return (
        line.has_figures
        or line.words[0].text.isdigit()
        or any(
            word.is_number and column.has_figures and column.overlaps(word)
            for word in line.words
            for column in columns
        )
    )


def _owner(
    body: Sequence[OpenLine], number: int, columns: Sequence[Column], usual: float, owners: list[int]
) -> int:
    """The line to whose row a line of names belongs: its own, or one beside it."""
    line = body[number]
    near = _TIGHT * usual
    above = line.level - body[number - 1].level if number else float("inf")
    below = body[number + 1].level - line.level if number + 1 < len(body) else float("inf")
    if above > below and _is_one_cell(line, body[number + 1], columns, below, near):
        after = number + 1
        while after + 1 < len(body) and not _is_row(body[after], columns):
            after += 1
        return after
    if number and _is_one_cell(body[number - 1], line, columns, above, near):
        return owners[number - 1]
    is_tight = usual < _NEAR_LINE * line.em and not (number and _begins_item(body[number - 1], line, columns))
    return owners[number - 1] if number and is_tight and _is_full(body[number - 1], line, columns) else number


def _is_one_cell(
    upper: OpenLine, lower: OpenLine, columns: Sequence[Column], distance: float, near: float
) -> bool:
    """Whether two lines are near enough for one row: for lines of a cell, or, a little farther, if the upper one is full.

    A line that begins an item (``二、``) below another text begins a row.
    """
    if _begins_item(upper, lower, columns) or distance > min(near, _NEAR_ROW * lower.em):
        return False
    return distance <= _NEAR_LINE * lower.em or (near < float("inf") and _is_full(upper, lower, columns))


def _begins_item(upper: OpenLine, lower: OpenLine, columns: Sequence[Column]) -> bool:
    """Whether a line begins an item below a text of the same column."""
    return any(
        item_level(word.text) is not None and any(column.overlaps(other) for other in upper.words)
        for word in lower.words
        for column in columns
        if not word.is_number and column.overlaps(word)
    )


def _is_full(upper: OpenLine, line: OpenLine, columns: Sequence[Column]) -> bool:
    """Whether the line above fills the columns of words in which both lines have text."""
    shared = [
        (column, [word.right for word in upper.words if column.overlaps(word)])
        for column in columns
        if not column.has_figures and any(column.overlaps(word) for word in line.words)
    ]
    ends = [(column, max(rights)) for column, rights in shared if rights]
    return bool(ends) and all(end >= column.right - _FULL * line.em for column, end in ends)


# ---------------------------------------------------------------------------------------------------- cells


def _laid_out(
    head: Sequence[OpenLine],
    heads: Heads | None,
    rows: Sequence[Sequence[OpenLine]],
    edges: list[float],
) -> OpenTable:
    """The cells between the edges, with what stands in them; ``heads`` are None where the table has none."""
    cells: dict[Box, list[int]] = {}
    tops = [min(line.top for line in row) for row in rows]
    bottoms = [max(line.bottom for line in row) for row in rows]
    levels = [
        tops[0] - 0.1,
        *((low + top) / 2 for low, top in zip(bottoms, tops[1:], strict=False)),
        bottoms[-1] + 0.1,
    ]
    if heads:
        upper = min([line.top for line in head if line.words], default=tops[0]) - 0.1
        levels[0] = (max(line.bottom for line in head) + tops[0]) / 2
        _lay_heads(cells, heads, edges, upper, levels[0])
    for row, (top, bottom) in zip(rows, pairwise(levels), strict=True):
        for box in [(left, top, right, bottom) for left, right in pairwise(edges)]:
            cells[box] = []
        for line in row:
            for word in line.words:
                start = _place(word, edges)
                cells[edges[start], top, edges[start + 1], bottom] += word.chars
    chars = [char for held in cells.values() for char in held]
    return OpenTable(cells, edges, chars)


def _place(word: Word, edges: Sequence[float]) -> int:
    """The column in which a word stands; names may reach over an edge. Raises UncertainError where it stands in two."""
    for number, (left, right) in enumerate(pairwise(edges)):
        if left - 1 <= word.left and word.right <= right + 1:
            return number
    shares = [max(0.0, min(word.right, right) - max(word.left, left)) for left, right in pairwise(edges)]
    if word.is_number or max(shares) < _MOSTLY_IN * (word.right - word.left):
        raise UncertainError(f"{word.text} stands in two columns")
    return shares.index(max(shares))


def _lay_heads(
    cells: dict[Box, list[int]], heads: Heads, edges: Sequence[float], upper: float, lower: float
) -> None:
    """Put the heads above the body: those over several columns above those of each column."""
    depth = [
        sum(head.first <= number <= head.last for head in heads.spanning) for number in range(len(edges) - 1)
    ]
    height = max(depth) + 1
    levels = [upper + (lower - upper) * number / height for number in range(height + 1)]
    ordered = sorted(heads.spanning, key=lambda head: (head.top, head.left))
    for number, head in enumerate(ordered):
        row = sum(other.first <= head.first and head.last <= other.last for other in ordered[:number])
        bare = all(not heads.columns[at].heads for at in range(head.first, head.last + 1))
        end = height if bare else row + 1
        cells[edges[head.first], levels[row], edges[head.last + 1], levels[end]] = list(head.chars)
    for number, column in enumerate(heads.columns):
        if depth[number] and not column.heads:
            continue
        words = sorted(column.heads, key=lambda word: (word.top, word.left))
        box = (edges[number], levels[depth[number]], edges[number + 1], levels[-1])
        cells[box] = [char for word in words for char in word.chars]

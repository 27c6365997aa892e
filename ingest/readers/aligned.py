"""Text that only its place on the page makes a table: pieces with their places -> lines and grids without rules.

Used for pages that converters place piece by piece (web) and for columns that blanks align (plain text). A run of lines
of several cells each is a table; its columns are those of the rows with most cells, and what a cell prints on several
lines is one cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.document.text import is_amount, printed_unit

_SAME_LINE = 0.5
"""The share of its height by which a piece may stand above or below the others of its line."""
_GAP = 0.9
"""The width of a gap between two cells, in heights of the text."""
_WRAPPED = 1.35
"""The most distance, in heights, between two lines of one cell of a header."""
_LEAST_ROWS = 3
_WIDEST_SINGLE = 0.5
"""The share of a table's width that a cell which stands alone in its line may take."""
_MOST_SINGLES = 4
"""The most lines of one cell within a table that follow each other."""
_OWN_ROW = 0.8
"""The share of the usual distance of two rows from which a line without values is a row of its own."""
_FULL = 0.7
"""The share of the largest number of cells from which a row shows the columns."""


@dataclass(slots=True)
class Piece:
    """A text and where it stands: left, right, the middle of its line and its height, in any unit."""

    text: str
    left: float
    right: float
    middle: float
    height: float
    line_no: int


@dataclass(slots=True)
class PlacedLine:
    """A line of text."""

    text: str
    line_no: int


@dataclass(slots=True)
class PlacedCell:
    """A cell: its row and column, how many columns it spans, and its text."""

    row: int
    col: int
    span: int
    text: str
    line_no: int


@dataclass(slots=True)
class PlacedGrid:
    """A table's cells that print anything."""

    cells: list[PlacedCell]
    row_count: int
    col_count: int


@dataclass(slots=True)
class _Line:
    cells: list[Piece] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.cells[0].middle

    @property
    def height(self) -> float:
        return max(cell.height for cell in self.cells)

    @property
    def has_amount(self) -> bool:
        return any(is_amount(cell.text) for cell in self.cells)


def arrange(pieces: list[Piece]) -> list[PlacedLine | PlacedGrid]:
    """The lines and tables of a page from top to bottom."""
    lines = _lines(pieces)
    found: list[PlacedLine | PlacedGrid] = []
    at = 0
    while at < len(lines):
        end = _end_of_table(lines, at)
        if end > at:
            found.append(_grid(lines[at:end]))
            at = end
        else:
            found.append(
                PlacedLine(" ".join(cell.text for cell in lines[at].cells), lines[at].cells[0].line_no)
            )
            at += 1
    return found


def _lines(pieces: list[Piece]) -> list[_Line]:
    """Pieces of one height as lines, from top to bottom, their touching pieces joined."""
    lines: list[_Line] = []
    for piece in sorted(pieces, key=lambda each: each.middle):
        if not lines or piece.middle - lines[-1].middle > _SAME_LINE * min(piece.height, lines[-1].height):
            lines.append(_Line())
        lines[-1].cells.append(piece)
    for line in lines:
        line.cells = _joined(sorted(line.cells, key=lambda each: each.left))
    return lines


def _joined(pieces: list[Piece]) -> list[Piece]:
    cells: list[Piece] = []
    for piece in pieces:
        last = cells[-1] if cells else None
        if last and piece.left - last.right < _GAP * piece.height:
            between = " " if last.text.isascii() and piece.left - last.right > 0.2 * piece.height else ""
            cells[-1] = replace(
                last, text=last.text + between + piece.text, right=max(last.right, piece.right)
            )
        else:
            cells.append(piece)
    return cells


def _is_tabular(line: _Line) -> bool:
    """Whether a line may be a row of a table: it has several cells, none ends like a clause, and it is no money unit."""
    text = "".join(cell.text for cell in line.cells)
    ends = any(cell.text.endswith(("。", "；", "，")) for cell in line.cells)
    return len(line.cells) > 1 and not ends and not printed_unit(text)


def _end_of_table(lines: list[_Line], start: int) -> int:
    """The line behind the table that begins at a line; that line itself where none begins."""
    if not _is_tabular(lines[start]):
        return start
    end, at = start + 1, start + 1
    while at < len(lines):
        is_value = lines[at].has_amount and _is_narrow(lines[start:end], lines[at])
        is_rest = lines[at].middle - lines[end - 1].middle < lines[at].height and _is_narrow(
            lines[start:end], lines[at]
        )
        if _is_tabular(lines[at]) or is_value or is_rest:
            end = at + 1
        elif at - end >= _MOST_SINGLES or not _is_narrow(lines[start:end], lines[at]):
            break
        at += 1
    rows = [line for line in lines[start:end] if _is_tabular(line)]
    is_table = len(rows) >= _LEAST_ROWS and sum(row.has_amount for row in rows) * 3 >= len(rows)
    return end if is_table else start


def _is_narrow(table: list[_Line], line: _Line) -> bool:
    """Whether a line of one cell may be a part of a table: the rest of a cell, or a row without values."""
    left = min(row.cells[0].left for row in table)
    right = max(row.cells[-1].right for row in table)
    cell = line.cells[0]
    is_inside = left - line.height <= cell.left and cell.right <= right + line.height
    return len(line.cells) == 1 and is_inside and cell.right - cell.left <= _WIDEST_SINGLE * (right - left)


def _grid(lines: list[_Line]) -> PlacedGrid:
    columns = _columns(lines)
    rows = [[(_place(cell, line, columns), cell) for cell in line.cells] for line in lines]
    anchors = _rows_of(lines)
    numbers = {row: number for number, row in enumerate(sorted(set(anchors)))}
    texts: dict[tuple[int, int], PlacedCell] = {}
    for row, anchor in zip(rows, anchors, strict=True):
        for (col, span), cell in row:
            place = (numbers[anchor], col)
            if place in texts:
                texts[place].text += "\n" + cell.text
                texts[place].span = max(texts[place].span, span)
            else:
                texts[place] = PlacedCell(*place, span, cell.text, cell.line_no)
    return PlacedGrid(list(texts.values()), len(numbers), len(columns))


def _columns(lines: list[_Line]) -> list[tuple[float, float]]:
    """The left and right edges of the columns: what the cells of the fullest rows of values cover, and what stands beside them.

    A line of as many cells as there are columns heads them and adds none.
    """
    body = [line for line in lines if line.has_amount] or lines
    most = max(len(line.cells) for line in body)
    full = [line for line in body if len(line.cells) >= _FULL * most]
    found: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for line in full for cell in line.cells):
        if found and left < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    for line in lines:
        for cell in line.cells if len(line.cells) != len(found) else ():
            if all(cell.right <= left or right <= cell.left for left, right in found):
                found.append((cell.left, cell.right))
    return sorted(found)


def _place(cell: Piece, line: _Line, columns: list[tuple[float, float]]) -> tuple[int, int]:
    """The first column of a cell and how many it spans: a head stands in the middle of the columns below it."""
    own = [number for number, (left, right) in enumerate(columns) if cell.left < right and left < cell.right]
    if line.has_amount and own:
        return own[0], 1 if is_amount(cell.text) else len(own)
    if len(line.cells) == len(columns):  # a head over each column, wherever it stands over it
        return line.cells.index(cell), 1
    middle = (cell.left + cell.right) / 2
    taken = {
        number
        for other in line.cells
        if other is not cell
        for number, (left, right) in enumerate(columns)
        if other.left < right and left < other.right
    }
    best = (own[0], len(own)) if own else (0, 1)
    for first in range(own[0] if own else 0, -1, -1):
        for last in range(own[-1] if own else 0, len(columns)):
            if taken & set(range(first, last + 1)):
                break
            center = (columns[first][0] + columns[last][1]) / 2
            if last - first + 1 > best[1] and abs(center - middle) <= line.height:
                best = (first, last - first + 1)
    return best


def _rows_of(lines: list[_Line]) -> list[int]:
    """For each line the number of the line with whose cells its cells are one row."""
    anchors = [number for number, line in enumerate(lines) if line.has_amount]
    if not anchors:
        return list(range(len(lines)))
    gaps = [lines[after].middle - lines[before].middle for before, after in pairwise(anchors)]
    pitch = sorted(gaps)[len(gaps) // 3] if gaps else 0.0
    rows = list(range(len(lines)))
    for number, line in enumerate(lines):
        if line.has_amount:
            continue
        above = max((each for each in anchors if each < number), default=None)
        below = min((each for each in anchors if each > number), default=None)
        if above is None:
            before = lines[number - 1] if number else None
            is_rest = before and line.middle - before.middle < _WRAPPED * line.height
            rows[number] = rows[number - 1] if is_rest else number
            continue
        near = min(
            (each for each in (above, below) if each is not None),
            key=lambda each: abs(lines[each].middle - line.middle),
        )
        distance = abs(lines[near].middle - line.middle)
        is_own = distance >= _OWN_ROW * pitch and len(line.cells) < len(lines[near].cells)
        rows[number] = number if is_own else near
    return rows

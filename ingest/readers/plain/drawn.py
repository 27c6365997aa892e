"""Tables in text that are drawn with lines, or whose columns only blanks align."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, groupby

from ingest.document.model import Cell, Table
from ingest.document.text import is_amount
from ingest.readers.page.open_lines import has_rows
from ingest.readers.page.placed import Piece, PlacedGrid, arrange

_DOWN = "│┃║┆┇┊┋╎╏"
_RULE = re.compile(r"\s*+[─━═┄┅┈┉╌╍┌┏┐┓└┗┘┛├┣┤┫┬┳┴┻┼╋╔╗╚╝╠╣╦╩╬│┃║\s]{3,}|\s*+\+(?:[-=:]{2,}\+)+\s*+")
_SIDES = re.compile(f"[{_DOWN}]")
_FIELD = re.compile(r"\S+(?: \S+)*")
_DECIMALS = re.compile(r"\d\.\d")
_HEIGHT = 2.0
"""The height of a line in columns of half an ideograph, as the reader of placed text counts."""
_PITCH = 2.4
_LONG = 8_000
"""Characters of a page without page breaks from which it is divided: people print fewer on one page."""
_FIGURE = re.compile(r"(?<![\d.,])\d[\d,]*\.\d+(?![\d.,])")
_LEAST_VALUES = 2

NumberedLine = tuple[int, str]


def undrawn(lines: list[NumberedLine]) -> Iterator[NumberedLine]:
    """The lines, in which a table drawn with line characters is one of pipes.

    Where lines are drawn between its rows, what stands between two of them is one row.
    """
    for is_drawn, group in groupby(lines, lambda line: _is_drawn(line[1])):
        block = list(group)
        if not is_drawn:
            yield from block
            continue
        between = [
            list(rows) for is_rule, rows in groupby(block, lambda line: _is_rule(line[1])) if not is_rule
        ]
        for rows in between:
            if len(between) > 2:
                yield rows[0][0], _piped(_joined([_cells(text) for _, text in rows]))
            else:
                yield from ((number, _piped(_cells(text))) for number, text in rows)


def _is_drawn(line: str) -> bool:
    return _is_rule(line) or bool(_SIDES.match(line.strip()))


def _is_rule(line: str) -> bool:
    return bool(line.strip()) and bool(_RULE.fullmatch(line)) and any(char in line for char in "─━═┄┅┈┉╌╍-=")


def _cells(line: str) -> list[str]:
    marked = _SIDES.sub("|", line.strip()).removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in marked.split("|")]


def _joined(rows: list[list[str]]) -> list[str]:
    width = max(len(row) for row in rows)
    return ["".join(row[col] for row in rows if col < len(row)) for col in range(width)]


def _piped(cells: list[str]) -> str:
    return "|" + "|".join(cells) + "|"


def aligned_tables(
    pages: Iterable[list[NumberedLine]], plain: Callable[[str], str]
) -> dict[int, tuple[int, Table]]:
    """{the first line of a table whose columns blanks align: (its last line, the table)} by the lines' numbers.

    ``pages`` are the lines page by page, as far as the text says where pages end.
    """
    parts = [part for page in pages for part in _parts(page)]
    width = _columns if _are_columns(parts) else _width
    found: dict[int, tuple[int, Table]] = {}
    before: list[float] | None = None
    for part in parts:
        if not has_rows(text for _, text in part):
            before = None
            continue
        arranged = arrange([piece for number, text in part for piece in _pieces(number, text, width)], before)
        before = arranged.edges
        for item in arranged.items:
            if isinstance(item, PlacedGrid) and _holds_values(item):
                found[item.lines[0]] = item.lines[1], _table(item, plain)
    return found


def _parts(page: list[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """The parts of a page without other marks of cells; a long one is divided where no columns stand."""
    for is_free, group in groupby(page, lambda line: "\t" not in line[1] and "|" not in line[1]):
        part: list[NumberedLine] = []
        length = 0
        for line in group if is_free else ():
            if length > _LONG and len(_FIELD.findall(line[1])) == 1 and not is_amount(line[1].strip()):
                yield part
                part, length = [], 0
            part.append(line)
            length += len(line[1].strip())
        if part:
            yield part


def _are_columns(parts: list[list[NumberedLine]]) -> bool:
    """Whether each character takes one column, also an ideograph: then more figures end below those of the line above."""
    aligned = [0, 0]
    for part in parts:
        for number, width in enumerate((_width, _columns)):
            above: set[float] = set()
            for _, text in part:
                ends = {width(text[: figure.end()]) for figure in _FIGURE.finditer(text)}
                aligned[number] += len(ends & above)
                above = ends or above
    return aligned[1] > aligned[0]


def _pieces(number: int, text: str, width: Callable[[str], float]) -> Iterator[Piece]:
    for field in _FIELD.finditer(text.replace("\u3000", "  ") if width is _width else text):
        left = width(field.string[: field.start()])
        ends = list(accumulate((width(char) for char in field.group()), initial=left))[1:]
        yield Piece(field.group(), left, ends, number * _PITCH, _HEIGHT, number)


def _columns(text: str) -> float:
    return float(len(text))


def _width(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text))


def _holds_values(grid: PlacedGrid) -> bool:
    """Whether a grid is a table of values, and not a list of contents or an address."""
    values = [cell for cell in grid.cells if is_amount(cell.text) and _DECIMALS.search(cell.text)]
    return len({cell.row for cell in values}) >= _LEAST_VALUES


def _table(grid: PlacedGrid, plain: Callable[[str], str]) -> Table:
    cells = [
        Cell(
            plain(cell.text),
            cell.row,
            cell.col,
            f"L{cell.line_no}c{cell.col + 1}",
            cell.row_span,
            cell.col_span,
            line_no=cell.line_no,
        )
        for cell in grid.cells
    ]
    return Table(cells, grid.row_count, grid.col_count, has_spans=True)

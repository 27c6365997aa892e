"""From a table's grid to its pieces, each a header and a body. Forms are read by what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from ingest.document.model import Cell, Table, TextLine
from ingest.document.text import (
    FORM_NUMBER,
    NOTE,
    fold,
    is_amount,
    printed_unit,
    squeeze,
    strip_enumerator,
)
from ingest.forms.joined import find_seam, part_table
from ingest.forms.ragged import align_header
from ingest.registry import (
    any_of,
    find_line,
    is_header_word,
    titled_statements,
)

CODE = re.compile(r"^[12345]\d{2}(?:[\s\-.]?\d{2}){0,2}$")
CODED_LABEL = re.compile(r"^[\[(【〔]?([1-5]\d\d(?:\d\d){0,2})(?=[^\d,.])")
_ENUMERATED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d{1,2}[、.．](?!\d))"
)
COMPILER = re.compile(rf"^{any_of('form.compiled_by')}?(?:部门|单位)(?:名称)?[:：]")
_ITEM_OF = re.compile("其中[:：]")
_ORDER_ROW = re.compile(rf"^{any_of('form.order_row')}$")
_YEAR_LINE = re.compile(r"^20\d\d年度?$")
_HEAD_LINES = 4
_CODE_HEAD = re.compile("^[类款项]$")
_TOTAL = re.compile(any_of("form.total"))
_TOTAL_LABEL = re.compile(r"^(?:总|合)?(?:合计|总计)$")
TOTAL_LINES = (
    "total",
    "total_income",
    "total_expenditure",
    "current_income",
    "current_expenditure",
    "personnel_total",
    "public_total",
)


@dataclass(slots=True)
class Row:
    """One row of a table: at each column the Cell that covers it."""

    cells: list[Cell | None]
    page_no: int | None
    _distinct: list[Cell] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        printed = {id(cell): cell for cell in self.cells if cell and cell.text.strip()}
        self._distinct = list(printed.values())

    def text(self, col: int) -> str:
        cell = self.cells[col] if col < len(self.cells) else None
        return cell.text if cell else ""

    @property
    def is_short(self) -> bool:
        """Whether the row has fewer cells than its table has columns."""
        return bool(self.cells) and self.cells[-1] is None

    def distinct(self) -> list[Cell]:
        """The row's printed cells, each once, without the empty ones."""
        return self._distinct


@dataclass(slots=True)
class Piece:
    """A run of rows of one table that belong together: a header (perhaps empty) and a body.

    ``is_placed`` is False where nothing says which columns the header's cells head. ``columns`` are those of the
    table at which the piece's own begin.
    """

    table: Table
    header: list[Row]
    body: list[Row]
    col_count: int = 0
    is_placed: bool = True
    columns: tuple[int, ...] = ()

    @property
    def col_edges(self) -> tuple[float, ...] | None:
        """The x positions of the piece's columns and its last right edge, where the medium has them."""
        edges = self.table.col_edges
        if edges is None or not self.columns:
            return edges
        return (*(edges[column] for column in self.columns), edges[-1])

    @property
    def page_no(self) -> int | None:
        return self.table.page_no


def split_table(table: Table, is_rest: bool = False) -> list[TextLine | Piece]:
    """A table as pieces and the text rows between them.

    Converters and spreadsheets put a form's title, its unit line and its notes into the table, and several
    forms into one: a row with nothing but such a text is a line, not a row. The rest of a table that a page break cut
    (``is_rest``) begins with a header only where that names every column; so does a grid that stands right below another.
    """
    grids = _grids(table)
    parts = _split_grid(grids[0], is_rest)
    for grid in grids[1:]:
        parts.extend(_split_grid(grid, is_rest=True))
    return parts


def _grids(table: Table) -> list[Table]:
    """A ruled table, or the tables that it is made of where one is printed right below another."""
    if not table.col_edges or not table.has_spans:
        return [table]
    stops = [
        {end for cell in row if cell for end in (cell.col, cell.col + cell.col_span)} for row in table.grid
    ]
    starts = [0]
    for number in range(1, table.row_count):
        above, below = stops[number - 1], stops[number]
        is_ruled = not any(
            cell is not None and cell is other
            for cell, other in zip(table.grid[number - 1], table.grid[number], strict=True)
        )
        if is_ruled and (_are_other_columns(above, below) or _divides_amount(table.grid[number - 1], below)):
            starts.append(number)
    if len(starts) == 1:
        return [table]
    return [_rows_of(table, start, stop) for start, stop in pairwise([*starts, table.row_count])]


def _are_other_columns(above: set[int], below: set[int]) -> bool:
    """Whether the columns of one row are unrelated to those of the next."""
    if not above or not below:
        return False
    inner = [stops - {min(stops), max(stops)} for stops in (above, below)]
    least = min(map(len, inner))
    return least >= 2 and 2 * len(inner[0] & inner[1]) < least


def _divides_amount(row: list[Cell | None], below: set[int]) -> bool:
    """Whether a column that holds an amount is several columns below."""
    return any(
        any(cell.col < stop < cell.col + cell.col_span for stop in below) and is_amount(cell.text)
        for cell in row
        if cell and cell.col_span > 1
    )


def _rows_of(table: Table, start: int, stop: int) -> Table:
    """Rows of a ruled table as a table, on their own columns."""
    cells = [cell for cell in table.cells if start <= cell.row < stop]
    stops = sorted({end for cell in cells for end in (cell.col, cell.col + cell.col_span)})
    col_of = {end: number for number, end in enumerate(stops)}
    edges = table.col_edges or ()
    moved = [
        replace(
            cell,
            row=cell.row - start,
            col=col_of[cell.col],
            col_span=col_of[cell.col + cell.col_span] - col_of[cell.col],
        )
        for cell in cells
    ]
    return replace(
        table,
        cells=moved,
        row_count=stop - start,
        col_count=len(stops) - 1,
        col_edges=tuple(edges[end] for end in stops),
    )


def _split_grid(table: Table, is_rest: bool) -> list[TextLine | Piece]:
    parts: list[TextLine | Piece] = []
    for part in part_table(table):
        rows: list[Row] = []
        for cells in part.placed(table):
            row = Row(cells, table.page_no)
            if not row.distinct():
                continue
            if _is_text_row(row.distinct()):
                parts.extend(_read_run(table, part.columns, rows, is_rest and not parts))
                parts.extend(_as_lines(row.distinct(), table.page_no))
                rows = []
            else:
                rows.append(row)
        parts.extend(_read_run(table, part.columns, rows, is_rest and not parts))
    return parts


def _read_run(
    table: Table, columns: Sequence[int], rows: list[Row], is_rest: bool = False
) -> list[TextLine | Piece]:
    """A run of rows as a piece, or as several where it continues as another table, after the lines above its header."""
    if not rows:
        return []
    seam = find_seam([row.cells for row in rows])
    if seam is not None:
        while seam > 1 and is_header_row(rows[seam - 1], True):
            seam -= 1
        first = _read_piece(table, columns, rows[:seam], is_rest)
        return [*first, *_read_run(table, columns, rows[seam:])]
    return _read_piece(table, columns, rows, is_rest)


def _read_piece(
    table: Table, columns: Sequence[int], rows: list[Row], is_rest: bool
) -> list[TextLine | Piece]:
    width = len(columns) if table.knows_merged_cells else _used_width(rows)
    rows = [Row(row.cells[:width], row.page_no) for row in rows]
    lead = _lead_rows(rows)
    header, body = split_header(rows[lead:])
    if is_rest and not _names_columns(header, body):
        return [Piece(table, [], rows, width, columns=tuple(columns))]
    lines = [line for row in rows[:lead] for line in _as_lines(row.distinct(), table.page_no)]
    if not table.knows_merged_cells:
        header, body = _part_code_heads(header, body)
    if not header and (_is_banner(body, width) if table.knows_merged_cells else _is_prose(body)):
        return [*lines, *(line for row in body for line in _as_lines(row.distinct(), table.page_no))]
    if table.is_ragged:
        header = _align_header(header, width)
    placed = header if table.knows_merged_cells else _place_short_header(header, width)
    return [*lines, Piece(table, placed or header, body, width, placed is not None, tuple(columns))]


def _names_columns(header: list[Row], body: list[Row]) -> bool:
    """Whether each column that prints anything has a text in one of the header's rows."""
    used = {cell.col for row in body for cell in row.distinct()}
    return bool(header) and all(
        any(cell and cell.text.strip() for cell in column) or number not in used
        for number, column in enumerate(zip(*(row.cells for row in header), strict=True))
    )


def _part_code_heads(header: list[Row], body: list[Row]) -> tuple[list[Row], list[Row]]:
    """Move a total that flat text prints in the row of the code's heads (类 款 项 合计 1.00) to a row of its own."""
    first = body[0].cells if header and body else []
    count = sum(1 for _ in takewhile(lambda cell: cell and _CODE_HEAD.match(fold(cell.text)), first))
    if count < 2:
        return header, body
    heads = [replace(cell, text="") if cell and col >= count else cell for col, cell in enumerate(first)]
    total = [replace(cell, text="") if cell and col < count else cell for col, cell in enumerate(first)]
    page_no = body[0].page_no
    return [*header, Row(heads, page_no)], [Row(total, page_no), *body[1:]]


def _used_width(rows: list[Row]) -> int:
    """How many columns a run of rows takes of its table, which may hold wider forms above or below it."""
    return max(col + 1 for row in rows for col, cell in enumerate(row.cells) if cell and cell.text.strip())


def _align_header(header: list[Row], width: int) -> list[Row]:
    """A ragged header on its columns; unchanged where the print does not show them."""
    aligned = align_header([[cell for cell in row.cells if cell] for row in header], width)
    return (
        [Row(cells, row.page_no) for cells, row in zip(aligned, header, strict=True)] if aligned else header
    )


def _place_short_header(header: list[Row], width: int) -> list[Row] | None:
    """The header of flat text on its columns where merged cells count once, so that the top row is short.

    None where the lowest row is short as well: nothing then says which columns it heads.
    """
    rows = [row for row in header if not is_order_row(row)]
    printed = [[cell for cell in row.cells if cell] for row in rows]
    top = "".join("x" if cell.text.strip() else " " for cell in printed[0]).rstrip() if rows else ""
    if len(rows) < 2 or len(top) >= width or " " in top:
        return header
    if len(printed[-1]) < width:
        return header if any(not cell.text.strip() for cell in printed[-1]) else None
    aligned = align_header([printed[0][: len(top)], *printed[1:]], width)
    return [Row(cells, row.page_no) for cells, row in zip(aligned, rows, strict=True)] if aligned else header


def _as_lines(cells: list[Cell], page_no: int | None) -> list[TextLine]:
    return [TextLine(cell.text, cell.ref, page_no, cell.line_no, cell.box) for cell in cells]


def _lead_rows(rows: list[Row]) -> int:
    """How many rows above a run's header are lines of text: a few cells, no amount, no code."""
    for number, row in enumerate(rows[: _HEAD_LINES + 1]):
        if is_header_row(row, False):
            return number
        texts = [fold(cell.text) for cell in row.distinct()]
        if len(texts) > 3 or any(is_amount(text) or CODE.match(text) for text in texts):
            return 0
    return 0


def _is_banner(rows: list[Row], width: int) -> bool:
    """Whether rows hold nothing but texts over their table's whole width, such as the second half of a head line."""
    cells = [row.distinct() for row in rows]
    return all(len(row) == 1 and row[0].col_span == width > 1 and not is_amount(row[0].text) for row in cells)


def _is_prose(rows: list[Row]) -> bool:
    """Whether a row or two that flat text set apart by tabs hold no table: running heads, signatures."""
    cells = [cell for row in rows for cell in row.distinct()]
    return (
        len(rows) <= 2
        and all(
            not is_amount(cell.text)
            and not _ENUMERATED.match(fold(cell.text))
            and not _TOTAL.search(fold(cell.text))
            for cell in cells
        )
        and all(len(row.distinct()) <= 3 for row in rows)
    )


def _is_text_row(cells: list[Cell]) -> bool:
    texts = [fold(cell.text) for cell in cells]
    return len(texts) <= 3 and all(
        NOTE.match(text)
        or printed_unit(text)
        or COMPILER.match(text)
        or FORM_NUMBER.match(text)
        or (len(texts) == 1 and (_YEAR_LINE.match(text) or titled_statements(text)))
        for text in texts
    )


def split_header(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The header rows at the top of a run of rows, and the rest."""
    for number, row in enumerate(rows):
        if not is_header_row(row, bool(number)):
            return rows[:number], rows[number:]
    return list(rows), []


def is_order_row(row: Row) -> bool:
    """Whether a row numbers the columns (栏次 1 2 3); a head that is merged over it (备注) is none of its cells."""
    cells = row.distinct()
    own = max((cell.row for cell in cells), default=0)
    above = [cell.text for cell in cells if cell.row < own]
    if above and not all(map(is_header_word, above)):
        return False
    printed = [fold(cell.text) for cell in cells if cell.row == own]
    texts = [text for text in printed if text.strip("*")]
    if (len(texts) >= 3 or 0 < len(texts) < len(printed)) and texts == [
        str(number) for number in range(1, len(texts) + 1)
    ]:
        return True
    return any(_ORDER_ROW.match(text) for text in texts) and all(
        _ORDER_ROW.match(text) or text.isdigit() for text in texts
    )


def head_of(row: Row, col: int) -> str:
    """What a header's row prints at a column; a number beside 栏次 only numbers the column, as in a row that other heads share."""
    text = row.text(col).strip()
    texts = [fold(cell.text) for cell in row.distinct()]
    numbers_columns = any(map(_ORDER_ROW.match, texts)) and any(map(str.isdigit, texts))
    return "" if numbers_columns and (text.isdigit() or _ORDER_ROW.match(fold(text))) else text


def is_header_row(row: Row, below_header: bool) -> bool:
    """Whether a row holds header words only: no amount, no code, no list marker, no lone total label."""
    cells = row.distinct()
    texts = [fold(cell.text) for cell in cells]
    if is_order_row(row):
        return True
    if any(_ORDER_ROW.match(text) for text in texts) and all(
        _ORDER_ROW.match(text) or text.isdigit() or is_header_word(text) for text in texts
    ):
        return True
    if any(is_amount(text) or CODE.match(text) or CODED_LABEL.match(text) for text in texts):
        return False
    if len(texts) == 1 and below_header and _TOTAL_LABEL.match(texts[0]):
        return False
    known = sum(1 for cell in cells if _is_head(cell.text))
    if any(_ENUMERATED.match(text) for text in texts):
        return False
    return known * 2 >= len(texts) and known > 0


def _is_head(text: str) -> bool:
    """Whether a cell is a header word, or prints one in its last lines, below the heads over it."""
    lines = text.split("\n")
    return any(is_header_word("".join(lines[start:])) for start in range(len(lines)))


def split_label(text: str) -> tuple[str | None, str]:
    """A printed label as (code that leads it, name without list marker and code)."""
    name = squeeze(text)
    folded = fold(name)
    led = CODED_LABEL.match(folded)
    if led:
        code = led.group(1)
        ends = [position for position, char in enumerate(name) if char.isdigit()]
        return code, name[ends[len(code) - 1] + 1 :].lstrip(" .、:：-—])】〕）］")
    bare = strip_enumerator(folded)
    if bare != folded and bare:
        for start in range(len(name)):
            if fold(name[start:]) == bare:
                return None, name[start:].strip()
    return None, name


def starts_item(folded: str) -> bool:
    """Whether a folded text begins as a row's label does: with a code, a list marker or a word for a total."""
    return any(pattern.match(folded) for pattern in (CODE, CODED_LABEL, _ENUMERATED, _ITEM_OF, _TOTAL_LABEL))


def has_total(rows: list[Row], statement_code: str, totals: Sequence[str] = TOTAL_LINES) -> bool:
    """Whether one of the rows is a total, or one of some totals, by its label."""
    for row in rows:
        for cell in row.distinct():
            label = strip_enumerator(fold(cell.text))
            lines = (find_line(label, statement_code, side, None) for side in ("income", "expenditure", None))
            if any(line and line.line_code in totals for line in lines):
                return True
    return False


def is_known_line(label: str, statement_code: str) -> bool:
    """Whether a label is one that the registry declares for the form, on whichever side."""
    folded = strip_enumerator(fold(label))
    return any(find_line(folded, statement_code, side, None) for side in ("income", "expenditure", None))

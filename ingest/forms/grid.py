"""From a table's grid to its header, its columns and their meaning. Forms are read by what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ingest.forms.ragged import align_header
from ingest.forms.registry import (
    bare_header,
    find_line,
    forms,
    header_attributes,
    is_header_word,
    titled_statements,
)
from ingest.model import Cell, Table, TextLine
from ingest.text import (
    FORM_NUMBER,
    NOTE,
    fold,
    header_unit,
    is_amount,
    printed_unit,
    printed_year,
    squeeze,
    strip_enumerator,
)

CODE = re.compile(r"^[12345]\d{2}(?:[\s\-.]?\d{2}){0,2}$")
_CODE_PART = re.compile(r"^\d{1,7}$")
_CODED_LABEL = re.compile(r"^[\[(【〔]?([1-5]\d\d(?:\d\d){0,2})(?=[^\d,.])")
_ENUMERATED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d{1,2}[、.．](?!\d))"
)
COMPILER = re.compile(r"^(?:编制|填报|公开)?(?:部门|单位)(?:名称)?[:：]")
_ORDER_ROW = re.compile(r"^(?:行次|栏次|栏目|序号)$")
_YEAR_LINE = re.compile(r"^20\d\d年度?$")
_HEAD_LINES = 4
_TOTAL = re.compile("合计|总计|小计")
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
_TOTAL_HEAD = re.compile(r"^(?:合计|小计|总计)$")
MEANINGS = ("measure", "fund", "source", "item", "balance", "basis")
AMOUNT_ATTRIBUTES = (*MEANINGS, "neutral")


@dataclass(slots=True)
class Row:
    """One row of a table: at each column the Cell that covers it."""

    cells: list[Cell | None]
    page_no: int | None

    def text(self, col: int) -> str:
        cell = self.cells[col] if col < len(self.cells) else None
        return cell.text if cell else ""

    @property
    def is_short(self) -> bool:
        """Whether the row has fewer cells than its table has columns."""
        return bool(self.cells) and self.cells[-1] is None

    def distinct(self) -> list[Cell]:
        """The row's printed cells, each once, without the empty ones."""
        seen: list[Cell] = []
        for cell in self.cells:
            if cell and cell.text.strip() and not any(cell is other for other in seen):
                seen.append(cell)
        return seen


@dataclass(slots=True)
class Piece:
    """A run of rows of one table that belong together: a header (perhaps empty) and a body.

    ``is_placed`` is False where nothing says which columns the header's cells head.
    """

    table: Table
    header: list[Row]
    body: list[Row]
    col_count: int = 0
    is_placed: bool = True

    @property
    def page_no(self) -> int | None:
        return self.table.page_no


@dataclass(slots=True)
class Column:
    """A column's meaning: ``kind`` is code, name, unit, amount, skip or unknown; ``words`` what its header says."""

    index: int
    kind: str
    header_path: str
    words: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    group: int = 0


def split_table(table: Table) -> list[TextLine | Piece]:
    """A table as pieces and the text rows between them.

    Converters and spreadsheets put a form's title, its unit line and its notes into the table, and several
    forms into one: a row with nothing but such a text is a line, not a row.
    """
    parts: list[TextLine | Piece] = []
    rows: list[Row] = []

    for number in range(table.row_count):
        row = Row(table.grid[number], table.page_no)
        cells = row.distinct()
        if not cells:
            continue
        if _is_text_row(cells):
            parts.extend(_read_run(table, rows))
            parts.extend(_as_lines(cells, table.page_no))
            rows = []
        else:
            rows.append(row)
    return [*parts, *_read_run(table, rows)]


def _read_run(table: Table, rows: list[Row]) -> list[TextLine | Piece]:
    """A run of rows as a piece, after the lines of text that stand above its header."""
    if not rows:
        return []
    lead = _lead_rows(rows)
    lines = [line for row in rows[:lead] for line in _as_lines(row.distinct(), table.page_no)]
    header, body = split_header(rows[lead:])
    if not table.knows_merged_cells and not header and _is_prose(body):
        return [*lines, *(line for row in body for line in _as_lines(row.distinct(), table.page_no))]
    if table.is_ragged:
        header = _align_header(header, table.col_count)
    placed = header if table.knows_merged_cells else _place_short_header(header, table.col_count)
    return [*lines, Piece(table, placed or header, body, table.col_count, placed is not None)]


def _align_header(header: list[Row], width: int) -> list[Row]:
    """A ragged header on its columns; as it is where the print does not tell."""
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
    """Whether a row numbers the columns (栏次 1 2 3)."""
    texts = [fold(cell.text) for cell in row.distinct()]
    if len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]:
        return True
    return any(_ORDER_ROW.match(text) for text in texts) and all(
        _ORDER_ROW.match(text) or text.isdigit() for text in texts
    )


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
    if any(is_amount(text) or CODE.match(text) or _CODED_LABEL.match(text) for text in texts):
        return False
    if len(texts) == 1 and below_header and _TOTAL_LABEL.match(texts[0]):
        return False
    known = sum(1 for text in texts if is_header_word(text))
    if any(_ENUMERATED.match(text) for text in texts):
        return False
    return known * 2 >= len(texts) and known > 0


def read_columns(
    pieces: list[Piece], header: list[Row], col_count: int, statement_code: str, has_spans: bool
) -> list[Column]:
    """Each column's meaning in a form, from its header path and from what stands in the column's body.

    A column whose own head nothing knows is unknown, whatever stands above it: it may be a part of that.

    A header cell nearer to the body says more than one above it. In the form by economic class only the
    lowest says 人员经费 or 公用经费: above a group of codes with one amount these words head the codes.
    """
    paths = _header_paths(header, col_count, has_spans)
    layout = forms()[statement_code].layout
    body = [row for piece in pieces for row in piece.body if not (piece.table.is_ragged and row.is_short)]
    columns = []
    for index in range(col_count):
        path = paths[index]
        words: dict[str, str] = {}
        for depth, text in enumerate(reversed(path)):
            for attribute, value in header_attributes(text, statement_code).items():
                if attribute != "measure" or depth == 0 or layout != "economic":
                    words.setdefault(attribute, value)
        unit = next((found for text in reversed(path) if (found := header_unit(text))), None)
        kind = _kind(path, words, [row.text(index) for row in body if _stands_at(row, index)], statement_code)
        columns.append(Column(index, kind, " / ".join(squeeze(text) for text in path), words, unit))
    _tell_totals_apart(columns, statement_code)
    _number_groups(columns)
    return columns


def _tell_totals_apart(columns: list[Column], statement_code: str) -> None:
    """Give the columns that are no revenue or expenditure of the year their balance item.

    Beside a total of the year (本年收入) another total is that of all means. Below a carry-over the words
    that name a source name its fund.
    """
    amounts = [column for column in columns if column.kind == "amount"]
    plain = [
        column
        for column in amounts
        if not set(column.words) & {"measure", "fund", "source", "balance", "item"}
    ]
    others = [column for column in plain if "span" not in column.words]
    if 0 < len(others) < len(plain) and statement_code in ("revenue", "expenditure"):
        for column in others:
            column.words["balance"] = "total_income" if statement_code == "revenue" else "total_expenditure"
    for column in amounts:
        if "balance" in column.words and statement_code == "revenue" and "source" in column.words:
            column.words["fund"] = column.words.pop("source")


def tell_years_apart(columns: list[Column], fiscal_year: int | None) -> None:
    """Mark the columns of the year before the document's, by their printed year; other years' are left out."""
    for column in columns:
        year = printed_year(column.header_path)
        if year is None or fiscal_year is None or column.kind != "amount":
            continue
        if year == fiscal_year - 1:
            column.words["basis"] = "prior_year"
        elif year != fiscal_year:
            column.kind = "skip"


def tell_parts_apart(columns: list[Column]) -> None:
    """Of columns that say the same, the one headed as a total states it; the others are parts of it or not known."""
    same: dict[tuple[int, frozenset[tuple[str, str]]], list[Column]] = defaultdict(list)
    for column in columns:
        if column.kind == "amount" and "outside" not in column.words.values():
            words = {key: value for key, value in column.words.items() if key in MEANINGS}
            same[column.group, frozenset(words.items())].append(column)
    for alike in same.values():
        totals = [column for column in alike if _TOTAL_HEAD.match(fold(column.header_path.split(" / ")[-1]))]
        for column in alike if len(alike) > 1 else []:
            if totals == [column]:
                continue
            if len(totals) == 1:
                column.words["balance"] = "outside"
            else:
                column.kind = "unknown"


def _stands_at(row: Row, index: int) -> bool:
    """Whether a cell starts at this column, so that a merged label counts in its first column only."""
    cell = row.cells[index] if index < len(row.cells) else None
    return cell is not None and cell.col == index


def _header_paths(header: list[Row], col_count: int, has_spans: bool) -> list[list[str]]:
    """For each column its header texts from the top down, each text once.

    Where merged cells are not known (flat text), an empty header cell takes the text on its left under the
    same heads, except in the lowest row: there only what is printed counts.
    """
    paths: list[list[str]] = [[] for _ in range(col_count)]
    rows = [row for row in header if not is_order_row(row)]
    for number, row in enumerate(rows):
        is_lowest = number == len(rows) - 1
        heads = [list(path) for path in paths]
        texts = [row.text(col).strip() for col in range(col_count)]
        for col in range(col_count):
            if not texts[col] and col and not has_spans and not is_lowest and heads[col] == heads[col - 1]:
                texts[col] = texts[col - 1]
            if texts[col] and (not paths[col] or paths[col][-1] != texts[col]):
                paths[col].append(texts[col])
    return paths


def _kind(path: list[str], words: dict[str, str], texts: list[str], statement_code: str) -> str:
    filled = [fold(text) for text in texts if text.strip()]
    leaf = header_attributes(path[-1], statement_code) if path else {}
    if leaf.get("role") == "unit":
        return "unit"
    if leaf.get("role") == "order" or any(
        header_attributes(text, statement_code).get("role") == "ignore" for text in path
    ):
        return "skip"
    is_code_header = any(header_attributes(text, statement_code).get("role") == "code" for text in path[-2:])
    if is_code_header and all(_CODE_PART.match(text) or not is_amount(text) for text in filled):
        return "code"
    amounts = [text for text in filled if is_amount(text)]
    labels = [text for text in filled if not is_amount(text) and len(text) > 1 and not _is_dash(text)]
    if labels and len(labels) >= len(amounts):
        return "name"
    if filled and all(CODE.match(text) for text in filled) and not set(words) & set(AMOUNT_ATTRIBUTES):
        return "code"
    if leaf.get("role") in ("name", "project") and not amounts:
        return "name"
    is_told = bool(leaf) or not (path and bare_header(path[-1]))
    if is_told and any(attribute in words for attribute in AMOUNT_ATTRIBUTES):
        return "amount"
    return "unknown" if filled else "skip"


def _is_dash(text: str) -> bool:
    return all(char in "-—–―−/_" for char in text)


def _number_groups(columns: list[Column]) -> None:
    """Number the column groups: a label column after an amount column begins the next one (two-sided forms)."""
    group, after_amount = 0, False
    for column in columns:
        if column.kind in ("amount", "unknown"):
            after_amount = True
        elif column.kind in ("code", "name") and after_amount:
            group, after_amount = group + 1, False
        column.group = group


def split_label(text: str) -> tuple[str | None, str]:
    """A printed label as (code that leads it, name without list marker and code)."""
    name = squeeze(text)
    folded = fold(name)
    led = _CODED_LABEL.match(folded)
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


def has_total(rows: list[Row], statement_code: str) -> bool:
    """Whether one of the rows is a total, by its label."""
    for row in rows:
        for cell in row.distinct():
            label = strip_enumerator(fold(cell.text))
            lines = (find_line(label, statement_code, side, None) for side in ("income", "expenditure", None))
            if any(line and line.line_code in TOTAL_LINES for line in lines):
                return True
    return False


def is_known_line(label: str, statement_code: str) -> bool:
    """Whether a label is one that the registry declares for the form, on whichever side."""
    folded = strip_enumerator(fold(label))
    return any(find_line(folded, statement_code, side, None) for side in ("income", "expenditure", None))

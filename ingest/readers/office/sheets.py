"""Sheets of printed cells -> lines and tables. Shared by XLSX and XLS: merges, hidden rows, where tables begin and end.

A sheet is a page. A row with one cell outside a table's rules is a line of text; what lies between such lines is a
table, without the rows and columns that print nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ingest.config import LIMITS
from ingest.document.model import Block, Cell, Document, Page, Table, TextLine
from ingest.document.text import printed_unit
from ingest.outcomes import DocumentError, Reason

_LONG_TEXT = 30
"""The length from which a text alone in its row, without rules, is a sentence and not a label."""
_ROWS_BETWEEN_SHEETS = 100


@dataclass(slots=True)
class Sheet:
    """What a sheet prints: rows of texts by column, from 0; empty and hidden cells are left out by ``put``.

    ``merges`` are (first row, first column, last row, last column). ``ruled_rows`` have a vertical border.
    ``unread`` says why nothing was read of the sheet, ``notes`` what a reader should know about it.
    """

    number: int
    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    ruled_rows: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    unread: str | None = None

    def put(self, row: int, col: int, text: str) -> None:
        """Store what a cell prints."""
        if text.strip():
            self.rows.setdefault(row, {})[col] = text.strip()


def document_of(media_type: str, sheets: Iterable[Sheet]) -> Document:
    """The sheets as pages of one document, in the workbook's order.

    Raises DocumentError: CONTENT_TOO_LARGE, or NO_CONTENT where no sheet prints anything.
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    printed: dict[int | None, str] = {}
    budget = LIMITS.cells
    line_no = 0
    for sheet in sheets:
        layout = _Layout(sheet, line_no, budget)
        printed[sheet.number] = "\n".join(text for cells in sheet.rows.values() for text in cells.values())
        blocks.extend(layout.blocks())
        budget, line_no = layout.budget, layout.last_line + _ROWS_BETWEEN_SHEETS
        pages.append(
            Page(sheet.number, 0.0, 0.0, "sheet", "; ".join([f"sheet {sheet.name!r}", *sheet.notes]))
        )
    if not blocks:
        why = "; ".join(page.note or "" for page in pages) or "it has no sheets"
        raise DocumentError(Reason.NO_CONTENT, f"the workbook prints nothing: {why}")
    return Document(media_type, blocks, len(pages), pages, printed)


class _Layout:
    """One sheet's rows -> blocks. ``budget`` is the number of cells that the document may still have."""

    def __init__(self, sheet: Sheet, first_line: int, budget: int) -> None:
        self.budget = budget
        self.last_line = first_line
        self._sheet = sheet
        self._first_line = first_line
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        if sheet.unread:
            sheet.notes.append(sheet.unread)
            return
        self._apply_merges()
        self._leave_out_hidden()
        self._rows = sorted(sheet.rows)
        if not self._rows:
            sheet.notes.append("empty")
        else:
            self.last_line = first_line + self._rows[-1] + 1

    def blocks(self) -> Iterator[Block]:
        """The sheet's lines and tables from top to bottom."""
        if self._sheet.unread:
            return
        run: list[int] = []
        for row, is_line in zip(self._rows, self._lines(), strict=True):
            if not is_line:
                run.append(row)
                continue
            yield from self._run(run)
            run = []
            yield self._line(row)
        yield from self._run(run)

    def _spend(self, count: int) -> None:
        self.budget -= count
        if self.budget < 0:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE,
                f"sheet {self._sheet.name!r}: the workbook has more than {LIMITS.cells} cells",
            )

    def _apply_merges(self) -> None:
        """Cells covered by a merge print nothing; a merge has the place of its first visible cell."""
        sheet = self._sheet
        printed = sorted(sheet.rows)
        for first_row, first_col, last_row, last_col in sheet.merges:
            text = sheet.rows.get(first_row, {}).get(first_col, "")
            covered = printed[bisect_left(printed, first_row) : bisect_right(printed, last_row)]
            self._spend(len(covered))
            for row in covered:
                cells = sheet.rows[row]
                columns = range(first_col, last_col + 1)
                for col in [
                    each for each in (cells if len(cells) < len(columns) else columns) if each in columns
                ]:
                    cells.pop(col, None)
            row, col = first_row, first_col
            while row < last_row and row in sheet.hidden_rows:
                row += 1
            while col < last_col and col in sheet.hidden_cols:
                col += 1
            if text:
                sheet.put(row, col, text)
            self._spans[row, col] = (last_row, last_col)

    def _leave_out_hidden(self) -> None:
        sheet = self._sheet
        hidden_rows = [row for row in sheet.rows if row in sheet.hidden_rows]
        for row in hidden_rows:
            del sheet.rows[row]
        if hidden_rows:
            sheet.notes.append(f"{len(hidden_rows)} hidden rows are not read")
        hidden_cols = {col for cells in sheet.rows.values() for col in cells if col in sheet.hidden_cols}
        for cells in sheet.rows.values():
            for col in hidden_cols:
                cells.pop(col, None)
        if hidden_cols:
            letters = ", ".join(get_column_letter(col + 1) for col in sorted(hidden_cols)[:20])
            sheet.notes.append(f"hidden columns are not read: {letters}")
        for row in [row for row, cells in sheet.rows.items() if not cells]:
            del sheet.rows[row]

    def _lines(self) -> list[bool]:
        """Per printed row: whether it is a line of text.

        A text alone in its row is a line where it is long, is merged up to the last column, or has only such texts
        between it and a blank row or the sheet's edge; a row with rules is part of a table, and so is a text below the
        labels of a table's later columns.
        """
        alone = self._alone()
        several = [row for row in self._rows if len(self._sheet.rows[row]) > 1]
        is_line = [
            is_alone and self._is_wide_or_long(row, several)
            for row, is_alone in zip(self._rows, alone, strict=True)
        ]
        for order in (range(len(self._rows)), range(len(self._rows) - 1, -1, -1)):
            step = order.step
            for at in order:
                before = at - step
                is_edge = not 0 <= before < len(self._rows) or self._is_apart(
                    self._rows[before], self._rows[at]
                )
                if alone[at] and (is_edge or is_line[before]):
                    is_line[at] = True
        return is_line

    def _alone(self) -> list[bool]:
        """Per printed row: whether one text stands in it, without rules, not below one in a table's later columns, and no head."""
        found: list[bool] = []
        columns: set[int] = set()
        for at, row in enumerate(self._rows):
            cells = self._sheet.rows[row]
            if at and self._is_apart(self._rows[at - 1], row):
                columns = set()
            if len(cells) > 1:
                columns |= set(cells)
            first = min(cells)
            is_label = first in columns and first > min(columns) and (row, first) not in self._spans
            is_part = row in self._sheet.ruled_rows or is_label or self._is_head(at)
            found.append(len(cells) == 1 and not is_part)
        return found

    def _is_head(self, at: int) -> bool:
        """Whether a printed row stands between a money unit and a table, merged over all columns of the row below it."""
        if not 0 < at < len(self._rows) - 1:
            return False
        above, row, below = self._rows[at - 1 : at + 2]
        (first, text), *others = self._sheet.rows[row].items()
        last = self._spans.get((row, first), (row, first))[1]
        columns = self._sheet.rows[below]
        return (
            below == row + 1
            and len(columns) > 1
            and not others
            and first <= min(columns) < max(columns) <= last
            and len(text) < _LONG_TEXT
            and not printed_unit(text)
            and any(map(printed_unit, self._sheet.rows[above].values()))
        )

    def _is_wide_or_long(self, row: int, several: list[int]) -> bool:
        """``several`` are the rows with more than one cell; the nearest above and below say how wide the table is."""
        ((col, text),) = self._sheet.rows[row].items()
        last_col = self._spans.get((row, col), (row, col))[1]
        at = bisect_left(several, row)
        width = max((max(self._sheet.rows[each]) for each in several[max(0, at - 1) : at + 1]), default=0)
        return len(text) >= _LONG_TEXT or last_col >= max(width, col + 2)

    def _is_apart(self, row: int, other: int) -> bool:
        """Whether there are blank rows without rules between two rows."""
        between = range(min(row, other) + 1, max(row, other))
        return any(
            each not in self._sheet.ruled_rows and each not in self._sheet.hidden_rows for each in between
        )

    def _line(self, row: int) -> TextLine:
        ((col, text),) = self._sheet.rows[row].items()
        return TextLine(text, self._ref(row, col), self._sheet.number, self._first_line + row + 1)

    def _ref(self, row: int, col: int) -> str:
        return f"s{self._sheet.number}!{get_column_letter(col + 1)}{row + 1}"

    def _run(self, rows: list[int]) -> Iterator[Block]:
        """The rows between two lines: tables on common columns, or lines where no row has two cells.

        Blank rows between rows with rules end a table; without rules they cannot be distinguished from empty rows of a
        table.
        """
        if all(len(self._sheet.rows[row]) == 1 for row in rows):
            yield from map(self._line, rows)
            return
        columns = sorted({col for row in rows for col in self._sheet.rows[row]})
        self._spend(len(rows) * len(columns))
        ruled = self._sheet.ruled_rows
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or (
                rows[at] in ruled and rows[at - 1] in ruled and self._is_apart(rows[at - 1], rows[at])
            ):
                yield self._table(rows[start:at], columns)
                start = at

    def _table(self, rows: list[int], columns: list[int]) -> Table:
        cells: list[Cell] = []
        taken: set[tuple[int, int]] = set()
        for row_no, row in enumerate(rows):
            for col_no, col in enumerate(columns):
                if (row_no, col_no) in taken:
                    continue
                last_row, last_col = self._spans.get((row, col), (row, col))
                down = range(row_no, bisect_right(rows, last_row))
                right = range(col_no, bisect_right(columns, last_col))
                taken.update((each, other) for each in down for other in right)
                text, line_no = self._sheet.rows[row].get(col, ""), self._first_line + row + 1
                cells.append(Cell(text, row_no, col_no, self._ref(row, col), len(down), len(right), line_no))
        has_spans = any(cell.row_span > 1 or cell.col_span > 1 for cell in cells)
        return Table(cells, len(rows), len(columns), self._sheet.number, has_spans=has_spans)

"""Joins a table that continues over a page break to its form. No other module does."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from ingest.document.model import Cell, Document, Table, TextLine
from ingest.document.text import PAGE_NUMBER, fold, is_amount, printed_unit, running_text
from ingest.forms.columns import Column, read_columns
from ingest.forms.cuts import join_cut_rows
from ingest.forms.grid import COMPILER, Piece, Row, has_total, is_header_row, split_table
from ingest.forms.model import RecognisedForm

_NEXT_PAGE = re.compile(r"[(]?(?:续表?|接上[表页]|第?\d{1,6}/\d{1,6}页?)\d{0,6}[)]?")

_OF_THE_YEAR = ("current_income", "current_expenditure")
_OF_ALL_FUNDS = ("total_income", "total_expenditure")


@dataclass(slots=True)
class OpenForm:
    """A form that may still continue: its first piece fixes the columns. ``note`` is the last line of the notes below it,
    ``is_passed`` says that another form's title stands below it, whose notes are not its own.

    ``is_description``: it is no statutory form, but describes projects with their amounts. ``is_told_by_heads``: it has no title.
    """

    form: RecognisedForm
    first: Piece
    header: list[Row]
    place: int = 0
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    is_closed: bool = False
    is_passed: bool = False
    is_description: bool = False
    is_told_by_heads: bool = False
    note: TextLine | None = None
    _first_columns: list[Column] | None = None

    @property
    def first_columns(self) -> list[Column]:
        """The columns that the first piece alone shows, read once."""
        if self._first_columns is None:
            self._first_columns = self._read_columns([self.first])
        return self._first_columns

    def read_columns(self) -> list[Column]:
        """The columns that all pieces show."""
        return self.first_columns if len(self.pieces) == 1 else self._read_columns(self.pieces)

    def repeats_head(self, row: Row) -> bool:
        """Whether a row of the body prints a row of the header once more."""
        if not is_header_row(row, True):
            return False
        heads = {fold(cell.text) for head in self.header for cell in head.distinct()}
        return all(fold(cell.text) in heads for cell in row.distinct())

    def _read_columns(self, pieces: list[Piece]) -> list[Column]:
        return read_columns(
            pieces,
            self.header,
            self.first.col_count,
            self.form.statement_code,
            self.form.layout,
            self.first.table.knows_merged_cells,
        )


def stream(document: Document, printed: Counter[str]) -> list[TextLine | Piece]:
    """The document's lines and the pieces of its tables in printed order.

    ``printed`` counts the document's lines as ``running_text`` gives them. A ruled table that a page break cuts between its columns' heads has
    its whole header on the second page.
    """
    items: list[TextLine | Piece] = []
    above: Table | None = None
    between: list[TextLine] = []
    for block in join_cut_rows(document):
        if isinstance(block, TextLine):
            items.append(block)
            between.append(block)
            continue
        last = items[-1 - len(between)] if above else None
        is_rest = isinstance(last, Piece) and is_cut(last.table, block, between, printed)
        if isinstance(last, Piece) and is_rest and not last.body:
            parts = split_table(block)
            if _complete_header(last, parts):
                del items[-1 - len(between)]
        else:
            parts = split_table(block, is_rest)
        items.extend(parts)
        above, between = (block, []) if parts else (above, between)
    return items


def is_cut(above: Table, below: Table, between: list[TextLine], printed: Counter[str]) -> bool:
    """Whether only a page break separates two ruled tables of the same columns."""
    if (
        above.page_no is None
        or below.page_no != above.page_no + 1
        or not above.col_edges
        or not below.col_edges
    ):
        return False
    return all(
        PAGE_NUMBER.match(fold(line.text)) or printed[running_text(line.text, line.page_no)] > 1
        for line in between
    ) and (_are_among(above.col_edges, below.col_edges) or _are_among(below.col_edges, above.col_edges))


def _complete_header(last: Piece, parts: list[TextLine | Piece]) -> bool:
    """Put the header rows of a piece without a body on top of the header that continues on the next page."""
    rest = parts[0] if parts else None
    if not isinstance(rest, Piece) or not rest.header or below_head(rest, last.header):
        return False
    edges, target = last.table.col_edges, rest.table.col_edges
    moved = _on_columns(last.header, edges, target) if edges and target else None
    if moved is None:
        return False
    rest.header = [*moved, *rest.header]
    return True


def goes_on(current: OpenForm, piece: Piece, context: list[TextLine], printed: Counter[str]) -> bool:
    """Whether a piece continues the open form; if so its rows are the form's."""
    if current.is_closed or not _only_furniture(context, printed):
        return False
    rest = below_head(piece, current.header)
    return rest is not None and continue_form(current, rest)


def _only_furniture(context: list[TextLine], printed: Counter[str]) -> bool:
    """Whether nothing but page numbers, running heads and a form's head lines stands between two tables."""
    texts = [(fold(line.text), printed[running_text(line.text, line.page_no)]) for line in context]
    others = [
        text
        for text, count in texts
        if not (PAGE_NUMBER.match(text) or printed_unit(text) or COMPILER.match(text) or count > 1)
    ]
    return len(others) <= 1


def goes_on_below_title(current: OpenForm, piece: Piece, title: str) -> bool:
    """Whether a piece continues the open form, whose title is printed once more over its next page; see ``goes_on``.

    It is another form's where both have a total: a form ends, or begins, with its only one.
    """
    bare, former = _NEXT_PAGE.sub("", fold(title)), _NEXT_PAGE.sub("", fold(current.form.title))
    rest = below_head(piece, current.header)
    if bare != former or rest is None:
        return False
    code = current.form.statement_code
    both_end = has_total(rest.body, code) and has_total(current.rows, code)
    if bare == fold(title) and both_end and not _totals_follow(current, rest, code):
        return False
    return continue_form(current, rest)


def _totals_follow(current: OpenForm, rest: Piece, code: str) -> bool:
    """Whether a form of two sides prints the totals of the year before the page break and those of all funds after it."""
    return (
        current.form.layout == "two_sided"
        and not has_total(current.rows, code, _OF_ALL_FUNDS)
        and not has_total(rest.body, code, _OF_THE_YEAR)
    )


def continue_form(current: OpenForm, piece: Piece) -> bool:
    rows: list[Row] | None = (
        piece.body
        if piece.header and piece.col_count == current.first.col_count
        else continue_columns(piece, current.first, current.pieces[-1])
    )
    total = _total_alone(current, piece)
    rows = [total] if total else rows
    if rows is None or not _amounts_fit(current, rows):
        return False
    columns = piece.columns if rows is piece.body else ()
    current.pieces.append(Piece(piece.table, [], rows, current.first.col_count, columns=columns))
    current.starts.add(len(current.rows))
    current.rows.extend(rows)
    current.form.page_to = piece.page_no
    current.form.is_continued = True
    return True


def _total_alone(current: OpenForm, piece: Piece) -> Row | None:
    """The row of a piece that is a form's total alone, one label and as many amounts as the form has columns of them, on the form's columns.

    Its label is printed over all columns of labels. None for other pieces.
    """
    amounts = [column.index for column in current.first_columns if column.kind == "amount"]
    is_narrow = 1 < piece.col_count == len(amounts) + 1 < current.first.col_count
    is_total = len(piece.body) == 1 and has_total(piece.body, current.form.statement_code)
    if not (is_narrow and is_total) or piece.header or is_amount(piece.body[0].text(0)):
        return None
    (row,) = piece.body
    cells: list[Cell | None] = [None] * current.first.col_count
    for place, cell in zip((0, *amounts), row.cells, strict=False):
        cells[place] = replace(cell, col=place, col_span=1) if cell else None
    return Row(cells, row.page_no)


def _amounts_fit(current: OpenForm, rows: list[Row]) -> bool:
    """Whether the cells that would stand in the form's amount columns are amounts, but for a stray one."""
    amounts = {column.index for column in current.first_columns if column.kind == "amount"}
    texts = [
        cell.text
        for row in rows
        if not current.repeats_head(row)
        for cell in row.distinct()
        if cell.col in amounts
    ]
    odd = [text for text in texts if not is_amount(text) and any(char.isalnum() for char in text)]
    return len(odd) * 10 <= len(texts)


def below_head(piece: Piece, header: list[Row]) -> Piece | None:
    """The piece where it has no header, or begins with the header of the form before it; None where it has another.

    The same words may be divided into other cells and rows. What looks like more of the header (a row without amounts:
    年初结转和结余) is a row below it.
    """
    if not piece.header:
        return piece
    text, count = _header_text(header), 0
    while count < len(piece.header) and len(_header_text(piece.header[:count])) < len(text):
        count += 1
    if not count or _header_text(piece.header[:count]) != text:
        return None
    return replace(piece, header=piece.header[:count], body=[*piece.header[count:], *piece.body])


def _header_text(header: list[Row]) -> str:
    return "".join(fold(cell.text) for row in header for cell in row.distinct())


def continue_columns(piece: Piece, first: Piece, last: Piece | None = None) -> list[Row] | None:
    """The rows of a headerless piece on the columns of the form that it continues; None where they do not fit.

    On ruled pages columns are matched by position, so that a total row whose label cell is merged, alone on
    its page, still finds its columns: those of the form's beginning, else those of its ``last`` piece, which as many
    columns may divide elsewhere. Where widths follow what a page holds they must be as many, or fewer where the
    missing ones are empty at the right in the form so far. Flat text has no positions: its columns must be as
    many, or fewer where the missing ones are empty at the right.
    """
    edges, target = piece.col_edges, first.col_edges
    if edges and target:
        placed = _on_columns(piece.body, edges, target)
        if not placed and last and last.col_edges and len(last.col_edges) == first.col_count + 1:
            placed = _on_columns(piece.body, edges, last.col_edges)
        used = max((_used_width(row) for row in first.body), default=first.col_count)
        if placed or not used <= piece.col_count <= first.col_count:
            return placed
    if piece.col_count == first.col_count:
        return piece.body
    width = max((_used_width(row) for row in piece.body), default=0)
    if width <= first.col_count and (piece.col_count > 1 or first.col_count == 1):
        return [
            Row((row.cells + [None] * first.col_count)[: first.col_count], row.page_no) for row in piece.body
        ]
    return None


def _used_width(row: Row) -> int:
    return max((col + 1 for col, cell in enumerate(row.cells) if cell and cell.text.strip()), default=0)


def _are_among(edges: tuple[float, ...], target: tuple[float, ...]) -> bool:
    """Whether columns' edges are among those of other columns, and the outer ones the same."""
    width = target[-1] - target[0]
    if width <= 0 or abs(edges[0] - target[0]) > 0.05 * width or abs(edges[-1] - target[-1]) > 0.05 * width:
        return False
    return all(min(abs(edge - other) for other in target) <= 0.01 * width for edge in edges)


def _on_columns(body: list[Row], edges: tuple[float, ...], target: tuple[float, ...]) -> list[Row] | None:
    """Rows of columns with the given edges on the columns of other edges; None where they do not fit."""
    if not _are_among(edges, target):
        return None
    nearest = [min(range(len(target)), key=lambda at: abs(target[at] - edge)) for edge in edges]
    rows = []
    for row in body:
        cells: list[Cell | None] = [None] * (len(target) - 1)
        for col, cell in enumerate(row.cells):
            if cell is None or cell.col != col:
                continue
            start, stop = nearest[cell.col], nearest[min(cell.col + cell.col_span, len(edges) - 1)]
            moved = replace(cell, col=start, col_span=max(1, stop - start))
            for at in range(start, max(stop, start + 1)):
                cells[at] = moved
        rows.append(Row(cells, row.page_no))
    return rows


def is_cut_label(row: Row) -> bool:
    """Whether a page's first row holds nothing but the rest of a label that the page break cut."""
    cells = row.distinct()
    return len(cells) == 1 and not is_amount(cells[0].text) and len(fold(cells[0].text)) <= 20

"""Document -> statutory forms. Knows forms and nothing about media; no rule looks at a department's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.forms.grid import (
    Column,
    Piece,
    Row,
    is_header_row,
    is_known_line,
    read_columns,
    split_label,
    split_table,
)
from ingest.forms.model import FormCell, RecognisedForm
from ingest.forms.ragged import align_row
from ingest.forms.registry import find_line, forms, header_attributes, titled_statements
from ingest.forms.stitch import continue_columns, is_cut_label, repeats_header
from ingest.model import Document, TextLine
from ingest.text import YEAR, fold, is_amount, printed_unit, squeeze, strip_enumerator

_CONTEXT_LINES = 15
_NOTE = re.compile(r"^(?:备?注|说明|附注)\d?[:：]")
_HEADING = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)")
_FORM_NUMBER = re.compile(r"^(?:公开|预算|决算|附件?)*表[一二三四五六七八九十\d]+$")
_FURNITURE = re.compile(r"^[-—–\s第共]*\d{1,4}[-—–\s页/]*(?:共?\d{0,4}页?)?[-—\s]*$")
_NOTHING = re.compile(r"^(?:无|空|略|不涉及|无数据)$")
_CODED_LAYOUTS = ("function", "economic", "project")
_TOTAL_LINES = (
    "total",
    "total_income",
    "total_expenditure",
    "current_income",
    "current_expenditure",
    "personnel_total",
    "public_total",
)


@dataclass(slots=True)
class _OpenForm:
    """A form that may still go on: its first piece fixes the columns."""

    form: RecognisedForm
    layout: str
    first: Piece
    header: list[Row]
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    is_closed: bool = False
    takes_notes: bool = False


def recognise_forms(document: Document, fiscal_year: int | None) -> list[RecognisedForm]:
    """The statutory forms of a document in printed order, each stitched over its page breaks.

    ``fiscal_year`` tells a prior-year column by its printed year. A table whose title no registry entry
    knows, or whose columns do not fit its title's form, is not a form and is left out.
    """
    found: list[_OpenForm] = []
    context: list[TextLine] = []
    current: _OpenForm | None = None
    for item in _stream(document):
        if isinstance(item, TextLine):
            context.append(item)
            if current:
                _read_line_below(current, item)
            continue
        opened = _open_or_continue(item, context, current, len(found) + 1)
        if opened is not None and opened is not current:
            found.append(opened)
        current = opened
        context = []
    for each in found:
        _read_rows(each, fiscal_year)
    return [each.form for each in found]


def _stream(document: Document) -> list[TextLine | Piece]:
    items: list[TextLine | Piece] = []
    for block in document.blocks:
        items.extend([block] if isinstance(block, TextLine) else split_table(block))
    return items


def _read_line_below(current: _OpenForm, line: TextLine) -> None:
    """Keep the notes printed below a form; a note, like a title, ends the form."""
    folded = fold(line.text)
    if titled_statements(line.text) or _FORM_NUMBER.match(folded):
        current.is_closed = True
        current.takes_notes = False
    elif _NOTE.match(folded):
        current.is_closed = current.takes_notes = True
        current.form.notes.append(squeeze(line.text))
    elif current.takes_notes:
        if _HEADING.match(folded) or printed_unit(line.text) or line.page_no != current.pieces[-1].page_no:
            current.takes_notes = False
        else:
            current.form.notes.append(squeeze(line.text))


def _titles_above(context: list[TextLine]) -> tuple[str, tuple[str, ...]] | None:
    """The nearest form title above a table, on its page or the one before, with the statements it may be."""
    for number, line in enumerate(reversed(context[-_CONTEXT_LINES:])):
        statements = titled_statements(line.text)
        if not statements:
            above = context[-_CONTEXT_LINES:][::-1][number + 1 : number + 2]
            joined = above[0].text + line.text if above else ""
            if joined and fold(line.text).endswith("表") and not _NOTE.match(fold(above[0].text)):
                statements = titled_statements(joined)
                if statements:
                    return squeeze(joined), statements
        if statements:
            return squeeze(line.text), statements
    return None


def _open_or_continue(
    piece: Piece, context: list[TextLine], current: _OpenForm | None, form_no: int
) -> _OpenForm | None:
    title = _titles_above(context)
    if current and title is None and _goes_on(current, piece, context):
        return current
    statements = title[1] if title else _statements_by_header(piece)
    fitting = [code for code in statements if code and _fits(piece, code)]
    if not statements or statements[0] == "" or not fitting:
        return None
    statement_code = fitting[0]
    unit = next(
        (found for line in reversed(context[-_CONTEXT_LINES:]) if (found := printed_unit(line.text))), None
    )
    form = RecognisedForm(
        form_no=form_no,
        statement_code=statement_code,
        title=title[0] if title else "",
        unit_text=unit,
        page_from=piece.page_no,
        page_to=piece.page_no,
        score=_score(piece, statement_code),
        runner_up=fitting[1] if len(fitting) > 1 else None,
    )
    opened = _OpenForm(form, forms()[statement_code].layout, piece, piece.header)
    opened.pieces.append(piece)
    opened.starts.add(0)
    opened.rows.extend(piece.body)
    return opened


def _goes_on(current: _OpenForm, piece: Piece, context: list[TextLine]) -> bool:
    """Whether a piece continues the open form; if so its rows are the form's."""
    if current.is_closed or not _only_furniture(context):
        return False
    return (not piece.header or repeats_header(piece, current.header)) and _continue(current, piece)


def _only_furniture(context: list[TextLine]) -> bool:
    """Whether nothing but page numbers and running heads stands between two tables."""
    return (
        sum(1 for line in context if not _FURNITURE.match(fold(line.text)) and not printed_unit(line.text))
        <= 1
    )


def _continue(current: _OpenForm, piece: Piece) -> bool:
    if piece.header:
        rows: list[Row] | None = (
            piece.body
            if piece.col_count == current.first.col_count
            else continue_columns(piece, current.first)
        )
    else:
        rows = continue_columns(piece, current.first)
    if rows is None or not _amounts_fit(current, rows):
        return False
    current.pieces.append(Piece(piece.table, [], rows, current.first.col_count))
    current.starts.add(len(current.rows))
    current.rows.extend(rows)
    current.form.page_to = piece.page_no
    current.form.is_continued = True
    return True


def _amounts_fit(current: _OpenForm, rows: list[Row]) -> bool:
    """Whether the cells that would stand in the form's amount columns are amounts, but for a stray one."""
    form, first = current.form, current.first
    columns = read_columns(
        [first], current.header, first.col_count, form.statement_code, first.table.knows_merged_cells
    )
    amounts = {column.index for column in columns if column.kind == "amount"}
    texts = [cell.text for row in rows for cell in row.distinct() if cell.col in amounts]
    odd = [text for text in texts if not is_amount(text) and any(char.isalnum() for char in text)]
    return len(odd) * 10 <= len(texts)


def _statements_by_header(piece: Piece) -> tuple[str, ...]:
    """What a table without a title may be, by the words that head its columns (``一般公共预算支出``)."""
    for row in piece.header:
        for cell in row.distinct():
            if len(fold(cell.text)) > 4 and (statements := titled_statements(fold(cell.text) + "表")):
                return statements
    return ()


def _fits(piece: Piece, statement_code: str) -> bool:
    """Whether a piece's columns are those of a form's layout."""
    layout = forms()[statement_code].layout
    if layout == "performance":
        return True
    if not piece.header:
        return False
    columns = read_columns(
        [piece], piece.header, piece.col_count, statement_code, piece.table.knows_merged_cells
    )
    kinds = [column.kind for column in columns]
    groups = {column.group for column in columns if column.kind == "amount"}
    if layout == "two_sided":
        return "name" in kinds and len(groups) >= 2
    if layout == "three_public":
        return "amount" in kinds and (
            len({column.words.get("item") for column in columns if column.kind == "amount"} - {None}) >= 3
            or sum(
                1
                for row in piece.body
                if any(is_known_line(cell.text, statement_code) for cell in row.distinct())
            )
            >= 3
        )
    if layout in _CODED_LAYOUTS:
        return "amount" in kinds and ("code" in kinds or "name" in kinds)
    return False


def _score(piece: Piece, statement_code: str) -> int:
    return sum(
        1 for row in piece.header for cell in row.distinct() if header_attributes(cell.text, statement_code)
    )


def _read_rows(opened: _OpenForm, fiscal_year: int | None) -> None:
    form, layout = opened.form, opened.layout
    if layout == "performance":
        form.row_count = len(opened.rows)
        return
    columns = read_columns(
        opened.pieces,
        opened.header,
        opened.first.col_count,
        form.statement_code,
        opened.first.table.knows_merged_cells,
    )
    units = [column.unit for column in columns if column.unit]
    form.unit_text = form.unit_text or (units[0] if units else None)
    _mark_prior_years(columns, fiscal_year)
    header_texts = {fold(cell.text) for row in opened.header for cell in row.distinct()}
    reader = _RowReader(form, layout, columns)
    for number, row in enumerate(opened.rows):
        cells = row.distinct()
        if not cells or (is_header_row(row, True) and all(fold(cell.text) in header_texts for cell in cells)):
            continue
        if number in opened.starts and number and is_cut_label(row) and reader.join_label(row):
            continue
        reader.read(row, opened.first.table.is_ragged)
    form.row_count = reader.row_no


def _mark_prior_years(columns: list[Column], fiscal_year: int | None) -> None:
    for column in columns:
        years = [int(year) for year in YEAR.findall(fold(column.header_path))]
        if years and fiscal_year and max(years) == fiscal_year - 1:
            column.words["basis"] = "prior_year"


class _RowReader:
    """Reads body rows into form cells, keeping the block a row stands in and the codes carried down."""

    def __init__(self, form: RecognisedForm, layout: str, columns: list[Column]) -> None:
        self.form = form
        self.layout = layout
        self.row_no = 0
        self.kinds = [column.kind for column in columns]
        self.groups = [
            [column for column in columns if column.group == number]
            for number in range(max((c.group for c in columns), default=0) + 1)
        ]
        self.blocks: dict[int, str | None] = {}
        self.carried: dict[int, dict[int, str]] = {}
        self.sides = [self._side(number, group) for number, group in enumerate(self.groups)]

    def _side(self, number: int, group: list[Column]) -> str | None:
        if self.layout != "two_sided":
            return None
        heads = " ".join(fold(column.header_path) for column in group)
        if "支出" in heads and "收入" not in heads:
            return "expenditure"
        if "收入" in heads and "支出" not in heads:
            return "income"
        return "income" if number == 0 else "expenditure"

    def join_label(self, row: Row) -> bool:
        """Append a label that a page break cut to the row above; False where there is none to append to."""
        cell = row.distinct()[0]
        if is_known_line(cell.text, self.form.statement_code) or not self.form.cells:
            return False
        group = next(
            (
                number
                for number, cols in enumerate(self.groups)
                if any(c.index == cell.col and c.kind == "name" for c in cols)
            ),
            None,
        )
        if group is None or re.match(r"^(?:[一二三四五六七八九十]+、|[(（]|\d)", fold(cell.text)):
            return False
        joined = False
        for each in reversed(self.form.cells):
            if each.row_no != self.row_no:
                break
            if any(column.index == each.col_no for column in self.groups[group]) and each.label:
                each.label += squeeze(cell.text)
                joined = True
        return joined

    def read(self, row: Row, is_ragged: bool) -> None:
        """Read one printed row: each column group is a line of its own."""
        self.row_no += 1
        if is_ragged and row.is_short:
            aligned = align_row([cell for cell in row.cells if cell], self.kinds)
            row = Row(aligned, row.page_no) if aligned else row
        for number, group in enumerate(self.groups):
            self._read_group(number, group, row)

    def _read_group(self, number: int, group: list[Column], row: Row) -> None:
        codes, name = self._labels(number, group, row)
        led_code, name = split_label(name)
        codes = codes or led_code or ""
        amounts = [column for column in group if column.kind in ("amount", "unknown")]
        if not codes and not name and not any(row.text(column.index).strip() for column in amounts):
            return
        if (
            name
            and not codes
            and _NOTHING.match(fold(name))
            and not any(is_amount(row.text(c.index)) for c in amounts)
        ):
            self.form.notes.append(name)
            return
        row_kind, line_code, line_fund = self._meaning(number, codes, name)
        if row_kind == "total" or line_code in _TOTAL_LINES:
            self.form.has_total_row = True
        for column in amounts:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is not None and cell.col != column.index and column.kind == "amount":
                continue
            problem = None
            if column.kind == "unknown":
                if cell is None or not cell.text.strip():
                    continue
                problem = "header_unknown"
            elif row_kind == "unknown":
                problem = "line_unknown"
            self.form.cells.append(
                FormCell(
                    row_no=self.row_no,
                    col_no=column.index,
                    side=self.sides[number],
                    row_kind=row_kind,
                    line_code=line_code,
                    line_fund_code=line_fund,
                    code_text=codes or None,
                    label=name or None,
                    words={
                        key: value for key, value in column.words.items() if key not in ("role", "neutral")
                    },
                    header_path=column.header_path,
                    cell_text=cell.text if cell else "",
                    source_ref=cell.ref if cell else "",
                    page_no=row.page_no,
                    problem=problem,
                )
            )

    def _labels(self, number: int, group: list[Column], row: Row) -> tuple[str, str]:
        """The row's printed code parts, joined by spaces, and its name."""
        parts: dict[int, str] = {}
        names: list[str] = []
        seen: list[object] = []
        for column in group:
            if column.kind not in ("code", "name"):
                continue
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is None or not cell.text.strip() or any(cell is other for other in seen):
                continue
            seen.append(cell)
            folded = fold(cell.text)
            if column.kind == "code" and re.fullmatch(r"[\d\-.]+", folded):
                parts[column.index] = " ".join(re.findall(r"\d+", folded))
            elif (
                column.kind == "code"
                and header_attributes(cell.text, self.form.statement_code).get("role") == "code"
            ):
                continue
            else:
                names.append(squeeze(cell.text))
        carried = self.carried.setdefault(number, {})
        if parts:
            first = min(parts)
            for index in [index for index in carried if index >= first]:
                del carried[index]
            carried.update(parts)
            parts = dict(sorted(carried.items()))
        return " ".join(parts.values()), "".join(names)

    def _meaning(self, number: int, codes: str, name: str) -> tuple[str, str | None, str | None]:
        """(row kind, line code, the line's fund) of a row."""
        side = self.sides[number]
        line = (
            None
            if codes
            else find_line(
                strip_enumerator(fold(name)), self.form.statement_code, side, self.blocks.get(number)
            )
        )
        if line:
            if line.opens_block:
                self.blocks[number] = line.opens_block
            is_total = line.line_code == "total" and self.layout != "three_public"
            return ("total" if is_total else "line"), line.line_code, line.fund_code
        if self.layout == "three_public":
            return ("unknown" if codes else "record"), None, None
        if side == "income" or not (codes or name):
            return "unknown", None, None
        return "coded", None, None

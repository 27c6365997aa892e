"""Extraction -> what was recognised and where: the roles of cells, the meanings of columns, the figures of sentences.

Knows neither pictures nor terminals; ``picture`` and ``printed`` show what is collected here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from ingest.document.model import Cell, Document, Table, TextLine
from ingest.document.paragraphs import Paragraph
from ingest.document.text import PAGE_NUMBER, fold, fold_in_place, is_amount, running_text, squeeze
from ingest.extraction.extract import Extraction
from ingest.forms.columns import MEANINGS, Column
from ingest.forms.grid import CODE, Piece
from ingest.forms.model import FormCell, RecognisedForm
from ingest.forms.stitch import stream
from ingest.narrative.model import Claim
from ingest.performance import PerformanceForm
from ingest.performance.words import header_role
from ingest.registry import forms, registry_rows, titled_statements
from ingest.views.language import tr

LOW_CONFIDENCE, LEAST_CONFIDENCE = 0.9, 0.7
"""The confidences below which text that OCR read is shown as doubtful, and as very doubtful."""


Role = tuple[PerformanceForm, str, str]
"""A performance form, its block ``funding``, ``indicator`` or ``total``, and a cell's role in the block."""


class Kind(StrEnum):
    """What a cell is."""

    HEADER = "header"
    CODE = "code"
    NAME = "name"
    AMOUNT = "amount"
    BLANK = "blank amount"
    PART = "part of another figure"
    IGNORED = "ignored"
    PROBLEM = "not placed"
    TEXT = "text"
    NO_FORM = "no form"


KIND_NAMES = {
    Kind.HEADER: "表头", Kind.CODE: "编码", Kind.NAME: "名称", Kind.AMOUNT: "数额", Kind.BLANK: "空数额",
    Kind.PART: "其他数字的一部分", Kind.IGNORED: "不取", Kind.PROBLEM: "未定位", Kind.TEXT: "文字", Kind.NO_FORM: "非报表",
}  # fmt: skip
STATUS_NAMES = {
    "read": "文中数字·已读 figures read",
    "set_aside": "不取 set aside",
    "unread": "未读 unread",
}
_STATUSES = {"read": "read", "set_aside": "set aside", "unread": "unread"}
_TITLE_LINES = 8
"""How many lines above a table are searched for its title."""
_COLUMN_KINDS = {
    "code": Kind.CODE, "economic": Kind.CODE, "name": Kind.NAME, "project": Kind.NAME, "unit": Kind.NAME,
    "by": Kind.NAME, "label": Kind.NAME, "government": Kind.CODE, "amount": Kind.AMOUNT, "rate": Kind.AMOUNT, "skip": Kind.IGNORED, "unknown": Kind.PROBLEM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is, with a detail: its role in a performance form, or why it was not placed."""

    kind: Kind
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a table: its place in the table's grid, what it holds, the meanings of its header."""

    col: int
    kind: Kind
    meanings: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class SeenPiece:
    """A run of a table's rows that belong together: to a form, to performance forms, or to no form (``reason``)."""

    table: Table
    cells: list[Cell]
    form: RecognisedForm | None = None
    is_first: bool = True
    performance: list[PerformanceForm] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    columns: list[SeenColumn] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """The columns of cells whose column differs from their printed position because merged cells count once."""
    line_codes: dict[tuple[int, str | None], str] = field(default_factory=dict)
    """(grid row, side) -> the row of the form that the registry knows there."""
    reason: str | None = None

    def col(self, cell: Cell) -> int:
        """The column of a cell."""
        return self.places.get(cell.ref, cell.col)

    def title(self) -> str:
        """What the piece belongs to, in one line."""
        if self.performance:
            return " · ".join(performance_title(form) for form in self.performance)
        if self.form is None:
            return tr("no form: {why}", why=self.reason)
        form, going_on = self.form, "" if self.is_first else tr(" (continued)")
        unit = form.unit_text or tr("no unit printed")
        score = tr("score {score}", score=form.score)
        return f"{form.form_no} {form_name(form.statement_code)}{going_on} · {unit} · {score}"


@dataclass(frozen=True, slots=True)
class SeenFigure:
    """A figure of a paragraph and where its text stands in it."""

    start: int
    end: int
    claim: Claim


@dataclass(slots=True)
class SeenParagraph:
    """A paragraph, its sentences that hold figures, as (start, end, status), and the figures."""

    paragraph: Paragraph
    sentences: list[tuple[int, int, str]] = field(default_factory=list)
    figures: list[SeenFigure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinePart:
    """The part of a printed line that a stretch of a paragraph fills, as positions in the line without its spaces."""

    line: TextLine
    text: str
    start: int
    end: int


@cache
def _names() -> dict[str, str]:
    return {row["statement_code"]: row["name_zh"] for row in registry_rows("forms")}


def form_name(statement_code: str) -> str:
    """A form's Chinese name and its code."""
    return f"{_names()[statement_code]} {statement_code}"


def performance_title(form: PerformanceForm) -> str:
    """A performance form in one line: its number, kind, project or unit, what was read and what went wrong."""
    whose = f" {form.project_no} {form.project_name or tr('(no name)')}" if form.scope == "project" else ""
    read = tr(
        "{funding} funding lines, {indicators} indicators",
        funding=len(form.funding),
        indicators=len(form.indicators),
    )
    problem = f" · {form.problem}" if form.problem else ""
    return f"{form.form_no} {form_name(form.statement_code)} ({form.kind}){whose} · {read}{problem}"


def kind_name(kind: Kind) -> str:
    """What a cell is, in a word."""
    return tr(kind.value)


def status_name(status: str) -> str:
    """The status of a figure in a word."""
    return tr(_STATUSES[status])


def claim_says(claim: Claim) -> str:
    """What a figure of the prose was read as, in one line; for a figure that was not read, the reason."""
    if claim.status != "read":
        return f"{status_name(claim.status)}: {claim.reason_code or tr('no reason')}"
    name = claim.item_name or claim.section_name or claim.class_name or claim.economic_name
    told = (
        claim.project_name if claim.fact in ("project_budget", "project_funding") else None,
        claim.part_name,
        claim.function_code_text or name,
        claim.subject_code if claim.subject_code != claim.function_code_text else None,
        claim.fund_code,
        claim.basis,
        claim.ratio,
        claim.amount_column,
    )
    return f"{claim.fact or tr('unknown')}: " + " · ".join(text for text in told if text)


def see_tables(extraction: Extraction) -> Iterator[SeenPiece]:
    """The pieces of a document's tables in printed order, each with the form that it belongs to, or why to none."""
    owners = {
        ref: (form, number)
        for form in extraction.forms
        for number, refs in enumerate(form.piece_refs)
        for ref in refs
    }
    cells = {cell.source_ref: cell for form in extraction.forms for cell in form.cells if cell.source_ref}
    roles = _performance_roles(extraction.performance)
    above: list[TextLine] = []
    printed = Counter(running_text(line.text, line.page_no) for line in extraction.document.lines())
    for part in stream(extraction.document, printed):
        if isinstance(part, TextLine):
            above.append(part)
            continue
        yield _see_piece(part, owners, cells, roles, above)
        above = []


def _see_piece(
    piece: Piece,
    owners: dict[str, tuple[RecognisedForm, int]],
    form_cells: dict[str, FormCell],
    roles: dict[str, Role],
    above: list[TextLine],
) -> SeenPiece:
    printed = [cell for row in (*piece.header, *piece.body) for cell in row.distinct()]
    refs = {cell.ref for cell in printed}
    owner = next((owners[cell.ref] for cell in printed if cell.ref in owners), None)
    rows = {cell.row for cell in printed}
    own = [cell for cell in piece.table.cells if cell.row in rows]
    seen = SeenPiece(piece.table, own, owner[0] if owner else None, owner is None or owner[1] == 0)
    numbers = {roles[ref][0].form_no: roles[ref][0] for ref in refs if ref in roles}
    seen.performance = [numbers[number] for number in sorted(numbers)]
    header = {cell.ref for row in piece.header for cell in row.cells if cell}
    if seen.performance or (seen.form and forms()[seen.form.statement_code].layout == "performance"):
        _mark_performance(seen, roles)
    elif seen.form:
        seen.places = _places(piece, form_cells)
        _mark_form(seen, header, form_cells)
    else:
        seen.reason = _reason(above)
        seen.marks = {cell.ref: Mark(Kind.NO_FORM) for cell in own}
    return seen


def _reason(above: list[TextLine]) -> str:
    """Why a table is not a form, as far as the lines above it show."""
    for line in above[: -_TITLE_LINES - 1 : -1]:
        statements = titled_statements(line.text)
        if statements and statements[0]:
            return tr("it does not fit the title above it, {title}", title=_title(line.text))
        if statements:
            return tr("its title names another kind of table, {title}", title=_title(line.text))
    return tr("no title above it that the registry knows")


def _title(text: str) -> str:
    return squeeze(text).rstrip("….·0123456789")


def _places(piece: Piece, form_cells: dict[str, FormCell]) -> dict[str, int]:
    places: dict[str, int] = {}
    for row in (*piece.header, *piece.body):
        for col, cell in enumerate(row.cells):
            if cell:
                places.setdefault(cell.ref, col)
    if piece.table.is_ragged:
        places |= {
            cell.ref: form_cells[cell.ref].col_no for cell in piece.table.cells if cell.ref in form_cells
        }
    return places


def _mark_form(seen: SeenPiece, header: set[str], form_cells: dict[str, FormCell]) -> None:
    form, table = seen.form, seen.table
    if form is None:
        return
    columns = _columns_by_grid(seen, form, form_cells)
    for cell in seen.cells:
        read = form_cells.get(cell.ref)
        if cell.ref in header:
            seen.marks[cell.ref] = Mark(Kind.HEADER)
        elif read:
            seen.marks[cell.ref] = _mark_amount(read)
            if read.line_code and read.line_code != "outside":
                seen.line_codes[cell.row, read.side] = read.line_code
        else:
            seen.marks[cell.ref] = _mark_other(cell, columns.get(seen.col(cell)))
    seen.columns = [
        SeenColumn(
            col,
            _COLUMN_KINDS[column.kind],
            tuple((word, column.words[word]) for word in (*MEANINGS, "neutral") if word in column.words),
        )
        for col, column in sorted(columns.items())
        if col < table.col_count
    ]


def _columns_by_grid(
    seen: SeenPiece, form: RecognisedForm, form_cells: dict[str, FormCell]
) -> dict[int, Column]:
    """The form's columns at their places in this table, which may have fewer or more columns than on another page."""
    by_index = {column.index: column for column in form.columns}
    found = {
        seen.col(cell): by_index[form_cells[cell.ref].col_no]
        for cell in seen.cells
        if cell.ref in form_cells and form_cells[cell.ref].col_no in by_index
    }
    if seen.table.col_count == len(form.columns) and all(col == each.index for col, each in found.items()):
        return by_index
    return found


def _mark_amount(read: FormCell) -> Mark:
    text = fold(read.cell_text)
    if not any(char.isalnum() for char in text):
        return Mark(Kind.BLANK)
    if read.problem or not is_amount(text):
        return Mark(Kind.PROBLEM, read.problem or "no_amount")
    if read.line_code == "outside" or "outside" in read.words.values():
        return Mark(Kind.PART)
    return Mark(Kind.AMOUNT, read.line_code)


def _mark_other(cell: Cell, column: Column | None) -> Mark:
    if not cell.text.strip():
        return Mark(Kind.TEXT)
    if CODE.match(fold(cell.text)):
        return Mark(Kind.CODE)
    kind = _COLUMN_KINDS[column.kind] if column else Kind.NAME
    if kind is Kind.IGNORED or kind is Kind.CODE:
        return Mark(kind)
    if is_amount(cell.text) and kind is not Kind.NAME:
        return Mark(Kind.PROBLEM, "not_read")
    return Mark(Kind.NAME)


def _performance_roles(found: Iterable[PerformanceForm]) -> dict[str, Role]:
    """Each cell from which a performance form was read -> the form, the cell's block and its role there."""
    roles: dict[str, Role] = {}
    for form in found:
        for block, rows in (("funding", form.funding), ("indicator", form.indicators)):
            for row in rows:
                roles |= {joined.ref: (form, block, role) for role, joined in row.cells.items()}
        for joined, role in ((form.total_weight, "total_weight"), (form.total_score, "total_score")):
            if joined:
                roles[joined.ref] = form, "total", role
    return roles


def _mark_performance(seen: SeenPiece, roles: dict[str, Role]) -> None:
    """Cells by their role; on the left of them, in the same row, stand the labels and the levels."""
    first: dict[int, int] = {}
    columns: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    for cell in seen.cells:
        if cell.ref in roles:
            first[cell.row] = min(cell.col, first.get(cell.row, cell.col))
            columns[cell.col][roles[cell.ref][1:]] = None
    for cell in seen.cells:
        if cell.ref in roles:
            role = roles[cell.ref][2]
            seen.marks[cell.ref] = Mark(Kind.NAME if role == "name" else Kind.AMOUNT, role)
        elif cell.row not in first and any(
            header_role(place, cell.text) for place in ("indicator", "funding")
        ):
            seen.marks[cell.ref] = Mark(Kind.HEADER)
        else:
            rows = range(cell.row, cell.row + cell.row_span)
            is_label = cell.text.strip() and any(cell.col < first.get(row, 0) for row in rows)
            seen.marks[cell.ref] = Mark(Kind.NAME if is_label else Kind.TEXT)
    seen.columns = [
        SeenColumn(col, Kind.AMOUNT, tuple(each for each in roles_there if each[0] != "total"))
        for col, roles_there in sorted(columns.items())
    ]


def see_prose(extraction: Extraction) -> list[SeenParagraph]:
    """Every paragraph with its sentences and figures at their places in its text."""
    seen = [SeenParagraph(paragraph) for paragraph in extraction.paragraphs]
    by_sentence: dict[tuple[int, str], list[Claim]] = defaultdict(list)
    for claim in extraction.claims:
        by_sentence[claim.paragraph_no, claim.source_ref].append(claim)
    for (number, _), claims in by_sentence.items():
        each = seen[number - 1]
        start = each.paragraph.text.find(claims[0].sentence, each.sentences[-1][1] if each.sentences else 0)
        if start < 0:
            continue
        statuses = {claim.status for claim in claims}
        status = next(known for known in ("read", "unread", "set_aside") if known in statuses)
        each.sentences.append((start, start + len(claims[0].sentence), status))
        each.figures.extend(_find_figures(claims, start))
    return seen


def _find_figures(claims: list[Claim], offset: int) -> Iterator[SeenFigure]:
    """The figures of a sentence at their places; the same figure printed twice is found twice."""
    sentence, taken = fold_in_place(claims[0].sentence), set[int]()
    for claim in claims:
        number = rf"(?<![\d.]){re.escape(claim.figure_text)}(?![\d.])"
        with_unit = rf"{number}\s*{re.escape(claim.unit_text)}"
        for found in (*re.finditer(with_unit, sentence), *re.finditer(number, sentence)):
            if found.start() not in taken:
                taken.add(found.start())
                yield SeenFigure(offset + found.start(), offset + found.end(), claim)
                break


def place_on_lines(document: Document, paragraphs: list[Paragraph]) -> list[list[tuple[int, LinePart]]]:
    """For each paragraph the printed lines that it was put together from, as (offset in its text, part of a line)."""
    lines = list(document.lines())
    at_ref = {line.ref: number for number, line in enumerate(lines)}
    return [list(_line_parts(lines, at_ref[each.ref], each.text)) for each in paragraphs]


def _line_parts(lines: list[TextLine], number: int, text: str) -> Iterator[tuple[int, LinePart]]:
    done = 0
    while done < len(text) and number < len(lines):
        line, number = lines[number], number + 1
        printed = squeeze(line.text)
        if not printed or PAGE_NUMBER.match(fold(printed)):
            continue
        rest = text[done:]
        start = next((at for at in range(len(printed)) if _begins(rest, printed[at:])), None)
        if start is None:
            return
        length = min(len(printed) - start, len(rest))
        yield done, LinePart(line, printed, start, start + length)
        done += length


def _begins(rest: str, printed: str) -> bool:
    return rest.startswith(printed) or printed.startswith(rest)

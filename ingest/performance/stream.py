"""Document -> the rows of each performance form. Titles and first rows separate the forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.document.model import Document, Table, TextLine
from ingest.document.text import PAGE_NUMBER, fold, is_amount, printed_unit, running_text, squeeze
from ingest.forms.cuts import join_cut_rows
from ingest.performance.beside import join_beside
from ingest.performance.model import FormProblem, PrintedCell, PrintedRow
from ingest.performance.words import bare_label, header_role
from ingest.registry import any_of, titled_statements

STATEMENTS = ("overall_performance", "project_performance")
_RULE = re.compile(r"[-—–_=+|:]{2,}")
_MARKUP = re.compile(r"</?(?:del|s|i|b|p|sup|sub|u)>")
_PROJECT_LABEL = re.compile(any_of("performance.project_label"))
_ATTACHED = re.compile(r"^附(?:件|表)?\s*+(?:\d{1,2}\s*+)?[:：]")
_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）])"
)
_REFERENCE = re.compile(any_of("form.pointer"))
_FORM_WORD = re.compile(any_of("performance.form_word"))
_PROJECT_TITLE = re.compile(any_of("performance.project_title"))
_LONGEST_TITLE_END = 20
_LONGEST_STRAY_LINE = 30
_UNIT_LINE = re.compile(
    rf"\s*+(?:{any_of('performance.unit_label')})(?:[(（][^()（）]{{0,12}}[)）])?\s*+[:：]\s*+([^\s:：]{{4,40}})(?=\s|$)"
)
_LEAST_ROLES = 2
"""Columns with different roles that a header of indicators has at least."""
_MOST_HEAD_ROWS = 60
_MOST_HEAD_PARTS = 5


@dataclass(slots=True)
class Segment:
    """The rows that belong to one form, and the title above them."""

    title: str | None
    statement_code: str | None
    source_ref: str
    page_no: int | None
    unit_text: str | None = None
    unit_line: str | None = None
    project_name: str | None = None
    rows: list[PrintedRow] = field(default_factory=list)
    has_project: bool = False
    has_indicators: bool = False
    is_closed: bool = False
    is_interrupted: bool = False
    has_cut_row: bool = False
    is_listed: bool = False
    listed_unit: str | None = None
    doubt: FormProblem | None = None


def find_segments(document: Document) -> list[Segment]:
    """The document's performance forms in printed order, as rows.

    A form begins with its title, with a row that names a project, or, where both are lost, with the table
    that holds an indicator header. Goals printed as text between its rows do not end it; a heading after
    its indicators does.
    """
    found: list[Segment] = []
    current: Segment | None = None
    unit_text: str | None = None
    printed = Counter(running_text(line.text, line.page_no) for line in document.lines())
    former: TextLine | None = None
    for item in _stream(document):
        if isinstance(item, TextLine):
            title, statements = _title_line(former, item)
            former = item
            if statements:
                current = _titled(found, title, statements[0], item.ref, item.page_no)
                unit_text = None
            else:
                unit_text = printed_unit(item.text) or unit_text
                if current and not current.has_indicators:
                    current.unit_text = unit_text or current.unit_text
                    unit_line = _UNIT_LINE.match(item.text)
                    current.unit_line = unit_line.group(1) if unit_line else current.unit_line
                if current and _ends_form(item, printed, current):
                    current.is_interrupted = not current.is_closed and not _HEADING.match(fold(item.text))
                    current.is_closed = True
            continue
        former = None
        if row_title := _title_row(item):
            current = _titled(found, row_title, _statements(row_title)[0], item.cells[0].ref, item.page_no)
            continue
        current = _placed(item, current, found, unit_text)
    return [segment for segment in found if _is_form(segment)]


def is_project_row(row: PrintedRow) -> bool:
    """Whether a row's first cell is the label of the project's name."""
    return is_project_label(re.split(r"[:：]", fold(row.cells[0].text))[0])


def is_project_label(text: str) -> bool:
    """Whether a text labels the name of a project."""
    return bool(_PROJECT_LABEL.fullmatch(bare_label(text)))


def indicator_roles(row: PrintedRow) -> dict[int, str]:
    """{cell number: role} of a row that heads indicator columns; {} for any other row."""
    roles = {
        number: role
        for number, cell in enumerate(row.cells)
        if (role := header_role(cell.text, "indicator")) is not None
    }
    named = set(roles.values())
    if len(named) < _LEAST_ROLES:
        return {}
    values = {"target", "actual", "weight", "score"} & named
    says_indicator = any("指标" in fold(row.cells[number].text) for number in roles)
    is_header = (len({"level1", "level2", "name"} & named) >= 2 and (values or says_indicator)) or (
        "name" in named and len(values | {"operator", "target_unit"} & named) >= 2
    )
    return roles if is_header and len(roles) * 2 >= len(row.cells) else {}


def _stream(document: Document) -> Iterator[TextLine | PrintedRow]:
    part = 0
    above: set[str] = set()
    for block in join_beside(join_cut_rows(document)):
        if isinstance(block, TextLine):
            above |= {word for word in block.text.split() if is_amount(word) and "." in word}
            yield block
        else:
            part += 1
            for row in _rows(block, part):
                row.amounts_above = frozenset(above)
                yield row
            above = set()


def _rows(table: Table, part: int) -> Iterator[PrintedRow]:
    by_row: dict[int, list[PrintedCell]] = {}
    widths: Counter[int] = Counter()
    for cell in table.cells:
        text = _MARKUP.sub("", cell.text).strip()
        widths[cell.row] += 1
        if text and not _RULE.fullmatch(text):
            by_row.setdefault(cell.row, []).append(
                PrintedCell(text, cell.col, cell.ref, cell.col_span if table.has_spans else 0)
            )
    cut = {cell.row for cell in table.cells if cell.is_cut}
    for row in sorted(by_row):
        width = table.col_count if table.has_spans else widths[row]
        cells = sorted(by_row[row], key=lambda cell: cell.col)
        yield PrintedRow(cells, width, part, table.page_no, row in cut, _blank(table, row))


def _blank(table: Table, row: int) -> frozenset[int]:
    """The columns at which a row holds nothing: no cell, or an empty one that begins there."""
    if not table.has_spans:
        return frozenset()
    return frozenset(
        col
        for col, cell in enumerate(table.grid[row])
        if cell is None or (cell.row == row and not cell.text.strip())
    )


def _title_line(former: TextLine | None, line: TextLine) -> tuple[str, tuple[str, ...]]:
    """A line's text and the statements whose title it may be; the end of a long title stands below its beginning."""
    statements = _statements(line.text)
    is_end = statements in ((), ("",)) and len(fold(line.text)) <= _LONGEST_TITLE_END
    if former and is_end and former.page_no == line.page_no and not _statements(former.text):
        whole = former.text.strip() + line.text.strip()
        if _statements(whole)[:1] not in ((), ("",)):
            return whole, _statements(whole)
    return line.text, statements


def _title_row(row: PrintedRow) -> str | None:
    """A title printed as a row of the table."""
    if len(row.cells) > 1:
        return None
    text = squeeze(row.cells[0].text)
    return text if _statements(text)[:1] not in ((), ("",)) else None


def _statements(text: str) -> tuple[str, ...]:
    """The statements whose title a text may be; () for a pointer to a form elsewhere (详见…表)."""
    if _REFERENCE.match(fold(text)):
        return ()
    statements = titled_statements(_ATTACHED.sub("", text.strip()))
    return (
        ("project_performance",) if statements == ("",) and _PROJECT_TITLE.search(fold(text)) else statements
    )


def _titled(
    found: list[Segment], text: str, statement_code: str, ref: str, page_no: int | None
) -> Segment | None:
    if statement_code not in STATEMENTS:
        return None
    if found and not found[-1].rows and found[-1].title:
        found.pop()
    found.append(Segment(squeeze(text), statement_code, ref, page_no))
    return found[-1]


def _placed(
    row: PrintedRow, current: Segment | None, found: list[Segment], unit_text: str | None
) -> Segment | None:
    """Put a row into its form. Returns the form that is open after it."""
    is_header = bool(indicator_roles(row))
    if is_header and current and current.is_closed and current.is_interrupted and _repeats_head(row, current):
        current.is_closed = False
    names_project = is_project_row(row) and not is_header
    starts_new = names_project and (current is None or current.has_project or current.has_indicators)
    if starts_new or (is_header and (current is None or current.is_closed)):
        current = Segment(None, None, row.cells[0].ref, row.page_no, unit_text)
        found.append(current)
    if current is None or current.is_closed:
        return current
    if row.is_cut:
        current.has_cut_row = True
        return current
    if is_header and not current.has_indicators:
        current.rows = [
            each for each in current.rows[-_MOST_HEAD_ROWS:] if row.part - each.part <= _MOST_HEAD_PARTS
        ]
    current.has_project |= names_project
    current.has_indicators |= is_header
    current.rows.append(row)
    return current


def _repeats_head(row: PrintedRow, current: Segment) -> bool:
    """Whether a header begins a run of rows and heads what the form's own header heads: the form goes on below it."""
    own = next((each for each in current.rows if indicator_roles(each)), None)
    is_first = not current.rows or row.part != current.rows[-1].part
    return (
        is_first
        and own is not None
        and list(indicator_roles(own).values()) == list(indicator_roles(row).values())
    )


def _is_form(segment: Segment) -> bool:
    """Whether the rows below a title, or a project's name, are those of a performance form."""
    if segment.has_indicators:
        return True
    words = (cell.text for row in segment.rows[:_MOST_HEAD_ROWS] for cell in row.cells)
    return segment.title is not None and any(_FORM_WORD.search(fold(word)) for word in words)


def _ends_form(line: TextLine, printed: Counter[str], current: Segment) -> bool:
    """Whether a line of text ends the open form: a heading or a sentence, once its indicators have begun."""
    folded = fold(line.text)
    if not current.has_indicators or PAGE_NUMBER.match(folded):
        return False
    is_furniture = line.page_no is not None and printed[running_text(line.text, line.page_no)] > 1
    return bool(_HEADING.match(folded)) or (len(folded) > _LONGEST_STRAY_LINE and not is_furniture)

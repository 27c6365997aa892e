"""Text as converters leave it -> Document. Knows tabs, pipes, commas and markup; nothing about budgets.

The ways in which programs print a table are known: the cells of a row separated by tabs; one cell per line, prefixed
with a tab, with a blank line between rows; Markdown pipes; drawn lines; columns that blanks align; and a whole file of
values separated by commas. HTML tables are read as HTML. Headings and emphasis lose their markup.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.text import is_amount
from ingest.readers.bounds import check_cells
from ingest.readers.plain.charset import decode
from ingest.readers.plain.drawn import aligned_tables, undrawn
from ingest.readers.web.html import read_html, shown_text

MEDIA_TYPE = "text/plain"
CSV_TYPE = "text/csv"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|p|em|strong|sub|sup|span|font)\b[^<>]*>|<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\*)\*\*(?!\*)|__")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_RULE = re.compile(r"^[\s|:\-—=+]+$")
_DASHES = re.compile(r"\s*+\|?(?:\s*+:?-++:?\s*+\|)++(?:\s*+:?-++:?\s*+)?\s*+")
_PIPE = re.compile(r"(?<!\\)\|")
_TABLE_TAG = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_OPEN_QUOTE = re.compile(r'(?:^|\t)"(?:[^"\t]|"")*$')
_CLOSE_QUOTE = re.compile(r'^(?:[^"\t]|"")*"(?:\t(?!.*(?:^|\t)"(?:[^"\t]|"")*$)|$)')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_THOUSANDS = re.compile(r"\d{3}(?:\.\d+)?")
"""What follows a comma within a number; the head of a table has no such figure."""
_MOST_QUOTED_LINES = 6
_DELIMITERS = {",": 3, ";": 2}
"""The separators of values, each with the minimum number of columns of a table: commas also occur within numbers."""
_LEAST_ROWS = 3
_SAME_WIDTH = 0.95
_RAGGED_WIDTH = 0.5
"""The share of lines with separators that must have the same number of them for the file to be a table; the lower share
is for rows that may end early."""


def read_text(data: bytes) -> Document:
    """Lines and tables of a text file in reading order.

    Raises DocumentError: TEXT_UNDECODABLE or CONTENT_TOO_LARGE.
    """
    text = decode(data)
    blocks = next(filter(None, (_read_values(text, delimiter) for delimiter in _DELIMITERS)), None)
    media_type = CSV_TYPE if blocks else MEDIA_TYPE
    if blocks:
        printed = [each for row in csv.reader(io.StringIO(text)) for each in row]
    else:
        blocks, printed = [], []
        end, line_no = 0, 1
        for start, stop in _html_tables(text):
            blocks.extend(_read_lines(text[end:start], line_no))
            line_no += text.count("\n", end, start)
            blocks.extend(read_html(text[start:stop], line_no))
            printed.extend((text[end:start], shown_text(text[start:stop])))
            line_no += text.count("\n", start, stop)
            end = stop
        blocks.extend(_read_lines(text[end:], line_no))
        printed.append(text[end:])
    return Document(media_type, blocks, printed={None: "\n".join(printed)})


def _html_tables(text: str) -> Iterator[tuple[int, int]]:
    """The beginning and end of each HTML table in a text, including the tables inside it."""
    depth = start = 0
    for tag in _TABLE_TAG.finditer(text):
        if not tag.group(1):
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, tag.end()
    if depth:
        yield start, len(text)


def _read_values(text: str, delimiter: str) -> list[Block] | None:
    """The rows of a file that is a table of separated values; None where it is something else."""
    if delimiter not in text or "\t" in text:
        return None
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[TabbedRow] = []
    line_no = 1
    try:
        for texts in reader:
            rows.append(TabbedRow(texts, line_no))
            line_no = reader.line_num + 1
    except csv.Error:
        return None
    widths = Counter(len(row.texts) for row in rows if len(row.texts) > 1)
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    if _are_sentences(rows):
        return None
    share = _RAGGED_WIDTH if _may_end_early(rows, width) else _SAME_WIDTH
    if width < _DELIMITERS[delimiter] or count < max(_LEAST_ROWS, share * widths.total(), len(rows) / 2):
        return None
    head = next(row.texts for row in rows if len(row.texts) == width)
    if any(_THOUSANDS.fullmatch(text) for text in head):
        return None
    blocks: list[Block] = []
    run: list[TabbedRow] = []
    for row in rows:
        row.texts = [_plain(each) for each in row.texts]
        if len(row.texts) > 1:
            run.append(row)
        elif row.texts and row.texts[0]:
            blocks.extend([_table(run, "L")] if run else [])
            blocks.append(TextLine(row.texts[0], ref=f"L{row.line_no}", line_no=row.line_no))
            run = []
    return [*blocks, *([_table(run, "L")] if run else [])]


def _may_end_early(rows: list[TabbedRow], width: int) -> bool:
    """Whether rows with fewer values lack their last ones: the first row is a head of ``width`` values and no row is wider,
    no row ends like a sentence, and no separator is within a number."""
    split = [row.texts for row in rows if len(row.texts) > 1]
    return len(split[0]) == max(map(len, split)) == width and not any(
        texts[-1].endswith("。") or _may_be_numbers(texts) for texts in split
    )


def _are_sentences(rows: list[TabbedRow]) -> bool:
    """Whether most of the rows with separators end like sentences: what is separated are their clauses."""
    ends = [row.texts[-1].rstrip().endswith("。") for row in rows if len(row.texts) > 1]
    return 2 * sum(ends) > len(ends)


def _may_be_numbers(texts: list[str]) -> bool:
    """Whether a number with a comma may have been taken for two values."""
    return any(left[-1:].isdigit() and _THOUSANDS.match(right) for left, right in pairwise(texts))


def _read_lines(text: str, first_line: int) -> list[Block]:
    blocks: list[Block] = []
    run: list[TabbedRow] = []
    blank_since_row = 0
    lines = list(undrawn(list(_whole_lines(text, first_line))))
    piped = _piped(lines)
    aligned = aligned_tables(_pages(lines, text, first_line), _plain)
    read_to = 0
    for number, (line_no, line) in enumerate(lines):
        if line_no in aligned:
            blocks.extend(tabbed_tables(run) if run else [])
            run = []
            read_to, table = aligned[line_no]
            blocks.append(table)
        if line_no <= read_to:
            continue
        row = _as_row(line, line_no, number in piped)
        if row:
            run.append(row)
            row.after_blank = blank_since_row > 0
            blank_since_row = 0
        elif not line.strip():
            blank_since_row += 1
        elif not (_is_pipe_rule(line) or (run and number in piped)):
            if run:
                blocks.extend(tabbed_tables(run))
                run = []
            plain = _plain(line)
            if plain:
                blocks.append(TextLine(plain, ref=f"L{line_no}", line_no=line_no))
            blank_since_row = 0
    if run:
        blocks.extend(tabbed_tables(run))
    return blocks


def _pages(lines: list[tuple[int, str]], text: str, first_line: int) -> Iterator[list[tuple[int, str]]]:
    """The lines page by page: a page ends where a line ends with a form feed."""
    ends = {
        number
        for number, line in enumerate(text.splitlines(keepends=True), start=first_line)
        if line.endswith("\x0c")
    }
    page: list[tuple[int, str]] = []
    for line in lines:
        page.append(line)
        if line[0] in ends:
            yield page
            page = []
    yield page


def _piped(lines: list[tuple[int, str]]) -> set[int]:
    """The rows of Markdown tables without outer pipes, recognised by the rule below their head, and the rule itself."""
    found: set[int] = set()
    for number, (_, line) in enumerate(lines):
        if number in found:
            continue
        if number and "-" in line and _DASHES.fullmatch(line) and _PIPE.search(lines[number - 1][1]):
            stop = number + 1
            while stop < len(lines) and _PIPE.search(lines[stop][1]):
                stop += 1
            found.update(range(number - 1, stop))
    return found | _closed_by_pipes(lines)


def _closed_by_pipes(lines: list[tuple[int, str]]) -> set[int]:
    """The rows of tables whose rows end with a pipe and do not begin with one, without a rule below their head: at least three
    lines with the same number of cells, some of them with a number behind the first."""
    found: set[int] = set()
    rows = [_cells_before_pipes(line) for _, line in lines]
    for width, run in groupby(range(len(lines)), key=lambda number: len(rows[number])):
        numbers = list(run)
        with_numbers = [each for each in numbers if any(is_amount(cell) for cell in rows[each][1:])]
        if width > 1 and len(numbers) >= _LEAST_ROWS and len(with_numbers) > 1:
            found.update(numbers)
    return found


def _cells_before_pipes(line: str) -> list[str]:
    """The cells of a line that ends with a pipe and does not begin with one; [] for another line."""
    bare = line.strip()
    is_row = bare.endswith("|") and not bare.endswith("\\|") and not bare.startswith("|")
    return [cell.strip() for cell in _PIPE.split(bare)[:-1]] if is_row else []


def _whole_lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a row whose quoted cell contains line breaks is one line."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        if "\t" in line and _OPEN_QUOTE.search(line):
            for stop in range(number, min(number + _MOST_QUOTED_LINES, len(lines))):
                if _CLOSE_QUOTE.search(lines[stop]):
                    line = "\r".join(lines[start : stop + 1])
                    number = stop + 1
                    break
        yield start + first_line, line


@dataclass(slots=True)
class TabbedRow:
    """One line of cells; ``after_blank``: a blank line is above it."""

    texts: list[str]
    line_no: int
    after_blank: bool = False


def _as_row(line: str, line_no: int, is_piped: bool) -> TabbedRow | None:
    if "\t" in line:
        return TabbedRow([_plain(text) for text in line.split("\t")], line_no)
    bare = line.strip()
    if _is_pipe_rule(line) or (is_piped and _DASHES.fullmatch(line)):
        return None
    if is_piped or (bare.startswith("|") and bare.endswith("|") and bare.count("|") >= 2):
        inner = bare.removeprefix("|")
        inner = inner if inner.endswith("\\|") else inner.removesuffix("|")
        texts = (_BREAK.sub("\n", text).replace("\\|", "|") for text in _PIPE.split(inner))
        return TabbedRow([_plain(text) for text in texts], line_no)
    return None


def _is_pipe_rule(line: str) -> bool:
    return line.strip().startswith("|") and bool(_RULE.match(line))


def tabbed_tables(run: list[TabbedRow], mark: str = "L") -> list[Table]:
    """The tables of a run of rows: a blank line ends a row where there is one cell per line, else it ends a table.

    Where nearly every row is between blank lines, these end nothing. Each cell's place begins with ``mark``.
    """
    groups: list[list[TabbedRow]] = []
    for row in run:
        if row.after_blank or not groups:
            groups.append([])
        groups[-1].append(row)
    if _is_one_cell_a_line(groups):
        check_cells(len(groups) * max(len(group) for group in groups))
        cells = [
            Cell(row.texts[1], row_no, col_no, ref=f"{mark}{row.line_no}c1", line_no=row.line_no)
            for row_no, group in enumerate(groups)
            for col_no, row in enumerate(group)
        ]
        return [Table(cells, len(groups), max(len(group) for group in groups), is_ragged=True)]
    if sum(1 for group in groups if len(group) == 1) * 5 >= len(groups) * 4:
        return [_table(run, mark)]
    return [_table(group, mark) for group in groups]


def _table(rows: list[TabbedRow], mark: str) -> Table:
    width = max(len(row.texts) for row in rows)
    check_cells(len(rows) * width)
    cells = [
        Cell(text, row_no, col_no, ref=f"{mark}{row.line_no}c{col_no + 1}", line_no=row.line_no)
        for row_no, row in enumerate(rows)
        for col_no, text in enumerate(row.texts)
    ]
    return Table(cells, len(rows), width)


def _is_one_cell_a_line(groups: list[list[TabbedRow]]) -> bool:
    """Whether every line holds one cell prefixed with a tab, and some row has more than one line."""
    if not all(len(row.texts) == 2 and not row.texts[0] for group in groups for row in group):
        return False
    return any(len(group) > 1 for group in groups)


def _plain(text: str) -> str:
    bare = html.unescape(_EMPHASIS.sub("", _TAG.sub("", _HEADING.sub("", text)))).strip()
    quoted = _QUOTED.fullmatch(bare)
    return quoted.group(1).replace('""', '"').strip() if quoted else bare

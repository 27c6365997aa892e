"""Text as converters leave it -> Document. Knows encodings, tabs and markup; nothing about budgets.

Three ways in which converters print a table are known: cells of a row separated by tabs; one cell a line,
led by a tab, with a blank line between rows; and Markdown pipes; HTML tables are read as HTML. Headings and
emphasis lose their markup.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import Block, Cell, Document, Table, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.html import read_html

MEDIA_TYPE = "text/plain"
HTML_TYPE = "text/html"
_TAG = re.compile(r"</?(?:b|i|u|p|em|strong|sub|sup|span|font)\b[^<>]*>|<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_RULE = re.compile(r"^[\s|:\-—=+]+$")
_HTML_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html)\b", re.IGNORECASE)
_HTML_TABLE = re.compile(r"<table\b.*?(?:</table\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_OPEN_QUOTE = re.compile(r'(?:^|\t)"(?:[^"\t]|"")*$')
_CLOSE_QUOTE = re.compile(r'^(?:[^"\t]|"")*"(?:\t(?!.*(?:^|\t)"(?:[^"\t]|"")*$)|$)')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_MOST_QUOTED_LINES = 6
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read_text(data: bytes) -> Document:
    """Lines and tables of a text file in reading order.

    Raises DocumentError: TEXT_UNDECODABLE where the bytes are no UTF-8, UTF-16 or GB18030 text.
    """
    text = decode(data)
    if _HTML_PAGE.match(text):
        return Document(HTML_TYPE, read_html(text))
    blocks: list[Block] = []
    end = 0
    for found in _HTML_TABLE.finditer(text):
        blocks.extend(_read_lines(text[end : found.start()], text.count("\n", 0, end) + 1))
        blocks.extend(read_html(found.group(), text.count("\n", 0, found.start()) + 1))
        end = found.end()
    blocks.extend(_read_lines(text[end:], text.count("\n", 0, end) + 1))
    return Document(MEDIA_TYPE, blocks)


def _read_lines(text: str, first_line: int) -> list[Block]:
    blocks: list[Block] = []
    run: list[TabbedRow] = []
    blank_since_row = 0
    for line_no, line in _whole_lines(text, first_line):
        row = _as_row(line, line_no)
        if row:
            run.append(row)
            row.after_blank = blank_since_row > 0
            blank_since_row = 0
        elif not line.strip():
            blank_since_row += 1
        elif not (run and _is_pipe_rule(line)):
            if run:
                blocks.extend(tabbed_tables(run))
                run = []
            blocks.append(TextLine(_plain(line), ref=f"L{line_no}", line_no=line_no))
            blank_since_row = 0
    if run:
        blocks.extend(tabbed_tables(run))
    return blocks


def _whole_lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a row whose quoted cell holds line breaks is one line."""
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


def decode(data: bytes) -> str:
    """The text of the bytes: by byte order mark, else strict UTF-8, else UTF-16 by its zero bytes, else GB18030.

    Raises DocumentError(TEXT_UNDECODABLE).
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            candidates = [encoding]
            break
    else:
        candidates = ["utf-8"]
        if b"\x00" in data[:4096]:
            candidates += ["utf-16-le", "utf-16-be"]
        candidates.append("gb18030")
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise DocumentError(Reason.TEXT_UNDECODABLE, "the bytes are no UTF-8, UTF-16 or GB18030 text")


@dataclass(slots=True)
class TabbedRow:
    """One line of cells; ``after_blank`` tells that a blank line stands above it."""

    texts: list[str]
    line_no: int
    after_blank: bool = False


def _as_row(line: str, line_no: int) -> TabbedRow | None:
    if "\t" in line:
        return TabbedRow([_plain(text) for text in line.split("\t")], line_no)
    bare = line.strip()
    if bare.startswith("|") and bare.endswith("|") and bare.count("|") >= 2:
        if _is_pipe_rule(line):
            return None
        return TabbedRow([_plain(text) for text in bare[1:-1].split("|")], line_no)
    return None


def _is_pipe_rule(line: str) -> bool:
    return line.strip().startswith("|") and bool(_RULE.match(line))


def tabbed_tables(run: list[TabbedRow], mark: str = "L") -> list[Table]:
    """The tables of a run of rows: a blank line ends a row where cells stand one a line, else it ends a table.

    Where nearly every row stands between blank lines, they end nothing. ``mark`` leads each cell's place.
    """
    groups: list[list[TabbedRow]] = []
    for row in run:
        if row.after_blank or not groups:
            groups.append([])
        groups[-1].append(row)
    if _is_one_cell_a_line(groups):
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
    cells = [
        Cell(text, row_no, col_no, ref=f"{mark}{row.line_no}c{col_no + 1}", line_no=row.line_no)
        for row_no, row in enumerate(rows)
        for col_no, text in enumerate(row.texts)
    ]
    return Table(cells, len(rows), max(len(row.texts) for row in rows))


def _is_one_cell_a_line(groups: list[list[TabbedRow]]) -> bool:
    """Every line holds one cell led by a tab, and some row has more than one of them."""
    if not all(len(row.texts) == 2 and not row.texts[0] for group in groups for row in group):
        return False
    return any(len(group) > 1 for group in groups)


def _plain(text: str) -> str:
    bare = html.unescape(_EMPHASIS.sub("", _TAG.sub("", _HEADING.sub("", text)))).strip()
    quoted = _QUOTED.fullmatch(bare)
    return quoted.group(1).replace('""', '"').strip() if quoted else bare

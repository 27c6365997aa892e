"""HTML -> lines and tables, by the standard library's parser: whole pages, and the tables that converters leave in text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ingest.model import Block, Cell, Table, TextLine

_LINE_END = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|figcaption|footer|form|h[1-6]|head(?:er)?|hr|html"
    "|li|main|[ou]l|p|pre|section|t(?:able|body|d|foot|h|head|itle|r)"
)
_UNSEEN = frozenset(("script", "style", "template", "noscript", "title"))
_MOST_SPAN = 200


def read_html(text: str, first_line: int = 1) -> list[Block]:
    """The lines and tables of HTML in reading order; merged cells keep their spans.

    ``first_line`` is the number of the text's first line in its file: places are counted from it. A table
    inside a cell is read as that cell's text.
    """
    parser = _Parser(first_line)
    parser.feed(text)
    parser.close()
    parser.finish()
    return parser.blocks


class _Parser(HTMLParser):
    def __init__(self, first_line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._first_line = first_line
        self._text: list[str] = []
        self._line_no = first_line
        self._unseen = 0
        self._depth = 0
        self._rows: list[list[Cell]] = []
        self._is_in_cell = False
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._end_line()
                self._rows = []
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self._rows.append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if not self._rows:
                self._rows.append([])
            values = dict(attrs)
            self._spans = (_span(values.get("rowspan")), _span(values.get("colspan")))
            self._is_in_cell = True
            self._line_no = self._here()
        elif _LINE_END.fullmatch(tag):
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self._end_table()
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif _LINE_END.fullmatch(tag):
            self._break()

    def handle_data(self, data: str) -> None:
        if self._unseen or (self._depth and not self._is_in_cell):
            return
        if not self._depth:
            for number, part in enumerate(data.split("\n")):
                if number:
                    self._end_line()
                if part.strip() and not self._text:
                    self._line_no = self._here() + number
                self._text.append(part)
        else:
            self._text.append(data)

    def finish(self) -> None:
        """Close what the markup left open."""
        if self._depth:
            self._end_table()
        self._end_line()

    def _here(self) -> int:
        return self.getpos()[0] + self._first_line - 1

    def _break(self) -> None:
        if not self._depth:
            self._end_line()
        elif self._is_in_cell and self._text:
            self._text.append("\n")

    def _end_line(self) -> None:
        text = "".join(self._text).strip()
        self._text = []
        if text:
            count = sum(
                1 for block in self.blocks if isinstance(block, TextLine) and block.line_no == self._line_no
            )
            ref = f"L{self._line_no}" + (f"s{count + 1}" if count else "")
            self.blocks.append(TextLine(text, ref=ref, line_no=self._line_no))

    def _end_cell(self) -> None:
        if not self._is_in_cell:
            return
        row_no = len(self._rows) - 1
        taken = {
            (row, col)
            for cells in self._rows
            for cell in cells
            for row in range(cell.row, cell.row + cell.row_span)
            for col in range(cell.col, cell.col + cell.col_span)
            if row == row_no
        }
        col_no = 0
        while (row_no, col_no) in taken:
            col_no += 1
        self._rows[-1].append(
            Cell(
                "".join(self._text).strip(),
                row_no,
                col_no,
                ref=f"L{self._line_no}t{len(self.blocks) + 1}r{row_no + 1}c{col_no + 1}",
                row_span=self._spans[0],
                col_span=self._spans[1],
                line_no=self._line_no,
            )
        )
        self._text = []
        self._is_in_cell = False

    def _end_table(self) -> None:
        self._end_cell()
        self._depth = 0
        cells = [cell for row in self._rows for cell in row]
        if cells:
            col_count = max(cell.col + cell.col_span for cell in cells)
            self.blocks.append(Table(cells, len(self._rows), col_count, has_spans=True))
        self._rows = []


def _span(value: str | None) -> int:
    return min(int(value), _MOST_SPAN) if value and value.strip().isdigit() and int(value) > 0 else 1

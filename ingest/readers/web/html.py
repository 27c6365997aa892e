"""HTML -> lines and tables: web pages, what Word and Excel save, and the tables that converters leave in text.

Markup is read like in a browser, by libxml2's tolerant parser; no style sheet, script, frame or link is followed. A
table may hold the page's layout and not data: its cells are then read one after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.bounds import check_cells
from ingest.readers.page.placed import Piece, PlacedGrid, PlacedLine, arrange
from ingest.readers.plain.charset import decode
from ingest.readers.plain.drawn import aligned_tables
from ingest.readers.web.grids import mark_grids
from ingest.readers.web.placed import Pages, placed_pages

MEDIA_TYPE = "text/html"
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|header|hr|html|legend|li|main|[ou]l|p|pre|section|t(?:able|body|d|foot|h|head|r)"
)
_UNSEEN = re.compile(
    "applet|audio|button|canvas|head|iframe|math|nav|noframes|noscript|object|script|select|style|svg|template"
    "|textarea|title|video|xml"
)
_HEADING = re.compile("h[1-6]")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_PRESERVED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_WRAP = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])[ \t\f]*[\r\n]\s*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])"
)
_BLANK = re.compile(r"[ \t\r\n\f]+")
_CRUMBS = re.compile(r"(?:您?(?:现在|当前)?(?:所在)?的?)?位置\s*[:：]")
_CHARSET = re.compile(rb"<meta\b[^<>]{0,300}?charset\s*=\s*+(?:[\"']\s*+)?([\w\-]{2,20})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^<>]{0,100}?encoding\s*=\s*[\"']([\w\-]{2,20})", re.IGNORECASE)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?![^\s/>])|[a-z][^\s/>]*+)"
    r"(?P<attributes>(?:[^\"'>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?|[\"'])*+)"
    r"(?(raw).*?(?:</(?P=raw)|\Z))",
    re.IGNORECASE | re.DOTALL,
)
"""A comment, or an element's tag with everything up to its end that a browser takes for text."""
_QUOTED_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_ATTRIBUTES_END = re.compile(r"[\s/]+")
_MOST_ATTRIBUTES = 1_000
"""Maximum attributes of an element: the parser's time grows with their square."""
_FILE = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|wps|et|zip|rar|7z)(?:$|[?&])", re.IGNORECASE)
"""What a link to a file of the disclosure ends in: its text says what is attached and is no navigation."""
_HEAD_BYTES = 16_384
_MOST_SPAN = (65_534, 1_000)
"""Maximum rows and columns that a cell may span, as in the HTML standard."""
_DEEPEST = 1_000
_LINKED = 0.8
"""The share of a line's letters inside links from which the line counts as navigation."""


def read_page(data: bytes) -> Document:
    """The lines and tables of a web page's bytes in reading order, without navigation and hidden text.

    Raises DocumentError: TEXT_UNDECODABLE, CONTENT_TOO_LARGE, or NO_CONTENT where the text is in other files.
    """
    text = decode(data, declared_charsets(data))
    blocks = read_html(text)
    if not blocks and re.search(r"<i?frame\b", text, re.IGNORECASE):
        raise DocumentError(Reason.NO_CONTENT, "the page consists of frames, which are separate files")
    return Document(MEDIA_TYPE, blocks, printed={None: shown_text(text)})


def declared_charsets(data: bytes) -> list[str]:
    """The encodings that a page's XML declaration and meta elements name."""
    head = data[:_HEAD_BYTES].replace(b"\x00", b"")
    return [name.decode() for pattern in (_XML_ENCODING, _CHARSET) for name in pattern.findall(head)]


def read_html(text: str, first_line: int = 1) -> list[Block]:
    """The lines and tables of HTML in reading order; merged cells keep their spans.

    ``first_line`` is the number of the text's first line in its file, from which places are counted.

    Raises DocumentError(CONTENT_TOO_LARGE) where there are too many elements or cells.
    """
    root = _parsed(text)
    if root is None:
        return []
    mark_grids(root)
    pages = placed_pages(root, _is_unseen) if "absolute" in text.lower() else {}
    return _Reader(first_line).read(root, pages)


def _check_attributes(text: str) -> None:
    """Raise DocumentError(CONTENT_TOO_LARGE) where an element has more attributes than any page needs."""
    for tag in _TAG.finditer(text):
        attributes = tag["attributes"] or ""
        if len(attributes) > 2 * _MOST_ATTRIBUTES:
            count = len(_ATTRIBUTES_END.split(_QUOTED_VALUE.sub(" ", attributes).strip()))
            if count > _MOST_ATTRIBUTES:
                why = f"an element has more than {_MOST_ATTRIBUTES} attributes"
                raise DocumentError(Reason.CONTENT_TOO_LARGE, why)


def shown_text(text: str) -> str:
    """The text that HTML shows, in the order of the markup, with a line per element that begins one."""
    root = _parsed(text)
    if root is None:
        return ""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        is_unseen = _is_unseen(element)
        if event == "start" and is_unseen:
            walk.skip_subtree()
        elif _BLOCK.fullmatch(element.tag):
            parts.append("\n")
        parts.append((element.tail if event == "end" else None if is_unseen else element.text) or "")
    return "".join(parts)


def _parsed(text: str) -> etree._Element | None:
    _check_attributes(text)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


@dataclass(slots=True)
class _Line:
    text: str
    line_no: int
    is_navigation: bool


@dataclass(slots=True)
class _Grid:
    """A data table: its placed cells as (row, column, row span, column span, text, line).

    ``printed_cols`` is the number of columns in which something printed begins.
    """

    cells: list[tuple[int, int, int, int, str, int]]
    row_count: int
    col_count: int
    printed_cols: int

    def text(self) -> str:
        return " ".join(cell[4] for cell in self.cells if cell[4])


_Item = _Line | _Grid


@dataclass(slots=True)
class _Cell:
    items: list[_Item]
    row_span: int
    col_span: int
    line_no: int

    def text(self) -> str:
        texts = (item.text if isinstance(item, _Line) else item.text() for item in self.items)
        return "\n".join(text for text in texts if text)


@dataclass(slots=True)
class _Row:
    group: int
    cells: list[_Cell] = field(default_factory=list)


class _Flow:
    """Continuous text that is being read: of a page, a cell or a caption."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._parts: list[str] = []
        self._line_no = 0
        self._letters = [0, 0]

    def add(self, text: str, line_no: int, is_linked: bool) -> None:
        if text.strip() and not any(part.strip() for part in self._parts):
            self._line_no = line_no
        self._parts.append(text)
        self._letters[is_linked] += sum(1 for char in text if char.isalnum())

    def end_line(self, keeps_links: bool = False) -> None:
        if not self._parts:
            return
        text = _BLANK.sub(" ", _WRAP.sub("", "".join(self._parts))).strip()
        if text:
            plain, linked = self._letters
            is_navigation = linked > 0 and linked >= _LINKED * (plain + linked)
            is_navigation = not keeps_links and (is_navigation or bool(_CRUMBS.match(text)))
            self.items.append(_Line(text, self._line_no, is_navigation))
        self._parts = []
        self._letters = [0, 0]


class _Frame:
    """A table that is being read. ``before`` collects the caption and text in the table outside cells."""

    def __init__(self, is_layout: bool) -> None:
        self.before = _Flow()
        self.rows: list[_Row] = []
        self._is_layout = is_layout
        self._group = 0
        self._is_open = False

    def start_group(self) -> None:
        self._group += 1
        self._is_open = False

    def start_row(self) -> None:
        self.rows.append(_Row(self._group))
        self._is_open = True

    def end_row(self) -> None:
        self._is_open = False

    def add(self, cell: _Cell) -> None:
        if not self._is_open:
            self.start_row()
        self.rows[-1].cells.append(cell)

    def items(self) -> list[_Item]:
        """The table's content in reading order: its rows as data, and the contents of its layout rows one by one."""
        items, run = list(self.before.items), list[_Row]()
        for row, is_layout in zip(self.rows, self._layout_rows(), strict=True):
            if not is_layout:
                run.append(row)
                continue
            items += _as_items(run)
            run = []
            items += [item for cell in row.cells for item in cell.items]
        return items + _as_items(run)

    def _layout_rows(self) -> list[bool]:
        """The rows that are layout: those around a table of several rows, and those around a whole article."""
        if self._is_layout:
            return [True] * len(self.rows)
        found = [
            any(isinstance(item, _Grid) and item.row_count > 1 for cell in row.cells for item in cell.items)
            for row in self.rows
        ]
        cells = [cell for row in self.rows for cell in row.cells]
        if len(cells) <= 12 and not any(found):
            lengths = [len(cell.text()) for cell in cells]
            found = [any(_is_article(cell, sum(lengths)) for cell in row.cells) for row in self.rows]
        return found


def _is_article(cell: _Cell, whole: int) -> bool:
    """Whether a cell holds nearly all of a table's text, in many lines."""
    length = len(cell.text())
    return len(cell.items) >= 10 and length >= 600 and 4 * length >= 3 * whole


def _as_items(rows: list[_Row]) -> list[_Item]:
    """Rows of data as a grid; as lines where something is printed in one column only."""
    grid = _place(rows)
    if grid.printed_cols > 1:
        return [grid]
    return [item for row in rows for cell in row.cells for item in cell.items]


def _place(rows: list[_Row]) -> _Grid:
    """The cells at their rows and columns.

    A span ends at the end of its group of rows or of the free columns, so that no two cells share a place. Rows and
    columns in which no cell begins, and empty last columns, are left out; an empty column before others is kept, so that
    these keep their places where the table continues one above it.
    """
    last = {row.group: number for number, row in enumerate(rows)}
    free: list[int] = []
    placed: list[tuple[int, int, int, int, _Cell]] = []
    area = 0
    for row_no, row in enumerate(rows):
        col = 0
        for cell in row.cells:
            while col < len(free) and free[col] > row_no:
                col += 1
            most = last[row.group] - row_no + 1
            height = min(cell.row_span or most, most)
            width = 1
            while width < cell.col_span and (col + width >= len(free) or free[col + width] <= row_no):
                width += 1
            free += [0] * (col + width - len(free))
            free[col : col + width] = [row_no + height] * width
            placed.append((row_no, col, height, width, cell))
            area += width
            check_cells(area)
            col += width
    texts = [each[4].text() for each in placed]
    row_at = _ranks({each[0] for each in placed}, len(rows))
    printed = {each[1] for each, text in zip(placed, texts, strict=True) if text}
    last_col = max(printed, default=-1)
    col_at = _ranks({each[1] for each in placed if each[1] <= last_col}, len(free))
    cells = [
        (row_at[row], col_at[col], row_at[row + height] - row_at[row], max(1, col_at[col + width] - col_at[col]), text, cell.line_no)
        for (row, col, height, width, cell), text in zip(placed, texts, strict=True)
        if text or col_at[col + width] > col_at[col]
    ]  # fmt: skip
    return _Grid(cells, row_at[-1], col_at[-1], len(printed))


def _ranks(used: set[int], count: int) -> list[int]:
    """Per position up to ``count``: the number of used positions before it."""
    ranks = [0]
    for position in range(count):
        ranks.append(ranks[-1] + (position in used))
    return ranks


class _Reader:
    """Walks a parsed page once; ``_flows`` and ``_frames`` are the open cells and tables, the innermost last.

    ``_cells`` holds for the page and for each open table the element of its open cell, if one is open.
    """

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._flows = [_Flow()]
        self._frames: list[_Frame] = []
        self._cells: list[etree._Element | None] = [None]
        self._open = Counter[str]()
        self._lists: list[int] = []
        self._marker = ""
        self._edges: list[float] | None = None
        """The edges of the columns with which the last page whose text is placed ended."""

    def read(self, root: etree._Element, pages: Pages) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        depth = 0
        for event, element in walk:
            if event == "start":
                depth += 1
                if depth > _DEEPEST:
                    why = f"elements are nested more than {_DEEPEST} deep"
                    raise DocumentError(Reason.CONTENT_TOO_LARGE, why)
                if _is_unseen(element):
                    walk.skip_subtree()
                else:
                    self._start(element.tag, element)
                    if element.tag == "pre" and self._add_aligned(element):
                        walk.skip_subtree()
                        continue
                    self._text(element.text, element)
                    if element in pages:
                        self._add_page(pages[element])
                        walk.skip_subtree()
            else:
                depth -= 1
                if not _is_unseen(element):
                    self._end(element.tag, element)
                self._text(element.tail, element)
        self._flow.end_line()
        return list(self._blocks(self._flows[0].items))

    def _add_aligned(self, element: etree._Element) -> bool:
        """Take preformatted text in which blanks align the columns of tables; False where it holds none."""
        first = self._line(element)
        lines = list(enumerate("".join(element.itertext()).splitlines(), first))
        tables = aligned_tables([lines], str.strip)
        read_to = 0
        for number, line in lines if tables else ():
            if number in tables:
                read_to, table = tables[number]
                self._flow.items.append(_grid(table, 1))
            elif number > read_to and line.strip():
                self._flow.items.append(_Line(_BLANK.sub(" ", line).strip(), number, False))
        return bool(tables)

    def _add_page(self, pieces: list[Piece]) -> None:
        """Take a page whose text is placed piece by piece."""
        self._end_line()
        page = arrange(pieces, self._edges)
        self._edges = page.edges
        for item in page.items:
            if isinstance(item, PlacedLine):
                self._flow.items.append(_Line(item.text, self._first_line + item.line_no - 1, False))
                continue
            self._flow.items.append(_grid(item, self._first_line))

    @property
    def _flow(self) -> _Flow:
        """Where text belongs: the innermost cell or the page, or the text before the table that is open in it."""
        return self._frames[-1].before if self._frames and self._cells[-1] is None else self._flows[-1]

    def _start(self, tag: str, element: etree._Element) -> None:
        if _BLOCK.fullmatch(tag):
            self._end_line()
        self._count(tag, element, 1)
        in_table = bool(self._frames) and self._cells[-1] is None
        if tag == "table":
            self._frames.append(_Frame(element.get("role", "").lower() in ("presentation", "none")))
            self._cells.append(None)
        elif in_table and tag in ("td", "th"):
            self._flows.append(_Flow())
            self._cells[-1] = element
        elif in_table and tag in ("thead", "tbody", "tfoot"):
            self._frames[-1].start_group()
        elif in_table and tag == "tr":
            self._frames[-1].start_row()
        elif tag == "ol":
            self._lists.append(_number(element.get("start"), 1))
        elif tag == "li" and self._lists and element.getparent().tag == "ol":
            self._marker = f"{self._lists[-1]}. "
            self._lists[-1] += 1

    def _end(self, tag: str, element: etree._Element) -> None:
        if _BLOCK.fullmatch(tag):
            self._end_line()
        self._count(tag, element, -1)
        if tag == "table":
            frame = self._frames.pop()
            self._cells.pop()
            frame.before.end_line()
            self._flow.items.extend(frame.items())
        elif self._cells[-1] is element:
            self._cells[-1] = None
            height, width = _number(element.get("rowspan"), 1), _number(element.get("colspan"), 1)
            height, width = min(height, _MOST_SPAN[0]), min(max(1, width), _MOST_SPAN[1])
            self._frames[-1].add(_Cell(self._flows.pop().items, height, width, self._line(element)))
        elif tag == "tr" and self._frames and self._cells[-1] is None:
            self._frames[-1].end_row()
        elif tag == "ol":
            self._lists.pop()
        elif tag == "li":
            self._marker = ""

    def _count(self, tag: str, element: etree._Element, step: int) -> None:
        """Keep count of the open elements that change how their text is read."""
        href = element.get("href") or "" if tag == "a" else ""
        if href and "#" not in href and not _FILE.search(href):
            self._open["link"] += step
        elif _HEADING.fullmatch(tag):
            self._open["heading"] += step
        if tag == "pre" or _PRESERVED.search(element.get("style", "")):
            self._open["preserved"] += step

    def _text(self, text: str | None, element: etree._Element) -> None:
        if not text:
            return
        if self._marker and text.strip():
            text, self._marker = self._marker + text.lstrip(), ""
        for number, part in enumerate(re.split(r"\r\n?|\n", text) if self._open["preserved"] else [text]):
            if number:
                self._end_line()
            self._flow.add(part, self._line(element) + number, self._open["link"] > 0)

    def _end_line(self) -> None:
        self._flow.end_line(self._open["heading"] > 0)

    def _line(self, element: etree._Element) -> int:
        return (element.sourceline or 1) + self._first_line - 1

    def _blocks(self, items: list[_Item]) -> Iterator[Block]:
        lines = Counter[int]()
        area = 0
        number = 0
        for item in items:
            if isinstance(item, _Grid):
                number += 1
                area += item.row_count * item.col_count
                check_cells(area)
                yield _table(item, number)
            elif not item.is_navigation:
                number += 1
                lines[item.line_no] += 1
                count = lines[item.line_no]
                ref = f"L{item.line_no}" + (f"s{count}" if count > 1 else "")
                yield TextLine(item.text, ref=ref, line_no=item.line_no)


def _grid(table: Table | PlacedGrid, first_line: int) -> _Grid:
    """A table that only places make; its lines are counted from ``first_line``."""
    cells = [
        (cell.row, cell.col, cell.row_span, cell.col_span, cell.text, first_line + (cell.line_no or 1) - 1)
        for cell in table.cells
    ]
    return _Grid(cells, table.row_count, table.col_count, len({cell.col for cell in table.cells}))


def _table(grid: _Grid, number: int) -> Table:
    cells = [
        Cell(text, row, col, f"L{line_no}t{number}r{row + 1}c{col + 1}", height, width, line_no)
        for row, col, height, width, text, line_no in grid.cells
    ]
    return Table(cells, grid.row_count, grid.col_count, has_spans=True)


def _is_unseen(element: etree._Element) -> bool:
    """Whether an element is hidden, or shows what is not part of the page's own text."""
    if (
        _UNSEEN.fullmatch(element.tag)
        or element.get("hidden") is not None
        or element.get("role") == "navigation"
    ):
        return True
    return bool(_NOT_SHOWN.search(element.get("style", "")))


def _number(value: str | None, default: int) -> int:
    """The whole number in an attribute; the default where there is none."""
    found = re.match(r"\s*(\d{1,9})", value or "", re.ASCII)
    return int(found.group(1)) if found else default

"""DOCX -> lines and tables in reading order. Knows Word's parts, numbering, merges and marks; nothing about budgets.

It reads what Word prints in the body: automatic numbers, results of fields, insertions, text boxes (after the
paragraph that anchors them) and footnotes (after the block that refers to them). Field codes, deletions, hidden text,
headers and footers are left out. The file does not say where pages end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lxml import etree

from ingest.config import LIMITS
from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.paragraphs import item_level
from ingest.outcomes import DocumentError, Reason
from ingest.readers.office.numbering import Numbering
from ingest.readers.office.package import Package, attribute, child, children, is_on, local, value_of
from ingest.readers.plain.reader import TabbedRow, tabbed_tables

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNPRINTED = frozenset(
    (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "tblGrid", "customXmlPr", "smartTagPr"),
        *("del", "delText", "moveFrom", "instrText", "delInstrText", "fldData", "annotationRef", "rt"),
    )
)
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {
    "symbol": {
        0xA3: "≤",
        0xB3: "≥",
        0xB1: "±",
        0xB4: "×",
        0xB8: "÷",
        0xB9: "≠",
        0xBB: "≈",
        0xB0: "°",
        0xB7: "·",
    },
    "wingdings": {
        0x6C: "●",
        0x6E: "■",
        0x6F: "□",
        0x75: "◆",
        0xA1: "○",
        0xA8: "□",
        0xFC: "√",
        0xFE: "☑",
        0xD8: "➢",
    },
    "wingdings 2": {0x50: "√", 0x52: "☑", 0xA3: "□", 0x2A: "□"},
}
_UNKNOWN_GLYPH = "\ufffd"
_LEAST_COLUMN = 120
"""Twentieths of a point: a narrower column that no cell occupies alone is a misalignment of a table's rules."""
_CONTENTS_ENTRY = re.compile(r"[^\t]++\t\s*+(?:[-—]\s*+)?\d{1,4}\s*+(?:[-—]\s*+)?")


@dataclass(slots=True)
class _Paragraph:
    text: str
    is_contents: bool = False


@dataclass(slots=True)
class _Slot:
    """One cell of a table as Word stores it; ``is_below``: it continues the cell above."""

    col: int
    span: int
    is_below: bool
    story: list[_Paragraph | _Grid]


@dataclass(slots=True)
class _Grid:
    rows: list[list[_Slot]]
    widths: list[int] = field(default_factory=list)


_Story = list[_Paragraph | _Grid]


def read_docx(data: bytes) -> Document:
    """The body of a Word document as lines and tables; merged cells are known, pages are not.

    Raises DocumentError: OFFICE_DAMAGED, OFFICE_ENCRYPTED, OFFICE_MACRO, CONTENT_TOO_LARGE, or NO_CONTENT where
    nothing is printed.
    """
    package = Package(data)
    try:
        parser = _Parser(package)
        printed = _stored_text(parser.root)
        story = parser.body()
        blocks = _Printer().blocks(story)
    except RecursionError as error:
        raise DocumentError(Reason.OFFICE_DAMAGED, "the document's parts are nested too deeply") from error
    if not blocks:
        raise DocumentError(Reason.NO_CONTENT, "the Word document prints no text")
    return Document(MEDIA_TYPE, blocks, printed={None: printed})


def _stored_text(body: etree._Element) -> str:
    """The texts that the body stores, one line per paragraph, hidden text too, without deleted, moved and repeated ones."""
    parts = []
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        name = local(element)
        if name in ("del", "moveFrom", "Fallback"):
            walk.skip_subtree()
        elif name == "t":
            parts.append(element.text or "")
        elif name in ("p", "tab", "br", "cr"):
            parts.append("\n")
    return "".join(parts)


class _Parser:
    """Word's parts -> the story: paragraphs as printed, and tables of stories."""

    def __init__(self, package: Package) -> None:
        main = package.main_part("wordprocessingml.(?:document|template)", "word/document.xml")
        root = package.xml(main)
        body = child(root, "body")
        if body is None:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"the container has no Word body ({main})")
        parts = dict(package.related(main).values())

        def part(kind: str) -> etree._Element | None:
            return package.xml(parts.get(kind) or f"{main.rpartition('/')[0]}/{kind}.xml")

        self.root = body
        self._styles = _Styles(part("styles"))
        self._numbering = Numbering(part("numbering"))
        self._notes = {
            (reference, attribute(each, "id")): each
            for reference, kind in (("footnoteReference", "footnotes"), ("endnoteReference", "endnotes"))
            for each in children(part(kind))
        }
        self._due: list[etree._Element] = []
        self._fields: list[str] = []
        self._cell_count = 0

    def body(self) -> _Story:
        """The story of the document's body."""
        return self._story(self.root, is_body=True)

    def _story(self, parent: etree._Element, is_body: bool = False) -> _Story:
        story: _Story = []
        cut = ""
        for element in _blocks_in(parent):
            if local(element) == "tbl":
                story.append(self._grid(element))
            else:
                paragraph, boxes = self._paragraph(element)
                paragraph.text = cut + paragraph.text
                cut = ""
                if _is_mark_deleted(element):
                    cut = paragraph.text
                else:
                    story.append(paragraph)
                for box in boxes:
                    story.extend(self._story(box))
            while is_body and self._due:
                story.extend(self._story(self._due.pop(0)))
        if cut:
            story.append(_Paragraph(cut))
        return story

    def _paragraph(self, element: etree._Element) -> tuple[_Paragraph, list[etree._Element]]:
        """A paragraph as printed, and the text boxes that it anchors."""
        properties = child(element, "pPr")
        chain = self._styles.chain(value_of(properties, "pStyle"), "paragraph")
        parts: list[str] = []
        boxes: list[etree._Element] = []
        self._print(element, chain, parts, boxes)
        self._fields = [state for state in self._fields if state != "code"]
        text = "".join(parts)
        if text.strip():
            text = self._number(properties, chain) + text
        is_contents = any((value_of(style, "name") or "").lower().startswith("toc") for style in chain)
        return _Paragraph(text, is_contents), boxes

    def _print(
        self,
        parent: etree._Element,
        chain: list[etree._Element],
        parts: list[str],
        boxes: list[etree._Element],
    ) -> None:
        for element in parent:
            name = local(element)
            if name in _UNPRINTED:
                continue
            if name == "r" and self._styles.is_hidden(child(element, "rPr"), chain):
                self._follow_fields(element)
            elif name == "t":
                self._add(parts, element.text or "")
            elif name in _PLAIN:
                self._add(parts, _PLAIN[name])
            elif name == "sym":
                self._add(parts, _symbol(element))
            elif name == "fldChar":
                self._turn_field(attribute(element, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                note = self._notes.pop((name, attribute(element, "id")), None)
                if note is not None:
                    self._due.append(note)
            elif name == "txbxContent":
                boxes.append(element)
            elif name == "AlternateContent":
                chosen = _alternative(element)
                if chosen is not None:
                    self._print(chosen, chain, parts, boxes)
            elif name != "tbl":
                self._print(element, chain, parts, boxes)

    def _add(self, parts: list[str], text: str) -> None:
        if "code" not in self._fields:
            parts.append(text)

    def _follow_fields(self, run: etree._Element) -> None:
        """Keep count of the fields that begin and end in hidden text."""
        for element in run:
            if local(element) == "fldChar":
                self._turn_field(attribute(element, "fldCharType"))

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append("code")
        elif kind == "separate" and self._fields:
            self._fields[-1] = "result"
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _number(self, properties: etree._Element | None, chain: list[etree._Element]) -> str:
        """The automatic number before a paragraph: its own, else its style's."""
        own = child(properties, "numPr")
        num_id, depth = value_of(own, "numId"), value_of(own, "ilvl")
        for style in chain:
            if num_id is not None:
                break
            told = child(child(style, "pPr"), "numPr")
            num_id = value_of(told, "numId")
            depth = depth or value_of(told, "ilvl")
        if num_id is None:
            return ""
        if depth is None:
            names = (attribute(style, "styleId") or "" for style in chain)
            levels = (self._numbering.style_levels.get((num_id, name)) for name in names)
            return self._numbering.next(num_id, next((level for level in levels if level is not None), 0))
        return self._numbering.next(num_id, _count(depth, -1))

    def _grid(self, table: etree._Element) -> _Grid:
        rows = []
        width = 0
        for row in _inside(table, "tr"):
            properties = child(row, "trPr")
            if is_on(properties, "hidden") or child(properties, "del") is not None:
                continue
            slots: list[_Slot] = []
            col = _count(value_of(properties, "gridBefore"), 0)
            for cell in _inside(row, "tc"):
                about = child(cell, "tcPr")
                if child(about, "cellDel") is not None:
                    continue
                span = _count(value_of(about, "gridSpan"), 1)
                merge, across = child(about, "vMerge"), child(about, "hMerge")
                if across is not None and attribute(across, "val") != "restart" and slots:
                    slots[-1].span += span
                else:
                    is_below = merge is not None and attribute(merge, "val") != "restart"
                    slots.append(_Slot(col, span, is_below, self._story(cell)))
                col += span
            rows.append(slots)
            width = max(width, col)
        self._cell_count += width * len(rows)
        if self._cell_count > LIMITS.cells:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE, f"the document's tables have more than {LIMITS.cells} cells"
            )
        columns = [
            _count(attribute(each, "w"), 0)
            for each in children(child(table, "tblGrid"))
            if local(each) == "gridCol"
        ]
        return _Grid(rows, columns)


class _Styles:
    """Styles by name, each with the styles that it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = [each for each in children(root) if local(each) == "style"]
        self._styles = {attribute(each, "styleId"): each for each in elements}
        self._default = {
            attribute(each, "type"): attribute(each, "styleId")
            for each in elements
            if attribute(each, "default") in ("1", "true", "on")
        }
        self._defaults = child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")

    def chain(self, name: str | None, kind: str) -> list[etree._Element]:
        """A style and those that it is based on, nearest first; the kind's default where none is named."""
        chain: list[etree._Element] = []
        name = name if name in self._styles else self._default.get(kind)
        while name in self._styles and self._styles[name] not in chain:
            chain.append(self._styles[name])
            name = value_of(chain[-1], "basedOn")
        return chain

    def is_hidden(self, properties: etree._Element | None, paragraph: list[etree._Element]) -> bool:
        """Whether a run is hidden text: by itself, its character style, or its paragraph's style."""
        own = is_on(properties, "vanish")
        if own is not None:
            return own
        style = value_of(properties, "rStyle")
        styles = [*(self.chain(style, "character") if style else ()), *paragraph]
        told = (is_on(child(each, "rPr"), "vanish") for each in styles)
        return bool(next((hidden for hidden in told if hidden is not None), is_on(self._defaults, "vanish")))


def _blocks_in(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a story, those inside content controls and insertions too."""
    for element in parent:
        name = local(element)
        if name in ("p", "tbl"):
            yield element
        elif name == "AlternateContent":
            chosen = _alternative(element)
            if chosen is not None:
                yield from _blocks_in(chosen)
        elif name not in _UNPRINTED:
            yield from _blocks_in(element)


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or cells of a row, those inside content controls too."""
    for element in parent:
        if local(element) == name:
            yield element
        elif local(element) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(element, name)


def _alternative(element: etree._Element) -> etree._Element | None:
    """The one of several alternatives that is read: the first that holds text, else the first."""
    return next(
        (each for each in element if any(local(inner) == "t" for inner in each.iter())),
        element[0] if len(element) else None,
    )


def _is_mark_deleted(paragraph: etree._Element) -> bool:
    return child(child(child(paragraph, "pPr"), "rPr"), "del") is not None


def _symbol(element: etree._Element) -> str:
    font, code = (attribute(element, "font") or "").lower(), attribute(element, "char") or ""
    if not re.fullmatch(r"[0-9A-Fa-f]{2,4}", code):
        return _UNKNOWN_GLYPH
    point = int(code, 16)
    is_private = 0xE000 <= point <= 0xF8FF
    if is_private or font in _SYMBOLS:
        return _SYMBOLS.get(font, {}).get(point & 0xFF, _UNKNOWN_GLYPH)
    return chr(point)


def _count(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default


class _Printer:
    """A story -> blocks with their places: ``b12`` is the body's line 12 (a table's rows count), ``t3r2c1`` a cell."""

    def __init__(self) -> None:
        self._line_no = 0
        self._table_no = 0
        self._blocks: list[Block] = []
        self._run: list[tuple[int, str]] = []
        self._blank = 0

    def blocks(self, story: _Story) -> list[Block]:
        """The story's blocks in reading order."""
        self._print(story)
        self._end_run()
        return self._blocks

    def _print(self, story: _Story) -> None:
        for part in story:
            if isinstance(part, _Grid):
                self._print_table(part)
                continue
            for text in part.text.split("\n"):
                self._line_no += 1
                self._print_line(text, part.is_contents)

    def _print_line(self, text: str, is_contents: bool) -> None:
        """Add a line, or one more row of a table that is set with tabs."""
        if "\t" in text and not is_contents:
            self._run.append((self._line_no, text))
        elif text.strip():
            self._end_run()
            self._add_line(self._line_no, text)

    def _add_line(self, number: int, text: str) -> None:
        if text.strip():
            self._blocks.append(TextLine(text.strip(), ref=f"b{number}", line_no=number))

    def _end_run(self) -> None:
        run, self._run = self._run, []
        if not _is_tabbed_table(run):
            for number, text in run:
                for part in _parts(text):
                    self._add_line(number, part)
            return
        rows = [
            TabbedRow(
                [part.strip() for part in text.split("\t")], number, bool(at) and number - run[at - 1][0] > 1
            )
            for at, (number, text) in enumerate(run)
        ]
        self._blocks.extend(tabbed_tables(rows, "b"))

    def _print_table(self, grid: _Grid) -> None:
        if _is_frame(grid):
            for row in grid.rows:
                for slot in row:
                    if not slot.is_below:
                        self._print(slot.story)
            return
        self._end_run()
        self._line_no += len(grid.rows)
        cells = _cells(grid, self._table_no + 1)
        if not any(cell.text for cell in cells):
            return
        self._table_no += 1
        col_count = max(cell.col + cell.col_span for cell in cells)
        has_spans = any(cell.row_span > 1 or cell.col_span > 1 for cell in cells)
        self._blocks.append(Table(cells, len(grid.rows), col_count, has_spans=has_spans))


def _is_tabbed_table(run: list[tuple[int, str]]) -> bool:
    """Whether lines with tabs are a table's rows: at least two, and not a list of contents, indents, single page heads, or headings
    and sentences alone.
    """
    rows = [[part for part in text.split("\t") if part.strip()] for _, text in run]
    if len(rows) < 2 or all(_CONTENTS_ENTRY.fullmatch(text.strip()) for _, text in run):
        return False
    if all("。" in part or item_level(part.strip()) is not None for row in rows for part in row):
        return False
    if any(len(row) > 1 for row in rows):
        return sum(1 for row in rows if len(row) > 1) * 2 >= len(rows)
    gaps = [after - number for (number, _), (after, _) in pairwise(run)]
    return any(gap == 1 for gap in gaps) and any(gap > 1 for gap in gaps)


def _parts(text: str) -> list[str]:
    """The lines of a text in which tabs stand for line breaks: each that begins an item (``一、``) is a line."""
    parts: list[str] = []
    for part in text.split("\t"):
        if not parts or item_level(part.strip()) is not None:
            parts.append(part)
        else:
            parts[-1] += f"\t{part}"
    return parts


def _is_frame(grid: _Grid) -> bool:
    """Whether a table only arranges text: it has one column, or the tables in its cells hold most of its text."""
    if len({slot.col for row in grid.rows for slot in row}) < 2:
        return True
    inner = sum(
        _length([part]) for row in grid.rows for slot in row for part in slot.story if isinstance(part, _Grid)
    )
    return inner > 0 and 2 * inner >= sum(_length(slot.story) for row in grid.rows for slot in row)


def _length(story: _Story) -> int:
    return len("".join(_text(story).split()))


def _text(story: _Story) -> str:
    """A story as a cell's text: one line per paragraph and per row of a table inside."""
    lines = []
    for part in story:
        if isinstance(part, _Paragraph):
            lines.append(part.text.strip())
        else:
            lines += [" ".join(filter(None, (_text(slot.story) for slot in row))) for row in part.rows]
    return "\n".join(line for line in lines if line)


def _cells(grid: _Grid, table_no: int) -> list[Cell]:
    """The cells of a table; a cell that is merged downwards counts once, and misaligned rules are aligned."""
    column_of = _columns(grid)
    cells: list[Cell] = []
    open_cells: dict[int, int] = {}
    for row_no, row in enumerate(grid.rows):
        still_open: dict[int, int] = {}
        for slot in row:
            col = column_of[slot.col]
            span = max(1, column_of[slot.col + slot.span] - col)
            above = open_cells.get(col)
            if slot.is_below and above is not None:
                cells[above] = replace(cells[above], row_span=row_no - cells[above].row + 1)
                still_open[col] = above
                continue
            still_open[col] = len(cells)
            ref = f"t{table_no}r{row_no + 1}c{col + 1}"
            cells.append(Cell(_text(slot.story), row_no, col, ref, col_span=span))
        open_cells = still_open
    return cells


def _columns(grid: _Grid) -> list[int]:
    """The printed column of each of the table's stored columns, and of the edge after the last."""
    slots = [slot for row in grid.rows for slot in row]
    width = max((slot.col + slot.span for slot in slots), default=0)
    stored = grid.widths + [_LEAST_COLUMN] * (width - len(grid.widths))
    alone = {
        at
        for slot in slots
        if all(stored[place] < _LEAST_COLUMN for place in range(slot.col, slot.col + slot.span))
        for at in range(slot.col, slot.col + slot.span)
    }
    columns, col = [], 0
    for at in range(width):
        columns.append(col)
        if stored[at] >= _LEAST_COLUMN or at in alone:
            col += 1
    return [*columns, col]
